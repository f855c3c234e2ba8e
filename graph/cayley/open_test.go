package cayley_test

import (
	"path/filepath"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/cayley"
	"github.com/entente-kg/entente/graph/store"
)

func openStore(t testing.TB, dir string, opts *store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(filepath.Join(dir, "graph.db"), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func add(t testing.TB, s *store.Store, quads ...quad.Quad) {
	t.Helper()
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		for _, q := range quads {
			if _, err := tx.Add(q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// live returns a quad store over the newest state of a store.
func live(s *store.Store) *cayley.QuadStore { return cayley.Live(s.Snapshot, s.Update) }

// snapshot returns a quad store over the current state of a store.
func snapshot(t testing.TB, s *store.Store) *cayley.QuadStore {
	t.Helper()
	now, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return cayley.New(now)
}

func typed(value, datatype string) quad.Value {
	return quad.TypedString{Value: quad.String(value), Type: quad.IRI(datatype)}
}
