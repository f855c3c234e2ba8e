package paths_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// karate is Zachary's karate club (1977), a graph of friendships. The expected values
// are from networkx 3.6.1.
var karate = map[int][]int{
	0:  {1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31},
	1:  {2, 3, 7, 13, 17, 19, 21, 30},
	2:  {3, 7, 8, 9, 13, 27, 28, 32},
	3:  {7, 12, 13},
	4:  {6, 10},
	5:  {6, 10, 16},
	6:  {16},
	8:  {30, 32, 33},
	9:  {33},
	13: {33},
	14: {32, 33},
	15: {32, 33},
	18: {32, 33},
	19: {33},
	20: {32, 33},
	22: {32, 33},
	23: {25, 27, 29, 32, 33},
	24: {25, 27, 31},
	25: {31},
	26: {29, 33},
	27: {33},
	28: {31, 33},
	29: {32, 33},
	30: {32, 33},
	31: {32, 33},
	32: {33},
}

var karatePageRank = []float64{
	0.0969972854, 0.0528769241, 0.0570785095, 0.0358598578, 0.0219779524, 0.0291111547, 0.0291111547,
	0.0244904970, 0.0297660561, 0.0143093971, 0.0219779524, 0.0095647455, 0.0146448920, 0.0295364562,
	0.0145359940, 0.0145359940, 0.0167840054, 0.0145586772, 0.0145359940, 0.0196046363, 0.0145359940,
	0.0145586772, 0.0145359940, 0.0315225148, 0.0210760336, 0.0210061974, 0.0150440381, 0.0256397675,
	0.0195734595, 0.0262885377, 0.0245901552, 0.0371580871, 0.0716932260, 0.1009191823,
}

var karateBetweenness = []float64{
	231.07143, 28.478571, 75.850794, 6.2880952, 0.33333333, 15.833333, 15.833333, 0, 29.529365, 0.44761905,
	0.33333333, 0, 0, 24.215873, 0, 0, 0, 0, 0, 17.146825, 0, 0, 0, 9.3, 1.1666667, 2.0277778, 0, 11.792063,
	0.94761905, 1.5428571, 7.6095238, 73.009524, 76.690476, 160.55159,
}

func member(i int) schema.ID { return schema.ID(fmt.Sprint("person:", i)) }

func TestCentralityOfTheKarateClub(t *testing.T) {
	var facts []schema.Fact
	for a, friends := range karate {
		for _, b := range friends {
			facts = append(facts, fact(member(a), "met", member(b), "", schema.Happened), fact(member(b), "met", member(a), "2020", schema.Happened))
		}
	}
	v := viewOf(t, facts)
	for by, want := range map[paths.Measure][]float64{paths.PageRank: karatePageRank, paths.Betweenness: karateBetweenness} {
		got, err := v.Centrality(t.Context(), by, paths.Query{}, 0)
		if err != nil || len(got.Entities) != 34 {
			t.Fatalf("%s: %d entities: %v", by, len(got.Entities), err)
		}
		for i, score := range want {
			e := got.Entities[slices.IndexFunc(got.Entities, func(e paths.Central) bool { return e.ID == member(i) })]
			if !close(e.Score, score, 1e-6) {
				t.Errorf("%s of %s is %v, not %v", by, e.ID, e.Score, score)
			}
		}
	}
}

// close reports whether the relative difference of two scores is small.
func close(a, b, part float64) bool { return math.Abs(a-b) <= part*max(math.Abs(a), math.Abs(b))+1e-9 }

// neighbours returns the neighbours of each entity, to the ends of a hop.
func (o *oracle) neighbours(ids []schema.ID, q paths.Query) (near map[schema.ID][]schema.ID, all []schema.ID) {
	near = map[schema.ID][]schema.ID{}
	for _, a := range ids {
		for _, b := range ids {
			if _, _, ok := o.hop(q, a, b); ok {
				near[a] = append(near[a], b)
				all = append(all, a, b)
			}
		}
	}
	return near, unique(all)
}

// betweenness enumerates all shortest paths.
func (o *oracle) betweenness(near map[schema.ID][]schema.ID, all []schema.ID, q paths.Query) map[schema.ID]float64 {
	scores := map[schema.ID]float64{}
	for _, from := range all {
		for _, to := range all {
			var found [][]schema.ID
			var extend func(path []schema.ID)
			extend = func(path []schema.ID) {
				last := path[len(path)-1]
				switch {
				case len(found) > 0 && len(path) > len(found[0]):
				case last == to:
					if len(found) > 0 && len(path) < len(found[0]) {
						found = nil
					}
					found = append(found, path)
				case len(path) == 1 || o.passes(q, last):
					for _, next := range near[last] {
						if !slices.Contains(path, next) {
							extend(append(slices.Clone(path), next))
						}
					}
				}
			}
			if from != to {
				extend([]schema.ID{from})
			}
			for _, path := range found {
				for _, id := range path[1 : len(path)-1] {
					scores[id] += 1 / float64(len(found))
				}
			}
		}
	}
	if q.Direction == paths.AnyWay {
		for id := range scores {
			scores[id] /= 2
		}
	}
	return scores
}

// pageRank solves the linear equations of the walk by elimination.
func (o *oracle) pageRank(near map[schema.ID][]schema.ID, all []schema.ID, q paths.Query) map[schema.ID]float64 {
	n := len(all)
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = make([]float64, n+1)
		rows[i][i], rows[i][n] = 1, 0.15/float64(n)
	}
	for j, from := range all {
		if len(near[from]) == 0 || !o.passes(q, from) {
			for i := range rows {
				rows[i][j] -= 0.85 / float64(n)
			}
			continue
		}
		for _, to := range near[from] {
			rows[slices.Index(all, to)][j] -= 0.85 / float64(len(near[from]))
		}
	}
	for i := range rows {
		for k := range rows {
			if factor := rows[k][i] / rows[i][i]; k != i {
				for j := range rows[k] {
					rows[k][j] -= factor * rows[i][j]
				}
			}
		}
	}
	scores := map[schema.ID]float64{}
	for i, id := range all {
		scores[id] = rows[i][n] / rows[i][i]
	}
	return scores
}

func TestCentralityAgreesWithBruteForce(t *testing.T) {
	for seed := range worlds(t, 60) {
		r := rand.New(rand.NewPCG(seed, 10))
		ids, facts := world(r)
		v, o := viewOf(t, facts), newOracle(facts)
		for range 20 {
			q := randomQuery(r, ids)
			q.Via = nil
			near, all := o.neighbours(ids, q)
			degrees := map[schema.ID]float64{}
			for id, list := range near {
				degrees[id] = float64(len(list))
			}
			for by, want := range map[paths.Measure]map[schema.ID]float64{
				paths.Degree: degrees, paths.PageRank: o.pageRank(near, all, q), paths.Betweenness: o.betweenness(near, all, q),
			} {
				got, err := v.Centrality(t.Context(), by, q, 0)
				if err != nil {
					t.Fatal(err)
				}
				checkCentrality(t, fmt.Sprintf("seed %d: %s, %+v", seed, by, q), got, all, want)
			}
		}
	}
}

func moreCentral(a, b paths.Central) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
}

func checkCentrality(t *testing.T, what string, got paths.Centrality, all []schema.ID, want map[schema.ID]float64) {
	t.Helper()
	var ids []schema.ID
	for _, e := range got.Entities {
		ids = append(ids, e.ID)
		if !close(e.Score, want[e.ID], 1e-7) {
			t.Fatalf("%s: %s has %v, not %v", what, e.ID, e.Score, want[e.ID])
		}
	}
	if !slices.IsSortedFunc(got.Entities, moreCentral) {
		t.Fatalf("%s: out of order: %v", what, got.Entities)
	}
	if slices.Sort(ids); !slices.Equal(ids, all) {
		t.Fatalf("%s: got %v, want %v", what, ids, all)
	}
	if got.Approximate() {
		t.Fatalf("%s: from %d of %d", what, got.Sources, len(all))
	}
}

// A sample of sources gives nearly the same scores as all sources, and the same on any
// number of processors.
func TestBetweennessOfSomeSources(t *testing.T) {
	v := synthetic(t, 3000)
	central := func(sources int) paths.Centrality {
		c, err := v.Centrality(t.Context(), paths.Betweenness, paths.Query{}, sources)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	all := central(0)
	n := len(all.Entities)
	some := central(n / 3)
	if all.Sources != n || all.Approximate() || some.Sources != n/3 || !some.Approximate() {
		t.Errorf("from %d and %d of %d", all.Sources, some.Sources, n)
	}
	for _, by := range paths.Measures() { // many scores are equal
		c, err := v.Centrality(t.Context(), by, paths.Query{}, 0)
		if err != nil || !slices.IsSortedFunc(c.Entities, moreCentral) {
			t.Errorf("%s: out of order: %v", by, err)
		}
	}
	exact, off, sum := map[schema.ID]float64{}, 0.0, 0.0
	for _, e := range all.Entities {
		exact[e.ID] = e.Score
	}
	for _, e := range some.Entities {
		off += math.Abs(e.Score - exact[e.ID])
		sum += exact[e.ID]
	}
	if off > sum/4 {
		t.Errorf("off by %v of %v", off, sum)
	}
	procs := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(procs)
	runtime.GOMAXPROCS(3 - min(procs, 2))
	if again := central(n / 3); !slices.Equal(again.Entities, some.Entities) {
		t.Errorf("not the same on another number of processors")
	}
}

func TestCentralityRefuses(t *testing.T) {
	v := viewOf(t, []schema.Fact{fact("person:a", "met", "person:b", "", "")})
	for _, test := range []struct {
		by      paths.Measure
		query   paths.Query
		sources int
	}{{"fame", paths.Query{}, 0}, {paths.Degree, paths.Query{Via: []schema.ID{"person:a"}}, 0}, {paths.Betweenness, paths.Query{}, -1}} {
		if _, err := v.Centrality(t.Context(), test.by, test.query, test.sources); !errors.Is(err, paths.ErrQuery) {
			t.Errorf("%+v: %v", test, err)
		}
	}
}

// Without links, no entity has a score.
func TestCentralityOfNothing(t *testing.T) {
	v := viewOf(t, []schema.Fact{fact("person:a", "met", "person:b", "", "")})
	for _, by := range paths.Measures() {
		got, err := v.Centrality(t.Context(), by, paths.Query{Conditions: &graph.Conditions{Statuses: happened, Verbs: []schema.Verb{"urged"}}}, 0)
		if err != nil || len(got.Entities) != 0 {
			t.Errorf("%s: %v, %v", by, got, err)
		}
	}
}

func TestCentralityStops(t *testing.T) {
	v := synthetic(t, 20_000)
	for _, by := range paths.Measures() {
		looks(t, map[paths.Measure]int64{paths.Degree: 4, paths.PageRank: 50, paths.Betweenness: 200}[by], func(ctx context.Context) error {
			_, err := v.Centrality(ctx, by, paths.Query{Conditions: &graph.Conditions{Statuses: happened, Until: "2020"}}, 300)
			return err
		})
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	var at time.Time
	time.AfterFunc(100*time.Millisecond, func() {
		at = time.Now()
		cancel(errEnough)
	})
	_, err := v.Centrality(ctx, paths.Betweenness, paths.Query{}, 1<<30)
	if late := time.Since(at); !errors.Is(err, errEnough) || late > 50*time.Millisecond {
		t.Errorf("%v, %v late", err, late)
	}
}

// BenchmarkCentrality measures all entities.
func BenchmarkCentrality(b *testing.B) {
	for _, by := range paths.Measures() {
		b.Run(string(by), func(b *testing.B) {
			sizes(b, func(b *testing.B, g *graph.Graph, _ int) {
				v, err := paths.NewView(b.Context(), g)
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					c, err := v.Centrality(b.Context(), by, paths.Query{}, 0)
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(c.Sources), "sources")
					b.ReportMetric(float64(len(c.Entities)), "entities")
				}
			})
		})
	}
}
