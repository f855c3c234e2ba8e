package graph

import (
	"context"
	"errors"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// partTerms are the predicates by which a fact is part of another.
var partTerms = []quad.IRI{schema.Term(schema.RoleDuring), schema.Term(schema.PartOf)}

// within is when a fact that has no date of its own may have happened: from the
// first to the last day of the facts that it is part of, or of those that these are
// part of, each as far as its sources assert it. It is nil for others. Dates that
// were derived before do not count.
func (r reader) within(ctx context.Context, f schema.Fact) (*schema.Within, error) {
	f.Within = nil
	if _, dated, err := r.vocabulary.Extent(f); err != nil || dated {
		return nil, err
	}
	var days []schema.Days
	disputed := false
	seen := map[schema.ID]bool{}
	for next := f.Wholes(); len(next) > 0; next = next[1:] {
		id := next[0]
		if seen[id] {
			continue
		}
		seen[id] = true
		whole, err := r.fact(ctx, id)
		if errors.Is(err, ErrNotFound) || err == nil && !whole.Asserted() {
			continue
		}
		if err != nil {
			return nil, err
		}
		extent, dated, err := r.vocabulary.AssertedExtent(whole)
		if err != nil {
			return nil, err
		}
		if disputed = disputed || whole.Disputed(); dated {
			days = append(days, extent)
		} else {
			next = append(next, whole.Wholes()...)
		}
	}
	if len(days) == 0 {
		return nil, nil
	}
	within := &schema.Within{Days: days[0], Disputed: disputed}
	for _, more := range days[1:] {
		within.Days = within.Join(more)
	}
	return within, nil
}

// partsOf lists the facts that are part of one.
func (r reader) partsOf(ctx context.Context, whole schema.ID) ([]schema.ID, error) {
	return union(partTerms, func(term quad.IRI) ([]schema.ID, error) {
		ids, err := r.subjects(ctx, store.Pattern{Predicate: term, Object: whole.Value()})
		return onlyFacts(ids), err
	})
}

// isPart reports whether a fact is part of another.
func (r reader) isPart(ctx context.Context, id schema.ID) (bool, error) {
	for _, term := range partTerms {
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
