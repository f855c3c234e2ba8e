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
	batch    int      // the number of the batch that the facts are of
	err      error
	read     chan struct{}
}

const (
	windowsTogether = 2        // one is read while the one before is decoded
	firstWindow     = 1 << 12  // how many facts the first window has, unless the first facts must be there at once
	largestWindow   = 1 << 12  // how many facts a window has at most
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

// factBatch is facts that follow each other by id and are read in the order of the store:
// a block of the store has facts of a few batches, but of most windows.
type factBatch struct {
	number int
	ids    []uint64
}

const (
	firstBatch   = 1 << 12
	largestBatch = 1 << placeBits
	placeBits    = 15
)

// add adds as many ids as there is room for, and returns the others.
func (b *factBatch) add(ids []uint64) (rest []uint64) {
	n := min(len(ids), b.room()-len(b.ids))
	b.ids = append(b.ids, ids[:n]...)
	return ids[n:]
}

// room returns how many facts the batch may have. The first one is small, so that it is
// there soon.
func (b *factBatch) room() int { return min(largestBatch, firstBatch<<(2*min(b.number, 8))) }

func (b *factBatch) isFull() bool { return len(b.ids) == b.room() }

// addBatch adds the facts of the batch to windows of its own, in the order of the store,
// and begins the next one. It returns false when the list must end.
func (m *factMapper[T]) addBatch(ctx context.Context) bool {
	b := &m.batch
	order := make([]uint64, len(b.ids)) // ids, each with its place
	for place, id := range b.ids {
		order[place] = id<<placeBits | uint64(place)
	}
	slices.Sort(order)
	for _, o := range order {
		place := o & (1<<placeBits - 1)
		if !m.addToWindow(ctx, factGroup{place: uint32(place), ids: b.ids[place : place+1], done: true}) {
			return false
		}
	}
	if m.window != nil && len(b.ids) > 0 {
		m.begin(ctx)
	}
	b.number, b.ids = b.number+1, b.ids[:0]
	return true
}

// batchRows puts the results for the facts of a batch in the order of their ids.
type batchRows[R any] struct {
	yield func(R) bool
	ended bool // yield has returned false
	batch int
	rows  []R
	has   []bool // the facts that have a row
}

// add adds the results of a part, and yields the rows of the batch before it, until yield
// returns false.
func (b *batchRows[R]) add(part *factPart[[]R]) bool {
	if part.window.batch != b.batch {
		if !b.flush() {
			return false
		}
		b.batch = part.window.batch
	}
	n := 0
	for i := range part.entries {
		e := &part.entries[i]
		if e.verdict != counted {
			continue
		}
		for int(e.place) >= len(b.rows) {
			b.rows, b.has = append(b.rows, make([]R, 1+len(b.rows))...), append(b.has, make([]bool, 1+len(b.has))...)
		}
		b.rows[e.place], b.has[e.place] = part.result[n], true
		n++
	}
	return true
}

// flush yields the rows of the batch until yield returns false.
func (b *batchRows[R]) flush() bool {
	for i := range b.rows {
		if b.has[i] && !b.ended {
			b.ended = !b.yield(b.rows[i])
		}
	}
	clear(b.rows)
	clear(b.has)
	return !b.ended
}

// factPart is a few facts of a window, which are decoded together.
type factPart[T any] struct {
	*factFilter
	window   *factWindow
	from, to int // positions in the window
	first    int // the position of the first fact that the window has read

	decoder factDecoder
	own     [][4]uint32 // of the fact that is decoded
	days    func() ([]claimedDays, error)
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
	p.days = func() ([]claimedDays, error) { return daysByDataset(&p.decoder.texts, p.own) }
	p.decoder.use(p.reader.vocabulary, p.window.subjects)
	for i := p.from; i < p.to; i++ {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := p.readFact(i); err != nil {
			return err
		}
	}
	return nil
}

// readFact decodes the fact at a position in the window.
func (p *factPart[T]) readFact(i int) error {
	own, all, within := p.decoder.quads(i - p.first)
	if !slices.ContainsFunc(own, p.decoder.hasStatus) {
		return p.checkMissing(i) // an id that only others name
	}
	fact, err := p.decoder.decode(own[0][0], all)
	if err != nil {
		return err
	}
	fact.Within, p.own = within, own
	p.read.add(fact)
	return p.choose(i, fact)
}

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
func (p *factPart[T]) choose(i int, fact schema.Fact) error {
	verdict, err := p.verdict(fact, p.days)
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

// factDecoder decodes facts from the numbers of their terms.
type factDecoder struct {
	vocabulary *schema.Vocabulary
	subjects   *store.SubjectReader
	texts      store.Texts
	memory     [][4]uint32
}

// use makes the decoder decode facts of a reader.
func (d *factDecoder) use(v *schema.Vocabulary, subjects *store.SubjectReader) {
	d.vocabulary, d.subjects = v, subjects
	d.texts.Use(subjects)
}

// quads returns what datasets state of the fact at a position of the reader: the quads of
// which it is the subject, and these with the quads of its evidence. They are valid until
// the next call. It also returns the days of the facts that contain it.
func (d *factDecoder) quads(i int) (own, all [][4]uint32, within *schema.Within) {
	own, all = d.subjects.AppendNumbers(d.memory[:0], i)
	d.memory = all[:0]
	var dates []quad.Quad
	last, isDerived := uint32(0), false
	stated := slices.DeleteFunc(own, func(q [4]uint32) bool {
		if q[3] != last {
			last, isDerived = q[3], q[3] == q[0] || d.isFact(q[3])
		}
		if isDerived && q[3] == q[0] && d.texts.ID(q[1]) != schema.ID(schema.StandingTerm) {
			dates = append(dates, d.quad(q))
		}
		return isDerived
	})
	if len(dates) > 0 {
		within = schema.DecodeWithin(dates)
	}
	return stated, slices.Delete(all, len(stated), len(own)), within
}

// quad returns a quad with its terms.
func (d *factDecoder) quad(q [4]uint32) quad.Quad {
	return quad.Quad{Subject: d.texts.Value(q[0]), Predicate: d.texts.Value(q[1]), Object: d.texts.Value(q[2]), Label: d.texts.Value(q[3])}
}

// isFact reports whether a label is the id of a fact, as labels of derived quads are.
func (d *factDecoder) isFact(label uint32) bool {
	_, ok := schema.FactOf(d.texts.ID(label).Value())
	return ok
}

func (d *factDecoder) hasStatus(q [4]uint32) bool {
	return d.texts.ID(q[1]) == schema.ID(schema.StatusTerm)
}

// decode decodes a fact from all that datasets state of it.
func (d *factDecoder) decode(fact uint32, all [][4]uint32) (schema.Fact, error) {
	return schema.DecodeTerms(d.vocabulary, &d.texts, fact, all)
}
