package export_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// example is a temporary graph of the shipped example.
func example(ctx context.Context) *graph.Graph {
	g, err := graph.Open(ctx, "", nil)
	if err != nil {
		log.Fatal(err)
	}
	in, err := loaders.Open("../../examples/us-china-2023", nil)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := g.LoadInput(ctx, in, nil); err != nil {
		log.Fatal(err)
	}
	return g
}

// A drawing of the sanctions in the graph.
func ExampleWrite() {
	ctx := context.Background()
	g := example(ctx)
	defer g.Close()
	sanctions := &graph.Filter{Conditions: graph.Conditions{Verbs: []schema.Verb{"sanctioned"}}}
	err := export.Write(ctx, os.Stdout, export.DOT, export.Selection{Graph: g, Filter: sanctions}, export.Options{Collapse: true})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// digraph entente {
	//   graph [charset="UTF-8", rankdir=LR];
	//   node [fontname="sans-serif"];
	//   edge [fontname="sans-serif", fontsize=10];
	//   "country:us" -> "country:china" [label="sanctioned\n../2023-07-13\nby 2023-07-13 at the latest"];
	//   "country:us" -> "country:russia" [label="sanctioned\n2018"];
	//   "country:us" -> "person:li-shangfu" [label="sanctioned about arms purchase from Russia\n2018; 2018-09-20"];
	//   "country:china" [label="China", shape=doubleoctagon];
	//   "country:russia" [label="Russia", shape=doubleoctagon];
	//   "country:us" [label="United States", shape=doubleoctagon];
	//   "person:li-shangfu" [label="Li Shangfu", shape=ellipse];
	// }
}

// The whole graph as N-Quads, one quad a line.
func ExampleWrite_nQuads() {
	ctx := context.Background()
	g := example(ctx)
	defer g.Close()
	var out bytes.Buffer
	if err := export.Write(ctx, &out, export.NQuads, export.Selection{Graph: g}, export.Options{}); err != nil {
		log.Fatal(err)
	}
	stats, err := g.Stats(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(int64(bytes.Count(out.Bytes(), []byte("\n"))) == stats.Quads)
	// Output:
	// true
}

// The network of what happened around Wang Yi, within one hop, drawn with edges for
// facts.
func ExampleSelector() {
	ctx := context.Background()
	g := example(ctx)
	defer g.Close()
	finder, err := paths.Open(ctx, g)
	if err != nil {
		log.Fatal(err)
	}
	defer finder.Close()
	network, err := export.Selector{Finder: finder, Query: paths.Query{Hops: 1}}.Around(ctx, "person:wang-yi")
	if err != nil {
		log.Fatal(err)
	}
	if err := export.Write(ctx, os.Stdout, export.DOT, network, export.Options{Collapse: true}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// digraph entente {
	//   graph [charset="UTF-8", rankdir=LR];
	//   node [fontname="sans-serif"];
	//   edge [fontname="sans-serif", fontsize=10];
	//   "country:iran" -> "country:saudi-arabia" [label="agreed with about restoring diplomatic relations\n2023-03-10", dir=both];
	//   "person:wang-yi" -> "country:saudi-arabia" [label="mediated for (of agreed with) about restoring diplomatic relations\n2023-03-10", arrowhead=empty];
	//   "person:wang-yi" -> "country:iran" [label="mediated for (of agreed with) about restoring diplomatic relations\n2023-03-10", arrowhead=empty];
	//   "country:iran" [label="Iran", shape=doubleoctagon];
	//   "country:saudi-arabia" [label="Saudi Arabia", shape=doubleoctagon];
	//   "person:wang-yi" [label="Wang Yi", shape=ellipse];
	// }
}

// The sanctions in the graph and what datasets state of the entities, as Turtle, here
// without its prefixes.
func ExampleWrite_turtle() {
	ctx := context.Background()
	g := example(ctx)
	defer g.Close()
	sanctions := &graph.Filter{Conditions: graph.Conditions{Verbs: []schema.Verb{"sanctioned"}}}
	var out bytes.Buffer
	if err := export.Write(ctx, &out, export.Turtle, export.Selection{Graph: g, Filter: sanctions}, export.Options{Collapse: true}); err != nil {
		log.Fatal(err)
	}
	_, triples, _ := strings.Cut(out.String(), "\n\n")
	fmt.Print(triples)
	// Output:
	// country:china dip:name "china", "people's republic of china", "prc", "中国" ;
	//     a dip:Country ;
	//     rdfs:label "China" ;
	//     skos:altLabel "PRC", "People's Republic of China", "中国"@zh .
	// country:russia dip:name "russia", "俄罗斯" ;
	//     a dip:Country ;
	//     rdfs:label "Russia" ;
	//     skos:altLabel "俄罗斯"@zh .
	// country:us dip:name "u.s.", "united states", "us", "usa", "美国" ;
	//     dip:sanctioned country:china, country:russia, person:li-shangfu ;
	//     a dip:Country ;
	//     rdfs:label "United States" ;
	//     skos:altLabel "U.S.", "US", "USA", "美国"@zh .
	// person:li-shangfu dip:born "1958" ;
	//     dip:country country:china ;
	//     dip:description "Chinese general, head of arms procurement and later defense minister" ;
	//     dip:name "general li", "li shangfu", "李尚福" ;
	//     a dip:Person ;
	//     rdfs:label "Li Shangfu" ;
	//     skos:altLabel "General Li", "李尚福"@zh .
}

// A network for Gephi, with a note about what it lacks.
func ExampleOptions() {
	ctx := context.Background()
	g := example(ctx)
	defer g.Close()
	var network bytes.Buffer
	var notes []string
	o := export.Options{Shape: export.ShapeEdges, Notes: &notes}
	if err := export.Write(ctx, &network, export.GEXF, export.Selection{Graph: g}, o); err != nil {
		log.Fatal(err)
	}
	fmt.Println(notes)
	// Output:
	// [7 facts that link no two entities have no edge and are not in the file]
}
