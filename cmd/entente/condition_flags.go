package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// conditionFlags are the flags that say which facts a search among dealings may
// take, and whom it may pass.
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
	flags.BoolVar(&f.contained, "contained", false, "with --since or --until: only facts that lie between them as a whole")
	flags.IntVar(&f.minSources, "min-sources", 0, "only facts that at least `N` documents assert")
	flags.Float64Var(&f.minConfidence, "min-confidence", 0, "only facts asserted with at least this `CONFIDENCE`, 0 to 1")
	flags.StringVar(&f.direction, "direction", "", "`WAY` of one-sided facts: forward, from whoever acts, or backward")
	flags.StringVar(&f.roles, "roles", "all", "whom facts link: `WHICH` is all, or main for whom the verb links, without mediators, hosts and others")
	flags.StringVar(&f.disputed, "disputed", "", "what with facts that some source denies: `WAY` in (as always), out, or only")
	flags.StringArrayVar(&f.through, "through", nil, "pass only entities of this `KIND`: person,post; repeatable")
	flags.StringArrayVar(&f.avoid, "avoid", nil, "pass no such `ENTITY`; repeatable")
}

// query checks the flags against the graph.
func (f *conditionFlags) query(ctx context.Context, g *graph.Graph) (q paths.Query, err error) {
	filter, err := f.filter(ctx, g)
	if err != nil {
		return q, err
	}
	conditions := filter.Conditions
	if len(conditions.Statuses) == 0 {
		conditions.Statuses = graph.Happened().Statuses
	}
	conditions.Contained, conditions.MinConfidence, conditions.Disputed = f.contained, f.minConfidence, graph.Disputed(f.disputed)
	q = paths.Query{Conditions: &conditions, Direction: paths.Direction(f.direction)}
	switch f.roles {
	case "all":
	case "main":
		conditions.Roles = graph.MainRoles
	default:
		return q, usagef("--roles %q: want all or main", f.roles)
	}
	switch f.disputed {
	case "", "out", "only":
	case "in":
		conditions.Disputed = graph.DisputedToo
	default:
		return q, usagef("--disputed %q: want in, out or only", f.disputed)
	}
	switch q.Direction {
	case paths.AnyWay, paths.Forward, paths.Backward:
	default:
		return q, usagef("--direction %q: want forward or backward", f.direction)
	}
	for _, word := range wordsOf(f.through, nil) {
		kind, err := parseKind(word)
		if err != nil {
			return q, err
		}
		q.Through = append(q.Through, kind)
	}
	q.Avoid, err = resolve(ctx, g, f.avoid)
	return q, err
}

// parseKind reads a kind in any case.
func parseKind(word string) (schema.Kind, error) {
	for _, kind := range schema.Kinds() {
		if strings.EqualFold(word, string(kind)) {
			return kind, nil
		}
	}
	return "", usagef("unknown kind %q: want one of %s", word, list(schema.Kinds()))
}
