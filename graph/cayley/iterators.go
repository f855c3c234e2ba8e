package cayley

import (
	"context"
	"errors"
	"fmt"
	"strings"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/quad"
)

// iteration is what all iterators have in common: the state that they read, the
// error and the current result.
type iteration struct {
	from    Reader // nil at the end
	release func() error
	result  cgraph.Ref
	err     error
}

// begin opens the state.
func begin(qs *QuadStore) iteration {
	var r iteration
	r.from, r.release, r.err = qs.open()
	return r
}

// ready forgets the result and reports whether the iterator may go on.
func (r *iteration) ready(ctx context.Context) bool {
	r.result = nil
	return r.running(ctx)
}

// running reports whether there was no error; the end of ctx is one.
func (r *iteration) running(ctx context.Context) bool {
	if r.err == nil && ctx != nil && ctx.Err() != nil {
		r.err = ctx.Err()
		if why := context.Cause(ctx); !errors.Is(why, r.err) {
			r.err = errors.Join(r.err, why)
		}
	}
	return r.err == nil && r.from != nil
}

// finish lets go of the state: an iterator that is at its end may never be
// closed.
func (r *iteration) finish(err error) bool {
	r.err = errors.Join(r.err, err)
	r.Close()
	return false
}

func (r *iteration) Close() error {
	if r.from == nil {
		return nil
	}
	r.from = nil
	return r.release()
}

func (r *iteration) Err() error                       { return r.err }
func (r *iteration) Result() cgraph.Ref               { return r.result }
func (r *iteration) NextPath(context.Context) bool    { return false }
func (r *iteration) TagResults(map[string]cgraph.Ref) {}
func (r *iteration) String() string                   { return "store" }

// noSubIterators is what all shapes have in common.
type noSubIterators struct{}

func (noSubIterators) SubIterators() []iterator.Shape { return nil }

// prices are what reading costs, relative to each other.
type prices struct{ next, lookup, scan int64 }

func pricesOf(r Reader) (p prices) {
	p.next, p.lookup, p.scan = r.Costs()
	return p
}

// countMatches counts the quads that match a pattern.
func (s *QuadStore) countMatches(ctx context.Context, p pattern) (n int64, price prices, err error) {
	err = s.read(func(r Reader) (err error) {
		price = pricesOf(r)
		n, err = r.CountIDs(orBackground(ctx), IDs(p))
		return err
	})
	return n, price, err
}

// costs are those of an iterator of so many results.
func costs(next, contains, size int64, err error) (iterator.Costs, error) {
	return iterator.Costs{NextCost: next, ContainsCost: contains, Size: refs.Size{Value: size, Exact: err == nil}}, err
}

// quadsIterator is the quads that match a pattern.
type quadsIterator struct {
	noSubIterators
	qs   *QuadStore
	want pattern
}

func (q *quadsIterator) String() string { return describePattern(q.qs, q.want) }

// describePattern is a pattern in words: quads with subject <a>, label <b>.
func describePattern(qs *QuadStore, p pattern) string {
	var parts []string
	_ = qs.read(func(r Reader) error { // what cannot be read stays a number
		for i, d := range quad.Directions {
			if p[i] == 0 {
				continue
			}
			name := fmt.Sprint(p[i])
			if v, err := r.Term(p[i]); err == nil && v != nil {
				name = v.String()
			}
			parts = append(parts, fmt.Sprintf("%v %s", d, name))
		}
		return nil
	})
	if len(parts) == 0 {
		return "all quads"
	}
	return "quads with " + strings.Join(parts, ", ")
}

func (q *quadsIterator) Optimize(context.Context) (iterator.Shape, bool) { return q, false }

func (q *quadsIterator) Stats(ctx context.Context) (iterator.Costs, error) {
	n, price, err := q.qs.countMatches(ctx, q.want)
	return costs(price.next, price.next, n, err)
}

func orBackground(ctx context.Context) context.Context {
	if ctx == nil {
		return context.Background()
	}
	return ctx
}

func (q *quadsIterator) Iterate() iterator.Scanner {
	return &quadsScanner{iteration: begin(q.qs), want: q.want}
}

func (q *quadsIterator) Lookup() iterator.Index { return &quadsIndex{shape: q} }

type quadsScanner struct {
	iteration
	want    pattern
	scan    Scan // nil before the first block
	block   []IDs
	at      int // after the result
	refs    []packedIDs
	lastRef int // the place of the last ref
}

func (q *quadsScanner) Next(ctx context.Context) bool {
	if q.at < len(q.block) && q.at%16 != 0 { // do not look at ctx each time
		q.at++
		return true
	}
	if !q.running(ctx) {
		q.forget()
		return false
	}
	if q.at == len(q.block) && !q.load(ctx) {
		return q.finish(nil)
	}
	q.at++
	return true
}

// Result returns a ref, in memory that it shares with others of the block.
func (q *quadsScanner) Result() cgraph.Ref {
	switch {
	case q.at == 0:
		return nil
	case q.lastRef == q.at:
		return quadRef{&q.refs[len(q.refs)-1]}
	case len(q.refs) == cap(q.refs):
		q.refs = make([]packedIDs, 0, min(len(q.block)-q.at+1, maxRefs))
	}
	q.refs = q.refs[:len(q.refs)+1]
	last := &q.refs[len(q.refs)-1]
	last.set(&q.block[q.at-1])
	q.lastRef = q.at
	return quadRef{last}
}

// maxRefs is for how many refs there is memory at a time: a ref that is kept
// keeps that much.
const maxRefs = 102

// Close also forgets what is left of the block.
func (q *quadsScanner) Close() error {
	q.forget()
	return q.iteration.Close()
}

func (q *quadsScanner) forget() { q.block, q.at, q.lastRef = nil, 0, 0 }

// load reads the next block.
func (q *quadsScanner) load(ctx context.Context) bool {
	if q.scan == nil {
		q.scan = q.from.NewScan()
		q.scan.Begin(IDs(q.want))
	}
	q.forget()
	q.block, q.err = q.scan.Next(orBackground(ctx))
	return q.err == nil && len(q.block) > 0
}

// quadsIndex looks at the ref alone where the pattern says enough: refs of
// quads come from the same store.
type quadsIndex struct {
	iteration
	shape *quadsIterator
}

func (q *quadsIndex) Contains(ctx context.Context, ref cgraph.Ref) bool {
	if q.from == nil && q.err == nil {
		q.iteration = begin(q.shape.qs)
	}
	t, ok := ref.(quadRef)
	if !q.ready(ctx) || !ok || !q.shape.want.matches(t.ids.ids()) {
		return false
	}
	if q.shape.want == (pattern{}) {
		if ok, q.err = q.from.HasIDs(t.ids.ids()); !ok {
			return false
		}
	}
	q.result = ref
	return true
}

// nodesIterator is all terms, or those in a range.
type nodesIterator struct {
	noSubIterators
	qs   *QuadStore
	want termRange

	counted *iterator.Costs // of a range: the planner asks many times
}

func (n *nodesIterator) String() string { return "nodes" }

func (n *nodesIterator) Optimize(context.Context) (iterator.Shape, bool) { return n, false }

// Stats counts a range once. What is counted is exact only where it cannot
// change.
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
	return &nodesScanner{iteration: begin(n.qs), want: n.want.Interval}
}

func (n *nodesIterator) Lookup() iterator.Index { return &nodesIndex{shape: n} }

type nodesScanner struct {
	iteration
	want  Interval
	next  func(context.Context) ([]uint64, error) // nil before the first block
	block []uint64
}

func (n *nodesScanner) Next(ctx context.Context) bool {
	if !n.ready(ctx) {
		return false
	}
	if n.next == nil {
		n.next = n.from.ScanTerms(n.want)
	}
	if len(n.block) == 0 {
		var err error
		if n.block, err = n.next(orBackground(ctx)); err != nil || len(n.block) == 0 {
			return n.finish(err)
		}
	}
	n.result, n.block = nodeRef(n.block[0]), n.block[1:]
	return true
}

type nodesIndex struct {
	iteration
	shape *nodesIterator
}

func (n *nodesIndex) Contains(ctx context.Context, ref cgraph.Ref) bool {
	if n.from == nil && n.err == nil {
		n.iteration = begin(n.shape.qs)
	}
	if !n.ready(ctx) {
		return false
	}
	id, err := idOfRef(n.from, ref)
	if err != nil || id == 0 {
		n.err = err
		return false
	}
	term, err := n.from.Term(id)
	if err != nil || term == nil || !n.shape.want.contains(term) {
		n.err = err
		return false
	}
	n.result = ref
	return true
}
