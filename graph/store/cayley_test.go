package store_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/graphtest"
	"github.com/entente-kg/entente/graph/store"
)

// cayleyDir is where the module of Cayley lies: its tests read their data from
// the working directory or above.
func cayleyDir(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/cayleygraph/cayley").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// TestCayley runs all tests that Cayley has for its backends.
func TestCayley(t *testing.T) {
	t.Chdir(filepath.Join(cayleyDir(t), "graph", "memstore"))
	open := func(t testing.TB) (graph.QuadStore, graph.Options, func()) {
		s := openStore(t, t.TempDir(), &store.Options{NoSync: true})
		return s, nil, func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	graphtest.TestAll(t, open, &graphtest.Config{OptimizesComparison: true, AlwaysRunIntegration: !testing.Short()})
}

func openStore(t testing.TB, dir string, opts *store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(filepath.Join(dir, "graph.db"), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
