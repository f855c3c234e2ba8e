// Package export writes a graph in the formats of other programs: as a drawing for
// Graphviz ([DOT]), or as N-Quads ([NQuads]), which the command entente load and
// other RDF stores read.
//
// [Write] writes to any writer what a [Selection] selects: the whole graph, or the
// facts that a filter picks. The zero [Options] write each fact with its roles and
// evidence; collapsed, a fact is an edge between its participants:
//
//	export.Write(ctx, w, export.NQuads, export.Selection{Graph: g}, export.Options{})
//	export.Write(ctx, w, export.DOT, export.Selection{Graph: g}, export.Options{Collapse: true})
//
// The same graph gives the same bytes, in whatever order its datasets were loaded.
// [WriteLinks] draws paths.
package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Format is the name of a format, such as "dot".
type Format string

// The formats.
const (
	DOT    Format = "dot"    // Graphviz
	NQuads Format = "nquads" // RDF 1.1 N-Quads
)

// ErrFormat is wrapped by the error of an unknown format.
var ErrFormat = errors.New("unknown format")

// Selection is what to export.
type Selection struct {
	Graph *graph.Graph

	// Filter picks the facts to export, with all entities that take part in them.
	// If it is nil, the whole graph is exported: all facts, the entities that take
	// part in no fact, and as N-Quads all other quads too, so that loading them
	// gives an equal graph.
	Filter *graph.Filter
}

// facts yields the selected facts.
func (s Selection) facts(ctx context.Context) iter.Seq2[schema.Fact, error] {
	if s.Filter == nil {
		return s.Graph.Facts(ctx, graph.Filter{})
	}
	return s.Graph.Facts(ctx, *s.Filter)
}

func (s Selection) isWholeGraph() bool { return s.Filter == nil }

// Options change how facts are written. The zero Options write a fact as a node,
// with its roles and evidence.
type Options struct {
	// Collapse writes a fact as edges between its participants, without evidence.
	Collapse bool
}

// format is a format and the function that writes it.
type format struct {
	name  Format
	write func(ctx context.Context, w io.Writer, s Selection, o Options) error
}

// formats lists all formats. A new exporter is one line here.
func formats() []format {
	return []format{{DOT, writeDOT}, {NQuads, writeNQuads}}
}

// Formats returns the names of all formats.
func Formats() []Format {
	var names []Format
	for _, f := range formats() {
		names = append(names, f.name)
	}
	return names
}

// Write writes a selection to w in a format. Equal graphs give equal bytes. Errors
// wrap [ErrFormat] or are errors of the graph or of w.
func Write(ctx context.Context, w io.Writer, f Format, s Selection, o Options) error {
	for _, known := range formats() {
		if known.name == f {
			return known.write(ctx, w, s, o)
		}
	}
	return fmt.Errorf("%w %q: want one of %v", ErrFormat, f, Formats())
}

func sortedIDs(ids map[schema.ID]bool) []schema.ID {
	all := make([]schema.ID, 0, len(ids))
	for id := range ids {
		all = append(all, id)
	}
	slices.Sort(all)
	return all
}
