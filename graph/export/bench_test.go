//go:build unix

package export_test

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/loaders/synth"
)

// benchmarkedFacts make a graph of a million quads.
const benchmarkedFacts = 46_000

// BenchmarkWrite writes a graph of a million quads to a file in each format, and
// beside it copies that file. The number of bytes is the file's. MB/cpu-s is the speed
// by the time of processors, which depends less on what else the machine does, and
// cpu-µs/fact that time for each fact. BenchmarkWrite/nquads-part selects all facts by a
// condition, as a part of a graph is selected.
func BenchmarkWrite(b *testing.B) {
	g := syntheticWorld(b, benchmarkedFacts)
	part := filepath.Join(b.TempDir(), "part")
	b.Run("nquads-part", func(b *testing.B) {
		defer reportProcessorTime(b, part, processorTime())
		all := graph.Filter{Conditions: graph.Conditions{Since: "1900", Undated: true}}
		for b.Loop() {
			writeFile(b, part, func(w io.Writer) error {
				return export.Write(b.Context(), w, export.NQuads, export.Selection{Graph: g, Filter: &all}, export.Options{})
			})
		}
	})
	for _, f := range export.Formats() {
		path := filepath.Join(b.TempDir(), string(f))
		b.Run(string(f), func(b *testing.B) {
			defer reportProcessorTime(b, path, processorTime())
			for b.Loop() {
				writeFile(b, path, func(w io.Writer) error {
					return export.Write(b.Context(), w, f, export.Selection{Graph: g}, export.Options{})
				})
			}
		})
		b.Run(string(f)+"-copy", func(b *testing.B) {
			defer reportProcessorTime(b, path, processorTime())
			for b.Loop() {
				writeFile(b, path+".copy", func(w io.Writer) error {
					from, err := os.Open(path)
					if err != nil {
						return err
					}
					defer from.Close()
					_, err = io.Copy(struct{ io.Writer }{w}, from) // through memory, not by the file system
					return err
				})
			}
		})
	}
}

// reportProcessorTime reports the speed of writing a file since a time.
func reportProcessorTime(b *testing.B, path string, since time.Duration) {
	used := processorTime() - since
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	b.ReportMetric(float64(info.Size())*float64(b.N)/1e6/used.Seconds(), "MB/cpu-s")
	b.ReportMetric(used.Seconds()*1e6/float64(b.N)/benchmarkedFacts, "cpu-µs/fact")
}

// processorTime returns the time that processors have spent for this process.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func writeFile(b *testing.B, path string, write func(io.Writer) error) {
	b.Helper()
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	if err := write(file); err != nil {
		b.Fatal(err)
	}
}

// syntheticWorld is a temporary graph of synthetic facts.
func syntheticWorld(tb testing.TB, facts int) *graph.Graph {
	tb.Helper()
	g, err := graph.Open(tb.Context(), "", nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { g.Close() })
	if _, err := g.Load(tb.Context(), "synth", synth.Records(facts, 1), nil); err != nil {
		tb.Fatal(err)
	}
	return g
}

// The memory of the formats of RDF and of tables does not grow with the graph: the larger
// one has 27 MB of N-Quads, names and terms that are remembered fill up to 16 MB, and a
// window of facts of the larger one up to 8 MB more.
func TestMemoryDoesNotGrow(t *testing.T) {
	small, large := syntheticWorld(t, 1000), syntheticWorld(t, 10_000)
	for _, f := range []export.Format{export.NQuads, export.Turtle, export.TriG, export.JSONLD, export.CSV, export.CSVNodes, export.CSVEdges} {
		s, l := peak(t, small, f), peak(t, large, f)
		t.Logf("%s: %d and %d KiB", f, s>>10, l>>10)
		if l > s+24<<20 {
			t.Errorf("%s: %d KiB for a graph, %d KiB for one ten times as large", f, s>>10, l>>10)
		}
	}
}

// peak returns by how much the live memory grows while a graph is written.
func peak(t *testing.T, g *graph.Graph, f export.Format) (most int64) {
	live := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := live()
	w := writerFunc(func(p []byte) (int, error) {
		most = max(most, live()-before)
		return len(p), nil
	})
	if err := export.Write(t.Context(), w, f, export.Selection{Graph: g}, export.Options{}); err != nil {
		t.Fatal(err)
	}
	return most
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
