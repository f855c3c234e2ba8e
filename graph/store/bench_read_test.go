package store_test

import (
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/entente-kg/entente/graph/cayley"
	"github.com/entente-kg/entente/graph/store"
)

func loaded(b *testing.B, n int) *store.Snapshot {
	s := openStore(b, b.TempDir(), &store.Options{NoSync: true})
	fill(b, s, events(n))
	snapshot, err := s.Snapshot()
	if err != nil {
		b.Fatal(err)
	}
	debug.FreeOSMemory()
	return snapshot
}

// BenchmarkScan walks all quads as refs.
func BenchmarkScan(b *testing.B) {
	sizes(b, func(b *testing.B, n int) {
		snapshot := loaded(b, n)
		for b.Loop() {
			it, found := cayley.New(snapshot).QuadsAllIterator().Iterate(), 0
			for it.Next(b.Context()) {
				if it.Result() != nil {
					found++
				}
			}
			if found != n {
				b.Fatal(found, it.Err())
			}
		}
		perQuad(b, n)
	})
}

// BenchmarkMatch walks all quads as values.
func BenchmarkMatch(b *testing.B) {
	sizes(b, func(b *testing.B, n int) {
		snapshot := loaded(b, n)
		for b.Loop() {
			for _, err := range snapshot.Match(b.Context(), store.Pattern{}) {
				if err != nil {
					b.Fatal(err)
				}
			}
		}
		perQuad(b, n)
	})
}

// BenchmarkLookup finds the id of a random person by its term.
func BenchmarkLookup(b *testing.B) {
	sizes(b, func(b *testing.B, n int) {
		snapshot := loaded(b, n)
		rng := rand.New(rand.NewPCG(2, 2))
		for b.Loop() {
			if _, err := snapshot.ID(quad.IRI("person:name-" + strconv.Itoa(rng.IntN(n/10)))); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkName finds the term of a random id.
func BenchmarkName(b *testing.B) {
	sizes(b, func(b *testing.B, n int) {
		snapshot := loaded(b, n)
		var all []uint64
		next := snapshot.ScanTerms(cayley.Interval{})
		for {
			ids, err := next(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			if len(ids) == 0 {
				break
			}
			all = append(all, ids...)
		}
		rng := rand.New(rand.NewPCG(2, 2))
		for b.Loop() {
			if v, err := snapshot.Term(all[rng.IntN(len(all))]); err != nil || v == nil {
				b.Fatal(v, err)
			}
		}
	})
}

// BenchmarkHop finds all quads from a random person: as refs, and as values.
func BenchmarkHop(b *testing.B) {
	sizes(b, func(b *testing.B, n int) {
		snapshot := loaded(b, n)
		rng := rand.New(rand.NewPCG(2, 2))
		person := func() quad.Value { return quad.IRI("person:name-" + strconv.Itoa(rng.IntN(n/10))) }
		b.Run("refs", func(b *testing.B) {
			qs := cayley.New(snapshot)
			for b.Loop() {
				ref, err := qs.ValueOf(person())
				if err != nil {
					b.Fatal(err)
				}
				it := qs.QuadIterator(quad.Subject, ref).Iterate()
				for it.Next(b.Context()) {
				}
				it.Close()
			}
		})
		b.Run("values", func(b *testing.B) {
			for b.Loop() {
				for _, err := range snapshot.Match(b.Context(), store.Pattern{Subject: person()}) {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	})
}

// BenchmarkOpen opens a file for reading, finds all quads from a random person,
// and closes the file. The heap is measured before garbage is collected.
func BenchmarkOpen(b *testing.B) {
	sizes(b, func(b *testing.B, n int) {
		dir := b.TempDir()
		s := openStore(b, dir, &store.Options{NoSync: true})
		fill(b, s, events(n))
		s.Close()
		rng := rand.New(rand.NewPCG(2, 2))
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for b.Loop() {
			s := openStore(b, dir, &store.Options{ReadOnly: true})
			err := s.View(b.Context(), func(snapshot *store.Snapshot) error {
				person := quad.IRI("person:name-" + strconv.Itoa(rng.IntN(n/10)))
				for _, err := range snapshot.Match(b.Context(), store.Pattern{Subject: person}) {
					if err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
			s.Close()
		}
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/(1<<20), "heap-MB")
	})
}
