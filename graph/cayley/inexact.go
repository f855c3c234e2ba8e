package cayley

import (
	"context"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/query/shape"
)

// inexactSize is a shape whose size is not exact. Cayley uses the smallest exact
// size of the parts of an intersection as the exact size of the intersection,
// and counts by it without reading.
type inexactSize struct{ shape.Shape }

// BuildIterator builds the iterator of the shape and wraps it.
func (a inexactSize) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	return inexactSizeIterator{a.Shape.BuildIterator(qs)}
}

// Optimize passes the shape to the optimizer.
func (a inexactSize) Optimize(ctx context.Context, r shape.Optimizer) (shape.Shape, bool) {
	if r != nil {
		return r.OptimizeShape(ctx, a)
	}
	return a, false
}

// inexactSizeIterator is an iterator whose size is not exact.
type inexactSizeIterator struct{ iterator.Shape }

// Stats returns the costs of the iterator with an inexact size of at least 0.
// The size of a difference is negative in Cayley if more is excluded than there
// is, and Cayley divides by it.
func (a inexactSizeIterator) Stats(ctx context.Context) (iterator.Costs, error) {
	costs, err := a.Shape.Stats(ctx)
	costs.Size.Exact = false
	costs.Size.Value = max(costs.Size.Value, 0)
	return costs, err
}

// Optimize optimizes the wrapped iterator.
func (a inexactSizeIterator) Optimize(ctx context.Context) (iterator.Shape, bool) {
	it, changed := a.Shape.Optimize(ctx)
	return inexactSizeIterator{it}, changed
}
