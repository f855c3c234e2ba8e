package paths_test

import (
	"context"
	"fmt"
	"log"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// shipped is a temporary graph of the example that comes with entente, and who is
// linked with whom in it.
func shipped() (*graph.Graph, *paths.View) {
	ctx := context.Background()
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
	v, err := paths.NewView(ctx, g)
	if err != nil {
		log.Fatal(err)
	}
	return g, v
}

func show(hops []paths.Hop) {
	for _, h := range hops {
		fmt.Println(h.From, h.Steps[0].Verb, h.To)
	}
}

// The two most telling paths between two people.
func ExampleView_Between() {
	g, view := shipped()
	defer g.Close()
	n := 0
	for path, err := range view.Between(context.Background(), "person:xie-feng", "person:li-shangfu", paths.Query{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(path.Telling)
		show(path.Hops)
		if n++; n == 2 {
			break
		}
	}
	// Output:
	// 15.75
	// person:xie-feng invited institution:us-defense
	// institution:us-defense post-at post:us-secretary-of-defense
	// post:us-secretary-of-defense holds-post person:lloyd-austin
	// person:lloyd-austin sought-meeting-with person:li-shangfu
	// 16.5
	// person:xie-feng urged country:us
	// country:us sanctioned person:li-shangfu
}

// The shortest path by dealings of one summer, with the words of its first fact.
func ExampleView_Shortest() {
	g, view := shipped()
	defer g.Close()
	ctx := context.Background()
	q := paths.Query{Rank: paths.ByHops, Conditions: &graph.Conditions{Statuses: happened, Verbs: g.Vocabulary().Group("contact"), Since: "2023-06", Until: "2023-07"}}
	path, ok, err := view.Shortest(ctx, "person:xie-feng", "person:ely-ratner", q)
	if err != nil || !ok {
		log.Fatal(ok, err)
	}
	show(path.Hops)
	fact, err := g.Fact(ctx, path.Hops[0].Steps[0].Fact)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(fact.When, fact.Evidence[0].Quote)
	// Output:
	// person:xie-feng met person:ely-ratner
	// 2023-07-12 Xie Feng held talks Wednesday with
}

// How word could have travelled, for sure.
func ExampleView_InOrder() {
	g, view := shipped()
	defer g.Close()
	from, to := []schema.ID{"person:li-shangfu"}, []schema.ID{"person:xie-feng"}
	journey, ok, err := view.InOrder(context.Background(), from, to, paths.Query{}, paths.Order{Latest: true, Certain: true})
	if err != nil || !ok {
		log.Fatal(ok, err)
	}
	show(journey.Hops)
	fmt.Println(journey.Days, journey.Certain)
	// Output:
	// person:li-shangfu sanctioned country:us
	// country:us urged person:xie-feng
	// [{2018-01-01 2018-12-31} {2023-07-12 2023-07-13}] true
}

// Who ties three people together.
func ExampleView_Connect() {
	g, view := shipped()
	defer g.Close()
	tree, err := view.Connect(context.Background(), []schema.ID{"person:xie-feng", "person:lloyd-austin", "person:li-shangfu"}, paths.Query{})
	if err != nil {
		log.Fatal(err)
	}
	show(tree.Hops)
	// Output:
	// person:li-shangfu sought-meeting-with person:lloyd-austin
	// person:lloyd-austin holds-post post:us-secretary-of-defense
	// post:us-secretary-of-defense post-at institution:us-defense
	// institution:us-defense invited person:xie-feng
}

// Why there is no path.
func ExampleView_Why() {
	g, view := shipped()
	defer g.Close()
	from, to := []schema.ID{"person:xie-feng"}, []schema.ID{"person:li-shangfu"}
	reason, err := view.Why(context.Background(), from, to, paths.Query{Hops: 1, Conditions: &graph.Conditions{Statuses: happened, Verbs: []schema.Verb{"met"}}}, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(reason.Alone, reason.Together)
	// Output:
	// [] [verbs hops]
}

// Paths with the words of their sources, all of one moment.
func ExampleOpen() {
	g, _ := shipped()
	defer g.Close()
	ctx := context.Background()
	finder, err := paths.Open(ctx, g)
	if err != nil {
		log.Fatal(err)
	}
	defer finder.Close()
	for path, err := range finder.Between(ctx, "person:xie-feng", "person:li-shangfu", paths.Query{Hops: 2}) {
		if err != nil {
			log.Fatal(err)
		}
		for _, hop := range path.Hops {
			facts, err := finder.Evidence(ctx, hop)
			if err != nil {
				log.Fatal(err)
			}
			fmt.Println(facts[0])
			fmt.Println(" ", facts[0].Evidence[facts[0].BestEvidence()].Quote)
		}
		break
	}
	// Output:
	// person:xie-feng urged country:us about meeting China halfway to mend relations, 2023-07-12/2023-07-13
	//   urged the U.S. to meet China halfway
	// country:us sanctioned person:li-shangfu about arms purchase from Russia, 2018
	//   sanctions on Chinese Defense Minister Li
}

// Finders of a graph that changes: each has the paths of its moment.
func ExampleViews() {
	g, _ := shipped()
	defer g.Close()
	ctx := context.Background()
	views := paths.NewViews(g)
	paths := func() int {
		finder, err := views.Open(ctx)
		if err != nil {
			log.Fatal(err)
		}
		defer finder.Close()
		return finder.Facts()
	}
	fmt.Println(paths() > 0)
	if _, err := g.Forget(ctx, "us-china-2023"); err != nil {
		log.Fatal(err)
	}
	fmt.Println(paths())
	// Output:
	// true
	// 0
}
