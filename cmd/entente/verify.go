package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

func (a *app) verifyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "verify",
		Short:   "Check the whole graph, and print a digest of all its quads",
		GroupID: "data",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withGraph(cmd.Context(), func(g *graph.Graph) error {
				v, err := g.Verify(cmd.Context())
				if err != nil {
					return err
				}
				t := &answer{columns: []string{"what", "value"}}
				t.add("quads", v.Quads)
				t.add("terms", v.Terms)
				t.add("facts", v.Facts)
				t.add("edges", v.Edges)
				t.add("digest", v.Digest)
				t.add("dangling", len(v.Dangling))
				t.add("problems", len(v.Problems))
				for _, p := range v.Problems {
					t.add("problem", p)
				}
				t.json = map[string]any{"quads": v.Quads, "terms": v.Terms, "facts": v.Facts, "edges": v.Edges,
					"digest": v.Digest, "dangling": append([]schema.ID{}, v.Dangling...), "problems": append([]string{}, v.Problems...)}
				if err := a.print(cmd, t); err != nil || len(v.Problems) == 0 {
					return err
				}
				return fmt.Errorf("%w: %s", errDamaged, plural(len(v.Problems), "problem"))
			})
		},
	}
	return a.reading(cmd)
}
