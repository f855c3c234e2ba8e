package paths_test

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

// near is the expected result of [paths.View.Near].
func (o *oracle) near(from schema.ID, q paths.Query) (n paths.Neighbourhood) {
	hops := map[schema.ID]int{from: 0}
	facts := map[schema.Verb]map[schema.ID]bool{}
	layer := []schema.ID{from}
	for d := 1; d <= cmp.Or(q.Hops, paths.NearHops) && len(layer) > 0; d++ {
		var next []schema.ID
		for _, id := range layer {
			for _, s := range o.steps[id] {
				if id != from && !o.passes(q, id) || !o.takes(q, s) {
					continue
				}
				if _, known := hops[s.to]; !known {
					hops[s.to] = d
					next = append(next, s.to)
					n.Entities = append(n.Entities, paths.Neighbour{ID: s.to, Kind: schema.KindOf(s.to), Hops: d, Degree: len(o.degree[s.to])})
				}
				if hops[s.to] == d {
					if facts[s.verb] == nil {
						facts[s.verb] = map[schema.ID]bool{}
					}
					facts[s.verb][s.fact.ID] = true
				}
			}
		}
		if layer = next; len(next) > 0 {
			n.Counts = append(n.Counts, len(next))
		}
	}
	for _, verb := range slices.SortedFunc(maps.Keys(facts), o.verbsFirst) {
		n.Verbs = append(n.Verbs, paths.VerbCount{Verb: verb, Facts: len(facts[verb])})
	}
	slices.SortStableFunc(n.Verbs, func(a, b paths.VerbCount) int { return cmp.Compare(b.Facts, a.Facts) })
	slices.SortFunc(n.Entities, func(a, b paths.Neighbour) int {
		return cmp.Or(cmp.Compare(a.Hops, b.Hops), cmp.Compare(b.Degree, a.Degree), cmp.Compare(a.ID, b.ID))
	})
	return n
}

// verbsFirst orders predicates: verbs, then predicates of role edges.
func (o *oracle) verbsFirst(a, b schema.Verb) int {
	_, first := o.vocabulary.RoleEdge(a)
	_, second := o.vocabulary.RoleEdge(b)
	if first != second {
		if second {
			return -1
		}
		return 1
	}
	return cmp.Compare(a, b)
}

func TestNearAgreesWithBruteForce(t *testing.T) {
	far := 0
	for seed := range worlds(t, 60) {
		r := rand.New(rand.NewPCG(seed, 6))
		ids, facts := world(r)
		v, o := viewOf(t, facts), newOracle(facts)
		for range 40 {
			q, from := randomQuery(r, ids), pick(r, ids...)
			if q.Via = nil; r.IntN(4) == 0 { // every link counts, in both directions
				q.Conditions, q.Direction = nil, paths.AnyWay
			}
			got, err := v.Near(t.Context(), from, q)
			if len(o.steps[from]) == 0 {
				if !errors.Is(err, graph.ErrNotFound) {
					t.Fatalf("%s, who has no dealings: %v", from, err)
				}
				continue
			}
			counts, err2 := v.CountNear(t.Context(), from, q)
			if err := cmp.Or(err, err2); err != nil {
				t.Fatal(err)
			}
			want := o.near(from, q)
			if !slices.Equal(got.Counts, want.Counts) || !slices.Equal(counts, want.Counts) ||
				!slices.Equal(got.Entities, want.Entities) || !slices.Equal(got.Verbs, want.Verbs) {
				t.Fatalf("seed %d: near %s, %+v:\n got %v %v\nwant %v", seed, from, q, got, counts, want)
			}
			if len(got.Counts) > 2 {
				far++
			}
		}
	}
	if far < least(35) {
		t.Errorf("only %d went further than two hops", far)
	}
}

func TestNearRefuses(t *testing.T) {
	v := viewOf(t, []schema.Fact{fact("person:a", "met", "person:b", "", "")})
	for _, q := range []paths.Query{{Via: []schema.ID{"person:b"}}, {Hops: paths.MaxHops + 1}, {Hops: -1}} {
		if _, err := v.Near(t.Context(), "person:a", q); !errors.Is(err, paths.ErrQuery) {
			t.Errorf("%+v: %v", q, err)
		}
	}
	if _, err := v.Near(t.Context(), "person:c", paths.Query{}); !errors.Is(err, graph.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
}

// synthetic returns the view of a number of synthetic facts. Tests share the view of
// 20,000.
func synthetic(t testing.TB, facts int) *paths.View {
	t.Helper()
	view := func() (*paths.View, error) { return syntheticView(facts) }
	if facts == 20_000 {
		view = synthetic20000
	}
	v, err := view()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var synthetic20000 = sync.OnceValues(func() (*paths.View, error) { return syntheticView(20_000) })

func syntheticView(facts int) (*paths.View, error) {
	ctx := context.Background()
	g, err := graph.Open(ctx, "", nil)
	if err != nil {
		return nil, err
	}
	defer g.Close()
	if _, err := g.Load(ctx, "synth", synth.Records(facts, 1), nil); err != nil {
		return nil, err
	}
	return paths.NewView(ctx, g)
}

// watched is a context that counts its checks, and ends at a given check.
type watched struct {
	context.Context
	looks atomic.Int64
	end   int64 // 0 for never
}

var errEnough = errors.New("enough")

func (w *watched) Err() error {
	if n := w.looks.Add(1); w.end > 0 && n >= w.end {
		return errEnough
	}
	return nil
}

// looks requires that a search checks its context at least a number of times, and that
// it ends with the context's error at once.
func looks(t *testing.T, least int64, ask func(ctx context.Context) error) {
	t.Helper()
	w := &watched{Context: context.WithoutCancel(t.Context())}
	if err := ask(w); err != nil {
		t.Fatal(err)
	}
	all := w.looks.Load()
	if all < least {
		t.Errorf("%d looks at the context, not %d", all, least)
	}
	for _, end := range []int64{1, (all + 1) / 2, all} {
		w := &watched{Context: context.WithoutCancel(t.Context()), end: end}
		if err := ask(w); !errors.Is(err, errEnough) || w.looks.Load() >= end+int64(runtime.GOMAXPROCS(0)) {
			t.Errorf("it ended at look %d of %d, not %d: %v", w.looks.Load(), all, end, err)
		}
	}
}

func TestNearLooksAtItsContext(t *testing.T) {
	v := synthetic(t, 20_000) // 45,000 links from either side
	for _, test := range []struct {
		query       paths.Query
		near, count int64
	}{
		{paths.Query{Hops: 9}, 9, 3}, // counted from the nodes that are left, over fewer links
		{paths.Query{Hops: 9, Conditions: &graph.Conditions{Statuses: happened, Since: "2000", Until: "2020"}}, 9, 4},
		{paths.Query{Conditions: &graph.Conditions{Statuses: []schema.Status{schema.Hypothetical}}}, 1, 1}, // there are none
	} {
		looks(t, test.near, func(ctx context.Context) error {
			_, err := v.Near(ctx, "country:synth-0", test.query)
			return err
		})
		looks(t, test.count, func(ctx context.Context) error {
			_, err := v.CountNear(ctx, "country:synth-0", test.query)
			return err
		})
	}
}

// A count needs memory in proportion to the graph only once.
func TestCountNearAllocatesLittle(t *testing.T) {
	const facts, rounds = 5000, 200
	v := synthetic(t, facts)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range rounds {
		if _, err := v.CountNear(t.Context(), "person:synth-1", paths.Query{Hops: 3}); err != nil {
			t.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	// The race detector drops a quarter of what is put into a pool.
	if got, most := (after.TotalAlloc-before.TotalAlloc)/rounds, uint64(4*facts); got > most {
		t.Errorf("%d bytes a count, more than %d", got, most)
	}
}

// BenchmarkNear counts who is within three hops.
func BenchmarkNear(b *testing.B) {
	ask(b, func(ctx context.Context, v *paths.View, from, _ schema.ID) (bool, error) {
		counts, err := v.CountNear(ctx, from, paths.Query{Hops: 3})
		return len(counts) == 3, err
	})
}

// BenchmarkNeighbourhood finds them all, and counts facts by verb.
func BenchmarkNeighbourhood(b *testing.B) {
	ask(b, func(ctx context.Context, v *paths.View, from, _ schema.ID) (bool, error) {
		n, err := v.Near(ctx, from, paths.Query{Hops: 3})
		return len(n.Counts) == 3, err
	})
}
