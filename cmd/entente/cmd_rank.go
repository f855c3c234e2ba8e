package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// rankFlags are the flags of the command rank.
type rankFlags struct {
	conditionFlags
	by      string
	kinds   []string
	sources int
}

func rankCommand(a *app) *cobra.Command {
	flags := &rankFlags{}
	cmd := &cobra.Command{
		Use:   "rank",
		Short: "List who is most central to dealings, by one of several measures",
		Long: `Rank lists the entities that facts link, the most central first, each kind in a
list of its own: people, institutions and countries, or the kinds of --kind. A
person is not compared with a post or a place. The measures:

  degree       with how many entities one is linked
  pagerank     how often one is met on a random walk over links, as part of 1
  betweenness  on how many shortest paths between others one lies

Two entities are linked once, by however many facts. Nothing leads on through a
group, nor through whom --through and --avoid leave out: these count as ends of
links. With --direction the links go that way alone.

Where betweenness would take long, shortest paths are searched from some entities
alone, always the same ones, and a note says from how many.

All entities count for the measure, whichever kinds are listed. Entities with equal
scores have equal ranks, and the next rank is one more.`,
		GroupID: "ask",
		Args:    cobra.NoArgs,
		Example: `  entente rank --by betweenness --kind person --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(paths.Measures(), paths.Measure(flags.by)) {
				return usagef("unknown measure %q: want one of %s", flags.by, phrase.List(paths.Measures()))
			}
			if changed(cmd, "sources") && (flags.sources < 0 || flags.by != string(paths.Betweenness)) {
				return usagef("--sources %d: want 0 or more, and --by %s", flags.sources, paths.Betweenness)
			}
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error {
				q, err := flags.query(cmd.Context(), g)
				if err != nil {
					return err
				}
				return withView(cmd.Context(), g, func(g *graph.Graph, v *paths.View) error { return rank(cmd.Context(), g, out, v, flags, q) })
			})
		},
	}
	flags.register(cmd)
	cmd.Flags().StringVar(&flags.by, "by", string(paths.Degree), "`MEASURE`: "+phrase.List(paths.Measures()))
	cmd.Flags().StringArrayVar(&flags.kinds, "kind", rankedKinds(), "list entities of this `KIND`, each kind by itself: person,post, or all; repeatable")
	cmd.Flags().IntVar(&flags.sources, "sources", 0, "for betweenness: search from `N` entities; 0 for as many as take some seconds")
	rowFlags(cmd)
	return reading(cmd)
}

// rankedKinds returns the default of --kind.
func rankedKinds() []string { return []string{"person", "institution", "country"} }

func rank(ctx context.Context, g *graph.Graph, out *output.Writer, view *paths.View, flags *rankFlags, q paths.Query) error {
	kinds, err := parseKinds(flags.kinds)
	if err != nil {
		return err
	}
	found, err := view.Centrality(ctx, paths.Measure(flags.by), q, flags.sources)
	if err != nil {
		return err
	}
	if found.Approximate() {
		out.Note("approximate: %d of %d sources sampled; --sources %[2]d for all", found.Sources, len(found.Entities))
	}
	r := &jsonRanking{By: flags.by, Count: len(found.Entities), Sources: found.Sources, Approximate: found.Approximate(), Entities: []jsonRanked{}}
	names := render.New(g)
	for _, kind := range kinds {
		if err := r.list(ctx, out, names, found.Entities, kind); err != nil {
			return err
		}
	}
	if out.Format == "table" && len(kinds) > 1 && len(r.Entities) > 0 {
		return out.Write(ctx, r.writeTables)
	}
	t := r.answer(out.Format == "table", r.Entities)
	t.Hidden = []string{"kind"}
	if out.Format == "json" {
		t.JSON = r
	}
	return out.Print(ctx, t)
}

// parseKinds reads kinds; "all" is every kind.
func parseKinds(words []string) (kinds []schema.Kind, err error) {
	for _, word := range splitList(words, nil) {
		if strings.EqualFold(word, "all") {
			return schema.Kinds(), nil
		}
		kind, err := parseKind(word)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	return kinds, nil
}

// jsonRanking lists the most central entities of some kinds, kind by kind.
type jsonRanking struct {
	By          string       `json:"by"`
	Count       int          `json:"count"`             // measured entities of all kinds
	Sources     int          `json:"sources,omitempty"` // entities from which shortest paths were searched
	Approximate bool         `json:"approximate"`
	Entities    []jsonRanked `json:"entities"`
}

type jsonRanked struct {
	render.Ref
	Kind  schema.Kind `json:"kind"`
	Rank  int         `json:"rank"` // among the entities of its kind; equal scores have equal ranks
	Score float64     `json:"score"`
}

// list adds the entities of a kind, up to the row limit.
func (r *jsonRanking) list(ctx context.Context, out *output.Writer, names *render.Renderer, all []paths.Central, kind schema.Kind) error {
	limit := out.Rows
	rank, total, last := 0, 0, 0.0
	for _, e := range all {
		if e.Kind != kind {
			continue
		}
		if total == 0 || e.Score != last {
			rank, last = rank+1, e.Score
		}
		if total++; limit > 0 && total > limit {
			continue
		}
		ref, err := names.Ref(ctx, e.ID)
		if err != nil {
			return err
		}
		r.Entities = append(r.Entities, jsonRanked{ref, e.Kind, rank, e.Score})
	}
	if limit > 0 && total > limit {
		out.Note("%d of %s are shown: %s", limit, countOf(total, kind), out.ForMore)
	}
	return nil
}

// answer returns an answer with a row for each entity. forPeople shortens the scores.
func (r *jsonRanking) answer(forPeople bool, entities []jsonRanked) *output.Answer {
	t := &output.Answer{Columns: []string{"rank", r.By, "name", "kind", "id"}, JSON: entities}
	for _, e := range entities {
		cell := any(e.Score)
		if forPeople {
			cell = score(e.Score)
		}
		t.Add(e.Rank, cell, e.Name, string(e.Kind), string(e.ID))
	}
	return t
}

// writeTables writes a table for each kind, below a heading.
func (r *jsonRanking) writeTables(w io.Writer) error {
	for rest := r.Entities; len(rest) > 0; {
		kind, end := rest[0].Kind, 1
		for end < len(rest) && rest[end].Kind == kind {
			end++
		}
		if len(rest) < len(r.Entities) {
			fmt.Fprintln(w)
		}
		fmt.Fprintln(w, heading(kind))
		t := r.answer(true, rest[:end])
		t.Hidden = []string{"kind"}
		if err := t.WriteTable(w); err != nil {
			return err
		}
		rest = rest[end:]
	}
	return nil
}

// countOf returns a number and the noun of a kind: "1 country", "2 people".
func countOf(n int, kind schema.Kind) string {
	return phrase.Counted(n, strings.ToLower(string(kind)), strings.ToLower(heading(kind)))
}

// heading returns the plural of a kind, capitalized.
func heading(kind schema.Kind) string {
	switch kind {
	case schema.Person:
		return "People"
	case schema.Country:
		return "Countries"
	}
	return string(kind) + "s"
}

// score is a number that prints with six significant digits, or as an integer above
// 100,000.
type score float64

func (s score) String() string {
	if s > 1e5 {
		return fmt.Sprintf("%.0f", float64(s))
	}
	return fmt.Sprintf("%.6g", float64(s))
}
