package rdf_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/rdf"
)

// FuzzTerm decodes any bytes. What decodes must encode to something that
// decodes to the same value.
func FuzzTerm(f *testing.F) {
	for _, v := range sampleValues() {
		term, err := rdf.AppendTerm(nil, v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(term)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := rdf.DecodeTerm(b)
		checked := rdf.CheckTerm(b) == nil
		if err != nil {
			if checked {
				t.Fatalf("%q: %v", b, err)
			}
			return
		}
		term, err := rdf.AppendTerm(nil, v)
		if err != nil {
			t.Fatal(err)
		}
		if checked != bytes.Equal(term, b) {
			t.Fatalf("%q is said to be what %#v encodes as: %v", b, v, checked)
		}
		again, err := rdf.DecodeTerm(term)
		if err != nil {
			t.Fatalf("%q: %v", term, err)
		}
		last, err := rdf.AppendTerm(nil, again)
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
			ta, err1 := rdf.AppendTerm(nil, make(a))
			tb, err2 := rdf.AppendTerm(nil, make(b))
			if err1 != nil || err2 != nil || bytes.Compare(ta, tb) != bytes.Compare([]byte(a), []byte(b)) {
				t.Errorf("%q and %q compare otherwise", a, b)
			}
		}
	})
}

// sampleValues returns values of every kind, short and long.
func sampleValues() (values []quad.Value) {
	for i := range 5 {
		values = append(values, quad.IRI(fmt.Sprintf("person:p-%d", i*i)), quad.BNode(fmt.Sprint("b", i)),
			quad.Int(i*7-100), quad.Float(float64(i)/3-5), quad.String(fmt.Sprint("name ", i)),
			quad.TypedString{Value: quad.String(fmt.Sprintf("20%02d-01-02", i)), Type: "xsd:date"},
			quad.LangString{Value: quad.String(fmt.Sprint("nom ", i)), Lang: []string{"en", "zh"}[i%2]},
			quad.Time(time.Unix(int64(i)*1e7, int64(i)).UTC()), quad.Bool(i%2 == 0),
			quad.String(strings.Repeat("long ", 110)+fmt.Sprint(i)), quad.String(strings.Repeat("x", 400+i*4)))
	}
	return values
}
