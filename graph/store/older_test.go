package store_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/entente-kg/entente/graph/store"
)

// history changes a store in all possible ways: main tables, levels that are
// merged, terms and quads that are removed and added again, and new files. It
// returns the file after each change, and the quads at the end.
func history(t *testing.T) (path string, files [][]byte, m model) {
	t.Helper()
	dir := t.TempDir()
	path, m = filepath.Join(dir, "graph.db"), model{}
	s := openStore(t, dir, store.Tight(1<<20, 0, 40, store.Options{NoSync: true}))
	defer s.Close()
	w := newWorld(37)
	keep := func() {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	change := func(n int) {
		update(t, s, func(tx *store.Tx) error { return changeSome(tx, w, m, model{}, n) })
		keep()
	}
	come := someQuad(1)
	for range 2 {
		for _, n := range []int{300, 5, 20, 5, 60, 10, 5} {
			change(n)
		}
		for range 2 { // the ids of removed terms are not used again
			update(t, s, func(tx *store.Tx) error { _, err := tx.Add(come); return err })
			keep()
			update(t, s, func(tx *store.Tx) error { _, err := tx.Remove(come); return err })
			keep()
		}
		if err := s.Compact(t.Context()); err != nil && !errors.Is(err, store.ErrUnsupported) {
			t.Fatal(err)
		}
		keep()
	}
	for _, n := range []int{5, 20, 5} {
		change(n)
	}
	return path, files, m
}

// TestOlderPage puts pages of all earlier files into the newest file, each in its
// own place and some in others, as leaves and as branches. A read of the table
// that the place belongs to returns the present contents, or an error.
func TestOlderPage(t *testing.T) {
	path, files, m := history(t)
	b := &bitFile{want: map[string]string{}}
	b.expect(t, path, m)
	tried, refused := map[string]bool{}, 0
	rng := rand.New(rand.NewPCG(41, 0))
	try := func(state int, page []byte, to int) {
		key := fmt.Sprint(to, string(page))
		if to >= len(b.file)/pageSize || tried[key] {
			return
		}
		tried[key] = true
		if b.replace(t, path, state, page, to) {
			refused++
		}
	}
	for i, older := range files {
		for from := 2; from < len(older)/pageSize; from++ {
			page := metaPage(older, from)
			try(i, page, from)
			if rng.IntN(sizeOf(t, "ENTENTE_OLDER", 16, 4)) == 0 {
				try(i, page, 2+rng.IntN(len(b.file)/pageSize-2))
			}
		}
	}
	t.Logf("%d of %d pages were refused", refused, len(tried))
	if refused == 0 {
		t.Error("no older page was in the way of a reader")
	}
}

// replace reads the file with a page replaced by another, which has the number of
// the replaced page.
func (b *bitFile) replace(t *testing.T, path string, state int, page []byte, to int) (refused bool) {
	t.Helper()
	file := bytes.Clone(b.file)
	copy(metaPage(file, to), page)
	binary.NativeEndian.PutUint64(metaPage(file, to), uint64(to))
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	tables := append([]string{"m"}, bitTables...)
	if table := b.tables[to]; table != "" {
		tables = []string{table}
	}
	for _, table := range tables {
		got, err := b.read(t, path, table)
		switch {
		case errors.Is(err, store.ErrDamaged), errors.Is(err, store.ErrVersion), errors.Is(err, store.ErrStale):
			refused = true
		case err != nil || got != b.want[table]:
			t.Errorf("a page of state %d at %d: %s: %s, want %s: %v", state, to, table, got, b.want[table], err)
		}
	}
	return refused
}

// TestOlderFile puts records, lists of tables and meta pages of earlier whole
// files, the first of which is empty, in the places of the ones in the newest
// file.
func TestOlderFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "graph.db")
	s := openStore(t, dir, store.Tight(1<<20, 0, 40, store.Options{NoSync: true}))
	m, w := model{}, newWorld(37)
	var files [][]byte
	for n := range 4 {
		update(t, s, func(tx *store.Tx) error { return changeSome(tx, w, m, model{}, 50*min(n, 1)) })
		if err := s.Compact(t.Context()); err != nil {
			t.Fatal(err)
		}
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	s.Close()
	b := &bitFile{want: map[string]string{}}
	b.expect(t, path, m)
	tried := 0
	for i, older := range files[:len(files)-1] {
		for from := range len(older) / pageSize {
			for to := range len(b.file) / pageSize {
				page := metaPage(older, from)
				if from == to && from < 2 || leads(page) && leads(metaPage(b.file, to)) {
					b.replace(t, path, i, page, to)
					tried++
				}
			}
		}
	}
	if tried < 10 {
		t.Errorf("only %d pages were tried", tried)
	}
}

// leads reports whether a page has a record or the list of tables.
func leads(page []byte) bool {
	return bytes.Contains(page, []byte("state")) || bytes.Contains(page, []byte("lspo"))
}
