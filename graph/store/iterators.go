package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/rdf"
)

// reader is what all iterators have in common: the snapshot, the error and the
// current result.
type reader struct {
	snapshot *Snapshot
	release  func() error
	result   graph.Ref
	err      error
}

// open takes the snapshot.
func open(src source) reader {
	var r reader
	r.snapshot, r.release, r.err = src.acquire()
	return r
}

// ready forgets the result and reports whether the iterator may go on.
func (r *reader) ready(ctx context.Context) bool {
	r.result = nil
	return r.running(ctx)
}

// running reports whether there was no error; the end of ctx is one.
func (r *reader) running(ctx context.Context) bool {
	if r.err == nil && ctx != nil && ctx.Err() != nil {
		r.err = ctx.Err()
		if why := context.Cause(ctx); !errors.Is(why, r.err) {
			r.err = errors.Join(r.err, why)
		}
	}
	return r.err == nil && r.snapshot != nil
}

// finish lets go of the snapshot: an iterator that is at its end may never be
// closed.
func (r *reader) finish(err error) bool {
	r.err = errors.Join(r.err, err)
	r.Close()
	return false
}

func (r *reader) Close() error {
	if r.snapshot == nil {
		return nil
	}
	r.snapshot = nil
	return r.release()
}

func (r *reader) Err() error                      { return r.err }
func (r *reader) Result() graph.Ref               { return r.result }
func (r *reader) NextPath(context.Context) bool   { return false }
func (r *reader) TagResults(map[string]graph.Ref) {}
func (r *reader) String() string                  { return "store" }

// leaf is what all shapes have in common.
type leaf struct{}

func (leaf) SubIterators() []iterator.Shape { return nil }

// costs are those of a scan: a lookup costs about as much as ten steps.
func costs(size int64, err error) (iterator.Costs, error) {
	return iterator.Costs{NextCost: 1, ContainsCost: 1, Size: refs.Size{Value: size, Exact: err == nil}}, err
}

// quadsShape is the quads that match a pattern.
type quadsShape struct {
	leaf
	src  source
	want pattern
}

func (q *quadsShape) String() string { return describe(q.src, q.want) }

// describe is a pattern in words: quads with subject <a>, label <b>.
func describe(src source, p pattern) string {
	var parts []string
	_ = with(src, func(s *Snapshot) error { // what cannot be read stays a number
		for i, d := range quad.Directions {
			if p[i] == 0 {
				continue
			}
			name := fmt.Sprint(p[i])
			if v, err := s.view.value(p[i]); err == nil && v != nil {
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
	var n int64
	err := with(q.src, func(s *Snapshot) (err error) { n, err = s.size(orBackground(ctx), q.want); return err })
	return costs(n, err)
}

func orBackground(ctx context.Context) context.Context {
	if ctx == nil {
		return context.Background()
	}
	return ctx
}

func (q *quadsShape) Iterate() iterator.Scanner {
	return &quadsScanner{reader: open(q.src), want: q.want}
}

func (q *quadsShape) Lookup() iterator.Index { return &quadsIndex{shape: q} }

type quadsScanner struct {
	reader
	want  pattern
	scan  scan
	begun bool
	block []tuple
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
	if q.at == len(q.block) && !q.load() {
		return q.finish(nil)
	}
	q.at++
	return true
}

// Result returns a ref, in memory that it shares with others of the block.
func (q *quadsScanner) Result() graph.Ref {
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
	return q.reader.Close()
}

func (q *quadsScanner) forget() { q.block, q.at, q.given = nil, 0, 0 }

// load reads the next block that has quads.
func (q *quadsScanner) load() bool {
	if !q.begun {
		q.begun = true
		if q.scan, q.err = q.snapshot.view.scan(q.want); q.err != nil {
			return false
		}
	}
	q.forget()
	for len(q.block) == 0 && q.err == nil && !q.scan.done {
		q.err = q.scan.load()
		q.block = q.scan.block
	}
	return q.err == nil && len(q.block) > 0
}

// quadsIndex looks at the ref alone where the pattern says enough: refs of
// quads come from the same store.
type quadsIndex struct {
	reader
	shape *quadsShape
}

func (q *quadsIndex) Contains(ctx context.Context, ref graph.Ref) bool {
	if q.snapshot == nil && q.err == nil {
		q.reader = open(q.shape.src)
	}
	t, ok := ref.(quadRef)
	if !q.ready(ctx) || !ok || !q.shape.want.Matches(t.ids.tuple()) {
		return false
	}
	if q.shape.want == (pattern{}) {
		if ok, q.err = q.snapshot.view.has(t.ids.tuple()); !ok {
			return false
		}
	}
	q.result = ref
	return true
}

// nodesShape is all terms, or those in a range.
type nodesShape struct {
	leaf
	src  source
	want *rdf.Range // nil is all

	counted *iterator.Costs // of a range: the planner asks many times
}

func (n *nodesShape) String() string { return "nodes" }

func (n *nodesShape) Optimize(context.Context) (iterator.Shape, bool) { return n, false }

// countedTerms is how many terms of a range are counted for the planner. Of more
// it learns from the index about how many there are.
const countedTerms = 1 << 8

// Stats counts a range once. What is counted is exact only where it cannot
// change.
func (n *nodesShape) Stats(context.Context) (iterator.Costs, error) {
	if n.counted != nil {
		return *n.counted, nil
	}
	size, exact := int64(0), true
	err := with(n.src, func(s *Snapshot) (err error) {
		size = s.view.state.Terms
		if n.want != nil {
			size, exact, err = s.view.rangeSize(*n.want)
		}
		return err
	})
	out, err := costs(size, err)
	out.Size.Exact = exact && err == nil
	out.ContainsCost = 2
	if n.want != nil && err == nil {
		_, changes := n.src.(*Store)
		out.Size.Exact = out.Size.Exact && !changes
		n.counted = &out
	}
	return out, err
}

// rangeSize is how many terms are in a range: exact if these are few, else from
// where the range lies in the main table.
func (v *view) rangeSize(want rdf.Range) (size int64, exact bool, err error) {
	terms := v.terms(want)
	for size < countedTerms {
		if id, err := terms.next(); err != nil || id == 0 {
			return size, true, err
		}
		size++
	}
	if v.keys == nil || v.keys.Tree == nil {
		return max(v.state.Terms/2, countedTerms), false, nil
	}
	part, r := 1.0, terms.keyRange()
	err = v.read(func() error {
		c := v.keys.Cursor()
		if r.High != nil {
			part = c.Share(r.High)
		}
		part -= c.Share(r.Low)
		return nil
	})
	return max(int64(part*float64(v.state.Terms)), countedTerms), false, err
}

func (n *nodesShape) Iterate() iterator.Scanner {
	return &nodesScanner{reader: open(n.src), want: n.want}
}

func (n *nodesShape) Lookup() iterator.Index { return &nodesIndex{shape: n} }

type nodesScanner struct {
	reader
	want *rdf.Range
	next func() (uint64, error)
}

func (n *nodesScanner) Next(ctx context.Context) bool {
	if !n.ready(ctx) {
		return false
	}
	if n.next == nil {
		if n.want != nil {
			n.next = n.snapshot.view.terms(*n.want).next
		} else {
			n.next = n.snapshot.view.allIDs()
		}
	}
	id, err := n.next()
	if err != nil || id == 0 {
		return n.finish(err)
	}
	n.result = nodeRef(id)
	return true
}

type nodesIndex struct {
	reader
	shape *nodesShape
}

func (n *nodesIndex) Contains(ctx context.Context, ref graph.Ref) bool {
	if n.snapshot == nil && n.err == nil {
		n.reader = open(n.shape.src)
	}
	if !n.ready(ctx) {
		return false
	}
	id, err := n.snapshot.view.idOfRef(ref)
	if err != nil || id == 0 {
		n.err = err
		return false
	}
	term, err := n.snapshot.view.term(id)
	if err != nil || term == nil || n.shape.want != nil && !n.shape.want.Contains(term) {
		n.err = err
		return false
	}
	n.result = ref
	return true
}

// allIDs returns a function that walks the ids of all terms; 0 is the end.
func (v *view) allIDs() func() (uint64, error) {
	var ids []uint64
	last := uint64(0)
	return func() (uint64, error) {
		if len(ids) == 0 {
			var err error
			if ids, err = v.idsAfter(ids[:0], last); err != nil || len(ids) == 0 {
				return 0, err
			}
		}
		last, ids = ids[0], ids[1:]
		return last, nil
	}
}

// idsAfter appends the ids of one block that come after last.
func (v *view) idsAfter(dst []uint64, last uint64) ([]uint64, error) {
	err := v.read(func() error {
		m := v.nameLayers().From(context.Background(), appendID(nil, last+1))
		for len(dst) == 0 {
			block, err := m.Next()
			if err != nil || len(block) == 0 {
				return err
			}
			for _, e := range block {
				if e.ID > last {
					dst = append(dst, e.ID)
				}
			}
		}
		return nil
	})
	return dst, err
}
