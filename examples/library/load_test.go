package library

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
)

// load loads a file or folder into the graph in a folder, as the command
// entente load does.
func load(ctx context.Context, input, folder string) (graph.Report, error) {
	g, err := graph.Open(ctx, folder, nil)
	if err != nil {
		return graph.Report{}, err
	}
	defer g.Close()
	in, err := loaders.Open(input, nil)
	if err != nil {
		return graph.Report{}, err
	}
	return g.LoadInput(ctx, in, nil)
}

// Load the shipped example, twice: the second time there is nothing to do.
func Example_load() {
	folder, err := os.MkdirTemp("", "graph")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	for range 2 {
		report, err := load(context.Background(), "../us-china-2023", folder)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(report.Dataset, report.Entities, report.Facts, report.Unchanged)
	}
	// Output:
	// us-china-2023 67 121 false
	// us-china-2023 0 0 true
}
