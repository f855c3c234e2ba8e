package paths_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// worlds returns the number of random graphs for a test: ENTENTE_PATHS if set, full
// with ENTENTE_TESTS=full as in .ci/run, and a third of full otherwise.
func worlds(t testing.TB, full int) uint64 {
	text := os.Getenv("ENTENTE_PATHS")
	if text == "" && os.Getenv("ENTENTE_TESTS") == "full" {
		return uint64(full)
	}
	if text == "" {
		return uint64(full+2) / 3
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		t.Fatalf("ENTENTE_PATHS: %v", err)
	}
	return n
}

// least returns the least number of answers that such a test must find: full for all
// random graphs, and a quarter of full otherwise.
func least(full int) int {
	if os.Getenv("ENTENTE_TESTS") == "full" {
		return full
	}
	return full / 4
}

func nodesOf(p paths.Path) (nodes []schema.ID) {
	nodes = append(nodes, p.Hops[0].From)
	for _, h := range p.Hops {
		nodes = append(nodes, h.To)
	}
	return nodes
}

func text(nodes []schema.ID) string { return fmt.Sprint(nodes) }

func TestAgreesWithBruteForce(t *testing.T) {
	answered, several := 0, 0
	for seed := range worlds(t, 150) {
		a, s := askWorld(t, rand.New(rand.NewPCG(seed, 5)), 40)
		answered, several = answered+a, several+s
	}
	if answered < least(500) || several < least(120) {
		t.Errorf("only %d questions had an answer, %d more than three", answered, several)
	}
}

func FuzzBetween(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed, seed*7)
	}
	f.Fuzz(func(t *testing.T, a, b uint64) { askWorld(t, rand.New(rand.NewPCG(a, b)), 10) })
}

// askWorld compares a view with the oracle on one random graph.
func askWorld(t *testing.T, r *rand.Rand, questions int) (answered, several int) {
	ids, facts := world(r)
	v, o := viewOf(t, facts), newOracle(facts)
	for range questions {
		q := randomQuery(r, ids)
		from, to := []schema.ID{pick(r, ids...)}, []schema.ID{pick(r, ids...)}
		if r.IntN(6) == 0 {
			from, to = append(from, pick(r, ids...)), append(to, pick(r, ids...))
		}
		n := compare(t, v, o, from, to, q)
		if n > 0 {
			answered++
		}
		if n > 3 {
			several++
		}
	}
	return answered, several
}

// compare compares all paths, in the order of their cost, with the oracle's.
func compare(t *testing.T, v *paths.View, o *oracle, from, to []schema.ID, q paths.Query) int {
	t.Helper()
	what := fmt.Sprintf("%v to %v, %+v", from, to, q)
	if !o.knows(from, to, q) {
		for _, err := range v.Among(t.Context(), from, to, q) {
			if !errors.Is(err, graph.ErrNotFound) && !errors.Is(err, paths.ErrQuery) {
				t.Fatalf("%s: %v", what, err)
			}
		}
		return 0
	}
	if slices.ContainsFunc(from, func(id schema.ID) bool { return slices.Contains(to, id) }) {
		return 0
	}
	want := o.paths(unique(from), unique(to), q)
	got := found(t, v, from, to, q)
	costs, seen := map[string]sums{}, map[string]bool{}
	for _, p := range want {
		costs[text(p.nodes)] = p.cost
	}
	for i, p := range got {
		nodes := nodesOf(p)
		cost, ok := costs[text(nodes)]
		if !ok {
			t.Fatalf("%s: path %d, %v, is none, or comes twice: %v", what, i, nodes, seen[text(nodes)])
		}
		seen[text(nodes)] = true
		delete(costs, text(nodes))
		if i >= len(want) || cost.compare(want[i].cost, q.Rank) != 0 {
			t.Fatalf("%s: path %d is %v of %v, not like %v", what, i, nodes, cost, want[i])
		}
		if want := float64(cost[1]) / 256; p.Telling != want {
			t.Fatalf("%s: %v tells %v, not %v", what, nodes, p.Telling, want)
		}
		for _, h := range p.Hops {
			facts := stepTexts(h)
			if _, all, _ := o.hop(q, h.From, h.To); !slices.Equal(facts, all) {
				t.Fatalf("%s: %s to %s by %v, not %v", what, h.From, h.To, facts, all)
			}
		}
	}
	if len(costs) > 0 {
		t.Fatalf("%s: %d paths are missing: %v", what, len(costs), costs)
	}
	return len(got)
}

func unique(ids []schema.ID) []schema.ID { return slices.Compact(slices.Sorted(slices.Values(ids))) }

func found(t *testing.T, v *paths.View, from, to []schema.ID, q paths.Query) (all []paths.Path) {
	t.Helper()
	for p, err := range v.Among(t.Context(), from, to, q) {
		if err != nil {
			t.Fatalf("%v to %v, %+v: %v", from, to, q, err)
		}
		all = append(all, p)
	}
	return all
}
