package graph

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// partPredicates are the predicates that link a fact with the fact that contains it.
var partPredicates = []quad.IRI{schema.Term(schema.RoleDuring), schema.Term(schema.PartOf)}

// wholeDates finds the days on which facts without a date may have happened: from the
// first to the last day of the facts that contain them, directly or indirectly, as far
// as sources assert them. It ignores derived dates. It caches results, so that the
// time is linear in the number of links; facts must not change meanwhile.
type wholeDates struct {
	reader     reader
	known      map[schema.ID]*wholeFact
	count      int          // number of facts visited
	unfinished []*wholeFact // Tarjan's stack: visited facts whose component is not complete
}

func newWholes(r reader) *wholeDates {
	return &wholeDates{reader: r, known: map[schema.ID]*wholeFact{}}
}

// wholeFact is a fact that contains others, or may.
type wholeFact struct {
	asserted, disputed, dated bool
	days                      schema.Days // the days that its sources assert
	parents                   []schema.ID // the facts that contain it

	found      containerDays
	index, low int // as in Tarjan's algorithm for strongly connected components; index 0 is not visited
	next       int // index of the next parent
	unfinished bool
}

// containerDays is the joined days of the facts that contain a fact.
type containerDays struct {
	schema.Days
	dated, disputed bool
}

func (a *containerDays) add(b containerDays) {
	a.disputed = a.disputed || b.disputed
	switch {
	case b.dated && a.dated:
		a.Days = a.Join(b.Days)
	case b.dated:
		a.Days, a.dated = b.Days, true
	}
}

// within returns the days of a fact by the facts that contain it. It is nil if they
// have no date, or if the fact has a date of its own.
func (w *wholeDates) within(ctx context.Context, f schema.Fact) (*schema.Within, error) {
	f.Within = nil
	links := f.Wholes()
	if len(links) == 0 {
		return nil, nil
	}
	if _, dated, err := w.reader.vocabulary.Extent(f); err != nil || dated {
		return nil, err
	}
	part := w.known[f.ID]
	if part == nil {
		part = &wholeFact{parents: links}
	}
	if err := w.search(ctx, part); err != nil || !part.found.dated {
		return nil, err
	}
	return &schema.Within{Days: part.found.Days, Disputed: part.found.disputed}, nil
}

// whole reads a fact that contains others. A fact that no dataset states asserts
// nothing.
func (w *wholeDates) whole(ctx context.Context, id schema.ID) (*wholeFact, error) {
	if found := w.known[id]; found != nil {
		return found, nil
	}
	f, err := w.reader.fact(ctx, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	found := &wholeFact{asserted: f.Asserted(), disputed: f.Disputed(), parents: f.Wholes()}
	if found.days, found.dated, err = w.reader.vocabulary.AssertedExtent(f); err != nil {
		return nil, err
	}
	w.known[id] = found
	return found, nil
}

// search follows the links of a fact upwards. Facts that are part of each other have
// the same days: Tarjan's algorithm, without recursion, finds such components.
func (w *wholeDates) search(ctx context.Context, start *wholeFact) error {
	if start.index > 0 {
		return nil
	}
	path := []*wholeFact{w.enter(start)}
	for len(path) > 0 {
		at := path[len(path)-1]
		if at.next == len(at.parents) {
			if path = path[:len(path)-1]; len(path) > 0 {
				below := path[len(path)-1]
				below.low = min(below.low, at.low)
				below.found.add(at.found)
			}
			w.leave(at)
			continue
		}
		to, err := w.whole(ctx, at.parents[at.next])
		if err != nil {
			w.reset()
			return err
		}
		at.next++
		if at.follow(to) {
			path = append(path, w.enter(to))
		}
	}
	return nil
}

// follow adds the days of a parent, and reports whether the parent must be visited
// first.
func (at *wholeFact) follow(to *wholeFact) bool {
	switch {
	case !to.asserted:
		return false
	case to.dated:
		at.found.add(containerDays{to.days, true, to.disputed})
		return false
	}
	at.found.disputed = at.found.disputed || to.disputed
	if to.unfinished {
		at.low = min(at.low, to.index)
	} else {
		at.found.add(to.found)
	}
	return to.index == 0
}

// reset marks the facts of incomplete components as not visited.
func (w *wholeDates) reset() {
	for _, at := range w.unfinished {
		at.index, at.next, at.unfinished, at.found = 0, 0, false, containerDays{}
	}
	w.unfinished = nil
}

func (w *wholeDates) enter(at *wholeFact) *wholeFact {
	w.count++
	at.index, at.low, at.unfinished = w.count, w.count, true
	w.unfinished = append(w.unfinished, at)
	return at
}

// leave gives all facts of a complete component the same result.
func (w *wholeDates) leave(at *wholeFact) {
	if at.low < at.index {
		return
	}
	for {
		last := w.unfinished[len(w.unfinished)-1]
		w.unfinished = w.unfinished[:len(w.unfinished)-1]
		last.found, last.unfinished = at.found, false
		if last == at {
			return
		}
	}
}

// partsOf returns the facts that are part of a fact.
func (r reader) partsOf(ctx context.Context, whole schema.ID) ([]schema.ID, error) {
	return union(partPredicates, func(term quad.IRI) ([]schema.ID, error) {
		ids, err := r.subjects(ctx, store.Pattern{Predicate: term, Object: whole.Value()})
		return onlyFacts(ids), err
	})
}

// isPart reports whether a fact is part of another.
func (r reader) isPart(ctx context.Context, id schema.ID) (bool, error) {
	for _, term := range partPredicates {
		for q, err := range r.Match(ctx, store.Pattern{Subject: id.Value(), Predicate: term}) {
			if err != nil {
				return false, err
			}
			if _, ok := schema.FactOf(q.Object); ok {
				return true, nil
			}
		}
	}
	return false, nil
}

func onlyFacts(ids []schema.ID) (facts []schema.ID) {
	for _, id := range ids {
		if schema.KindOf(id) == schema.KindFact {
			facts = append(facts, id)
		}
	}
	return facts
}

// notePartsWithDerivedDates notes the facts whose derived dates may change: added
// facts that are part of another, and the direct and indirect parts of changed facts.
func (c *changeSet) notePartsWithDerivedDates() error {
	links, err := c.countParts()
	if err != nil || links == 0 {
		return err
	}
	next, err := c.changedFacts()
	if err != nil {
		return err
	}
	family, edited := &partLinks{reader: c.reader}, &partLinks{reader: reader{c.edited, c.reader.vocabulary}}
	if links <= 4*int64(len(next)) {
		if err := family.readAll(c.ctx); err != nil {
			return err
		}
	}
	seen := map[schema.ID]bool{}
	for len(next) > 0 {
		id := next[len(next)-1]
		if next = next[:len(next)-1]; seen[id] {
			continue
		}
		seen[id] = true
		links := family
		if _, isNew := c.created[id]; isNew { // nothing in the graph names it
			links = edited
		}
		if part, err := links.isPart(c.ctx, id); err != nil {
			return err
		} else if part {
			c.facts[id] = true
		}
		parts, err := links.partsOf(c.ctx, id)
		if err != nil {
			return err
		}
		next = append(next, parts...)
	}
	return nil
}

// countParts counts the quads that may link a part with a whole, in the graph and in
// the staged data.
func (c *changeSet) countParts() (links int64, err error) {
	counters := []counter{c.transaction.tx}
	if c.snapshot != nil {
		counters = append(counters, c.snapshot)
	}
	if c.edited != nil {
		counters = append(counters, c.edited)
	}
	for _, term := range partPredicates {
		for _, counted := range counters {
			n, err := counted.Count(c.ctx, store.Pattern{Predicate: term})
			if err != nil {
				return 0, err
			}
			links += n
		}
	}
	return links, nil
}

// changedFacts returns the facts that are staged or lose a statement.
func (c *changeSet) changedFacts() ([]schema.ID, error) {
	ids := slices.Sorted(maps.Keys(c.facts))
	if c.snapshot == nil {
		return ids, nil
	}
	staged := reader{c.snapshot, c.reader.vocabulary}
	if c.difference == nil {
		all, err := staged.subjects(c.ctx, store.Pattern{Predicate: schema.StatusTerm})
		return append(ids, all...), err
	}
	facts := map[schema.ID]bool{}
	for _, d := range c.transaction.datasets {
		evidence := map[quad.Value]bool{}
		for _, q := range c.difference.Added {
			switch id := subjectOf(q); {
			case q.Label == d.label && schema.IsEvidence(id):
				evidence[q.Subject] = true
			case schema.KindOf(id) == schema.KindFact:
				facts[id] = true
			}
		}
		if err := citing(c.ctx, staged, evidence, d.label, facts); err != nil {
			return nil, err
		}
	}
	return append(ids, slices.Sorted(maps.Keys(facts))...), nil
}

// partLinks answers which facts are part of which: from memory after readAll, and
// otherwise by a look-up for each question.
type partLinks struct {
	reader reader
	below  map[schema.ID][]schema.ID // the parts of each whole; nil before readAll
	above  map[schema.ID]bool        // the facts that are part of another
}

func (f *partLinks) readAll(ctx context.Context) error {
	f.below, f.above = map[schema.ID][]schema.ID{}, map[schema.ID]bool{}
	for _, term := range partPredicates {
		for q, err := range f.reader.Match(ctx, store.Pattern{Predicate: term}) {
			if err != nil {
				return err
			}
			whole, isFact := schema.FactOf(q.Object)
			if part := subjectOf(q); isFact && schema.KindOf(part) == schema.KindFact {
				f.below[whole] = append(f.below[whole], part)
				f.above[part] = true
			}
		}
	}
	return nil
}

func (f *partLinks) partsOf(ctx context.Context, whole schema.ID) ([]schema.ID, error) {
	if f.below != nil {
		return f.below[whole], nil
	}
	return f.reader.partsOf(ctx, whole)
}

func (f *partLinks) isPart(ctx context.Context, id schema.ID) (bool, error) {
	if f.below != nil {
		return f.above[id], nil
	}
	return f.reader.isPart(ctx, id)
}
