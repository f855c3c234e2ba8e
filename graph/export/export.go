// Package export writes a graph in the formats of other programs:
//
//   - as a drawing for Graphviz ([DOT]) or a flowchart ([Mermaid]);
//   - as RDF: N-Quads ([NQuads]), which the command entente load reads too, TriG
//     ([TriG]), JSON-LD ([JSONLD]) and Turtle ([Turtle]);
//   - as a network for programs that draw and measure networks ([GEXF], [GraphML],
//     [Cytoscape], [Graphology], [D3]), or for Neo4j ([Neo4j], [Cypher]);
//   - as tables: of facts ([CSV]), of nodes and edges ([CSVNodes], [CSVEdges]), or of all
//     records ([SQLite], [Parquet]);
//   - as notes and reports ([Markdown], [Obsidian], [Canvas]), a timeline ([TimelineJS]),
//     or for investigations ([FTM]).
//
// The formats of RDF have the same quads of a selection, with absolute IRIs once
// their prefixes are expanded. Turtle has no labels: it does not say which dataset
// states a triple, nor which fact an edge is of, and an edge of a disputed fact looks
// like any other. A term that RDF does not allow, such as a text that is not UTF-8,
// is an error that wraps [nquads.ErrTerm] and has the quad.
//
// [Write] writes to any writer what a [Selection] selects: the whole graph, or the
// facts that a filter picks. As Options.Shape says, each fact is a node with its roles
// and evidence, or an edge between its participants:
//
//	export.Write(ctx, w, export.NQuads, export.Selection{Graph: g}, export.Options{})
//	export.Write(ctx, w, export.DOT, export.Selection{Graph: g}, export.Options{Collapse: true})
//
// The same graph gives the same bytes, in whatever order its datasets were loaded.
// A [Selector] selects the network around entities, the facts of paths, and what ids
// name. [WriteLinks] draws paths.
package export

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
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
	Turtle Format = "turtle" // RDF 1.1 Turtle, which has no labels
	TriG   Format = "trig"   // RDF 1.1 TriG
	JSONLD Format = "jsonld" // JSON-LD 1.1

	CSV      Format = "csv"       // a row for each fact, for spreadsheets
	CSVNodes Format = "csv-nodes" // a row for each node, for Gephi and pandas
	CSVEdges Format = "csv-edges" // a row for each edge, for Gephi and pandas

	SQLite  Format = "sqlite"  // a SQLite database
	Parquet Format = "parquet" // a folder of Parquet files, one for each table
	Neo4j   Format = "neo4j"   // a folder of CSV files for the import of Neo4j
	Cypher  Format = "cypher"  // a script for Neo4j

	FTM        Format = "ftm"        // entities of FollowTheMoney, one a line
	TimelineJS Format = "timelinejs" // events of TimelineJS, as JSON
	Mermaid    Format = "mermaid"    // a flowchart of Mermaid
	Markdown   Format = "markdown"   // a report with quotes and sources
	Obsidian   Format = "obsidian"   // a vault of Obsidian, a folder with a note for each entity
	Canvas     Format = "canvas"     // JSON Canvas 1.0
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

	// Facts, if not nil, are the facts to export, each once and in the order of
	// [graph.Graph.Facts], instead of the facts that Filter picks.
	Facts []schema.ID

	// Entities are exported too, besides those that take part in the facts.
	Entities []schema.ID

	// Closed leaves out edges to other entities than Entities if facts are collapsed to
	// edges: a meeting of two of them with a third entity is then one edge. As a node, a
	// fact has all its participants.
	Closed bool
}

// members returns the set of Entities.
func (s Selection) members() map[schema.ID]bool {
	members := make(map[schema.ID]bool, len(s.Entities))
	for _, id := range s.Entities {
		members[id] = true
	}
	return members
}

// linker returns a function that returns the pairs of entities which the edges of a
// collapsed fact join.
func (s Selection) linker() func(schema.Fact) []schema.Edge {
	if !s.Closed {
		return s.Graph.Vocabulary().Pairs
	}
	members := s.members()
	return func(f schema.Fact) []schema.Edge {
		return slices.DeleteFunc(s.Graph.Vocabulary().Pairs(f), func(e schema.Edge) bool { return !members[e.From] || !members[e.To] })
	}
}

// facts yields the selected facts, in the order of [graph.Graph.Facts].
func (s Selection) facts(ctx context.Context) iter.Seq2[schema.Fact, error] {
	return s.Graph.Facts(ctx, s.filter())
}

// filter returns the filter that picks the selected facts.
func (s Selection) filter() graph.Filter {
	switch {
	case s.Facts != nil:
		return graph.Filter{Facts: s.Facts}
	case s.Filter != nil:
		return *s.Filter
	}
	return graph.Filter{}
}

func (s Selection) isWholeGraph() bool { return s.Filter == nil && s.Facts == nil }

// atOneMoment calls fn with the selection of the graph as it is now, whatever the order in
// which its datasets were loaded.
func (s Selection) atOneMoment(fn func(Selection) error) error {
	snapshot, err := s.Graph.Snapshot()
	if err != nil {
		return err
	}
	defer snapshot.Close()
	s.Graph = s.Graph.Canonical(snapshot)
	return fn(s)
}

// format is a format and the function that writes it.
type format struct {
	name  Format
	write func(ctx context.Context, w io.Writer, s Selection, o Options) error

	// files writes a format that has several files, instead of write.
	files func(ctx context.Context, to folder, s Selection, o Options) error
}

// formats lists all formats. A new exporter is one line here.
func formats() []format {
	return append([]format{
		{name: DOT, write: writeDOT},
		{name: NQuads, write: writeNQuads},
		{name: Turtle, write: writeTurtle},
		{name: TriG, write: writeTriG},
		{name: JSONLD, write: writeJSONLD},
		{name: CSV, write: writeCSVFacts},
		{name: CSVNodes, write: writeCSVNodes},
		{name: CSVEdges, write: writeCSVEdges},
		{name: SQLite, write: writeSQLite},
		{name: Parquet, files: writeParquet},
		{name: Neo4j, files: writeNeo4j},
		{name: Cypher, write: writeCypher},
		{name: FTM, write: writeFTM},
		{name: TimelineJS, write: writeTimelineJS},
		{name: Mermaid, write: writeMermaid},
		{name: Markdown, write: writeMarkdown},
		{name: Obsidian, files: writeObsidian},
		{name: Canvas, write: writeCanvas},
	}, networkFormats()...)
}

// Formats returns the names of all formats.
func Formats() []Format {
	var names []Format
	for _, f := range formats() {
		names = append(names, f.name)
	}
	return names
}

// Write writes a selection to w in a format, or as a zip archive if the format has several
// files (see [HasFolder]). It writes the graph as it is when Write begins, whatever is
// written to the graph meanwhile. Equal graphs give equal bytes. Errors wrap [ErrFormat],
// [ErrOption], [ErrTooLarge] or [ErrUndated], or are errors of the graph or of w.
func Write(ctx context.Context, w io.Writer, f Format, s Selection, o Options) error {
	for _, known := range formats() {
		if known.name != f {
			continue
		}
		if err := o.Check(f); err != nil {
			return err
		}
		write := known.write
		if known.files != nil {
			write = asZip(known.files)
		}
		return s.atOneMoment(func(s Selection) error { return write(ctx, w, s, o.resolved(f)) })
	}
	return fmt.Errorf("%w %q: want one of %v", ErrFormat, f, Formats())
}

// sortedByKind returns ids in the order of their kinds, then of the ids.
func sortedByKind(ids map[schema.ID]bool) []schema.ID {
	rank := make(map[schema.Kind]int)
	for i, kind := range schema.Kinds() {
		rank[kind] = i
	}
	all := slices.Collect(maps.Keys(ids))
	slices.SortFunc(all, func(a, b schema.ID) int {
		return cmp.Or(cmp.Compare(rank[schema.KindOf(a)], rank[schema.KindOf(b)]), cmp.Compare(a, b))
	})
	return all
}

func sortedIDs(ids map[schema.ID]bool) []schema.ID {
	all := make([]schema.ID, 0, len(ids))
	for id := range ids {
		all = append(all, id)
	}
	slices.Sort(all)
	return all
}
