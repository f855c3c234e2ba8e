package graph_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/loaders/synth"
)

// BenchmarkLoadExport loads the N-Quads that an export of a graph has into a new graph on
// disk. Set ENTENTE_FACTS to numbers of facts.
func BenchmarkLoadExport(b *testing.B) {
	for _, facts := range sizes(b) {
		dir := b.TempDir()
		path := filepath.Join(dir, "world.nq")
		writeExport(b, facts, path)
		graphs := 0
		b.Run(strconv.Itoa(facts), func(b *testing.B) {
			for b.Loop() {
				graphs++
				to := filepath.Join(dir, fmt.Sprint("graph", graphs))
				loadFile(b, to, path)
				b.StopTimer()
				if err := os.RemoveAll(to); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
			b.ReportMetric(float64(b.N)*float64(facts)/b.Elapsed().Seconds(), "facts/s")
			reportPeak(b)
		})
	}
}

// writeExport writes the export of a synthetic world.
func writeExport(b *testing.B, facts int, path string) {
	b.Helper()
	g, err := graph.Open(b.Context(), "", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer g.Close()
	if _, err := g.Load(b.Context(), "d", synth.Records(facts, 1), nil); err != nil {
		b.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	if err := export.Write(b.Context(), w, export.NQuads, export.Selection{Graph: g}, export.Options{}); err != nil {
		b.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
}
