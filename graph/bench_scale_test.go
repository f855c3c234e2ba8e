package graph_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

// worldForBench returns a graph of a million quads (60,000 facts), or with
// ENTENTE_BENCH=10M in the environment of ten million. If ENTENTE_BENCH_GRAPH names the
// folder of a graph, it returns this graph, open for reading.
func worldForBench(b *testing.B) *graph.Graph {
	b.Helper()
	dir, facts := os.Getenv("ENTENTE_BENCH_GRAPH"), 60_000
	if os.Getenv("ENTENTE_BENCH") == "10M" {
		facts = 500_000
	}
	var options *graph.Options
	if dir != "" {
		options = &graph.Options{ReadOnly: true}
	} else {
		dir = b.TempDir()
	}
	g, err := graph.Open(b.Context(), dir, options)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = g.Close() })
	if options == nil {
		if _, err := g.Load(b.Context(), "d", synth.Records(facts, 1), nil); err != nil {
			b.Fatal(err)
		}
	}
	return g
}

// BenchmarkStats counts the contents of a graph of a million quads.
func BenchmarkStats(b *testing.B) {
	g := worldForBench(b)
	for b.Loop() {
		if _, err := g.Stats(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N), "ms")
}

// BenchmarkDatasets lists the datasets of a graph of a million quads.
func BenchmarkDatasets(b *testing.B) {
	g := worldForBench(b)
	for b.Loop() {
		if _, err := g.Datasets(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N), "ms")
}

// BenchmarkVerify verifies a graph of a million quads.
func BenchmarkVerify(b *testing.B) {
	g := worldForBench(b)
	quads := int64(0)
	for b.Loop() {
		v, err := g.Verify(b.Context())
		if err != nil || len(v.Problems) > 0 {
			b.Fatal(v.Problems, err)
		}
		quads = v.Quads
	}
	b.ReportMetric(float64(quads)*float64(b.N)/b.Elapsed().Seconds(), "quads/s")
}

// BenchmarkForgetTenth forgets one of ten datasets, a tenth of a graph of a million
// quads.
func BenchmarkForgetTenth(b *testing.B) {
	facts := 60_000
	if os.Getenv("ENTENTE_BENCH") == "10M" {
		facts = 500_000
	}
	g, err := graph.Open(b.Context(), b.TempDir(), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer g.Close()
	load := func(i int) {
		b.Helper()
		if _, err := g.Load(b.Context(), fmt.Sprint("d", i), synth.Records(facts/10, uint64(i+1)), nil); err != nil {
			b.Fatal(err)
		}
	}
	for i := range 10 {
		load(i)
	}
	size := func() int64 {
		s, err := g.Snapshot()
		if err != nil {
			b.Fatal(err)
		}
		defer s.Close()
		_, quads, err := s.Sizes()
		if err != nil {
			b.Fatal(err)
		}
		return quads
	}
	gone := int64(0)
	for b.Loop() {
		b.StopTimer()
		load(9)
		before := size()
		b.StartTimer()
		if _, err := g.Forget(b.Context(), "d9"); err != nil {
			b.Fatal(err)
		}
		gone += before - size()
	}
	b.ReportMetric(float64(gone)/b.Elapsed().Seconds(), "quads/s")
}

// BenchmarkFactLists lists facts by filters, the first ten or all of them, of a graph of a
// million quads.
func BenchmarkFactLists(b *testing.B) {
	g := worldForBench(b)
	month := graph.Conditions{Since: "2015-03", Until: "2015-03"}
	for _, bench := range []struct {
		name   string
		filter graph.Filter
		first  int
	}{
		{"first=10/all", graph.Filter{}, 10},
		{"first=10/month", graph.Filter{Conditions: month}, 10},
		{"first=10/happened", graph.Filter{Conditions: graph.Happened()}, 10},
		{"first=10/verb", graph.Filter{Conditions: graph.Conditions{Verbs: []schema.Verb{"met"}}}, 10},
		{"first=10/as-of", graph.Filter{Conditions: graph.Conditions{AsOf: "2010"}}, 10},
		{"first=10/two-sources", graph.Filter{Conditions: graph.Conditions{MinSources: 2}}, 10},
		{"first=10/denied", graph.Filter{Conditions: graph.Conditions{Standings: []schema.Standing{schema.StandingDenied}}}, 10},
		{"first=10/about-country", graph.Filter{About: []schema.ID{"country:synth-1"}}, 10},
		{"all/month", graph.Filter{Conditions: month}, 0},
		{"all/about-person", graph.Filter{About: []schema.ID{"person:synth-77"}}, 0},
		{"all/with-person", graph.Filter{With: "person:synth-77"}, 0},
		{"all/with-busiest", graph.Filter{With: "person:synth-0"}, 0},
		{"all/about-country", graph.Filter{About: []schema.ID{"country:synth-1"}}, 0},
		{"all/all", graph.Filter{}, 0},
	} {
		b.Run(bench.name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				n = 0
				for _, err := range g.Facts(b.Context(), bench.filter) {
					if err != nil {
						b.Fatal(err)
					}
					if n++; n == bench.first {
						break
					}
				}
			}
			seconds := b.Elapsed().Seconds() / float64(b.N)
			b.ReportMetric(seconds*1e3, "ms")
			b.ReportMetric(float64(n)/seconds, "facts/s")
		})
	}
}
