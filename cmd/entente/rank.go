package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// rankFlags say what to measure, and whom to list.
type rankFlags struct {
	conditionFlags
	by      string
	kinds   []string
	sources int
}

func (a *app) rankCommand() *cobra.Command {
	flags := &rankFlags{}
	cmd := &cobra.Command{
		Use:   "rank",
		Short: "List who is most central to dealings, by one of several measures",
		Long: `Rank lists all entities that facts link, the most central first:

  degree       with how many entities one is linked
  pagerank     how often one is met on a random walk over links, as part of 1
  betweenness  on how many shortest paths between others one lies

Two entities are linked once, by however many facts. Nothing leads on through a
group, nor through whom --through and --avoid leave out: these count as ends of
links. With --direction the links go that way alone.

Where betweenness would take long, shortest paths are searched from some entities
alone, always the same ones, and a note says from how many.`,
		GroupID: "ask",
		Args:    cobra.NoArgs,
		Example: `  entente rank --by betweenness --kind person --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(paths.Measures(), paths.Measure(flags.by)) {
				return usagef("unknown measure %q: want one of %s", flags.by, list(paths.Measures()))
			}
			if changed(cmd, "sources") && (flags.sources < 0 || flags.by != string(paths.Betweenness)) {
				return usagef("--sources %d: want 0 or more, and --by %s", flags.sources, paths.Betweenness)
			}
			return a.withGraph(cmd.Context(), func(g *graph.Graph) error {
				q, err := flags.query(cmd.Context(), g)
				if err != nil {
					return err
				}
				return withView(cmd.Context(), g, func(g *graph.Graph, v *paths.View) error { return a.rankBy(cmd, g, v, flags, q) })
			})
		},
	}
	flags.register(cmd)
	cmd.Flags().StringVar(&flags.by, "by", string(paths.Degree), "`MEASURE`: "+list(paths.Measures()))
	cmd.Flags().StringArrayVar(&flags.kinds, "kind", nil, "list only entities of this `KIND`, though all count: person,post; repeatable")
	cmd.Flags().IntVar(&flags.sources, "sources", 0, "for betweenness: search from `N` entities; 0 for as many as take some seconds")
	a.rowFlags(cmd)
	return a.reading(cmd)
}

func (a *app) rankBy(cmd *cobra.Command, g *graph.Graph, view *paths.View, flags *rankFlags, q paths.Query) error {
	ctx := cmd.Context()
	kinds, err := parseKinds(flags.kinds)
	if err != nil {
		return err
	}
	found, err := view.Centrality(ctx, paths.Measure(flags.by), q, flags.sources)
	if err != nil {
		return err
	}
	if found.Approximate() {
		a.warn("approximate: %d of %d sources sampled; --sources %[2]d for all", found.Sources, len(found.Entities))
	}
	r := &jsonRanking{By: flags.by, Count: len(found.Entities), Sources: found.Sources, Approximate: found.Approximate(), Entities: []jsonRanked{}}
	if err := r.list(ctx, a, newRenderer(g), found.Entities, kinds, a.limit(cmd)); err != nil {
		return err
	}
	t := &answer{columns: []string{"rank", flags.by, "name", "kind", "id"}, json: r.Entities}
	for _, e := range r.Entities {
		cell := any(e.Score)
		if a.config.Format == "table" {
			cell = score(e.Score)
		}
		t.add(e.Rank, cell, e.Name, string(e.Kind), string(e.ID))
	}
	if a.config.Format == "json" {
		t.json = r
	}
	return a.print(cmd, t)
}

func parseKinds(words []string) (kinds []schema.Kind, err error) {
	for _, word := range wordsOf(words, nil) {
		kind, err := parseKind(word)
		if err != nil {
			return nil, err
		}
		kinds = append(kinds, kind)
	}
	return kinds, nil
}

// jsonRanking is who is most central.
type jsonRanking struct {
	By          string       `json:"by"`
	Count       int          `json:"count"`             // entities that were measured
	Sources     int          `json:"sources,omitempty"` // from which shortest paths were searched
	Approximate bool         `json:"approximate"`
	Entities    []jsonRanked `json:"entities"`
}

type jsonRanked struct {
	jsonRef
	Kind  schema.Kind `json:"kind"`
	Rank  int         `json:"rank"` // among all that were measured; equal ones have the same
	Score float64     `json:"score"`
}

// list names those that are of some kinds, no more than the limit.
func (r *jsonRanking) list(ctx context.Context, a *app, names *renderer, all []paths.Central, kinds []schema.Kind, limit int) error {
	rank, total := 0, 0
	for i, e := range all {
		if i == 0 || e.Score != all[i-1].Score {
			rank = i + 1
		}
		if len(kinds) > 0 && !slices.Contains(kinds, e.Kind) {
			continue
		}
		if total++; limit > 0 && total > limit {
			continue
		}
		ref, err := names.ref(ctx, e.ID)
		if err != nil {
			return err
		}
		r.Entities = append(r.Entities, jsonRanked{ref, e.Kind, rank, e.Score})
	}
	if total > len(r.Entities) {
		a.warn("%d of %s are shown: --rows N or --all", limit, entities(total))
	}
	return nil
}

// score is a number in as many digits as people read.
type score float64

func (s score) String() string {
	if s > 1e5 {
		return fmt.Sprintf("%.0f", float64(s))
	}
	return fmt.Sprintf("%.6g", float64(s))
}
