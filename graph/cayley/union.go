package cayley

import (
	"context"
	"errors"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/query/shape"
)

// unionAll is Cayley's Union with all rows. Cayley's index returns only the rows
// of the first part that has a node.
type unionAll struct{ shape.Union }

// BuildIterator builds a union of the iterators of the parts.
func (e unionAll) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	var parts []iterator.Shape
	for _, part := range e.Union {
		parts = append(parts, part.BuildIterator(qs))
	}
	return &unionAllIterator{iterator.NewOr(parts...)}
}

// Optimize leaves the shape as it is.
func (e unionAll) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return e, false }

// unionAllIterator is planned and walked by Cayley's Or, and has an index of its
// own.
type unionAllIterator struct{ *iterator.Or }

func (e *unionAllIterator) Optimize(ctx context.Context) (iterator.Shape, bool) {
	it, changed := e.Or.Optimize(ctx)
	if or, ok := it.(*iterator.Or); ok {
		return &unionAllIterator{or}, changed
	}
	return it, changed
}

func (e *unionAllIterator) Lookup() iterator.Index {
	index := &unionAllIndex{}
	for _, part := range e.SubIterators() {
		index.parts = append(index.parts, part.Lookup())
	}
	return index
}

// unionAllIndex looks a node up in the parts, one after the other.
type unionAllIndex struct {
	parts []iterator.Index
	at    int        // the part that has the node
	node  cgraph.Ref // nil if no part has it
}

func (e *unionAllIndex) Contains(ctx context.Context, ref cgraph.Ref) bool {
	e.node = nil
	return e.firstFrom(ctx, 0, ref)
}

// firstFrom moves to the first part, from an index on, that has the node.
func (e *unionAllIndex) firstFrom(ctx context.Context, first int, ref cgraph.Ref) bool {
	for i := first; i < len(e.parts) && e.Err() == nil; i++ {
		if e.parts[i].Contains(ctx, ref) {
			e.at, e.node = i, ref
			return true
		}
	}
	return false
}

// NextPath moves to the next path in the current part, or to the next part that
// has the node.
func (e *unionAllIndex) NextPath(ctx context.Context) bool {
	if e.node == nil {
		return false
	}
	return e.parts[e.at].NextPath(ctx) || e.firstFrom(ctx, e.at+1, e.node)
}

func (e *unionAllIndex) TagResults(dst map[string]cgraph.Ref) {
	if e.node != nil {
		e.parts[e.at].TagResults(dst)
	}
}

func (e *unionAllIndex) Result() cgraph.Ref { return e.node }
func (e *unionAllIndex) String() string     { return "UnionAll" }

func (e *unionAllIndex) Err() error {
	for _, part := range e.parts {
		if err := part.Err(); err != nil {
			return err
		}
	}
	return nil
}

func (e *unionAllIndex) Close() error {
	var errs []error
	for _, part := range e.parts {
		errs = append(errs, part.Close())
	}
	return errors.Join(errs...)
}
