package store_test

import (
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema/nquads"
)

// sizes runs a benchmark on 100,000 quads, or with ENTENTE_BENCH=1M or 10M in the
// environment on one or ten million.
func sizes(b *testing.B, run func(b *testing.B, n int)) {
	b.Run("100k", func(b *testing.B) { run(b, 100_000) })
	switch os.Getenv("ENTENTE_BENCH") {
	case "1M":
		b.Run("1M", func(b *testing.B) { run(b, 1_000_000) })
	case "10M":
		b.Run("10M", func(b *testing.B) { run(b, 10_000_000) })
	}
}

// fill adds quads to a store in one transaction.
func fill(b *testing.B, s *store.Store, quads iter.Seq[quad.Quad]) {
	b.Helper()
	err := s.Update(b.Context(), func(tx *store.Tx) error {
		var batch []quad.Quad
		for q := range quads {
			if batch = append(batch, q); len(batch) < 4096 {
				continue
			}
			if _, err := tx.AddAll(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
		_, err := tx.AddAll(batch)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

func perQuad(b *testing.B, n int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/quad")
}

func bytesPerQuad(b *testing.B, dir string, n int) {
	if info, err := os.Stat(filepath.Join(dir, "graph.db")); err == nil {
		b.ReportMetric(float64(info.Size())/float64(n), "bytes/quad")
	}
}

// peakMemory reports the peak memory of the process. It is meaningful for a
// benchmark that runs alone.
func peakMemory(b *testing.B) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return
	}
	for line := range strings.Lines(string(status)) {
		if f := strings.Fields(line); f[0] == "VmHWM:" {
			kb, _ := strconv.ParseFloat(f[1], 64)
			b.ReportMetric(kb/1024, "peak-MB")
		}
	}
}

// BenchmarkLoad adds quads to an empty store in one synced transaction. The time
// includes making the quads.
func BenchmarkLoad(b *testing.B) { sizes(b, func(b *testing.B, n int) { load(b, n, events(n)) }) }

// BenchmarkLoadFacts is BenchmarkLoad for the quads of facts.
func BenchmarkLoadFacts(b *testing.B) {
	sizes(b, func(b *testing.B, n int) { load(b, n, facts(n, 0, n/100)) })
}

// BenchmarkLoadNQuads loads a file of N-Quads, the quads of facts, into an empty
// store, synced.
func BenchmarkLoadNQuads(b *testing.B) {
	sizes(b, func(b *testing.B, n int) {
		path := filepath.Join(b.TempDir(), "facts.nq")
		writeNQuads(b, path, facts(n, 0, n/100))
		var dir string
		for b.Loop() {
			dir = b.TempDir()
			s := openStore(b, dir, nil)
			f, err := os.Open(path)
			if err != nil {
				b.Fatal(err)
			}
			update(b, s, func(tx *store.Tx) error {
				_, err := tx.AddNQuads(f, path)
				return err
			})
			f.Close()
			s.Close()
		}
		perQuad(b, n)
		bytesPerQuad(b, dir, n)
		peakMemory(b)
	})
}

func writeNQuads(b *testing.B, path string, quads iter.Seq[quad.Quad]) {
	b.Helper()
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w := nquads.NewWriter(f)
	for q := range quads {
		if err := w.Write(q); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkMake makes the quads of BenchmarkLoad and BenchmarkLoadFacts without a
// store, to show how much of their time that is.
func BenchmarkMake(b *testing.B) {
	for name, make := range map[string]func(n int) iter.Seq[quad.Quad]{
		"events": events, "facts": func(n int) iter.Seq[quad.Quad] { return facts(n, 0, n/100) },
	} {
		b.Run(name, func(b *testing.B) {
			sizes(b, func(b *testing.B, n int) {
				for b.Loop() {
					for range make(n) {
					}
				}
				perQuad(b, n)
			})
		})
	}
}

func load(b *testing.B, n int, quads iter.Seq[quad.Quad]) {
	var dir string
	for b.Loop() {
		dir = b.TempDir()
		s := openStore(b, dir, nil)
		fill(b, s, quads)
		s.Close()
	}
	perQuad(b, n)
	bytesPerQuad(b, dir, n)
	peakMemory(b)
}

// BenchmarkFacts adds some facts to a store full of them, on disk.
func BenchmarkFacts(b *testing.B) {
	for _, size := range []int{1, 100} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			sizes(b, func(b *testing.B, n int) {
				s := openStore(b, b.TempDir(), nil)
				fill(b, s, facts(n, 0, n/100))
				next := n
				for b.Loop() {
					fill(b, s, facts(12*size, next, n/100))
					next += size
				}
			})
		})
	}
}

// BenchmarkTransaction adds some random edges to a full store, on disk.
func BenchmarkTransaction(b *testing.B) {
	for _, size := range []int{1, 12, 100, 1200} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			sizes(b, func(b *testing.B, n int) {
				s := openStore(b, b.TempDir(), nil)
				fill(b, s, events(n))
				next := 0
				for b.Loop() {
					fill(b, s, more(n, next, size))
					next += size
				}
			})
		})
	}
}

// BenchmarkBatches adds ten batches of 10,000 quads to a full store, on disk.
func BenchmarkBatches(b *testing.B) {
	const batches, size = 10, 10_000
	sizes(b, func(b *testing.B, n int) {
		var dir string
		for b.Loop() {
			b.StopTimer()
			dir = b.TempDir()
			s := openStore(b, dir, nil)
			fill(b, s, events(n))
			b.StartTimer()
			for i := range batches {
				fill(b, s, more(n, i*size, size))
			}
			s.Close()
		}
		perQuad(b, batches*size)
		bytesPerQuad(b, dir, n+batches*size)
	})
}

// BenchmarkAlternate looks up the subject of each quad before it adds the quad,
// like a loader that checks its input.
func BenchmarkAlternate(b *testing.B) {
	const size = 5_000
	sizes(b, func(b *testing.B, n int) {
		s := openStore(b, b.TempDir(), nil)
		fill(b, s, events(n))
		next := 0
		for b.Loop() {
			err := s.Update(b.Context(), func(tx *store.Tx) error {
				for q := range more(n, next, size) {
					for _, err := range tx.Match(b.Context(), store.Pattern{Subject: q.Subject}) {
						if err != nil {
							return err
						}
					}
					if _, err := tx.Add(q); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
			next += size
		}
		perQuad(b, size)
	})
}

// BenchmarkRemove removes every second quad of a full store.
func BenchmarkRemove(b *testing.B) {
	sizes(b, func(b *testing.B, n int) {
		remove(b, n, func(tx *store.Tx) error {
			i, batch := 0, []quad.Quad(nil)
			for q := range events(n) {
				if i++; i%2 == 1 {
					batch = append(batch, q)
				}
				if len(batch) == 4096 || i == n {
					if _, err := tx.RemoveAll(batch); err != nil {
						return err
					}
					batch = batch[:0]
				}
			}
			return nil
		})
		perQuad(b, n/2)
	})
}

// BenchmarkForget removes a dataset of 50,000 quads by its label from a full
// store.
func BenchmarkForget(b *testing.B) {
	const size = 50_000
	sizes(b, func(b *testing.B, n int) {
		remove(b, n, func(tx *store.Tx) error {
			n, err := tx.RemoveMatching(b.Context(), store.Pattern{Label: quad.IRI("data:set")})
			if n != size {
				b.Error(n, err)
			}
			return err
		})
		perQuad(b, size)
	})
}

// remove measures fn in a transaction on a store that has n events and a dataset.
func remove(b *testing.B, n int, fn func(*store.Tx) error) {
	for b.Loop() {
		b.StopTimer()
		s := openStore(b, b.TempDir(), nil)
		fill(b, s, events(n))
		fill(b, s, func(yield func(quad.Quad) bool) {
			for q := range more(n, 0, 50_000) {
				q.Label, q.Object = quad.IRI("data:set"), q.Label
				if !yield(q) {
					return
				}
			}
		})
		b.StartTimer()
		if err := s.Update(b.Context(), fn); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		s.Close()
		b.StartTimer()
	}
}
