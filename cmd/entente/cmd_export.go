package main

import (
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
)

func exportCommand(a *app) *cobra.Command {
	flags := &filterFlags{}
	var collapse bool
	var format string
	cmd := &cobra.Command{
		Use:   "export --format FORMAT -o FILE",
		Short: "Write the graph, or selected facts, for Graphviz (dot) or as RDF (nquads, turtle, trig, jsonld)",
		Long: `Export writes facts as nodes with their roles, links and sources; with --collapse,
as edges between their participants. Without conditions it writes the whole graph. In
a drawing, facts that at least one source denies are red, facts that no source
asserts are dotted, and facts that did not happen are dashed.

The formats nquads, trig and jsonld have the same quads: the label of an edge is its
fact, of any other statement its dataset. Turtle has no labels, so it does not say
which dataset states what, nor which fact an edge is of: the edge of a fact that is
disputed looks like any other. entente load reads nquads.`,
		GroupID: "data",
		Args:    cobra.NoArgs,
		Example: `  entente export --format dot --collapse -o graph.dot --in examples/us-china-2023
  dot -Tsvg graph.dot -o graph.svg`,
		RunE: func(cmd *cobra.Command, args []string) error {
			f := export.Format(format)
			if !slices.Contains(export.Formats(), f) {
				return usagef("unknown format %q: want one of %s", format, phrase.List(export.Formats()))
			}
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error {
				return writeExport(cmd.Context(), g, out, flags, f, export.Options{Collapse: collapse})
			})
		},
	}
	flags.register(cmd)
	flags.registerAbout()
	cmd.Flags().BoolVar(&collapse, "collapse", false, "write facts as edges instead of nodes")
	sourceFlags(cmd)
	cmd.Flags().StringVar(&format, "format", string(export.DOT), "`FORMAT` to write: "+phrase.List(export.Formats()))
	cmd.Flags().StringP("output", "o", "", "write the export to `FILE`")
	return cmd
}

func writeExport(ctx context.Context, g *graph.Graph, out *output.Writer, flags *filterFlags, f export.Format, o export.Options) error {
	filter, err := flags.filter(ctx, g)
	if err != nil {
		return err
	}
	omitted := countOmissions(&filter)
	s := export.Selection{Graph: g}
	if flags.selects() {
		s.Filter = &filter
	}
	err = out.Write(ctx, func(w io.Writer) error {
		return export.Write(ctx, w, f, s, o)
	})
	omitted.note(out.Note)
	return err
}
