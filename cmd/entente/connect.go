package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

func (a *app) connectCommand() *cobra.Command {
	flags := &conditionFlags{}
	var rank string
	var all bool
	cmd := &cobra.Command{
		Use:   "connect NAME NAME...",
		Short: "Show who ties some entities together",
		Long: `Connect finds a tree of paths that ties all of some entities together, and prints
each hop with its evidence. It is approximate: of the trees that grow from each of
them, by the most telling path to any that is not connected yet, the best one. There
may be one that tells more.`,
		GroupID:     "ask",
		Annotations: map[string]string{drawn: "yes"},
		Args:        cobra.MinimumNArgs(2),
		Example:     `  entente connect "Xie Feng" "Lloyd Austin" "Xi Jinping" --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withGraph(cmd.Context(), func(g *graph.Graph) error {
				q, err := flags.query(cmd.Context(), g)
				if err != nil {
					return err
				}
				q.Hops, q.Rank = a.config.Hops, paths.Rank(rank)
				ids, err := resolve(cmd.Context(), g, args)
				if err != nil {
					return err
				}
				return withView(cmd.Context(), g, func(g *graph.Graph, v *paths.View) error {
					t := &trace{renderer: newRenderer(g), all: all}
					if err := a.connect(cmd.Context(), v, t, ids, q); err != nil {
						return err
					}
					return a.printTrace(cmd, t)
				})
			})
		},
	}
	flags.register(cmd)
	settingFlag(cmd.Flags(), "hops")
	cmd.Flags().StringVar(&rank, "rank", string(paths.ByTelling), "which paths come first: "+list(paths.Ranks()))
	cmd.Flags().BoolVar(&all, "all", false, "all facts and evidence of each hop")
	return a.reading(cmd)
}

// connect fills a trace with a tree, and says who is missing.
func (a *app) connect(ctx context.Context, v *paths.View, t *trace, ids []schema.ID, q paths.Query) error {
	tree, err := v.Connect(ctx, ids, q)
	if err != nil {
		return err
	}
	missing, err := t.renderer.refs(ctx, tree.Missing)
	if err != nil {
		return err
	}
	names := make([]string, len(missing))
	for i, ref := range missing {
		names[i] = ref.Name
	}
	if len(tree.Hops) == 0 {
		return fmt.Errorf("nothing connects any of them within %s: %w", plural(q.Hops, "hop"), graph.ErrNotFound)
	}
	p, err := t.add(ctx, tree.Hops)
	if err != nil {
		return err
	}
	p.tree, p.Telling, p.Missing, p.Approximate = true, tree.Telling, missing, true
	if len(missing) > 0 {
		a.warn("nothing connects %s with them within %s", strings.Join(names, ", "), plural(q.Hops, "hop"))
	}
	if len(ids) > 2 {
		a.warn("approximate: there may be a tree that tells more")
	}
	return nil
}
