package cayley

import (
	"context"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/query/shape"
)

// filterNodes is Cayley's Filter with an index that returns the node that was
// looked up: the result of Cayley's index is nil, so tags of the node stay
// empty.
type filterNodes struct{ shape.Filter }

// BuildIterator builds Cayley's filter and wraps it.
func (f filterNodes) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	return filterNodesIterator{f.Filter.BuildIterator(qs)}
}

// Optimize leaves the shape as it is.
func (f filterNodes) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return f, false }

// filterNodesIterator is Cayley's filter with an index of its own.
type filterNodesIterator struct{ iterator.Shape }

func (f filterNodesIterator) Optimize(ctx context.Context) (iterator.Shape, bool) {
	it, changed := f.Shape.Optimize(ctx)
	return filterNodesIterator{it}, changed
}

func (f filterNodesIterator) Lookup() iterator.Index {
	return &filterNodesIndex{Index: f.Shape.Lookup()}
}

// filterNodesIndex remembers the node that was looked up.
type filterNodesIndex struct {
	iterator.Index
	node cgraph.Ref
}

func (f *filterNodesIndex) Contains(ctx context.Context, ref cgraph.Ref) bool {
	f.node = nil
	if !f.Index.Contains(ctx, ref) {
		return false
	}
	f.node = ref
	return true
}

func (f *filterNodesIndex) Result() cgraph.Ref { return f.node }
