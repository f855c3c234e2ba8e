package export

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// shapes tell the kinds of entities apart.
var shapes = map[schema.Kind]string{
	schema.Person: "ellipse", schema.Post: "house", schema.Institution: "box", schema.Group: "octagon",
	schema.Country: "doubleoctagon", schema.Place: "cds", schema.Gathering: "hexagon", schema.Doc: "note", schema.Thing: "component",
}

// writeDOT writes a directed graph for Graphviz. A fact that did not happen, or
// that no source asserts, is dashed; a disputed one is red.
func writeDOT(ctx context.Context, w io.Writer, s Selection, o Options) error {
	d := newDOT(w, s.Graph)
	draw := d.factNode
	if o.Collapse {
		draw = d.factEdges
	}
	for fact, err := range s.Graph.Facts(ctx, s.Filter) {
		if err != nil {
			return err
		}
		if err := draw(ctx, fact); err != nil {
			return err
		}
	}
	return d.end(ctx, s.All)
}

func newDOT(w io.Writer, g *graph.Graph) *dot {
	d := &dot{w: bufio.NewWriter(w), graph: g, names: names{g, map[schema.ID]string{}}, entities: map[schema.ID]bool{}}
	d.line("digraph entente {")
	d.line(`  graph [charset="UTF-8", rankdir=LR];`)
	d.line(`  node [fontname="sans-serif"];`)
	d.line(`  edge [fontname="sans-serif", fontsize=10];`)
	return d
}

func (d *dot) end(ctx context.Context, all bool) error {
	if err := d.nodes(ctx, all); err != nil {
		return err
	}
	d.line("}")
	return d.w.Flush()
}

// Link is one fact between two entities, as a path has it.
type Link struct {
	From, To schema.ID
	Fact     schema.ID
}

// WriteLinks writes links as a directed graph for Graphviz, each once: what a path
// goes by. An edge points as the fact does, and has two heads where it goes both
// ways; its tooltip is the words that the fact goes by.
func WriteLinks(ctx context.Context, w io.Writer, g *graph.Graph, links []Link) error {
	d := newDOT(w, g)
	drawn := make(map[Link]bool)
	for _, l := range links {
		f, err := g.Fact(ctx, l.Fact)
		if err != nil {
			return err
		}
		pairs := g.Vocabulary().Pairs(f)
		goes := func(from, to schema.ID) bool {
			return slices.ContainsFunc(pairs, func(e schema.Edge) bool { return e.From == from && e.To == to })
		}
		there, back := goes(l.From, l.To), goes(l.To, l.From)
		if back && (!there || l.To < l.From) {
			l.From, l.To = l.To, l.From
		}
		if !drawn[l] {
			drawn[l] = true
			d.link(l, f, there && back)
		}
	}
	return d.end(ctx, false)
}

func (d *dot) link(l Link, f schema.Fact, both bool) {
	d.note(l.From)
	d.note(l.To)
	heads := ""
	if both {
		heads = ", dir=both"
	}
	if i := f.BestEvidence(); i >= 0 && f.Evidence[i].Quote != "" {
		heads += ", tooltip=" + quote(f.Evidence[i].Quote)
	}
	d.line("  %s -> %s [label=%s%s%s];", quote(string(l.From)), quote(string(l.To)), quote(title(f)), heads, look(f))
}

type dot struct {
	w        *bufio.Writer
	graph    *graph.Graph
	names    names
	entities map[schema.ID]bool
}

// line leaves errors of the writer to Flush.
func (d *dot) line(format string, args ...any) { fmt.Fprintf(d.w, format+"\n", args...) }

func (d *dot) nodes(ctx context.Context, all bool) error {
	if all {
		for e, err := range d.graph.Entities(ctx) {
			if err != nil {
				return err
			}
			d.entities[e.ID] = true
			d.names.labels[e.ID] = e.Label
		}
	}
	for _, id := range sorted(d.entities) {
		label, err := d.names.label(ctx, id)
		if err != nil {
			return err
		}
		d.line("  %s [label=%s, shape=%s];", quote(string(id)), quote(label), shapes[schema.KindOf(id)])
	}
	return nil
}

// factNode draws a fact as a node, with an edge to each participant, place and
// source, and to the facts it is linked to.
func (d *dot) factNode(ctx context.Context, f schema.Fact) error {
	d.line("  %s [label=%s, shape=plaintext%s];", quote(string(f.ID)), quote(title(f)), look(f))
	seen := make(map[string]bool)
	edge := func(word string, to schema.ID) {
		if key := word + " " + string(to); to != "" && !seen[key] {
			seen[key] = true
			d.note(to)
			d.line("  %s -> %s [label=%s];", quote(string(f.ID)), quote(string(to)), quote(word))
		}
	}
	for _, r := range f.Roles {
		edge(string(r.Role), r.ID)
	}
	for _, l := range f.Links {
		edge(string(l.Type), l.Fact)
	}
	for _, e := range f.Evidence {
		for _, place := range e.At {
			edge("at", place)
		}
		edge("source", e.Source)
	}
	return nil
}

func (d *dot) note(id schema.ID) {
	if schema.KindOf(id) != schema.KindFact {
		d.entities[id] = true
	}
}

// factEdges draws a fact as edges between those it links; one edge with two
// heads where it goes both ways. Facts that link no two entities are left out.
func (d *dot) factEdges(ctx context.Context, f schema.Fact) error {
	pairs := d.graph.Vocabulary().Pairs(f)
	has := make(map[schema.Edge]bool, len(pairs))
	for _, e := range pairs {
		has[e] = true
	}
	for _, e := range pairs {
		d.note(e.From)
		d.note(e.To)
		heads := ""
		if has[schema.Edge{From: e.To, Verb: e.Verb, To: e.From, Fact: e.Fact}] {
			if e.To < e.From {
				continue
			}
			heads = ", dir=both"
		}
		d.line("  %s -> %s [label=%s%s%s];", quote(string(e.From)), quote(string(e.To)), quote(title(f)), heads, look(f))
	}
	return nil
}

func title(f schema.Fact) string {
	words := []string{strings.ReplaceAll(string(f.Verb), "-", " ")}
	if f.Status != schema.Happened {
		words = append(words, "("+string(f.Status)+")")
	}
	if f.Topic != "" {
		words = append(words, "about "+f.Topic)
	}
	return strings.Join(words, " ") + "\n" + f.When.String()
}

func look(f schema.Fact) string {
	switch {
	case f.Disputed():
		return ", color=red, fontcolor=red"
	case f.Status != schema.Happened || !f.Asserted():
		return ", style=dashed, fontcolor=gray40"
	}
	return ""
}

// quote is a DOT string. Backslashes are doubled, so that no name is taken for
// an escape such as \N; control and direction characters are left out.
func quote(s string) string {
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
