// Package export writes a graph, or the facts of it that a filter picks, in
// formats that other programs read.
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

// Format is the name of a format: "dot".
type Format string

// The formats.
const (
	DOT    Format = "dot"    // Graphviz
	NQuads Format = "nquads" // RDF 1.1 N-Quads
)

// ErrFormat is wrapped where a format has no name here.
var ErrFormat = errors.New("unknown format")

// Selection is what to write: the facts of the graph that the filter picks, with
// everyone and everything that has part in them.
type Selection struct {
	Graph  *graph.Graph
	Filter graph.Filter

	// All adds the entities that have part in no fact, and for N-Quads whatever
	// else the graph holds; the filter must be empty.
	All bool
}

// Options say how to write. The zero value writes facts as nodes, with roles
// and evidence; Collapse writes them as edges between who takes part.
type Options struct {
	Collapse bool
}

// format is one format and the function that writes it.
type format struct {
	name  Format
	write func(ctx context.Context, w io.Writer, s Selection, o Options) error
}

// formats is the list to which a new exporter is added.
func formats() []format {
	return []format{{DOT, writeDOT}, {NQuads, writeNQuads}}
}

// Formats lists the formats by name.
func Formats() []Format {
	var names []Format
	for _, f := range formats() {
		names = append(names, f.name)
	}
	return names
}

// Write writes the selection. The same graph gives the same bytes. Errors wrap
// [ErrFormat] or are those of the graph and of w.
func Write(ctx context.Context, w io.Writer, f Format, s Selection, o Options) error {
	for _, known := range formats() {
		if known.name == f {
			return known.write(ctx, w, s, o)
		}
	}
	return fmt.Errorf("%w %q: want one of %v", ErrFormat, f, Formats())
}

// labelCache keeps the labels of the entities that a selection shows.
type labelCache struct {
	graph  *graph.Graph
	labels map[schema.ID]string
}

// label is what an entity is called; its id where no dataset names it.
func (n *labelCache) label(ctx context.Context, id schema.ID) (string, error) {
	if label, ok := n.labels[id]; ok {
		return label, nil
	}
	e, err := n.graph.Entity(ctx, id)
	if err != nil && !errors.Is(err, graph.ErrNotFound) {
		return "", err
	}
	n.labels[id] = e.Label
	if e.Label == "" {
		n.labels[id] = string(id)
	}
	return n.labels[id], nil
}

func sortedIDs(ids map[schema.ID]bool) []schema.ID {
	all := make([]schema.ID, 0, len(ids))
	for id := range ids {
		all = append(all, id)
	}
	slices.Sort(all)
	return all
}
