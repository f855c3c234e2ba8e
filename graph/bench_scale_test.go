package graph_test

import (
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
