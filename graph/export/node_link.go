package export

import (
	"cmp"
	"context"
	"io"
)

// The keys of the list of edges in node-link JSON.
const (
	linksKey = "links" // D3, and networkx before 3.6
	edgesKey = "edges" // networkx from 3.6 on
)

// writeNodeLink writes a directed graph with parallel edges as node-link JSON, which
// D3 and networkx read. Options.EdgesKey is the key of the list of edges. The key of an
// edge, by which networkx tells parallel edges apart, is its id.
func writeNodeLink(ctx context.Context, w io.Writer, s Selection, o Options) error {
	e, b := newElements(s, o), newBuffer(w)
	x := newJSONWriter(b, e.shape)
	x.begin(`{"directed":true,"multigraph":true,"graph":{"name":"entente"},` + "\n" + `"nodes":[` + "\n")
	if err := b.addNodes(ctx, e, x.addLinkedNode); err != nil {
		return err
	}
	x.begin("\n],\n" + `"` + cmp.Or(o.EdgesKey, linksKey) + `":[` + "\n")
	if err := b.addEdges(ctx, e, x.addLink); err != nil {
		return err
	}
	b.add("\n]}\n")
	return b.finish(e, o)
}

func (x *jsonWriter) addLinkedNode(n *node) {
	x.next()
	x.add(`{"id":`)
	x.json(string(n.id))
	x.member("label", n.label)
	x.member("color", x.node(n).hex())
	x.values(x.nodes, n.values)
	x.add("}")
}

func (x *jsonWriter) addLink(e *edge) {
	x.next()
	x.add(`{"source":`)
	x.json(string(e.from))
	x.member("target", string(e.to))
	x.member("key", e.id)
	x.member("id", e.id)
	x.member("label", e.label)
	l := x.edge(e)
	x.member("color", l.color.hex())
	x.member("line", l.line)
	x.values(x.edges, e.values)
	x.add("}")
}
