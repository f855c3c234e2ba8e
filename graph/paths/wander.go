package paths

import (
	"fmt"
	"slices"
)

// wander finds the path where the best way past all that it must pass has a loop:
// it tries all ways without one, the best first.
func (t *travel) wander() ([]uint32, error) {
	s := &t.sides[0]
	s.reset(t.plan.view.Nodes())
	keep := func(way moment) { s.queue.push(event{at: when(way.time, way.hops), label: s.keep(way)}) }
	for _, node := range t.ends[0] {
		keep(moment{node: node, time: always, set: t.plan.bit(node)})
	}
	for len(s.queue.items) > 0 {
		if len(s.list) > maxSplits {
			return nil, fmt.Errorf("%w: too many ways past all that it must pass", ErrCut)
		}
		n := s.queue.pop().label
		way, nodes := s.list[n], s.nodes(n)
		if isOne(t.ends[1], way.node) {
			if way.set == t.all {
				slices.Reverse(nodes)
				return t.forward(nodes), nil
			}
			continue
		}
		if int(way.hops) >= t.plan.hops {
			continue
		}
		for _, rows := range t.plan.rows {
			low, high := rows.start[way.node], rows.start[way.node+1]
			for i := low; i < high; i++ {
				to := rows.near[i]
				if slices.Contains(nodes, to) || !isOne(t.ends[1], to) && !t.plan.passes(to) {
					continue
				}
				if day, a := t.soonest(rows.arcs[rows.first[i]:rows.first[i+1]], way.time); a != nil {
					keep(moment{node: to, from: n, time: day, hops: way.hops + 1, set: way.set | t.plan.bit(to)})
				}
			}
			if err := t.plan.tick(t.ctx, int(high-low)); err != nil {
				return nil, err
			}
		}
	}
	return nil, nil
}
