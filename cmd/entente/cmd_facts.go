package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

func factsCommand(a *app) *cobra.Command {
	flags := &filterFlags{}
	cmd := &cobra.Command{
		Use:   "facts",
		Short: "List facts by verb, status, date and who has part in them",
		Long: `Facts lists the facts that fit all conditions, by date.

--about ENTITY lists those in which it has part: in a role, as place, as speaker,
or by name in a topic. A country also has part in what its people, posts and
institutions do (what has it as country:), and in what happens in it: at, to or
during what is located in it (the relation located-in, asserted by some source,
whatever its dates), or in what is located there, and so on. The same goes for
places. The column "through" then says by way of whom or what; --about-only lists
none of these.

--since, --until and --as-of go by the days that a fact's evidence allows; for a
fact without a date that is part of others, by the days of those.

The status of a fact says what is claimed, its standing whether any source claims
it: asserted, disputed (some source asserts it and some denies it) or, where no
source asserts it, denied, doubted or hearsay. A --status alone picks what at least
one source asserts; --standing asks for others. The columns "sources" and "words"
are of evidence that asserts the fact; "other-stances" says who denies, doubts or
passes it on, and in which words.`,
		GroupID: "ask",
		Args:    cobra.NoArgs,
		Example: `  entente facts --verb met --since 2023-06 --until 2023-07 --about "United States" --in examples/us-china-2023
  entente facts --status refused --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withGraph(cmd.Context(), func(g *graph.Graph) error {
				filter, err := flags.filter(cmd.Context(), g)
				if err != nil {
					return err
				}
				return a.listFacts(cmd, g, filter)
			})
		},
	}
	flags.register(cmd)
	flags.registerAbout(cmd.Flags())
	cmd.Flags().IntVar(&flags.minSources, "min-sources", 0, "only facts that at least `N` documents assert")
	rowFlags(cmd)
	return reading(cmd)
}

func (a *app) listFacts(cmd *cobra.Command, g *graph.Graph, filter graph.Filter) error {
	ctx, limit := cmd.Context(), a.limit(cmd)
	left := leftOut(&filter)
	r := newRenderer(g)
	t := newFactAnswer()
	t.asks(filter)
	filter.OnThrough = func(_ schema.Fact, ids []schema.ID) { t.through = ids }
	for f, err := range g.Facts(ctx, filter) {
		if err != nil {
			return err
		}
		if limit > 0 && len(t.facts) == limit {
			a.warn("%s: %s", moreThan(limit, "fact"), a.forMore())
			break
		}
		if err := t.addFact(ctx, r, f); err != nil {
			return err
		}
	}
	left.warn(&a.console)
	return a.print(cmd, t.answer())
}

// omissions counts the facts that a filter leaves out though they fit it in all
// that was asked for.
type omissions struct{ undated, unasserted int }

// leftOut lets a filter count what it leaves out.
func leftOut(f *graph.Filter) *omissions {
	o := &omissions{}
	f.OnUndated = func(schema.Fact) { o.undated++ }
	f.OnUnasserted = func(schema.Fact) { o.unasserted++ }
	return o
}

// warn says how many facts were left out, and which flags show them.
func (o *omissions) warn(c *console) {
	if o.undated > 0 {
		c.warn("left out %s: --undated", plural(o.undated, "undated fact"))
	}
	if o.unasserted > 0 {
		c.warn("left out %s that no source asserts: --standing %s", plural(o.unasserted, "fact"), unassertedStandings())
	}
}

// unassertedStandings are the standings of facts that no source asserts, as
// --standing reads them.
func unassertedStandings() string {
	words := slices.DeleteFunc(schema.Standings(), schema.Standing.Asserted)
	return strings.ReplaceAll(list(words), " ", "")
}

// factAnswer is a list of facts.
type factAnswer struct {
	table   answer
	facts   []*jsonFact
	through []schema.ID   // by way of whom the next fact is about what was asked for
	asked   *graph.Filter // whose days the facts fit, certainly or possibly; nil where it asks for none
}

// asks lets the answer say which facts fit the days that a filter asks for.
func (t *factAnswer) asks(f graph.Filter) {
	if f.Windowed() {
		t.asked = &f
	}
}

// then says whether a fact certainly fits the days that were asked for; empty where
// none were.
func (t *factAnswer) then(g *graph.Graph, f schema.Fact) (string, error) {
	if t.asked == nil {
		return "", nil
	}
	sure, err := g.Surely(f, *t.asked)
	if sure {
		return "certainly", err
	}
	return "possibly", err
}

func newFactAnswer() *factAnswer {
	return &factAnswer{facts: []*jsonFact{}, table: answer{hidden: []string{"id"}, columns: []string{"when", "status", "standing", "fact", "linked", "at", "through", "sources", "words", "other-stances", "then", "widened", "id"}}}
}

func (t *factAnswer) addFact(ctx context.Context, r *renderer, f schema.Fact) error {
	j, err := r.jsonFact(ctx, f)
	if err != nil {
		return err
	}
	if j.Through, err = r.refs(ctx, t.through); err != nil {
		return err
	}
	through, err := r.names(ctx, t.through)
	if err != nil {
		return err
	}
	t.facts, t.through = append(t.facts, j), nil
	places, err := r.places(ctx, f)
	if err != nil {
		return err
	}
	if j.Then, err = t.then(r.graph, f); err != nil {
		return err
	}
	c := j.claims()
	t.table.add(dates(f), string(f.Status), string(f.Standing()), j.Sentence, links(j.Links), places, through, c.sources, c.words, c.others, j.Then, j.widened(), string(f.ID))
	return nil
}

// places names where a fact was, by the evidence that asserts it, or by all where
// none does.
func (r *renderer) places(ctx context.Context, f schema.Fact) (string, error) {
	asserting, others := f.Sides()
	if len(asserting) == 0 {
		asserting = others
	}
	var places []string
	for _, e := range asserting {
		at, err := r.names(ctx, e.At)
		if err != nil {
			return "", err
		}
		places = append(places, at)
	}
	return distinct(places), nil
}

// dates are the fact's own date, then those of its evidence that differ; not those
// of denials, where any source asserts it.
func dates(f schema.Fact) string {
	var all []string
	for _, when := range f.Dates() {
		all = append(all, dateBy(f, when))
	}
	return distinct(all)
}

// widened says how the dates of a fact and of its evidence are widened.
func (f *jsonFact) widened() string {
	all := []string{f.When.Widened}
	for _, e := range f.Evidence {
		if e.Stance != schema.Denies || !f.Standing.Asserted() {
			all = append(all, e.When.Widened)
		}
	}
	return distinct(all)
}

// links says how a fact bears on others.
func links(list []jsonLink) string {
	words := make([]string, len(list))
	for i, l := range list {
		words[i] = string(l.Type) + " " + l.Name
	}
	return strings.Join(words, "; ")
}

// distinct joins what differs, in order.
func distinct(items []string) string {
	var kept []string
	for _, s := range items {
		if s != "" && !slices.Contains(kept, s) {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, "; ")
}

func (t *factAnswer) answer() *answer {
	t.table.json = t.facts
	return &t.table
}
