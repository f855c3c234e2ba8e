package graph_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/loaders/synth"
)

// TestFactsAreCounted reads all facts of a graph whose dataset states a higher count.
func TestFactsAreCounted(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "g")
	g, err := graph.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Load(t.Context(), "world", synth.Records(20, 1), &graph.LoadOptions{MaxErrors: -1}); err != nil {
		t.Fatal(err)
	}
	if err := allFacts(t, g); err != nil {
		t.Fatal(err)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(filepath.Join(dir, graph.File), nil)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		q := quad.Quad{Subject: quad.IRI("data:world"), Predicate: quad.IRI("dip:facts"), Object: quad.Int(20), Label: quad.IRI("data:world")}
		removed, err := tx.Remove(q)
		if err != nil || !removed {
			t.Fatal(removed, err)
		}
		q.Object = quad.Int(21)
		_, err = tx.Add(q)
		return err
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	if g, err = graph.Open(t.Context(), dir, nil); err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if err := allFacts(t, g); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("facts: %v", err)
	}
	if _, err := g.Stats(t.Context()); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("stats: %v", err)
	}
}

func allFacts(t *testing.T, g *graph.Graph) error {
	for _, err := range g.Facts(t.Context(), graph.Filter{}) {
		if err != nil {
			return err
		}
	}
	return nil
}
