package store_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/entente-kg/entente/graph/store"
)

// FuzzTerm decodes any bytes. What decodes must encode to something that
// decodes to the same value.
func FuzzTerm(f *testing.F) {
	w := newWorld(1)
	for _, v := range append(w.objects[:40:40], w.nodes[:4]...) {
		term, err := store.AppendTerm(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(term)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := store.DecodeTerm(b)
		if err != nil {
			return
		}
		term, err := store.AppendTerm(v)
		if err != nil {
			t.Fatal(err)
		}
		again, err := store.DecodeTerm(term)
		if err != nil {
			t.Fatalf("%q: %v", term, err)
		}
		last, err := store.AppendTerm(again)
		if err != nil || !bytes.Equal(last, term) {
			t.Fatalf("%#v became %#v", v, again)
		}
	})
}

// FuzzTermOrder compares two strings: their terms must compare alike.
func FuzzTermOrder(f *testing.F) {
	f.Add("a", "b")
	f.Add("a\x00", "a")
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, make := range []func(string) quad.Value{
			func(s string) quad.Value { return quad.IRI(s) },
			func(s string) quad.Value { return quad.String(s) },
			func(s string) quad.Value { return quad.TypedString{Value: quad.String(s), Type: "xsd:date"} },
		} {
			ta, err1 := store.AppendTerm(make(a))
			tb, err2 := store.AppendTerm(make(b))
			if err1 != nil || err2 != nil || bytes.Compare(ta, tb) != bytes.Compare([]byte(a), []byte(b)) {
				t.Errorf("%q and %q compare otherwise", a, b)
			}
		}
	})
}

// FuzzBlock decodes any bytes as a block of each kind. The entries take memory
// in proportion to the block, and those of a sound block survive being packed.
func FuzzBlock(f *testing.F) {
	for i := range 3 {
		for _, b := range sampleBlocks() {
			f.Add(uint8(i), b[0], b[1])
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, key, value []byte) {
		if err := store.FindEach(key, value); err != nil {
			t.Fatal(err)
		}
		decode := []func(key, value []byte) (int, int, [][2][]byte, error){store.DecodeTuples, store.DecodeNames, store.DecodeKeys}[kind%3]
		n, size, again, err := decode(key, value)
		if limit := 600 * (len(key) + len(value)); size > limit {
			t.Fatalf("%d bytes became %d", len(key)+len(value), size)
		}
		if err != nil || n == 0 {
			return
		}
		total := 0
		for _, b := range again {
			n, _, _, err := decode(b[0], b[1])
			if err != nil {
				t.Fatal(err)
			}
			total += n
		}
		if total != n {
			t.Fatalf("%d entries became %d", n, total)
		}
	})
}

func sampleBlocks() (blocks [][2][]byte) {
	var tuples [][4]uint64
	var terms []string
	for i := range uint64(200) {
		tuples = append(tuples, [4]uint64{i/9 + 1, i/3 + 2, i*i*7777 + 3, i % 2})
		terms = append(terms, fmt.Sprintf("\x01person:%05d", i*i))
	}
	blocks = store.EncodeTuples(tuples)
	byID, byKey := store.EncodeDictionary(terms)
	return append(append(blocks, byID...), byKey...)
}
