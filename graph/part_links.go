package graph

import (
	"context"
	"maps"
	"slices"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

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
	family := &partLinks{reader: c.reader}
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
		if part, err := family.isPart(c.ctx, id); err != nil {
			return err
		} else if part {
			c.facts[id] = true
		}
		parts, err := family.partsOf(c.ctx, id)
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
	staged, err := reader{c.snapshot, c.reader.vocabulary}.subjects(c.ctx, store.Pattern{Predicate: schema.StatusTerm})
	return append(ids, staged...), err
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
