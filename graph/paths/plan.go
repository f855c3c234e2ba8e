package paths

import (
	"context"
	"fmt"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// plan is a query prepared for a view.
type plan struct {
	view      *View
	predicate rowPredicate
	rows      []*adjacency // the adjacencies that may have matching facts

	rank         Rank
	hops         int
	leastHopCost weight // a lower bound of the cost of any hop

	kinds    uint32 // the set of kinds that paths may pass
	avoid    []uint32
	via      []uint32
	from, to []uint32 // sorted

	stepsLeft int // steps until the next check of the context
}

// plan checks and prepares a query. Errors wrap [ErrQuery], [schema.ErrDate],
// [schema.ErrUnknownVerb] or [graph.ErrNotFound].
func (v *View) plan(q Query) (*plan, error) {
	p := &plan{view: v, rank: q.Rank, hops: q.Hops}
	if err := p.checkSearch(q); err != nil {
		return nil, err
	}
	if err := p.predicate.compile(v, q.conditions(), q.Direction); err != nil {
		return nil, err
	}
	p.chooseRows()
	if err := p.checkNodes(q); err != nil {
		return nil, err
	}
	p.leastHopCost = leastHopCost(p.rank)
	return p, nil
}

func (p *plan) checkSearch(q Query) error {
	if p.hops == 0 {
		p.hops = DefaultHops
	}
	if p.rank == "" {
		p.rank = ByTelling
	}
	if p.hops < 0 || p.hops > MaxHops {
		return fmt.Errorf("%w: %d hops: want 1 to %d", ErrQuery, p.hops, MaxHops)
	}
	if !slices.Contains([]Direction{AnyWay, Forward, Backward}, q.Direction) {
		return fmt.Errorf("%w: unknown direction %q", ErrQuery, q.Direction)
	}
	return checkRank(p.rank)
}

// chooseRows selects the adjacencies that may have matching facts. With selected
// datasets, a fact may have another standing than with all datasets.
func (p *plan) chooseRows() {
	c := &p.predicate
	happened := uint8(1) << statusNumber(schema.Happened)
	if c.statuses&happened != 0 && (c.standings&assertedBits != 0 || c.datasets != nil) {
		p.rows = append(p.rows, &p.view.happened)
	}
	if (c.statuses&^happened != 0 || c.standings&^assertedBits != 0) && len(p.view.others.arcs) > 0 {
		p.rows = append(p.rows, &p.view.others)
	}
}

// passes reports whether a path may pass a node. It may not pass its own ends, nor a
// group: two facts about a group need not be about the same people.
func (p *plan) passes(node uint32) bool {
	return p.kinds&kindBit(p.view.entities.kinds[node]) != 0 && !slices.Contains(p.avoid, node) && !containsNode(p.from, node) && !containsNode(p.to, node)
}

// viaBit returns the bit of a via node, or 0 for another node.
func (p *plan) viaBit(node uint32) uint8 {
	if i := slices.Index(p.via, node); i >= 0 {
		return 1 << i
	}
	return 0
}

// hopCost returns the cost of the hop to the i-th neighbour of an adjacency; ok is
// false if no fact of the hop matches.
func (p *plan) hopCost(a *adjacency, i uint32, back bool) (w weight, ok bool) {
	arcs := a.arcs[a.first[i]:a.first[i+1]]
	best := infinite
	for k := range arcs {
		if !p.predicate.matches(&arcs[k], back) {
			continue
		}
		if w := p.view.weigh(p.rank, &arcs[k]); w < best {
			best = w
		}
		if p.rank == ByTelling { // arcs are sorted by it
			break
		}
	}
	return best, best != infinite
}

// anyMatches reports whether a fact matches between a node and its i-th neighbour in
// an adjacency.
func (p *plan) anyMatches(a *adjacency, i uint32, back bool) bool {
	if p.predicate.matchesHappened {
		return true
	}
	arcs := a.arcs[a.first[i]:a.first[i+1]]
	for k := range arcs {
		if p.predicate.matches(&arcs[k], back) {
			return true
		}
	}
	return false
}

// neighbourCount returns the number of neighbours of a node to examine.
func (p *plan) neighbourCount(node uint32) (n int) {
	for _, rows := range p.rows {
		n += int(rows.start[node+1] - rows.start[node])
	}
	return n
}

// checkContext checks the context once in 1<<14 steps.
func (p *plan) checkContext(ctx context.Context, steps int) error {
	if p.stepsLeft -= steps; p.stepsLeft > 0 {
		return nil
	}
	p.stepsLeft = 1 << 14
	return context.Cause(ctx)
}

// path returns the path along nodes, with the facts of each hop.
func (p *plan) path(nodes []uint32, total weight) Path {
	path := Path{Telling: total.telling(p.rank)}
	for i, to := range nodes[1:] {
		path.Hops = append(path.Hops, Hop{From: p.view.entities.id(nodes[i]), To: p.view.entities.id(to), Steps: p.steps(nodes[i], to)})
	}
	return path
}

func (p *plan) steps(from, to uint32) (steps []Step) {
	for _, rows := range p.rows {
		arcs := rows.between(from, to)
		for i := range arcs {
			if p.predicate.matches(&arcs[i], false) {
				steps = append(steps, p.step(&arcs[i]))
			}
		}
	}
	return steps
}

func (p *plan) step(a *arc) Step {
	return Step{p.view.facts.id(a.fact), p.view.predicates.verbs[a.verb], a.flags&arcForward == 0}
}
