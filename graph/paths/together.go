package paths

import (
	"context"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Together are the facts of the query in which all of some entities have part: in
// a role, as place, speaker or source, in order of time. Its direction, and whom
// paths may pass, does not matter.
func Together(ctx context.Context, g *graph.Graph, v *View, of []schema.ID, q Query) (facts []schema.Fact, err error) {
	m, err := v.shared(of, q)
	if err != nil {
		return nil, err
	}
	all, err := g.Timeline(ctx, graph.Filter{With: of[0], Alongside: of[1:]})
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		ok, err := m.takesFact(f, g.Vocabulary())
		if err != nil {
			return nil, err
		}
		if ok {
			facts = append(facts, f)
		}
	}
	return facts, nil
}
