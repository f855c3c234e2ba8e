package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	cpath "github.com/cayleygraph/cayley/query/path"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/cayley"
	"github.com/entente-kg/entente/graph/store"
)

// batch is the number of quads that each transaction of TestBeside adds.
const batch = 200

func batchQuad(i, k int) quad.Quad {
	return quad.Quad{Subject: quad.IRI(fmt.Sprint("batch:", i)), Predicate: quad.IRI("has"),
		Object: quad.IRI(fmt.Sprint("thing:", k)), Label: quad.IRI(fmt.Sprint("label:", i%10))}
}

func counter(i int) quad.Quad {
	return quad.Quad{Subject: quad.IRI("counter"), Predicate: quad.IRI("is"), Object: quad.Int(i)}
}

// TestBeside runs queries for ENTENTE_BESIDE seconds beside a writer that makes
// the file at least twice as large. Each query sees whole batches, as many as the
// counter that it reads says. No query waits for ever.
func TestBeside(t *testing.T) {
	seconds := sizeOf(t, "ENTENTE_BESIDE", 2, 4)
	for name, opts := range map[string]*store.Options{
		"levels": {NoSync: true}, "tight": store.Tight(0, 0, 300, store.Options{NoSync: true}), "new files": store.Tight(1, 0, 0, store.Options{NoSync: true}),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := openStore(t, dir, opts)
			add(t, s, counter(0))
			for i := range 10 {
				writeBatch(t, s, i)
			}
			before := sizeIn(t, dir)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var queries, written atomic.Int64
			var all sync.WaitGroup
			all.Go(func() { // a busy machine needs longer
				for end := time.Now().Add(time.Duration(seconds) * time.Second / 3); ; time.Sleep(10 * time.Millisecond) {
					if time.Now().After(end) && queries.Load() >= 5 && written.Load() >= 5 || t.Failed() {
						cancel()
						return
					}
				}
			})
			for n := range 3 {
				all.Go(func() { queryUntil(t, ctx, s, rand.New(rand.NewPCG(uint64(n), 1)), &queries) })
			}
			all.Go(func() {
				for i := 10; ctx.Err() == nil; i++ {
					writeBatch(t, s, i)
					written.Add(1)
				}
			})
			ended := make(chan struct{})
			go func() { all.Wait(); close(ended) }()
			select {
			case <-ended:
			case <-time.After(time.Duration(seconds)*time.Second + time.Minute):
				t.Fatal("somebody waits for ever")
			}
			after := sizeIn(t, dir)
			t.Logf("%d queries beside %d transactions; the file grew from %d to %d bytes", queries.Load(), written.Load(), before, after)
			grew := after >= 2*before || before > 1<<20 // from this size on, commits write new files
			if !grew && seconds > 20 {
				t.Error("that is too little")
			}
		})
	}
}

func sizeIn(t *testing.T, dir string) int64 {
	info, err := os.Stat(filepath.Join(dir, "graph.db"))
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// writeBatch adds batch i and increments the counter.
func writeBatch(t *testing.T, s *store.Store, i int) {
	err := s.Update(context.WithoutCancel(t.Context()), func(tx *store.Tx) error {
		if _, err := tx.Remove(counter(i)); err != nil {
			return err
		}
		for k := range batch {
			if _, err := tx.Add(batchQuad(i, k)); err != nil {
				return err
			}
		}
		_, err := tx.Add(counter(i + 1))
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// queryUntil runs queries until the context ends.
func queryUntil(t *testing.T, ctx context.Context, s *store.Store, rng *rand.Rand, queries *atomic.Int64) {
	last := 0
	for ctx.Err() == nil {
		err := s.View(context.WithoutCancel(ctx), func(snapshot *store.Snapshot) error {
			n, err := consistent(context.WithoutCancel(ctx), snapshot, rng)
			if err == nil && n < last {
				err = fmt.Errorf("the counter went back from %d to %d", last, n)
			}
			last = n
			return err
		})
		if err != nil {
			t.Error(err)
			return
		}
		queries.Add(1)
	}
}

// consistent compares the counter with the stored batches.
func consistent(ctx context.Context, s *store.Snapshot, rng *rand.Rand) (batches int, err error) {
	seen := 0
	for q, err := range s.Match(ctx, store.Pattern{Subject: quad.IRI("counter")}) {
		if err != nil {
			return 0, err
		}
		batches = int(q.Object.(quad.Int))
		seen++
	}
	if total, err := s.Count(ctx, store.Pattern{}); err != nil || seen != 1 || total != int64(1+batches*batch) {
		return 0, fmt.Errorf("%d counters, the last %d, and %d quads: %w", seen, batches, total, err)
	}
	i := rng.IntN(batches + 3)
	want := int64(0)
	if i < batches {
		want = batch
	}
	n, err := cpath.StartPath(cayley.New(s), quad.IRI(fmt.Sprint("batch:", i))).Out(quad.IRI("has")).Iterate(ctx).Count()
	if err != nil || n != want {
		return 0, fmt.Errorf("batch %d of %d: a query finds %d quads: %w", i, batches, n, err)
	}
	n = 0
	for _, err := range s.Match(ctx, store.Pattern{Object: quad.IRI(fmt.Sprint("thing:", rng.IntN(batch)))}) {
		if err != nil {
			return 0, err
		}
		n++
	}
	if n != int64(batches) {
		err = fmt.Errorf("%d batches, but a thing has %d", batches, n)
	}
	return batches, err
}
