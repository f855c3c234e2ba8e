package cayley

import (
	"context"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/cayley/query/shape"
)

// someRows is Cayley's Page over rows. Cayley skips nodes and limits rows, and where
// it asks a page for a node it takes the first nodes that it asks for as the
// page.
type someRows struct{ shape.Page }

// BuildIterator builds that of the rows.
func (s someRows) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	return &someShape{atMostIterator{s.From.BuildIterator(qs)}, s.Page}
}

// Optimize leaves the shape as it is.
func (s someRows) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return s, false }

type someShape struct {
	iterator.Shape
	of shape.Page
}

func (p *someShape) Optimize(ctx context.Context) (iterator.Shape, bool) {
	it, changed := p.Shape.Optimize(ctx)
	return &someShape{it, p.of}, changed
}

func (p *someShape) Stats(ctx context.Context) (iterator.Costs, error) {
	costs, err := p.Shape.Stats(ctx)
	if p.of.Limit > 0 {
		costs.Size.Value = min(costs.Size.Value, p.of.Limit)
	}
	return costs, err
}

func (p *someShape) String() string { return "Page" }

func (p *someShape) Iterate() iterator.Scanner {
	return &someScanner{Scanner: p.Shape.Iterate(), skip: p.of.Skip, limit: p.of.Limit}
}

func (p *someShape) Lookup() iterator.Index { return &kept{from: p.Iterate()} }

// someScanner walks rows.
type someScanner struct {
	iterator.Scanner
	begun              bool
	skip, limit, given int64
}

func (p *someScanner) Next(ctx context.Context) bool {
	for ; p.skip > 0; p.skip-- {
		if !p.row(ctx) {
			return false
		}
	}
	if p.limit > 0 && p.given == p.limit || !p.row(ctx) {
		return false
	}
	p.given++
	return true
}

func (p *someScanner) row(ctx context.Context) bool {
	if p.begun && p.Scanner.NextPath(ctx) {
		return true
	}
	p.begun = p.Scanner.Next(ctx)
	return p.begun
}

func (p *someScanner) NextPath(context.Context) bool { return false }

// kept looks nodes up in the rows of an iterator.
type kept struct {
	from iterator.Scanner
	all  map[any][]row // nil before they were read
	firstRow
	err error
}

func (k *kept) Contains(ctx context.Context, ref cgraph.Ref) bool {
	if k.all == nil && k.err == nil {
		k.read(ctx)
	}
	k.rows = k.all[refs.ToKey(ref)]
	return k.err == nil && len(k.rows) > 0
}

func (k *kept) read(ctx context.Context) {
	k.all = make(map[any][]row)
	all, err := rows(ctx, k.from)
	for _, r := range all {
		key := refs.ToKey(r.ref)
		k.all[key] = append(k.all[key], r)
	}
	k.err = err
}

func (k *kept) NextPath(context.Context) bool {
	if len(k.rows) < 2 {
		return false
	}
	k.rows = k.rows[1:]
	return true
}

func (k *kept) Err() error     { return k.err }
func (k *kept) Close() error   { return k.from.Close() }
func (k *kept) String() string { return "Kept" }
