package cayley

import (
	"context"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/query/shape"
)

// untagged hides the columns of a shape, and the other ways to its nodes.
type untagged struct{ shape.Shape }

// BuildIterator builds that of the shape.
func (u untagged) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	return untaggedShape{u.Shape.BuildIterator(qs)}
}

// Optimize leaves the shape as it is.
func (u untagged) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return u, false }

type untaggedShape struct{ iterator.Shape }

func (u untaggedShape) Optimize(ctx context.Context) (iterator.Shape, bool) {
	it, changed := u.Shape.Optimize(ctx)
	return untaggedShape{it}, changed
}

func (u untaggedShape) Iterate() iterator.Scanner { return untaggedScanner{u.Shape.Iterate()} }
func (u untaggedShape) Lookup() iterator.Index    { return untaggedIndex{u.Shape.Lookup()} }

type untaggedScanner struct{ iterator.Scanner }

func (untaggedScanner) TagResults(map[string]cgraph.Ref) {}
func (untaggedScanner) NextPath(context.Context) bool    { return false }

type untaggedIndex struct{ iterator.Index }

func (untaggedIndex) TagResults(map[string]cgraph.Ref) {}
func (untaggedIndex) NextPath(context.Context) bool    { return false }
