package cayley

import (
	"context"
	"fmt"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/cayley/query/shape"
	"github.com/cayleygraph/quad"
)

// quadParts is the shape of one part of each quad that matches a pattern, with
// tags for other parts.
type quadParts struct {
	want   pattern
	part   int
	save   [4][]string
	Action shape.QuadsAction // this shape as Cayley's own
}

// scanQuadParts turns a QuadsAction of Cayley into one scan.
func scanQuadParts(qs *QuadStore, a shape.QuadsAction) (shape.Shape, bool) {
	l := quadParts{part: placeOf(a.Result), Action: a}
	if l.part < 0 {
		return a, false
	}
	for d, ref := range a.Filter {
		id, err := qs.idOf(ref)
		if err != nil || placeOf(d) < 0 {
			return a, false
		}
		if id == 0 {
			return nil, true
		}
		l.want[placeOf(d)] = id
	}
	for d, tags := range a.Save {
		if placeOf(d) < 0 {
			return a, false
		}
		l.save[placeOf(d)] = tags
	}
	return l, true
}

// BuildIterator builds a scan of one index if qs is, or embeds, a QuadStore.
func (l quadParts) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	if of, ok := qs.(quadStoreHolder); ok {
		return &quadPartsIterator{qs: of.quadStore(), want: l.want, part: l.part, save: l.save}
	}
	return l.Action.BuildIterator(qs)
}

// Optimize passes the shape to the optimizer.
func (l quadParts) Optimize(ctx context.Context, r shape.Optimizer) (shape.Shape, bool) {
	if r != nil {
		return r.OptimizeShape(ctx, l)
	}
	return l, false
}

// countQuadParts answers a count without a scan, unless the state may change
// before the answer is used.
func countQuadParts(ctx context.Context, qs *QuadStore, c shape.Count) (shape.Shape, bool) {
	l, ok := c.Values.(quadParts)
	if !ok || qs.live || len(l.Action.Save) > 0 || l.part == placeOf(quad.Label) && l.want[l.part] == 0 {
		return c, false
	}
	n, _, err := qs.countMatches(ctx, l.want)
	if err != nil {
		return c, false
	}
	return shape.Fixed{refs.PreFetched(quad.Int(n))}, true
}

// quadPartsIterator iterates over one part of each quad that matches a pattern,
// with tags for other parts.
type quadPartsIterator struct {
	noSubIterators
	qs   *QuadStore
	want pattern
	part int
	save [4][]string
}

func (l *quadPartsIterator) String() string {
	return fmt.Sprintf("%vs of %s", quad.Directions[l.part], describePattern(l.qs, l.want))
}

func (l *quadPartsIterator) Optimize(context.Context) (iterator.Shape, bool) { return l, false }

func (l *quadPartsIterator) Stats(ctx context.Context) (iterator.Costs, error) {
	n, price, err := l.qs.countMatches(ctx, l.want)
	out, err := costs(price.next, price.scan, n, err)
	for _, tags := range l.save {
		out.Size.Exact = out.Size.Exact && len(tags) == 0 // hasParts may skip some
	}
	return out, err
}

// hasParts reports whether a quad has all parts that are asked for: a label may
// be missing.
func (l *quadPartsIterator) hasParts(t IDs) bool {
	for i, tags := range l.save {
		if len(tags) > 0 && t[i] == 0 {
			return false
		}
	}
	return t[l.part] != 0
}

func (l *quadPartsIterator) Iterate() iterator.Scanner {
	return &quadPartsScanner{iteratorBase: newIteratorBase(l.qs), shape: l, want: l.want}
}

func (l *quadPartsIterator) Lookup() iterator.Index {
	return &quadPartsIndex{quadPartsScanner{shape: l}}
}

// quadPartsScanner walks the quads that match a pattern.
type quadPartsScanner struct {
	iteratorBase
	shape *quadPartsIterator
	want  pattern
	scan  Scan
	begun bool
	block []IDs // the quads after the current one
	quad  IDs
}

func (l *quadPartsScanner) Next(ctx context.Context) bool {
	if !l.resume(ctx) {
		return false
	}
	if l.step(ctx) {
		return true
	}
	l.endScan()
	return l.finish(nil)
}

// Close also drops the rest of the block.
func (l *quadPartsScanner) Close() error {
	l.endScan()
	return l.iteratorBase.Close()
}

// endScan keeps the scan for reuse, and drops the rest of its last block.
func (l *quadPartsScanner) endScan() {
	l.shape.qs.keepScan(l.scan)
	l.scan, l.block, l.begun = nil, nil, false
}

// step moves to the next quad that has all parts.
func (l *quadPartsScanner) step(ctx context.Context) bool {
	if !l.begun {
		if l.scan == nil {
			l.scan = l.shape.qs.newScan(l.reader)
		}
		l.scan.Begin(IDs(l.want))
		l.begun, l.block = true, nil
	}
	for {
		if len(l.block) == 0 {
			if l.block, l.err = l.scan.Next(contextOrBackground(ctx)); l.err != nil || len(l.block) == 0 {
				return false
			}
		}
		t := l.block[0]
		l.block = l.block[1:]
		if l.shape.hasParts(t) {
			l.quad, l.result = t, nodeRef(t[l.shape.part])
			return true
		}
	}
}

func (l *quadPartsScanner) TagResults(dst map[string]cgraph.Ref) {
	if l.result == nil {
		return
	}
	for i, tags := range l.shape.save {
		for _, tag := range tags {
			dst[tag] = nodeRef(l.quad[i])
		}
	}
}

// quadPartsIndex looks up the quads of one node; each quad is a path to the
// node.
type quadPartsIndex struct{ quadPartsScanner }

func (l *quadPartsIndex) Contains(ctx context.Context, ref cgraph.Ref) bool {
	if l.reader == nil && l.err == nil {
		l.iteratorBase = newIteratorBase(l.shape.qs)
	}
	l.begun = false
	if !l.resume(ctx) {
		return false
	}
	id, err := idOfRef(l.reader, ref)
	fixed := l.shape.want[l.shape.part]
	if err != nil || id == 0 || fixed != 0 && fixed != id {
		l.err = err
		return false
	}
	l.want = l.shape.want
	l.want[l.shape.part] = id
	return l.step(ctx)
}

// NextPath moves to the next quad of the same node. At the end the last quad
// stays current: Cayley asks for its tags again while other iterators go on.
func (l *quadPartsIndex) NextPath(ctx context.Context) bool {
	if !l.begun || l.result == nil {
		return false
	}
	return l.running(ctx) && l.step(ctx)
}
