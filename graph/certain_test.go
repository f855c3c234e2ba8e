package graph_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// A fact certainly fits the dates of a filter if every reading of its own date does.
func TestCertainAgreesWithEveryReading(t *testing.T) {
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	r := rand.New(rand.NewPCG(1, 2))
	first, last, _ := schema.WindowBetween("2019-12-28", "2020-01-14")
	sure := 0
	for range 3000 {
		since, until := 1+r.IntN(9), 1+r.IntN(9)
		f := graph.Filter{Conditions: graph.Conditions{Since: fmt.Sprintf("2020-01-%02d", min(since, until)), Until: fmt.Sprintf("2020-01-%02d", max(since, until))}}
		if r.IntN(3) == 0 {
			f = graph.Filter{Conditions: graph.Conditions{AsOf: f.Conditions.Since}}
		}
		verb, kind := schema.Verb("met"), schema.Interaction
		if r.IntN(2) == 0 {
			verb, kind = "works-at", schema.Relation
		}
		one, two := fmt.Sprintf("2020-01-%02d", 1+r.IntN(5)), fmt.Sprintf("2020-01-%02d", 5+r.IntN(5))
		w := schema.When{Written: []string{one, one + "~", "../" + one, one + "/", one + "/..", one + "/" + two, one + "~/" + two}[r.IntN(7)]}
		span, err := w.Span(kind)
		if err != nil {
			t.Fatal(err)
		}
		want := true
		for from := max(first, span.From); from <= min(last, span.LatestFrom); from++ {
			for to := max(from, min(last, span.EarliestTo)); to <= min(last, span.To); to++ {
				want = want && fits(t, f, kind, from, to)
			}
		}
		fact := schema.Fact{Verb: verb, Status: schema.Happened, When: w, Evidence: []schema.Evidence{{Stance: schema.Asserts, When: w}}}
		if got, err := g.Certain(fact, f); got != want || err != nil {
			t.Fatalf("%v as %s in %+v: %v (%v), by all readings %v", w, kind, f, got, err, want)
		}
		if want {
			sure++
		}
		fact.Evidence = append(fact.Evidence, schema.Evidence{Stance: schema.Denies})
		if got, _ := g.Certain(fact, f); got {
			t.Fatal("what a source denies is sure")
		}
	}
	if sure < 300 {
		t.Errorf("only %d are sure", sure)
	}
}

// fits reports whether a fact that began and ended on two days fits the dates of a
// filter. An event is on any one day between them.
func fits(t *testing.T, f graph.Filter, kind schema.VerbKind, from, to schema.Day) bool {
	if f.Conditions.AsOf != "" {
		day, _ := schema.ParseDay(f.Conditions.AsOf)
		return kind == schema.Interaction && to <= day || kind == schema.Relation && from <= day && day <= to
	}
	since, until, err := schema.WindowBetween(f.Conditions.Since, f.Conditions.Until)
	if err != nil {
		t.Fatal(err)
	}
	if kind == schema.Interaction {
		return since <= from && to <= until
	}
	return from <= until && to >= since
}
