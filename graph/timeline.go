package graph

import (
	"cmp"
	"context"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Timeline returns the facts that the filter selects, in the order of [SortByTime]. It
// keeps all facts in memory, unlike [Graph.Facts], and returns the same errors.
func (g *Graph) Timeline(ctx context.Context, f Filter) (facts []schema.Fact, err error) {
	facts = []schema.Fact{}
	for fact, err := range g.Facts(ctx, f) {
		if err != nil {
			return nil, err
		}
		facts = append(facts, fact)
	}
	return facts, SortByTime(g.Vocabulary(), facts)
}

// SortByTime sorts facts by the first day that their evidence allows, then by the last,
// then parts after the facts that contain them, then by id. Undated facts come last, and
// facts with an open start first. Errors wrap [schema.ErrDate].
func SortByTime(v *schema.Vocabulary, facts []schema.Fact) error {
	extents := make(map[schema.ID]schema.Days, len(facts))
	for _, f := range facts {
		days, ok, err := v.Extent(f)
		if err != nil {
			return err
		}
		if !ok {
			days = schema.Days{From: schema.MaxDay, To: schema.MaxDay}
		}
		extents[f.ID] = days
	}
	slices.SortFunc(facts, func(a, b schema.Fact) int {
		one, other := extents[a.ID], extents[b.ID]
		return cmp.Or(cmp.Compare(one.From, other.From), cmp.Compare(one.To, other.To),
			cmp.Compare(min(1, len(a.Wholes())), min(1, len(b.Wholes()))), cmp.Compare(a.ID, b.ID))
	})
	return nil
}

// Windowed reports whether the filter has a condition on dates.
func (f Filter) Windowed() bool {
	c := &f.Conditions
	return c.Since != "" || c.Until != "" || c.AsOf != ""
}

// Certain reports whether a fact that the filter selects meets its dates under every
// reading of the fact's dates. It is false if only some reading does, if the fact is
// disputed or not asserted, and if the fact has no date. Errors wrap [schema.ErrDate].
func (g *Graph) Certain(fact schema.Fact, f Filter) (bool, error) {
	c := &f.Conditions
	if len(c.Datasets) > 0 {
		fact.Evidence = slices.Clone(fact.Evidence)
		fact.Evidence = slices.DeleteFunc(fact.Evidence, func(e schema.Evidence) bool { return !slices.Contains(c.Datasets, e.Dataset) })
	}
	if fact.Standing() != schema.StandingAsserted {
		return false, nil
	}
	since, until, err := schema.WindowBetween(c.Since, c.Until)
	if err != nil {
		return false, err
	}
	kind := g.Vocabulary().VerbKind(fact.Verb)
	spans, err := spansOf(fact, kind)
	if err != nil || len(spans) == 0 {
		return false, err
	}
	for _, s := range spans {
		if !s.Certain(since, until) {
			return false, nil
		}
		if c.AsOf == "" {
			continue
		}
		_, day, err := schema.Window(c.AsOf)
		if err != nil {
			return false, err
		}
		if kind == schema.Relation && !s.Certain(day, day) || kind == schema.Interaction && s.To > day {
			return false, nil
		}
	}
	return true, nil
}

// spansOf returns the dates of a fact's evidence. If there are none, it returns the
// days of the facts that contain the fact, unless one of them is disputed.
func spansOf(fact schema.Fact, kind schema.VerbKind) (spans []schema.Span, err error) {
	for _, e := range fact.Evidence {
		if e.Stance == schema.Denies || !e.When.Dated() {
			continue
		}
		span, err := e.When.Span(kind)
		if err != nil {
			return nil, err
		}
		spans = append(spans, span)
	}
	if within := fact.Within; len(spans) == 0 && within != nil && !within.Disputed {
		spans = append(spans, schema.Span{From: within.From, LatestFrom: within.To, EarliestTo: within.From, To: within.To})
	}
	return spans, nil
}
