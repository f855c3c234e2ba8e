package graph_test

import (
	"context"
	"fmt"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// A folder is loaded as the command entente load does it: once.
func ExampleGraph_LoadInput() {
	ctx := context.Background()
	g, err := graph.Open(ctx, "", nil) // a temporary graph; name a folder to keep it
	if err != nil {
		fmt.Println(err)
		return
	}
	defer g.Close()
	for range 2 {
		in, err := loaders.Open("../examples/us-china-2023", nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		report, err := g.LoadInput(ctx, in, nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(report.Dataset, report.Facts, "facts; unchanged:", report.Unchanged)
	}
	// Output:
	// us-china-2023 121 facts; unchanged: false
	// us-china-2023 0 facts; unchanged: true
}

// The facts of a window, each with its date as written and its evidence.
func ExampleGraph_Facts() {
	ctx := context.Background()
	g, err := graph.Open(ctx, "", nil) // a temporary graph
	if err != nil {
		fmt.Println(err)
		return
	}
	defer g.Close()
	in, err := loaders.Open("../examples/us-china-2023", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := g.LoadInput(ctx, in, nil); err != nil {
		fmt.Println(err)
		return
	}
	filter := graph.Filter{Conditions: graph.Conditions{Verbs: []schema.Verb{"met"}, Statuses: []schema.Status{schema.Refused}, Since: "2023-05", Until: "2023-06"}}
	for fact, err := range g.Facts(ctx, filter) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(fact.When, fact.Status, fact.With(schema.RoleParty), fact.Evidence[0].Quote)
	}
	// Output:
	// 2021/2023-07-13 refused [institution:us-defense country:china] requests since 2021 from the Defense Department for top-level talks
	// 2023-05/2023-06 refused [person:li-shangfu person:lloyd-austin] to hold an in-depth meeting
}
