package store_test

import (
	"bytes"
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
