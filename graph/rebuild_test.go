package graph_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/loaders/synth"
)

// TestRebuild rebuilds graphs with more and more holes. A result that is reported as
// complete is complete. Any other result is sound, and loads of the named datasets
// restore everything.
func TestRebuild(t *testing.T) {
	ctx := t.Context()
	from := filepath.Join(t.TempDir(), "from")
	g, err := graph.Open(ctx, from, nil)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(3) {
		input := &graph.LoadOptions{Input: fmt.Sprint("input ", seed), MaxErrors: -1}
		if _, err := g.Load(ctx, fmt.Sprint("world-", seed), synth.Records(150, seed), input); err != nil {
			t.Fatal(err)
		}
	}
	want, err := g.Verify(ctx)
	if err := errors.Join(err, g.Close()); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(from, "graph.db"))
	if err != nil {
		t.Fatal(err)
	}
	complete, damages := 0, []int{0, 1, 3, 6, 7}
	if os.Getenv("ENTENTE_TESTS") == "full" {
		damages = []int{0, 1, 2, 3, 4, 5, 6, 7}
	}
	for _, i := range damages {
		rng := rand.New(rand.NewPCG(7, uint64(i)))
		damaged := append([]byte(nil), file...)
		for range i * i {
			page := 2 + rng.IntN(len(file)/4096-2)
			damaged[page*4096+200+rng.IntN(3000)] ^= 0x20
		}
		if err := os.WriteFile(filepath.Join(from, "graph.db"), damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(t.TempDir(), "to")
		r, err := graph.Rebuild(ctx, from, to, nil)
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		if len(r.Graph.Problems) > 0 {
			t.Errorf("%d: the new graph is not sound: %q", i, r.Graph.Problems[0])
		}
		if r.Complete() {
			if complete++; r.Graph.Digest != want.Digest {
				t.Errorf("%d: called complete: %+v", i, r)
			}
			continue
		}
		if got := reload(t, to); got != want.Digest {
			t.Errorf("%d: loaded again, the graph is another; %d datasets were named: %+v", i, len(r.Incomplete), r.Salvage.Damaged)
		}
	}
	if complete == 0 || complete == len(damages) {
		t.Errorf("%d of %d are complete", complete, len(damages))
	}
}

// reload loads all inputs again and returns the digest.
func reload(t *testing.T, dir string) string {
	t.Helper()
	g, err := graph.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	for range 2 { // a dataset may refer to a later one
		for seed := range uint64(3) {
			input := &graph.LoadOptions{Input: fmt.Sprint("input ", seed), MaxErrors: -1}
			if _, err := g.Load(t.Context(), fmt.Sprint("world-", seed), synth.Records(150, seed), input); err != nil {
				t.Fatal(err)
			}
		}
	}
	v, err := g.Verify(t.Context())
	if err != nil || len(v.Problems) > 0 {
		t.Fatalf("%+v %v", v, err)
	}
	return v.Digest
}

func TestRebuildRefuses(t *testing.T) {
	dir, empty := t.TempDir(), t.TempDir()
	g, err := graph.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := graph.Rebuild(t.Context(), dir, empty, nil); !errors.Is(err, store.ErrLocked) {
		t.Errorf("open for writing: %v", err)
	}
	g.Close()
	if _, err := graph.Rebuild(t.Context(), dir, dir, nil); !errors.Is(err, fs.ErrExist) {
		t.Errorf("onto itself: %v", err)
	}
	if _, err := graph.Rebuild(t.Context(), filepath.Join(dir, "nothing"), empty, nil); !errors.Is(err, graph.ErrNoGraph) {
		t.Errorf("nothing there: %v", err)
	}
}
