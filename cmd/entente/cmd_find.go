package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
)

func findCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "find NAME",
		Short:   "Find entities by name or alias in any script; close spellings are offered",
		GroupID: "ask",
		Args:    cobra.ExactArgs(1),
		Example: `  entente find "谢锋" --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withGraph(cmd.Context(), func(g *graph.Graph) error { return a.find(cmd, g, args[0]) })
		},
	}
	return reading(cmd)
}

func (a *app) find(cmd *cobra.Command, g *graph.Graph, name string) error {
	matches, err := g.Find(cmd.Context(), name)
	if err != nil {
		return err
	}
	if len(matches) == 0 {
		return fmt.Errorf("%q %w, nor anything spelled like it", name, graph.ErrNotFound)
	}
	r := render.New(g)
	t := &answer{columns: []string{"match", "name", "kind", "id", "aliases", "description"}}
	found := []jsonMatch{}
	for _, m := range matches {
		match := "close"
		if m.Exact {
			match = "exact"
		}
		e, err := r.Entity(cmd.Context(), m.ID)
		if err != nil {
			return err
		}
		found = append(found, jsonMatch{match, e})
		t.add(match, e.Name, string(e.Kind), string(e.ID), aliases(e), e.Description)
	}
	t.json = found
	return a.print(cmd, t)
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
