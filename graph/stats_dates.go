package graph

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// factDates is the bounds of all facts, dip:from or dip:to, by ids.
type factDates struct {
	predicate quad.IRI
	days      []uint64       // the terms that datasets state, each once
	stated    store.IDSet    // facts that have the bound in a dataset
	derived   store.IDSet    // facts that have the bound from facts that contain them
	differ    store.IDSet    // facts for which datasets state different days
	evidence  store.IDSet    // evidence with a date of its own
	datasets  map[uint64]int // how many datasets state the bound, for facts in several
}

// readDates reads the bounds of all facts.
func (c *statsCounter) readDates(ctx context.Context, d *factDates) error {
	for _, set := range []*store.IDSet{&d.stated, &d.derived, &d.differ, &d.evidence} {
		*set = c.snapshot.NewIDSet()
	}
	d.datasets = map[uint64]int{}
	day, fact := uint64(0), uint64(0)
	return c.eachID(ctx, store.Pattern{Predicate: d.predicate}, func(q store.IDs) {
		switch {
		case !c.facts.Has(q[0]):
			if !c.documents.Has(q[0]) {
				d.evidence.Put(q[0])
			}
			return
		case q[3] == q[0]:
			d.derived.Put(q[0])
			return
		case q[2] != day:
			d.days = append(d.days, q[2])
			day, fact = q[2], 0
		}
		if len(c.datasets) > 0 {
			if q[0] != fact && d.stated.Has(q[0]) {
				d.differ.Put(q[0])
			}
			if c.datasets[q[0]] > 0 {
				d.datasets[q[0]]++
			}
		}
		fact = q[0]
		d.stated.Put(fact)
	})
}

// countDates counts the undated facts and finds the first and the last day.
func (c *statsCounter) countDates(ctx context.Context) error {
	from, to := &factDates{predicate: schema.FromTerm}, &factDates{predicate: schema.ToTerm}
	err := inParallel(func() error { return c.readDates(ctx, from) }, func() error { return c.readDates(ctx, to) })
	if err != nil {
		return err
	}
	unsure, err := c.withOwnDates(ctx, from.evidence)
	if err != nil {
		return err
	}
	for fact, n := range c.datasets {
		if dated := from.datasets[fact]; dated > 0 && dated < n {
			unsure.Put(fact)
		}
	}
	if err := c.countUndated(ctx, from, unsure); err != nil {
		return err
	}
	unsure.Add(from.differ)
	unsure.Add(to.differ)
	if c.stats.First, err = c.extreme(ctx, from, unsure, schema.MinDay); err == nil {
		c.stats.Last, err = c.extreme(ctx, to, unsure, schema.MaxDay)
	}
	return err
}

// withOwnDates returns the facts whose evidence is among the given evidence, which has
// dates of its own. Such a fact may have another date than its bounds say.
func (c *statsCounter) withOwnDates(ctx context.Context, evidence store.IDSet) (facts store.IDSet, err error) {
	facts = c.snapshot.NewIDSet()
	if evidence.Count() > 0 {
		err = c.eachID(ctx, store.Pattern{Predicate: schema.EvidenceTerm}, func(q store.IDs) {
			if evidence.Has(q[2]) && c.facts.Has(q[0]) {
				facts.Put(q[0])
			}
		})
	}
	return facts, err
}

// countUndated counts the facts that have neither a date nor days from facts that
// contain them. A fact with bounds has a date, unless only its evidence has one, or only
// some of its datasets; these facts are unsure.
func (c *statsCounter) countUndated(ctx context.Context, from *factDates, unsure store.IDSet) error {
	c.stats.Undated = int(c.facts.Without(from.stated).Without(from.derived).Count())
	if unsure.Count() == 0 {
		return nil
	}
	written := c.snapshot.NewIDSet()
	for _, term := range []quad.IRI{schema.WhenTerm, schema.FromByTerm, schema.ToByTerm} {
		if err := c.eachID(ctx, store.Pattern{Predicate: term}, func(q store.IDs) { written.Put(q[0]) }); err != nil {
			return err
		}
	}
	for id := range unsure.All() {
		if !from.stated.Has(id) {
			continue // it counts already
		}
		isDated := written.Has(id) || from.derived.Has(id)
		if isDated && c.datasets[id] > 0 {
			fact, err := c.factOf(ctx, id)
			if err != nil {
				return err
			}
			isDated = fact.When.Dated() || fact.Within != nil
		}
		if !isDated {
			c.stats.Undated++
		}
	}
	return nil
}

// factOf decodes the fact with an id of the snapshot.
func (c *statsCounter) factOf(ctx context.Context, id uint64) (schema.Fact, error) {
	term, err := c.snapshot.Term(id)
	if err != nil {
		return schema.Fact{}, err
	}
	iri, _ := term.(quad.IRI)
	return c.fact(ctx, schema.ID(iri))
}

// extreme returns the first day of all facts if open is MinDay, or the last one if it is
// MaxDay; open itself does not count. The day of a fact is never beyond its bound, so
// that bounds are read from the most extreme one on, and only until a fact has the day
// of its bound. The dates of unsure facts are decoded.
func (c *statsCounter) extreme(ctx context.Context, bounds *factDates, unsure store.IDSet, open schema.Day) (string, error) {
	days, err := c.sortedDays(ctx, bounds.days)
	if err != nil {
		return "", err
	}
	isBeyond := func(a, b schema.Day) bool { return b == open || a < b }
	if open == schema.MaxDay {
		slices.Reverse(days)
		isBeyond = func(a, b schema.Day) bool { return b == open || a > b }
	}
	best, isExact := open, unsure.Count() == 0
	for _, id := range days {
		d, err := c.dayWith(id)
		if err != nil {
			return "", err
		}
		if d == open && isExact {
			continue
		}
		if !isBeyond(d, best) {
			break
		}
		for day, err := range c.daysOf(ctx, bounds.predicate, d, unsure, open) {
			if err != nil {
				return "", err
			}
			if day != open && isBeyond(day, best) {
				best = day
			}
			if day == d && day != open {
				break
			}
		}
	}
	if best == open {
		return "", nil
	}
	return best.String(), nil
}

// dayWith decodes the day with an id.
func (c *statsCounter) dayWith(id uint64) (schema.Day, error) {
	term, err := c.snapshot.Term(id)
	if err != nil {
		return 0, err
	}
	day, err := schema.DayOf(term)
	if err != nil {
		return 0, fmt.Errorf("%w: the day of a fact: %w", ErrDamaged, err)
	}
	return day, nil
}

// sortedDays puts the ids of days in the order of the days. It decodes none.
func (c *statsCounter) sortedDays(ctx context.Context, ids []uint64) (sorted []uint64, err error) {
	set := &idSet{}
	for _, id := range ids {
		set.add(id)
	}
	for block, err := range c.snapshot.IDsBetween(ctx, schema.MinDay.Date(), schema.MaxDay.Date()) {
		if err != nil {
			return nil, err
		}
		for _, id := range block {
			if set.has(id) {
				sorted = append(sorted, id)
			}
		}
	}
	if len(sorted) != set.count {
		err = fmt.Errorf("%w: the day of a fact is none", ErrDamaged)
	}
	return sorted, err
}

// daysOf yields the days of the facts for which a dataset states a bound. The day of a
// fact that is not unsure is its bound.
func (c *statsCounter) daysOf(ctx context.Context, predicate quad.IRI, bound schema.Day, unsure store.IDSet, open schema.Day) iter.Seq2[schema.Day, error] {
	return func(yield func(schema.Day, error) bool) {
		for q, err := range c.snapshot.MatchIDs(ctx, store.Pattern{Predicate: predicate, Object: bound.Date()}) {
			if err == nil && (q[0] == q[3] || !c.facts.Has(q[0])) {
				continue
			}
			day := bound
			if err == nil && unsure.Has(q[0]) {
				day, err = c.dayOf(ctx, q[0], open)
			}
			if !yield(day, err) {
				return
			}
		}
	}
}

// dayOf returns the first day of a fact if open is MinDay, or the last one if it is
// MaxDay. It is open for an undated fact.
func (c *statsCounter) dayOf(ctx context.Context, id uint64, open schema.Day) (schema.Day, error) {
	fact, err := c.factOf(ctx, id)
	if err != nil || !fact.When.Dated() {
		return open, err
	}
	span, err := fact.When.Span(c.vocabulary.VerbKind(fact.Verb))
	if open == schema.MinDay {
		return span.From, err
	}
	return span.To, err
}
