package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/entente-kg/entente/graph/store"
)

// TestCutWhileOpen truncates files that are open, and therefore mapped. Reading
// on causes a memory fault, which must become an error in every goroutine.
func TestCutWhileOpen(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a mapped file cannot be cut there")
	}
	file, _ := sampleFile(t, 3000)
	for _, readOnly := range []bool{true, false} {
		path := filepath.Join(t.TempDir(), "graph.db")
		if err := os.WriteFile(path, file, 0o644); err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(path, &store.Options{ReadOnly: readOnly, NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, 8192); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := readPatterns(t, s); !errors.Is(err, store.ErrDamaged) {
					t.Errorf("read: %v", err)
				}
			})
		}
		wg.Wait()
		err = s.View(t.Context(), func(snapshot *store.Snapshot) error {
			return snapshot.Backup(t.Context(), filepath.Join(t.TempDir(), "kept.db"))
		})
		if !errors.Is(err, store.ErrDamaged) {
			t.Errorf("backup: %v", err)
		}
		if v, err := s.Verify(t.Context()); err != nil || len(v.Problems) == 0 {
			t.Errorf("verify: %+v %v", v, err)
		}
		if !readOnly {
			w := newWorld(1)
			err := s.Update(t.Context(), func(tx *store.Tx) error { _, err := tx.Add(w.quad()); return err })
			if !errors.Is(err, store.ErrDamaged) {
				t.Errorf("update: %v", err)
			}
		}
		if err := s.Close(); err != nil && !errors.Is(err, store.ErrDamaged) {
			t.Errorf("close: %v", err)
		}
	}
}

// readPatterns reads in all ways until there is an error.
func readPatterns(t *testing.T, s *store.Store) error {
	return s.View(t.Context(), func(snapshot *store.Snapshot) error {
		w := newWorld(5)
		for range 50 {
			p := w.pattern()
			if _, err := snapshot.Count(t.Context(), p); err != nil {
				return err
			}
			if _, err := snapshot.Has(w.quad()); err != nil {
				return err
			}
			for _, err := range snapshot.Match(t.Context(), p) {
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}
