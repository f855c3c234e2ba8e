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

// intersection is Cayley's Intersect and IntersectOpt with all rows. A node that
// is found in two ways on one side and in two on the other has four rows, of
// which Cayley gives three.
type intersection struct{ Sub, Opt []shape.Shape }

func intersect(sub, opt []shape.Shape) shape.Shape {
	if len(sub) == 1 {
		if only, ok := sub[0].(intersection); ok {
			return intersection{only.Sub, slices.Concat(only.Opt, opt)}
		}
	}
	return intersection{sub, opt}
}

// BuildIterator builds those of the parts.
func (s intersection) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	var parts, optional []iterator.Shape
	for _, part := range s.Sub {
		parts = append(parts, part.BuildIterator(qs))
	}
	for _, part := range s.Opt {
		optional = append(optional, part.BuildIterator(qs))
	}
	return atMostIterator{meeting(parts, optional)}
}

// Optimize leaves the shape as it is.
func (s intersection) Optimize(ctx context.Context, r shape.Optimizer) (shape.Shape, bool) {
	return s, false
}

// meet plans as Cayley's And does, and walks by itself.
type meet struct {
	*iterator.And
	optional int // how many of the last parts are optional
}

func meeting(parts, optional []iterator.Shape) iterator.Shape {
	if len(parts) == 1 && len(optional) == 0 {
		return parts[0]
	}
	and := iterator.NewAnd(parts...)
	for _, it := range optional {
		and.AddOptionalIterator(it)
	}
	return &meet{and, len(optional)}
}

func (m *meet) Optimize(ctx context.Context) (iterator.Shape, bool) {
	it, _ := m.And.Optimize(ctx)
	if and, ok := it.(*iterator.And); ok {
		return &meet{and, m.optional}, true
	}
	return it, true
}

func (m *meet) parts() (parts, optional []iterator.Shape) {
	all := m.SubIterators()
	n := len(all) - m.optional
	return all[:n], all[n:]
}

func (m *meet) Iterate() iterator.Scanner {
	parts, optional := m.parts()
	return &meetScanner{parts[0].Iterate(), newMeetIndex(parts[1:], optional)}
}

// Lookup asks the part first that answers at the least cost.
func (m *meet) Lookup() iterator.Index {
	parts, optional := m.parts()
	type priced struct {
		iterator.Shape
		cost int64
	}
	var order []priced
	for _, part := range parts {
		c, _ := part.Stats(context.Background()) // a guess is good enough
		order = append(order, priced{part, c.ContainsCost})
	}
	slices.SortStableFunc(order, func(a, b priced) int { return cmp.Compare(a.cost, b.cost) })
	parts = nil
	for _, part := range order {
		parts = append(parts, part.Shape)
	}
	return newMeetIndex(parts, optional)
}

// meetScanner walks one part and asks the others.
type meetScanner struct {
	iterator.Scanner
	rest *meetIndex
}

func (m *meetScanner) Next(ctx context.Context) bool {
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

// NextPath gives all ways of the others for each way of the walked part.
func (m *meetScanner) NextPath(ctx context.Context) bool {
	if m.rest.NextPath(ctx) {
		return true
	}
	return m.rest.Err() == nil && m.Scanner.NextPath(ctx) && m.rest.Contains(ctx, m.Scanner.Result())
}

func (m *meetScanner) TagResults(dst map[string]cgraph.Ref) {
	m.Scanner.TagResults(dst)
	m.rest.TagResults(dst)
}

func (m *meetScanner) Err() error   { return cmp.Or(m.Scanner.Err(), m.rest.Err()) }
func (m *meetScanner) Close() error { return errors.Join(m.Scanner.Close(), m.rest.Close()) }

// meetIndex asks all parts for a node.
type meetIndex struct {
	parts, optional []iterator.Index
	here            []iterator.Index // those that have the node
	node            cgraph.Ref
}

func newMeetIndex(parts, optional []iterator.Shape) *meetIndex {
	m := &meetIndex{}
	for _, part := range parts {
		m.parts = append(m.parts, part.Lookup())
	}
	for _, part := range optional {
		m.optional = append(m.optional, part.Lookup())
	}
	return m
}

func (m *meetIndex) Contains(ctx context.Context, ref cgraph.Ref) bool {
	m.node = nil
	for _, part := range m.parts {
		if !part.Contains(ctx, ref) {
			return false
		}
	}
	m.node, m.here = ref, append(m.here[:0], m.parts...)
	for _, part := range m.optional {
		if part.Contains(ctx, ref) {
			m.here = append(m.here, part)
		}
	}
	return true
}

// NextPath goes on in the first part that has another way to the node, and sets
// those before it back to their first.
func (m *meetIndex) NextPath(ctx context.Context) bool {
	if m.node == nil {
		return false
	}
	for i, part := range m.here {
		if part.NextPath(ctx) {
			for _, before := range m.here[:i] {
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

func (m *meetIndex) TagResults(dst map[string]cgraph.Ref) {
	for _, part := range m.here {
		part.TagResults(dst)
	}
}

func (m *meetIndex) Result() cgraph.Ref { return m.node }
func (m *meetIndex) String() string     { return "Meet" }

func (m *meetIndex) Err() error {
	for _, all := range [][]iterator.Index{m.parts, m.optional} {
		for _, part := range all {
			if err := part.Err(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *meetIndex) Close() error {
	var errs []error
	for _, part := range slices.Concat(m.parts, m.optional) {
		errs = append(errs, part.Close())
	}
	return errors.Join(errs...)
}
