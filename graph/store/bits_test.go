package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/cayley"
	"github.com/entente-kg/entente/graph/store"
)

// bitFile is a store of about 300 KB with levels in use, and the expected
// answers.
type bitFile struct {
	file   []byte
	tables map[int]string // the table of a page, without the number of a level
	terms  []quad.Value
	ids    []uint64 // ids of the terms
	want   map[string]string
}

func newBitFile(t *testing.T) *bitFile {
	t.Helper()
	dir, m, w := t.TempDir(), model{}, newWorld(23)
	s := openStore(t, dir, store.Tight(0, 0, 150, store.Options{NoSync: true}))
	for _, n := range []int{2000, 500, 250, 70} {
		update(t, s, func(tx *store.Tx) error { return changeSome(tx, w, m, model{}, n) })
	}
	if s.Levels() < 2 {
		t.Fatalf("%d levels hold something", s.Levels())
	}
	s.Close()
	b := &bitFile{want: map[string]string{}}
	b.expect(t, filepath.Join(dir, "graph.db"), m)
	return b
}

// expect records the file and the answers that its tables give.
func (b *bitFile) expect(t *testing.T, path string, m model) {
	t.Helper()
	terms := map[string]quad.Value{}
	for q := range m {
		for _, d := range quad.Directions {
			if v := q.Get(d); v != nil {
				terms[v.String()] = v
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(terms)) {
		b.terms = append(b.terms, terms[key])
	}
	var err error
	if b.file, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	b.file = b.file[:(len(bytes.TrimRight(b.file, "\x00"))/pageSize+1)*pageSize]
	if b.tables, err = store.TablesOfPages(path); err != nil {
		t.Fatal(err)
	}
	for _, table := range append([]string{"m"}, bitTables...) {
		if b.want[table], err = b.read(t, path, table); err != nil {
			t.Fatal(err)
		}
	}
}

var bitTables = []string{"spol", "posl", "ospl", "lspo", "i", "v"}

// read reads a whole table in each possible way: all at once, in spans, and by
// present and absent keys.
func (b *bitFile) read(t *testing.T, path, table string) (answer string, err error) {
	s, err := store.Open(path, &store.Options{ReadOnly: true})
	if err != nil {
		return "", err
	}
	defer s.Close()
	if err := s.Stale(); err != nil {
		return "", err
	}
	snapshot, err := s.Snapshot()
	if err != nil {
		return "", err
	}
	defer snapshot.Close()
	switch table {
	case "m":
		terms, quads, err := snapshot.Sizes()
		return fmt.Sprint(terms, quads), err
	case "i":
		return b.readNames(t, snapshot)
	case "v":
		return b.readKeys(snapshot)
	}
	return readIndex(t, snapshot, table)
}

func (b *bitFile) readNames(t *testing.T, snapshot *store.Snapshot) (string, error) {
	if b.ids == nil {
		next := snapshot.ScanTerms(cayley.Interval{})
		for {
			ids, err := next(t.Context())
			if err != nil || len(ids) == 0 {
				break
			}
			b.ids = append(b.ids, ids...)
		}
	}
	sum := newSum()
	for value, err := range snapshot.Terms(t.Context(), b.ids) {
		if err != nil {
			return "", err
		}
		sum.add(value.String())
	}
	return sum.String(), nil
}

func (b *bitFile) readKeys(snapshot *store.Snapshot) (string, error) {
	sum := newSum()
	for i := 0; i < len(b.terms); i += 3 {
		value := b.terms[i]
		id, err := snapshot.ID(value)
		if err != nil {
			return "", err
		}
		sum.add(fmt.Sprint(id))
		if i%9 == 0 {
			if id, err = snapshot.ID(quad.IRI(value.String() + "~")); err != nil {
				return "", err
			}
			sum.add(fmt.Sprint(id)) // an absent id
		}
	}
	return sum.String(), nil
}

// readIndex scans an index, and then some spans of one id in its first place.
func readIndex(t *testing.T, snapshot *store.Snapshot, table string) (string, error) {
	sum := newSum()
	err := store.ScanIndex(t.Context(), snapshot, table, func(q store.IDs) { sum.addIDs(q) })
	return sum.String(), err
}

// sum is the number of answers and the sum of their hashes.
type sum struct{ n, hash uint64 }

func newSum() *sum { return &sum{hash: 14695981039346656037} }

func (s *sum) add(text string) {
	s.n++
	for i := range len(text) {
		s.hash = (s.hash ^ uint64(text[i])) * 1099511628211
	}
}

func (s *sum) addIDs(q store.IDs) {
	s.n++
	for _, id := range q {
		s.hash = (s.hash ^ id) * 1099511628211
	}
}

func (s *sum) String() string { return fmt.Sprint(s.n, s.hash) }

// TestEveryBit flips bits of a store, one at a time, and reads the table of the
// page, or all tables if the page belongs to none. ENTENTE_BITS is the number of
// flipped bits; a negative number flips every bit of every page.
func TestEveryBit(t *testing.T) {
	b := newBitFile(t)
	bits := 8 * len(b.file)
	n := sizeOf(t, "ENTENTE_BITS", 400, 3000)
	t.Logf("%d bits in %d pages", bits, len(b.file)/pageSize)
	var next, refused, shown atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		path := filepath.Join(t.TempDir(), "graph.db")
		if err := os.WriteFile(path, b.file, 0o644); err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				t.Error(err)
				return
			}
			defer f.Close()
			for !t.Failed() {
				i := int(next.Add(1) - 1)
				if n >= 0 && i >= n || i >= bits {
					return
				}
				if n >= 0 {
					i = rand.New(rand.NewPCG(29, uint64(i))).IntN(bits)
				} else {
					if done := shown.Load(); i>>16 > int(done) && shown.CompareAndSwap(done, int64(i>>16)) {
						t.Logf("%d bits", i)
					}
					i = i * 999_983 % bits // a prime spreads the flips over all pages
				}
				if b.flip(t, f, path, i) {
					refused.Add(1)
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d flips were found", refused.Load())
	if refused.Load() == 0 {
		t.Error("no flip was found")
	}
}

// flip flips a bit, reads, and flips the bit back.
func (b *bitFile) flip(t *testing.T, f *os.File, path string, bit int) (refused bool) {
	at := int64(bit / 8)
	put := func(c byte) {
		if _, err := f.WriteAt([]byte{c}, at); err != nil {
			t.Error(err)
		}
	}
	put(b.file[at] ^ 1<<(bit%8))
	defer put(b.file[at])
	tables := bitTables
	if table := b.tables[int(at/pageSize)]; table != "" {
		tables = []string{table}
	}
	for _, table := range tables {
		got, err := b.read(t, path, table)
		switch {
		case errors.Is(err, store.ErrDamaged), errors.Is(err, store.ErrVersion), errors.Is(err, store.ErrStale):
			refused = true
		case err != nil || got != b.want[table]:
			t.Errorf("page %d (%s), bit %d: %s: %s, want %s: %v", at/pageSize, b.tables[int(at/pageSize)], bit%(8*pageSize), table, got, b.want[table], err)
		}
		if err != nil && strings.Contains(err.Error(), "goroutine") {
			t.Errorf("bit %d: %v", bit, err)
		}
	}
	return refused
}
