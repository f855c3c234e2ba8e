package store_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/cayleygraph/quad"
	bolt "go.etcd.io/bbolt"

	"github.com/entente-kg/entente/graph/store"
)

// rebuilt rebuilds a file and returns the quads of the new store.
func rebuilt(t *testing.T, file []byte) (store.Salvage, model, error) {
	t.Helper()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "old.db"), filepath.Join(dir, "graph.db")
	if err := os.WriteFile(from, file, 0o444); err != nil {
		t.Fatal(err)
	}
	r, err := store.Rebuild(t.Context(), from, to, nil)
	after, readErr := os.ReadFile(from)
	if readErr != nil || !bytes.Equal(after, file) {
		t.Fatal("the damaged file was changed")
	}
	if err != nil {
		if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
			t.Fatal("something is left of a store that was not made")
		}
		return r, nil, err
	}
	s := openStore(t, dir, nil)
	defer s.Close()
	got := contents(t, s)
	verify(t, s, got)
	if r.Quads != int64(len(got)) {
		t.Errorf("%d quads are reported, there are %d", r.Quads, len(got))
	}
	return r, got, nil
}

func contents(t *testing.T, s *store.Store) model {
	t.Helper()
	got := model{}
	err := s.View(t.Context(), func(snapshot *store.Snapshot) error {
		for q, err := range snapshot.Match(t.Context(), store.Pattern{}) {
			if err != nil {
				return err
			}
			got[q] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// levelledFile returns a store whose main tables, levels and free pages all have
// contents, and which has removed many of its earlier quads.
func levelledFile(t *testing.T) (file []byte, now, ever model) {
	t.Helper()
	dir := t.TempDir()
	s := openStore(t, dir, store.Tight(1<<20, 0, 40, store.Options{NoSync: true}))
	w := newWorld(11)
	now, ever = model{}, model{}
	for i := range 12 {
		update(t, s, func(tx *store.Tx) error {
			for range 300 / (i*i + 1) {
				q := w.quad()
				now[q], ever[q] = true, true
				if _, err := tx.Add(q); err != nil {
					return err
				}
			}
			for range 5 {
				gone := anyOf(now)
				delete(now, gone)
				if _, err := tx.Remove(gone); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(dir, "graph.db"))
	if err != nil {
		t.Fatal(err)
	}
	return file, now, ever
}

// TestRebuildSound rebuilds a file without damage.
func TestRebuildSound(t *testing.T) {
	for name, make := range map[string]func() ([]byte, model){
		"main tables": func() ([]byte, model) { return sampleFile(t, 600) },
		"levels":      func() ([]byte, model) { file, now, _ := levelledFile(t); return file, now },
	} {
		file, want := make()
		r, got, err := rebuilt(t, file)
		if err != nil || !maps.Equal(got, want) || !r.Complete() || len(r.Damaged) > 0 || r.Recorded != r.Quads {
			t.Errorf("%s: %+v %v: %d quads, want %d", name, r, err, len(got), len(want))
		}
		if r.Version != "3" {
			t.Errorf("%s: version %q", name, r.Version)
		}
	}
}

// TestRebuildDamaged damages files in all ways. Each quad of the result was
// stored at some time. No removed quad comes back unless the report warns of it.
// A result that is reported as complete is complete.
func TestRebuildDamaged(t *testing.T) {
	file, now, ever := levelledFile(t)
	pages := len(file) / 4096
	var rng *rand.Rand
	damages := map[string]func(f []byte) []byte{
		"flipped bits": func(f []byte) []byte {
			for range 1 + rng.IntN(20) {
				f[rng.IntN(len(f))] ^= 1 << rng.IntN(8)
			}
			return f
		},
		"heads of pages": func(f []byte) []byte {
			for range 1 + rng.IntN(4) {
				f[rng.IntN(pages)*4096+rng.IntN(64)] ^= byte(1 + rng.IntN(255))
			}
			return f
		},
		"lost pages": func(f []byte) []byte {
			for range 1 + rng.IntN(pages/4) {
				clear(f[rng.IntN(pages)*4096:][:4096])
			}
			return f
		},
		"swapped pages": func(f []byte) []byte {
			a, b := f[rng.IntN(pages)*4096:][:4096], f[rng.IntN(pages)*4096:][:4096]
			kept := bytes.Clone(a)
			copy(a, b)
			copy(b, kept)
			return f
		},
		"cut": func(f []byte) []byte { return f[:rng.IntN(len(f))] },
		"one meta page": func(f []byte) []byte {
			clear(f[rng.IntN(2)*4096:][:4096])
			return f
		},
		"both meta pages": func(f []byte) []byte { clear(f[:8192]); return f },
	}
	tries := 25
	if testing.Short() {
		tries = 15
	}
	for name, damage := range damages {
		complete, most := 0, 0
		for i := range tries {
			rng = rand.New(rand.NewPCG(uint64(len(name)), uint64(i)))
			r, got, err := rebuilt(t, damage(bytes.Clone(file)))
			if err != nil {
				if !errors.Is(err, store.ErrDamaged) && !errors.Is(err, store.ErrVersion) {
					t.Fatalf("%s: %v", name, err)
				}
				continue
			}
			for q := range got {
				if !ever[q] || !now[q] && !r.Stale && !r.Revived && !r.Older {
					t.Fatalf("%s %d: %v came back: %+v", name, i, q, r)
				}
			}
			if r.Complete() {
				complete++
				if !maps.Equal(got, now) {
					t.Fatalf("%s %d: called complete with %d of %d quads: %+v", name, i, len(got), len(now), r)
				}
			}
			most = max(most, len(got))
		}
		t.Logf("%s: %d of %d complete", name, complete, tries)
		if most < len(now)*9/10 {
			t.Errorf("%s: at most %d of %d quads", name, most, len(now))
		}
	}
}

// TestRebuildOneIndexLeft destroys all blocks except the blocks of one index and
// of one direction of the dictionary.
func TestRebuildOneIndexLeft(t *testing.T) {
	file, now, _ := levelledFile(t)
	for _, kept := range []string{"spol", "posl", "ospl"} {
		for _, dictionary := range []string{"i", "v"} {
			damaged := bytes.Clone(file)
			n := store.SpoilBlocks(damaged, kept, dictionary)
			r, got, err := rebuilt(t, damaged)
			want := now
			if dictionary == "v" { // which has only a hash of each long term
				want = withoutLongTerms(now)
			}
			if err != nil || n == 0 || !maps.Equal(got, want) || r.Partial || r.Complete() != (len(want) == len(now)) || r.Nameless != int64(len(now)-len(want)) {
				t.Errorf("%s and %s: %+v %v: %d quads of %d", kept, dictionary, r, err, len(got), len(now))
			}
		}
	}
}

func withoutLongTerms(m model) model {
	kept := model{}
	for q := range m {
		long := false
		for _, d := range quad.Directions {
			if v := q.Get(d); v != nil {
				term, err := store.AppendTerm(v)
				long = long || err != nil || len(term) > 480
			}
		}
		if !long {
			kept[q] = true
		}
	}
	return kept
}

// TestRebuildNamesTheLabels loses terms, and expects the report to name the
// labels.
func TestRebuildNamesTheLabels(t *testing.T) {
	file, now, _ := levelledFile(t)
	n := store.SpoilBlocks(file, "spol", "posl", "ospl", "lspo") // the whole dictionary
	r, got, err := rebuilt(t, file)
	if err != nil || n == 0 || len(got) > 0 || r.Nameless != int64(len(now)) || r.Complete() {
		t.Errorf("%+v %v: %d quads", r, err, len(got))
	}
}

// TestRebuildWhereThereIsOne does not overwrite a file.
func TestRebuildWhereThereIsOne(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "old.db"), filepath.Join(dir, "new.db")
	file, _ := sampleFile(t, 30)
	if err := errors.Join(os.WriteFile(from, file, 0o644), os.WriteFile(to, nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Rebuild(t.Context(), from, to, nil); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v", err)
	}
	changed := filepath.Join(dir, "changed.db")
	if err := os.WriteFile(changed, file, 0o644); err != nil {
		t.Fatal(err)
	}
	changeBolt(t, changed, func(tx *bolt.Tx) error {
		meta := tx.Bucket([]byte("m"))
		return errors.Join(meta.Put([]byte("format"), []byte("entente graph store 9")), meta.Put([]byte("state"), []byte("of later versions")))
	})
	later, err := os.ReadFile(changed)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := rebuilt(t, later); !errors.Is(err, store.ErrVersion) {
		t.Errorf("another version: %v", err)
	}
	for _, content := range []string{"", "hello", string(make([]byte, 1<<16))} {
		if _, _, err := rebuilt(t, []byte(content)); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("%.10q: %v", content, err)
		}
	}
}

// TestRebuildOlderRecord loses the record and the list of free pages. A free page
// still has the record of the state before, which must not be used.
func TestRebuildOlderRecord(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, store.Tight(1<<20, 0, 40, store.Options{NoSync: true}))
	w, now := newWorld(31), model{}
	for _, n := range []int{300, 5} { // main tables, then a first level
		update(t, s, func(tx *store.Tx) error { return changeSome(tx, w, now, model{}, n) })
	}
	s.Close()
	file, err := os.ReadFile(filepath.Join(dir, "graph.db"))
	if err != nil {
		t.Fatal(err)
	}
	if older := spoilRecord(file); older == 0 {
		t.Fatal("no older record is left")
	}
	meta := metaPage(file, newestPage(file))[16:]
	clear(metaPage(file, int(binary.NativeEndian.Uint64(meta[32:])))) // the list of free pages
	r, got, err := rebuilt(t, file)
	if err != nil || !maps.Equal(got, now) {
		t.Errorf("%d quads of %d: %+v %v", len(got), len(now), r, err)
	}
}

// spoilRecord changes a bit of the newest record of a file, and returns the
// number of older records.
func spoilRecord(file []byte) (older int) {
	newest, at := uint64(0), 0
	mark := []byte("state")
	for i := bytes.Index(file, mark); i >= 0; {
		if generation := binary.BigEndian.Uint64(file[i+len(mark)+4+24:]); generation > newest {
			newest, at = generation, i+len(mark)
		}
		next := bytes.Index(file[i+1:], mark)
		if older++; next < 0 {
			break
		}
		i += 1 + next
	}
	file[at] ^= 1
	return older - 1
}
