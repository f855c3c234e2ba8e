package export

import (
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// gexfVersion is a version of GEXF.
type gexfVersion struct{ namespace, number, graphAttributes string }

var (
	gexf13 = gexfVersion{"http://gexf.net/1.3", "1.3", ` timerepresentation="interval"`}
	gexf12 = gexfVersion{"http://www.gexf.net/1.2draft", "1.2", ""}
)

func writeGEXF13(ctx context.Context, w io.Writer, s Selection, o Options) error {
	return writeGEXF(ctx, w, s, o, gexf13)
}

func writeGEXF12(ctx context.Context, w io.Writer, s Selection, o Options) error {
	return writeGEXF(ctx, w, s, o, gexf12)
}

// writeGEXF writes a directed graph for Gephi. Edges have no type of their own, since
// Gephi and networkx refuse a type that contradicts the default; the attribute symmetric
// marks an edge that goes both ways. Gephi merges parallel edges of one kind, so
// parallel edges have different kinds: see [parallelKinds].
//
// A fact with a first or a last day has a start or an end, by which Gephi's timeline
// shows it. The days of an event are a window in which it happened once, so the
// attribute timing says what the days mean; first_day and last_day repeat them for
// readers that ignore starts and ends.
func writeGEXF(ctx context.Context, w io.Writer, s Selection, o Options, version gexfVersion) error {
	e, b := newElements(s, o), newBuffer(w)
	x := newGEXFWriter(b, e.shape)
	x.addHeader(version)
	b.add("<nodes>\n")
	if err := b.addNodes(ctx, e, x.addNode); err != nil {
		return err
	}
	b.add("</nodes>\n<edges>\n")
	if err := b.addEdges(ctx, e, x.addEdge); err != nil {
		return err
	}
	b.add("</edges>\n</graph>\n</gexf>\n")
	return b.finish(e, o)
}

type gexfWriter struct {
	*buffer
	styler
	kinds        parallelKinds
	nodes, edges gexfColumns
}

// gexfColumns are the columns of nodes or of edges. The last column is timing.
type gexfColumns struct {
	columns           []column
	prefixes          []string // what stands before a value
	first, last, verb int      // columns of facts; -1 if there is none
}

func newGEXFWriter(b *buffer, s shape) *gexfWriter {
	return &gexfWriter{buffer: b, styler: newStyler(s), kinds: parallelKinds{},
		nodes: newGEXFColumns(s.nodeColumns()), edges: newGEXFColumns(s.edgeColumns())}
}

func newGEXFColumns(columns []column) gexfColumns {
	c := gexfColumns{first: indexOf(columns, "first_day"), last: indexOf(columns, "last_day"), verb: indexOf(columns, "verb_kind")}
	if c.verb >= 0 {
		columns = append(columns, column{"timing", textType})
	}
	c.columns = columns
	for i := range columns {
		c.prefixes = append(c.prefixes, `<attvalue for="`+strconv.Itoa(i)+`" value="`)
	}
	return c
}

// gexfDescription is what Gephi shows as the description of the graph.
const gexfDescription = "Facts and who takes part in them. Colours of edges: dark gray for what happened or holds, as at least one source asserts; " +
	"light gray for what was planned, refused, cancelled or hypothetical, and for what no source asserts; red for what a source denies. " +
	"The attributes established, status and standing say the same. The timeline shows a fact from the first to the last day on which it may have happened or held; " +
	"the attribute timing says what these days mean."

func (x *gexfWriter) addHeader(v gexfVersion) {
	x.add(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	x.add(`<gexf xmlns="` + v.namespace + `" xmlns:viz="` + v.namespace + `/viz" version="` + v.number + `">` + "\n")
	x.add("<meta>\n<creator>entente</creator>\n<description>" + gexfDescription + "</description>\n</meta>\n")
	x.add(`<graph mode="dynamic" defaultedgetype="directed" timeformat="date"` + v.graphAttributes + ">\n")
	x.addColumns("node", x.nodes.columns)
	x.addColumns("edge", x.edges.columns)
}

// addColumns declares columns. Their ids are numbers, since graphology reads titles only
// then.
func (x *gexfWriter) addColumns(class string, columns []column) {
	types := map[valueType]string{textType: "string", listType: "liststring", integerType: "integer", booleanType: "boolean", dateType: "string"}
	x.add(`<attributes class="` + class + `" mode="static">` + "\n")
	for i, c := range columns {
		x.add(`<attribute id="` + strconv.Itoa(i) + `" title="` + c.name + `" type="` + types[c.kind] + `"/>` + "\n")
	}
	x.add("</attributes>\n")
}

func (x *gexfWriter) addNode(n *node) {
	x.add("<node")
	x.xmlAttribute("id", string(n.id))
	x.xmlAttribute("label", n.label)
	x.addSpell(x.nodes, n.values)
	x.add(">")
	x.addValues(x.nodes, n.values)
	size := "10"
	if x.isFact(n) {
		size = "4"
	}
	x.add(`<viz:size value="` + size + `"/><viz:color` + x.node(n).viz() + "/></node>\n")
}

func (x *gexfWriter) addEdge(e *edge) {
	x.add("<edge")
	x.xmlAttribute("id", e.id)
	x.xmlAttribute("source", string(e.from))
	x.xmlAttribute("target", string(e.to))
	x.xmlAttribute("label", e.label)
	x.xmlAttribute("kind", x.kinds.next(e))
	if e.first != "" {
		x.xmlAttribute("start", e.first)
	}
	if e.last != "" {
		x.xmlAttribute("end", e.last)
	}
	x.add(">")
	x.addValues(x.edges, e.values)
	l := x.edge(e)
	x.add("<viz:color" + l.color.viz() + `/><viz:shape value="` + l.line + `"/></edge>` + "\n")
}

// addSpell adds the first and the last day of a fact that is a node.
func (x *gexfWriter) addSpell(c gexfColumns, values []value) {
	if c.first < 0 {
		return
	}
	if first := values[c.first].text; first != "" {
		x.xmlAttribute("start", first)
	}
	if last := values[c.last].text; last != "" {
		x.xmlAttribute("end", last)
	}
}

func (x *gexfWriter) addValues(c gexfColumns, values []value) {
	x.add("<attvalues>")
	for i, v := range values {
		switch {
		case len(v.list) > 0:
			x.add(c.prefixes[i])
			x.addList(v.list)
			x.add(`"/>`)
		case v.text != "":
			x.add(c.prefixes[i])
			x.xml(v.text)
			x.add(`"/>`)
		}
	}
	if c.verb >= 0 {
		if t := timing(values[c.verb].text, values[c.first].text, values[c.last].text); t != "" {
			x.add(c.prefixes[len(values)] + t + `"/>`)
		}
	}
	x.add("</attvalues>")
}

// timing says what the first and the last day of a fact mean. It is empty if both are
// open or unknown.
func timing(verbKind, first, last string) string {
	switch {
	case first == "" && last == "":
		return ""
	case verbKind == string(schema.Relation):
		return "a span within these days"
	case first == last:
		return "on this day"
	}
	return "once within these days"
}

// addList adds a list as Gephi and graphology read it: each text in quotes, with
// backslashes before quotes and backslashes, and nothing else escaped.
func (x *gexfWriter) addList(list []string) {
	x.add("[")
	for i, text := range list {
		if i > 0 {
			x.add(", ")
		}
		x.add("&quot;")
		if strings.ContainsAny(text, "\"\\") {
			text = listEscaper.Replace(text)
		}
		x.xml(text)
		x.add("&quot;")
	}
	x.add("]")
}

var listEscaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// parallelKinds counts edges with the same ends and label, by a hash of these. Gephi
// merges edges of one kind between the same nodes, so each has a kind of its own: its
// label, and from the second edge on a number: "met", "met 2". The ids of facts
// would do too, but Gephi has at most 65,534 kinds, and such kinds tell a person nothing.
type parallelKinds map[uint64]int

// next returns the kind of an edge, which is the next one with its ends and label.
func (k parallelKinds) next(e *edge) string {
	h := hashText(hashText(hashText(fnvOffset, string(e.from)), string(e.to)), e.label)
	k[h]++
	if k[h] == 1 {
		return e.label
	}
	return e.label + " " + strconv.Itoa(k[h])
}

const fnvOffset = 14695981039346656037

// hashText adds text and an end mark to a 64-bit FNV-1a hash.
func hashText(h uint64, text string) uint64 {
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return (h ^ 0xff) * 1099511628211
}
