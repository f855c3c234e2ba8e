package render

import (
	"context"
	"maps"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Prepare reads the names and documents that [Renderer.Fact] needs for some facts, all
// together, and remembers them. For a few hundred facts at a time, that is several times
// as fast as reading each when its fact is put into words.
func (r *Renderer) Prepare(ctx context.Context, facts []schema.Fact) error {
	n := unknown{renderer: r, entities: unknownIDs{}, documents: unknownIDs{}}
	for i := range facts {
		n.addFact(&facts[i])
	}
	if len(n.entities) > 0 {
		ids := n.entities.list()
		labels, err := graph.Labels(ctx, r.graph, ids)
		if err != nil {
			return err
		}
		for i, id := range ids {
			if labels[i] != "" { // else it has to be looked for elsewhere
				r.labels.put(id, labels[i])
			}
		}
	}
	return readDocuments(ctx, r, n.documents.list())
}

// readFacts reads different facts together, and remembers the names and documents in them.
func readFacts(ctx context.Context, r *Renderer, ids []schema.ID) (map[schema.ID]schema.Fact, error) {
	facts := make(map[schema.ID]schema.Fact, len(ids))
	if len(ids) == 0 {
		return facts, nil
	}
	for f, err := range r.graph.Facts(ctx, graph.Filter{Facts: ids}) {
		if err != nil {
			return nil, err
		}
		facts[f.ID] = f
	}
	return facts, r.Prepare(ctx, slices.Collect(maps.Values(facts)))
}

// readDocuments reads documents together and remembers them.
func readDocuments(ctx context.Context, r *Renderer, ids []schema.ID) error {
	if len(ids) == 0 {
		return nil
	}
	documents, err := graph.Documents(ctx, r.graph, ids)
	if err != nil {
		return err
	}
	for i, id := range ids {
		if documents[i].Kind != "" {
			r.records.put(id, documents[i])
		}
	}
	return nil
}

// unknown is the ids of which a renderer does not remember what it needs.
type unknown struct {
	renderer            *Renderer
	entities, documents unknownIDs
}

// addFact adds the unknown ids of a fact. Facts to which it refers are not added.
func (n *unknown) addFact(f *schema.Fact) {
	for _, p := range f.Roles {
		n.addEntity(p.ID)
	}
	for i := range f.Evidence {
		e := &f.Evidence[i]
		n.addEntity(e.SaidBy)
		for _, id := range e.Via {
			n.addEntity(id)
		}
		for _, id := range e.At {
			n.addEntity(id)
		}
		if !n.renderer.documents.has(e.Source) {
			n.documents[e.Source] = true
		}
	}
}

func (n *unknown) addEntity(id schema.ID) {
	if id != "" && !n.renderer.labels.has(id) && schema.KindOf(id) != schema.KindFact {
		n.entities[id] = true
	}
}

// unknownIDs is a set of ids.
type unknownIDs map[schema.ID]bool

func (u unknownIDs) list() []schema.ID { return slices.Collect(maps.Keys(u)) }
