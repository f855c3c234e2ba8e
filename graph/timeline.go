package graph

import (
	"cmp"
	"context"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Timeline returns the facts that the filter selects, in order of time: by the first
// day that their evidence allows, then by the last, then parts after the facts that
// contain them, then by id. Undated facts come last, and facts with an open start
// first. It keeps all facts in memory, unlike [Graph.Facts], and returns the same
// errors.
func (g *Graph) Timeline(ctx context.Context, f Filter) ([]schema.Fact, error) {
	type dated struct {
		fact schema.Fact
		schema.Days
	}
	var all []dated
	for fact, err := range g.Facts(ctx, f) {
		if err != nil {
			return nil, err
		}
		days, ok, err := g.Vocabulary().Extent(fact)
		if err != nil {
			return nil, err
		}
		if !ok {
			days = schema.Days{From: schema.MaxDay, To: schema.MaxDay}
		}
		all = append(all, dated{fact, days})
	}
	slices.SortFunc(all, func(a, b dated) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(min(1, len(a.fact.Wholes())), min(1, len(b.fact.Wholes()))), cmp.Compare(a.fact.ID, b.fact.ID))
	})
	facts := make([]schema.Fact, len(all))
	for i, d := range all {
		facts[i] = d.fact
	}
	return facts, nil
}
