package graph

import (
	"cmp"
	"context"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Timeline is the facts that the filter picks in order of time: by the first day
// that their evidence allows, then by the last, then by id; undated ones come
// last. A fact whose start is open comes first. Errors are those of [Graph.Facts],
// which needs no memory for them all.
func (g *Graph) Timeline(ctx context.Context, f Filter) ([]schema.Fact, error) {
	type dated struct {
		fact     schema.Fact
		from, to schema.Day
	}
	var all []dated
	for fact, err := range g.Facts(ctx, f) {
		if err != nil {
			return nil, err
		}
		from, to, ok, err := schema.Hull(fact.Dates(), g.kind(fact.Verb))
		if err != nil {
			return nil, err
		}
		if !ok {
			from, to = schema.MaxDay, schema.MaxDay
		}
		all = append(all, dated{fact, from, to})
	}
	slices.SortFunc(all, func(a, b dated) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.fact.ID, b.fact.ID))
	})
	facts := make([]schema.Fact, len(all))
	for i, d := range all {
		facts[i] = d.fact
	}
	return facts, nil
}

// kind is that of a verb; one that the vocabulary does not have happens.
func (g *Graph) kind(verb schema.Verb) schema.VerbKind {
	if d, ok := g.Vocabulary().Lookup(verb); ok {
		return d.Kind
	}
	return schema.Interaction
}
