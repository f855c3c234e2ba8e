package store_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
)

// A comparison finds the same quads in any number of passes: those that only one of two
// stores has, of the removed ones those with the given labels.
func TestCompareInPasses(t *testing.T) {
	for seed := range uint64(6) {
		w := newWorld(seed)
		labels := w.labels[:20]
		both, here, there := map[quad.Quad]bool{}, map[quad.Quad]bool{}, map[quad.Quad]bool{}
		for i := range 3000 {
			q := w.quad()
			switch {
			case both[q] || here[q] || there[q]:
			case i%40 == 0:
				here[q] = true
			case i%40 == 1:
				q.Object = quad.Int(i + 1<<20) // a term that is not here
				there[q] = true
			case i%40 == 2:
				there[q] = true
			default:
				both[q] = true
			}
		}
		one, other := openStore(t, t.TempDir(), nil), openStore(t, t.TempDir(), nil)
		addSets(t, one, both, here)
		addSets(t, other, there, both)
		snapshot, err := other.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		defer snapshot.Close()
		for _, passes := range []int{1, 2, 3, 7, 50, 1000} {
			err := one.Update(t.Context(), func(tx *store.Tx) error {
				d, err := tx.CompareIn(t.Context(), snapshot, labels, passes)
				if err == nil {
					checkDifference(t, d, labels, both, here, there)
				}
				return err
			})
			if err != nil || t.Failed() {
				t.Fatalf("seed %d, %d passes: %v", seed, passes, err)
			}
		}
	}
}

func addSets(t *testing.T, s *store.Store, sets ...map[quad.Quad]bool) {
	t.Helper()
	for _, set := range sets {
		add(t, s, slices.Collect(maps.Keys(set))...)
	}
}

func checkDifference(t *testing.T, d *store.Difference, labels []quad.Value, both, here, there map[quad.Quad]bool) {
	t.Helper()
	if d == nil {
		t.Error("no difference")
		return
	}
	wanted := map[quad.Value]bool{}
	for _, label := range labels {
		wanted[label] = true
	}
	kept, removed := map[quad.Value]int{}, 0
	for q := range both {
		if wanted[q.Label] {
			kept[q.Label]++
		}
	}
	for q := range here {
		if wanted[q.Label] {
			removed++
		}
	}
	for _, q := range d.Added {
		if !there[q] {
			t.Errorf("%v is added", q)
		}
	}
	for _, q := range d.Removed {
		if !here[q] || !wanted[q.Label] {
			t.Errorf("%v is removed", q)
		}
	}
	if len(d.Added) != len(there) || len(d.Removed) != removed {
		t.Errorf("%d are added, %d removed; want %d, %d", len(d.Added), len(d.Removed), len(there), removed)
	}
	for label, n := range kept {
		if d.Kept[label] != n {
			t.Errorf("%d quads of %v are kept, want %d", d.Kept[label], label, n)
		}
	}
}
