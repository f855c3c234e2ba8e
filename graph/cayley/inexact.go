package cayley

import (
	"context"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/query/shape"
)

// inexactSize is a shape whose size is a bound. Cayley takes the smallest of what it
// intersects, where that is exact, for the exact size of the intersection, and
// counts without looking.
type inexactSize struct{ shape.Shape }

// BuildIterator builds that of the shape, and bounds it.
func (a inexactSize) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	return inexactSizeIterator{a.Shape.BuildIterator(qs)}
}

// Optimize leaves the shape as it is.
func (a inexactSize) Optimize(ctx context.Context, r shape.Optimizer) (shape.Shape, bool) {
	if r != nil {
		return r.OptimizeShape(ctx, a)
	}
	return a, false
}

type inexactSizeIterator struct{ iterator.Shape }

// Stats are those of the iterator, its size not exact. What is left of many where
// many are taken away is less than nothing to Cayley, which then divides by it.
func (a inexactSizeIterator) Stats(ctx context.Context) (iterator.Costs, error) {
	costs, err := a.Shape.Stats(ctx)
	costs.Size.Exact = false
	costs.Size.Value = max(costs.Size.Value, 0)
	return costs, err
}

// Optimize optimizes what is bounded.
func (a inexactSizeIterator) Optimize(ctx context.Context) (iterator.Shape, bool) {
	it, changed := a.Shape.Optimize(ctx)
	return inexactSizeIterator{it}, changed
}
