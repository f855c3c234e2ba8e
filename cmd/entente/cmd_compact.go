package main

import (
	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/graph"
)

func compactCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "compact --graph DIR",
		Short: "Make the file of the graph smaller, by removing its free pages",
		Long: `Compact writes the graph into a new file without free pages, and replaces the old
file by it. It needs free disk space for the new file. The old file stays unchanged
until the new file is complete.`,
		GroupID: "keep",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.change(cmd, func(g *graph.Graph, out *output.Writer) error {
				before, err := g.Size()
				if err != nil {
					return err
				}
				if err := g.Compact(cmd.Context()); err != nil {
					return err
				}
				after, err := g.Size()
				if err != nil {
					return err
				}
				t := &output.Answer{Columns: []string{"graph", "result", "bytes before", "bytes"}}
				t.Add(a.config.Graph, "compacted", before, after)
				return out.Print(cmd.Context(), t)
			})
		},
	}
	writerFlags(cmd.Flags())
	outputFlags(cmd)
	return cmd
}
