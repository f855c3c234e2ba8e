package paths

import (
	"context"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Finder finds paths in a graph as it was at one moment, and reads their evidence
// as of the same moment, whatever is written meanwhile. Its searches are the methods
// of [View]. Several goroutines may use it.
type Finder struct {
	*View
	graph    *graph.Graph
	snapshot *graph.Snapshot
}

// Open returns a Finder of a graph as it is now. It loads the view from the file
// beside the graph where that fits, which needs milliseconds; else it builds the
// view, and writes the file if it can. The Finder must be closed before the graph.
//
// A program that opens many Finders of one graph keeps [Views].
func Open(ctx context.Context, g *graph.Graph) (*Finder, error) { return NewViews(g).Open(ctx) }

// Close ends the use of the graph at the moment of the Finder, whose file may then
// use the room of what was replaced since. Paths that were found remain valid.
// Closing twice is no error.
func (f *Finder) Close() error { return f.snapshot.Close() }

// Graph returns the graph at the moment of the Finder, for reading until the Finder
// is closed: for names, for [Overlaps] and [Together], and for the package render.
func (f *Finder) Graph() *graph.Graph { return f.graph }

// Evidence returns the facts of a hop with all their evidence: one for each step,
// in the same order, so the most telling fact is the first.
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
