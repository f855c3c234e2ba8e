package cayley

import (
	"cmp"
	"context"
	"errors"
	"slices"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/query/shape"
)

// intersectAll is Cayley's Intersect and IntersectOpt with all rows. A node that
// each of two parts finds on two paths has four rows; Cayley returns three of
// them.
type intersectAll struct{ Sub, Opt []shape.Shape }

// newIntersectAll returns an intersection. An only required part that is an
// intersection is merged into it.
func newIntersectAll(sub, opt []shape.Shape) shape.Shape {
	if len(sub) == 1 {
		if only, ok := sub[0].(intersectAll); ok {
			return intersectAll{only.Sub, slices.Concat(only.Opt, opt)}
		}
	}
	return intersectAll{sub, opt}
}

// BuildIterator builds an intersection of the iterators of the parts.
func (s intersectAll) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	var parts, optional []iterator.Shape
	for _, part := range s.Sub {
		parts = append(parts, part.BuildIterator(qs))
	}
	for _, part := range s.Opt {
		optional = append(optional, part.BuildIterator(qs))
	}
	return inexactSizeIterator{newIntersectAllIterator(parts, optional)}
}

// Optimize leaves the shape as it is.
func (s intersectAll) Optimize(ctx context.Context, r shape.Optimizer) (shape.Shape, bool) {
	return s, false
}

// intersectAllIterator is planned by Cayley's And, and has a scanner and an
// index of its own.
type intersectAllIterator struct {
	*iterator.And
	optional int // how many of the last parts are optional
}

func newIntersectAllIterator(parts, optional []iterator.Shape) iterator.Shape {
	if len(parts) == 1 && len(optional) == 0 {
		return parts[0]
	}
	and := iterator.NewAnd(parts...)
	for _, it := range optional {
		and.AddOptionalIterator(it)
	}
	return &intersectAllIterator{and, len(optional)}
}

func (m *intersectAllIterator) Optimize(ctx context.Context) (iterator.Shape, bool) {
	it, _ := m.And.Optimize(ctx)
	if and, ok := it.(*iterator.And); ok {
		return &intersectAllIterator{and, m.optional}, true
	}
	return it, true
}

// parts returns the required and the optional parts.
func (m *intersectAllIterator) parts() (parts, optional []iterator.Shape) {
	all := m.SubIterators()
	n := len(all) - m.optional
	return all[:n], all[n:]
}

func (m *intersectAllIterator) Iterate() iterator.Scanner {
	parts, optional := m.parts()
	return &intersectAllScanner{parts[0].Iterate(), newIntersectAllIndex(parts[1:], optional)}
}

// Lookup returns an index that asks the parts in the order of their costs, the
// cheapest first.
func (m *intersectAllIterator) Lookup() iterator.Index {
	parts, optional := m.parts()
	type priced struct {
		iterator.Shape
		cost int64
	}
	var order []priced
	for _, part := range parts {
		c, _ := part.Stats(context.Background()) // an estimate is enough to order the parts
		order = append(order, priced{part, c.ContainsCost})
	}
	slices.SortStableFunc(order, func(a, b priced) int { return cmp.Compare(a.cost, b.cost) })
	parts = nil
	for _, part := range order {
		parts = append(parts, part.Shape)
	}
	return newIntersectAllIndex(parts, optional)
}

// intersectAllScanner walks the results of one part and looks each up in the
// other parts.
type intersectAllScanner struct {
	iterator.Scanner
	rest *intersectAllIndex
}

func (m *intersectAllScanner) Next(ctx context.Context) bool {
	for m.Scanner.Next(ctx) {
		if m.rest.Contains(ctx, m.Scanner.Result()) {
			return true
		}
		if m.rest.Err() != nil {
			return false
		}
	}
	return false
}

// NextPath combines each path of the walked part with all paths of the other
// parts.
func (m *intersectAllScanner) NextPath(ctx context.Context) bool {
	if m.rest.NextPath(ctx) {
		return true
	}
	return m.rest.Err() == nil && m.Scanner.NextPath(ctx) && m.rest.Contains(ctx, m.Scanner.Result())
}

func (m *intersectAllScanner) TagResults(dst map[string]cgraph.Ref) {
	m.Scanner.TagResults(dst)
	m.rest.TagResults(dst)
}

func (m *intersectAllScanner) Err() error   { return cmp.Or(m.Scanner.Err(), m.rest.Err()) }
func (m *intersectAllScanner) Close() error { return errors.Join(m.Scanner.Close(), m.rest.Close()) }

// intersectAllIndex looks a node up in all parts.
type intersectAllIndex struct {
	parts, optional []iterator.Index
	matched         []iterator.Index // the parts that contain the node
	node            cgraph.Ref
}

func newIntersectAllIndex(parts, optional []iterator.Shape) *intersectAllIndex {
	m := &intersectAllIndex{}
	for _, part := range parts {
		m.parts = append(m.parts, part.Lookup())
	}
	for _, part := range optional {
		m.optional = append(m.optional, part.Lookup())
	}
	return m
}

func (m *intersectAllIndex) Contains(ctx context.Context, ref cgraph.Ref) bool {
	m.node = nil
	for _, part := range m.parts {
		if !part.Contains(ctx, ref) {
			return false
		}
	}
	m.node, m.matched = ref, append(m.matched[:0], m.parts...)
	for _, part := range m.optional {
		if part.Contains(ctx, ref) {
			m.matched = append(m.matched, part)
		}
	}
	return true
}

// NextPath moves to the next path of the first part that has one, and moves the
// parts before it back to their first path.
func (m *intersectAllIndex) NextPath(ctx context.Context) bool {
	if m.node == nil {
		return false
	}
	for i, part := range m.matched {
		if part.NextPath(ctx) {
			for _, before := range m.matched[:i] {
				before.Contains(ctx, m.node)
			}
			return m.Err() == nil
		}
		if part.Err() != nil {
			return false
		}
	}
	return false
}

func (m *intersectAllIndex) TagResults(dst map[string]cgraph.Ref) {
	for _, part := range m.matched {
		part.TagResults(dst)
	}
}

func (m *intersectAllIndex) Result() cgraph.Ref { return m.node }
func (m *intersectAllIndex) String() string     { return "IntersectAll" }

func (m *intersectAllIndex) Err() error {
	for _, all := range [][]iterator.Index{m.parts, m.optional} {
		for _, part := range all {
			if err := part.Err(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *intersectAllIndex) Close() error {
	var errs []error
	for _, part := range slices.Concat(m.parts, m.optional) {
		errs = append(errs, part.Close())
	}
	return errors.Join(errs...)
}
