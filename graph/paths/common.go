package paths

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Contact is an entity with which several entities have had dealings.
type Contact struct {
	ID     schema.ID
	Kind   schema.Kind
	Degree int // as of a [Neighbour]

	// Telling is what a path ranked [ByTelling] pays for passing it: the logarithm
	// to the base 2 of its degree, twice that for a country or institution. The
	// less, the more it says to share it.
	Telling float64

	// Links are a hop to the contact from each of the entities, in their order,
	// with every fact that makes it.
	Links []Hop
}

// Common finds the common neighbours of several entities, over facts that the
// query allows: the entities that a path of two hops between them could pass, so
// no Group. The most telling come first, equal ones in the order of their ids.
// Hops and rank do not matter, and via entities are an error; with a direction,
// facts must point that way from the entities to the contact. Errors are those of
// [View.Between]; at least two different entities are needed.
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
	p.from = slices.Sorted(slices.Values(ends)) // which no path passes
	nodes, err := p.sharedNeighbours(ctx)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(nodes, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(v.passing(ByTelling, a), v.passing(ByTelling, b)), cmp.Compare(a, b))
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

// planForSeveral plans a query about several entities.
func (v *View) planForSeveral(of []schema.ID, q Query) (*plan, error) {
	if len(of) < 2 {
		return nil, fmt.Errorf("%w: only several entities share anything", ErrQuery)
	}
	if len(q.Via) > 0 {
		return nil, fmt.Errorf("%w: what is shared goes via nobody", ErrQuery)
	}
	for i, id := range of {
		if slices.Contains(of[:i], id) {
			return nil, fmt.Errorf("%w: %s stands twice", ErrQuery, id)
		}
	}
	return v.plan(q)
}

// sharedNeighbours are the common neighbours of the plan's ends: the neighbours of
// the end that has fewest, as far as they are neighbours of the other ends.
func (p *plan) sharedNeighbours(ctx context.Context) (nodes []uint32, err error) {
	least := slices.MinFunc(p.from, func(a, b uint32) int { return cmp.Compare(p.neighbourCount(a), p.neighbourCount(b)) })
	for _, rows := range p.rows {
		for i := rows.start[least]; i < rows.start[least+1]; i++ {
			node := rows.near[i]
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
	slices.Sort(nodes) // one may be a neighbour by what happened and by what did not
	return slices.Compact(nodes), nil
}

// anyBetween reports whether a fact counts between two nodes, and how many arcs it
// examined.
func (p *plan) anyBetween(from, to uint32) (ok bool, looked int) {
	for _, rows := range p.rows {
		arcs := rows.between(from, to)
		looked += len(arcs) + 1
		for i := range arcs {
			if p.predicate.matches(&arcs[i], false) {
				return true, looked
			}
		}
	}
	return false, looked
}

func (p *plan) contact(node uint32, ends []uint32) Contact {
	id := p.view.entities.id(node)
	c := Contact{ID: id, Kind: schema.KindOf(id), Degree: int(p.view.degree(node)),
		Telling: p.view.passing(ByTelling, node).telling(ByTelling)}
	for _, end := range ends {
		c.Links = append(c.Links, Hop{From: p.view.entities.id(end), To: id, Steps: p.steps(end, node)})
	}
	return c
}
