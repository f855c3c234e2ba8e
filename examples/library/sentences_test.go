package library

import (
	"context"
	"fmt"
	"log"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
)

// Print what is known about a person, as sentences with dates and quotes.
func Example_sentences() {
	ctx := context.Background()
	g, err := graph.Open(ctx, folder, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer g.Close()
	words := render.New(g)
	for fact, err := range g.Facts(ctx, graph.Filter{With: "person:ely-ratner"}) {
		if err != nil {
			log.Fatal(err)
		}
		sentence, err := words.Fact(ctx, fact)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%v “%s”\n", sentence, fact.Evidence[0].Quote)
	}
	// Output:
	// Ely Ratner is Assistant Secretary of Defense for Indo-Pacific Security Affairs (over Indo-Pacific, Asia), at least 2023-07-13 “Assistant Secretary of Defense for Indo-Pacific Security Affairs Ely Ratner”
	// Ely Ratner is Assistant Secretary of Defense for Indo-Pacific Security Affairs, 2021-07-25/2025-01 “”
	// Ely Ratner told Xie Feng (for U.S. Department of Defense) about open lines between the two militaries, 2023-07-12 “commitment to maintaining open lines of military-to-military communication”
	// Xie Feng met Ely Ratner, 2023-07-12 “Xie Feng held talks Wednesday with”
	// Ely Ratner spoke with Xie Feng about defense relations and security issues, 2023-07-12 “discussed U.S.-[People’s Republic of China] defense relations”
}
