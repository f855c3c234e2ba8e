package graph

import (
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
}

// MapFacts calls fn with a few hundred selected facts at a time, and yields what it
// returns, in the order of the ids of the facts. A part may have no facts. MapFacts reads
// the facts of a whole graph in one pass, several times as fast as [Graph.Facts], and
// keeps only a few parts in memory, however many facts there are. For other filters it
// also keeps the ids of the facts.
//
// Several goroutines read parts and call fn, which may keep the facts; they end before
// the loop ends. An error is the last pair.
func MapFacts[T any](ctx context.Context, g *Graph, f Filter, fn func([]Selected) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		err := g.withSnapshot(ctx, func(s *store.Snapshot) error {
			m := &factMapper[T]{facts: &factFilter{reader: reader{s, g.Vocabulary()}, filter: f}, snapshot: s, fn: fn}
			return m.run(ctx, func(result T) bool { return yield(result, nil) })
		})
		if err != nil {
			var none T
			yield(none, err)
		}
	}
}

// factMapper is one call of [MapFacts].
type factMapper[T any] struct {
	facts    *factFilter
	snapshot *store.Snapshot
	fn       func([]Selected) (T, error)

	evidence uint64 // the id of the predicate of evidence
	idle     chan *factPart[T]
	order    chan *factPart[T]
	quit     chan struct{}
	working  sync.WaitGroup
	err      error // of the list of facts; valid once order is closed
}

// factsPerPart is how many facts are read together.
const factsPerPart = 256

// run calls yield with the result of each part until it returns false.
func (m *factMapper[T]) run(ctx context.Context, yield func(T) bool) (err error) {
	if err := m.facts.prepare(ctx); err != nil {
		return err
	}
	if m.evidence, err = m.snapshot.ID(schema.EvidenceTerm); err != nil {
		return err
	}
	m.start(ctx)
	defer m.stop()
	read := factTally{}
	for part := range m.order {
		<-part.done
		if part.err != nil {
			return part.err
		}
		part.report(m.facts.filter)
		read.join(part.read)
		if !yield(part.result) {
			return nil
		}
		m.idle <- part
	}
	if m.err != nil || !m.facts.filter.readsAll() {
		return m.err
	}
	return m.facts.reader.checkTally(ctx, read)
}

func (m *factMapper[T]) start(ctx context.Context) {
	n := runtime.GOMAXPROCS(0) + 1
	m.idle, m.order, m.quit = make(chan *factPart[T], n), make(chan *factPart[T], n), make(chan struct{})
	for range n {
		m.idle <- &factPart[T]{factFilter: m.facts, subjects: m.snapshot.SubjectReader()}
	}
	m.working.Go(func() {
		defer close(m.order)
		m.err = m.list(ctx)
	})
}

// stop returns when no goroutine reads the snapshot any more.
func (m *factMapper[T]) stop() {
	close(m.quit)
	for range m.order { // the list may wait to add a part
	}
	m.working.Wait()
}

// list starts a part for every few facts.
func (m *factMapper[T]) list(ctx context.Context) error {
	var part *factPart[T]
	for id, err := range m.ids(ctx) {
		if err != nil {
			return err
		}
		if part == nil {
			select {
			case part = <-m.idle:
			case <-m.quit:
				return nil
			}
			part.ids = part.ids[:0]
		}
		if part.ids = append(part.ids, id); len(part.ids) == factsPerPart {
			m.begin(part)
			part = nil
		}
	}
	if part != nil {
		m.begin(part)
	}
	return nil
}

// ids yields the ids of the candidates in the store, in the order of their ids in the
// graph.
func (m *factMapper[T]) ids(ctx context.Context) iter.Seq2[uint64, error] {
	return func(yield func(uint64, error) bool) {
		if !m.facts.filter.readsAll() {
			m.eachCandidate(ctx, yield)
			return
		}
		for ids, err := range m.snapshot.IRIs(ctx, schema.KindFact.Prefix()+":") {
			if err != nil {
				yield(0, err)
				return
			}
			for _, id := range ids {
				if !yield(id, nil) {
					return
				}
			}
		}
	}
}

func (m *factMapper[T]) eachCandidate(ctx context.Context, yield func(uint64, error) bool) {
	candidates, err := m.facts.candidates(ctx)
	if err != nil {
		yield(0, err)
		return
	}
	candidates = slices.Clone(candidates)
	slices.Sort(candidates)
	for _, id := range slices.Compact(candidates) {
		n, err := m.snapshot.ID(id.Value())
		if err == nil && n == 0 {
			_, err = m.facts.reader.fact(ctx, id) // not found
		}
		if !yield(n, err) || err != nil {
			return
		}
	}
}

// begin reads a part on a goroutine of its own.
func (m *factMapper[T]) begin(part *factPart[T]) {
	part.done = make(chan struct{})
	m.working.Go(func() {
		defer close(part.done)
		if part.err = part.readFacts(m.evidence); part.err == nil {
			part.result, part.err = m.fn(part.selected)
		}
	})
	m.order <- part
}

// factPart is a few facts that are read together.
type factPart[T any] struct {
	*factFilter
	ids      []uint64
	subjects *store.SubjectReader

	selected            []Selected
	undated, unasserted []schema.Fact
	read                factTally
	result              T
	err                 error
	done                chan struct{}
}

// readFacts reads the facts of the part and selects.
func (p *factPart[T]) readFacts(evidence uint64) error {
	p.selected, p.undated, p.unasserted, p.read = make([]Selected, 0, len(p.ids)), p.undated[:0], p.unasserted[:0], factTally{}
	if err := p.subjects.Read(p.ids, evidence); err != nil {
		return err
	}
	for i := range p.ids {
		if err := p.readFact(p.subjects.Quads(i)); err != nil {
			return err
		}
	}
	return nil
}

// readFact decodes a fact from its own quads and all quads, which begin with its own
// and continue with those of its evidence.
func (p *factPart[T]) readFact(own, all []quad.Quad) error {
	if len(own) == 0 {
		return nil // an id that only others name
	}
	id, within := subjectOf(own[0]), schema.DecodeWithin(own)
	stated := len(slices.DeleteFunc(own, isDerived))
	own, all = all[:stated], slices.Delete(all, stated, len(own))
	if !slices.ContainsFunc(own, hasStatus) {
		return nil
	}
	fact, err := p.reader.vocabulary.DecodeFact(id, all)
	if err != nil {
		return err
	}
	fact.Within = within
	p.read.add(fact)
	return p.choose(fact, own)
}

func hasStatus(q quad.Quad) bool { return q.Predicate == schema.StatusTerm }

func (p *factPart[T]) choose(fact schema.Fact, own []quad.Quad) error {
	verdict, err := p.verdict(fact, own)
	switch {
	case err != nil:
		return err
	case verdict == counted:
		p.selected = append(p.selected, Selected{fact, p.through(fact)})
	case verdict == undated && p.filter.OnUndated != nil:
		p.undated = append(p.undated, fact)
	case verdict == unasserted && p.filter.OnUnasserted != nil:
		p.unasserted = append(p.unasserted, fact)
	}
	return nil
}

// report calls the functions of the filter for the facts that are left out.
func (p *factPart[T]) report(f Filter) {
	for _, fact := range p.undated {
		f.OnUndated(fact)
	}
	for _, fact := range p.unasserted {
		f.OnUnasserted(fact)
	}
}

// factTally counts the facts read, by dataset.
type factTally map[string]int

func (t factTally) add(f schema.Fact) {
	seen := map[string]bool{}
	for _, e := range f.Evidence {
		if !seen[e.Dataset] {
			seen[e.Dataset] = true
			t[e.Dataset]++
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
