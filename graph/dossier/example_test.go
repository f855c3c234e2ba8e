package dossier_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"regexp"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/dossier"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// A page about one person, and its heading.
func ExampleWrite() {
	ctx := context.Background()
	g, err := graph.Open(ctx, "", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer g.Close()
	in, err := loaders.Open("../../examples/us-china-2023", nil)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := g.LoadInput(ctx, in, nil); err != nil {
		log.Fatal(err)
	}
	var page bytes.Buffer
	if err := dossier.Write(ctx, &page, g, dossier.Question{Entities: []schema.ID{"person:xie-feng"}}, nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println(regexp.MustCompile(`<title>(.*)</title>`).FindStringSubmatch(page.String())[1])
	// Output:
	// Dossier: Xie Feng
}
