package graph_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders/synth"
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
