package paths

import (
	"fmt"
	"slices"
)

// searchAllSimple finds the best path by an enumeration of all loop-free ways, best
// first. It is needed if the best way through all via nodes has a loop.
func (t *orderedSearch) searchAllSimple() ([]uint32, error) {
	s := &t.sides[0]
	s.reset(t.plan.view.Nodes())
	keep := func(way timedLabel) { s.queue.push(event{at: arrivalWeight(way.arrival, way.hops), label: s.add(way)}) }
	for _, node := range t.ends[0] {
		keep(timedLabel{node: node, arrival: always, set: t.plan.viaBit(node)})
	}
	for len(s.queue.items) > 0 {
		if len(s.list) > maxSplits {
			return nil, fmt.Errorf("%w: too many ways through the entities to pass", ErrCut)
		}
		n := s.queue.pop().label
		way, nodes := s.list[n], s.nodes(n)
		if containsNode(t.ends[1], way.node) {
			if way.set == t.allVia {
				slices.Reverse(nodes)
				return t.inForwardOrder(nodes), nil
			}
			continue
		}
		if int(way.hops) >= t.plan.hops {
			continue
		}
		for _, rows := range t.plan.rows {
			low, high := rows.start[way.node], rows.start[way.node+1]
			for i := low; i < high; i++ {
				to := rows.neighbours[i]
				if slices.Contains(nodes, to) || !containsNode(t.ends[1], to) && !t.plan.passes(to) {
					continue
				}
				if day, a := t.earliestArrival(rows.arcs[rows.first[i]:rows.first[i+1]], way.arrival); a != nil {
					keep(timedLabel{node: to, from: n, arrival: day, hops: way.hops + 1, set: way.set | t.plan.viaBit(to)})
				}
			}
			if err := t.plan.checkContext(t.ctx, int(high-low)); err != nil {
				return nil, err
			}
		}
	}
	return nil, nil
}
