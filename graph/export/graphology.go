package export

import (
	"context"
	"io"
)

// writeGraphology writes a directed graph with parallel edges in the JSON that the
// JavaScript library graphology imports. Nodes and edges have the attributes label,
// color and size, which its drawing library sigma shows.
func writeGraphology(ctx context.Context, w io.Writer, s Selection, o Options) error {
	e, b := newElements(s, o), newBuffer(w)
	x := newJSONWriter(b, e.shape)
	x.begin(`{"options":{"type":"directed","multi":true,"allowSelfLoops":true},"attributes":{"name":"entente"},` + "\n" + `"nodes":[` + "\n")
	if err := b.addNodes(ctx, e, x.addGraphologyNode); err != nil {
		return err
	}
	x.begin("\n],\n" + `"edges":[` + "\n")
	if err := b.addEdges(ctx, e, x.addGraphologyEdge); err != nil {
		return err
	}
	b.add("\n]}\n")
	return b.finish(e, o)
}

func (x *jsonWriter) addGraphologyNode(n *node) {
	x.next()
	x.add(`{"key":`)
	x.json(string(n.id))
	x.add(`,"attributes":{"label":`)
	x.json(n.label)
	x.member("color", x.node(n).hex())
	if x.isFact(n) {
		x.add(`,"size":4`)
	} else {
		x.add(`,"size":10`)
	}
	x.values(x.nodes, n.values)
	x.add("}}")
}

func (x *jsonWriter) addGraphologyEdge(e *edge) {
	x.next()
	x.add(`{"key":`)
	x.json(e.id)
	x.member("source", string(e.from))
	x.member("target", string(e.to))
	x.add(`,"attributes":{"label":`)
	x.json(e.label)
	x.member("color", x.edge(e).color.hex())
	x.add(`,"size":1`)
	x.values(x.edges, e.values)
	x.add("}}")
}
