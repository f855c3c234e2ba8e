package cayley

import (
	"context"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/query/shape"
)

// pageRows is Cayley's Page that counts rows. Cayley skips nodes and limits
// rows, and a look-up in Cayley's page treats the first nodes that were looked
// up as the page.
type pageRows struct{ shape.Page }

// BuildIterator builds a page of the rows of an iterator.
func (s pageRows) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	return &pageRowsIterator{inexactSizeIterator{s.From.BuildIterator(qs)}, s.Page}
}

// Optimize leaves the shape as it is.
func (s pageRows) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return s, false }

// pageRowsIterator iterates over a page of the rows of an iterator.
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

// pageRowsScanner walks rows: each path to a node is a result of its own.
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

// nextRow moves to the next path to the same node, or to the next node.
func (p *pageRowsScanner) nextRow(ctx context.Context) bool {
	if p.begun && p.Scanner.NextPath(ctx) {
		return true
	}
	p.begun = p.Scanner.Next(ctx)
	return p.begun
}

func (p *pageRowsScanner) NextPath(context.Context) bool { return false }
