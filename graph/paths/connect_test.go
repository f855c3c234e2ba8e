package paths_test

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// Two entities are connected by their best path. More are connected by a tree of hops
// that the query allows. The tree misses only entities that no path reaches, and has
// at most twice the hops of the smallest tree.
func TestConnect(t *testing.T) {
	connected, missed := 0, 0
	for seed := range worlds(t, 40) {
		r := rand.New(rand.NewPCG(seed, 23))
		ids, facts := world(r)
		v, o := viewOf(t, facts), newOracle(facts)
		for range 10 {
			q := randomQuery(r, ids)
			q.Via, q.Direction, q.Hops = nil, paths.AnyWay, paths.MaxHops
			var ends []schema.ID
			for range 2 + r.IntN(3) {
				ends = append(ends, pick(r, ids...))
			}
			if ends = unique(ends); len(ends) < 2 {
				continue
			}
			tree, err := v.Connect(t.Context(), ends, q)
			if err != nil {
				t.Fatal(err)
			}
			checkTree(t, fmt.Sprintf("%v, %+v", ends, q), o, ends, tree, q)
			if len(tree.Missing) > 0 {
				missed++
			} else {
				connected++
			}
		}
	}
	if connected < least(50) || missed < least(50) {
		t.Errorf("only %d trees, and %d that miss somebody", connected, missed)
	}
}

func checkTree(t *testing.T, what string, o *oracle, ends []schema.ID, tree paths.Tree, q paths.Query) {
	t.Helper()
	in := map[schema.ID]bool{}
	for i, h := range tree.Hops {
		if _, _, ok := o.hop(q, h.From, h.To); !ok || i > 0 && !in[h.From] || in[h.To] {
			t.Fatalf("%s: hop %d, %s to %s, makes no tree", what, i, h.From, h.To)
		}
		in[h.From], in[h.To] = true, true
	}
	degree := map[schema.ID]int{}
	for _, h := range tree.Hops {
		degree[h.From]++
		degree[h.To]++
	}
	for id, n := range degree {
		if end := slices.Contains(ends, id); !end && (n < 2 || !o.passes(q, id)) || end && n > 1 && schema.KindOf(id) == schema.Group {
			t.Fatalf("%s: %s has %d hops", what, id, n)
		}
	}
	for _, id := range ends {
		if !in[id] && !slices.Contains(tree.Missing, id) && len(tree.Missing) < len(ends)-1 {
			t.Fatalf("%s: %s is neither there nor missing", what, id)
		}
	}
	if len(ends) == 2 && len(o.steps[ends[0]]) > 0 && len(o.steps[ends[1]]) > 0 {
		all := o.paths(ends[:1], ends[1:], q)
		if (len(all) > 0) != (len(tree.Missing) == 0) || len(all) > 0 && float64(all[0].cost[1])/256 != tree.Telling {
			t.Fatalf("%s: %v, not %v", what, tree, all)
		}
	}
	if q.Rank != paths.ByHops || len(tree.Missing) > 0 || slices.ContainsFunc(ends, isGroup) {
		return
	}
	if least, ok := o.smallest(q, ends); !ok || len(tree.Hops) > 2*least {
		t.Fatalf("%s: %d hops, and %d are enough", what, len(tree.Hops), least)
	}
}

func isGroup(id schema.ID) bool { return schema.KindOf(id) == schema.Group }

// smallest returns the least number of hops that connect some entities: one less than
// the nodes of the smallest connected set that contains the entities.
func (o *oracle) smallest(q paths.Query, ends []schema.ID) (hops int, ok bool) {
	var others []schema.ID
	for id := range o.steps {
		if !slices.Contains(ends, id) && o.passes(q, id) {
			others = append(others, id)
		}
	}
	for set := range 1 << len(others) {
		nodes := slices.Clone(ends)
		for i, id := range others {
			if set>>i&1 != 0 {
				nodes = append(nodes, id)
			}
		}
		if (!ok || len(nodes)-1 < hops) && o.holdTogether(q, nodes) {
			hops, ok = len(nodes)-1, true
		}
	}
	return hops, ok
}

func (o *oracle) holdTogether(q paths.Query, nodes []schema.ID) bool {
	seen := map[schema.ID]bool{nodes[0]: true}
	for todo := nodes[:1]; len(todo) > 0; {
		var next []schema.ID
		for _, a := range todo {
			for _, b := range nodes {
				if _, _, ok := o.hop(q, a, b); ok && !seen[b] {
					seen[b] = true
					next = append(next, b)
				}
			}
		}
		todo = next
	}
	return cmp.Compare(len(seen), len(nodes)) == 0
}

func TestConnectRefuses(t *testing.T) {
	v := viewOf(t, []schema.Fact{fact("person:a", "met", "person:b", "2020", schema.Happened)})
	for _, q := range []paths.Query{{Direction: paths.Forward}, {Via: []schema.ID{"person:a"}}} {
		if _, err := v.Connect(t.Context(), []schema.ID{"person:a", "person:b"}, q); !errors.Is(err, paths.ErrQuery) {
			t.Errorf("%+v: %v", q, err)
		}
	}
	if _, err := v.Connect(t.Context(), []schema.ID{"person:a", "person:a"}, paths.Query{}); !errors.Is(err, paths.ErrQuery) {
		t.Errorf("one entity: %v", err)
	}
}
