package paths

import (
	"context"
	"fmt"
	"math"

	"github.com/entente-kg/entente/schema"
)

// Measure is a measure of centrality.
type Measure string

// Measures of centrality. Each pair of entities has one link, however many facts of
// the query link the pair. With a direction, links have that direction.
//
//	degree       the number of neighbours
//	pagerank     the share of visits in a random walk that follows links with equal
//	             probability, and at each step continues at a random entity with
//	             probability 0.15 (Brin and Page, 1998); the scores add up to 1
//	betweenness  the sum, over all pairs of other entities, of the share of their
//	             shortest paths that pass the entity (Freeman, 1977); with a
//	             direction, over ordered pairs
//
// A walk or path does not continue from a Group, nor from an entity that the query
// does not let pass. Such entities still have degrees and count as neighbours. A walk
// that reaches one continues at a random entity.
const (
	Degree      Measure = "degree"
	PageRank    Measure = "pagerank"
	Betweenness Measure = "betweenness"
)

// Measures returns all measures.
func Measures() []Measure { return []Measure{Degree, PageRank, Betweenness} }

// Centrality is the centrality scores of entities.
type Centrality struct {
	// Entities are all entities that facts of the query link, in descending order of
	// score, then in the order of their ids.
	Entities []Central

	// Sources is the number of entities from which shortest paths were searched. If it
	// is smaller than the number of entities, betweenness is an estimate from a
	// sample. It is 0 for other measures.
	Sources int
}

// Central is one entity and its centrality score.
type Central struct {
	ID    schema.ID
	Kind  schema.Kind
	Score float64
}

// Approximate reports whether the scores are estimates.
func (c Centrality) Approximate() bool { return c.Sources > 0 && c.Sources < len(c.Entities) }

// Centrality computes the centrality of entities in the graph of the facts that a
// query allows. It ignores hops and rank; via entities are an error. For betweenness,
// sources is the number of entities to search from; 0 searches from as many as
// possible in some seconds, a number that depends only on the graph. The scores do not
// depend on the number of processors. Errors are the errors of [View.Between].
func (v *View) Centrality(ctx context.Context, by Measure, q Query, sources int) (Centrality, error) {
	switch {
	case len(q.Via) > 0:
		return Centrality{}, fmt.Errorf("%w: centrality has no entities to pass", ErrQuery)
	case sources < 0:
		return Centrality{}, fmt.Errorf("%w: %d sources", ErrQuery, sources)
	}
	p, err := v.plan(q)
	if err != nil {
		return Centrality{}, err
	}
	measure, ok := map[Measure]func(context.Context, *simpleGraph, int) ([]float64, int, error){
		Degree: degrees, PageRank: pageRank, Betweenness: betweenness}[by]
	if !ok {
		return Centrality{}, fmt.Errorf("%w: unknown measure %q: want one of %v", ErrQuery, by, Measures())
	}
	l, err := p.simpleGraph(ctx)
	if err != nil {
		return Centrality{}, err
	}
	scores, searched, err := measure(ctx, l, sources)
	if err != nil {
		return Centrality{}, err
	}
	return Centrality{v.entities.ranked(l.nodes, scores), searched}, nil
}

func degrees(_ context.Context, l *simpleGraph, _ int) ([]float64, int, error) {
	scores := make([]float64, len(l.deadEnds))
	for _, node := range l.nodes {
		scores[node] = float64(len(l.of(node)))
	}
	return scores, 0, nil
}

const (
	damping   = 0.85
	tolerance = 1e-9 // of the sum of absolute changes
	maxRounds = 200  // 0.85 to the power of 128 is below the tolerance
)

func pageRank(ctx context.Context, l *simpleGraph, _ int) ([]float64, int, error) {
	n := float64(len(l.nodes))
	scores, next := make([]float64, len(l.deadEnds)), make([]float64, len(l.deadEnds))
	for _, node := range l.nodes {
		scores[node] = 1 / n
	}
	for range maxRounds {
		if err := l.walk(ctx, scores, next); err != nil {
			return nil, 0, err
		}
		change := 0.0
		for _, node := range l.nodes {
			change += math.Abs(next[node] - scores[node])
		}
		scores, next = next, scores
		if change < tolerance {
			break
		}
	}
	for i, s := range scores {
		scores[i] = rounded(s)
	}
	return scores, 0, nil
}

// walk advances the random walk by one step.
func (l *simpleGraph) walk(ctx context.Context, scores, next []float64) error {
	n, lost := float64(len(l.nodes)), 0.0
	for _, node := range l.nodes {
		next[node] = 0
	}
	for i, node := range l.nodes {
		near := l.of(node)
		if l.deadEnds[node] || len(near) == 0 {
			lost += scores[node]
			continue
		}
		share := scores[node] / float64(len(near))
		for _, to := range near {
			next[to] += share
		}
		if i%(1<<10) == 0 {
			if err := context.Cause(ctx); err != nil {
				return err
			}
		}
	}
	for _, node := range l.nodes {
		next[node] = (1-damping)/n + damping*(next[node]+lost/n)
	}
	return nil
}

// rounded rounds to ten significant digits, so that sums in different orders are
// equal.
func rounded(x float64) float64 {
	if x == 0 {
		return 0
	}
	scale := math.Pow(10, 9-math.Floor(math.Log10(x)))
	return math.Round(x*scale) / scale
}
