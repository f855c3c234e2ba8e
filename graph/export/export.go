// Package export writes a graph, or the facts that a filter selects, in formats
// of other programs.
package export

import (
	"context"
	"errors"
	"fmt"
	"io"
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

// Selection is what to export: the facts of the graph that the filter selects,
// with all entities that take part in them.
type Selection struct {
	Graph  *graph.Graph
	Filter graph.Filter

	// All adds the entities that take part in no fact, and for N-Quads all
	// other quads of the graph. The filter must be empty.
	All bool
}

// Options change how facts are written. By default a fact is a node with its
// roles and evidence; Collapse makes it edges between its participants.
type Options struct {
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

// Write writes the selection. Equal graphs give equal bytes. Errors wrap
// [ErrFormat] or are errors of the graph or of w.
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
