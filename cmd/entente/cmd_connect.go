package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

func connectCommand(a *app) *cobra.Command {
	flags := &conditionFlags{}
	var rank string
	var all bool
	cmd := &cobra.Command{
		Use:   "connect NAME NAME...",
		Short: "Show how several entities are connected, as a tree of paths",
		Long: `Connect finds a tree of paths that connects the named entities, as many as it can,
and prints each hop with its evidence. For each entity it grows a tree that starts there: it adds the
most telling path to a named entity outside of the tree until none is left ("entente
help paths" defines telling). It shows the tree that leaves out the fewest entities,
and among these the best by --rank. The answer is approximate: a better tree may
exist.`,
		GroupID:     "ask",
		Annotations: map[string]string{drawable: "yes"},
		Args:        cobra.MinimumNArgs(2),
		Example:     `  entente connect "Xie Feng" "Lloyd Austin" "Xi Jinping" --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error {
				q, err := flags.query(cmd.Context(), g)
				if err != nil {
					return err
				}
				q.Hops, q.Rank = a.config.Hops, paths.Rank(rank)
				ids, err := resolveDistinct(cmd.Context(), g, args)
				if err != nil {
					return err
				}
				return withView(cmd.Context(), g, func(g *graph.Graph, v *paths.View) error {
					t := newPathAnswer(g, all, q.Conditions.Datasets)
					if err := connect(cmd.Context(), cmd, v, t, ids, q); err != nil {
						return err
					}
					return t.print(cmd.Context(), out)
				})
			})
		},
	}
	flags.register(cmd)
	settingFlag(cmd.Flags(), "hops")
	cmd.Flags().StringVar(&rank, "rank", string(paths.ByTelling), "order of paths: "+phrase.List(paths.Ranks()))
	cmd.Flags().BoolVar(&all, "all", false, "show all facts and evidence of each hop")
	return answering(cmd)
}

// connect adds a tree that connects the entities to an answer.
func connect(ctx context.Context, cmd *cobra.Command, v *paths.View, t *pathAnswer, ids []schema.ID, q paths.Query) error {
	tree, err := v.Connect(ctx, ids, q)
	if err != nil {
		return err
	}
	if len(tree.Hops) == 0 {
		return noPathError(ctx, cmd, v, noPathExplainer{t.graph, t.renderer}, ids[:1], ids[1:], q, nil)
	}
	p, err := t.renderer.Tree(ctx, tree)
	if err != nil {
		return err
	}
	p.Approximate = len(ids) > 2
	t.paths = append(t.paths, p)
	return nil
}
