package store_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/entente-kg/entente/graph/store"
)

const xsdNS = "http://www.w3.org/2001/XMLSchema#"

func typed(value, datatype string) quad.Value {
	return quad.TypedString{Value: quad.String(value), Type: quad.IRI(datatype)}
}

// roundTrip stores a value and reads it back.
func roundTrip(t *testing.T, s *store.Store, v quad.Value) quad.Value {
	t.Helper()
	q := quad.Quad{Subject: quad.IRI("s"), Predicate: quad.IRI("p"), Object: v}
	add(t, s, q)
	var got quad.Value
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		for q, err := range tx.Match(t.Context(), store.Pattern{Object: v}) {
			if err != nil {
				return err
			}
			got = q.Object
		}
		_, err := tx.Remove(q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestSpellings stores literals in each of their spellings. All spellings are one
// term, and are read as one value.
func TestSpellings(t *testing.T) {
	s := openStore(t, t.TempDir(), &store.Options{NoSync: true})
	noon := time.Date(2023, 7, 12, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		want   quad.Value
		others []quad.Value
	}{
		{quad.Int(1), []quad.Value{typed("1", "xsd:integer"), typed("+1", "xsd:integer"), typed("01", xsdNS+"integer")}},
		{quad.String("x"), []quad.Value{typed("x", "xsd:string"), typed("x", xsdNS+"string"), typed("x", ""), quad.LangString{Value: "x"}}},
		{quad.Bool(true), []quad.Value{typed("true", "xsd:boolean"), typed("1", xsdNS+"boolean"), typed("True", "xsd:boolean")}},
		{quad.Float(1.5), []quad.Value{typed("1.5", "xsd:double"), typed("15e-1", xsdNS+"double"), typed("1.5E+00", "xsd:double")}},
		{quad.Float(0), []quad.Value{quad.Float(math.Copysign(0, -1)), typed("-0", "xsd:double")}},
		{quad.Float(math.Inf(-1)), []quad.Value{typed("-INF", "xsd:double")}},
		{quad.Time(noon), []quad.Value{quad.Time(noon.In(time.FixedZone("", 8*3600))),
			typed("2023-07-12T12:00:00Z", "xsd:dateTime"), typed("2023-07-12T20:00:00.000+08:00", xsdNS+"dateTime")}},
		{typed("2023-07-12", "xsd:date"), []quad.Value{typed("2023-07-12", xsdNS+"date")}},
		// a literal without another spelling keeps its own
		{typed("99999999999999999999", "xsd:integer"), nil},
		{typed("0x10", "xsd:double"), nil},
		{typed("TRUE", "xsd:boolean"), nil},
		{typed("2023-07-12T12:00:00", "xsd:dateTime"), nil},
		{typed("2023-07-12T12:00:00.0000000001Z", "xsd:dateTime"), nil},
		{typed("5", "xsd:int"), nil},
		{typed("a\x00b", "x\x00y"), nil},
		{quad.LangString{Value: "a\x00", Lang: "zh-Hant"}, nil},
		{quad.String("\xff\xfe not UTF-8"), nil},
		{quad.String(""), nil},
		{quad.Time(time.Unix(-1e10, 7).UTC()), nil},
		{quad.String(strings.Repeat("q", 1<<20)), nil},
	} {
		for _, v := range append(c.others, c.want) {
			if got := roundTrip(t, s, v); got != c.want {
				t.Errorf("%.80v came out as %.80v, want %.80v", v, got, c.want)
			}
		}
	}
	if got := roundTrip(t, s, quad.Float(math.NaN())); got == nil || !math.IsNaN(float64(got.(quad.Float))) {
		t.Errorf("NaN came out as %v", got)
	}
	verify(t, s, model{})
}

// odd is a value of an unknown type.
type odd struct{ quad.Value }

func TestBadQuads(t *testing.T) {
	s := openStore(t, t.TempDir(), nil)
	node := quad.IRI("n")
	for name, q := range map[string]quad.Quad{
		"no subject":    {Predicate: node, Object: node},
		"no predicate":  {Subject: node, Object: node},
		"no object":     {Subject: node, Predicate: node},
		"empty IRI":     {Subject: node, Predicate: node, Object: quad.IRI("")},
		"empty label":   {Subject: node, Predicate: node, Object: node, Label: quad.IRI("")},
		"unknown type":  {Subject: node, Predicate: node, Object: odd{node}},
		"far too large": {Subject: node, Predicate: node, Object: quad.String(strings.Repeat("x", 17<<20))},
	} {
		if err := s.Update(t.Context(), func(tx *store.Tx) error { _, err := tx.Add(q); return err }); err == nil {
			t.Errorf("%s was stored", name)
		}
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			if changed, err := tx.Remove(q); changed || err != nil {
				t.Errorf("%s: remove: %v %v", name, changed, err)
			}
			_, err := tx.Has(q)
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	verify(t, s, model{})
}
