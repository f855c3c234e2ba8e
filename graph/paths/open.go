package paths

import (
	"context"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Finder finds paths in a graph at one moment, and reads their evidence at the same
// moment, whatever is written meanwhile. Its searches are the methods of [View].
// Several goroutines may use it.
type Finder struct {
	*View
	graph    *graph.Graph
	snapshot *graph.Snapshot
}

// Open returns a Finder of a graph as it is now. If the view's file beside the graph
// is current, Open loads it in milliseconds. Otherwise it builds the view, and writes
// the file if possible. The Finder must be closed before the graph.
//
// A program that opens many Finders of one graph uses [Views].
func Open(ctx context.Context, g *graph.Graph) (*Finder, error) { return NewViews(g).Open(ctx) }

// Close releases the snapshot of the graph, so that the store can reuse the space of
// data replaced since. Paths that were found remain valid. It may be called twice.
func (f *Finder) Close() error { return f.snapshot.Close() }

// Graph returns the read-only graph that the Finder reads, valid until the Finder is
// closed: for names, for [Overlaps] and [Together], and for the package render.
func (f *Finder) Graph() *graph.Graph { return f.graph }

// Evidence returns the facts of a hop with all their evidence: one for each step, in
// the same order, so that the first fact has the lowest cost by [ByTelling]. The method
// BestEvidence of a fact returns the evidence to show first.
func (f *Finder) Evidence(ctx context.Context, hop Hop) ([]schema.Fact, error) {
	facts := make([]schema.Fact, len(hop.Steps))
	for i, step := range hop.Steps {
		var err error
		if facts[i], err = f.graph.Fact(ctx, step.Fact); err != nil {
			return nil, err
		}
	}
	return facts, nil
}
