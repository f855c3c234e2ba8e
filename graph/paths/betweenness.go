package paths

import (
	"context"
	"math/rand/v2"
	"slices"
)

const (
	// exactWork is how many links betweenness may look at, all in all, to search
	// from all entities. Otherwise it searches from as many as look at sampleWork,
	// and enoughSources at least.
	exactWork     = 1 << 30
	sampleWork    = 1 << 29
	enoughSources = 256

	// shares is into how many parts the sources are divided. The parts are summed up
	// in order, so that the sums do not depend on how many were done at a time.
	shares = 16
)

// betweenness is Brandes' algorithm (2001), from all nodes, or from some of them
// taken at random (Brandes and Pich, 2007).
func betweenness(ctx context.Context, l *simpleGraph, sources int) ([]float64, int, error) {
	from := l.sources(sources)
	parts := make([][]float64, min(shares, len(from)))
	var tasks []func(context.Context) error
	for i := range parts {
		tasks = append(tasks, func(context.Context) (err error) {
			parts[i], err = l.dependencies(ctx, from[i*len(from)/len(parts):(i+1)*len(from)/len(parts)])
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
		scale /= 2 // each two were searched from both
	}
	for node, s := range scores {
		scores[node] = rounded(s * scale)
	}
	return scores, len(from), nil
}

// sources are the nodes to search from: a wanted number, or as many as are
// searched within some seconds.
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
	some := make([]uint32, 0, wanted)
	for _, i := range rand.New(rand.NewPCG(1, 1)).Perm(len(l.nodes))[:wanted] {
		some = append(some, l.nodes[i])
	}
	slices.Sort(some)
	return some
}

// pathCounts is what Brandes' algorithm keeps of a node on the way from a source.
type pathCounts struct {
	ways float64 // shortest paths to it
	rest float64 // of a path to it: on how many it goes on, and one for its end there
	hops int32   // from the source, -1 where it was not reached
}

type brandes struct {
	links  *simpleGraph
	ctx    context.Context
	nodes  []pathCounts
	order  []uint32 // in which they were reached
	looked int      // links since the context was looked at
	scores []float64
}

// dependencies sums, over some sources, the share of their shortest paths that
// passes each node.
func (l *simpleGraph) dependencies(ctx context.Context, from []uint32) ([]float64, error) {
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

// addUp adds up, from the furthest nodes to the source, the share of paths that
// passes each node.
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

// checkContext checks the context from time to time.
func (s *brandes) checkContext(links int) error {
	if s.looked += links; s.looked < 1<<16 {
		return nil
	}
	s.looked = 0
	return context.Cause(s.ctx)
}
