package office_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/office"
	"github.com/entente-kg/entente/schema"
)

// datedFact is a fact with one date.
func datedFact(w schema.When) office.Fact {
	f := schema.Fact{ID: schema.ID("fact:" + w.String()), Verb: "holds-post", Status: schema.Happened, When: w,
		Evidence: []schema.Evidence{{Stance: schema.Asserts, When: w}}}
	return office.Fact{Fact: f, Dates: f.Dates()}
}

// when parses a date. "At least" before it makes it an attested date.
func when(written string) (w schema.When) {
	if by, ok := strings.CutPrefix(written, "from by "); ok {
		return schema.When{FromBy: by}
	}
	if by, ok := strings.CutPrefix(written, "to by "); ok {
		return schema.When{ToBy: by}
	}
	w.Written, w.Attested = strings.CutPrefix(written, "at least ")
	return w
}

func termsOf(t testing.TB, of, at schema.ID, dates ...string) []office.Term {
	t.Helper()
	var facts []office.Fact
	for _, d := range dates {
		facts = append(facts, datedFact(when(d)))
	}
	terms, err := office.Terms(of, at, facts)
	if err != nil {
		t.Fatal(err)
	}
	return terms
}

func term(t testing.TB, of, at schema.ID, date string) office.Term {
	t.Helper()
	return termsOf(t, of, at, date)[0]
}

func day(t testing.TB, written string) schema.Day {
	t.Helper()
	d, err := schema.ParseDay(written)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// reading is one choice of the days on which a term began and ended.
type reading [2]schema.Day

// readings are all readings of a date within a few days. The first and the last
// day stand for all days before and after.
func readings(t testing.TB, date string, first, last schema.Day) (all []reading) {
	t.Helper()
	span, err := when(date).Span(schema.Relation)
	if err != nil {
		t.Fatal(err)
	}
	for from := max(first, span.From); from <= min(last, span.LatestFrom); from++ {
		for to := max(from, min(span.EarliestTo, last)); to <= min(last, span.To); to++ {
			all = append(all, reading{from, to})
		}
	}
	return all
}

// randomDate is a date within the first days of 2020.
func randomDate(r *rand.Rand) string {
	a, b := 1+r.IntN(8), 1+r.IntN(8)
	a, b = min(a, b), max(a, b)
	one, two := fmt.Sprintf("2020-01-%02d", a), fmt.Sprintf("2020-01-%02d", b)
	mark := func(s string) string { return s + []string{"", "", "", "~", "?", "%"}[r.IntN(6)] }
	switch r.IntN(11) {
	case 0:
		return mark(one)
	case 1:
		return "../" + mark(one)
	case 2:
		return "/" + mark(one)
	case 3:
		return mark(one) + "/"
	case 4:
		return mark(one) + "/.."
	case 5:
		return "at least " + mark(one)
	case 6:
		return []string{"from by ", "to by "}[r.IntN(2)] + one
	}
	return mark(one) + "/" + mark(two)
}

// writtenEdges reports whether a date has a written start and a written end.
func writtenEdges(date string) (start, end bool) {
	if strings.Contains(date, "at least") || strings.Contains(date, "by ") {
		return false, false
	}
	left, right, ok := strings.Cut(date, "/")
	if !ok {
		return true, true
	}
	return left != "" && left != "..", right != "" && right != ".."
}

// oracle computes the relation of two terms from all readings of both dates.
func oracle(t testing.TB, a, b string, samePost bool) office.Relation {
	first, last := day(t, "2019-12-29"), day(t, "2020-01-12")
	all, some, handover := true, false, false
	startA, endA := writtenEdges(a)
	startB, endB := writtenEdges(b)
	for _, x := range readings(t, a, first, last) {
		for _, y := range readings(t, b, first, last) {
			all = all && x[0] < y[1] && y[0] < x[1]
			some = some || x[0] <= y[1] && y[0] <= x[1]
			handover = handover || samePost && (x[1] == y[0] && endA && startB || y[1] == x[0] && endB && startA)
		}
	}
	switch {
	case all:
		return office.Certainly
	case handover:
		return office.Handover
	case some:
		return office.Possibly
	}
	return office.Apart
}

func TestTwoTermsAgreeWithEveryReading(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	seen := map[office.Relation]int{}
	for range 4000 {
		a, b := randomDate(r), randomDate(r)
		x, y := term(t, "person:a", "post:p", a), term(t, "person:b", "post:p", b)
		got, _ := office.RelationOf(x, y)
		if want := oracle(t, a, b, true); got != want {
			t.Fatalf("%q and %q in one post: %v, not %v", a, b, got, want)
		}
		if back, _ := office.RelationOf(y, x); back != got {
			t.Fatalf("%q and %q: %v one way, %v the other", a, b, got, back)
		}
		seen[got]++
		x.At, y.At = "institution:i", "institution:i"
		_, certain := office.CertainOverlap(x, y)
		if want := oracle(t, a, b, false); certain != (want == office.Certainly) || x.Follows(y) {
			t.Fatalf("%q and %q at one institution: certain %v, by all readings %v", a, b, certain, want)
		}
	}
	for _, relation := range []office.Relation{office.Apart, office.Handover, office.Possibly, office.Certainly} {
		if seen[relation] < 200 {
			t.Errorf("%v was seen %d times only", relation, seen[relation])
		}
	}
}

// The days of a certain overlap are the days of every reading.
func TestCertainDaysAgreeWithEveryReading(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	first, last := day(t, "2019-12-29"), day(t, "2020-01-12")
	found, anytime := 0, 0
	for range 2000 {
		a, b := randomDate(r), randomDate(r)
		days, ok := office.CertainOverlap(term(t, "person:a", "institution:i", a), term(t, "person:b", "institution:i", b))
		if !ok {
			continue
		}
		for d := first; d <= last; d++ {
			all := true
			for _, x := range readings(t, a, first, last) {
				for _, y := range readings(t, b, first, last) {
					all = all && x[0] <= d && d <= x[1] && y[0] <= d && d <= y[1]
				}
			}
			if got := days.From <= d && d <= days.To; got != all {
				t.Fatalf("%q and %q on %v: certain %v, by all readings %v", a, b, d, got, all)
			}
			found++
		}
		if days.From > days.To {
			anytime++
			for _, x := range readings(t, a, first, last) {
				for _, y := range readings(t, b, first, last) {
					if max(x[0], y[0], days.To) > min(x[1], y[1], days.From) {
						t.Fatalf("%q and %q: not together from %v to %v where they are %v and %v", a, b, days.To, days.From, x, y)
					}
				}
			}
		}
	}
	if found < 1000 || anytime < 10 {
		t.Errorf("only %d days, and %d overlaps without a certain one", found, anytime)
	}
}

// A term of several facts is certain only where every reading of all facts
// contains it, and possible where some reading does.
func TestTermsOfSeveralFactsAgreeWithEveryReading(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	first, last := day(t, "2019-12-29"), day(t, "2020-01-12")
	joined, certain := 0, 0
	for range 3000 {
		a, b := randomDate(r), randomDate(r)
		terms := termsOf(t, "person:a", "post:p", a, b)
		if len(terms) == 1 {
			joined++
		}
		for d := first + 1; d < last; d++ {
			all := true
			for _, x := range readings(t, a, first, last) {
				for _, y := range readings(t, b, first, last) {
					all = all && (x[0] <= d && d <= x[1] || y[0] <= d && d <= y[1])
				}
			}
			got := false
			for _, term := range terms {
				got = got || term.Certain(d, d)
				if term.Certain(d, d) && !term.Possible(d, d) {
					t.Fatalf("%q and %q on %v: certain and not possible: %+v", a, b, d, term)
				}
			}
			if got != all {
				t.Fatalf("%q and %q on %v: certain %v, by all readings %v", a, b, d, got, all)
			}
			if got {
				certain++
			}
		}
	}
	if joined < 1000 || certain < 3000 {
		t.Errorf("%d joined, %d certain days", joined, certain)
	}
}

// Terms of one post that share an edge are handovers, at every precision.
func TestHandovers(t *testing.T) {
	for _, test := range []struct {
		a, b     string
		relation office.Relation
		from, to string
	}{
		{"2012/2017-03-01", "2017-03-01/..", office.Handover, "2017-03-01", "2017-03-01"},
		{"2009/2017", "2017/2021", office.Handover, "2017-01-01", "2017-12-31"},
		{"2009/2017-03", "2017-03/2021", office.Handover, "2017-03-01", "2017-03-31"},
		{"2009/2017-03-05", "2017/2021", office.Handover, "2017-03-05", "2017-03-05"},
		{"2009/2017", "2017-06/2021", office.Handover, "2017-06-01", "2017-06-30"},
		{"2009/2017~", "2017/2021", office.Handover, "2017-01-01", "2017-12-31"},
		{"2017", "2017/2021", office.Handover, "2017-01-01", "2017-12-31"},
		{"/2017", "2017/", office.Handover, "2017-01-01", "2017-12-31"},
		{"2009/2018", "2017/2021", office.Certainly, "2017-12-31", "2018-01-01"},
		{"2009/2017-06-02", "2017-06-01/2021", office.Certainly, "2017-06-01", "2017-06-02"},
		{"2009/..", "2017/2021", office.Certainly, "2017-12-31", "2021-01-01"},
		{"2009/", "2017/2021", office.Possibly, "2017-01-01", "2021-12-31"},
		{"2009/2020", "2017", office.Certainly, "2017-01-01", "2017-12-31"}, // certain, but on no single day
		{"at least 2017-03-01", "2017-03-01/2021", office.Possibly, "2017-03-01", "2021-12-31"},
		{"2009/2016", "2017/2021", office.Apart, "", ""},
		{"../2018", "../2018", office.Possibly, "", ""},
	} {
		relation, days := office.RelationOf(term(t, "person:a", "post:p", test.a), term(t, "person:b", "post:p", test.b))
		if relation != test.relation || test.from != "" && (days.From.String() != test.from || days.To.String() != test.to) {
			t.Errorf("%q and %q: %v from %v to %v", test.a, test.b, relation, days.From, days.To)
		}
	}
}

// Facts of one holder that overlap or follow without a gap are one term.
func TestTermsAreJoined(t *testing.T) {
	for _, test := range []struct {
		dates []string
		want  string
	}{
		{[]string{"2009/2013", "2013/2017"}, "2009/2017"},
		{[]string{"2005-01-03/2011-01-03", "2011-01-03/2017-01-03"}, "2005-01-03/2017-01-03"},
		{[]string{"2005-01-03/2011-01-02", "2011-01-03/2017-01-03"}, "2005-01-03/2017-01-03"},
		{[]string{"2005-01-03/2011-01-01", "2011-01-03/2017-01-03"}, "2005-01-03/2011-01-01, 2011-01-03/2017-01-03"},
		{[]string{"2021-01-22/2025-01-20", "at least 2023-07-13"}, "2021-01-22/2025-01-20"},
		{[]string{"at least 2010-05-03", "at least 2012-07"}, "at least 2010-05-03/2012-07"},
		{[]string{"2005/", "at least 2008-05"}, "2005/"},
		{[]string{"2005/", "2005/2011"}, "2005/2011"},
		{[]string{"2005/", "2011/2017"}, "2005/, 2011/2017"},
		{[]string{"2005/2011", "at least 2013"}, "2005/2011, at least 2013"},
		{[]string{"1885/1889", "1893/1897"}, "1885/1889, 1893/1897"},
		{[]string{"../2018", "2018/.."}, "from by 2018"},
		{[]string{"2009/2018", "2018/"}, "2009/"},
		{[]string{"2009/2013", ""}, "2009/2013"},
		{[]string{"", ""}, "undated"},
		{[]string{"1885/1889", "1893/1897", ""}, "1885/1889, 1893/1897, undated"},
	} {
		var got []string
		facts := 0
		for _, term := range termsOf(t, "person:a", "post:p", test.dates...) {
			got = append(got, term.When.String())
			facts += len(term.Facts)
		}
		if strings.Join(got, ", ") != test.want || facts != len(test.dates) {
			t.Errorf("%q: %q of %d facts, not %q", test.dates, got, facts, test.want)
		}
	}
}
