package paths

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Contact is a common neighbour of several entities.
type Contact struct {
	ID     schema.ID
	Kind   schema.Kind
	Degree int // see [Neighbour.Degree]

	// Telling is the cost of passing the contact in a path ranked [ByTelling]: the
	// logarithm to the base 2 of its degree, multiplied as [ByTelling] says for its
	// kind. A lower cost means a more informative contact.
	Telling float64

	// Links are one hop to the contact from each entity, in the order of the entities,
	// with every fact of the hop.
	Links []Hop
}

// Common finds the common neighbours of several entities, over facts that the query
// allows: the entities that a path of two hops may pass, and so no Group. They come in
// ascending order of Telling, then in the order of their ids. Common ignores hops and
// rank; via entities are an error. With a direction, facts must have that direction
// from the entities to the contact. Errors are the errors of [View.Between]; fewer
// than two entities or a repeated one are errors too.
func (v *View) Common(ctx context.Context, of []schema.ID, q Query) ([]Contact, error) {
	p, err := v.planForSeveral(of, q)
	if err != nil {
		return nil, err
	}
	ends := make([]uint32, len(of))
	for i, id := range of {
		if ends[i], err = v.nodeOf(id); err != nil {
			return nil, err
		}
	}
	p.from = slices.Sorted(slices.Values(ends)) // p.passes excludes them
	nodes, err := p.sharedNeighbours(ctx)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(nodes, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(v.passingCost(ByTelling, a), v.passingCost(ByTelling, b)), cmp.Compare(a, b))
	})
	contacts := make([]Contact, 0, len(nodes))
	for _, node := range nodes {
		if err := p.checkContext(ctx, 1); err != nil {
			return nil, err
		}
		contacts = append(contacts, p.contact(node, ends))
	}
	return contacts, context.Cause(ctx)
}

// planForSeveral plans a query about two or more different entities.
func (v *View) planForSeveral(of []schema.ID, q Query) (*plan, error) {
	if len(of) < 2 {
		return nil, fmt.Errorf("%w: want two or more entities", ErrQuery)
	}
	if len(q.Via) > 0 {
		return nil, fmt.Errorf("%w: shared neighbours have no entities to pass", ErrQuery)
	}
	for i, id := range of {
		if slices.Contains(of[:i], id) {
			return nil, fmt.Errorf("%w: %s is given twice", ErrQuery, id)
		}
	}
	return v.plan(q)
}

// sharedNeighbours returns the common neighbours of the plan's ends. It tests each
// neighbour of the end with the fewest neighbours.
func (p *plan) sharedNeighbours(ctx context.Context) (nodes []uint32, err error) {
	least := slices.MinFunc(p.from, func(a, b uint32) int { return cmp.Compare(p.neighbourCount(a), p.neighbourCount(b)) })
	for _, rows := range p.rows {
		for i := rows.start[least]; i < rows.start[least+1]; i++ {
			node := rows.neighbours[i]
			if !p.passes(node) {
				continue
			}
			steps := 0
			all := !slices.ContainsFunc(p.from, func(from uint32) bool {
				ok, n := p.anyBetween(from, node)
				steps += n
				return !ok
			})
			if all {
				nodes = append(nodes, node)
			}
			if err := p.checkContext(ctx, steps); err != nil {
				return nil, err
			}
		}
	}
	slices.Sort(nodes) // a node may be in both adjacencies
	return slices.Compact(nodes), nil
}

// anyBetween reports whether a matching fact links two nodes, and how many arcs it
// examined.
func (p *plan) anyBetween(from, to uint32) (ok bool, examined int) {
	for _, rows := range p.rows {
		arcs := rows.between(from, to)
		examined += len(arcs) + 1
		for i := range arcs {
			if p.predicate.matches(&arcs[i], false) {
				return true, examined
			}
		}
	}
	return false, examined
}

func (p *plan) contact(node uint32, ends []uint32) Contact {
	id := p.view.entities.id(node)
	c := Contact{ID: id, Kind: schema.KindOf(id), Degree: int(p.view.degree(node)),
		Telling: p.view.passingCost(ByTelling, node).telling(ByTelling)}
	for _, end := range ends {
		c.Links = append(c.Links, Hop{From: p.view.entities.id(end), To: id, Steps: p.steps(end, node)})
	}
	return c
}
