package graph

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// isDerived reports whether a quad is derived from a fact and belongs to no dataset.
func isDerived(q quad.Quad) bool {
	_, ok := schema.FactOf(q.Label)
	return ok
}

// isEdge reports whether a derived quad is an edge between two entities.
func isEdge(q quad.Quad) bool { return isDerived(q) && q.Subject != q.Label }

func countEdges(quads []quad.Quad) (n int) {
	for _, q := range quads {
		if isEdge(q) {
			n++
		}
	}
	return n
}

// factsOfOtherStanding finds the staged facts that are in the graph with another
// standing. If both standings are equal, the merged evidence has the same standing.
func (c *changeSet) factsOfOtherStanding() error {
	some, err := c.transaction.readBefore().has(c.ctx, store.Pattern{Predicate: schema.StandingTerm})
	if err != nil || !some || c.snapshot == nil {
		return err
	}
	for q, err := range c.newQuads(schema.StandingTerm) {
		if err != nil {
			return err
		}
		for before, err := range c.transaction.tx.Match(c.ctx, store.Pattern{Subject: q.Subject, Predicate: schema.StandingTerm}) {
			if err != nil {
				return err
			}
			if before != q {
				c.facts[subjectOf(q)] = true
			}
		}
	}
	return nil
}

// newQuads yields the staged quads with a predicate. It may leave out those that the
// graph has.
func (c *changeSet) newQuads(predicate quad.IRI) iter.Seq2[quad.Quad, error] {
	if c.difference == nil {
		return c.snapshot.Match(c.ctx, store.Pattern{Predicate: predicate})
	}
	return func(yield func(quad.Quad, error) bool) {
		for _, q := range c.difference.Added {
			if q.Predicate == predicate && !yield(q, nil) {
				return
			}
		}
	}
}

// derive updates the derived quads of facts that lose or change a statement. The
// derived quads of other facts are staged with the facts.
func (c *changeSet) derive() error {
	if err := errors.Join(c.factsOfOtherStanding(), c.notePartsWithDerivedDates()); err != nil {
		return err
	}
	if c.transaction.gone == nil {
		c.transaction.gone = map[quad.Quad]bool{}
	}
	wholes := newWholes(c.reader)
	for _, id := range slices.Sorted(maps.Keys(c.facts)) {
		f, have, err := c.factAfter(id)
		if err != nil {
			return err
		}
		if _, ok := c.reader.vocabulary.Lookup(f.Verb); !ok && f.Verb != "" {
			return fmt.Errorf("%s: %w %q", id, schema.ErrUnknownVerb, f.Verb)
		}
		if f.Within, err = wholes.within(c.ctx, f); err != nil {
			return err
		}
		fresh, stale := difference(c.reader.vocabulary.Derived(f), have)
		c.fresh, c.stale = append(c.fresh, fresh...), append(c.stale, stale...)
		if c.edited != nil {
			c.edited.add(fresh...)
		}
		if err := c.removeDerived(stale); err != nil {
			return err
		}
	}
	return nil
}

// factAfter returns a fact after the change, without a verb if no dataset states it any
// more, and the derived quads that are there.
func (c *changeSet) factAfter(id schema.ID) (f schema.Fact, derived []quad.Quad, err error) {
	if f, ok := c.created[id]; ok {
		return f, nil, nil
	}
	f, err = c.reader.fact(c.ctx, id)
	if errors.Is(err, ErrNotFound) {
		err = c.findDangling(id)
	}
	if err == nil {
		derived, err = c.reader.collect(c.ctx, store.Pattern{Label: id.Value()})
	}
	return f, derived, err
}

// removeDerived records the derived quads to remove. It counts the quads that the
// graph does not have: they are added from the staged data and removed again, which is
// not a change.
func (c *changeSet) removeDerived(stale []quad.Quad) error {
	for _, q := range stale {
		c.transaction.gone[q] = true
		before, err := c.transaction.tx.Has(q)
		if err != nil {
			return err
		}
		if !before {
			c.transient++
		}
	}
	return nil
}
