package store

import (
	"context"
	"fmt"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/quad"
)

// linksShape is one part of each quad that matches a pattern, and tags for
// other parts: Cayley's QuadsAction in one scan.
type linksShape struct {
	leaf
	src  source
	want pattern
	part int
	save [4][]string
}

func (l *linksShape) String() string {
	return fmt.Sprintf("%vs of %s", quad.Directions[l.part], describe(l.src, l.want))
}

func (l *linksShape) Optimize(context.Context) (iterator.Shape, bool) { return l, false }

func (l *linksShape) Stats(ctx context.Context) (iterator.Costs, error) {
	var n int64
	err := with(l.src, func(s *Snapshot) (err error) { n, err = s.size(orBackground(ctx), l.want); return err })
	out, err := costs(n, err)
	for _, tags := range l.save {
		out.Size.Exact = out.Size.Exact && len(tags) == 0 // accepts may pass over some
	}
	out.ContainsCost = 3
	return out, err
}

// accepts reports whether a quad has all parts that are asked for.
func (l *linksShape) accepts(t tuple) bool {
	for i, tags := range l.save {
		if len(tags) > 0 && t[i] == 0 {
			return false
		}
	}
	return t[l.part] != 0
}

func (l *linksShape) Iterate() iterator.Scanner {
	r := open(l.src)
	return &links{reader: r, shape: l, want: l.want}
}

func (l *linksShape) Lookup() iterator.Index {
	return &linksIndex{links{shape: l}}
}

// links walks the quads that match a pattern.
type links struct {
	reader
	shape *linksShape
	want  pattern
	scan  scan
	begun bool
	quad  tuple
}

func (l *links) Next(ctx context.Context) bool {
	if !l.ready(ctx) {
		return false
	}
	if l.step() {
		return true
	}
	return l.finish(nil)
}

func (l *links) step() bool {
	if !l.begun {
		l.begun = true
		if l.scan, l.err = l.snapshot.view.scan(l.want); l.err != nil {
			return false
		}
	}
	for {
		t, ok, err := l.scan.next()
		if err != nil || !ok {
			l.err = err
			return false
		}
		if l.shape.accepts(t) {
			l.quad, l.result = t, nodeRef(t[l.shape.part])
			return true
		}
	}
}

func (l *links) TagResults(dst map[string]graph.Ref) {
	if l.result == nil {
		return
	}
	for i, tags := range l.shape.save {
		for _, tag := range tags {
			dst[tag] = nodeRef(l.quad[i])
		}
	}
}

// linksIndex finds the quads of one node; each is a path to it.
type linksIndex struct{ links }

func (l *linksIndex) Contains(ctx context.Context, ref graph.Ref) bool {
	if l.snapshot == nil && l.err == nil {
		l.reader = open(l.shape.src)
	}
	l.begun = false
	if !l.ready(ctx) {
		return false
	}
	id, err := l.snapshot.view.idOfRef(ref)
	fixed := l.shape.want[l.shape.part]
	if err != nil || id == 0 || fixed != 0 && fixed != id {
		l.err = err
		return false
	}
	l.want = l.shape.want
	l.want[l.shape.part] = id
	return l.step()
}

// NextPath goes to the next quad of the same node. Without one the last stays:
// its tags are asked for again while other iterators go on.
func (l *linksIndex) NextPath(ctx context.Context) bool {
	if !l.begun || l.result == nil {
		return false
	}
	return l.running(ctx) && l.step()
}
