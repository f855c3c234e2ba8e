package paths

import (
	"context"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// FactsAmong returns the facts that the query allows and that link two of the given
// entities, each once, in the order of their ids. It looks at pairs of these entities
// alone, so Hops, Through, Avoid and Via of the query have no meaning. An entity that no
// fact links is ignored. Errors are the errors of [View.Between].
func (v *View) FactsAmong(ctx context.Context, entities []schema.ID, q Query) ([]schema.ID, error) {
	p, err := v.plan(Query{Conditions: q.Conditions, Direction: q.Direction})
	if err != nil {
		return nil, err
	}
	nodes := v.nodeSet(entities)
	var facts []uint32
	for _, node := range nodes {
		for _, rows := range p.rows {
			if facts, err = p.appendFacts(ctx, facts, rows, node, nodes); err != nil {
				return nil, err
			}
		}
	}
	slices.Sort(facts)
	ids := make([]schema.ID, 0, len(facts))
	for _, fact := range slices.Compact(facts) {
		ids = append(ids, v.facts.id(fact))
	}
	slices.Sort(ids)
	return ids, context.Cause(ctx)
}

// nodeSet returns the sorted nodes of entities, without entities that no fact links.
func (v *View) nodeSet(entities []schema.ID) []uint32 {
	nodes := make([]uint32, 0, len(entities))
	for _, id := range entities {
		if node, ok := v.entities.find(id); ok {
			nodes = append(nodes, node)
		}
	}
	slices.Sort(nodes)
	return slices.Compact(nodes)
}

// appendFacts appends the facts that match and that link a node with a node of a sorted
// list. It walks the shorter of the list and the node's neighbours.
func (p *plan) appendFacts(ctx context.Context, facts []uint32, rows *adjacency, node uint32, nodes []uint32) ([]uint32, error) {
	low, high := rows.start[node], rows.start[node+1]
	if len(nodes) < int(high-low) {
		for _, to := range nodes {
			facts = p.appendMatches(facts, rows.between(node, to))
		}
		return facts, p.checkContext(ctx, len(nodes))
	}
	for i := low; i < high; i++ {
		if _, ok := slices.BinarySearch(nodes, rows.neighbours[i]); ok {
			facts = p.appendMatches(facts, rows.arcs[rows.first[i]:rows.first[i+1]])
		}
	}
	return facts, p.checkContext(ctx, int(rows.first[high]-rows.first[low]))
}

// appendMatches appends the facts of the arcs that match.
func (p *plan) appendMatches(facts []uint32, arcs []arc) []uint32 {
	for i := range arcs {
		if p.predicate.matches(&arcs[i], false) {
			facts = append(facts, arcs[i].fact)
		}
	}
	return facts
}
