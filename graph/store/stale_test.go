package store_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
)

// statesOf returns the file of a store after each of a few changes, and its quads
// then.
func statesOf(t *testing.T) (files [][]byte, held []model) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "graph.db")
	m := model{}
	for i := range 4 {
		s := openStore(t, dir, nil)
		var quads []quad.Quad
		for n := range 40 {
			quads = append(quads, someQuad(40*i+n))
			m[quads[n]] = true
		}
		add(t, s, quads...)
		s.Close()
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files, held = append(files, file), append(held, maps.Clone(m))
	}
	return files, held
}

func newestPage(file []byte) int {
	u64 := binary.NativeEndian.Uint64
	if u64(file[16+48:]) > u64(file[pageSize+16+48:]) {
		return 0
	}
	return 1
}

// metaPage returns a page of a file.
func metaPage(file []byte, page int) []byte { return file[page*pageSize:][:pageSize] }

// TestStale damages the meta page that names the newest state. Readers report the
// loss, writers are refused unless they accept it, and Rebuild finds the newest
// state.
func TestStale(t *testing.T) {
	files, held := statesOf(t)
	last, before := files[3], files[2]
	newest := newestPage(last)
	for name, damage := range map[string]func(file []byte){
		"a bit":             func(file []byte) { metaPage(file, newest)[30] ^= 4 },
		"no page":           func(file []byte) { clear(metaPage(file, newest)) },
		"an older page":     func(file []byte) { copy(metaPage(file, newest), metaPage(before, newest)) },
		"the other page":    func(file []byte) { copy(metaPage(file, newest), metaPage(file, 1-newest)) },
		"the older in both": func(file []byte) { copy(metaPage(file, newest)[:100], metaPage(file, 1-newest)) },
	} {
		file := bytes.Clone(last)
		damage(file)
		dir := t.TempDir()
		path := filepath.Join(dir, "graph.db")
		if err := os.WriteFile(path, file, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := inspectStale(path, held[2]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := store.Open(path, nil); !errors.Is(err, store.ErrStale) {
			t.Errorf("%s: open for writing: %v", name, err)
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, file) {
			t.Errorf("%s: the file was changed", name)
		}
		r, got, err := rebuilt(t, file)
		if err != nil || !maps.Equal(got, held[3]) || !r.Complete() {
			t.Errorf("%s: rebuilt %d quads of %d: %+v %v", name, len(got), len(held[3]), r, err)
		}
		s := openStore(t, dir, &store.Options{AcceptLoss: true})
		if err := s.Stale(); err != nil {
			t.Errorf("%s: accepted: %v", name, err)
		}
		verify(t, s, held[2])
		s.Close()
		s = openStore(t, dir, nil)
		verify(t, s, held[2])
		s.Close()
	}
}

// inspectStale reads a store that should be stale, with an older state.
func inspectStale(path string, want model) error {
	s, err := store.Open(path, &store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Stale(); !errors.Is(err, store.ErrStale) {
		return fmt.Errorf("stale: %v", err)
	}
	snapshot, err := s.Snapshot()
	if err != nil {
		return err
	}
	defer snapshot.Close()
	for q := range want {
		if has, err := snapshot.Has(q); err != nil || !has {
			return fmt.Errorf("has %v: %v %w", q, has, err)
		}
	}
	return nil
}

// TestNotStale opens stores that are not stale, also without a note of the last
// change, and after a change that ended before its meta page was written.
func TestNotStale(t *testing.T) {
	files, held := statesOf(t)
	for i, file := range files {
		for name, change := range map[string]func(file []byte){
			"as it was":   func([]byte) {},
			"not noted":   func(file []byte) { clear(metaPage(file, 1-newestPage(file))[pageSize/2:]) },
			"a bad note":  func(file []byte) { metaPage(file, 1-newestPage(file))[pageSize/2+9] ^= 1 },
			"a bad head":  func(file []byte) { metaPage(file, newestPage(file))[3] ^= 1 },
			"a bad blank": func(file []byte) { metaPage(file, newestPage(file))[pageSize-1] ^= 1 },
		} {
			dir := t.TempDir()
			file := bytes.Clone(file)
			change(file)
			if err := os.WriteFile(filepath.Join(dir, "graph.db"), file, 0o644); err != nil {
				t.Fatal(err)
			}
			s := openStore(t, dir, nil)
			if err := s.Stale(); err != nil {
				t.Errorf("%d, %s: %v", i, name, err)
			}
			verify(t, s, held[i])
			s.Close()
		}
	}
}

// TestOlderPages puts each page of an older file in the place of the present one.
// A read returns the newest state, or an error.
func TestOlderPages(t *testing.T) {
	files, held := statesOf(t)
	last, refused := files[3], 0
	for i, older := range files[:3] {
		for page := 2; page < len(older)/pageSize; page++ {
			file := bytes.Clone(last)
			if bytes.Equal(metaPage(file, page), metaPage(older, page)) {
				continue
			}
			copy(metaPage(file, page), metaPage(older, page))
			path := filepath.Join(t.TempDir(), "graph.db")
			if err := os.WriteFile(path, file, 0o644); err != nil {
				t.Fatal(err)
			}
			got, err := readAll(t, path)
			if err != nil && !errors.Is(err, store.ErrDamaged) {
				t.Errorf("state %d, page %d: %v", i, page, err)
			}
			if err == nil && !maps.Equal(got, held[3]) {
				t.Errorf("state %d, page %d: %d quads of %d", i, page, len(got), len(held[3]))
			}
			if err != nil {
				refused++
			}
		}
	}
	if refused == 0 {
		t.Error("no older page was in the way of a reader")
	}
}

func readAll(t *testing.T, path string) (model, error) {
	s, err := store.Open(path, &store.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer s.Close()
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
	return got, err
}
