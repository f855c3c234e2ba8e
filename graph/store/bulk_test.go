package store_test

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
)

// TestBulk adds many quads at once, some or all of which are already stored in
// the blocks or were added by the transaction before.
func TestBulk(t *testing.T) {
	w := newWorld(41)
	var quads []quad.Quad
	for range 4_500 {
		quads = append(quads, w.quad())
	}
	first, second := quads[:2_500], quads[1_500:]
	addAll := func(quads []quad.Quad) func(*store.Tx) (int64, error) {
		return func(tx *store.Tx) (int64, error) { n, err := tx.AddAll(quads); return int64(n), err }
	}
	text := func(quads []quad.Quad) func(*store.Tx) (int64, error) {
		return func(tx *store.Tx) (int64, error) { return tx.AddNQuads(bytes.NewReader(asText(t, quads)), "quads.nq") }
	}
	one := func(q quad.Quad) func(*store.Tx) (int64, error) {
		return func(tx *store.Tx) (int64, error) {
			ok, err := tx.Add(q)
			if ok {
				return 1, err
			}
			return 0, err
		}
	}
	remove := func(quads []quad.Quad) func(*store.Tx) (int64, error) {
		return func(tx *store.Tx) (int64, error) { n, err := tx.RemoveAll(quads); return -int64(n), err }
	}
	forget := func(tx *store.Tx) (int64, error) {
		n, err := tx.RemoveMatching(t.Context(), store.Pattern{Label: quads[0].Label})
		return -n, err
	}
	steps := map[string][]func(*store.Tx) (int64, error){
		"all there":   {addAll(first), one(quads[3_500])},
		"some there":  {addAll(second), one(quads[3_500]), one(quads[0])},
		"text":        {text(second), text(first), addAll(quads), one(quads[0])},
		"after few":   {one(quads[4_000]), one(quads[4_001]), text(second), remove(quads[2_000:3_000])},
		"after gone":  {remove(quads[1_000:2_000]), addAll(quads), remove(quads[500:800])},
		"growing":     {addAll(quads[:3_000]), addAll(quads[1_000:]), addAll(first)},
		"forgotten":   {forget, text(first), forget, forget, addAll(quads[:1_500])},
		"text, there": {text(first), remove(quads[:2]), text(first)},
	}
	for name, steps := range steps {
		for _, opts := range []*store.Options{nil, store.Tight(0, 700, 0, store.Options{}), store.Tight(0, 0, 300, store.Options{})} {
			t.Run(name, func(t *testing.T) { runBulk(t, opts, first, steps) })
		}
	}
}

func runBulk(t *testing.T, opts *store.Options, first []quad.Quad, steps []func(*store.Tx) (int64, error)) {
	s := openStore(t, t.TempDir(), opts)
	add(t, s, first...)
	var want int64
	for i, together := range []bool{true, false} {
		update(t, s, func(tx *store.Tx) error {
			n, err := tx.Count(t.Context(), store.Pattern{})
			for _, step := range steps {
				more, failed := step(tx)
				n, err = n+more, cmp.Or(err, failed)
				if !together {
					continue
				}
				if total, _ := tx.Count(t.Context(), store.Pattern{}); total != n {
					t.Errorf("round %d: %d quads are counted, want %d", i, total, n)
				}
			}
			want = n
			return err
		})
		if v, err := s.Verify(t.Context()); err != nil || len(v.Problems) > 0 || v.Quads != want {
			t.Fatalf("round %d: %+v %v, want %d quads", i, v, err, want)
		}
	}
}

// TestBulkInLoop adds many quads within a loop, which must not see them.
func TestBulkInLoop(t *testing.T) {
	w, m := newWorld(42), model{}
	for len(m) < 4_000 {
		m[w.quad()] = true
	}
	quads := slices.Collect(maps.Keys(m))
	s := openStore(t, t.TempDir(), nil)
	update(t, s, func(tx *store.Tx) error {
		if _, err := tx.AddAll(quads[:2_000]); err != nil {
			return err
		}
		seen := model{}
		for q, err := range tx.Match(t.Context(), store.Pattern{}) {
			if err != nil {
				return err
			}
			if len(seen) == 0 {
				if n, err := tx.AddAll(quads); n != 2_000 || err != nil {
					t.Errorf("%d quads were new (%v), want 2000", n, err)
				}
			}
			seen[q] = true
		}
		if len(seen) != 2_000 {
			t.Errorf("the loop saw %d quads, want 2000", len(seen))
		}
		return nil
	})
	verify(t, s, m)
}

// TestBulkBetween adds far more quads between two neighbouring quads than are
// merged at a time, and removes them.
func TestBulkBetween(t *testing.T) {
	iri := func(s string, i int) quad.Quad {
		return quad.Quad{Subject: quad.IRI(s), Predicate: quad.IRI("p"), Object: quad.Int(i), Label: quad.IRI("l")}
	}
	s := openStore(t, t.TempDir(), store.Tight(1, 0, 0, store.Options{NoSync: true}))
	m := model{iri("a", -1): true, iri("z", -1): true}
	add(t, s, iri("a", -1), iri("z", -1))
	for round, span := range [][2]int{{0, 20_000}, {20_000, 40_000}, {0, 35_000}} {
		var quads []quad.Quad
		for i := span[0]; i < span[1]; i++ {
			quads = append(quads, iri("a", i))
		}
		update(t, s, func(tx *store.Tx) error {
			if round < 2 {
				_, err := tx.AddAll(quads)
				return err
			}
			_, err := tx.RemoveAll(quads)
			return err
		})
		for _, q := range quads {
			if m[q] = true; round == 2 {
				delete(m, q)
			}
		}
		verify(t, s, m)
	}
}
