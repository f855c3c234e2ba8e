package graph_test

import (
	"context"
	"fmt"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/grounding"
)

// A folder is loaded once, as the command entente load does it.
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

// The facts of a period, each with its date as written and its evidence.
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

// Quotes that people wrote are held to the texts of their documents, which files in a
// folder have.
func ExampleGrounding() {
	ctx := context.Background()
	g, err := graph.Open(ctx, "", nil) // a temporary graph
	if err != nil {
		fmt.Println(err)
		return
	}
	defer g.Close()
	in, err := loaders.Open("testdata/quoted/facts.yaml", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := g.LoadInput(ctx, in, nil); err != nil {
		fmt.Println(err)
		return
	}
	texts, err := grounding.OpenTexts("testdata/quoted/texts")
	if err != nil {
		fmt.Println(err)
		return
	}
	for q, err := range graph.Grounding(ctx, g, texts) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: %q\n", q.Outcome, q.Evidence.Quote)
		if q.Outcome == grounding.NotFound {
			fmt.Println(" ", q.Problem.Hint())
		}
	}
	// Output:
	// stands: "met Ole Brandt at the harbour"
	// not-found: "left for Ostbey"
	//   the nearest passage of the text is “left for Ostby”
	// not-checked: "no word of it"
}

// One meeting is added to a dataset, its quote is corrected, and it is removed.
func ExampleGraph_Update() {
	ctx := context.Background()
	g, err := graph.Open(ctx, "", nil) // a temporary graph
	if err != nil {
		fmt.Println(err)
		return
	}
	defer g.Close()
	met := schema.Fact{
		Verb: "met", When: schema.When{Written: "2023-07-12"},
		Roles:    []schema.Participant{{Role: schema.RoleActor, ID: "person:xie-feng"}, {Role: schema.RoleRecipient, ID: "person:ely-ratner"}},
		Evidence: []schema.Evidence{{Source: "doc:times", Quote: "held talk"}},
	}
	report, err := g.Update(ctx, "added", func(tx *graph.Tx) error {
		return tx.Add(
			schema.Entity{ID: "person:xie-feng", Kind: schema.Person, Label: "Xie Feng"},
			schema.Entity{ID: "person:ely-ratner", Kind: schema.Person, Label: "Ely Ratner"},
			schema.Document{Entity: schema.Entity{ID: "doc:times", Kind: schema.Doc, Label: "Envoy at Pentagon"}, Publisher: "The Times"},
			met)
	})
	fmt.Println(report.Edits, err)

	id := g.Vocabulary().Normalize(met).ID
	report, err = g.Update(ctx, "added", func(tx *graph.Tx) error {
		f, err := tx.Fact(id)
		if err != nil {
			return err
		}
		f.Evidence[0].Quote = "held talks"
		return tx.Put(f)
	})
	fmt.Println(report.Edits, err)

	report, err = g.Update(ctx, "added", func(tx *graph.Tx) error { return tx.Remove(id) })
	fmt.Println(report.Edits, err)
	_, err = g.Update(ctx, "added", func(tx *graph.Tx) error { return tx.Remove(id) })
	fmt.Println(err)
	// Output:
	// 1 fact, 2 entities and 1 document added <nil>
	// 1 fact changed <nil>
	// 1 fact removed <nil>
	// not found: dataset "added" does not state fact:exsnwxqlhywxscqev7atgsqwve
}
