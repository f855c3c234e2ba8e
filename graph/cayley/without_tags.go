package cayley

import (
	"context"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/query/shape"
)

// withoutTags hides the tags of a shape, and all but the first path to each
// node.
type withoutTags struct{ shape.Shape }

// BuildIterator builds the iterator of the shape and wraps it.
func (u withoutTags) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	return withoutTagsIterator{u.Shape.BuildIterator(qs)}
}

// Optimize leaves the shape as it is.
func (u withoutTags) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return u, false }

type withoutTagsIterator struct{ iterator.Shape }

func (u withoutTagsIterator) Optimize(ctx context.Context) (iterator.Shape, bool) {
	it, changed := u.Shape.Optimize(ctx)
	return withoutTagsIterator{it}, changed
}

func (u withoutTagsIterator) Iterate() iterator.Scanner { return withoutTagsScanner{u.Shape.Iterate()} }
func (u withoutTagsIterator) Lookup() iterator.Index    { return withoutTagsIndex{u.Shape.Lookup()} }

type withoutTagsScanner struct{ iterator.Scanner }

func (withoutTagsScanner) TagResults(map[string]cgraph.Ref) {}
func (withoutTagsScanner) NextPath(context.Context) bool    { return false }

type withoutTagsIndex struct{ iterator.Index }

func (withoutTagsIndex) TagResults(map[string]cgraph.Ref) {}
func (withoutTagsIndex) NextPath(context.Context) bool    { return false }
