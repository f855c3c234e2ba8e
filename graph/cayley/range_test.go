package cayley_test

import (
	"fmt"
	"testing"

	"github.com/cayleygraph/cayley/graph/iterator"
	cpath "github.com/cayleygraph/cayley/query/path"
	"github.com/cayleygraph/cayley/query/shape"
	"github.com/cayleygraph/quad"
)

// TestDateFilter filters by dates at several places of a query: only dates pass.
func TestDateFilter(t *testing.T) {
	s := openStore(t, t.TempDir(), nil)
	for i := range 9 {
		fact := quad.IRI(fmt.Sprint("fact:", i))
		add(t, s, quad.Quad{Subject: fact, Predicate: quad.IRI("dip:from"), Object: typed(fmt.Sprintf("2023-07-1%d", i), "xsd:date")},
			quad.Quad{Subject: fact, Predicate: quad.IRI("dip:from"), Object: quad.IRI("unknown")})
	}
	since := shape.Comparison{Op: iterator.CompareGTE, Val: typed("2023-07-12", "http://www.w3.org/2001/XMLSchema#date")}
	until := shape.Comparison{Op: iterator.CompareLT, Val: typed("2023-07-15", "xsd:date")}
	for name, c := range map[string]struct {
		path *cpath.Path
		want int
	}{
		"all nodes": {cpath.StartPath(live(s)).Filters(since, until), 3},
		"objects":   {cpath.StartPath(live(s)).Out(quad.IRI("dip:from")).Filters(since).Unique(), 7},
		"has":       {cpath.StartPath(live(s)).HasFilter(quad.IRI("dip:from"), false, since, until), 3},
	} {
		n, err := c.path.Iterate(t.Context()).Count()
		if err != nil || int(n) != c.want {
			t.Errorf("%s: got %d (%v), want %d", name, n, err, c.want)
		}
	}
}

// TestRangeSize compares the planned size of a range of terms with the exact
// number.
func TestRangeSize(t *testing.T) {
	const all = 20_000
	s := openStore(t, t.TempDir(), nil)
	var quads []quad.Quad
	for i := range all {
		quads = append(quads, quad.Quad{Subject: quad.IRI("s"), Predicate: quad.IRI("p"), Object: quad.String(fmt.Sprintf("%05d", i))})
	}
	add(t, s, quads...)
	for _, c := range []struct {
		op   iterator.Operator
		at   string
		want int64
	}{
		{iterator.CompareGTE, "00000", all}, {iterator.CompareGTE, "05000", all - 5000}, {iterator.CompareGTE, "15000", all - 15000},
		{iterator.CompareGTE, "19950", 50}, {iterator.CompareGTE, "2", 0}, {iterator.CompareLT, "05000", 5000}, {iterator.CompareLT, "00077", 77},
	} {
		qs := live(s)
		sh, _ := qs.OptimizeShape(t.Context(), shape.Filter{From: shape.AllNodes{}, Filters: []shape.ValueFilter{shape.Comparison{Op: c.op, Val: quad.String(c.at)}}})
		stats, err := sh.BuildIterator(qs).Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		slack := c.want / 8 // a page of 27
		if c.want < 256 {
			slack = 0
		}
		if got := stats.Size.Value; got < c.want-slack || got > c.want+slack {
			t.Errorf("%v %s: %d terms, not %d", c.op, c.at, got, c.want)
		}
	}
}
