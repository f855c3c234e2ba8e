package main

import (
	"github.com/spf13/cobra"

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
			return a.withGraph(cmd.Context(), func(g *graph.Graph) error {
				filter, err := flags.filter(cmd.Context(), g)
				if err != nil {
					return err
				}
				return a.timeline(cmd, g, args, filter)
			})
		},
	}
	flags.register(cmd)
	cmd.Flags().IntVar(&flags.minSources, "min-sources", 0, "only facts that at least `N` documents assert")
	rowFlags(cmd)
	return reading(cmd)
}

func (a *app) timeline(cmd *cobra.Command, g *graph.Graph, names []string, filter graph.Filter) error {
	ctx := cmd.Context()
	ids, err := resolveSeveral(ctx, g, names)
	if err != nil {
		return err
	}
	left := leftOut(&filter)
	filter.With, filter.Alongside = ids[0], ids[1:]
	facts, err := g.Timeline(ctx, filter)
	if err != nil {
		return err
	}
	if limit := a.limit(cmd); limit > 0 && len(facts) > limit {
		a.warn("the first %d of %s are shown: %s", limit, plural(len(facts), "fact"), a.forMore())
		facts = facts[:limit]
	}
	left.warn(&a.console)
	t := render.New(g).NewFactList(filter)
	for _, f := range facts {
		if err := t.Add(ctx, f); err != nil {
			return err
		}
	}
	return a.print(cmd, factAnswer(t))
}
