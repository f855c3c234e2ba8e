package graph

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// factWindow is facts whose quads are read together, in the order of the store: quads
// and terms that lie together are decoded once. Its facts are then decoded in parts.
type factWindow struct {
	subjects *store.SubjectReader
	ids      []uint64
	places   []uint32 // for each fact, its place in the order
	ends     []int    // where each part ends
	err      error
	read     chan struct{}
}

const (
	windowsTogether = 2        // one is read while the one before is decoded
	firstWindow     = 1 << 12  // how many facts the first window has, unless the first facts must be there at once
	largestWindow   = 1 << 13  // how many facts a window has at most
	windowBytes     = 12 << 20 // the size of the quads and terms of a window, of which a few windows with larger facts have twice as many
)

// reset removes all facts.
func (w *factWindow) reset() { w.ids, w.places, w.ends = w.ids[:0], w.places[:0], w.ends[:0] }

// add adds facts at one place to the last part.
func (w *factWindow) add(ids []uint64, place uint32) {
	w.ids = append(w.ids, ids...)
	for range ids {
		w.places = append(w.places, place)
	}
}

// begun returns where the last part begins.
func (w *factWindow) begun() int {
	if n := len(w.ends); n > 0 {
		return w.ends[n-1]
	}
	return 0
}

// endPart ends the last part, if it has facts.
func (w *factWindow) endPart() {
	if len(w.ids) > w.begun() {
		w.ends = append(w.ends, len(w.ids))
	}
}

// readAll reads all facts of the window. An error may be about any of them.
func (w *factWindow) readAll(ctx context.Context, evidence uint64, sizes *windowSizes) {
	w.subjects.MaxBytes(2 * windowBytes)
	w.err = w.subjects.ReadContext(ctx, w.ids, evidence)
	sizes.note(len(w.ids), w.subjects.Bytes())
}

// readPart reads the facts from one position to another in the place of all facts.
func (w *factWindow) readPart(ctx context.Context, from, to int, evidence uint64) error {
	w.subjects.MaxBytes(0)
	return w.subjects.ReadContext(ctx, w.ids[from:to], evidence)
}

// windowSizes is how many facts windows have: a few at first, and then as many as fit
// into windowBytes.
type windowSizes struct {
	next int
	most atomic.Int64 // as facts were in the window that was read last
}

func (s *windowSizes) note(facts, bytes int) {
	s.most.Store(windowBytes * int64(facts) / int64(max(bytes, 1)))
}

func (s *windowSizes) grow() {
	s.next = min(2*s.next, largestWindow)
	if most := s.most.Load(); most > 0 {
		s.next = min(s.next, int(max(most, factsPerPart)))
	}
}

// factPart is a few facts of a window, which are decoded together.
type factPart[T any] struct {
	*factFilter
	window   *factWindow
	from, to int // positions in the window
	first    int // the position of the first fact that the window has read

	quads   []quad.Quad
	entries []factEntry
	read    factTally
	result  T
	err     error
	done    chan struct{}
}

// begin makes the part the one at a position in the ends of a window.
func (p *factPart[T]) begin(w *factWindow, i int) {
	p.window, p.first, p.from, p.to = w, 0, 0, w.ends[i]
	if i > 0 {
		p.from = w.ends[i-1]
	}
	p.err, p.done = nil, make(chan struct{})
}

// run decodes the facts, and calls fn, if it is not nil, with the selected ones.
func (p *factPart[T]) run(ctx context.Context, fn func([]Selected) (T, error)) {
	if p.err == nil {
		p.err = p.readFacts(ctx)
	}
	if p.err != nil {
		return
	}
	p.sort()
	if fn != nil {
		p.result, p.err = fn(p.selected())
	}
}

// sort puts the entries in order of their places, and entries of one place by their ids.
func (p *factPart[T]) sort() {
	slices.SortFunc(p.entries, func(a, b factEntry) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.ID, b.ID))
	})
}

// selected returns the selected facts.
func (p *factPart[T]) selected() []Selected {
	list := make([]Selected, 0, len(p.entries))
	for i := range p.entries {
		if p.entries[i].verdict == counted {
			list = append(list, p.entries[i].Selected)
		}
	}
	return list
}

// readFacts decodes the facts of the part and selects.
func (p *factPart[T]) readFacts(ctx context.Context) error {
	p.entries, p.read = p.entries[:0], factTally{}
	for i := p.from; i < p.to; i++ {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		own, all := p.window.subjects.AppendQuads(p.quads[:0], i-p.first)
		p.quads = all[:0]
		if err := p.readFact(i, own, all); err != nil {
			return err
		}
	}
	return nil
}

// readFact decodes the fact at a position in the window from its own quads and from all
// quads: its own, then the quads of its evidence.
func (p *factPart[T]) readFact(i int, own, all []quad.Quad) error {
	if len(own) == 0 {
		return p.checkMissing(i) // an id that only others name
	}
	id, within := subjectOf(own[0]), schema.DecodeWithin(own)
	own, all = withoutDerived(own, all)
	if !slices.ContainsFunc(own, hasStatus) {
		return p.checkMissing(i)
	}
	fact, err := p.reader.vocabulary.DecodeFact(id, all)
	if err != nil {
		return err
	}
	fact.Within = within
	p.read.add(fact)
	return p.choose(i, fact, own)
}

func hasStatus(q quad.Quad) bool { return q.Predicate == schema.StatusTerm }

// checkMissing returns an error if the filter lists the facts and the graph does not have
// the one at a position.
func (p *factPart[T]) checkMissing(i int) error {
	if p.filter.Facts == nil {
		return nil
	}
	value, err := p.snapshot.Term(p.window.ids[i])
	if err != nil {
		return err
	}
	return fmt.Errorf("%w: %s", ErrNotFound, quad.ToString(value))
}

// choose keeps a fact that the filter selects or reports.
func (p *factPart[T]) choose(i int, fact schema.Fact, own []quad.Quad) error {
	verdict, err := p.verdict(fact, own)
	if err != nil || verdict == rejected {
		return err
	}
	entry := factEntry{Selected: Selected{Fact: fact, id: p.window.ids[i]}, verdict: verdict, place: p.window.places[i]}
	if verdict == counted {
		entry.Through = p.through(fact)
	}
	p.entries = append(p.entries, entry)
	return nil
}
