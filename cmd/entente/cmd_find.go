package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
)

func findCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "find NAME",
		Short:   "Find entities by name or alias in any script, also by a similar spelling",
		GroupID: "ask",
		Args:    cobra.ExactArgs(1),
		Example: `  entente find "谢锋" --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error { return find(cmd.Context(), g, out, args[0]) })
		},
	}
	return reading(cmd)
}

func find(ctx context.Context, g *graph.Graph, out *output.Writer, name string) error {
	matches, err := g.Find(ctx, name)
	if err != nil {
		return err
	}
	if len(matches) == 0 {
		return fmt.Errorf("%q %w, and no similar name either", name, graph.ErrNotFound)
	}
	r := render.New(g)
	t := &output.Answer{Columns: []string{"match", "name", "kind", "id", "aliases", "description"}}
	found := []jsonMatch{}
	for _, m := range matches {
		match := "close"
		if m.Exact {
			match = "exact"
		}
		e, err := r.Entity(ctx, m.ID)
		if err != nil {
			return err
		}
		found = append(found, jsonMatch{match, e})
		t.Add(match, e.Name, string(e.Kind), string(e.ID), aliases(e), e.Description)
	}
	t.JSON = found
	return out.Print(ctx, t)
}

type jsonMatch struct {
	Match string `json:"match"`
	render.Entity
}

func aliases(e render.Entity) string {
	var names []string
	for _, a := range e.Aliases {
		names = append(names, a.Value)
	}
	return strings.Join(names, ", ")
}
