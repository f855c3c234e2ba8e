package library

import (
	"context"
	"fmt"
	"log"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
)

// Print the most telling path between two people, and the quote that supports each
// hop.
func Example_paths() {
	ctx := context.Background()
	g, err := graph.Open(ctx, folder, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer g.Close()
	finder, err := paths.Open(ctx, g)
	if err != nil {
		log.Fatal(err)
	}
	defer finder.Close()
	for path, err := range finder.Between(ctx, "person:xie-feng", "person:li-shangfu", paths.Query{}) {
		if err != nil {
			log.Fatal(err)
		}
		for _, hop := range path.Hops {
			facts, err := finder.Evidence(ctx, hop)
			if err != nil {
				log.Fatal(err)
			}
			fmt.Printf("%v “%s”\n", facts[0], facts[0].Evidence[0].Quote)
		}
		break // the first path is the most telling one
	}
	// Output:
	// institution:us-defense invited person:xie-feng, ../2023-07-12 “a recent invitation to the ambassador from the Defense Department”
	// post:us-secretary-of-defense post-at institution:us-defense, undated “”
	// person:lloyd-austin holds-post post:us-secretary-of-defense, at least 2023-07-13 “U.S. Defense Secretary Lloyd Austin”
	// person:lloyd-austin sought-meeting-with person:li-shangfu (of fact:w3xrwpnqus6y53l42i737koj5i), 2023-05/2023-06 “Mr. Austin’s request to hold an in-depth meeting”
}
