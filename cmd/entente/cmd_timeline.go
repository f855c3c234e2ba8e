package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
)

func timelineCommand(a *app) *cobra.Command {
	flags := &filterFlags{}
	cmd := &cobra.Command{
		Use:   "timeline NAME [OTHER]",
		Short: "List what an entity has part in, or two together, in order of time",
		Long: `Timeline lists the facts in which an entity has part, or in which both entities
have part: in a role, as place, speaker or source. They come in order of the first
day that their evidence allows, then of the last; of facts on the same days, those
that are part of others come later. Undated facts come last.

A country's own facts are meant, not those of its people or of what is located in
it: entente facts --about has these too.`,
		GroupID: "ask",
		Args:    cobra.RangeArgs(1, 2),
		Example: `  entente timeline "Xie Feng" --in examples/us-china-2023
  entente timeline "Li Shangfu" "Lloyd Austin" --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error {
				filter, err := flags.filter(cmd.Context(), g)
				if err != nil {
					return err
				}
				return timeline(cmd.Context(), g, out, args, filter)
			})
		},
	}
	flags.register(cmd)
	cmd.Flags().IntVar(&flags.minSources, "min-sources", 0, "only facts that at least `N` documents assert")
	rowFlags(cmd)
	return reading(cmd)
}

func timeline(ctx context.Context, g *graph.Graph, out *output.Writer, names []string, filter graph.Filter) error {
	ids, err := resolveDistinct(ctx, g, names)
	if err != nil {
		return err
	}
	omitted := countOmissions(&filter)
	filter.With, filter.Alongside = ids[0], ids[1:]
	facts, err := g.Timeline(ctx, filter)
	if err != nil {
		return err
	}
	if limit := out.Rows; limit > 0 && len(facts) > limit {
		out.Note("the first %d of %s are shown: %s", limit, phrase.Plural(len(facts), "fact"), out.ForMore)
		facts = facts[:limit]
	}
	omitted.note(out.Note)
	t := render.New(g).NewFactList(filter)
	for _, f := range facts {
		if err := t.Add(ctx, f); err != nil {
			return err
		}
	}
	return out.Print(ctx, factAnswer(t))
}
