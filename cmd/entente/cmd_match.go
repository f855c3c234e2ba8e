package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/match"
	"github.com/entente-kg/entente/schema"
)

// matchFlags are the flags of the command match.
type matchFlags struct {
	kinds, datasets []string
	above           float64
}

func matchCommand(a *app) *cobra.Command {
	flags := &matchFlags{}
	cmd := &cobra.Command{
		Use:   "match [NAME...]",
		Short: "Propose pairs of entities that may be one, with scores and reasons",
		Long: `Match proposes pairs of entities that may be one, in one dataset or in several, best
first, each with its score and with what speaks for and against it. It changes
nothing. With one NAME, it lists the pairs of that entity; with several, it compares
these with each other and shows every pair, whatever its score.

Names are compared word by word, in any order and script; then identifiers, dates of
birth, countries, posts with their terms, and dealings with the same others. A score
orders pairs: it is not a probability. Pairs below ` + fmt.Sprintf("%.2f", match.Threshold) + ` are left out; --above sets
another limit. entente help matching has the whole rule.`,
		GroupID: "ask",
		Args:    cobra.ArbitraryArgs,
		Example: `  entente match --in examples/us-china-2023 --above 0.5
  entente match "Xie Feng" "Xi Jinping" --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if flags.above <= 0 || flags.above > 1 {
				return usagef("--above %v: want a score above 0 and up to 1", flags.above)
			}
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error {
				o, err := flags.options(cmd, g, args)
				if err != nil {
					return err
				}
				found, err := match.Pairs(cmd.Context(), g, o)
				if err != nil {
					return err
				}
				return showPairs(cmd.Context(), out, found)
			})
		},
	}
	cmd.Flags().Float64Var(&flags.above, "above", match.Threshold, "only pairs with at least this `SCORE`, up to 1")
	cmd.Flags().StringArrayVar(&flags.kinds, "kind", nil, "only entities of this `KIND`, such as person,institution, or all (default: all but documents); repeatable")
	cmd.Flags().StringArrayVar(&flags.datasets, "dataset", nil, "only entities that this `DATASET` declares; repeatable")
	rowFlags(cmd)
	return reading(cmd)
}

// options returns the options that the flags and names select.
func (f *matchFlags) options(cmd *cobra.Command, g *graph.Graph, names []string) (o *match.Options, err error) {
	o = &match.Options{Datasets: f.datasets, Above: f.above}
	if len(names) > 1 && !changed(cmd, "above") {
		o.Above = 0
	}
	if o.Kinds, err = parseKinds(f.kinds); err != nil {
		return nil, err
	}
	if err := g.CheckDatasets(cmd.Context(), f.datasets...); err != nil {
		return nil, err
	}
	if o.Of, err = resolveDistinct(cmd.Context(), g, names); err != nil {
		return nil, err
	}
	return o, checkDeclared(cmd.Context(), g, f.datasets, o.Of)
}

// checkDeclared returns an error for an entity that none of the datasets declares.
func checkDeclared(ctx context.Context, g *graph.Graph, datasets []string, ids []schema.ID) error {
	for _, id := range ids {
		stated, err := g.StatedBy(ctx, id)
		if err != nil {
			return err
		}
		if len(datasets) > 0 && !overlap(stated, datasets) {
			return usagef("%s is not declared by %s", id, phrase.List(datasets))
		}
	}
	return nil
}

func overlap(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// jsonMatching is the answer of match.
type jsonMatching struct {
	Entities int        `json:"entities"` // that were compared
	Compared int        `json:"compared"` // pairs of names that share a key
	Count    int        `json:"count"`    // pairs from the limit on; more than are listed if --rows cut the list
	Common   int        `json:"common-names,omitempty"`
	Pairs    []jsonPair `json:"pairs"`
}

type jsonPair struct {
	Score   float64      `json:"score"`
	Kind    schema.Kind  `json:"kind"`
	A       jsonSide     `json:"a"`
	B       jsonSide     `json:"b"`
	Reasons []jsonReason `json:"reasons"`
}

type jsonSide struct {
	ID       schema.ID `json:"id"`
	Name     string    `json:"name"`
	Compared string    `json:"compared-name"`
	Datasets []string  `json:"datasets"`
}

type jsonReason struct {
	About  match.Aspect `json:"about"`
	Speaks string       `json:"speaks"` // for or against
	Weight float64      `json:"weight"`
	Text   string       `json:"text"`
}

// showPairs prints pairs, up to the row limit.
func showPairs(ctx context.Context, out *output.Writer, found *match.Result) error {
	t := &output.Answer{Columns: []string{"score", "kind", "name", "id", "datasets", "other", "other-id", "other-datasets", "for", "against"},
		Hidden: []string{"kind", "datasets", "other-datasets", "id", "other-id"}}
	answer := jsonMatching{Entities: found.Entities, Compared: found.Compared, Count: len(found.Pairs), Common: found.Skipped, Pairs: []jsonPair{}}
	pairs := found.Pairs
	if out.Rows > 0 && len(pairs) > out.Rows {
		pairs = pairs[:out.Rows]
		out.Note("the best %d of %d pairs are shown: %s", out.Rows, len(found.Pairs), out.ForMore)
	}
	if found.Skipped > 0 {
		out.Note("%s of more than 200 entities each, which were compared by birth, identifiers and rarer names only", phrase.Counted(found.Skipped, "name is that", "names are those"))
	}
	for _, p := range pairs {
		row := newJSONPair(p)
		answer.Pairs = append(answer.Pairs, row)
		name, other := p.A.Entity.Label, p.B.Entity.Label
		if out.Format == "table" {
			name, other = shownSide(p.A), shownSide(p.B)
		}
		t.Add(fmt.Sprintf("%.2f", p.Score), string(row.Kind), name, string(row.A.ID), strings.Join(row.A.Datasets, ", "),
			other, string(row.B.ID), strings.Join(row.B.Datasets, ", "), reasonsOf(p, false), reasonsOf(p, true))
	}
	t.JSON = answer.Pairs
	if out.Format == "json" {
		t.JSON = answer
	}
	return out.Print(ctx, t)
}

// shownSide returns the name, the id and the datasets of an entity for a table.
func shownSide(s match.Side) string {
	text := fmt.Sprintf("%s <%s>", s.Entity.Label, s.Entity.ID)
	if len(s.Datasets) > 0 {
		text += " in " + phrase.List(s.Datasets)
	}
	return text
}

func newJSONPair(p match.Pair) jsonPair {
	side := func(s match.Side) jsonSide {
		return jsonSide{s.Entity.ID, s.Entity.Label, s.Name, append([]string{}, s.Datasets...)}
	}
	row := jsonPair{Score: p.Score, Kind: p.A.Entity.Kind, A: side(p.A), B: side(p.B)}
	for _, r := range p.Reasons {
		speaks := "for"
		if r.Against {
			speaks = "against"
		}
		row.Reasons = append(row.Reasons, jsonReason{r.Aspect, speaks, r.Weight, r.Text})
	}
	return row
}

// reasonsOf lists what speaks for a pair, or against it.
func reasonsOf(p match.Pair, against bool) string {
	var texts []string
	for _, r := range p.Reasons {
		if r.Against == against {
			texts = append(texts, r.Text)
		}
	}
	return strings.Join(texts, "; ")
}
