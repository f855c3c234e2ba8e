package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"github.com/entente-kg/entente/graph/store"
)

// sampleFile is a closed store of a few hundred quads and what it holds.
func sampleFile(t testing.TB, quads int) (file []byte, m model) {
	t.Helper()
	dir := t.TempDir()
	s := openStore(t, dir, &store.Options{NoSync: true})
	w, m := newWorld(5), model{}
	for range 3 { // several transactions leave free pages behind
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			for range quads / 3 {
				q := w.quad()
				m[q] = true
				if _, err := tx.Add(q); err != nil {
					return err
				}
			}
			gone := anyOf(m)
			delete(m, gone)
			_, err := tx.Remove(gone)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(dir, "graph.db"))
	if err != nil {
		t.Fatal(err)
	}
	used := len(bytes.TrimRight(file, "\x00"))
	return file[:(used+4095)/4096*4096], m
}

// inspect opens a file and reads all of it. It returns what was found wrong;
// without that the content must be what it was.
func inspect(t *testing.T, path string, m model, readOnly bool) error {
	s, err := store.Open(path, &store.Options{NoSync: true, ReadOnly: readOnly})
	if err != nil {
		return err
	}
	defer s.Close()
	v, err := s.Verify(t.Context())
	if err != nil {
		return err
	}
	if len(v.Problems) > 0 {
		return errors.New(strings.Join(v.Problems, "; "))
	}
	got := model{}
	err = s.View(t.Context(), func(snapshot *store.Snapshot) error {
		for q, err := range snapshot.Match(t.Context(), store.Pattern{}) {
			if err != nil {
				return err
			}
			got[q] = true
		}
		return nil
	})
	if err == nil && !maps.Equal(got, m) {
		t.Errorf("%s: the content changed and nobody noticed", t.Name())
	}
	return err
}

// TestCutFile opens files that end too early.
func TestCutFile(t *testing.T) {
	file, m := sampleFile(t, 600)
	path := filepath.Join(t.TempDir(), "graph.db")
	for size := 0; size < len(file); size += 1000 {
		if err := os.WriteFile(path, file[:size], 0o644); err != nil {
			t.Fatal(err)
		}
		if err := inspect(t, path, m, size%3 == 0); err != nil && !errors.Is(err, store.ErrDamaged) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

// TestNotOurs opens what is no store.
func TestNotOurs(t *testing.T) {
	for name, content := range map[string]string{
		"empty": "", "text": "hello", "long text": strings.Repeat("hello\n", 5000), "zeros": strings.Repeat("\x00", 1<<16),
	} {
		for _, readOnly := range []bool{false, true} {
			path := filepath.Join(t.TempDir(), "graph.db")
			if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := store.Open(path, &store.Options{ReadOnly: readOnly}); !errors.Is(err, store.ErrDamaged) {
				t.Errorf("%s: %v", name, err)
			}
			after, err := os.ReadFile(path)
			if err != nil || string(after) != content {
				t.Errorf("%s: the file was changed", name)
			}
		}
	}
	if _, err := store.Open(t.TempDir(), nil); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("folder: %v", err)
	}
	missing := filepath.Join(t.TempDir(), "graph.db")
	if _, err := store.Open(missing, &store.Options{ReadOnly: true}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("opening read-only made a file")
	}
	if _, err := store.Open(filepath.Join(missing, "graph.db"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing folder: %v", err)
	}
}

// TestOtherVersion opens a store of a later format.
func TestOtherVersion(t *testing.T) {
	file, _ := sampleFile(t, 30)
	mark := "entente graph store "
	changed := strings.ReplaceAll(string(file), mark+"2", mark+"9")
	path := filepath.Join(t.TempDir(), "graph.db")
	if err := os.WriteFile(path, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(path, nil)
	if !errors.Is(err, store.ErrVersion) || !strings.Contains(fmt.Sprint(err), `"9"`) {
		t.Errorf("got %v", err)
	}
}

// TestFirstVersion opens a store of the first version, reads it and changes it.
func TestFirstVersion(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	s := openStore(t, filepath.Dir(path), nil)
	m := model{}
	for w := newWorld(5); len(m) < 500; m[w.quad()] = true {
	}
	update(t, s, func(tx *store.Tx) error {
		_, err := tx.AddAll(slices.Collect(maps.Keys(m)))
		return err
	})
	s.Close()
	if err := store.FirstVersion(path); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, filepath.Dir(path), nil)
	verify(t, s, m)
	update(t, s, func(tx *store.Tx) error {
		for q := range m {
			delete(m, q)
			if _, err := tx.Remove(q); err != nil || len(m) < 300 {
				return err
			}
		}
		return nil
	})
	s.Close()
	s = openStore(t, filepath.Dir(path), nil)
	verify(t, s, m)
}

// TestChecksum flips every byte of a block.
func TestChecksum(t *testing.T) {
	b := sampleBlocks()[0]
	if err := store.CheckTuples(b[0], b[1]); err != nil {
		t.Fatal(err)
	}
	for _, part := range b {
		for i := range part {
			part[i] ^= 4
			if err := store.CheckTuples(b[0], b[1]); !errors.Is(err, store.ErrDamaged) {
				t.Errorf("byte %d: %v", i, err)
			}
			part[i] ^= 4
		}
	}
}

// TestVerifySees takes one block away from each bucket. All checksums stay
// right.
func TestVerifySees(t *testing.T) {
	file, _ := sampleFile(t, 600)
	for _, bucket := range []string{"spol", "posl", "ospl", "lspo", "i", "v"} {
		path := filepath.Join(t.TempDir(), "graph.db")
		if err := os.WriteFile(path, file, 0o644); err != nil {
			t.Fatal(err)
		}
		db, err := bolt.Open(path, 0o644, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(func(tx *bolt.Tx) error {
			c := tx.Bucket([]byte(bucket)).Cursor()
			c.First()
			c.Next()
			return c.Delete()
		})
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := s.Verify(t.Context()); err != nil || len(v.Problems) == 0 || v.Digest != "" {
			t.Errorf("%s: %+v %v", bucket, v, err)
		}
		s.Close()
	}
}
