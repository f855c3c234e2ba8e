package main

import (
	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/graph"
)

func forgetCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "forget DATASET --graph DIR",
		Short:   "Remove a dataset, and the edges of facts that only it asserts",
		GroupID: "data",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.change(cmd, func(g *graph.Graph, out *output.Writer) error {
				report, err := g.Forget(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				noteUndone(out.Note, report)
				noteDangling(out.Note, report)
				t := &output.Answer{Columns: []string{"dataset", "result", "quads removed", "added"}}
				t.Add(args[0], "forgotten", report.Removed, report.Added)
				return out.Print(cmd.Context(), t)
			})
		},
	}
	writerFlags(cmd.Flags())
	outputFlags(cmd)
	return cmd
}
