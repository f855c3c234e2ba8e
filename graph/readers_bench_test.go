package graph_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

// BenchmarkReadersBesideALoader asks questions in eight goroutines while another one
// loads as many facts as the graph has: 60,000, or with ENTENTE_BENCH=10M 500,000. It
// reports how long readers waited for a snapshot and for whole answers at most. For
// comparison, it reports the same beside goroutines that only count: on a machine with
// few processors, readers wait for these, too.
func BenchmarkReadersBesideALoader(b *testing.B) {
	facts := 60_000
	if os.Getenv("ENTENTE_BENCH") == "10M" {
		facts = 500_000
	}
	for b.Loop() {
		g, err := graph.Open(b.Context(), b.TempDir(), nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := g.Load(b.Context(), "first", synth.Records(facts, 1), nil); err != nil {
			b.Fatal(err)
		}
		readBeside(b, g, "load", func(ctx context.Context) error {
			_, err := g.Load(ctx, "second", synth.Records(facts, 2), nil)
			return err
		})
		readBeside(b, g, "counting", countInParallel)
		if err := g.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(0, "ns/op") // a load and three seconds say nothing
}

// countInParallel keeps all processors busy for three seconds.
func countInParallel(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, 3*time.Second)
	defer stop()
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for n := 0; n%1000 > 0 || ctx.Err() == nil; n++ {
			}
		})
	}
	all.Wait()
	return nil
}

// readBeside asks questions in eight goroutines until the work has ended, and reports the
// longest times.
func readBeside(b *testing.B, g *graph.Graph, name string, work func(context.Context) error) {
	b.Helper()
	ctx, end := context.WithCancel(b.Context())
	defer end()
	var readers sync.WaitGroup
	var snapshots, answers [8]time.Duration
	for i := range answers {
		readers.Go(func() {
			for n := i; ctx.Err() == nil; n++ {
				snapshot, answer, err := askOne(b.Context(), g, n)
				if err != nil {
					b.Error(err)
					return
				}
				snapshots[i], answers[i] = max(snapshots[i], snapshot), max(answers[i], answer)
				time.Sleep(5 * time.Millisecond)
			}
		})
	}
	err := work(b.Context())
	end()
	readers.Wait()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(slices.Max(snapshots[:]).Seconds()*1e3, "ms-snapshot-beside-"+name)
	b.ReportMetric(slices.Max(answers[:]).Seconds()*1e3, "ms-answer-beside-"+name)
}

// askOne opens a snapshot and asks one of three short questions, and returns how long
// both took.
func askOne(ctx context.Context, g *graph.Graph, n int) (snapshot, answer time.Duration, err error) {
	start := time.Now()
	s, err := g.Snapshot()
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		return 0, 0, err
	}
	snapshot, start = time.Since(start), time.Now()
	person := schema.ID(fmt.Sprintf("person:synth-%d7", 1+n%9))
	switch n % 3 {
	case 0:
		_, err = g.Find(ctx, string(person))
	case 1:
		_, err = g.Datasets(ctx)
	default:
		for _, one := range g.Facts(ctx, graph.Filter{With: person}) {
			err = one
			break
		}
	}
	return snapshot, time.Since(start), err
}
