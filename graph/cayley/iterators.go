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

// reading is what all iterators have in common: the state that they read, the
// error and the current result.
type reading struct {
	from    Reader // nil at the end
	release func() error
	result  cgraph.Ref
	err     error
}

// begin opens the state.
func begin(qs *QuadStore) reading {
	var r reading
	r.from, r.release, r.err = qs.open()
	return r
}

// ready forgets the result and reports whether the iterator may go on.
func (r *reading) ready(ctx context.Context) bool {
	r.result = nil
	return r.running(ctx)
}

// running reports whether there was no error; the end of ctx is one.
func (r *reading) running(ctx context.Context) bool {
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
func (r *reading) finish(err error) bool {
	r.err = errors.Join(r.err, err)
	r.Close()
	return false
}

func (r *reading) Close() error {
	if r.from == nil {
		return nil
	}
	r.from = nil
	return r.release()
}

func (r *reading) Err() error                       { return r.err }
func (r *reading) Result() cgraph.Ref               { return r.result }
func (r *reading) NextPath(context.Context) bool    { return false }
func (r *reading) TagResults(map[string]cgraph.Ref) {}
func (r *reading) String() string                   { return "store" }

// leaf is what all shapes have in common.
type leaf struct{}

func (leaf) SubIterators() []iterator.Shape { return nil }

// prices are what reading costs, relative to each other.
type prices struct{ next, lookup, scan int64 }

func pricesOf(r Reader) (p prices) {
	p.next, p.lookup, p.scan = r.Costs()
	return p
}

// sized counts the quads that match a pattern.
func (s *QuadStore) sized(ctx context.Context, p pattern) (n int64, price prices, err error) {
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

// quadsShape is the quads that match a pattern.
type quadsShape struct {
	leaf
	qs   *QuadStore
	want pattern
}

func (q *quadsShape) String() string { return describe(q.qs, q.want) }

// describe is a pattern in words: quads with subject <a>, label <b>.
func describe(qs *QuadStore, p pattern) string {
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

func (q *quadsShape) Optimize(context.Context) (iterator.Shape, bool) { return q, false }

func (q *quadsShape) Stats(ctx context.Context) (iterator.Costs, error) {
	n, price, err := q.qs.sized(ctx, q.want)
	return costs(price.next, price.next, n, err)
}

func orBackground(ctx context.Context) context.Context {
	if ctx == nil {
		return context.Background()
	}
	return ctx
}

func (q *quadsShape) Iterate() iterator.Scanner {
	return &quadsScanner{reading: begin(q.qs), want: q.want}
}

func (q *quadsShape) Lookup() iterator.Index { return &quadsIndex{shape: q} }

type quadsScanner struct {
	reading
	want  pattern
	scan  Scan // nil before the first block
	block []IDs
	at    int // after the result
	refs  []packed
	given int // the place of the last ref
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
	case q.given == q.at:
		return quadRef{&q.refs[len(q.refs)-1]}
	case len(q.refs) == cap(q.refs):
		q.refs = make([]packed, 0, min(len(q.block)-q.at+1, maxRefs))
	}
	q.refs = q.refs[:len(q.refs)+1]
	last := &q.refs[len(q.refs)-1]
	last.set(&q.block[q.at-1])
	q.given = q.at
	return quadRef{last}
}

// maxRefs is for how many refs there is memory at a time: a ref that is kept
// keeps that much.
const maxRefs = 102

// Close also forgets what is left of the block.
func (q *quadsScanner) Close() error {
	q.forget()
	return q.reading.Close()
}

func (q *quadsScanner) forget() { q.block, q.at, q.given = nil, 0, 0 }

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
	reading
	shape *quadsShape
}

func (q *quadsIndex) Contains(ctx context.Context, ref cgraph.Ref) bool {
	if q.from == nil && q.err == nil {
		q.reading = begin(q.shape.qs)
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

// nodesShape is all terms, or those in a range.
type nodesShape struct {
	leaf
	qs   *QuadStore
	want termRange

	counted *iterator.Costs // of a range: the planner asks many times
}

func (n *nodesShape) String() string { return "nodes" }

func (n *nodesShape) Optimize(context.Context) (iterator.Shape, bool) { return n, false }

// Stats counts a range once. What is counted is exact only where it cannot
// change.
func (n *nodesShape) Stats(context.Context) (iterator.Costs, error) {
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

func (n *nodesShape) Iterate() iterator.Scanner {
	return &nodesScanner{reading: begin(n.qs), want: n.want.Interval}
}

func (n *nodesShape) Lookup() iterator.Index { return &nodesIndex{shape: n} }

type nodesScanner struct {
	reading
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
	reading
	shape *nodesShape
}

func (n *nodesIndex) Contains(ctx context.Context, ref cgraph.Ref) bool {
	if n.from == nil && n.err == nil {
		n.reading = begin(n.shape.qs)
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
