package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

func factsCommand(a *app) *cobra.Command {
	flags := &filterFlags{}
	cmd := &cobra.Command{
		Use:   "facts",
		Short: "List facts by verb, status, date and participants",
		Long: `Facts lists the facts that fit all conditions, by date.

--about ENTITY lists the facts in which the entity participates: in a role, as place,
as speaker, or by name in a topic. A country also participates in the facts of its
people, posts and institutions (entities whose country: it is), and in facts at, to
or during an entity that is located in it, directly or through other places. (The
relation located-in counts if at least one source asserts it, whatever its dates.)
The same holds for places. In these cases, the column "through" names the entity by
which the fact belongs to the country or place. --about-only omits these facts.

--since, --until and --as-of compare the days that a fact's evidence allows. A fact
without a date that is part of other facts has the days of these facts.

The status of a fact is what is claimed: it happened, was planned, refused and so on.
Its standing says whether sources make that claim: asserted, disputed (at least one
source asserts the fact and at least one denies it) or, if no source asserts it,
denied, doubted or hearsay. --status alone selects facts that at least one source
asserts; --standing selects other facts. The columns "sources" and "words" are of
evidence that asserts the fact; "other-stances" is of evidence that denies it, doubts
it or reports it as hearsay.`,
		GroupID: "ask",
		Args:    cobra.NoArgs,
		Example: `  entente facts --verb met --since 2023-06 --until 2023-07 --about "United States" --in examples/us-china-2023
  entente facts --status refused --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error {
				filter, err := flags.filter(cmd.Context(), g)
				if err != nil {
					return err
				}
				return listFacts(cmd.Context(), g, out, filter)
			})
		},
	}
	flags.register(cmd)
	flags.registerAbout()
	rowFlags(cmd)
	return reading(cmd)
}

func listFacts(ctx context.Context, g *graph.Graph, out *output.Writer, filter graph.Filter) error {
	omitted := countOmissions(&filter)
	t := render.New(g).NewFactList(filter)
	var through []schema.ID
	filter.OnThrough = func(_ schema.Fact, ids []schema.ID) { through = ids }
	for f, err := range g.Facts(ctx, filter) {
		if err != nil {
			return err
		}
		if out.Rows > 0 && len(t.Facts) == out.Rows {
			out.Note("%s: %s", phrase.MoreThan(out.Rows, "fact"), out.ForMore)
			break
		}
		if err := t.Add(ctx, f, through...); err != nil {
			return err
		}
		through = nil
	}
	omitted.note(out.Note)
	return out.Print(ctx, factAnswer(t))
}

// omissions counts the facts that match all conditions of a filter but are omitted
// because they have no date, or because no source asserts them.
type omissions struct{ undated, unasserted int }

// countOmissions makes a filter count the facts that it omits.
func countOmissions(f *graph.Filter) *omissions {
	o := &omissions{}
	f.OnUndated = func(schema.Fact) { o.undated++ }
	f.OnUnasserted = func(schema.Fact) { o.unasserted++ }
	return o
}

// note prints how many facts were omitted, and which flags show them.
func (o *omissions) note(note func(format string, args ...any)) {
	if o.undated > 0 {
		note("omitted %s: --undated shows them", phrase.Plural(o.undated, "undated fact"))
	}
	if o.unasserted > 0 {
		note("omitted %s that no source asserts: --standing %s shows them", phrase.Plural(o.unasserted, "fact"), unassertedStandings())
	}
}

// unassertedStandings returns the standings of facts that no source asserts, as a value
// of --standing.
func unassertedStandings() string {
	words := slices.DeleteFunc(schema.Standings(), schema.Standing.Asserted)
	return strings.ReplaceAll(phrase.List(words), " ", "")
}

// factAnswer returns the answer for a list of facts.
func factAnswer(l *render.FactList) *output.Answer { return output.Of(l.Table, l.Facts) }
