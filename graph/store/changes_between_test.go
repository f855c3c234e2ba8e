package store_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
)

// allQuads returns all quads of a snapshot.
func allQuads(t *testing.T, s *store.Snapshot) map[quad.Quad]bool {
	t.Helper()
	all := map[quad.Quad]bool{}
	for q, err := range s.Match(t.Context(), store.Pattern{}) {
		if err != nil {
			t.Fatal(err)
		}
		all[q] = true
	}
	return all
}

// The changes between two states are the quads that only one of them has, also where a
// commit has made a new file, and in a copy of the store.
func TestChangesBetweenStates(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	s, err := store.Open(filepath.Join(t.TempDir(), "a.db"), &store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for round := range 40 {
		if round == 20 {
			path := filepath.Join(t.TempDir(), "b.db")
			if err := s.Copy(t.Context(), path); err != nil {
				t.Fatal(err)
			}
			was := keptSnapshot(t, s)
			if s, err = store.Open(path, &store.Options{NoSync: true}); err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if got := allQuads(t, keptSnapshot(t, s)); !maps.Equal(got, allQuads(t, was)) {
				t.Fatal("a copy has other quads")
			}
		}
		before := keptSnapshot(t, s)
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			for range r.IntN(30) {
				q := quad.Quad{Subject: quad.IRI(fmt.Sprint("s", r.IntN(20))), Predicate: quad.IRI("p"), Object: quad.Int(r.IntN(8))}
				if r.IntN(3) == 0 {
					if _, err := tx.Remove(q); err != nil {
						return err
					}
				} else if _, err := tx.Add(q); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil && round%7 == 0 {
			err = s.Compact(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		checkChanges(t, before, keptSnapshot(t, s))
	}
}

// keptSnapshot returns a snapshot that is open until the test ends.
func keptSnapshot(t *testing.T, s *store.Store) *store.Snapshot {
	t.Helper()
	snapshot, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { snapshot.Close() })
	return snapshot
}

func checkChanges(t *testing.T, before, after *store.Snapshot) {
	t.Helper()
	was, is := allQuads(t, before), allQuads(t, after)
	for c, err := range store.Changes(t.Context(), before, after) {
		if err != nil {
			t.Fatal(err)
		}
		from := before
		gone, has := was, is
		if c.Added {
			from, gone, has = after, is, was
		}
		q, err := from.Quad(c.IDs)
		if err != nil || !gone[q] || has[q] {
			t.Fatalf("%v (added: %v) is no change: %v", q, c.Added, err)
		}
		delete(gone, q)
	}
	if !maps.Equal(was, is) {
		t.Fatalf("changes are missing: %v, %v", was, is)
	}
}
