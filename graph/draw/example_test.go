package draw_test

import (
	"context"
	"fmt"
	"io"
	"log"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/draw"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/loaders"
)

// openExample returns a Finder of the example of this module.
func openExample(ctx context.Context) (*paths.Finder, func()) {
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
	finder, err := paths.Open(ctx, g)
	if err != nil {
		log.Fatal(err)
	}
	return finder, func() { finder.Close(); g.Close() }
}

func ExamplePaths() {
	ctx := context.Background()
	finder, done := openExample(ctx)
	defer done()
	path, _, err := finder.Shortest(ctx, "person:xie-feng", "person:ely-ratner", paths.Query{})
	if err != nil {
		log.Fatal(err)
	}
	drawing, err := draw.Paths(ctx, finder.Graph(), []paths.Path{path}, draw.Options{Theme: draw.Auto})
	if err != nil {
		log.Fatal(err)
	}
	if err := drawing.SVG(io.Discard); err != nil {
		log.Fatal(err)
	}
	fmt.Println(drawing.Text())
	// Output: Hop 1, from Xie Feng to Ely Ratner: Xie Feng met Ely Ratner, 2023-07-12 [1]; Ely Ratner told Xie Feng (for U.S. Department of Defense) about open lines between the two militaries, 2023-07-12 [1]; Ely Ratner spoke with Xie Feng about defense relations and security issues, 2023-07-12 [1].
}

func ExampleAround() {
	ctx := context.Background()
	finder, done := openExample(ctx)
	defer done()
	drawing, err := draw.Around(ctx, finder, "person:xie-feng", paths.Query{Hops: 1}, draw.Options{Top: 2})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(drawing.Text())
	// Output: Around Xie Feng, person, China: 2 at 1 hop. Xie Feng and United States: Xie Feng urged United States about meeting China halfway to mend relations, between 2023-07-12 and 2023-07-13 [1]; Xie Feng requested United States about removing obstacles and care over Taiwan, 2023-07-12 [1]. Xie Feng and U.S. Department of Defense: U.S. Department of Defense invited Xie Feng, by 2023-07-12 [1]; Xie Feng visited the Pentagon (host U.S. Department of Defense), 2023-07-12 [1].
}
