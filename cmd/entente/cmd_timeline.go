package main

import (
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

func timelineCommand(a *app) *cobra.Command {
	flags := &filterFlags{}
	cmd := &cobra.Command{
		Use:   "timeline NAME [OTHER]",
		Short: "List the facts of an entity, or of two entities together, in order of time",
		Long: `Timeline lists the facts in which an entity participates, or in which both entities
participate: in a role, as place, speaker or source. Facts are sorted by the first
day that their evidence allows, then by the last; on the same days, a fact that is
part of another follows it. Facts without dates come last.

For a country, timeline lists only facts of the country itself. entente facts --about
also lists facts of its people and of places located in it.`,
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
	rowFlags(cmd)
	return answering(cmd)
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
	l := newFactLister(g, out, filter)
	if !out.Streams() {
		list := l.words.NewFactList(filter)
		if err := list.AddAll(ctx, selectedOf(facts)); err != nil {
			return err
		}
		return out.Print(ctx, factAnswer(list))
	}
	return l.write(ctx, func(w io.Writer) error {
		for part := range slices.Chunk(selectedOf(facts), factsTogether) {
			if err := l.writeRows(ctx, w, part); err != nil {
				return err
			}
		}
		return nil
	})
}

func selectedOf(facts []schema.Fact) []graph.Selected {
	list := make([]graph.Selected, len(facts))
	for i, f := range facts {
		list[i].Fact = f
	}
	return list
}
