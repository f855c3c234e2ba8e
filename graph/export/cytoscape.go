package export

import (
	"context"
	"io"
)

// cytoscapeStyle is the style sheet of the file: colours and lines are data of the
// elements, and labels are shown.
const cytoscapeStyle = `"style":[` +
	`{"selector":"node","style":{"label":"data(label)","background-color":"data(color)","font-size":"10px","text-wrap":"wrap","text-max-width":"120px"}},` + "\n" +
	`{"selector":"node[entity_kind = \"Fact\"]","style":{"shape":"round-rectangle","width":"12px","height":"12px"}},` + "\n" +
	`{"selector":"edge","style":{"label":"data(label)","line-color":"data(color)","line-style":"data(line)","curve-style":"bezier",` +
	`"target-arrow-shape":"triangle","target-arrow-color":"data(color)","source-arrow-color":"data(color)","width":"1px","font-size":"8px"}},` + "\n" +
	`{"selector":"edge[?symmetric]","style":{"source-arrow-shape":"triangle"}}]`

// writeCytoscape writes a graph as the JSON of Cytoscape.js, which Cytoscape reads too.
// The ids of nodes and edges are all different. The attribute symmetric marks an edge
// that goes both ways.
func writeCytoscape(ctx context.Context, w io.Writer, s Selection, o Options) error {
	e, b := newElements(s, o), newBuffer(w)
	x := newJSONWriter(b, e.shape)
	x.begin(`{"data":{"name":"entente"},` + "\n" + cytoscapeStyle + ",\n" + `"elements":{"nodes":[` + "\n")
	if err := b.addNodes(ctx, e, x.addCytoscapeNode); err != nil {
		return err
	}
	x.begin("\n],\n" + `"edges":[` + "\n")
	if err := b.addEdges(ctx, e, x.addCytoscapeEdge); err != nil {
		return err
	}
	b.add("\n]}}\n")
	return b.finish(e, o)
}

func (x *jsonWriter) addCytoscapeNode(n *node) {
	x.next()
	x.add(`{"data":{"id":`)
	x.json(string(n.id))
	x.member("label", n.label)
	x.member("name", n.label)
	x.member("color", x.node(n).hex())
	x.values(x.nodes, n.values)
	x.add("}}")
}

func (x *jsonWriter) addCytoscapeEdge(e *edge) {
	x.next()
	x.add(`{"data":{"id":`)
	x.json(e.id)
	x.member("source", string(e.from))
	x.member("target", string(e.to))
	x.member("label", e.label)
	x.member("name", e.label)
	x.member("interaction", e.label)
	l := x.edge(e)
	x.member("color", l.color.hex())
	x.member("line", l.line)
	x.values(x.edges, e.values)
	x.add("}}")
}
