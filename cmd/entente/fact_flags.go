package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// filterFlags are the flags that select facts.
type filterFlags struct {
	cmd                                                 *cobra.Command
	verbs, groups, statuses, standings, about, datasets []string
	since, until, asOf                                  string
	undated, aboutOnly                                  bool
	minSources                                          int
	selecting                                           []*pflag.Flag // all of these flags
}

func (f *filterFlags) register(cmd *cobra.Command) {
	f.cmd = cmd
	flags := pflag.NewFlagSet("facts", pflag.ContinueOnError)
	defer func() { f.add(flags) }()
	flags.StringArrayVar(&f.verbs, "verb", nil, "only facts with this `VERB`, such as met; repeatable, or a list with commas")
	flags.StringArrayVar(&f.groups, "group", nil, "only facts with a verb of this `GROUP`, such as contact or conflict (entente verbs lists the groups); repeatable")
	flags.StringArrayVar(&f.statuses, "status", nil, "only facts with this `STATUS` that at least one source asserts: "+phrase.List(schema.Statuses())+"; repeatable")
	flags.StringArrayVar(&f.standings, "standing", nil, "only facts with this `STANDING`: "+phrase.List(schema.Standings())+"; with --dataset, the standing by the evidence of that dataset; repeatable")
	flags.StringVar(&f.since, "since", "", "only facts that may have happened or held on or after this `DATE`")
	flags.StringVar(&f.until, "until", "", "only facts that may have happened or held on or before this `DATE`")
	flags.StringVar(&f.asOf, "as-of", "", "only events that may have happened by the end of this `DATE`, and relations that may have held then")
	flags.BoolVar(&f.undated, "undated", false, "with --since, --until or --as-of: also facts without a date")
	flags.StringArrayVar(&f.datasets, "dataset", nil, "only facts that this `DATASET` contains; repeatable")
	flags.IntVar(&f.minSources, "min-sources", 0, "only facts that at least `N` documents assert")
}

// registerAbout adds --about and --about-only.
func (f *filterFlags) registerAbout() {
	flags := pflag.NewFlagSet("about", pflag.ContinueOnError)
	defer func() { f.add(flags) }()
	flags.StringArrayVar(&f.about, "about", nil, "only facts in which this `ENTITY` participates; for a country, also facts of its people, posts and institutions, and of places located in it; if repeated, facts that fit all")
	flags.BoolVar(&f.aboutOnly, "about-only", false, "with --about: only facts of the entity itself, not of its people, institutions and places")
}

// add adds flags to the command and to the flags that select facts.
func (f *filterFlags) add(flags *pflag.FlagSet) {
	f.cmd.Flags().AddFlagSet(flags)
	flags.VisitAll(func(flag *pflag.Flag) { f.selecting = append(f.selecting, flag) })
}

// selects reports whether a flag is set that may leave out facts.
func (f *filterFlags) selects() bool {
	return slices.ContainsFunc(f.selecting, func(flag *pflag.Flag) bool {
		return flag.Changed && flag.Name != "undated" && flag.Name != "about-only"
	})
}

// filter returns the filter that the flags describe. Names are resolved in the graph.
func (f *filterFlags) filter(ctx context.Context, g *graph.Graph) (graph.Filter, error) {
	for _, flag := range []string{"since", "until", "as-of"} {
		if value, _ := f.cmd.Flags().GetString(flag); changed(f.cmd, flag) && value == "" {
			return graph.Filter{}, usagef("--%s is empty", flag)
		}
	}
	if f.minSources < 0 {
		return graph.Filter{}, usagef("--min-sources %d is negative", f.minSources)
	}
	conditions := graph.Conditions{Since: f.since, Until: f.until, AsOf: f.asOf, Undated: f.undated, Datasets: f.datasets, MinSources: f.minSources}
	if _, _, err := schema.WindowBetween(f.since, f.until); err != nil {
		return graph.Filter{}, usage(err)
	}
	if f.asOf != "" {
		if _, _, err := schema.Window(f.asOf); err != nil {
			return graph.Filter{}, usage(fmt.Errorf("--as-of: %w", err))
		}
	}
	if f.aboutOnly && len(f.about) == 0 {
		return graph.Filter{}, usagef("--about-only needs --about")
	}
	err := g.CheckDatasets(ctx, f.datasets...)
	if err != nil {
		return graph.Filter{}, err
	}
	if conditions.Verbs, err = f.parseVerbs(g.Vocabulary()); err != nil {
		return graph.Filter{}, err
	}
	if conditions.Statuses, err = parseWords(f.statuses, "status", schema.Statuses()); err != nil {
		return graph.Filter{}, err
	}
	if conditions.Standings, err = parseWords(f.standings, "standing", schema.Standings()); err != nil {
		return graph.Filter{}, err
	}
	about, err := resolve(ctx, g, f.about)
	return graph.Filter{Conditions: conditions, About: about, AboutOnly: f.aboutOnly}, err
}

// splitList returns the words of a repeatable flag, whose values may be lists with
// commas. A value for which known returns true is one word, even with commas.
func splitList(values []string, known func(string) bool) (words []string) {
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

// parseVerbs returns the verbs of --verb and --group.
func (f *filterFlags) parseVerbs(v *schema.Vocabulary) ([]schema.Verb, error) {
	var verbs []schema.Verb
	known := func(word string) bool {
		found, _ := v.ResolvePredicates(word)
		return len(found) > 0
	}
	for _, word := range splitList(f.verbs, known) {
		found, _ := v.ResolvePredicates(word)
		if len(found) == 0 {
			err := usagef("%w %q", schema.ErrUnknownVerb, word)
			return nil, schema.WithHint(err, func() string {
				return cmp.Or(schema.DidYouMean(v.SuggestPredicates(word)), "entente verbs lists them")
			})
		}
		verbs = append(verbs, found...)
	}
	for _, word := range splitList(f.groups, nil) {
		group := v.Group(strings.ToLower(word))
		if len(group) == 0 {
			return nil, usagef("unknown group of verbs %q: want one of %s", word, phrase.List(v.Groups()))
		}
		verbs = append(verbs, group...)
	}
	return verbs, nil
}

// parseWords parses the values of a flag as known words, upper and lower case alike.
func parseWords[T ~string](values []string, what string, known []T) (words []T, err error) {
	for _, value := range splitList(values, nil) {
		word := T(strings.ToLower(value))
		if !slices.Contains(known, word) {
			return nil, usagef("unknown %s %q: want one of %s", what, value, phrase.List(known))
		}
		words = append(words, word)
	}
	return words, nil
}

// conditionFlags are the flags that select the facts and the entities over which a
// search goes.
type conditionFlags struct {
	filterFlags
	through, avoid      []string
	contained           bool
	minConfidence       float64
	direction, disputed string
	roles               string
}

func (f *conditionFlags) register(cmd *cobra.Command) {
	f.filterFlags.register(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&f.contained, "contained", false, "with --since or --until: only facts that certainly began and ended between these dates")
	flags.Float64Var(&f.minConfidence, "min-confidence", 0, "only facts that a source asserts with at least this `CONFIDENCE`, 0 to 1")
	flags.StringVar(&f.direction, "direction", "", "`WAY` to follow the edges of asymmetric verbs: forward (from subject to object) or backward; default: both")
	flags.StringVar(&f.roles, "roles", "all", "`WHICH` edges to follow: all, or main for edges of verbs alone, without edges of mediators, hosts and other roles")
	flags.StringVar(&f.disputed, "disputed", "", "`WAY` to treat facts that at least one source denies: in (include them, the default), out (exclude them) or only (exclude all other facts)")
	flags.StringArrayVar(&f.through, "through", nil, "only paths whose inner entities are of this `KIND`, such as person,post; repeatable")
	flags.StringArrayVar(&f.avoid, "avoid", nil, "only paths that do not pass through this `ENTITY`; repeatable")
}

// filter returns the filter that the flags describe. Names are resolved in the graph.
func (f *conditionFlags) filter(ctx context.Context, g *graph.Graph) (graph.Filter, error) {
	filter, err := f.filterFlags.filter(ctx, g)
	if err != nil {
		return filter, err
	}
	conditions := &filter.Conditions
	conditions.Contained, conditions.MinConfidence, conditions.Disputed = f.contained, f.minConfidence, graph.Disputed(f.disputed)
	switch f.roles {
	case "all":
	case "main":
		conditions.Roles = graph.MainRoles
	default:
		return filter, usagef("--roles %q: want all or main", f.roles)
	}
	switch f.disputed {
	case "", "out", "only":
	case "in":
		conditions.Disputed = graph.DisputedToo
	default:
		return filter, usagef("--disputed %q: want in, out or only", f.disputed)
	}
	return filter, nil
}

// query returns the query that the flags describe. Names are resolved in the graph.
func (f *conditionFlags) query(ctx context.Context, g *graph.Graph) (q paths.Query, err error) {
	filter, err := f.filter(ctx, g)
	if err != nil {
		return q, err
	}
	conditions := filter.Conditions
	if len(conditions.Statuses) == 0 {
		conditions.Statuses = graph.Happened().Statuses
	}
	q = paths.Query{Conditions: &conditions, Direction: paths.Direction(f.direction)}
	switch q.Direction {
	case paths.AnyWay, paths.Forward, paths.Backward:
	default:
		return q, usagef("--direction %q: want forward or backward", f.direction)
	}
	for _, word := range splitList(f.through, nil) {
		kind, err := parseKind(word)
		if err != nil {
			return q, err
		}
		q.Through = append(q.Through, kind)
	}
	q.Avoid, err = resolve(ctx, g, f.avoid)
	return q, err
}

// parseKind parses a kind of entities, upper and lower case alike.
func parseKind(word string) (schema.Kind, error) {
	for _, kind := range schema.Kinds() {
		if strings.EqualFold(word, string(kind)) {
			return kind, nil
		}
	}
	return "", usagef("unknown kind %q: want one of %s", word, phrase.List(schema.Kinds()))
}

// resolve returns the entity of each name.
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

// resolveDistinct returns the entity of each name. Two names of the same entity are an
// error.
func resolveDistinct(ctx context.Context, g *graph.Graph, names []string) ([]schema.ID, error) {
	ids, err := resolve(ctx, g, names)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		if before := slices.Index(ids, id); before < i {
			return nil, usagef("%q and %q name the same entity: %s", names[before], names[i], id)
		}
	}
	return ids, nil
}
