package cayley

import (
	"context"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/query/shape"
	"github.com/cayleygraph/quad"
)

// dropMissingLabels keeps Cayley from returning the label of a quad without one.
func dropMissingLabels(sh shape.NodesFrom) (shape.Shape, bool) {
	if sh.Dir != quad.Label {
		return sh, false
	}
	return labelsOnly{sh}, true
}

// labelsOnly is the shape of the labels of quads, without quads that have no
// label.
type labelsOnly struct{ shape.NodesFrom }

// BuildIterator builds an iterator that skips missing labels.
func (l labelsOnly) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	return &labelsOnlyIterator{l.NodesFrom.BuildIterator(qs)}
}

// Optimize leaves the shape as it is.
func (l labelsOnly) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return l, false }

// labelsOnlyIterator is an iterator over labels that skips missing ones.
type labelsOnlyIterator struct{ iterator.Shape }

func (l *labelsOnlyIterator) Optimize(ctx context.Context) (iterator.Shape, bool) {
	it, changed := l.Shape.Optimize(ctx)
	return &labelsOnlyIterator{it}, changed
}

func (l *labelsOnlyIterator) Iterate() iterator.Scanner { return &labelsOnlyScanner{l.Shape.Iterate()} }

// labelsOnlyScanner skips missing labels.
type labelsOnlyScanner struct{ iterator.Scanner }

func (l *labelsOnlyScanner) Next(ctx context.Context) bool {
	for l.Scanner.Next(ctx) {
		if l.Result() != nil {
			return true
		}
	}
	return false
}
