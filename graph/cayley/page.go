package cayley

import (
	"context"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/cayley/query/shape"
)

// pageRows is Cayley's Page over rows. Cayley skips nodes and limits rows, and where
// it asks a page for a node it takes the first nodes that it asks for as the
// page.
type pageRows struct{ shape.Page }

// BuildIterator builds that of the rows.
func (s pageRows) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	return &pageRowsIterator{inexactSizeIterator{s.From.BuildIterator(qs)}, s.Page}
}

// Optimize leaves the shape as it is.
func (s pageRows) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return s, false }

type pageRowsIterator struct {
	iterator.Shape
	page shape.Page
}

func (p *pageRowsIterator) Optimize(ctx context.Context) (iterator.Shape, bool) {
	it, changed := p.Shape.Optimize(ctx)
	return &pageRowsIterator{it, p.page}, changed
}

func (p *pageRowsIterator) Stats(ctx context.Context) (iterator.Costs, error) {
	costs, err := p.Shape.Stats(ctx)
	if p.page.Limit > 0 {
		costs.Size.Value = min(costs.Size.Value, p.page.Limit)
	}
	return costs, err
}

func (p *pageRowsIterator) String() string { return "Page" }

func (p *pageRowsIterator) Iterate() iterator.Scanner {
	return &pageRowsScanner{Scanner: p.Shape.Iterate(), skip: p.page.Skip, limit: p.page.Limit}
}

func (p *pageRowsIterator) Lookup() iterator.Index { return &rowsIndex{scanner: p.Iterate()} }

// pageRowsScanner walks rows.
type pageRowsScanner struct {
	iterator.Scanner
	begun                 bool
	skip, limit, returned int64
}

func (p *pageRowsScanner) Next(ctx context.Context) bool {
	for ; p.skip > 0; p.skip-- {
		if !p.nextRow(ctx) {
			return false
		}
	}
	if p.limit > 0 && p.returned == p.limit || !p.nextRow(ctx) {
		return false
	}
	p.returned++
	return true
}

func (p *pageRowsScanner) nextRow(ctx context.Context) bool {
	if p.begun && p.Scanner.NextPath(ctx) {
		return true
	}
	p.begun = p.Scanner.Next(ctx)
	return p.begun
}

func (p *pageRowsScanner) NextPath(context.Context) bool { return false }

// rowsIndex looks nodes up in the rows of an iterator.
type rowsIndex struct {
	scanner iterator.Scanner
	byNode  map[any][]row // nil before they were read
	firstRow
	err error
}

func (k *rowsIndex) Contains(ctx context.Context, ref cgraph.Ref) bool {
	if k.byNode == nil && k.err == nil {
		k.read(ctx)
	}
	k.rows = k.byNode[refs.ToKey(ref)]
	return k.err == nil && len(k.rows) > 0
}

func (k *rowsIndex) read(ctx context.Context) {
	k.byNode = make(map[any][]row)
	all, err := collectRows(ctx, k.scanner)
	for _, r := range all {
		key := refs.ToKey(r.ref)
		k.byNode[key] = append(k.byNode[key], r)
	}
	k.err = err
}

func (k *rowsIndex) NextPath(context.Context) bool {
	if len(k.rows) < 2 {
		return false
	}
	k.rows = k.rows[1:]
	return true
}

func (k *rowsIndex) Err() error     { return k.err }
func (k *rowsIndex) Close() error   { return k.scanner.Close() }
func (k *rowsIndex) String() string { return "Rows" }
