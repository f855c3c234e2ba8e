package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/entente-kg/entente/graph/store"
)

const pageSize = 4096

// damages are ways to damage a file. Each changes a copy.
var damages = []struct {
	name string
	do   func(rng *rand.Rand, file []byte) []byte
}{
	{"bits flipped", func(rng *rand.Rand, file []byte) []byte {
		for range 1 + rng.IntN(8) {
			file[rng.IntN(len(file))] ^= 1 << rng.IntN(8)
		}
		return file
	}},
	{"head of a page", func(rng *rand.Rand, file []byte) []byte {
		page(rng, file)[rng.IntN(100)] ^= byte(1 + rng.IntN(255))
		return file
	}},
	{"page zeroed", func(rng *rand.Rand, file []byte) []byte {
		clear(page(rng, file))
		return file
	}},
	{"half a page lost", func(rng *rand.Rand, file []byte) []byte {
		clear(page(rng, file)[pageSize/2:])
		return file
	}},
	{"pages swapped", func(rng *rand.Rand, file []byte) []byte {
		a, b := page(rng, file), page(rng, file)
		kept := append([]byte(nil), a...)
		copy(a, b)
		copy(b, kept)
		return file
	}},
	{"pages swapped with their numbers right", func(rng *rand.Rand, file []byte) []byte {
		a, b := page(rng, file)[8:], page(rng, file)[8:]
		kept := append([]byte(nil), a...)
		copy(a, b)
		copy(b, kept)
		return file
	}},
	{"noise", func(rng *rand.Rand, file []byte) []byte {
		p := page(rng, file)
		for i := rng.IntN(pageSize); i < pageSize; i++ {
			p[i] = byte(rng.Uint32())
		}
		return file
	}},
	{"cut", func(rng *rand.Rand, file []byte) []byte { return file[:rng.IntN(len(file))] }},
	{"cut after a page", func(rng *rand.Rand, file []byte) []byte {
		return file[:rng.IntN(len(file)/pageSize)*pageSize]
	}},
}

func page(rng *rand.Rand, file []byte) []byte {
	at := rng.IntN(len(file)/pageSize) * pageSize
	return file[at : at+pageSize]
}

// sound is the file of a store, its quads, and its digest.
type sound struct {
	file   []byte
	m      model
	ever   model // the quads and all removed quads
	digest string
}

// soundStores returns a store as a load leaves it, a store with levels, and a
// store that was changed often and has free pages with old contents.
func soundStores(t *testing.T) map[string]sound {
	out := map[string]sound{}
	for name, room := range map[string]int{"as loaded": 0, "with levels": 40, "often changed": 1} {
		dir, m, ever, w := t.TempDir(), model{}, model{}, newWorld(17)
		s := openStore(t, dir, store.Tight(0, 0, room, store.Options{NoSync: true}))
		rounds := 1
		if room > 0 {
			rounds = 9
		}
		for i := range rounds {
			update(t, s, func(tx *store.Tx) error { return changeSome(tx, w, m, ever, 500/(i*i+1)) })
		}
		if room > 0 && s.Levels() == 0 {
			t.Fatalf("%s: no level holds anything", name)
		}
		digest := digestOf(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		file, err := os.ReadFile(filepath.Join(dir, "graph.db"))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = sound{file, m, ever, digest}
	}
	return out
}

// changeSome adds n quads and removes some.
func changeSome(tx *store.Tx, w *world, m, ever model, n int) error {
	for range n {
		q := w.quad()
		if _, err := tx.Add(q); err != nil {
			return err
		}
		m[q], ever[q] = true, true
	}
	for range n / 5 {
		q := anyOf(m)
		delete(m, q)
		if _, err := tx.Remove(q); err != nil {
			return err
		}
	}
	return nil
}

// TestDamage damages stores ENTENTE_DAMAGE times, each store in each way. Verify
// finds the damage, or readers see no change. Every read ends, with a true answer
// or with an error. Only a store that reports itself as stale may answer as
// before its last change.
func TestDamage(t *testing.T) {
	tries := sizeOf(t, "ENTENTE_DAMAGE", 72, 144)
	if testing.Short() {
		tries /= 3
	}
	stores, w := soundStores(t), newWorld(17)
	path := filepath.Join(t.TempDir(), "graph.db")
	found := map[string]int{}
	for i := range tries {
		d := damages[i%len(damages)]
		name := []string{"as loaded", "with levels", "often changed"}[i/len(damages)%3]
		rng := rand.New(rand.NewPCG(uint64(i), 3))
		bad := d.do(rng, append([]byte(nil), stores[name].file...))
		if err := os.WriteFile(path, bad, 0o644); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- examine(t, path, stores[name], world{rng, w.nodes, w.predicates, w.objects, w.labels}) }()
		select {
		case err := <-done:
			if errors.Is(err, errUnnoticed) {
				t.Errorf("%s, %s, %d: %v", name, d.name, i, err)
			} else if err != nil {
				found[d.name]++
			}
			if errors.Is(err, errMisled) {
				t.Errorf("%s, %s, %d: %v", name, d.name, i, err)
			}
		case <-time.After(time.Minute):
			t.Fatalf("%s, %s, %d: the reader hangs", name, d.name, i)
		}
	}
	t.Logf("of %d each, Verify found: %v", tries/len(damages), found)
	total := 0
	for _, n := range found {
		total += n
	}
	if total < tries/4 {
		t.Errorf("only %d of %d were found", total, tries)
	}
}

var (
	errUnnoticed = errors.New("unnoticed")
	errMisled    = errors.New("a reader got an answer that is not true")
)

// examine reads a damaged file and returns the error of Verify or Open. Without
// an error, the store must be unchanged.
func examine(t *testing.T, path string, was sound, w world) error {
	s, err := store.Open(path, &store.Options{NoSync: true, ReadOnly: w.IntN(2) == 0})
	if err != nil {
		if !errors.Is(err, store.ErrDamaged) && !errors.Is(err, store.ErrVersion) && !errors.Is(err, store.ErrStale) {
			return fmt.Errorf("%w: %v", errUnnoticed, err)
		}
		return err
	}
	defer s.Close()
	var wrong error
	asked := s.View(t.Context(), func(snapshot *store.Snapshot) error {
		wrong = ask(t, snapshot, was, &w)
		return nil
	})
	v, err := s.Verify(t.Context())
	switch {
	case err != nil:
		return fmt.Errorf("%w: %v", errUnnoticed, err)
	case len(v.Problems) > 0:
		if s.Stale() == nil && misled(wrong) {
			return fmt.Errorf("%w: %w: %s", errMisled, wrong, strings.Join(v.Problems, "; "))
		}
		return errors.New(strings.Join(v.Problems, "; "))
	case asked != nil, wrong != nil, v.Digest != was.digest, v.Quads != int64(len(was.m)):
		return fmt.Errorf("%w: %v %v, digest %s", errUnnoticed, asked, wrong, v.Digest)
	}
	return nil
}

// misled reports whether a joined error is not an error of a damaged file.
func misled(wrong error) bool {
	all, ok := wrong.(interface{ Unwrap() []error })
	return ok && slices.ContainsFunc(all.Unwrap(), func(err error) bool { return !errors.Is(err, store.ErrDamaged) })
}

// ask compares answers with the answers of the map.
func ask(t *testing.T, snapshot *store.Snapshot, was sound, w *world) error {
	m, wrong := was.m, []error(nil)
	note := func(err error) {
		if err != nil {
			wrong = append(wrong, err)
		}
	}
	for q, err := range snapshot.Match(t.Context(), store.Pattern{}) {
		if err == nil && !was.ever[q] {
			t.Errorf("%v was never stored", q)
		}
	}
	for range 6 {
		note(differs(t.Context(), snapshotReader{snapshot}, m, w.pattern()))
	}
	note(differs(t.Context(), snapshotReader{snapshot}, m, store.Pattern{}))
	for q := range m {
		if has, err := snapshot.Has(q); err != nil || !has {
			note(fmt.Errorf("has %v: %v %w", q, has, err))
			break
		}
	}
	for _, err := range snapshot.Between(t.Context(), quad.IRI("dip:verb1"), quad.Int(-50), quad.Int(90)) {
		note(err)
	}
	return errors.Join(wrong...)
}
