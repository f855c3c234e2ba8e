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
