package store_test

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"github.com/entente-kg/entente/graph/store"
)

// newestMeta returns the newest meta page, without its header.
func newestMeta(file []byte) []byte {
	first, second := file[16:], file[4096+16:]
	if binary.NativeEndian.Uint64(second[48:]) > binary.NativeEndian.Uint64(first[48:]) {
		return second
	}
	return first
}

// TestVerifyAccountsForPages damages the list of free pages, which no read uses
// until bbolt overwrites the pages in it.
func TestVerifyAccountsForPages(t *testing.T) {
	file, m := sampleFile(t, 600)
	u64, put := binary.NativeEndian.Uint64, binary.NativeEndian.PutUint64
	root, list := u64(newestMeta(file)[16:]), u64(newestMeta(file)[32:])
	for want, damage := range map[string]func(page []byte, n int){
		"neither in use nor free": func(page []byte, n int) {
			binary.NativeEndian.PutUint16(page[10:], uint16(n-1))
		},
		"in use and free": func(page []byte, n int) { // a free page becomes the page before it, which is not free
			for i := range n {
				id := u64(page[16+8*i:]) - 1
				if id > 1 && id != root && id != list && (i == 0 || u64(page[8+8*i:]) != id) {
					put(page[16+8*i:], id)
					return
				}
			}
			t.Fatal("no such page")
		},
	} {
		damaged := append([]byte(nil), file...)
		page := damaged[4096*list:]
		damage(page, int(binary.NativeEndian.Uint16(page[10:])))
		path := filepath.Join(t.TempDir(), "graph.db")
		if err := os.WriteFile(path, damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		for _, readOnly := range []bool{true, false} {
			if err := inspect(t, path, m, readOnly); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %q", err, want)
			}
		}
	}
}

// TestVerifyComparesLevels adds a level that adds a quad which is there already, or
// removes one which is not. All checksums, counts and indexes stay correct.
func TestVerifyComparesLevels(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "graph.db")
	s := openStore(t, dir, nil)
	w := newWorld(5)
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		for range 600 {
			if _, err := tx.Add(w.quad()); err != nil {
				return err
			}
		}
		return nil
	})
	if err = errors.Join(err, s.Compact(t.Context())); err != nil {
		t.Fatal(err)
	}
	var present []store.IDs
	for q, err := range snapshotOf(t, s).MatchIDs(t.Context(), store.Pattern{}) {
		if err != nil {
			t.Fatal(err)
		}
		present = append(present, q)
	}
	s.Close()
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	absent := present[300]
	absent[2] = present[301][0] // an object that it does not have
	if slices.Contains(present, absent) {
		t.Fatal("the quad is there")
	}
	for _, c := range []struct {
		added, removed []store.IDs
		contradicts    bool
	}{
		{added: present[300:301], contradicts: true},
		{removed: []store.IDs{absent}, contradicts: true},
		{added: present[300:301], removed: present[300:301]}, // removed first
	} {
		if err := os.WriteFile(path, sound, 0o644); err != nil {
			t.Fatal(err)
		}
		changeBolt(t, path, func(tx *bolt.Tx) error { return store.PutLevel(tx, c.added, c.removed) })
		s := openStore(t, dir, nil)
		v, err := s.Verify(t.Context())
		if problems := strings.Join(v.Problems, "; "); err != nil || strings.Contains(problems, "contradict") != c.contradicts || !c.contradicts && problems != "" {
			t.Errorf("%v %v: %s %v", c.added, c.removed, problems, err)
		}
		s.Close()
	}
}
