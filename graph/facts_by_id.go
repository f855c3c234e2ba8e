package graph

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"runtime"
	"sync"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// Selected is a fact that a filter selects.
type Selected struct {
	schema.Fact
	Through []schema.ID // see OnThrough of [Filter], which is not called

	id uint64 // in the snapshot
}

// MapFacts calls fn with a few hundred selected facts at a time, and yields what it
// returns, in the order of the ids of the facts. A part may have no facts. It keeps only
// a few parts in memory, however many facts there are, and a bit for each candidate.
//
// Several goroutines read parts and call fn, which may keep the facts; they end before
// the loop ends. An error is the last pair.
func MapFacts[T any](ctx context.Context, g *Graph, f Filter, fn func([]Selected) (T, error)) iter.Seq2[T, error] {
	return mapFacts(ctx, g, f, byID, fn)
}

// MapFactsByDate is [MapFacts] in the order of [Graph.Facts]. The first parts are small,
// so that the first facts are there at once.
func MapFactsByDate[T any](ctx context.Context, g *Graph, f Filter, fn func([]Selected) (T, error)) iter.Seq2[T, error] {
	return mapFacts(ctx, g, f, byDate, fn)
}

// MapFactRows calls fn with a few hundred selected facts at a time, in no particular order,
// and yields what it returns for each of them, in the order of the ids of the facts. It
// keeps the results for some ten thousand facts in memory. For many facts it is faster than
// [MapFacts], since it reads facts that lie together in the store together.
func MapFactRows[R any](ctx context.Context, g *Graph, f Filter, fn func([]Selected) ([]R, error)) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		rows := batchRows[R]{yield: func(r R) bool { return yield(r, nil) }}
		err := readParts(ctx, g, f, inBatches, fn, func(part *factPart[[]R]) bool {
			for i := range part.entries {
				part.entries[i].report(&f)
			}
			return rows.add(part)
		})
		if err != nil {
			var none R
			yield(none, err)
			return
		}
		rows.flush()
	}
}

// listOrder is the order in which facts are listed.
type listOrder uint8

const (
	byID listOrder = iota
	byDate
	inBatches // by id, but the facts of a batch in the order of the store
)

func mapFacts[T any](ctx context.Context, g *Graph, f Filter, order listOrder, fn func([]Selected) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		err := readParts(ctx, g, f, order, fn, func(part *factPart[T]) bool {
			for i := range part.entries {
				part.entries[i].report(&f)
			}
			return yield(part.result, nil)
		})
		if err != nil {
			var none T
			yield(none, err)
		}
	}
}

// readParts calls yield with the facts that a filter selects or omits, in parts, until it
// returns false. The parts have the results of fn, if it is not nil.
func readParts[T any](ctx context.Context, g *Graph, f Filter, order listOrder, fn func([]Selected) (T, error), yield func(*factPart[T]) bool) error {
	return g.withSnapshot(ctx, func(s *store.Snapshot) error {
		m := &factMapper[T]{facts: &factFilter{reader: readerOf(g, s), snapshot: s, filter: f}, snapshot: s, listed: order, fn: fn}
		return m.run(ctx, yield)
	})
}

// factMapper is one call of [MapFacts] or [Graph.Facts].
type factMapper[T any] struct {
	facts    *factFilter
	snapshot *store.Snapshot
	listed   listOrder
	fn       func([]Selected) (T, error)
	stored   store.IDSet // if set, all facts, to be read in the order of their ids in the snapshot: the fastest order

	evidence uint64      // the id of the predicate of evidence
	size     int         // how many facts the next part has
	sizes    windowSizes // how many facts the next window has
	batch    factBatch   // candidates that are not in a window yet, if they are listed in batches
	window   *factWindow // to which candidates are added
	windows  chan *factWindow
	unused   chan *factWindow
	order    chan *factPart[T]
	idle     chan *factPart[T]
	working  sync.WaitGroup

	// These are valid once order is closed.
	all     bool  // all facts were read
	undated int   // facts that were counted but not read
	err     error // of the list of facts
}

const (
	firstPart    = 16   // how many facts the first part of a list by date has
	factsPerPart = 256  // how many facts other parts have
	mostTogether = 1024 // how many facts of one day are sorted after they are read
)

// run calls yield with each part until it returns false.
func (m *factMapper[T]) run(ctx context.Context, yield func(*factPart[T]) bool) (err error) {
	if err := m.facts.prepare(ctx); err != nil {
		return err
	}
	if m.evidence, err = m.snapshot.ID(schema.EvidenceTerm); err != nil {
		return err
	}
	reading, cancel := context.WithCancel(ctx)
	m.start(reading)
	defer m.stop(cancel)
	read := factTally{}
	for part := range m.order {
		<-part.done
		if part.err != nil {
			return part.err
		}
		read.join(part.read)
		if !yield(part) {
			return nil
		}
		if part.to == len(part.window.ids) {
			m.unused <- part.window
		}
		m.idle <- part
	}
	if err := cmp.Or(m.err, context.Cause(ctx)); err != nil {
		return err
	}
	if m.undated > 0 {
		m.facts.filter.Omitted.Undated += m.undated
	}
	if !m.all {
		return nil
	}
	return m.facts.reader.checkTally(ctx, read)
}

func (m *factMapper[T]) start(ctx context.Context) {
	n := runtime.GOMAXPROCS(0) + 1
	m.idle, m.order = make(chan *factPart[T], n), make(chan *factPart[T], n)
	for range n {
		m.idle <- &factPart[T]{factFilter: m.facts}
	}
	m.unused, m.windows = make(chan *factWindow, windowsTogether), make(chan *factWindow, windowsTogether)
	for range windowsTogether {
		m.unused <- &factWindow{subjects: m.snapshot.SubjectReader()}
	}
	m.size, m.sizes.next = factsPerPart, firstWindow
	if m.listed == byDate {
		m.size, m.sizes.next = firstPart, firstPart
	}
	m.working.Go(func() {
		defer close(m.windows)
		m.err = m.list(ctx)
	})
	m.working.Go(func() {
		defer close(m.order)
		m.decode(ctx)
	})
}

// stop returns when no goroutine reads the snapshot any more.
func (m *factMapper[T]) stop(cancel func()) {
	cancel()
	for range m.order { // the windows may wait to add a part
	}
	m.working.Wait()
}

// list begins windows of candidates.
func (m *factMapper[T]) list(ctx context.Context) (err error) {
	finder := candidateFinder{m.facts}
	conditions, err := finder.conditions(ctx)
	if err != nil {
		return err
	}
	o := &factOrder{snapshot: m.snapshot}
	if m.all = len(conditions) == 0; m.stored != nil {
		m.listStored(ctx)
	} else if m.all && m.listed != byDate {
		err = o.inStore(ctx, nil, 0, func(g factGroup) bool { return m.add(ctx, g) })
	} else if o.found, err = finder.intersect(ctx, conditions); err == nil {
		err = m.listFound(ctx, finder, o)
	}
	if err == nil && m.addBatch(ctx) && m.window != nil {
		m.begin(ctx)
	}
	return err
}

// listFound begins windows of candidates that an index has.
func (m *factMapper[T]) listFound(ctx context.Context, finder candidateFinder, o *factOrder) error {
	if m.listed != byDate {
		return o.byID(ctx, o.found, 0, func(g factGroup) bool { return m.add(ctx, g) })
	}
	if finder.countsUndated() {
		o.count = func(ctx context.Context, facts *idSet) (err error) {
			m.undated, err = finder.countUndated(ctx, facts)
			return err
		}
	}
	var failed error
	err := o.byDate(ctx, func(g factGroup) bool {
		if len(g.ids) > mostTogether && !g.done {
			if g.ids, failed = o.sortByID(ctx, g.ids); failed != nil {
				return false
			}
			g.done = true
		}
		return m.add(ctx, g)
	})
	return cmp.Or(err, failed)
}

// add adds facts to windows, or first to a batch, and returns false when the list must end.
func (m *factMapper[T]) add(ctx context.Context, g factGroup) bool {
	if m.listed != inBatches {
		return m.addToWindow(ctx, g)
	}
	for len(g.ids) > 0 {
		g.ids = m.batch.add(g.ids)
		if m.batch.isFull() && !m.addBatch(ctx) {
			return false
		}
	}
	return true
}

func (m *factMapper[T]) addToWindow(ctx context.Context, g factGroup) bool {
	for len(g.ids) > 0 {
		if m.window == nil {
			select {
			case m.window = <-m.unused:
			case <-ctx.Done():
				return false
			}
			m.window.reset()
			m.window.batch = m.batch.number
		}
		w := m.window
		n := len(g.ids)
		if g.done {
			n = min(n, max(1, m.size-(len(w.ids)-w.begun())))
		}
		w.add(g.ids[:n], g.place)
		if g.ids = g.ids[n:]; len(w.ids)-w.begun() < m.size {
			continue
		}
		w.endPart()
		if m.size = min(2*m.size, factsPerPart); len(w.ids) >= m.sizes.next {
			m.begin(ctx)
		}
	}
	return true
}

// begin reads the window on a goroutine of its own.
func (m *factMapper[T]) begin(ctx context.Context) {
	w := m.window
	w.endPart()
	m.window, w.read = nil, make(chan struct{})
	m.sizes.grow()
	m.working.Go(func() {
		defer close(w.read)
		w.readAll(ctx, m.evidence, &m.sizes)
	})
	m.windows <- w
}

// decode starts the parts of each window once it is read.
func (m *factMapper[T]) decode(ctx context.Context) {
	for w := range m.windows {
		<-w.read
		failed := w.err != nil // because of some fact: those before it can be read
		for i := range w.ends {
			var part *factPart[T]
			select {
			case part = <-m.idle:
			case <-ctx.Done():
				continue
			}
			part.begin(w, i)
			if failed {
				part.err = w.readPart(ctx, part.from, part.to, m.evidence)
				part.first = part.from
			}
			m.working.Go(func() {
				defer close(part.done)
				part.run(ctx, m.fn)
			})
			m.order <- part
			if failed {
				<-part.done // before the next part is read
			}
		}
	}
}

// factEntry is a fact that a filter selects, or that it reports as left out.
type factEntry struct {
	Selected
	verdict verdict
	place   uint32
}

// report calls the functions of the filter for a fact that is left out, and counts it.
func (e *factEntry) report(f *Filter) {
	switch {
	case e.verdict == undated && f.OnUndated != nil:
		f.OnUndated(e.Fact)
	case e.verdict == unasserted && f.OnUnasserted != nil:
		f.OnUnasserted(e.Fact)
	}
	if f.Omitted != nil && e.verdict == undated {
		f.Omitted.Undated++
	} else if f.Omitted != nil && e.verdict == unasserted {
		f.Omitted.Unasserted++
	}
}

// factTally counts the facts read, by dataset.
type factTally map[string]int

func (t factTally) add(f schema.Fact) {
	for i := range f.Evidence { // each dataset's evidence lies together
		if name := f.Evidence[i].Dataset; i == 0 || name != f.Evidence[i-1].Dataset {
			t[name]++
		}
	}
}

func (t factTally) join(other factTally) {
	for dataset, n := range other {
		t[dataset] += n
	}
}

// checkTally compares the facts read, which must be all facts, with the count that
// each dataset states.
func (r reader) checkTally(ctx context.Context, read factTally) error {
	for q, err := range r.Match(ctx, store.Pattern{Predicate: countTerms[0]}) {
		if err != nil {
			return err
		}
		name, _ := schema.DatasetName(q.Subject)
		if stated, ok := q.Object.(quad.Int); ok && q.Label == q.Subject && int(stated) != read[name] {
			return fmt.Errorf("%w: dataset %s has %d facts, and %d were read", ErrDamaged, name, stated, read[name])
		}
	}
	return nil
}
