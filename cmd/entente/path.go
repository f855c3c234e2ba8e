package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// mostPaths is how many paths --all stands for.
const mostPaths = 1000

// pathFlags are the flags of path besides those of the facts it may take.
type pathFlags struct {
	conditionFlags
	from, to, via            []string
	rank                     string
	count                    int
	all                      bool
	inOrder, latest, certain bool
}

func (a *app) pathCommand() *cobra.Command {
	flags := &pathFlags{}
	cmd := &cobra.Command{
		Use:   "path FROM TO",
		Short: "Trace how two entities are connected, with the evidence of each hop",
		Long: `Path finds how one entity is connected with another through facts that happened,
and prints each hop with its verb, date, place, source and words. The most telling
path comes first: one over few dealings, through people who deal with few, since a
hop through a country that everyone touches says little. --rank hops wants the
shortest, recent the newest, sources the best attested. No path passes through a
group of people, since a group is not the same people twice.

With --in-order no step is taken before the one that it follows: how word could
have travelled. The path that arrives first is shown, or with --latest the one
that may start last; it is certain if no dates within what is written could undo
the order, and else only possible.`,
		GroupID:     "ask",
		Annotations: map[string]string{drawn: "yes"},
		Args: func(cmd *cobra.Command, args []string) error {
			if len(flags.from) > 0 && len(flags.to) > 0 && len(args) == 0 {
				return nil
			}
			return cobra.ExactArgs(2)(cmd, args)
		},
		Example: `  entente path "Xie Feng" "Li Shangfu" --in examples/us-china-2023
  entente path --from "Xie Feng" --from "Qin Gang" --to "Lloyd Austin" --group contact --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 2 {
				flags.from, flags.to = append([]string{args[0]}, flags.from...), append([]string{args[1]}, flags.to...)
			}
			if err := flags.check(); err != nil {
				return err
			}
			return a.withGraph(cmd.Context(), func(g *graph.Graph) error { return a.path(cmd, g, flags) })
		},
	}
	flags.register(cmd)
	settingFlag(cmd.Flags(), "hops")
	f := cmd.Flags()
	f.StringArrayVar(&flags.from, "from", nil, "an `ENTITY` that a path may begin at, besides FROM; repeatable")
	f.StringArrayVar(&flags.to, "to", nil, "an `ENTITY` that a path may end at, besides TO; repeatable")
	f.StringArrayVar(&flags.via, "via", nil, "pass this `ENTITY`; repeatable, in any order")
	f.StringVar(&flags.rank, "rank", string(paths.ByTelling), "which paths come first: "+list(paths.Ranks()))
	f.IntVar(&flags.count, "paths", 1, "how many paths to show")
	f.BoolVar(&flags.all, "all", false, fmt.Sprintf("all paths, up to %d unless --paths says, and all facts and evidence of each hop", mostPaths))
	f.BoolVar(&flags.inOrder, "in-order", false, "each step no earlier than the one before; the path that arrives first")
	f.BoolVar(&flags.latest, "latest", false, "with --in-order: the path that starts last")
	f.BoolVar(&flags.certain, "certain", false, "with --in-order: only paths whose order no dates could undo")
	return a.reading(cmd)
}

func (f *pathFlags) check() error {
	switch {
	case f.count < 1:
		return usagef("--paths %d shows none", f.count)
	case (f.latest || f.certain) && !f.inOrder:
		return usagef("--latest and --certain go with --in-order")
	case f.inOrder && (changed(f.cmd, "rank") || changed(f.cmd, "paths")):
		return usagef("--in-order finds one path, by its dates: --rank and --paths do not go with it")
	}
	if f.all && !changed(f.cmd, "paths") {
		f.count = mostPaths
	}
	return nil
}

// ends finds who stands at either end.
func (f *pathFlags) ends(ctx context.Context, g *graph.Graph) (from, to []schema.ID, err error) {
	if from, err = resolve(ctx, g, f.from); err == nil {
		to, err = resolve(ctx, g, f.to)
	}
	for i, id := range from {
		for k, other := range to {
			if err == nil && id == other {
				err = usagef("%q and %q are the same: %s", f.from[i], f.to[k], id)
			}
		}
	}
	return from, to, err
}

func (a *app) path(cmd *cobra.Command, g *graph.Graph, flags *pathFlags) error {
	ctx := cmd.Context()
	from, to, err := flags.ends(ctx, g)
	if err != nil {
		return err
	}
	q, err := flags.query(ctx, g)
	if err != nil {
		return err
	}
	q.Hops, q.Rank = a.config.Hops, paths.Rank(flags.rank)
	if q.Via, err = resolve(ctx, g, flags.via); err != nil {
		return err
	}
	return withView(ctx, g, func(g *graph.Graph, v *paths.View) error {
		t := &trace{renderer: newRenderer(g), all: flags.all}
		look := a.lookForPaths
		if flags.inOrder {
			look = lookInOrder
		}
		if err := look(ctx, v, t, from, to, q, flags); err != nil {
			return err
		}
		if len(t.paths) == 0 {
			return noPath(ctx, v, t.renderer, from, to, q, flags)
		}
		return a.printTrace(cmd, t)
	})
}

// lookForPaths fills a trace with the first paths, and says where there are more.
func (a *app) lookForPaths(ctx context.Context, v *paths.View, t *trace, from, to []schema.ID, q paths.Query, flags *pathFlags) error {
	for p, err := range v.Among(ctx, from, to, q) {
		if errors.Is(err, paths.ErrCut) && len(t.paths) > 0 {
			a.warn("%v: there may be more paths", err)
			return nil
		}
		if err != nil {
			return err
		}
		if len(t.paths) == flags.count {
			if flags.all || changed(flags.cmd, "paths") {
				a.warn("there are more than %s: --paths N", plural(flags.count, "path"))
			}
			return nil
		}
		shown, err := t.add(ctx, p.Hops)
		if err != nil {
			return err
		}
		shown.Telling = p.Telling
	}
	return nil
}

func lookInOrder(ctx context.Context, v *paths.View, t *trace, from, to []schema.ID, q paths.Query, flags *pathFlags) error {
	j, ok, err := v.InOrder(ctx, from, to, q, paths.Order{Latest: flags.latest, Certain: flags.certain})
	if err != nil || !ok {
		return err
	}
	return t.addJourney(ctx, j)
}

// limitFlags are the flags that set each limit.
var limitFlags = map[paths.Limit][]string{
	paths.LimitOrder: {"in-order"}, paths.LimitHops: {"hops"}, paths.LimitDates: {"since", "until"}, paths.LimitAsOf: {"as-of"},
	paths.LimitVerbs: {"verb", "group"}, paths.LimitDirection: {"direction"}, paths.LimitThrough: {"through"},
	paths.LimitAvoid: {"avoid"}, paths.LimitVia: {"via"}, paths.LimitDatasets: {"dataset"}, paths.LimitSources: {"min-sources"},
	paths.LimitConfidence: {"min-confidence"}, paths.LimitDisputed: {"disputed"}, paths.LimitStatus: {"status"},
}

// named says which flags set some limits, joined by a word: those that are given.
func (f *pathFlags) named(limits []paths.Limit, word string) string {
	names := make([]string, len(limits))
	for i, l := range limits {
		given := slices.DeleteFunc(slices.Clone(limitFlags[l]), func(flag string) bool { return !changed(f.cmd, flag) })
		if len(given) == 0 {
			given = limitFlags[l][:1]
		}
		names[i] = "--" + strings.Join(given, " and --")
	}
	return strings.Join(names, word)
}

// noPath is the error of an empty answer: it says which limits kept paths away.
func noPath(ctx context.Context, v *paths.View, r *renderer, from, to []schema.ID, q paths.Query, flags *pathFlags) error {
	reason, err := v.Why(ctx, from, to, q, flags.inOrder)
	if err != nil && !errors.Is(err, paths.ErrCut) {
		return err
	}
	what := fmt.Errorf("no path from \"%s\" to \"%s\" of at most %s: %w", strings.Join(flags.from, `" or "`), strings.Join(flags.to, `" or "`), plural(q.Hops, "hop"), graph.ErrNotFound)
	limits := cmp.Or(len(reason.Alone), len(reason.Together))
	if limits == 0 {
		return schema.WithHint(what, func() string {
			return "nothing links them at all, of any status and length; paths go through no group of people"
		})
	}
	names := []string{}
	for _, h := range reason.Path.Hops {
		name, err := r.name(ctx, h.To)
		if err != nil {
			return err
		}
		names = append(names, name)
	}
	way := fmt.Sprintf("there is one of %s, to %s", plural(len(names), "hop"), strings.Join(names, " → "))
	return schema.WithHint(what, func() string { return flags.hint(reason, way) })
}

// hint says which limits are to be given up for a path.
func (f *pathFlags) hint(r paths.Reason, way string) string {
	if n := len(r.Together); n > 0 {
		return fmt.Sprintf("only without the limits of %s %s; the last to fail was %s", f.named(r.Together, ", "), way, f.named(r.Together[n-1:], ""))
	}
	hint := "without the limit of " + f.named(r.Alone[:1], "") + " " + way
	if len(r.Alone) > 1 {
		hint += "; or without that of " + f.named(r.Alone[1:], ", or ")
	}
	return hint
}

// withView calls fn with the view of a graph, and the graph at the same moment.
func withView(ctx context.Context, g *graph.Graph, fn func(*graph.Graph, *paths.View) error) error {
	s, err := g.Snapshot()
	if err != nil {
		return err
	}
	defer s.Close()
	v, err := paths.NewViews(g).At(ctx, s)
	if err != nil {
		return err
	}
	return fn(g.At(s), v)
}
