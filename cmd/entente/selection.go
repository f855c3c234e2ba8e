package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// selectionFlags are the flags of export, draw and dossier that select a part of a graph:
// the facts that fit conditions, the network around entities, paths, or what a script
// finds.
type selectionFlags struct {
	conditionFlags
	around             []string
	from               []string // the first ends of paths; arguments are the other ends
	hops, paths        int
	rank               string
	script, scriptFile string
	allFacts           bool
}

func (f *selectionFlags) register(cmd *cobra.Command) {
	f.conditionFlags.register(cmd)
	f.registerAbout()
	flags := cmd.Flags()
	flags.StringArrayVar(&f.around, "around", nil, "the network around this `ENTITY`: all entities within --hops of it, and the facts that link two of them; repeatable")
	flags.StringArrayVar(&f.from, "path", nil, "the best path between two entities: --path `FROM` TO; repeatable")
	flags.IntVar(&f.hops, "hops", 0, fmt.Sprintf("largest number of hops: of a path, as the configuration says (%d), or around an entity (%d)", paths.DefaultHops, paths.NearHops))
	flags.IntVar(&f.paths, "paths", 1, "with --path: number of paths")
	flags.StringVar(&f.rank, "rank", string(paths.ByTelling), "with --path: order of paths: "+phrase.List(paths.Ranks()))
	flags.StringVar(&f.script, "query", "", "the facts and entities that this Gizmo `SCRIPT` finds, and the facts that link two of these entities")
	flags.StringVar(&f.scriptFile, "query-file", "", "as --query, with the script in `FILE`; - for standard input")
	flags.BoolVar(&f.allFacts, "all-facts", false, "with --around, --path or --query: all facts that link the entities, also of other verbs, dates and datasets, and facts that did not happen or that no source asserts")
	for _, key := range []string{"timeout", "query-memory", "max-output"} {
		settingFlag(flags, key)
	}
}

// check returns a usage error for flags and arguments that make no sense together. The
// arguments must be the second ends of --path.
func (f *selectionFlags) check(args []string) error {
	ways := f.changed("around", "path", "query", "query-file")
	if len(ways) > 1 {
		return usagef("%s and %s cannot be used together", ways[0], ways[1])
	}
	if about := f.changed("about", "about-only"); len(about) > 0 && len(ways) > 0 {
		return usagef("%s and %s cannot be used together", about[0], ways[0])
	}
	if err := f.checkNeeds(); err != nil {
		return err
	}
	switch {
	case len(args) != len(f.from) && len(f.from) > 0:
		return usagef("--path needs two names, as in --path FROM TO, but got %s", phrase.Plural(len(f.from)+len(args), "name"))
	case len(args) != len(f.from):
		return usagef("%s has no arguments, but got %s", f.cmd.Name(), phrase.Plural(len(args), "argument"))
	}
	return nil
}

// checkNeeds returns a usage error for a flag without the flag that it belongs to, and for
// a bad value.
func (f *selectionFlags) checkNeeds() error {
	needs := func(flags []string, of ...string) error {
		if len(flags) > 0 && len(f.changed(of...)) == 0 {
			return usagef("%s needs --%s", flags[0], strings.Join(of, " or --"))
		}
		return nil
	}
	switch {
	case f.paths < 1:
		return usagef("--paths %d: want 1 or more", f.paths)
	case changed(f.cmd, "query") && strings.TrimSpace(f.script) == "":
		return usagef("--query is empty")
	}
	return cmp.Or(needs(f.changed("paths", "rank"), "path"),
		needs(f.changed("hops", "through", "avoid", "direction"), "around", "path"),
		needs(f.changed("all-facts"), "around", "path", "query", "query-file"))
}

// changed returns those of the flags that are set, with dashes.
func (f *selectionFlags) changed(names ...string) (set []string) {
	for _, name := range names {
		if changed(f.cmd, name) {
			set = append(set, "--"+name)
		}
	}
	return set
}

// selected is the part of a graph that the flags select.
type selected struct {
	export.Selection

	// The rest is of --around, --path and --query; finder is nil without them.
	finder  *paths.Finder
	query   paths.Query // the conditions of links and the number of hops
	centres []schema.ID
	paths   []paths.Path
	left    []string // sentences that say what the selection leaves out

	omitted *omissions // counted while Filter selects; nil if it does not
}

// note returns a function that prints a note and keeps it for the foot of a picture.
func (s *selected) note(a *app) func(string, ...any) {
	return func(format string, args ...any) {
		a.console.warn(format, args...)
		s.left = append(s.left, footNote(fmt.Sprintf(format, args...)))
	}
}

// footNote returns a note as a sentence without the flag that it names.
func footNote(note string) string {
	what, _, _ := strings.Cut(note, ": --")
	return strings.ToUpper(what[:1]) + what[1:] + "."
}

// withSelection calls fn with the part of the graph that the flags select; the other
// ends of --path are in to. The selection is valid until fn returns. Notes say what was
// left out.
func (f *selectionFlags) withSelection(ctx context.Context, a *app, g *graph.Graph, to []string, fn func(selected) error) error {
	switch {
	case len(f.around) > 0:
		return f.withFinder(ctx, a, g, fn, func(s *selected) error { return f.selectAround(ctx, s) })
	case len(f.from) > 0:
		return f.withFinder(ctx, a, g, fn, func(s *selected) error { return f.selectPaths(ctx, a, s, to) })
	case f.script != "" || f.scriptFile != "":
		ids, err := f.runScript(ctx, a, g)
		if err != nil {
			return err
		}
		return f.withFinder(ctx, a, g, fn, func(s *selected) error { return f.selectNamed(ctx, a, s, ids) })
	}
	filter, err := f.filter(ctx, g)
	if err != nil {
		return err
	}
	omitted := countOmissions(&filter)
	s := selected{Selection: export.Selection{Graph: g}, omitted: omitted}
	if f.selects() || len(f.changed("contained", "min-confidence", "disputed", "roles")) > 0 {
		s.Filter = &filter
	}
	err = fn(s)
	omitted.note(a.console.warn)
	return err
}

// withFinder makes a selection with a finder, and calls fn with it.
func (f *selectionFlags) withFinder(ctx context.Context, a *app, g *graph.Graph, fn func(selected) error, find func(*selected) error) error {
	q, err := f.query(ctx, g)
	if err != nil {
		return err
	}
	finder, err := paths.Open(ctx, g)
	if err != nil {
		return err
	}
	defer finder.Close()
	s := selected{finder: finder, query: q}
	switch {
	case len(f.from) > 0:
		s.query.Hops = a.config.Hops
	case changed(f.cmd, "hops"):
		s.query.Hops = f.hops
	}
	if err := find(&s); err != nil {
		return err
	}
	if err := cmp.Or(f.noteOmitted(ctx, &s, s.note(a)), f.noteUnlinked(ctx, &s, s.note(a))); err != nil {
		return err
	}
	return fn(s)
}

func (f *selectionFlags) selector(s *selected) export.Selector {
	return export.Selector{Finder: s.finder, Query: s.query, AllFacts: f.allFacts}
}

func (f *selectionFlags) selectAround(ctx context.Context, s *selected) (err error) {
	if s.centres, err = resolve(ctx, s.finder.Graph(), f.around); err != nil {
		return err
	}
	s.Selection, err = f.selector(s).Around(ctx, s.centres...)
	return err
}

// noteUnlinked prints how many facts name a centre in a role and link no entities, and so
// are not in the network.
func (f *selectionFlags) noteUnlinked(ctx context.Context, s *selected, note func(string, ...any)) error {
	unlinked := make(map[schema.ID]bool)
	for _, centre := range s.centres {
		for fact, err := range s.finder.Graph().Facts(ctx, graph.Filter{Conditions: *s.query.Conditions, With: centre}) {
			if err != nil {
				return err
			}
			isCentre := func(p schema.Participant) bool { return p.ID == centre }
			if slices.ContainsFunc(fact.Roles, isCentre) && len(s.Graph.Vocabulary().Pairs(fact)) == 0 {
				unlinked[fact.ID] = true
			}
		}
	}
	if n := len(unlinked); n > 0 {
		note("omitted %s no two entities: entente facts --about lists them", phrase.Counted(n, "fact that links", "facts that link"))
	}
	return nil
}

func (f *selectionFlags) selectPaths(ctx context.Context, a *app, s *selected, to []string) (err error) {
	s.query.Rank = paths.Rank(f.rank)
	for i, name := range f.from {
		ends, err := resolveDistinct(ctx, s.finder.Graph(), []string{name, to[i]})
		if err != nil {
			return err
		}
		if err := f.addPaths(ctx, a, s, ends); err != nil {
			return err
		}
	}
	s.Selection, err = f.selector(s).Paths(ctx, s.paths)
	return err
}

// addPaths adds the best paths between two entities.
func (f *selectionFlags) addPaths(ctx context.Context, a *app, s *selected, ends []schema.ID) error {
	for _, id := range ends {
		if slices.Contains(s.query.Avoid, id) {
			return usagef("--avoid excludes %s, which is an end of the path", id)
		}
	}
	found := 0
	for p, err := range s.finder.Between(ctx, ends[0], ends[1], s.query) {
		switch {
		case errors.Is(err, paths.ErrCut) && found > 0:
			s.note(a)("the search for more paths was cut off: there may be more")
			return nil
		case errors.Is(err, paths.ErrCut):
			return schema.WithHint(err, func() string { return "a search with fewer --hops is faster" })
		case errors.Is(err, graph.ErrNotFound): // noPathError explains it
		case err != nil:
			return err
		case found == f.paths:
			s.note(a)("%s: --paths N", phrase.MoreThan(found, "path"))
			return nil
		default:
			s.paths = append(s.paths, p)
			found++
		}
	}
	if found > 0 {
		return nil
	}
	explainer := noPathExplainer{s.finder.Graph(), render.New(s.finder.Graph())}
	return noPathError(ctx, f.cmd, s.finder.View, explainer, ends[:1], ends[1:], s.query, nil)
}

// runScript runs the script in a child process and returns the ids in its rows.
func (f *selectionFlags) runScript(ctx context.Context, a *app, g *graph.Graph) (ids []schema.ID, err error) {
	script, name := f.script, cmp.Or(f.scriptFile, "query")
	if f.scriptFile != "" {
		if script, err = readScript(a.console.in, f.scriptFile, nil); err != nil {
			return nil, err
		}
	}
	session, err := gizmo.Open(ctx, g, &gizmo.OpenOptions{Program: a.program, Memory: int64(a.config.QueryMemory) << 20})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	if gizmo.MissingLimits != "" {
		a.console.warn("%s", gizmo.MissingLimits)
	}
	for row, err := range session.Run(ctx, script, a.config.scriptLimits(0)) {
		if err != nil {
			return nil, scriptError{name, err}
		}
		found, err := row.IDs()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		ids = append(ids, found...)
	}
	return ids, nil
}

// selectNamed selects what a script found. Conditions on facts are set only if the user
// sets one: a script may name facts that did not happen.
func (f *selectionFlags) selectNamed(ctx context.Context, a *app, s *selected, ids []schema.ID) error {
	filter, err := f.filter(ctx, s.finder.Graph())
	if err != nil {
		return err
	}
	if f.allFacts {
		filter = graph.Filter{}
	}
	omitted := countOmissions(&filter)
	if len(ids) == 0 {
		a.console.warn("the script found nothing")
	}
	if s.Selection, err = f.selector(s).Named(ctx, ids, filter); err != nil {
		return fmt.Errorf("%s: %w", cmp.Or(f.scriptFile, "query"), err)
	}
	omitted.note(s.note(a))
	return nil
}

// noteOmitted prints how many facts were left out because they have no date, and how many
// that link the selected entities because they did not happen or no source asserts them.
func (f *selectionFlags) noteOmitted(ctx context.Context, s *selected, note func(string, ...any)) error {
	c := *s.query.Conditions
	if !f.allFacts && !c.Undated && c.Since+c.Until+c.AsOf != "" {
		undated := c
		undated.Undated = true
		n, err := f.countMore(ctx, s, undated, len(s.centres) > 0)
		if err != nil {
			return err
		}
		if n > 0 {
			note("omitted %s: --undated includes them", phrase.Plural(n, "undated fact"))
		}
	}
	if f.allFacts || len(f.statuses) > 0 || len(f.standings) > 0 {
		return nil
	}
	c.Statuses, c.Standings = nil, schema.Standings()
	n, err := f.countMore(ctx, s, c, false)
	if n > 0 {
		note("omitted %s between these entities that did not happen or that no source asserts: --all-facts includes them", phrase.Plural(n, "fact"))
	}
	return err
}

// countMore returns the number of facts that other conditions add to the selection: to
// the facts between its entities, or with wider to a network that may have more entities.
func (f *selectionFlags) countMore(ctx context.Context, s *selected, c graph.Conditions, wider bool) (int, error) {
	selector := export.Selector{Finder: s.finder, Query: s.query}
	selector.Query.Conditions = &c
	var found []schema.ID
	if wider {
		more, err := selector.Around(ctx, s.centres...)
		if err != nil {
			return 0, err
		}
		found = more.Facts
	}
	for _, group := range s.groups() {
		facts, err := s.finder.FactsAmong(ctx, group, selector.Query)
		if err != nil {
			return 0, err
		}
		found = append(found, facts...)
	}
	found = append(found, s.Facts...)
	slices.Sort(found)
	return len(slices.Compact(found)) - len(s.Facts), nil
}

// groups returns the sets of entities between which facts are selected: the ends of each
// hop of a path, or all entities.
func (s *selected) groups() [][]schema.ID {
	if len(s.paths) == 0 {
		return [][]schema.ID{s.Entities}
	}
	var groups [][]schema.ID
	for _, p := range s.paths {
		for _, hop := range p.Hops {
			groups = append(groups, []schema.ID{hop.From, hop.To})
		}
	}
	return groups
}
