package store_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/entente-kg/entente/graph/store"
)

// model is the quads of a store as a plain map.
type model map[quad.Quad]bool

func fits(p store.Pattern, q quad.Quad) bool {
	fits := func(want, v quad.Value) bool { return want == nil || want == v }
	return fits(p.Subject, q.Subject) && fits(p.Predicate, q.Predicate) && fits(p.Object, q.Object) && fits(p.Label, q.Label)
}

func (m model) match(p store.Pattern) model {
	out := model{}
	for q := range m {
		if fits(p, q) {
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

// readable is the common methods of a transaction and a snapshot.
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

// differs compares the quads that match a pattern with the quads in a map.
func differs(ctx context.Context, r readable, m model, p store.Pattern) error {
	got := model{}
	for q, err := range r.Match(ctx, p) {
		if err != nil {
			return err
		}
		if got[q] || !m[q] || !fits(p, q) {
			return fmt.Errorf("pattern %v: %v comes, twice %v, wanted %v", p, q, got[q], m[q])
		}
		got[q] = true
	}
	want := int64(0)
	for q := range m {
		if fits(p, q) {
			want++
		}
	}
	n, err := r.Count(ctx, p)
	if err == nil && (int64(len(got)) != want || n != want) {
		err = fmt.Errorf("pattern %v: got %d quads and counted %d, want %d", p, len(got), n, want)
	}
	return err
}

func compare(t testing.TB, r readable, m model, p store.Pattern) {
	t.Helper()
	if err := differs(t.Context(), r, m, p); err != nil {
		t.Fatal(err)
	}
}

func compareAll(t testing.TB, s *store.Snapshot, m model) {
	t.Helper()
	compare(t, snapshotReader{s}, m, store.Pattern{})
	compareLabels(t, s.Labels(t.Context()), m)
	terms, quads, err := s.Sizes()
	if err != nil || quads != int64(len(m)) || terms != m.terms() {
		t.Fatalf("%d quads, %d terms (%v), want %d and %d", quads, terms, err, len(m), m.terms())
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

// emptyOut removes all quads and checks that nothing remains.
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
