package cayley

import (
	"context"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/query/shape"
)

// filtered is Cayley's Filter that knows what it was asked for: Cayley's forgets
// it, and columns for the node stay empty.
type filtered struct{ shape.Filter }

// BuildIterator builds that of the filter.
func (f filtered) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	return filteredShape{f.Filter.BuildIterator(qs)}
}

// Optimize leaves the shape as it is.
func (f filtered) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return f, false }

type filteredShape struct{ iterator.Shape }

func (f filteredShape) Optimize(ctx context.Context) (iterator.Shape, bool) {
	it, changed := f.Shape.Optimize(ctx)
	return filteredShape{it}, changed
}

func (f filteredShape) Lookup() iterator.Index { return &filteredIndex{Index: f.Shape.Lookup()} }

type filteredIndex struct {
	iterator.Index
	node cgraph.Ref
}

func (f *filteredIndex) Contains(ctx context.Context, ref cgraph.Ref) bool {
	f.node = nil
	if !f.Index.Contains(ctx, ref) {
		return false
	}
	f.node = ref
	return true
}

func (f *filteredIndex) Result() cgraph.Ref { return f.node }
