package paths

import (
	"context"
	"fmt"
	"math"

	"github.com/entente-kg/entente/schema"
)

// Measure is how to measure centrality.
type Measure string

// The measures. Each pair of entities is linked once, however many facts of the
// query link them; with a direction, the links go that way.
//
//	degree       how many entities one is linked with
//	pagerank     how often one is met on a walk over links, each as likely as the
//	             next, that starts anew anywhere with a chance of 15 in 100 at each
//	             step (Brin and Page, 1998). They add up to 1
//	betweenness  on how many shortest paths between others one lies: for each two
//	             of them, the part of their shortest paths that pass it (Freeman,
//	             1977), with a direction for each two in each order
//
// Nothing leads on through a Group, nor through what the query does not let pass.
// These count as ends: they have degrees and are others' neighbours; a walk that
// comes to one starts anew; no shortest path passes one.
const (
	Degree      Measure = "degree"
	PageRank    Measure = "pagerank"
	Betweenness Measure = "betweenness"
)

// Measures lists them.
func Measures() []Measure { return []Measure{Degree, PageRank, Betweenness} }

// Centrality is the centrality scores of entities.
type Centrality struct {
	// Entities are all that the facts of the query link, the most central first,
	// equal ones in the order of their ids.
	Entities []Central

	// Sources is from how many entities shortest paths were searched: of all of
	// them or, where that would take too long, of some, and then betweenness is
	// estimated from those. It is 0 for other measures.
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

// Centrality measures how central entities are in the graph of the facts that a
// query allows. Hops and rank do not matter, and via entities are an error. For
// betweenness, sources is the number of entities to search from, 0 for as many as
// take some seconds; the choice depends on the graph alone. The scores are the
// same on any number of processors. Errors are those of [View.Between].
func (v *View) Centrality(ctx context.Context, by Measure, q Query, sources int) (Centrality, error) {
	switch {
	case len(q.Via) > 0:
		return Centrality{}, fmt.Errorf("%w: a measure goes via nobody", ErrQuery)
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
	tolerance = 1e-9 // of the sum of all changes
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

// walk advances all random walks by one step.
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

// rounded keeps ten digits, so that sums that differ only by their order are
// equal.
func rounded(x float64) float64 {
	if x == 0 {
		return 0
	}
	scale := math.Pow(10, 9-math.Floor(math.Log10(x)))
	return math.Round(x*scale) / scale
}
