package graph

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"runtime"
	"slices"
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
	return mapFacts(ctx, g, f, false, fn)
}

// MapFactsByDate is [MapFacts] in the order of [Graph.Facts]. The first parts are small,
// so that the first facts are there at once.
func MapFactsByDate[T any](ctx context.Context, g *Graph, f Filter, fn func([]Selected) (T, error)) iter.Seq2[T, error] {
	return mapFacts(ctx, g, f, true, fn)
}

func mapFacts[T any](ctx context.Context, g *Graph, f Filter, byDate bool, fn func([]Selected) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		err := readParts(ctx, g, f, byDate, fn, func(part *factPart[T]) bool {
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
func readParts[T any](ctx context.Context, g *Graph, f Filter, byDate bool, fn func([]Selected) (T, error), yield func(*factPart[T]) bool) error {
	return g.withSnapshot(ctx, func(s *store.Snapshot) error {
		m := &factMapper[T]{facts: &factFilter{reader: readerOf(g, s), snapshot: s, filter: f}, snapshot: s, byDate: byDate, fn: fn}
		return m.run(ctx, yield)
	})
}

// factMapper is one call of [MapFacts] or [Graph.Facts].
type factMapper[T any] struct {
	facts    *factFilter
	snapshot *store.Snapshot
	byDate   bool
	fn       func([]Selected) (T, error)
	stored   store.IDSet // if set, all facts, to be read in the order of their ids in the snapshot: the fastest order

	evidence uint64 // the id of the predicate of evidence
	size     int    // how many facts the next part has
	part     *factPart[T]
	idle     chan *factPart[T]
	order    chan *factPart[T]
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
		m.idle <- &factPart[T]{factFilter: m.facts, subjects: m.snapshot.SubjectReader()}
	}
	if m.size = factsPerPart; m.byDate {
		m.size = firstPart
	}
	m.working.Go(func() {
		defer close(m.order)
		m.err = m.list(ctx)
	})
}

// stop returns when no goroutine reads the snapshot any more.
func (m *factMapper[T]) stop(cancel func()) {
	cancel()
	for range m.order { // the list may wait to add a part
	}
	m.working.Wait()
}

// list starts a part for every few candidates.
func (m *factMapper[T]) list(ctx context.Context) (err error) {
	finder := candidateFinder{m.facts}
	conditions, err := finder.conditions(ctx)
	if err != nil {
		return err
	}
	o := &factOrder{snapshot: m.snapshot}
	if m.all = len(conditions) == 0; m.stored != nil {
		m.listStored(ctx)
	} else if m.all && !m.byDate {
		err = o.inStore(ctx, nil, 0, func(g factGroup) bool { return m.add(ctx, g) })
	} else if o.found, err = finder.intersect(ctx, conditions); err == nil {
		err = m.listFound(ctx, finder, o)
	}
	if err == nil && m.part != nil {
		m.begin(ctx)
	}
	return err
}

// listFound starts parts for candidates that an index has.
func (m *factMapper[T]) listFound(ctx context.Context, finder candidateFinder, o *factOrder) error {
	if !m.byDate {
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

// add adds facts to parts, and returns false when the list must end.
func (m *factMapper[T]) add(ctx context.Context, g factGroup) bool {
	for len(g.ids) > 0 {
		if m.part == nil {
			select {
			case m.part = <-m.idle:
			case <-ctx.Done():
				return false
			}
			m.part.ids, m.part.places = m.part.ids[:0], m.part.places[:0]
		}
		n := len(g.ids)
		if g.done {
			n = min(n, max(1, m.size-len(m.part.ids)))
		}
		for _, id := range g.ids[:n] {
			m.part.ids, m.part.places = append(m.part.ids, id), append(m.part.places, g.place)
		}
		if g.ids = g.ids[n:]; len(m.part.ids) >= m.size {
			m.begin(ctx)
		}
	}
	return true
}

// begin reads the next part on a goroutine of its own.
func (m *factMapper[T]) begin(ctx context.Context) {
	part := m.part
	m.part, m.size = nil, min(2*m.size, factsPerPart)
	part.done = make(chan struct{})
	m.working.Go(func() {
		defer close(part.done)
		if part.err = part.readFacts(ctx, m.evidence); part.err != nil {
			return
		}
		part.sort()
		if m.fn != nil {
			part.result, part.err = m.fn(part.selected())
		}
	})
	m.order <- part
}

// factPart is a few facts that are read together.
type factPart[T any] struct {
	*factFilter
	subjects *store.SubjectReader
	ids      []uint64
	places   []uint32 // for each fact, its place in the order

	entries []factEntry
	read    factTally
	result  T
	err     error
	done    chan struct{}
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

// sort puts the entries in order: those of one place by their ids.
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

// readFacts reads the facts of the part and selects.
func (p *factPart[T]) readFacts(ctx context.Context, evidence uint64) error {
	p.entries, p.read = p.entries[:0], factTally{}
	if err := p.subjects.Read(p.ids, evidence); err != nil {
		return err
	}
	for i := range p.ids {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		own, all := p.subjects.Quads(i)
		if err := p.readFact(i, own, all); err != nil {
			return err
		}
	}
	return nil
}

// readFact decodes the fact at a position from its own quads and all quads, which begin
// with its own and continue with those of its evidence.
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
	value, err := p.snapshot.Term(p.ids[i])
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
	entry := factEntry{Selected: Selected{Fact: fact, id: p.ids[i]}, verdict: verdict, place: p.places[i]}
	if verdict == counted {
		entry.Through = p.through(fact)
	}
	p.entries = append(p.entries, entry)
	return nil
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
