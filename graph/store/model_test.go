package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/entente-kg/entente/graph/store"
)

// model is a store as a plain map.
type model map[quad.Quad]bool

func (m model) match(p store.Pattern) model {
	out := model{}
	fits := func(want, v quad.Value) bool { return want == nil || want == v }
	for q := range m {
		if fits(p.Subject, q.Subject) && fits(p.Predicate, q.Predicate) && fits(p.Object, q.Object) && fits(p.Label, q.Label) {
			out[q] = true
		}
	}
	return out
}

func (m model) labels() map[quad.Value]bool {
	out := map[quad.Value]bool{}
	for q := range m {
		if q.Label != nil {
			out[q.Label] = true
		}
	}
	return out
}

func (m model) terms() int64 {
	out := map[quad.Value]bool{}
	for q := range m {
		for _, d := range quad.Directions {
			if v := q.Get(d); v != nil {
				out[v] = true
			}
		}
	}
	return int64(len(out))
}

// readable is what a transaction and a snapshot have in common.
type readable interface {
	Match(context.Context, store.Pattern) func(func(quad.Quad, error) bool)
	Count(context.Context, store.Pattern) (int64, error)
	Has(quad.Quad) (bool, error)
}

type snapshotReader struct{ *store.Snapshot }

func (s snapshotReader) Match(ctx context.Context, p store.Pattern) func(func(quad.Quad, error) bool) {
	return s.Snapshot.Match(ctx, p)
}

type txReader struct{ *store.Tx }

func (s txReader) Match(ctx context.Context, p store.Pattern) func(func(quad.Quad, error) bool) {
	return s.Tx.Match(ctx, p)
}

func compare(t testing.TB, r readable, m model, p store.Pattern) {
	t.Helper()
	got := model{}
	for q, err := range r.Match(t.Context(), p) {
		if err != nil {
			t.Fatal(err)
		}
		if got[q] {
			t.Fatalf("%v comes twice", q)
		}
		got[q] = true
	}
	want := m.match(p)
	if !maps.Equal(got, want) {
		t.Fatalf("pattern %v: got %d quads, want %d", p, len(got), len(want))
	}
	if n, err := r.Count(t.Context(), p); err != nil || n != int64(len(want)) {
		t.Fatalf("pattern %v: counted %d (%v), want %d", p, n, err, len(want))
	}
}

func compareAll(t testing.TB, s *store.Snapshot, m model) {
	t.Helper()
	compare(t, snapshotReader{s}, m, store.Pattern{})
	compareLabels(t, s.Labels(t.Context()), m)
	st, err := s.Stats(t.Context(), true)
	if err != nil || st.Quads.Value != int64(len(m)) || st.Nodes.Value != m.terms() {
		t.Fatalf("stats %+v (%v), want %d quads, %d terms", st, err, len(m), m.terms())
	}
}

func compareLabels(t testing.TB, seq func(func(quad.Value, error) bool), m model) {
	t.Helper()
	labels := map[quad.Value]bool{}
	for label, err := range seq {
		if err != nil || labels[label] {
			t.Fatal(label, err)
		}
		labels[label] = true
	}
	if !maps.Equal(labels, m.labels()) {
		t.Fatalf("got %d labels, want %d", len(labels), len(m.labels()))
	}
}

func verify(t testing.TB, s *store.Store, m model) {
	t.Helper()
	v, err := s.Verify(t.Context())
	if err != nil || len(v.Problems) > 0 || v.Quads != int64(len(m)) || v.Terms != m.terms() {
		t.Fatalf("verify: %+v %v, want %d quads, %d terms", v, err, len(m), m.terms())
	}
}

// modelRun drives a store and a map by the same random operations.
type modelRun struct {
	*testing.T
	*world
	dir   string
	opts  *store.Options
	store *store.Store
	now   model
	held  map[*store.Snapshot]model // snapshots taken earlier
	ops   int
}

var errWanted = errors.New("wanted")

// change does a few operations on a transaction and on the map.
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
				if err := tx.Flush(); err != nil {
					return err
				}
			}
		default:
			if has, err := tx.Has(q); err != nil || has != m[q] {
				return fmt.Errorf("has %v: %v %v", q, has, err)
			}
		}
	}
	if r.IntN(25) == 0 {
		return r.removeInLoop(tx, m)
	}
	return nil
}

// addAll adds many quads at once, some of them several times.
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
			if err := tx.Flush(); err != nil {
				return err
			}
		}
	}
	if len(left) > 0 {
		return fmt.Errorf("loop: %d quads did not come", len(left))
	}
	return nil
}

// transact runs one transaction that is kept, fails or panics.
func (r *modelRun) transact() {
	m := maps.Clone(r.now)
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

// look compares a snapshot, new or old, and lets go of some.
func (r *modelRun) look() {
	s, err := r.store.Snapshot()
	if err != nil {
		r.Fatal(err)
	}
	r.held[s] = maps.Clone(r.now)
	for s, m := range r.held {
		compare(r, snapshotReader{s}, m, r.pattern())
		if r.IntN(3) == 0 {
			compareAll(r, s, m)
			s.Close()
			delete(r.held, s)
		}
	}
}

// compact rewrites the store, or begins to.
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
	r.store = openStore(r, r.dir, r.opts)
	verify(r, r.store, r.now)
}

func TestModel(t *testing.T) {
	want := 100_000
	if testing.Short() {
		want = 10_000
	}
	if n, err := strconv.Atoi(os.Getenv("ENTENTE_MODEL")); err == nil { // operations, for a long run
		want = n
	}
	plain := &store.Options{NoSync: true}
	t.Run("narrow", func(t *testing.T) { runModel(t, 1, want, plain, false) })
	t.Run("wide", func(t *testing.T) { runModel(t, 2, want/10, plain, true) })
	rewriting := store.Tight(1, 0, 0, store.Options{NoSync: true})
	t.Run("rewriting", func(t *testing.T) { runModel(t, 3, want/5, rewriting, false) })
	t.Run("rewriting wide", func(t *testing.T) { runModel(t, 4, want/10, rewriting, true) })
	spilling := store.Tight(1, 25, 0, store.Options{NoSync: true})
	t.Run("spilling", func(t *testing.T) { runModel(t, 5, want/5, spilling, false) })
	t.Run("spilling wide", func(t *testing.T) { runModel(t, 6, want/10, spilling, true) })
	levels := store.Tight(0, 0, 40, store.Options{NoSync: true})
	t.Run("levels", func(t *testing.T) { runModel(t, 7, want/2, levels, false) })
	t.Run("levels wide", func(t *testing.T) { runModel(t, 8, want/10, levels, true) })
}

// runModel does so many operations. Wide ids take more than 31 bits.
func runModel(t *testing.T, seed uint64, want int, opts *store.Options, wide bool) {
	r := &modelRun{T: t, world: newWorld(seed), dir: t.TempDir(), opts: opts, now: model{}, held: map[*store.Snapshot]model{}}
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

// emptyOut removes everything and expects nothing to remain.
func emptyOut(t *testing.T, s *store.Store, m model) {
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		for _, q := range slices.Collect(maps.Keys(m)) {
			if changed, err := tx.Remove(q); err != nil || !changed {
				return fmt.Errorf("remove %v: %v %v", q, changed, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	verify(t, s, model{})
}
