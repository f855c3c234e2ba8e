package graph

import (
	"cmp"
	"context"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Timeline is the facts that the filter picks in order of time: by the first day
// that their evidence allows, then by the last, parts of other facts after these,
// then by id; undated ones come last. A fact whose start is open comes first. Errors
// are those of [Graph.Facts], which needs no memory for them all.
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
