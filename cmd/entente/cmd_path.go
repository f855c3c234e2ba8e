package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// mostPaths is the number of paths that --all shows.
const mostPaths = 1000

// pathFlags are the flags of the command path.
type pathFlags struct {
	conditionFlags
	from, to, via            []string
	rank                     string
	count                    int
	all                      bool
	inOrder, latest, certain bool
}

func pathCommand(a *app) *cobra.Command {
	flags := &pathFlags{}
	cmd := &cobra.Command{
		Use:   "path FROM TO",
		Short: "Trace how two entities are connected, with the evidence of each hop",
		Long: `Path finds how one entity is connected with another, over facts that happened and
that at least one source asserts. It prints each hop with its verb, date, place,
source and quote. The most telling path comes first: a path with few hops, through
entities with few neighbours. (A path through a country that has edges with almost
every entity says little.) --rank hops prefers the shortest path, recent the path
with the newest facts, and sources the path with the most sources. No path passes
through a group of people, since its members differ from fact to fact. --status and
--standing also allow paths over other facts, such as planned or denied ones; these
hops are marked.

Paths also use the edges of roles: of mediators, hosts, companions and others. Each
such hop has its own verb phrase and names its fact. --roles main excludes these
edges.

With --in-order, no hop may be earlier than the hop before it: the path is a way on
which news could have travelled. The path with the earliest arrival is shown, or with
--latest the path with the latest start. The order is certain if each hop is an event
that happened, that no source denies, and that is later than the hop before it under
every reading of the dates; else it is possible: for example, if a hop is a relation,
or if two hops may be on the same day.`,
		GroupID:     "ask",
		Annotations: map[string]string{drawable: "yes"},
		Args: func(cmd *cobra.Command, args []string) error {
			if len(flags.from) > 0 && len(flags.to) > 0 && len(args) == 0 {
				return nil
			}
			return cobra.ExactArgs(2)(cmd, args)
		},
		Example: `  entente path "Xie Feng" "Li Shangfu" --in examples/us-china-2023
  entente path --from "Xie Feng" --from "Xi Jinping" --to "Antony Blinken" --group contact --in examples/us-china-2023
  entente path "Li Shangfu" "Xie Feng" --in-order --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 2 {
				flags.from, flags.to = append([]string{args[0]}, flags.from...), append([]string{args[1]}, flags.to...)
			}
			if err := flags.check(); err != nil {
				return err
			}
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error {
				return findPaths(cmd.Context(), g, out, flags, a.config.Hops)
			})
		},
	}
	flags.register(cmd)
	settingFlag(cmd.Flags(), "hops")
	f := cmd.Flags()
	f.StringArrayVar(&flags.from, "from", nil, "an `ENTITY` at which a path may start, in addition to FROM; repeatable")
	f.StringArrayVar(&flags.to, "to", nil, "an `ENTITY` at which a path may end, in addition to TO; repeatable")
	f.StringArrayVar(&flags.via, "via", nil, "only paths through this `ENTITY`; if repeated, through all of them in any order")
	f.StringVar(&flags.rank, "rank", string(paths.ByTelling), "order of paths: "+phrase.List(paths.Ranks()))
	f.IntVar(&flags.count, "paths", 1, "number of paths to show")
	f.BoolVar(&flags.all, "all", false, fmt.Sprintf("show all paths (up to %d, or the number of --paths), and all facts and evidence of each hop", mostPaths))
	f.BoolVar(&flags.inOrder, "in-order", false, "find the path with the earliest arrival on which no hop is earlier than the hop before it")
	f.BoolVar(&flags.latest, "latest", false, "with --in-order: find the path with the latest start")
	f.BoolVar(&flags.certain, "certain", false, "with --in-order: only paths whose hops are in order under every reading of the dates")
	return answering(cmd)
}

func (f *pathFlags) check() error {
	switch {
	case f.count < 1:
		return usagef("--paths %d: want 1 or more", f.count)
	case (f.latest || f.certain) && !f.inOrder:
		return usagef("--latest and --certain need --in-order")
	case f.inOrder && (changed(f.cmd, "rank") || changed(f.cmd, "paths")):
		return usagef("--in-order finds one path by its dates: it excludes --rank and --paths")
	}
	if f.all && !changed(f.cmd, "paths") {
		f.count = mostPaths
	}
	return nil
}

// order returns the order in time that --in-order requires; nil without that flag.
func (f *pathFlags) order() *paths.Order {
	if !f.inOrder {
		return nil
	}
	return &paths.Order{Latest: f.latest, Certain: f.certain}
}

// ends resolves the names of the entities at both ends.
func (f *pathFlags) ends(ctx context.Context, g *graph.Graph) (from, to []schema.ID, err error) {
	if from, err = resolve(ctx, g, f.from); err == nil {
		to, err = resolve(ctx, g, f.to)
	}
	for i, id := range from {
		for k, other := range to {
			if err == nil && id == other {
				err = usagef("%q and %q name the same entity: %s", f.from[i], f.to[k], id)
			}
		}
	}
	return from, to, err
}

func findPaths(ctx context.Context, g *graph.Graph, out *output.Writer, flags *pathFlags, hops int) error {
	from, to, err := flags.ends(ctx, g)
	if err != nil {
		return err
	}
	q, err := flags.query(ctx, g)
	if err != nil {
		return err
	}
	q.Hops, q.Rank = hops, paths.Rank(flags.rank)
	if q.Via, err = resolve(ctx, g, flags.via); err != nil {
		return err
	}
	for _, id := range slices.Concat(from, to) {
		if slices.Contains(q.Avoid, id) {
			return usagef("--avoid excludes %s, which is an end of the path", id)
		}
	}
	return withView(ctx, g, func(g *graph.Graph, v *paths.View) error {
		t := newPathAnswer(g, flags.all, q.Conditions.Datasets)
		add := addBestPaths
		if flags.inOrder {
			add = addOrderedPath
		}
		err := add(ctx, v, t, from, to, q, flags)
		if errors.Is(err, paths.ErrCut) {
			return schema.WithHint(err, func() string { return "a search with fewer --via or fewer --hops is faster" })
		}
		if err != nil && !errors.Is(err, graph.ErrNotFound) { // noPathError explains ErrNotFound
			return err
		}
		if len(t.paths) == 0 {
			return noPathError(ctx, flags.cmd, v, noPathExplainer{g, t.renderer}, from, to, q, flags.order())
		}
		return t.print(ctx, out)
	})
}

// addBestPaths adds the first paths to an answer. It marks the last one if there are
// more paths, or if the search was cut off.
func addBestPaths(ctx context.Context, v *paths.View, t *pathAnswer, from, to []schema.ID, q paths.Query, flags *pathFlags) error {
	for p, err := range v.Among(ctx, from, to, q) {
		if errors.Is(err, paths.ErrCut) && len(t.paths) > 0 {
			t.last().Cut = true
			return nil
		}
		if err != nil {
			return err
		}
		if len(t.paths) == flags.count {
			t.last().More = true
			return nil
		}
		if err := t.add(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func addOrderedPath(ctx context.Context, v *paths.View, t *pathAnswer, from, to []schema.ID, q paths.Query, flags *pathFlags) error {
	j, ok, err := v.InOrder(ctx, from, to, q, *flags.order())
	if err != nil || !ok {
		return err
	}
	p, err := t.renderer.Journey(ctx, j)
	if err == nil {
		t.paths = append(t.paths, p)
	}
	return err
}

// withView calls fn with the view of one snapshot of a graph, and with the graph as of
// that snapshot.
func withView(ctx context.Context, g *graph.Graph, fn func(*graph.Graph, *paths.View) error) error {
	f, err := paths.Open(ctx, g)
	if err != nil {
		return err
	}
	defer f.Close()
	return fn(f.Graph(), f.View)
}
