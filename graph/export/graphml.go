package export

import (
	"context"
	"io"
	"strconv"
)

// writeGraphML writes a directed graph as GraphML. Each key has its own id and is for
// nodes or for edges; the attribute symmetric marks an edge that goes both ways, since
// other programs ignore or refuse undirected edges in a directed graph. Programs show
// different keys as the name of a node, so label and name have the same text; of edges,
// Cytoscape shows interaction, which is the label. Gephi merges parallel edges unless the
// attribute label of their elements differs: see [parallelKinds].
//
// With Options.YEd the file has the graphics of yEd besides.
func writeGraphML(ctx context.Context, w io.Writer, s Selection, o Options) error {
	e, b := newElements(s, o), newBuffer(w)
	x := newGraphMLWriter(b, e.shape, o.YEd)
	x.addHeader()
	if err := b.addNodes(ctx, e, x.addNode); err != nil {
		return err
	}
	if err := b.addEdges(ctx, e, x.addEdge); err != nil {
		return err
	}
	b.add("</graph>\n</graphml>\n")
	return b.finish(e, o)
}

type graphMLWriter struct {
	*buffer
	styler
	yEd          bool
	kinds        parallelKinds
	nodes, edges graphMLKeys
	sentence     int // the column of edges with the sentence of the fact; -1 if there is none
}

// graphMLKeys are the keys of nodes or of edges: the texts that no column has, then the
// columns.
type graphMLKeys struct {
	columns  []column
	texts    int      // the number of texts before the columns
	prefixes []string // what stands before a value
}

func newGraphMLWriter(b *buffer, s shape, yEd bool) *graphMLWriter {
	return &graphMLWriter{buffer: b, styler: newStyler(s), yEd: yEd, kinds: parallelKinds{},
		nodes:    newGraphMLKeys("n", s.nodeColumns(), "label", "name", "color"),
		edges:    newGraphMLKeys("e", s.edgeColumns(), "label", "name", "interaction", "color"),
		sentence: indexOf(s.edgeColumns(), "sentence")}
}

func newGraphMLKeys(id string, columns []column, texts ...string) graphMLKeys {
	k := graphMLKeys{texts: len(texts)}
	for _, name := range texts {
		k.columns = append(k.columns, column{name, textType})
	}
	k.columns = append(k.columns, columns...)
	for i := range k.columns {
		k.prefixes = append(k.prefixes, `<data key="`+id+strconv.Itoa(i)+`">`)
	}
	return k
}

func (x *graphMLWriter) addHeader() {
	x.add(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<graphml xmlns="http://graphml.graphdrawing.org/xmlns"`)
	if x.yEd {
		x.add(` xmlns:y="http://www.yworks.com/xml/graphml"`)
	}
	x.add(">\n")
	x.addKeys("n", "node", x.nodes.columns)
	x.addKeys("e", "edge", x.edges.columns)
	if x.yEd {
		x.add(yEdKeys)
	}
	x.add(`<graph id="entente" edgedefault="directed">` + "\n")
}

func (x *graphMLWriter) addKeys(id, class string, columns []column) {
	types := map[valueType]string{textType: "string", listType: "string", integerType: "int", booleanType: "boolean", dateType: "string"}
	for i, c := range columns {
		x.add(`<key id="` + id + strconv.Itoa(i) + `" for="` + class + `" attr.name="` + c.name + `" attr.type="` + types[c.kind] + `"/>` + "\n")
	}
}

func (x *graphMLWriter) addNode(n *node) {
	x.add("<node")
	x.xmlAttribute("id", string(n.id))
	x.add(">")
	color := x.node(n).hex()
	x.addData(x.nodes, n.values, n.label, n.label, color)
	if x.yEd {
		x.addYEdNode(n, color)
	}
	x.add("</node>\n")
}

func (x *graphMLWriter) addEdge(e *edge) {
	x.add("<edge")
	x.xmlAttribute("id", e.id)
	x.xmlAttribute("source", string(e.from))
	x.xmlAttribute("target", string(e.to))
	if !x.yEd {
		x.xmlAttribute("label", x.kinds.next(e))
	}
	x.add(">")
	name, l := e.label, x.edge(e)
	if x.sentence >= 0 {
		name = e.values[x.sentence].text
	}
	x.addData(x.edges, e.values, e.label, name, e.label, l.color.hex())
	if x.yEd {
		x.addYEdEdge(e, l)
	}
	x.add("</edge>\n")
}

// addData adds the texts of the first keys and the values of the columns.
func (x *graphMLWriter) addData(k graphMLKeys, values []value, texts ...string) {
	for i, text := range texts {
		x.addDatum(k.prefixes[i], text)
	}
	for i, v := range values {
		switch {
		case len(v.list) > 0:
			x.addDatum(k.prefixes[k.texts+i], v.String())
		case v.text != "":
			x.addDatum(k.prefixes[k.texts+i], v.text)
		}
	}
}

func (x *graphMLWriter) addDatum(prefix, text string) {
	x.add(prefix)
	x.xml(text)
	x.add("</data>")
}
