package export

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// entityShapes are the node shapes of the kinds of entities.
var entityShapes = map[schema.Kind]string{
	schema.Person: "ellipse", schema.Post: "house", schema.Institution: "box", schema.Group: "octagon",
	schema.Country: "doubleoctagon", schema.Place: "cds", schema.Gathering: "hexagon", schema.Doc: "note", schema.Thing: "component",
}

// writeDOT writes a directed graph for Graphviz. [factStyle] gives the line
// styles of facts.
func writeDOT(ctx context.Context, w io.Writer, s Selection, o Options) error {
	d := newDOTWriter(w, s.Graph)
	d.links = s.linker()
	if err := d.selectFacts(ctx, s); err != nil {
		return err
	}
	draw := d.writeFactNode
	if o.Collapse {
		draw = d.writeFactEdges
	}
	for fact, err := range s.facts(ctx) {
		if err != nil {
			return err
		}
		if err := draw(ctx, fact); err != nil {
			return err
		}
	}
	for _, id := range s.Entities {
		d.addEntity(id)
	}
	return d.finish(ctx, s.isWholeGraph())
}

func newDOTWriter(w io.Writer, g *graph.Graph) *dotWriter {
	d := &dotWriter{w: bufio.NewWriter(w), graph: g, names: render.New(g), labels: map[schema.ID]string{}, entities: map[schema.ID]bool{}}
	d.writeLine("digraph entente {")
	d.writeLine(`  graph [charset="UTF-8", rankdir=LR];`)
	d.writeLine(`  node [fontname="sans-serif"];`)
	d.writeLine(`  edge [fontname="sans-serif", fontsize=10];`)
	return d
}

func (d *dotWriter) finish(ctx context.Context, all bool) error {
	if err := d.writeEntities(ctx, all); err != nil {
		return err
	}
	d.writeLine("}")
	return d.w.Flush()
}

// Link is a fact between two entities, as one step of a path.
type Link struct {
	From, To  schema.ID
	Fact      schema.ID
	Predicate schema.Verb // the predicate of the edge: the fact's verb or the predicate of one of its roles
}

// WriteLinks writes the links of paths as a directed graph for Graphviz, each
// link once. An edge has the direction of the fact, and two heads if the fact
// goes both ways. Its tooltip is the quote of the fact's best evidence.
func WriteLinks(ctx context.Context, w io.Writer, g *graph.Graph, links []Link) error {
	d := newDOTWriter(w, g)
	drawn := make(map[Link]bool)
	for _, l := range links {
		f, err := g.Fact(ctx, l.Fact)
		if err != nil {
			return err
		}
		pairs := g.Vocabulary().Pairs(f)
		goes := func(from, to schema.ID) bool {
			return slices.ContainsFunc(pairs, func(e schema.Edge) bool { return e.From == from && e.To == to && e.Verb == l.Predicate })
		}
		there, back := goes(l.From, l.To), goes(l.To, l.From)
		if back && (!there || l.To < l.From) {
			l.From, l.To = l.To, l.From
		}
		if !drawn[l] {
			drawn[l] = true
			if err := d.writeLink(ctx, l, f, there && back); err != nil {
				return err
			}
		}
	}
	return d.finish(ctx, false)
}

func (d *dotWriter) writeLink(ctx context.Context, l Link, f schema.Fact, both bool) error {
	d.addEntity(l.From)
	d.addEntity(l.To)
	heads := ""
	if both {
		heads = ", dir=both"
	}
	tip, err := d.names.Tooltip(ctx, f)
	if err != nil {
		return err
	}
	if tip != "" {
		heads += ", tooltip=" + quoteDOT(tip)
	}
	d.writeLine("  %s -> %s [label=%s%s%s];", quoteDOT(string(l.From)), quoteDOT(string(l.To)), quoteDOT(d.names.EdgeTitle(f, l.Predicate)), heads, factStyle(f)+roleStyle(f, l.Predicate))
	return nil
}

type dotWriter struct {
	w        *bufio.Writer
	graph    *graph.Graph
	names    *render.Renderer
	labels   map[schema.ID]string // of all entities, if all are written
	entities map[schema.ID]bool
	links    func(schema.Fact) []schema.Edge // the edges of a collapsed fact
	selected map[schema.ID]bool              // the facts that are drawn; nil if all are
}

// selectFacts lists the facts of a selection, so that no edge leads to another fact,
// which Graphviz would draw as an empty node.
func (d *dotWriter) selectFacts(ctx context.Context, s Selection) error {
	if s.isWholeGraph() {
		return nil
	}
	d.selected = map[schema.ID]bool{}
	for fact, err := range s.facts(ctx) {
		if err != nil {
			return err
		}
		d.selected[fact.ID] = true
	}
	return nil
}

// isDrawn reports whether an entity or fact is part of the drawing.
func (d *dotWriter) isDrawn(id schema.ID) bool {
	return id != "" && (d.selected == nil || schema.KindOf(id) != schema.KindFact || d.selected[id])
}

// writeLine ignores errors of the writer: Flush returns them.
func (d *dotWriter) writeLine(format string, args ...any) { fmt.Fprintf(d.w, format+"\n", args...) }

func (d *dotWriter) writeEntities(ctx context.Context, all bool) error {
	if all {
		for e, err := range d.graph.Entities(ctx) {
			if err != nil {
				return err
			}
			d.entities[e.ID] = true
			d.labels[e.ID] = e.Label
		}
	}
	for _, id := range sortedIDs(d.entities) {
		label, err := d.label(ctx, id)
		if err != nil {
			return err
		}
		d.writeLine("  %s [label=%s, shape=%s];", quoteDOT(string(id)), quoteDOT(label), entityShapes[schema.KindOf(id)])
	}
	return nil
}

// label returns the label of an entity, or its id if no dataset names it.
func (d *dotWriter) label(ctx context.Context, id schema.ID) (string, error) {
	if label, ok := d.labels[id]; ok {
		return label, nil
	}
	name, err := d.names.Name(ctx, id)
	return cmp.Or(name, string(id)), err
}

// writeFactNode draws a fact as a node, with an edge to each participant, place,
// source and linked fact.
func (d *dotWriter) writeFactNode(ctx context.Context, f schema.Fact) error {
	d.writeLine("  %s [label=%s, shape=plaintext%s];", quoteDOT(string(f.ID)), quoteDOT(d.names.EdgeTitle(f, f.Verb)), factStyle(f))
	seen := make(map[string]bool)
	edge := func(word string, to schema.ID) {
		if key := word + " " + string(to); d.isDrawn(to) && !seen[key] {
			seen[key] = true
			d.addEntity(to)
			d.writeLine("  %s -> %s [label=%s];", quoteDOT(string(f.ID)), quoteDOT(string(to)), quoteDOT(word))
		}
	}
	for _, r := range f.Roles {
		edge(string(r.Role), r.ID)
	}
	for _, l := range f.Links {
		edge(string(l.Type), l.Fact)
	}
	asserting, others := f.Sides()
	for i, e := range append(asserting, others...) {
		for _, place := range e.At {
			if i < len(asserting) || len(asserting) == 0 { // a denial does not place the fact
				edge("at", place)
			}
		}
		word := "source"
		if e.Stance != schema.Asserts {
			word = e.Stance.By()
		}
		edge(word, e.Source)
	}
	return nil
}

func (d *dotWriter) addEntity(id schema.ID) {
	if schema.KindOf(id) != schema.KindFact {
		d.entities[id] = true
	}
}

// writeFactEdges draws a fact as edges between the entities that it links, as one
// edge with two heads if it goes both ways. Facts that link no two entities
// are left out. Edges of roles have empty heads and name the verb of their fact.
func (d *dotWriter) writeFactEdges(ctx context.Context, f schema.Fact) error {
	pairs := d.links(f)
	has := make(map[schema.Edge]bool, len(pairs))
	for _, e := range pairs {
		has[e] = true
	}
	for _, e := range pairs {
		d.addEntity(e.From)
		d.addEntity(e.To)
		heads := ""
		if has[schema.Edge{From: e.To, Verb: e.Verb, To: e.From, Fact: e.Fact, Role: e.Role}] {
			if e.To < e.From {
				continue
			}
			heads = ", dir=both"
		}
		d.writeLine("  %s -> %s [label=%s%s%s];", quoteDOT(string(e.From)), quoteDOT(string(e.To)), quoteDOT(d.names.EdgeTitle(f, e.Verb)), heads, factStyle(f)+roleStyle(f, e.Verb))
	}
	return nil
}

// factStyle returns the line style of a fact: red if a source denies it,
// dotted if no source asserts it, dashed if it did not happen.
func factStyle(f schema.Fact) string {
	switch standing := f.Standing(); {
	case standing == schema.StandingDisputed:
		return ", color=red, fontcolor=red"
	case standing == schema.StandingDenied:
		return ", style=dotted, color=red, fontcolor=red"
	case standing != schema.StandingAsserted:
		return ", style=dotted, fontcolor=gray40"
	case f.Status != schema.Happened:
		return ", style=dashed, fontcolor=gray40"
	}
	return ""
}

// roleStyle returns an empty arrowhead for an edge whose predicate is not the
// fact's verb.
func roleStyle(f schema.Fact, predicate schema.Verb) string {
	if predicate == f.Verb {
		return ""
	}
	return ", arrowhead=empty"
}

// quoteDOT quotes a DOT string. It doubles backslashes, so that Graphviz reads no
// escape such as \N in a name, and leaves out control and direction characters.
func quoteDOT(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
