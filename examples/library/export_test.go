package library

import (
	"bytes"
	"context"
	"fmt"
	"log"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
)

// Write a graph as N-Quads, which entente and other RDF stores load, and draw it
// for Graphviz, to any writer.
func Example_export() {
	ctx := context.Background()
	g, err := graph.Open(ctx, folder, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer g.Close()
	var quads, drawing bytes.Buffer
	whole := export.Selection{Graph: g} // a Filter selects facts
	if err := export.Write(ctx, &quads, export.NQuads, whole, export.Options{}); err != nil {
		log.Fatal(err)
	}
	if err := export.Write(ctx, &drawing, export.DOT, whole, export.Options{Collapse: true}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(bytes.Count(quads.Bytes(), []byte("\n")), "quads")
	for line := range bytes.Lines(drawing.Bytes()) {
		if bytes.Contains(line, []byte(`"person:ely-ratner" -> "person:xie-feng"`)) {
			fmt.Printf("%s", line)
		}
	}
	// Output:
	// 2586 quads
	//   "person:ely-ratner" -> "person:xie-feng" [label="told about open lines between the two militaries\n2023-07-12"];
	//   "person:ely-ratner" -> "person:xie-feng" [label="met\n2023-07-12", dir=both];
	//   "person:ely-ratner" -> "person:xie-feng" [label="spoke with about defense relations and security issues\n2023-07-12", dir=both];
}
