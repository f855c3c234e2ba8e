package paths

import (
	"context"
	"math/rand/v2"
	"slices"

	"github.com/entente-kg/entente/schema/progress"
)

const (
	// exactWork is the number of links that a search from all entities may visit. If
	// it would visit more, betweenness samples sources that visit about sampleWork
	// links, and at least enoughSources.
	exactWork     = 1 << 30
	sampleWork    = 1 << 29
	enoughSources = 256

	// shares is the number of parts of the sources. The parts are added in order, so
	// that the sums do not depend on the number of processors.
	shares = 16
)

// betweenness computes betweenness by Brandes' algorithm (2001), from all nodes, or
// from a random sample (Brandes and Pich, 2007).
func betweenness(ctx context.Context, l *simpleGraph, sources int) ([]float64, int, error) {
	from := l.sources(sources)
	task := progress.Begin(ctx, "searching shortest paths", "sources", int64(len(from)))
	defer task.End()
	parts := make([][]float64, min(shares, len(from)))
	var tasks []func(context.Context) error
	for i := range parts {
		tasks = append(tasks, func(context.Context) (err error) {
			parts[i], err = l.dependencies(ctx, from[i*len(from)/len(parts):(i+1)*len(from)/len(parts)], task)
			return err
		})
	}
	if err := runParallel(ctx, tasks); err != nil {
		return nil, 0, err
	}
	scores := make([]float64, len(l.deadEnds))
	for _, part := range parts {
		for node, s := range part {
			scores[node] += s
		}
	}
	scale := float64(len(l.nodes)) / float64(max(len(from), 1))
	if !l.directed {
		scale /= 2 // each pair was counted from both ends
	}
	for node, s := range scores {
		scores[node] = rounded(s * scale)
	}
	return scores, len(from), nil
}

// sources returns the nodes to search from: the wanted number, or if that is 0 as many
// as can be searched in some seconds.
func (l *simpleGraph) sources(wanted int) []uint32 {
	switch perSource := max(len(l.to), 1); {
	case wanted > 0:
	case len(l.nodes) <= exactWork/perSource:
		wanted = len(l.nodes)
	default:
		wanted = max(sampleWork/perSource, enoughSources)
	}
	if wanted >= len(l.nodes) {
		return l.nodes
	}
	sample := make([]uint32, 0, wanted)
	for _, i := range rand.New(rand.NewPCG(1, 1)).Perm(len(l.nodes))[:wanted] {
		sample = append(sample, l.nodes[i])
	}
	slices.Sort(sample)
	return sample
}

// pathCounts is the state of a node in Brandes' algorithm, for one source.
type pathCounts struct {
	ways float64 // shortest paths from the source to the node
	rest float64 // 1 plus the share of paths that pass the node, divided by ways
	hops int32   // distance from the source; -1 if not reached
}

type brandes struct {
	links  *simpleGraph
	ctx    context.Context
	nodes  []pathCounts
	order  []uint32 // nodes in the order in which they were reached
	looked int      // links since the last check of the context
	scores []float64
}

// dependencies sums, over the sources, the share of their shortest paths that pass
// each node.
func (l *simpleGraph) dependencies(ctx context.Context, from []uint32, task *progress.Task) ([]float64, error) {
	s := &brandes{links: l, ctx: ctx, nodes: make([]pathCounts, len(l.deadEnds)), scores: make([]float64, len(l.deadEnds))}
	for i := range s.nodes {
		s.nodes[i].hops = -1
	}
	for _, source := range from {
		if err := s.countPaths(source); err != nil {
			return nil, err
		}
		if err := s.addUp(); err != nil {
			return nil, err
		}
		task.Add(1)
	}
	return s.scores, context.Cause(ctx)
}

// countPaths counts the shortest paths from a source.
func (s *brandes) countPaths(source uint32) error {
	s.order = append(s.order[:0], source)
	s.nodes[source] = pathCounts{ways: 1}
	for i := 0; i < len(s.order); i++ {
		node := s.order[i]
		if i > 0 && s.links.deadEnds[node] {
			continue
		}
		at := s.nodes[node]
		for _, to := range s.links.of(node) {
			next := &s.nodes[to]
			if next.hops < 0 {
				next.hops = at.hops + 1
				s.order = append(s.order, to)
			}
			if next.hops == at.hops+1 {
				next.ways += at.ways
			}
		}
		if err := s.checkContext(len(s.links.of(node))); err != nil {
			return err
		}
	}
	return nil
}

// addUp computes the share of paths that pass each node, from the furthest nodes back
// to the source.
func (s *brandes) addUp() error {
	for i := len(s.order) - 1; i >= 0; i-- {
		node := s.order[i]
		at, through := &s.nodes[node], 0.0
		if i > 0 && !s.links.deadEnds[node] {
			for _, to := range s.links.of(node) {
				if next := &s.nodes[to]; next.hops == at.hops+1 {
					through += next.rest
				}
			}
			through *= at.ways
			s.scores[node] += through
			if err := s.checkContext(len(s.links.of(node))); err != nil {
				return err
			}
		}
		at.rest = (1 + through) / at.ways
	}
	for _, node := range s.order {
		s.nodes[node] = pathCounts{hops: -1}
	}
	return nil
}

// checkContext checks the context once in 1<<16 links.
func (s *brandes) checkContext(links int) error {
	if s.looked += links; s.looked < 1<<16 {
		return nil
	}
	s.looked = 0
	return context.Cause(s.ctx)
}
