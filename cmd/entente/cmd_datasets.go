package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/graph"
)

func datasetsCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "datasets",
		Short: "List the loaded datasets",
		Long: `Datasets lists the loaded datasets: how many entities, documents and facts each one
declares, and the path of its input, relative to the current folder. Entities and
documents that two datasets declare count in both, so the sums may be greater than
the numbers of entente stats. Quads are counted without edges, which are derived from
all datasets together.`,
		GroupID: "data",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error {
				sets, err := g.Datasets(cmd.Context())
				if err != nil {
					return err
				}
				t := &output.Answer{Columns: []string{"dataset", "title", "license", "entities", "documents", "facts", "quads", "from", "sha256"}}
				objects := make([]map[string]any, 0, len(sets))
				for _, s := range sets {
					from := shownPlace(s.Origin)
					t.Add(s.Name, s.About["title"], s.About["license"], s.Entities, s.Documents, s.Facts, s.Quads, from, s.Input)
					objects = append(objects, map[string]any{"dataset": s.Name, "about": s.About, "entities": s.Entities,
						"documents": s.Documents, "facts": s.Facts, "quads": s.Quads, "from": from, "sha256": s.Input})
				}
				t.JSON = objects
				if err := noteEditedDatasets(cmd.Context(), g, out, sets); err != nil {
					return err
				}
				return out.Print(cmd.Context(), t)
			})
		},
	}
	return reading(cmd)
}

// noteEditedDatasets prints a note for each loaded dataset that is no longer as its input says.
func noteEditedDatasets(ctx context.Context, g *graph.Graph, out *output.Writer, sets []graph.Dataset) error {
	for _, s := range sets {
		edits, err := g.Edits(ctx, s.Name)
		if err != nil {
			return err
		}
		if s.Input != "" && edits.Len() > 0 {
			out.Note("dataset %s was changed by hand since it was loaded: %v", s.Name, edits)
		}
	}
	return nil
}
