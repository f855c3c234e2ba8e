package store_test

import (
	"iter"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
)

// objects returns the objects of quads, in the order of the quads.
func objects(t *testing.T, quads iter.Seq2[quad.Quad, error]) (out []quad.Value) {
	t.Helper()
	for q, err := range quads {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, q.Object)
	}
	return out
}

func TestBetween(t *testing.T) {
	date := func(s string) quad.Value { return typed(s, "xsd:date") }
	long := func(end string) quad.Value { return quad.String(strings.Repeat("l", 600) + end) }
	at := func(sec int64) quad.Value { return quad.Time(time.Unix(sec, 0).UTC()) }
	values := []quad.Value{
		quad.IRI("a"), quad.IRI("b"), quad.String("Xie"), quad.String("Xie Feng"), quad.String("Xif"),
		long(""), long("a"), long("b"), typed("x", "other"),
		date("1999-12-31"), date("2023-07-12"), date("2023-07-13"), typed("5", "xsd:int"),
		quad.Int(math.MinInt64), quad.Int(-1), quad.Int(0), quad.Int(7),
		quad.Float(math.Inf(-1)), quad.Float(-0.5), quad.Float(0), quad.Float(2), quad.Float(math.NaN()), at(-5), at(0), at(9),
	}
	s := openStore(t, t.TempDir(), nil)
	for i, v := range values {
		add(t, s, quad.Quad{Subject: quad.IRI("s"), Predicate: quad.IRI("p"), Object: v},
			quad.Quad{Subject: quad.IRI("s"), Predicate: quad.IRI("q"), Object: quad.Int(i + 100)})
	}
	snapshot, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct {
		low, high quad.Value
		want      []quad.Value
	}{
		{date("2023-07-12"), date("2023-07-13"), []quad.Value{date("2023-07-12"), date("2023-07-13")}},
		{date("2000-01-01"), nil, []quad.Value{date("2023-07-12"), date("2023-07-13")}},
		{nil, date("2023-07-12"), []quad.Value{date("1999-12-31"), date("2023-07-12")}},
		{quad.Int(-1), quad.Int(0), []quad.Value{quad.Int(-1), quad.Int(0)}},
		{typed("-1", "xsd:integer"), nil, []quad.Value{quad.Int(-1), quad.Int(0), quad.Int(7)}},
		{quad.Float(-1), nil, []quad.Value{quad.Float(-0.5), quad.Float(0), quad.Float(2)}},
		{nil, quad.Float(0), []quad.Value{quad.Float(math.Inf(-1)), quad.Float(-0.5), quad.Float(0)}},
		{at(-1), nil, []quad.Value{at(0), at(9)}},
		{quad.IRI("b"), nil, []quad.Value{quad.IRI("b")}},
		{quad.String("Xie"), quad.String("Xie Feng"), []quad.Value{quad.String("Xie"), quad.String("Xie Feng")}},
		{long("a"), long("a"), []quad.Value{long("a")}},
		{quad.Int(9), quad.Int(8), nil},
	} {
		got := objects(t, snapshot.Between(t.Context(), quad.IRI("p"), c.low, c.high))
		if !slices.Equal(got, c.want) {
			t.Errorf("%d: from %v to %v: got %v, want %v", i, c.low, c.high, got, c.want)
		}
	}
	if got := objects(t, snapshot.Between(t.Context(), quad.IRI("p"), long("a"), nil)); len(got) != 2 {
		t.Errorf("from a long string: %d", len(got))
	}
	if got := objects(t, snapshot.Between(t.Context(), nil, nil, nil)); len(got) != 2*len(values) {
		t.Errorf("everything: %d quads", len(got))
	}
	if got := objects(t, snapshot.WithPrefix(t.Context(), quad.IRI("p"), "Xie")); len(got) != 2 {
		t.Errorf("prefix: %v", got)
	}
	if got := objects(t, snapshot.WithPrefix(t.Context(), quad.IRI("p"), strings.Repeat("l", 600)+"b")); len(got) != 1 {
		t.Errorf("long prefix: %v", len(got))
	}
	if got := objects(t, snapshot.WithPrefix(t.Context(), quad.IRI("missing"), "")); len(got) != 0 {
		t.Errorf("unknown predicate: %v", got)
	}
}

// WithString yields what Match yields, without the quads whose object is refused or no
// string, also from levels over the main tables.
func TestWithString(t *testing.T) {
	s := openStore(t, t.TempDir(), nil)
	at := func(i, n int) quad.Quad {
		object := []quad.Value{quad.String(strings.Repeat("name ", i%7)), quad.IRI("name"), typed("name", "other"), quad.String("x")}[i%4]
		return quad.Quad{Subject: quad.IRI(strings.Repeat("s", 1+i*n%97)), Predicate: quad.IRI("p"), Object: object, Label: quad.Int(i)}
	}
	for n := range 3 {
		var quads []quad.Quad
		for i := range 3000 / (1 + 40*n) {
			quads = append(quads, at(i, n))
		}
		add(t, s, quads...)
	}
	snapshot, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	accept := func(text string) bool { return strings.HasPrefix(text, "name") }
	var want []quad.Quad
	for q, err := range snapshot.Match(t.Context(), store.Pattern{Predicate: quad.IRI("p")}) {
		if text, ok := q.Object.(quad.String); err != nil || ok && accept(string(text)) {
			want = append(want, q)
		}
	}
	var got []quad.Quad
	for q, err := range snapshot.WithString(t.Context(), quad.IRI("p"), accept) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, q)
	}
	if len(got) < 500 || !slices.Equal(got, want) {
		t.Errorf("got %d quads, want %d", len(got), len(want))
	}
}
