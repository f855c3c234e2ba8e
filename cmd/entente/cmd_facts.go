package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// filterFlags are the flags that pick facts.
type filterFlags struct {
	cmd                                                 *cobra.Command
	verbs, groups, statuses, standings, about, datasets []string
	since, until, asOf                                  string
	undated, aboutOnly                                  bool
	minSources                                          int
}

func (f *filterFlags) register(cmd *cobra.Command) {
	f.cmd = cmd
	flags := cmd.Flags()
	flags.StringArrayVar(&f.verbs, "verb", nil, "only facts of this `VERB`: met,called; repeatable")
	flags.StringArrayVar(&f.groups, "group", nil, "only facts whose verb is of this `GROUP`, such as contact or conflict (entente verbs lists them); repeatable")
	flags.StringArrayVar(&f.statuses, "status", nil, "only facts of this `STATUS` that at least one source asserts: "+list(schema.Statuses())+"; repeatable")
	flags.StringArrayVar(&f.standings, "standing", nil, "only facts of this `STANDING`: "+list(schema.Standings())+"; with --dataset, by what it says; repeatable")
	flags.StringVar(&f.since, "since", "", "only facts that may have been going on since this `DATE`")
	flags.StringVar(&f.until, "until", "", "only facts that may have been going on until this `DATE`")
	flags.StringVar(&f.asOf, "as-of", "", "only what may have happened by the end of this `DATE`, or held then")
	flags.BoolVar(&f.undated, "undated", false, "with --since, --until or --as-of: undated facts too")
	flags.StringArrayVar(&f.datasets, "dataset", nil, "only facts that this `DATASET` claims; repeatable")
}

// registerAbout adds the flags for who and what facts are about.
func (f *filterFlags) registerAbout(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.about, "about", nil, "only facts in which this `ENTITY` has part; a country also by its people and institutions, and by what is located in it; repeatable for several together")
	flags.BoolVar(&f.aboutOnly, "about-only", false, "with --about: the entity itself alone, not its people, institutions and places")
}

// filter checks the flags against the graph.
func (f *filterFlags) filter(ctx context.Context, g *graph.Graph) (graph.Filter, error) {
	for _, flag := range []string{"since", "until", "as-of"} {
		if value, _ := f.cmd.Flags().GetString(flag); changed(f.cmd, flag) && value == "" {
			return graph.Filter{}, usagef("--%s is empty", flag)
		}
	}
	if f.minSources < 0 {
		return graph.Filter{}, usagef("--min-sources %d is below zero", f.minSources)
	}
	filter := graph.Filter{Since: f.since, Until: f.until, AsOf: f.asOf, Undated: f.undated, Datasets: f.datasets, MinSources: f.minSources, AboutOnly: f.aboutOnly}
	if _, _, err := schema.WindowBetween(f.since, f.until); err != nil {
		return filter, usage(err)
	}
	if f.asOf != "" {
		if _, _, err := schema.Window(f.asOf); err != nil {
			return filter, usage(fmt.Errorf("--as-of: %w", err))
		}
	}
	if f.aboutOnly && len(f.about) == 0 {
		return filter, usagef("--about-only without --about")
	}
	err := knownDatasets(ctx, g, f.datasets)
	if err != nil {
		return filter, err
	}
	if filter.Verbs, err = f.parseVerbs(g.Vocabulary()); err != nil {
		return filter, err
	}
	if filter.Statuses, err = parseWords(f.statuses, "status", schema.Statuses()); err != nil {
		return filter, err
	}
	if filter.Standings, err = parseWords(f.standings, "standing", schema.Standings()); err != nil {
		return filter, err
	}
	filter.About, err = resolve(ctx, g, f.about)
	return filter, err
}

// resolve finds who has each name.
func resolve(ctx context.Context, g *graph.Graph, names []string) ([]schema.ID, error) {
	var ids []schema.ID
	for _, name := range names {
		id, err := g.Resolve(ctx, name)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// knownDatasets is an error where a dataset is not loaded.
func knownDatasets(ctx context.Context, g *graph.Graph, names []string) error {
	if len(names) == 0 {
		return nil
	}
	sets, err := g.Datasets(ctx)
	if err != nil {
		return err
	}
	var loaded []string
	for _, s := range sets {
		loaded = append(loaded, s.Name)
	}
	for _, name := range names {
		if !slices.Contains(loaded, name) {
			err := fmt.Errorf("dataset %q %w", name, graph.ErrNotFound)
			return schema.WithHint(err, func() string { return "loaded are " + list(loaded) })
		}
	}
	return nil
}

// wordsOf are the words of a flag that may be repeated, or have several with commas
// between; one that is known as it is may have commas itself.
func wordsOf(values []string, known func(string) bool) (words []string) {
	for _, value := range values {
		if known != nil && known(value) {
			words = append(words, value)
			continue
		}
		for word := range strings.SplitSeq(value, ",") {
			words = append(words, strings.TrimSpace(word))
		}
	}
	return words
}

// parseVerbs finds the verbs asked for, by themselves or by their group.
func (f *filterFlags) parseVerbs(v *schema.Vocabulary) ([]schema.Verb, error) {
	var verbs []schema.Verb
	known := func(word string) bool {
		found, _ := v.ResolvePredicates(word)
		return len(found) > 0
	}
	for _, word := range wordsOf(f.verbs, known) {
		found, _ := v.ResolvePredicates(word)
		if len(found) == 0 {
			err := usagef("%w %q", schema.ErrUnknownVerb, word)
			return nil, schema.WithHint(err, func() string {
				return cmp.Or(schema.DidYouMean(v.SuggestPredicates(word)), "entente verbs lists them")
			})
		}
		verbs = append(verbs, found...)
	}
	for _, word := range wordsOf(f.groups, nil) {
		group := v.Group(strings.ToLower(word))
		if len(group) == 0 {
			return nil, usagef("unknown group of verbs %q: want one of %s", word, list(v.Groups()))
		}
		verbs = append(verbs, group...)
	}
	return verbs, nil
}

// parseWords reads the values of a flag, each one of the known words, in any case.
func parseWords[T ~string](values []string, what string, known []T) (words []T, err error) {
	for _, value := range wordsOf(values, nil) {
		word := T(strings.ToLower(value))
		if !slices.Contains(known, word) {
			return nil, usagef("unknown %s %q: want one of %s", what, value, list(known))
		}
		words = append(words, word)
	}
	return words, nil
}

func (a *app) factsCommand() *cobra.Command {
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
	a.rowFlags(cmd)
	return a.reading(cmd)
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
	left.warn(a)
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
func (o *omissions) warn(a *app) {
	if o.undated > 0 {
		a.warn("left out %s: --undated", plural(o.undated, "undated fact"))
	}
	if o.unasserted > 0 {
		a.warn("left out %s that no source asserts: --standing %s", plural(o.unasserted, "fact"), unassertedStandings())
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
