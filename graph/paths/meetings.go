package paths

import (
	"context"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Together returns the facts of the query that involve all of several entities: in a
// role, as place, speaker or source. The facts are in order of time. The query's
// direction and limits on passing are ignored.
func Together(ctx context.Context, g *graph.Graph, v *View, of []schema.ID, q Query) ([]schema.Fact, error) {
	if _, err := v.planForSeveral(of, q); err != nil {
		return nil, err
	}
	return g.Timeline(ctx, graph.Filter{Conditions: q.conditions(), With: of[0], Alongside: of[1:]})
}
