package paths_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// events returns some thousand dated facts of pairs, like event data: most with a day,
// some with a month or year, and relations without an end.
func events(r *rand.Rand) (facts []schema.Fact) {
	const actors = 250
	who := func() schema.ID { return schema.ID(fmt.Sprint("person:", min(r.IntN(actors), r.IntN(actors)))) }
	for n := range 4000 {
		day := fmt.Sprintf("20%02d-%02d-%02d", 10+r.IntN(10), 1+r.IntN(12), 1+r.IntN(28))
		f := fact(who(), pick(r, schema.Verb("met"), "called", "accused", "urged", "criticised", "warned"), who(), day, schema.Happened)
		f.Key, f.Evidence[0].Dataset = fmt.Sprint(n), pick(r, "one", "two")
		switch r.IntN(20) {
		case 0:
			f.When.Written = day[:4]
		case 1:
			f.When.Written = day[:7]
		case 2:
			f.When.Written = ""
		case 3, 4:
			f.Verb, f.When.Written = "advises", pick(r, day+"/..", day+"/", "../"+day, day[:4]+"/2021")
		}
		if schema.DefaultVocabulary().Check(f) == nil {
			facts = append(facts, f)
		}
	}
	return facts
}

// example returns the view and the facts of the shipped example.
func example(t testing.TB) (*paths.View, []schema.Fact) {
	t.Helper()
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	in, err := loaders.Open("../../examples/us-china-2023", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Load(t.Context(), "one", in.Records(t.Context()), nil); err != nil {
		t.Fatal(err)
	}
	var facts []schema.Fact
	for f, err := range g.Facts(t.Context(), graph.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		facts = append(facts, f)
	}
	v, err := paths.NewView(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	return v, facts
}

// Windows and moments give the same facts of each pair, and the same distances, as a
// filter over all facts.
func TestDatesLikeANaiveFilter(t *testing.T) {
	facts := events(rand.New(rand.NewPCG(1, 2)))
	t.Run("events", func(t *testing.T) { likeNaive(t, viewOf(t, facts), facts, 2010, 11) })
	v, facts := example(t)
	t.Run("example", func(t *testing.T) { likeNaive(t, v, facts, 2017, 8) })
}

func likeNaive(t *testing.T, v *paths.View, facts []schema.Fact, year, years int) {
	o := newOracle(facts)
	nodes := slices.Sorted(maps.Keys(o.steps))
	r := rand.New(rand.NewPCG(3, 4))
	written := func() string {
		day := fmt.Sprintf("%d-%02d-%02d", year+r.IntN(years), 1+r.IntN(12), 1+r.IntN(28))
		return day[:pick(r, 4, 7, 10)]
	}
	pairs, reached := 0, 0
	for range 2 * worlds(t, 30) {
		q := paths.Query{Rank: paths.ByHops, Conditions: &graph.Conditions{Statuses: happened, Undated: r.IntN(3) == 0}}
		c := q.Conditions
		switch r.IntN(4) {
		case 0:
			c.AsOf = written()
		case 1:
			c.Since = written()
		case 2:
			c.Until = written()
		case 3:
			c.Since, c.Until = fmt.Sprint(year+r.IntN(years)), fmt.Sprint(year+years)
			c.Contained = r.IntN(2) == 0
		}
		adjacent := naive(o, q)
		for range 40 {
			from := pick(r, nodes...)
			distances := breadthFirst(adjacent, from)
			to := pick(r, nodes...)
			if next := slices.Sorted(maps.Keys(adjacent[from])); len(next) > 0 && r.IntN(2) == 0 {
				to = pick(r, next...)
			}
			p, ok, err := v.Shortest(t.Context(), from, to, q)
			if from == to {
				continue
			}
			if err != nil {
				t.Fatalf("%s to %s, %+v: %v", from, to, q, err)
			}
			want, there := distances[to]
			if there = there && want <= paths.DefaultHops; ok != there || ok && len(p.Hops) != want {
				t.Fatalf("%s to %s, %+v: %d hops, want %d", from, to, q, len(p.Hops), want)
			}
			for _, h := range p.Hops {
				reached++
				if got := factsOf(h); !slices.Equal(got, adjacent[h.From][h.To]) {
					t.Fatalf("%s to %s, %+v: by %v, not %v", h.From, h.To, q, got, adjacent[h.From][h.To])
				}
			}
			pairs++
		}
	}
	if pairs < least(1000) || reached < least(500) {
		t.Errorf("only %d pairs, with %d hops", pairs, reached)
	}
}

func factsOf(h paths.Hop) (ids []schema.ID) {
	for _, s := range h.Steps {
		ids = append(ids, s.Fact)
	}
	return unique(ids)
}

// naive is the links of all facts that a query allows.
func naive(o *oracle, q paths.Query) map[schema.ID]map[schema.ID][]schema.ID {
	adjacent := map[schema.ID]map[schema.ID][]schema.ID{}
	for id, steps := range o.steps {
		adjacent[id] = map[schema.ID][]schema.ID{}
		for _, s := range steps {
			if o.takes(q, s) {
				adjacent[id][s.to] = append(adjacent[id][s.to], s.fact.ID)
			}
		}
		for to := range adjacent[id] {
			adjacent[id][to] = unique(adjacent[id][to])
		}
	}
	return adjacent
}

func breadthFirst(adjacent map[schema.ID]map[schema.ID][]schema.ID, from schema.ID) map[schema.ID]int {
	distances := map[schema.ID]int{from: 0}
	for todo := []schema.ID{from}; len(todo) > 0; todo = todo[1:] {
		if isGroup(todo[0]) && todo[0] != from {
			continue
		}
		for to := range adjacent[todo[0]] {
			if _, seen := distances[to]; !seen {
				distances[to] = distances[todo[0]] + 1
				todo = append(todo, to)
			}
		}
	}
	return distances
}

// The same questions have the same answers, in the same order, on any number of
// processors.
func TestSameOnAnyNumberOfProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	facts := events(rand.New(rand.NewPCG(5, 6)))
	want := ""
	for _, n := range []int{1, 2, 7} {
		runtime.GOMAXPROCS(n)
		v := viewOf(t, facts)
		got := ""
		for k := range 20 {
			from, to := schema.ID(fmt.Sprint("person:", k)), schema.ID(fmt.Sprint("person:", 60+k))
			given := 0
			for p, err := range v.Between(t.Context(), from, to, paths.Query{Rank: paths.Ranks()[k%len(paths.Ranks())]}) {
				if err != nil {
					t.Fatal(err)
				}
				got += fmt.Sprintln(p)
				if given++; given == 20 {
					break
				}
			}
			j, ok, err := v.InOrder(t.Context(), []schema.ID{from}, []schema.ID{to}, paths.Query{}, paths.Order{Latest: k%2 == 0})
			tree, treeErr := v.Connect(t.Context(), []schema.ID{from, to, schema.ID(fmt.Sprint("person:", 120+k))}, paths.Query{})
			if err != nil || treeErr != nil {
				t.Fatal(err, treeErr)
			}
			got += fmt.Sprintln(j, ok, tree)
		}
		if want == "" {
			want = got
		}
		if got != want || len(got) < 10_000 {
			t.Errorf("with %d processors the answers differ, or are few: %d bytes, and %d", n, len(got), len(want))
		}
	}
}

// Concurrent searches get the same answers as one search.
func TestManyAtOnce(t *testing.T) {
	v := viewOf(t, events(rand.New(rand.NewPCG(7, 8))))
	ask := func(k int) string {
		from, to := []schema.ID{schema.ID(fmt.Sprint("person:", k))}, []schema.ID{schema.ID(fmt.Sprint("person:", 50+k))}
		p, _, err := v.Shortest(t.Context(), from[0], to[0], paths.Query{Rank: paths.Ranks()[k%len(paths.Ranks())], Conditions: &graph.Conditions{Statuses: happened, Since: "2012"}})
		j, _, orderErr := v.InOrder(t.Context(), from, to, paths.Query{}, paths.Order{Certain: k%2 == 0})
		return fmt.Sprintln(p, err, j, orderErr)
	}
	var want []string
	for k := range 40 {
		want = append(want, ask(k))
	}
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range want {
				if k := (i + 5*worker) % len(want); ask(k) != want[k] {
					t.Errorf("question %d has another answer", k)
				}
			}
		})
	}
	wg.Wait()
}

// A cancelled context is an error of every search, never an empty answer.
func TestCancelled(t *testing.T) {
	v, _ := example(t)
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	from, to := []schema.ID{"person:xie-feng"}, []schema.ID{"person:li-shangfu"}
	for _, rank := range paths.Ranks() {
		var err error
		for _, err = range v.Among(ctx, from, to, paths.Query{Rank: rank}) {
			break
		}
		if !errors.Is(err, cause) {
			t.Errorf("%s: %v", rank, err)
		}
	}
	if _, _, err := v.InOrder(ctx, from, to, paths.Query{}, paths.Order{}); !errors.Is(err, cause) {
		t.Errorf("in order: %v", err)
	}
	if _, err := v.Connect(ctx, append(from, to...), paths.Query{}); !errors.Is(err, cause) {
		t.Errorf("connect: %v", err)
	}
	if _, err := v.Why(ctx, from, to, paths.Query{}, nil); !errors.Is(err, cause) {
		t.Errorf("why: %v", err)
	}
}
