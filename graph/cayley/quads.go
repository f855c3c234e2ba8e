package cayley

import (
	"context"
	"fmt"
	"strings"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/query/shape"
	"github.com/cayleygraph/quad"
)

// matchingQuads is the shape of the quads that match a pattern.
type matchingQuads struct{ want pattern }

// BuildIterator builds a scan of one index if qs is, or embeds, a QuadStore.
func (q matchingQuads) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	if of, ok := qs.(quadStoreHolder); ok {
		return &quadsIterator{qs: of.quadStore(), want: q.want}
	}
	var parts []iterator.Shape
	for i, id := range q.want {
		if id != 0 {
			parts = append(parts, qs.QuadIterator(quad.Directions[i], nodeRef(id)))
		}
	}
	return iterator.NewAnd(parts...)
}

// Optimize passes the shape to the optimizer.
func (q matchingQuads) Optimize(ctx context.Context, r shape.Optimizer) (shape.Shape, bool) {
	if r != nil {
		return r.OptimizeShape(ctx, q)
	}
	return q, false
}

// quadsIterator iterates over the quads that match a pattern.
type quadsIterator struct {
	noSubIterators
	qs   *QuadStore
	want pattern
}

func (q *quadsIterator) String() string { return describePattern(q.qs, q.want) }

// describePattern returns a pattern in words, such as "quads with subject <a>,
// label <b>".
func describePattern(qs *QuadStore, p pattern) string {
	var parts []string
	_ = qs.read(func(r Reader) error { // a term that cannot be read is shown by its id
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

func (q *quadsIterator) Iterate() iterator.Scanner {
	return &quadsScanner{iteratorBase: newIteratorBase(q.qs), qs: q.qs, want: q.want}
}

// restart begins a scan of other quads, with the memory of the one before, which has
// ended.
func (q *quadsScanner) restart(want pattern) {
	q.iteratorBase, q.want = newIteratorBase(q.qs), want
}

func (q *quadsIterator) Lookup() iterator.Index { return &quadsIndex{shape: q} }

// quadsScanner walks the quads that match a pattern, block by block.
type quadsScanner struct {
	iteratorBase
	qs      *QuadStore
	want    pattern
	scan    Scan // nil before the first block and after the end
	block   []IDs
	at      int // index in block after the current result
	refs    []packedIDs
	lastRef int // the value of at when the last ref was made
}

func (q *quadsScanner) Next(ctx context.Context) bool {
	if q.at < len(q.block) && q.at%16 != 0 { // check ctx only once in 16 quads
		q.at++
		return true
	}
	if !q.running(ctx) {
		q.forget()
		return false
	}
	if q.at == len(q.block) && !q.load(ctx) {
		q.endScan()
		return q.finish(nil)
	}
	q.at++
	return true
}

// Result returns a ref, whose memory it shares with other refs of the block.
func (q *quadsScanner) Result() cgraph.Ref {
	switch {
	case q.at == 0:
		return nil
	case q.lastRef == q.at:
		return quadRef{&q.refs[len(q.refs)-1]}
	case len(q.refs) == cap(q.refs):
		q.refs = make([]packedIDs, 0, min(max(len(q.block)-q.at+1, 2*cap(q.refs)), maxRefs))
	}
	q.refs = q.refs[:len(q.refs)+1]
	last := &q.refs[len(q.refs)-1]
	last.set(&q.block[q.at-1])
	q.lastRef = q.at
	return quadRef{last}
}

// maxRefs is the number of refs that are allocated at a time: one ref that stays
// in use keeps all of them in memory.
const maxRefs = 102

// Close also drops the rest of the block.
func (q *quadsScanner) Close() error {
	q.forget()
	q.endScan()
	return q.iteratorBase.Close()
}

// endScan keeps the scan for reuse; its last block is no longer used.
func (q *quadsScanner) endScan() {
	q.qs.keepScan(q.scan)
	q.scan = nil
}

func (q *quadsScanner) forget() { q.block, q.at, q.lastRef = nil, 0, 0 }

// load reads the next block and reports whether it has quads.
func (q *quadsScanner) load(ctx context.Context) bool {
	if q.scan == nil {
		q.scan = q.qs.newScan(q.reader)
		q.scan.Begin(IDs(q.want))
	}
	q.forget()
	q.block, q.err = q.scan.Next(contextOrBackground(ctx))
	return q.err == nil && len(q.block) > 0
}

// quadsIndex compares a ref with the pattern and reads nothing if the pattern
// fixes any part: refs of quads come from the same store.
type quadsIndex struct {
	iteratorBase
	shape *quadsIterator
}

func (q *quadsIndex) Contains(ctx context.Context, ref cgraph.Ref) bool {
	if q.reader == nil && q.err == nil {
		q.iteratorBase = newIteratorBase(q.shape.qs)
	}
	t, ok := ref.(quadRef)
	if !q.resume(ctx) || !ok || !q.shape.want.matches(t.ids.ids()) {
		return false
	}
	if q.shape.want == (pattern{}) {
		if ok, q.err = q.reader.HasIDs(t.ids.ids()); !ok {
			return false
		}
	}
	q.result = ref
	return true
}
