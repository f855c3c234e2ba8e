package export

import (
	"io"
	"slices"
	"testing"
)

// BenchmarkNetworkFormats writes the nodes and edges of the shipped example, read before,
// so that it measures the formats without the reading of facts.
func BenchmarkNetworkFormats(b *testing.B) {
	e := newElements(Selection{Graph: example(b)}, Options{Collapse: true})
	var nodes []*node
	var edges []*edge
	for n, err := range e.nodes(b.Context()) {
		if err != nil {
			b.Fatal(err)
		}
		n := *n
		n.values = slices.Clone(n.values)
		nodes = append(nodes, &n)
	}
	for x, err := range e.edges(b.Context()) {
		if err != nil {
			b.Fatal(err)
		}
		x := *x
		x.values = slices.Clone(x.values)
		edges = append(edges, &x)
	}
	for name, writers := range map[string]func(*buffer) (func(*node), func(*edge)){
		"gexf": func(out *buffer) (func(*node), func(*edge)) {
			x := newGEXFWriter(out, e.shape)
			return x.addNode, x.addEdge
		},
		"graphml": func(out *buffer) (func(*node), func(*edge)) {
			x := newGraphMLWriter(out, e.shape, false)
			return x.addNode, x.addEdge
		},
		"d3": func(out *buffer) (func(*node), func(*edge)) {
			x := newJSONWriter(out, e.shape)
			return x.addLinkedNode, x.addLink
		},
	} {
		b.Run(name, func(b *testing.B) {
			out := newBuffer(io.Discard)
			addNode, addEdge := writers(out)
			size := 0
			for b.Loop() {
				size = 0
				for _, n := range nodes {
					addNode(n)
				}
				for _, x := range edges {
					addEdge(x)
				}
				size = len(out.bytes)
				out.bytes = out.bytes[:0]
			}
			b.SetBytes(int64(size))
		})
	}
}
