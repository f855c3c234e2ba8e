// Command library opens a graph, loads a dataset, asks, traces and draws.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

func main() {
	dataset := append(os.Args[1:], "examples/us-china-2023")[0]
	if err := run(context.Background(), dataset, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dataset string, out io.Writer) error {
	g, err := graph.Open(ctx, "", nil) // temporary; name a folder to keep it
	if err != nil {
		return err
	}
	defer g.Close()
	if in, err := loaders.Open(dataset, nil); err != nil {
		return err
	} else if _, err := g.Load(ctx, in.Dataset, in.Records(ctx), nil); err != nil {
		return err
	}
	meetings := graph.Filter{Conditions: graph.Conditions{Verbs: []schema.Verb{"met"}, Statuses: []schema.Status{schema.Happened}}}
	for fact, err := range g.Facts(ctx, meetings) {
		if err != nil {
			return err
		}
		fmt.Fprintln(out, fact.When, fact.With(schema.RoleParty), fact.Evidence[fact.BestEvidence()].Quote)
	}
	view, err := paths.NewView(ctx, g)
	if err != nil {
		return err
	}
	for path, err := range view.Between(ctx, "person:xie-feng", "person:li-shangfu", paths.Query{}) {
		if err != nil {
			return err
		}
		for _, hop := range path.Hops {
			fmt.Fprintln(out, hop.From, hop.Steps[0].Verb, hop.To)
		}
		break
	}
	return export.Write(ctx, out, export.DOT, export.Selection{Graph: g, Filter: meetings}, export.Options{Collapse: true})
}
