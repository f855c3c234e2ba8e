package graph_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
)

// A wait for another process ends with the context, in every function that opens a
// graph.
func TestOpenEndsWithItsContext(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "g")
	g, err := graph.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	for name, open := range map[string]func(context.Context, *graph.Options) error{
		"read": func(ctx context.Context, o *graph.Options) error {
			o.ReadOnly = true
			_, err := graph.Open(ctx, dir, o)
			return err
		},
		"write": func(ctx context.Context, o *graph.Options) error { _, err := graph.Open(ctx, dir, o); return err },
		"restore": func(ctx context.Context, o *graph.Options) error {
			_, err := graph.Restore(ctx, filepath.Join(dir, graph.File), filepath.Join(parent, "restored"), o)
			return err
		},
		"rebuild": func(ctx context.Context, o *graph.Options) error {
			_, err := graph.Rebuild(ctx, dir, filepath.Join(parent, "rebuilt"), o)
			return err
		},
	} {
		if err := open(t.Context(), &graph.Options{}); !errors.Is(err, store.ErrLocked) {
			t.Errorf("%s, not waiting: %v", name, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		start := time.Now()
		if err := open(ctx, &graph.Options{Wait: time.Minute}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: it took %v", name, took)
		}
		cancel()
	}
	if entries, err := os.ReadDir(parent); err != nil || len(entries) != 1 {
		t.Errorf("left: %v %v", entries, err)
	}
}

// Opening a graph succeeds while others discard theirs in the same folder.
func TestOpenBesideDiscard(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "g")
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for range 20 {
				g, err := graph.Open(t.Context(), dir, &graph.Options{Wait: time.Minute})
				if err != nil {
					t.Errorf("opener %d: %v", i, err)
					return
				}
				if err := g.Discard(t.Context()); err != nil {
					t.Errorf("opener %d: %v", i, err)
				}
			}
		})
		all.Go(func() {
			for range 20 {
				g, err := graph.Open(t.Context(), dir, &graph.Options{ReadOnly: true, Wait: time.Minute})
				if err == nil {
					err = g.Close()
				}
				if err != nil && !errors.Is(err, graph.ErrNoGraph) {
					t.Errorf("reader %d: %v", i, err)
				}
			}
		})
	}
	all.Wait()
}

// Neither a restored nor a rebuilt graph replaces a graph that was made meanwhile.
func TestRestoreWantsARoom(t *testing.T) {
	parent := t.TempDir()
	from, to := filepath.Join(parent, "from"), filepath.Join(parent, "to")
	for _, dir := range []string{from, to} {
		g, err := graph.Open(t.Context(), dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		load(t, g, filepath.Base(dir), world()...)
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := graph.Restore(t.Context(), filepath.Join(from, graph.File), to, nil); !errors.Is(err, os.ErrExist) {
		t.Errorf("restored: %v", err)
	}
	if _, err := graph.Rebuild(t.Context(), from, to, nil); !errors.Is(err, os.ErrExist) {
		t.Errorf("rebuilt: %v", err)
	}
	if _, err := graph.Restore(t.Context(), filepath.Join(from, graph.File), filepath.Join(parent, "new"), nil); err != nil {
		t.Errorf("without options: %v", err)
	}
}
