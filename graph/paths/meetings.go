package paths

import (
	"context"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Together are the facts of the query in which all of some entities have part: in
// a role, as place, speaker or source, in order of time. Its direction, and whom
// paths may pass, does not matter.
func Together(ctx context.Context, g *graph.Graph, v *View, of []schema.ID, q Query) ([]schema.Fact, error) {
	if _, err := v.planForSeveral(of, q); err != nil {
		return nil, err
	}
	return g.Timeline(ctx, graph.Filter{Conditions: q.conditions(), With: of[0], Alongside: of[1:]})
}
