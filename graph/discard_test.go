package graph_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/entente-kg/entente/graph"
)

// A rejected load removes the graph that it made, but never a graph into which another
// process has loaded something.
func TestDiscard(t *testing.T) {
	for _, loaded := range []bool{false, true} {
		dir := filepath.Join(t.TempDir(), "g")
		g, err := graph.Open(t.Context(), dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		if loaded {
			load(t, g, "d", world()...)
		}
		if err := g.Discard(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(dir); graph.Exists(dir) != loaded || (err == nil) != loaded {
			t.Errorf("loaded %t: the graph stands: %t", loaded, graph.Exists(dir))
		}
	}
}
