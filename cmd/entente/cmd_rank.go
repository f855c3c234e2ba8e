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
		Short: "List the most central entities, by degree, PageRank or betweenness",
		Long: `Rank lists entities with edges, the most central first. Each kind of entity has its
own list: people, institutions and countries, or the kinds of --kind. The measures:

  degree       the number of neighbours
  pagerank     the share of a random walk over links that is spent at the entity;
               the shares of all entities add up to 1
  betweenness  the share of the shortest paths of each pair of other entities that pass
               through the entity, summed over all pairs

Two entities are linked once, even by several facts. Paths do not pass through a
group, nor through entities that --through and --avoid exclude, but they may end
there. With --direction, links have that direction only.

If betweenness would take long, shortest paths are searched from a sample of the
entities, which is the same in each run, and a note gives the size of the sample.

Entities of all kinds count for the measure, even if their kind is not listed.
Entities with equal scores have equal ranks, and the next rank is one more.`,
		GroupID: "ask",
		Args:    cobra.NoArgs,
		Example: `  entente rank --by betweenness --kind person --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(paths.Measures(), paths.Measure(flags.by)) {
				return usagef("unknown measure %q: want one of %s", flags.by, phrase.List(paths.Measures()))
			}
			if changed(cmd, "sources") && (flags.sources < 0 || flags.by != string(paths.Betweenness)) {
				return usagef("--sources %d: want 0 or more, together with --by %s", flags.sources, paths.Betweenness)
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
	cmd.Flags().StringVar(&flags.by, "by", string(paths.Degree), "`MEASURE` of centrality: "+phrase.List(paths.Measures()))
	cmd.Flags().StringArrayVar(&flags.kinds, "kind", rankedKinds(), "list entities of this `KIND`, such as person,post, or all; each kind has its own list; repeatable")
	cmd.Flags().IntVar(&flags.sources, "sources", 0, "for betweenness: search from `N` entities; 0 for a number that takes a few seconds")
	rowFlags(cmd)
	return answering(cmd)
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
		out.Note("approximate: searched from a sample of %d of %d entities; --sources %[2]d searches from all", found.Sources, len(found.Entities))
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
