package paths_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// anyDate is a date of a few days, in each of the forms of the manual.
func anyDate(r *rand.Rand) schema.When {
	a, b := 1+r.IntN(9), 1+r.IntN(9)
	one, two := fmt.Sprintf("2020-01-%02d", min(a, b)), fmt.Sprintf("2020-01-%02d", max(a, b))
	mark := func(s string) string { return s + pick(r, "", "", "~", "?", "%") }
	switch r.IntN(9) {
	case 0:
		return schema.When{Written: pick(r, "../", "/") + mark(one)}
	case 1:
		return schema.When{Written: mark(one) + pick(r, "/", "/..")}
	case 2:
		return schema.When{Written: mark(one), Attested: true}
	case 3:
		return schema.When{FromBy: one, ToBy: two}
	case 4, 5:
		return schema.When{Written: mark(one) + "/" + mark(two)}
	}
	return schema.When{Written: mark(one)}
}

// daysOf returns the possible days of a hop over a fact, by every reading of its date:
// an event is on one day, a relation holds over several. The first and the last day
// represent all days before and after.
func daysOf(t *testing.T, w schema.When, kind schema.VerbKind) (days map[schema.Day]bool) {
	t.Helper()
	span, err := w.Span(kind)
	if err != nil {
		t.Fatal(err)
	}
	first, last, _ := schema.WindowBetween("2019-12-28", "2020-01-14")
	days = map[schema.Day]bool{}
	for from := max(first, span.From); from <= min(last, span.LatestFrom); from++ {
		for to := max(from, min(last, span.EarliestTo)); to <= min(last, span.To); to++ {
			switch kind {
			case schema.Interaction: // the window is not when it lasted
				days[from], days[to] = true, true
			default:
				for d := from; d <= to; d++ {
					days[d] = true
				}
			}
		}
	}
	return days
}

// A path of two hops is possible if some reading of both dates is in order, and
// certain if both are events and every reading is in order.
func TestInOrderAgreesWithEveryReading(t *testing.T) {
	const chains = 1500
	r := rand.New(rand.NewPCG(11, 12))
	type step struct {
		when schema.When
		kind schema.VerbKind
	}
	var facts []schema.Fact
	steps := make([][2]step, chains)
	for i := range chains {
		for k := range 2 {
			s := step{anyDate(r), schema.Interaction}
			verb := schema.Verb("met")
			if r.IntN(3) == 0 {
				s.kind, verb = schema.Relation, "associate-of"
			} else {
				s.when.Attested = false // which only a relation is
			}
			f := fact(schema.ID(fmt.Sprint("person:", i, "-", k)), verb, schema.ID(fmt.Sprint("person:", i, "-", k+1)), "", schema.Happened)
			f.When = s.when
			facts, steps[i][k] = append(facts, f), s
		}
	}
	v := viewOf(t, facts)
	certain, possible, never := 0, 0, 0
	for i, s := range steps {
		all, some := s[0].kind == schema.Interaction && s[1].kind == schema.Interaction, false
		for a := range daysOf(t, s[0].when, s[0].kind) {
			for b := range daysOf(t, s[1].when, s[1].kind) {
				all, some = all && a < b, some || a <= b
			}
		}
		from, to := []schema.ID{schema.ID(fmt.Sprint("person:", i, "-0"))}, []schema.ID{schema.ID(fmt.Sprint("person:", i, "-2"))}
		for _, latest := range []bool{false, true} {
			j, ok, err := v.InOrder(t.Context(), from, to, paths.Query{Conditions: &graph.Conditions{Statuses: happened, Undated: true}}, paths.Order{Latest: latest})
			if err != nil || ok != some || ok && j.Certain != all {
				t.Fatalf("%+v: found %v, certain %v (%v); by all readings %v and %v", s, ok, j.Certain, err, some, all)
			}
			_, ok, err = v.InOrder(t.Context(), from, to, paths.Query{}, paths.Order{Latest: latest, Certain: true})
			if err != nil || ok != all {
				t.Fatalf("%+v: certain %v (%v), by all readings %v", s, ok, err, all)
			}
		}
		switch {
		case all:
			certain++
		case some:
			possible++
		default:
			never++
		}
	}
	if certain < 80 || possible < 500 || never < 80 {
		t.Errorf("%d certain, %d possible, %d never", certain, possible, never)
	}
}
