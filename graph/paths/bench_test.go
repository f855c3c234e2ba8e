package paths_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

// factsFor returns the number of facts of package synth that make a number of quads.
var factsFor = map[string]int{"100k": 4854, "1M": 48_544, "10M": 485_437}

// benchGraphs are made once for all benchmarks. ENTENTE_BENCH_DIR names a folder in
// which they are kept for later runs.
var benchGraphs sync.Map

// sizes runs a benchmark on 100,000 quads, and on 1 or 10 million if the environment
// has ENTENTE_BENCH=1M or 10M.
func sizes(b *testing.B, run func(b *testing.B, g *graph.Graph, officials int)) {
	for _, size := range []string{"100k", os.Getenv("ENTENTE_BENCH")} {
		facts := factsFor[size]
		if facts == 0 || size == "100k" && size == os.Getenv("ENTENTE_BENCH") {
			continue
		}
		b.Run(size, func(b *testing.B) { run(b, benchGraph(b, size, facts), facts/10) })
	}
}

func benchGraph(b *testing.B, size string, facts int) *graph.Graph {
	b.Helper()
	made, _ := benchGraphs.LoadOrStore(size, sync.OnceValues(func() (*graph.Graph, error) {
		parent := os.Getenv("ENTENTE_BENCH_DIR")
		if parent == "" {
			parent = filepath.Join(os.TempDir(), fmt.Sprint("entente-paths-bench-", os.Getpid()))
		}
		g, err := graph.Open(context.Background(), filepath.Join(parent, size), nil)
		if err != nil {
			return g, err
		}
		sets, err := g.Datasets(context.Background())
		if err == nil && len(sets) == 0 {
			_, err = g.Load(context.Background(), "synth", synth.Records(facts, 1), nil)
		}
		return g, err
	}))
	g, err := made.(func() (*graph.Graph, error))()
	if err != nil {
		b.Fatal(err)
	}
	return g
}

func TestMain(m *testing.M) {
	code := m.Run()
	benchGraphs.Range(func(_, made any) bool {
		if g, err := made.(func() (*graph.Graph, error))(); err == nil && os.Getenv("ENTENTE_BENCH_DIR") == "" {
			g.Close()
			os.RemoveAll(g.Dir())
		}
		return true
	})
	os.Exit(code)
}

// ask measures the best time of all rounds for each of 200 random pairs of officials,
// and reports the median and the second-slowest pair.
func ask(b *testing.B, fn func(ctx context.Context, v *paths.View, from, to schema.ID) (found bool, err error)) {
	sizes(b, func(b *testing.B, g *graph.Graph, officials int) {
		v, err := paths.NewView(b.Context(), g)
		if err != nil {
			b.Fatal(err)
		}
		r := rand.New(rand.NewPCG(7, 7))
		var pairs [][2]schema.ID
		for len(pairs) < 200 {
			p := [2]schema.ID{schema.ID(fmt.Sprint("person:synth-", r.IntN(officials))), schema.ID(fmt.Sprint("person:synth-", r.IntN(officials)))}
			if p[0] != p[1] && v.Has(p[0]) && v.Has(p[1]) {
				pairs = append(pairs, p)
			}
		}
		best := make([]time.Duration, len(pairs))
		found := 0
		runtime.GC()
		b.ReportAllocs()
		for b.Loop() {
			found = 0
			for i, p := range pairs {
				start := time.Now()
				ok, err := fn(b.Context(), v, p[0], p[1])
				took := time.Since(start)
				if err != nil {
					b.Fatal(err)
				}
				if ok {
					found++
				}
				if best[i] == 0 || took < best[i] {
					best[i] = took
				}
			}
		}
		slices.Sort(best)
		b.ReportMetric(float64(best[100].Nanoseconds())/1e3, "p50-µs")
		b.ReportMetric(float64(best[198].Nanoseconds())/1e3, "p99-µs")
		b.ReportMetric(float64(found), "found")
	})
}

// BenchmarkShortest finds the cheapest of the shortest paths.
func BenchmarkShortest(b *testing.B) {
	ask(b, func(ctx context.Context, v *paths.View, from, to schema.ID) (bool, error) {
		_, ok, err := v.Shortest(ctx, from, to, paths.Query{Rank: paths.ByHops})
		return ok, err
	})
}

// BenchmarkConstrained does the same with some verbs and a year.
func BenchmarkConstrained(b *testing.B) {
	q := paths.Query{Rank: paths.ByHops, Conditions: &graph.Conditions{Statuses: happened, Verbs: []schema.Verb{"met", "called", "visited"}, Since: "2010", Until: "2014"}}
	ask(b, func(ctx context.Context, v *paths.View, from, to schema.ID) (bool, error) {
		_, ok, err := v.Shortest(ctx, from, to, q)
		return ok, err
	})
}

// BenchmarkTelling finds the ten cheapest paths by ByTelling.
func BenchmarkTelling(b *testing.B) {
	ask(b, func(ctx context.Context, v *paths.View, from, to schema.ID) (bool, error) {
		n := 0
		for _, err := range v.Between(ctx, from, to, paths.Query{}) {
			if n++; err != nil || n == 10 {
				return n > 0, err
			}
		}
		return n > 0, nil
	})
}

// BenchmarkInOrder finds the path in order with the earliest arrival.
func BenchmarkInOrder(b *testing.B) {
	ask(b, func(ctx context.Context, v *paths.View, from, to schema.ID) (bool, error) {
		_, ok, err := v.InOrder(ctx, []schema.ID{from}, []schema.ID{to}, paths.Query{}, paths.Order{})
		return ok, err
	})
}

// BenchmarkBuild builds the view of a graph.
func BenchmarkBuild(b *testing.B) {
	sizes(b, func(b *testing.B, g *graph.Graph, _ int) {
		b.ReportAllocs()
		for b.Loop() {
			v, err := paths.NewView(b.Context(), g)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(v.Bytes())/1e6, "MB")
			b.ReportMetric(float64(v.Bytes())/float64(v.Edges()), "bytes/edge")
			b.ReportMetric(float64(v.Nodes()), "nodes")
			b.ReportMetric(float64(v.Edges()), "edges")
			b.StopTimer() // the cost of the first search in order
			bytes := v.Bytes()
			if _, _, err := v.InOrder(b.Context(), []schema.ID{"person:synth-1"}, []schema.ID{"person:synth-77"}, paths.Query{}, paths.Order{}); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(v.Bytes()-bytes)/float64(v.Edges()), "in-order-bytes/edge")
			b.StartTimer()
		}
	})
}

// BenchmarkCache opens the view of a graph from its file, and finds a path.
func BenchmarkCache(b *testing.B) {
	sizes(b, func(b *testing.B, g *graph.Graph, _ int) {
		for b.Loop() {
			f, err := paths.Open(b.Context(), g)
			if err == nil {
				_, _, err = f.Shortest(b.Context(), "person:synth-1", "person:synth-77", paths.Query{})
				err = errors.Join(err, f.Close())
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkCancel cancels long searches, up to two seconds after their start, and
// reports the longest time until they ended.
func BenchmarkCancel(b *testing.B) {
	long := paths.Query{Hops: paths.MaxHops}
	sizes(b, func(b *testing.B, g *graph.Graph, officials int) {
		v, err := paths.NewView(b.Context(), g)
		if err != nil {
			b.Fatal(err)
		}
		r := rand.New(rand.NewPCG(9, 9))
		someone := func() []schema.ID { return []schema.ID{schema.ID(fmt.Sprint("person:synth-", r.IntN(officials)))} }
		for name, work := range map[string]func(ctx context.Context) error{
			"all paths": func(ctx context.Context) (err error) {
				for _, err = range v.Among(ctx, someone(), someone(), long) {
				}
				return err
			},
			"in order": func(ctx context.Context) (err error) {
				for err == nil || errors.Is(err, graph.ErrNotFound) {
					_, _, err = v.InOrder(ctx, someone(), someone(), long, paths.Order{Certain: true})
				}
				return err
			},
			"connect": func(ctx context.Context) (err error) {
				for err == nil || errors.Is(err, graph.ErrNotFound) {
					_, err = v.Connect(ctx, slices.Concat(someone(), someone(), someone(), someone()), long)
				}
				return err
			},
			"build": func(ctx context.Context) (err error) {
				for err == nil {
					_, err = paths.NewView(ctx, g)
				}
				return err
			},
		} {
			b.Run(name, func(b *testing.B) {
				worst := time.Duration(0)
				for b.Loop() {
					ctx, cancel := context.WithCancel(b.Context())
					var at time.Time
					time.AfterFunc(time.Duration(5+r.IntN(2000))*time.Millisecond, func() {
						at = time.Now()
						cancel()
					})
					if err := work(ctx); !errors.Is(err, context.Canceled) {
						b.Fatal(err)
					}
					worst = max(worst, time.Since(at))
				}
				b.ReportMetric(float64(worst.Microseconds())/1e3, "worst-ms")
			})
		}
	})
}
