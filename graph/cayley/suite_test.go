package cayley_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/graphtest"
	"github.com/cayleygraph/cayley/graph/graphtest/testutil"

	"github.com/entente-kg/entente/graph/cayley"
	"github.com/entente-kg/entente/graph/store"
)

// cayleyDir returns the directory of the module of Cayley: its tests read their
// data from the working directory or its parents.
func cayleyDir(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/cayleygraph/cayley").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// TestCayley runs Cayley's own tests for storage backends over both engines.
func TestCayley(t *testing.T) {
	t.Chdir(filepath.Join(cayleyDir(t), "graph", "memstore"))
	for name, open := range map[string]testutil.DatabaseFunc{
		"store": func(t testing.TB) (cgraph.QuadStore, cgraph.Options, func()) {
			s := openStore(t, t.TempDir(), &store.Options{NoSync: true})
			return live(s), nil, func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}
		},
		"memory": func(testing.TB) (cgraph.QuadStore, cgraph.Options, func()) {
			m := newMemory()
			return cayley.Live(m.State, m.Update), nil, func() {}
		},
	} {
		t.Run(name, func(t *testing.T) {
			graphtest.TestAll(t, open, &graphtest.Config{OptimizesComparison: true, AlwaysRunIntegration: !testing.Short()})
		})
	}
}
