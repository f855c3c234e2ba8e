package render_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/graph/render"
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

// meeting is a fact of the example: Xie Feng met Ely Ratner.
func meeting(ctx context.Context, g *graph.Graph) schema.Fact {
	for f, err := range g.Facts(ctx, graph.Filter{With: "person:ely-ratner", Conditions: graph.Conditions{Verbs: []schema.Verb{"met"}}}) {
		if err != nil {
			log.Fatal(err)
		}
		return f
	}
	log.Fatal("no meeting")
	return schema.Fact{}
}

// The meetings of one person, each as a sentence with its date, and the quotes of the
// sources that assert it.
func Example() {
	ctx := context.Background()
	g := example(ctx)
	defer g.Close()
	r := render.New(g)
	meetings := graph.Conditions{Verbs: []schema.Verb{"met"}}
	for f, err := range g.Facts(ctx, graph.Filter{With: "person:ely-ratner", Conditions: meetings}) {
		if err != nil {
			log.Fatal(err)
		}
		fact, err := r.Fact(ctx, f)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(fact)
		fmt.Println(fact.Claims().Words)
	}
	// Output:
	// Xie Feng met Ely Ratner, 2023-07-12
	// “Xie Feng held talks Wednesday with”; “his meeting with Mr. Ratner”; “a rare meeting with the top U.S. defense official for Asia”
}

// A fact as a sentence.
func ExampleRenderer_Sentence() {
	ctx := context.Background()
	g := example(ctx)
	defer g.Close()
	sentence, err := render.New(g).Sentence(ctx, meeting(ctx, g))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(sentence)
	// Output:
	// Xie Feng met Ely Ratner
}

// A fact with all its evidence as text.
func ExampleRenderer_FactText() {
	ctx := context.Background()
	g := example(ctx)
	defer g.Close()
	text, err := render.New(g).FactText(ctx, meeting(ctx, g))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(text)
	// Output:
	// Xie Feng met Ely Ratner
	//   verb     met
	//   date     2023-07-12
	//   status   happened
	//   standing asserted
	//   stance   asserts
	//   source   China's ambassador to U.S. makes rare visit to Pentagon, The Washington Times, 2023-07-13
	//   said     said by Pentagon officials
	//   at       the Pentagon
	//   quote    “Xie Feng held talks Wednesday with”
	//   stance   asserts
	//   source   China's ambassador to U.S. makes rare visit to Pentagon, The Washington Times, 2023-07-13
	//   said     via Reuters
	//   at       the Pentagon
	//   quote    “his meeting with Mr. Ratner”
	//   stance   asserts
	//   source   China's ambassador to U.S. makes rare visit to Pentagon, The Washington Times, 2023-07-13
	//   at       the Pentagon
	//   quote    “a rare meeting with the top U.S. defense official for Asia”
}

// The evidence of a fact in words, asserting evidence apart from other evidence.
func ExampleFact_Claims() {
	ctx := context.Background()
	g := example(ctx)
	defer g.Close()
	fact, err := render.New(g).Fact(ctx, meeting(ctx, g))
	if err != nil {
		log.Fatal(err)
	}
	claims := fact.Claims()
	fmt.Println(fact.When.Text, claims.Sources)
	fmt.Println(claims.Words)
	fmt.Printf("%q\n", claims.Others)
	// Output:
	// 2023-07-12 China's ambassador to U.S. makes rare visit to Pentagon, The Washington Times, 2023-07-13
	// “Xie Feng held talks Wednesday with”; “his meeting with Mr. Ratner”; “a rare meeting with the top U.S. defense official for Asia”
	// ""
}

// A path with the evidence of each hop.
func ExampleRenderer_PathText() {
	ctx := context.Background()
	g := example(ctx)
	defer g.Close()
	finder, err := paths.Open(ctx, g)
	if err != nil {
		log.Fatal(err)
	}
	defer finder.Close()
	r := render.New(finder.Graph())
	for found, err := range finder.Between(ctx, "person:xie-feng", "person:li-shangfu", paths.Query{}) {
		if err != nil {
			log.Fatal(err)
		}
		path, err := r.Path(ctx, found)
		if err != nil {
			log.Fatal(err)
		}
		text, err := r.PathText(ctx, []*render.Path{path}, render.PathOptions{})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Print(text)
		break
	}
	// Output:
	// Xie Feng → U.S. Department of Defense → U.S. Secretary of Defense → Lloyd Austin → Li Shangfu (4 hops)
	//
	// 1. Xie Feng ←invited— U.S. Department of Defense   ../2023-07-12 (by 2023-07-12 at the latest)   The Washington Times, 13 Jul 2023, said by Martin Meiners   “a recent invitation to the ambassador from the Defense Department”
	//    Xie Feng ←was host to— U.S. Department of Defense (of [Xie Feng visited the Pentagon])   2023-07-12   The Washington Times, 13 Jul 2023   “visited the Pentagon this week”
	//       and 1 passage more
	// 2. U.S. Department of Defense ←is a post at— U.S. Secretary of Defense   undated   Curator's own knowledge
	// 3. U.S. Secretary of Defense ←is— Lloyd Austin   at least 2023-07-13   The Washington Times, 13 Jul 2023   “U.S. Defense Secretary Lloyd Austin”
	//    U.S. Secretary of Defense ←is— Lloyd Austin   2021-01-22/2025-01-20   Curator's own knowledge
	// 4. Lloyd Austin —sought a meeting with→ Li Shangfu (of [Li Shangfu met Lloyd Austin (refused)])   2023-05/2023-06, Singapore   The Washington Times, 13 Jul 2023   “Mr. Austin’s request to hold an in-depth meeting”
	//    Lloyd Austin ←refused to meet— Li Shangfu (of [Li Shangfu met Lloyd Austin (refused)])   2023-05/2023-06, Singapore   The Washington Times, 13 Jul 2023   “Mr. Li snubbed Mr. Austin’s request”
	//    Lloyd Austin —spoke with→ Li Shangfu (during Shangri-La Dialogue 2023)   2023-06-02, Singapore   U.S. Department of Defense, 2 Jun 2023, said by Pat Ryder   “spoke briefly”
}

// An entity as the commands write it in JSON.
func ExampleRenderer_Entity() {
	ctx := context.Background()
	g := example(ctx)
	defer g.Close()
	entity, err := render.New(g).Entity(ctx, "person:xie-feng")
	if err != nil {
		log.Fatal(err)
	}
	e := json.NewEncoder(os.Stdout)
	e.SetIndent("", "  ")
	if err := e.Encode(entity); err != nil {
		log.Fatal(err)
	}
	// Output:
	// {
	//   "id": "person:xie-feng",
	//   "name": "Xie Feng",
	//   "kind": "Person",
	//   "aliases": [
	//     {
	//       "value": "Ambassador Xie"
	//     },
	//     {
	//       "value": "謝鋒",
	//       "lang": "zh-Hant"
	//     },
	//     {
	//       "value": "谢锋",
	//       "lang": "zh"
	//     }
	//   ],
	//   "country": {
	//     "id": "country:china",
	//     "name": "China"
	//   },
	//   "born": "1964",
	//   "description": "Chinese diplomat, ambassador in Washington since May 2023"
	// }
}
