package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/entente-kg/entente/graph/store"
)

// TestBackupBesideWriter makes backups while transactions commit, some of which
// write a new file. Each backup has the state of its snapshot.
func TestBackupBesideWriter(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, store.Tight(200, 0, 100, store.Options{NoSync: true}))
	w := newWorld(3)
	var stop atomic.Bool
	done := make(chan error, 1)
	go func() {
		var err error
		for i := 0; err == nil && !stop.Load(); i++ {
			err = s.Update(t.Context(), func(tx *store.Tx) error {
				for range 20 + 500*(i%7/6) {
					if _, err := tx.Add(w.quad()); err != nil {
						return err
					}
				}
				return nil
			})
		}
		done <- err
	}()
	for i := range 8 {
		path := filepath.Join(dir, fmt.Sprint("backup-", i))
		want := ""
		err := s.View(t.Context(), func(snapshot *store.Snapshot) (err error) {
			if want, err = snapshot.Digest(t.Context()); err != nil {
				return err
			}
			return snapshot.Backup(t.Context(), path)
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := digestOfFile(t, path); got != want {
			t.Errorf("backup %d: digest %s, the snapshot has %s", i, got, want)
		}
	}
	stop.Store(true)
	if err := errors.Join(<-done, s.Close()); err != nil {
		t.Fatal(err)
	}
}

func digestOfFile(t *testing.T, path string) string {
	t.Helper()
	s, err := store.Open(path, &store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	v, err := s.Verify(t.Context())
	if err != nil || len(v.Problems) > 0 {
		t.Fatalf("%+v %v", v, err)
	}
	return v.Digest
}

// TestBackupOfDamage makes no backup of a damaged store, and leaves no file.
func TestBackupOfDamage(t *testing.T) {
	file, _, _ := levelledFile(t)
	if n := store.SpoilBlocks(file, "spol", "posl", "i", "v"); n == 0 {
		t.Fatal("nothing to spoil")
	}
	path, to := filepath.Join(t.TempDir(), "graph.db"), t.TempDir()
	if err := os.WriteFile(path, file, 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(path, &store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.View(t.Context(), func(snapshot *store.Snapshot) error {
		return snapshot.Backup(t.Context(), filepath.Join(to, "kept.db"))
	})
	if !errors.Is(err, store.ErrDamaged) {
		t.Errorf("got %v", err)
	}
	if left, err := os.ReadDir(to); err != nil || len(left) > 0 {
		t.Errorf("left: %v %v", left, err)
	}
}

// TestReadOnlyWritesNothing opens, reads and verifies a store in a folder that
// stays unchanged, so that the folder may be read-only.
func TestReadOnlyWritesNothing(t *testing.T) {
	file, _ := sampleFile(t, 300)
	dir := t.TempDir()
	path := filepath.Join(dir, "graph.db")
	if err := os.WriteFile(path, file, 0o444); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o755) }) // so that it can be removed
	before := stateOf(t, dir)
	s, err := store.Open(path, &store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if during := stateOf(t, dir); during != before {
		t.Errorf("while open: %s, was %s", during, before)
	}
	if v, err := s.Verify(t.Context()); err != nil || len(v.Problems) > 0 {
		t.Errorf("%+v %v", v, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if after := stateOf(t, dir); after != before {
		t.Errorf("after: %s, was %s", after, before)
	}
}

// stateOf returns the sizes of a folder, its store and its LOCK file, and the
// times of their last changes.
func stateOf(t *testing.T, dir string) (state string) {
	t.Helper()
	for _, name := range []string{".", "graph.db", "LOCK"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil {
			state += fmt.Sprintf("%s %d %v; ", name, info.Size(), info.ModTime())
		}
	}
	return state
}
