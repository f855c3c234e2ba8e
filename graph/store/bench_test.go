package store_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/entente-kg/entente/graph/store"
)

// events are quads like those of facts: n edges between n/10 people, each with
// its own label.
func events(n int) []quad.Quad {
	rng := rand.New(rand.NewPCG(1, 1))
	person := func() quad.Value { return quad.IRI(fmt.Sprintf("person:name-%d", rng.IntN(n/10+1))) }
	verbs := []quad.Value{quad.IRI("dip:met"), quad.IRI("dip:visited"), quad.IRI("dip:called")}
	quads := make([]quad.Quad, n)
	for i := range quads {
		quads[i] = quad.Quad{Subject: person(), Predicate: verbs[rng.IntN(3)], Object: person(), Label: quad.IRI(fmt.Sprintf("fact:%08x", i))}
	}
	return quads
}

const benchSize = 100_000

// BenchmarkLoad adds 100,000 quads to an empty store in one transaction.
func BenchmarkLoad(b *testing.B) {
	quads := events(benchSize)
	var size int64
	for b.Loop() {
		dir := b.TempDir()
		s := openStore(b, dir, nil)
		add(b, s, quads...)
		s.Close()
		if info, err := os.Stat(filepath.Join(dir, "graph.db")); err == nil {
			size = info.Size()
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchSize, "ns/quad")
	b.ReportMetric(float64(size)/benchSize, "bytes/quad")
}

func loaded(b *testing.B) (*store.Store, *store.Snapshot) {
	s := openStore(b, b.TempDir(), &store.Options{NoSync: true})
	add(b, s, events(benchSize)...)
	snapshot, err := s.Snapshot()
	if err != nil {
		b.Fatal(err)
	}
	return s, snapshot
}

// BenchmarkScan walks all quads as refs.
func BenchmarkScan(b *testing.B) {
	_, snapshot := loaded(b)
	for b.Loop() {
		it, n := snapshot.QuadsAllIterator().Iterate(), 0
		for it.Next(b.Context()) {
			n++
		}
		if n != benchSize {
			b.Fatal(n, it.Err())
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchSize, "ns/quad")
}

// BenchmarkMatch walks all quads as values.
func BenchmarkMatch(b *testing.B) {
	_, snapshot := loaded(b)
	for b.Loop() {
		for _, err := range snapshot.Match(b.Context(), store.Pattern{}) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchSize, "ns/quad")
}

// BenchmarkHop finds all neighbours of a node, as refs.
func BenchmarkHop(b *testing.B) {
	_, snapshot := loaded(b)
	rng := rand.New(rand.NewPCG(2, 2))
	for b.Loop() {
		ref, err := snapshot.ValueOf(quad.IRI(fmt.Sprintf("person:name-%d", rng.IntN(benchSize/10))))
		if err != nil {
			b.Fatal(err)
		}
		it := snapshot.QuadIterator(quad.Subject, ref).Iterate()
		for it.Next(b.Context()) {
		}
		it.Close()
	}
}

// BenchmarkTransaction adds some quads to a store of 100,000, on disk.
func BenchmarkTransaction(b *testing.B) {
	for _, size := range []int{1, 100, 10_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			s := openStore(b, b.TempDir(), nil)
			quads := events(benchSize)
			add(b, s, quads...)
			next := 0
			for b.Loop() {
				var batch []quad.Quad
				for range size {
					q := quads[next%benchSize]
					q.Label = quad.IRI(fmt.Sprint("new:", next))
					batch = append(batch, q)
					next++
				}
				add(b, s, batch...)
			}
		})
	}
}

// BenchmarkDelete removes 90 of 100 quads in one transaction.
func BenchmarkDelete(b *testing.B) {
	quads := events(benchSize)
	for b.Loop() {
		b.StopTimer()
		s := openStore(b, b.TempDir(), &store.Options{NoSync: true})
		add(b, s, quads...)
		b.StartTimer()
		err := s.Update(b.Context(), func(tx *store.Tx) error {
			for i, q := range quads {
				if i%10 == 0 {
					continue
				}
				if _, err := tx.Remove(q); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		s.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchSize, "ns/quad")
}
