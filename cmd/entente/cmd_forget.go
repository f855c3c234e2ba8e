package main

import (
	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
)

func (a *app) forgetCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "forget DATASET --graph DIR",
		Short:   "Remove a dataset, and the edges of facts that nobody asserts any more",
		GroupID: "data",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withWriter(cmd.Context(), false, func(g *graph.Graph) error {
				report, err := g.Forget(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				a.tellDangling(report)
				t := &answer{columns: []string{"dataset", "result", "quads removed", "added"}}
				t.add(args[0], "forgotten", report.Removed, report.Added)
				return a.print(cmd, t)
			})
		},
	}
	a.writerFlags(cmd.Flags())
	a.outputFlags(cmd)
	return cmd
}
