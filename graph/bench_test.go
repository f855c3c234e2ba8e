package graph_test

import (
	"os"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

const benchmarked = 10_000

// BenchmarkLoad loads 10,000 facts into a new graph.
func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		g, err := graph.Open(b.Context(), "", nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := g.Load(b.Context(), "d", synth.Records(benchmarked, 1), nil); err != nil {
			b.Fatal(err)
		}
		if err := g.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*benchmarked/b.Elapsed().Seconds(), "facts/s")
}

// BenchmarkFacts reads all facts of a graph of 10,000.
func BenchmarkFacts(b *testing.B) {
	g, err := graph.Open(b.Context(), "", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer g.Close()
	if _, err := g.Load(b.Context(), "d", synth.Records(benchmarked, 1), nil); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for _, err := range g.Facts(b.Context(), graph.Filter{}) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.N)*benchmarked/b.Elapsed().Seconds(), "facts/s")
}

// BenchmarkFind finds entities by their names, and by names with two letters changed.
// It compares these with all names of the graph.
func BenchmarkFind(b *testing.B) {
	g, err := graph.Open(b.Context(), "", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer g.Close()
	facts := benchmarked
	if os.Getenv("ENTENTE_BENCH") == "1M" {
		facts *= 8
	}
	if _, err := g.Load(b.Context(), "d", synth.Records(facts, 1), nil); err != nil {
		b.Fatal(err)
	}
	var names []string
	for e, err := range g.Entities(b.Context()) {
		if err != nil {
			b.Fatal(err)
		}
		if e.Kind == schema.Person {
			names = append(names, e.Label)
		}
	}
	for kind, write := range map[string]func(string) string{
		"exact": func(name string) string { return name },
		"close": func(name string) string { return "q" + name[1:len(name)-1] + "q" },
	} {
		b.Run(kind, func(b *testing.B) {
			i := 0
			for b.Loop() {
				i = (i + 7919) % len(names)
				if found, err := g.Find(b.Context(), write(names[i])); err != nil || len(found) == 0 || found[0].Exact != (kind == "exact") {
					b.Fatal(names[i], found, err)
				}
			}
		})
	}
}

// BenchmarkRestore loads 10,000 facts from N-Quads, as an export has them, into a
// new graph.
func BenchmarkRestore(b *testing.B) {
	g, err := graph.Open(b.Context(), "", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer g.Close()
	if _, err := g.Load(b.Context(), "d", synth.Records(benchmarked, 1), nil); err != nil {
		b.Fatal(err)
	}
	text := exported(b, g)
	b.ResetTimer()
	quads := 0
	for b.Loop() {
		h, err := graph.Open(b.Context(), "", nil)
		if err != nil {
			b.Fatal(err)
		}
		report, err := h.Load(b.Context(), "in", sequence(nquadsText(text)), nil)
		if err != nil {
			b.Fatal(err)
		}
		quads += report.Restored[0].Added
		if err := h.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*benchmarked/b.Elapsed().Seconds(), "facts/s")
	b.ReportMetric(float64(quads)/b.Elapsed().Seconds(), "quads/s")
}
