package cite_test

import (
	"context"
	"log"
	"os"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/cite"
	"github.com/entente-kg/entente/loaders"
)

// The documents on which the facts about a person rest.
func Example() {
	ctx := context.Background()
	g, err := graph.Open(ctx, "", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer g.Close()
	in, err := loaders.Open("../../examples/us-china-2023", nil)
	if err == nil {
		_, err = g.LoadInput(ctx, in, nil)
	}
	if err != nil {
		log.Fatal(err)
	}
	var c cite.Collector
	for f, err := range g.Facts(ctx, graph.Filter{With: "person:xie-feng"}) {
		if err != nil {
			log.Fatal(err)
		}
		c.Add(f)
	}
	b, err := c.Bibliography(ctx, g)
	if err == nil {
		err = b.Write(ctx, os.Stdout, cite.Text, cite.Options{})
	}
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// 1. the curator of this dataset. “Curator's own knowledge”.
	//    no address is recorded
	//    asserts 1 fact
	// 2. Guy Taylor. “China's ambassador to U.S. makes rare visit to Pentagon”. The Washington Times. 2023-07-13.
	//    no address is recorded
	//    asserts 9 facts; cited at paragraph 1, paragraph 2, paragraph 11, paragraph 12, paragraph 13, paragraph 14
}
