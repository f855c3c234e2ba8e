package store_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"github.com/entente-kg/entente/graph/store"
)

// sampleFile returns a closed store of a few hundred quads, and its quads.
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

// inspect opens a file, reads the whole store and returns the error. Without an
// error, the quads must be unchanged.
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

// TestCutFile opens truncated files.
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

// TestNotOurs opens files that are not stores.
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

// TestOtherVersion opens a store of a later format with an unknown record, and a
// store of this format with a damaged version.
func TestOtherVersion(t *testing.T) {
	file, _ := sampleFile(t, 30)
	mark := "entente graph store "
	changed := []byte(strings.ReplaceAll(string(file), mark+"3", mark+"9"))
	path := filepath.Join(t.TempDir(), "graph.db")
	if err := os.WriteFile(path, changed, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(path, nil); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("damaged: %v", err)
	}
	changeBolt(t, path, func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("m")).Put([]byte("state"), []byte("of later versions"))
	})
	_, err := store.Open(path, nil)
	if !errors.Is(err, store.ErrVersion) || !strings.Contains(fmt.Sprint(err), `"9"`) {
		t.Errorf("got %v", err)
	}
}

func changeBolt(t *testing.T, path string, change func(tx *bolt.Tx) error) {
	t.Helper()
	db, err := bolt.Open(path, 0o644, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(change), db.Close()); err != nil {
		t.Fatal(err)
	}
}

// oldFile returns a file of an older version.
func oldFile(t *testing.T, version string) []byte {
	t.Helper()
	packed, err := os.Open(filepath.Join("testdata", "version"+version+".db.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	file, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// oldDigests has the digests of the files in testdata, by version.
var oldDigests = map[string]string{
	"1": "3d6fc36a2725a3d3345329f73cf2d81889e1c3d87cd434f5c7c64f5e78c84de7",
	"2": "6444be633a832dbfe97a402af97f4302545f5966a3a2db2638fa02d482ac7804",
}

// TestOldVersions fails to open files of older versions, and rebuilds them.
func TestOldVersions(t *testing.T) {
	for version, digest := range oldDigests {
		path := filepath.Join(t.TempDir(), "old.db")
		if err := os.WriteFile(path, oldFile(t, version), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, readOnly := range []bool{true, false} {
			_, err := store.Open(path, &store.Options{ReadOnly: readOnly})
			if !errors.Is(err, store.ErrVersion) || !strings.Contains(fmt.Sprint(err), "rebuild") {
				t.Errorf("version %s: %v", version, err)
			}
		}
		dir := t.TempDir()
		r, err := store.Rebuild(t.Context(), path, filepath.Join(dir, "graph.db"), nil)
		if err != nil || !r.Complete() || r.Version != version || len(r.Damaged) > 0 {
			t.Errorf("version %s: %+v %v", version, r, err)
		}
		s := openStore(t, dir, nil)
		if got := digestOf(t, s); got != digest {
			t.Errorf("version %s: digest %s", version, got)
		}
		s.Close()
	}
}

// TestMiscount reads a store whose record has too many quads.
func TestMiscount(t *testing.T) {
	file, _ := sampleFile(t, 600)
	path := filepath.Join(t.TempDir(), "graph.db")
	if err := os.WriteFile(path, file, 0o644); err != nil {
		t.Fatal(err)
	}
	changeBolt(t, path, func(tx *bolt.Tx) error { return store.Miscount(tx, 1) })
	if _, err := readAll(t, path); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("got %v", err)
	}
}

// TestVerifySees removes one block of each bucket. All checksums stay correct.
func TestVerifySees(t *testing.T) {
	file, _ := sampleFile(t, 600)
	for _, bucket := range []string{"spol", "posl", "ospl", "lspo", "i", "v"} {
		path := filepath.Join(t.TempDir(), "graph.db")
		if err := os.WriteFile(path, file, 0o644); err != nil {
			t.Fatal(err)
		}
		changeBolt(t, path, func(tx *bolt.Tx) error {
			c := tx.Bucket([]byte(bucket)).Cursor()
			c.First()
			c.Next()
			return errors.Join(c.Delete(), store.Sign(tx))
		})
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
