package export

import (
	"errors"
	"fmt"
)

// Shape is how a format of graphs writes facts.
type Shape string

// The shapes.
const (
	ShapeFacts Shape = "facts" // a fact is a node, with an edge to each participant, source, place and linked fact
	ShapeEdges Shape = "edges" // a fact is an edge for each pair of entities that it links, with all its attributes
)

// Shapes lists the shapes.
func Shapes() []Shape { return []Shape{ShapeFacts, ShapeEdges} }

// Options change how facts are written. With the zero Options each format has its
// default shape.
type Options struct {
	// Shape is how facts are written. If it is empty, the format decides: the formats of
	// programs that draw and measure networks (GEXF, GraphML, Neo4j, Mermaid and so on)
	// and the tables of nodes and edges write edges, all others write facts as nodes.
	Shape Shape

	// Collapse is another way to ask for ShapeEdges.
	Collapse bool

	// Excel begins a CSV with a byte order mark, by which Excel recognizes UTF-8.
	Excel bool

	// YEd adds the labels, sizes and lines by which yEd draws a graph to GraphML. Some
	// other programs do not read such a file.
	YEd bool

	// EdgesKey is the key of the list of edges in D3: "links", also if it is empty, or
	// "edges", which networkx reads from version 3.6 on.
	EdgesKey string

	// Notes, if not nil, gets a sentence about everything that the written file lacks or
	// has changed, such as characters that its format cannot hold.
	Notes *[]string
}

// ErrOption is wrapped by the error of an option that its format does not have.
var ErrOption = errors.New("no such option")

// Check returns an error that wraps [ErrOption] if the format has no such options.
func (o Options) Check(f Format) error {
	fallback := defaultShape(f)
	switch {
	case o.Shape != "" && o.Shape != ShapeFacts && o.Shape != ShapeEdges:
		return fmt.Errorf("%w: unknown shape %q: want facts or edges", ErrOption, o.Shape)
	case o.Shape == ShapeFacts && o.Collapse:
		return fmt.Errorf("%w: facts cannot be nodes and collapsed to edges at once", ErrOption)
	case fallback == "" && (o.Shape != "" || o.Collapse):
		return fmt.Errorf("%w: the format %s has one shape only", ErrOption, f)
	case o.Excel && f != CSV && f != CSVNodes && f != CSVEdges:
		return fmt.Errorf("%w: the format %s has no byte order mark: only csv, csv-nodes and csv-edges have", ErrOption, f)
	case o.YEd && f != GraphML:
		return fmt.Errorf("%w: the format %s has no graphics of yEd: only graphml has", ErrOption, f)
	case o.EdgesKey != "" && f != D3:
		return fmt.Errorf("%w: the format %s has no key of edges: only d3 has", ErrOption, f)
	case o.EdgesKey != "" && o.EdgesKey != linksKey && o.EdgesKey != edgesKey:
		return fmt.Errorf("%w: unknown key of edges %q: want links or edges", ErrOption, o.EdgesKey)
	}
	return nil
}

// defaultShape returns the shape in which a format writes facts if the options do not
// say it, or an empty shape if the format has one shape only.
func defaultShape(f Format) Shape {
	switch f {
	case CSV, SQLite, Parquet, Markdown, Obsidian, FTM, TimelineJS:
		return ""
	case CSVNodes, CSVEdges, GEXF, GEXF12, GraphML, Cytoscape, Graphology, D3, Neo4j, Cypher, Mermaid, Canvas:
		return ShapeEdges
	}
	return ShapeFacts
}

// resolved returns the options with Collapse as the shape for the format requires.
func (o Options) resolved(f Format) Options {
	o.Collapse = o.Collapse || o.Shape == ShapeEdges || o.Shape == "" && defaultShape(f) == ShapeEdges
	return o
}

func (o Options) note(sentence string) {
	if o.Notes != nil {
		*o.Notes = append(*o.Notes, sentence)
	}
}
