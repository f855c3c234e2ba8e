package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"strconv"
	"sync"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/entente-kg/entente/graph/store"
)

// modelRun applies the same random operations to a store and to a map.
type modelRun struct {
	*testing.T
	*world
	dir   string
	opts  *store.Options
	store *store.Store
	now   model
	held  map[*store.Snapshot]model // earlier snapshots
	ops   int
	spare int // how many more times the transaction may flush

	readers sync.WaitGroup // run beside the writer
	reading chan struct{}
}

// flushes is the maximum number of flushes of a transaction, since each makes
// files.
const flushes = 4

func (r *modelRun) flush(tx *store.Tx) error {
	if r.spare--; r.spare < 0 {
		return nil
	}
	return tx.Flush()
}

var errWanted = errors.New("wanted")

// change applies a few operations to a transaction and to the map.
func (r *modelRun) change(tx *store.Tx, m model) error {
	grow := r.IntN(3) > 0 && len(m) < 2500
	for range 1 + r.IntN(120) {
		r.ops++
		q := r.quad()
		switch k := r.IntN(20); {
		case k == 0 && grow && r.IntN(30) == 0:
			if err := r.addAll(tx, m); err != nil {
				return err
			}
		case k < 14 && grow || k < 4:
			changed, err := tx.Add(q)
			if err != nil || changed == m[q] {
				return fmt.Errorf("add %v: %v %v", q, changed, err)
			}
			m[q] = true
		case k < 18:
			if len(m) > 0 && r.IntN(2) == 0 {
				q = anyOf(m)
			}
			changed, err := tx.Remove(q)
			if err != nil || changed != m[q] {
				return fmt.Errorf("remove %v: %v %v", q, changed, err)
			}
			delete(m, q)
		case k == 18:
			compare(r, txReader{tx}, m, r.pattern())
			if r.IntN(10) == 0 {
				compareLabels(r, tx.Labels(r.Context()), m)
			}
			if r.IntN(10) == 0 {
				if err := r.flush(tx); err != nil {
					return err
				}
			}
		default:
			if has, err := tx.Has(q); err != nil || has != m[q] {
				return fmt.Errorf("has %v: %v %v", q, has, err)
			}
		}
	}
	switch r.IntN(50) {
	case 0, 1:
		return r.removeInLoop(tx, m)
	case 2:
		return r.removeMany(tx, m)
	}
	return nil
}

// removeMany removes many quads at once, some of which are absent or repeated,
// and then all quads that match a pattern.
func (r *modelRun) removeMany(tx *store.Tx, m model) error {
	quads := []quad.Quad{{Subject: quad.IRI("incomplete")}}
	for q := range m {
		if r.IntN(8) == 0 {
			quads = append(quads, q, r.quad(), q)
		}
	}
	before := len(m)
	for _, q := range quads {
		delete(m, q)
	}
	r.ops += len(quads)
	if n, err := tx.RemoveAll(quads); err != nil || n != before-len(m) {
		return fmt.Errorf("removed %d (%v), want %d", n, err, before-len(m))
	}
	p := r.pattern()
	gone := m.match(p)
	for q := range gone {
		delete(m, q)
	}
	if n, err := tx.RemoveMatching(r.Context(), p); err != nil || n != int64(len(gone)) {
		return fmt.Errorf("removed %d that match %v (%v), want %d", n, p, err, len(gone))
	}
	return nil
}

// addAll adds many quads at once, some of them repeated.
func (r *modelRun) addAll(tx *store.Tx, m model) error {
	quads := make([]quad.Quad, r.IntN(3000))
	want := 0
	for i := range quads {
		quads[i] = r.quad()
		if !m[quads[i]] {
			m[quads[i]] = true
			want++
		}
	}
	r.ops += len(quads)
	if n, err := tx.AddAll(quads); err != nil || n != want {
		return fmt.Errorf("added %d (%v), want %d", n, err, want)
	}
	return nil
}

func anyOf(m model) (q quad.Quad) {
	for q = range m {
		break
	}
	return q
}

// removeInLoop changes the store within a Match.
func (r *modelRun) removeInLoop(tx *store.Tx, m model) error {
	p := r.pattern()
	left, again := m.match(p), model{} // again: removed and added before their turn
	for q, err := range tx.Match(r.Context(), p) {
		if err != nil || !left[q] && !again[q] {
			return fmt.Errorf("loop: %v %v", q, err)
		}
		delete(left, q)
		r.ops++
		for _, gone := range []quad.Quad{q, anyOf(left)} {
			if gone.Subject == nil || r.IntN(2) == 0 {
				continue
			}
			if _, err := tx.Remove(gone); err != nil {
				return err
			}
			again[gone] = left[gone]
			delete(left, gone)
			delete(m, gone)
		}
		if q := r.quad(); r.IntN(2) == 0 {
			if _, err := tx.Add(q); err != nil {
				return err
			}
			m[q] = true
		}
		if r.IntN(9) == 0 {
			compare(r, txReader{tx}, m, r.pattern())
		}
		if r.IntN(20) == 0 {
			if err := r.flush(tx); err != nil {
				return err
			}
		}
	}
	if len(left) > 0 {
		return fmt.Errorf("loop: %d quads did not come", len(left))
	}
	return nil
}

// transact runs one transaction, which commits, fails or panics.
func (r *modelRun) transact() {
	m := maps.Clone(r.now)
	r.spare = r.IntN(flushes + 1)
	how := r.IntN(10)
	err := func() (err error) {
		defer func() {
			if p := recover(); p != nil && p != errWanted {
				panic(p)
			} else if p != nil {
				err = errWanted
			}
		}()
		return r.store.Update(r.Context(), func(tx *store.Tx) error {
			if err := r.change(tx, m); err != nil {
				return err
			}
			switch how {
			case 0:
				return errWanted
			case 1:
				panic(errWanted)
			}
			return nil
		})
	}()
	switch {
	case how <= 1 && err == errWanted:
	case how > 1 && err == nil:
		r.now = m
	default:
		r.Fatal(err)
	}
}

// look compares a new or an old snapshot with its map, and closes some snapshots.
func (r *modelRun) look() {
	s, err := r.store.Snapshot()
	if err != nil {
		r.Fatal(err)
	}
	r.held[s] = r.now // no transaction changes this map
	for s, m := range r.held {
		compare(r, snapshotReader{s}, m, r.pattern())
		if r.IntN(3) == 0 {
			compareAll(r, s, m)
			s.Close()
			delete(r.held, s)
		}
	}
}

// read starts a goroutine that reads a snapshot beside the transactions, unless
// enough goroutines do.
func (r *modelRun) read() {
	select {
	case r.reading <- struct{}{}:
	default:
		return
	}
	s, err := r.store.Snapshot()
	if err != nil {
		r.Fatal(err)
	}
	w, m := *r.world, r.now
	w.Rand = rand.New(rand.NewPCG(r.Uint64(), 1))
	r.readers.Go(func() {
		defer func() { <-r.reading }()
		defer s.Close()
		for range 10 {
			err := differs(r.Context(), snapshotReader{s}, m, w.pattern())
			if errors.Is(err, store.ErrClosed) {
				return // the store was closed meanwhile
			}
			if err != nil {
				r.Error(err)
			}
		}
	})
}

// compact rewrites the store, or cancels a rewrite.
func (r *modelRun) compact() {
	ctx, cancel := context.WithCancel(r.Context())
	stop := r.IntN(3) == 0
	if stop {
		cancel()
	}
	defer cancel()
	if err := r.store.Compact(ctx); stop != errors.Is(err, context.Canceled) || !stop && err != nil {
		r.Fatal(err)
	}
}

func (r *modelRun) reopen() {
	if err := r.store.Close(); err != nil {
		r.Fatal(err)
	}
	for s := range r.held {
		if _, err := s.Count(r.Context(), store.Pattern{}); !errors.Is(err, store.ErrClosed) {
			r.Fatalf("a snapshot outlives its store: %v", err)
		}
	}
	clear(r.held)
	r.readers.Wait()
	r.store = openStore(r, r.dir, r.opts)
	verify(r, r.store, r.now)
}

// TestModel runs ENTENTE_MODEL operations in total.
func TestModel(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // otherwise half of the time is garbage collection
	total := sizeOf(t, "ENTENTE_MODEL", 30_000, 100_000)
	if testing.Short() {
		total /= 10
	}
	noSync := store.Options{NoSync: true}
	for i, c := range []struct {
		name       string
		hundredths int
		opts       *store.Options
		wide       bool
	}{
		{"narrow", 45, &noSync, false},
		{"wide", 5, &noSync, true},
		{"rewriting", 15, store.Tight(1, 0, 0, noSync), false},
		{"rewriting wide", 5, store.Tight(1, 0, 0, noSync), true},
		{"spilling", 7, store.Tight(1, 25, 0, noSync), false},
		{"spilling wide", 3, store.Tight(1, 25, 0, noSync), true},
		{"levels", 15, store.Tight(0, 0, 40, noSync), false},
		{"levels wide", 5, store.Tight(0, 0, 40, noSync), true},
	} {
		t.Run(c.name, func(t *testing.T) { runModel(t, uint64(i+1), total/100*c.hundredths, c.opts, c.wide) })
	}
}

// sizeOf returns the size of a test: the value of an environment variable, for
// the long runs of .ci/long; with ENTENTE_TESTS=full, as in .ci/run, the number
// full; otherwise the number small.
func sizeOf(t testing.TB, variable string, small, full int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" && fullTests() {
		return full
	}
	if text == "" {
		return small
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

// fullTests reports whether tests run at full size.
func fullTests() bool { return os.Getenv("ENTENTE_TESTS") == "full" }

// runModel runs want operations. With wide set, ids have more than 31 bits.
func runModel(t *testing.T, seed uint64, want int, opts *store.Options, wide bool) {
	r := &modelRun{T: t, world: newWorld(seed), dir: t.TempDir(), opts: opts, now: model{}, held: map[*store.Snapshot]model{}, reading: make(chan struct{}, 2)}
	r.store = openStore(t, r.dir, opts)
	if wide {
		q := r.quad()
		r.now[q] = true
		if err := r.store.Update(t.Context(), func(tx *store.Tx) error {
			tx.SkipIDs()
			_, err := tx.Add(q)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	for round := 1; r.ops < want; round++ {
		r.transact()
		if round%70 == 0 {
			r.compact()
		}
		if round%5 == 0 {
			r.read()
		}
		if round%20 == 0 {
			r.look()
		}
		if round%300 == 0 {
			r.reopen()
		}
	}
	r.reopen()
	t.Logf("%d operations, %d quads left", r.ops, len(r.now))
	emptyOut(t, r.store, r.now)
}
