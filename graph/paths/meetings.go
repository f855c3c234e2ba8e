package paths

import (
	"context"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Together finds the facts of the query in which all of several entities take
// part: in a role, as place, speaker or source, in order of time. The query's
// direction and limits on passing do not matter.
func Together(ctx context.Context, g *graph.Graph, v *View, of []schema.ID, q Query) ([]schema.Fact, error) {
	if _, err := v.planForSeveral(of, q); err != nil {
		return nil, err
	}
	return g.Timeline(ctx, graph.Filter{Conditions: q.conditions(), With: of[0], Alongside: of[1:]})
}
