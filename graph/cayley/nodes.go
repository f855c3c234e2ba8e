package cayley

import (
	"context"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/query/shape"
)

// termsInRange is the shape of the terms in a range.
type termsInRange struct{ want termRange }

// BuildIterator builds a scan of the dictionary if qs is, or embeds, a
// QuadStore.
func (n termsInRange) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	if of, ok := qs.(quadStoreHolder); ok {
		return &nodesIterator{qs: of.quadStore(), want: n.want}
	}
	return rangeFilter(n).BuildIterator(qs, qs.NodesAllIterator())
}

// Optimize passes the shape to the optimizer.
func (n termsInRange) Optimize(ctx context.Context, r shape.Optimizer) (shape.Shape, bool) {
	if r != nil {
		return r.OptimizeShape(ctx, n)
	}
	return n, false
}

// nodesIterator iterates over all terms, or over the terms in a range.
type nodesIterator struct {
	noSubIterators
	qs   *QuadStore
	want termRange

	counted *iterator.Costs // of a range, kept since the planner asks many times
}

func (n *nodesIterator) String() string { return "nodes" }

func (n *nodesIterator) Optimize(context.Context) (iterator.Shape, bool) { return n, false }

// Stats counts a range once. The size is exact only if the state cannot change.
func (n *nodesIterator) Stats(context.Context) (iterator.Costs, error) {
	if n.counted != nil {
		return *n.counted, nil
	}
	var size int64
	var price prices
	exact := true
	err := n.qs.read(func(r Reader) (err error) {
		price = pricesOf(r)
		if n.want.All() {
			size, _, err = r.Sizes()
		} else {
			size, exact, err = r.CountTerms(n.want.Interval)
		}
		return err
	})
	out, err := costs(price.next, price.lookup, size, err)
	out.Size.Exact = exact && err == nil
	if !n.want.All() && err == nil {
		out.Size.Exact = out.Size.Exact && !n.qs.live
		n.counted = &out
	}
	return out, err
}

func (n *nodesIterator) Iterate() iterator.Scanner {
	return &nodesScanner{iteratorBase: newIteratorBase(n.qs), want: n.want.Interval}
}

func (n *nodesIterator) Lookup() iterator.Index { return &nodesIndex{shape: n} }

// nodesScanner walks terms, block by block.
type nodesScanner struct {
	iteratorBase
	want  Interval
	next  func(context.Context) ([]uint64, error) // nil before the first block
	block []uint64
}

func (n *nodesScanner) Next(ctx context.Context) bool {
	if !n.resume(ctx) {
		return false
	}
	if n.next == nil {
		n.next = n.reader.ScanTerms(n.want)
	}
	if len(n.block) == 0 {
		var err error
		if n.block, err = n.next(contextOrBackground(ctx)); err != nil || len(n.block) == 0 {
			return n.finish(err)
		}
	}
	n.result, n.block = nodeRef(n.block[0]), n.block[1:]
	return true
}

// nodesIndex looks up whether a term is stored and in the range.
type nodesIndex struct {
	iteratorBase
	shape *nodesIterator
}

func (n *nodesIndex) Contains(ctx context.Context, ref cgraph.Ref) bool {
	if n.reader == nil && n.err == nil {
		n.iteratorBase = newIteratorBase(n.shape.qs)
	}
	if !n.resume(ctx) {
		return false
	}
	id, err := idOfRef(n.reader, ref)
	if err != nil || id == 0 {
		n.err = err
		return false
	}
	term, err := n.reader.Term(id)
	if err != nil || term == nil || !n.shape.want.contains(term) {
		n.err = err
		return false
	}
	n.result = ref
	return true
}
