package paths

import (
	"context"
	"slices"
)

// simpleGraph is the graph of entities that the facts of a query link, with one link
// for each pair. The neighbours of node n are to[start[n]:start[n+1]], in ascending
// order; with a direction, the nodes that a hop from n reaches.
type simpleGraph struct {
	start, to []uint32
	nodes     []uint32 // nodes that have a link, in ascending order
	directed  bool
	deadEnds  []bool // for each node: no path passes it
}

func (l *simpleGraph) of(node uint32) []uint32 { return l.to[l.start[node]:l.start[node+1]] }

// simpleGraph returns the simple graph of the facts that the query allows.
func (p *plan) simpleGraph(ctx context.Context) (*simpleGraph, error) {
	l := &simpleGraph{directed: p.predicate.direction != AnyWay, deadEnds: make([]bool, p.view.Nodes())}
	if p.predicate.matchesHappened {
		l.start, l.to = p.view.happened.start, p.view.happened.neighbours
	} else if err := p.gatherLinks(ctx, l); err != nil {
		return nil, err
	}
	touched := make([]bool, p.view.Nodes())
	for node := range l.deadEnds {
		l.deadEnds[node] = !p.passes(uint32(node))
		touched[node] = touched[node] || len(l.of(uint32(node))) > 0
		for _, to := range l.of(uint32(node)) {
			touched[to] = true
		}
		if err := p.checkContext(ctx, 1+len(l.of(uint32(node)))); err != nil {
			return nil, err
		}
	}
	for node, ok := range touched {
		if ok {
			l.nodes = append(l.nodes, uint32(node))
		}
	}
	return l, context.Cause(ctx)
}

func (p *plan) gatherLinks(ctx context.Context, l *simpleGraph) error {
	l.start = make([]uint32, p.view.Nodes()+1)
	for node := range p.view.Nodes() {
		begin := len(l.to)
		for _, rows := range p.rows {
			low, high := rows.start[node], rows.start[node+1]
			for i := low; i < high; i++ {
				if p.anyMatches(rows, i, false) {
					l.to = append(l.to, rows.neighbours[i])
				}
			}
			if err := p.checkContext(ctx, 1+int(rows.first[high]-rows.first[low])); err != nil {
				return err
			}
		}
		if len(p.rows) > 1 { // a neighbour may be in both adjacencies
			slices.Sort(l.to[begin:])
			l.to = l.to[:begin+len(slices.Compact(l.to[begin:]))]
		}
		l.start[node+1] = uint32(len(l.to))
	}
	return nil
}
