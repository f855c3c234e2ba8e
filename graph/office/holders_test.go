package office_test

import (
	"context"
	"fmt"
	"iter"
	"log"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/office"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

func ExampleHolders() {
	ctx := context.Background()
	g, err := graph.Open(ctx, "", nil) // a temporary graph
	if err != nil {
		log.Fatal(err)
	}
	defer g.Close()
	in, err := loaders.Open("../../examples/us-china-2023", nil)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := g.LoadInput(ctx, in, nil); err != nil {
		log.Fatal(err)
	}
	h, err := office.Holders(ctx, g, "post:us-secretary-of-defense", nil)
	if err != nil {
		log.Fatal(err)
	}
	day, _, _ := schema.Window("2023-07-12")
	for _, t := range h.Terms {
		fmt.Println(t.When, t.Holder, "from", len(t.Facts), "facts; certain on that day:", t.Certain(day, day))
	}
	// Output:
	// 2021-01-22/2025-01-20 person:lloyd-austin from 2 facts; certain on that day: true
}

// held is a fact that a person held the post.
func held(who, date string, stances ...schema.Stance) schema.Fact {
	f := schema.Fact{Verb: "holds-post", Status: schema.Happened, When: when(date),
		Roles: []schema.Participant{{Role: schema.RoleActor, ID: schema.ID("person:" + who)}, {Role: schema.RoleRecipient, ID: "post:p"}}}
	for i, stance := range append(stances, schema.Asserts)[:max(1, len(stances))] {
		f.Evidence = append(f.Evidence, schema.Evidence{Source: schema.ID(fmt.Sprint("doc:", i)), Dataset: "one", Stance: stance})
	}
	return f
}

// happened is an event of a holder, with the post in a role.
func happened(who string, verb schema.Verb, date string, own, post schema.Role) schema.Fact {
	f := held(who, date)
	f.Verb = verb
	f.Roles = []schema.Participant{{Role: own, ID: schema.ID("person:" + who)}, {Role: post, ID: "post:p"}}
	if own != schema.RoleActor {
		f.Roles = append(f.Roles, schema.Participant{Role: schema.RoleActor, ID: "institution:i"})
	}
	return f
}

func historyOf(t testing.TB, facts []schema.Fact) *office.History {
	t.Helper()
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if _, err := g.Load(t.Context(), "one", records(facts), nil); err != nil {
		t.Fatal(err)
	}
	h, err := office.Holders(t.Context(), g, "post:p", nil)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func records(facts []schema.Fact) iter.Seq2[schema.Record, error] {
	return func(yield func(schema.Record, error) bool) {
		ids := map[schema.ID]bool{}
		for _, f := range facts {
			for _, p := range f.Roles {
				ids[p.ID] = true
			}
			for _, e := range f.Evidence {
				ids[e.Source] = true
			}
		}
		for id := range ids {
			if !yield(schema.Entity{ID: id, Kind: schema.KindOf(id), Label: string(id)}, nil) {
				return
			}
		}
		for _, f := range facts {
			if !yield(f, nil) {
				return
			}
		}
	}
}

// text formats the holders of the post in one line.
func text(h *office.History) string {
	var lines []string
	for _, t := range h.Terms {
		line := strings.TrimPrefix(string(t.Holder), "person:") + " " + t.When.String()
		for mark, is := range map[string]bool{" derived": t.Derived, " disputed": t.Disputed} {
			if is {
				line += mark
			}
		}
		lines = append(lines, line)
	}
	for _, t := range h.Undated {
		lines = append(lines, strings.TrimPrefix(string(t.Holder), "person:")+" undated")
	}
	return fmt.Sprint(strings.Join(lines, ", "), "; ", len(h.NotCounted), " apart, ", len(h.Events), " events")
}

func TestHolders(t *testing.T) {
	for _, test := range []struct {
		facts []schema.Fact
		want  string
	}{
		{[]schema.Fact{held("b", "2017/2021"), held("a", "2009/2017")}, "a 2009/2017, b 2017/2021; 0 apart, 0 events"},
		{[]schema.Fact{held("a", "1885/1889"), held("b", "1889/1893"), held("a", "1893/1897")}, "a 1885/1889, b 1889/1893, a 1893/1897; 0 apart, 0 events"},
		// A second holder between the attested days of the first parts them
		// into two terms.
		{[]schema.Fact{held("a", "at least 1886"), held("b", "1889/1893"), held("a", "at least 1895")}, "a at least 1886, b 1889/1893, a at least 1895; 0 apart, 0 events"},
		{[]schema.Fact{held("a", "at least 1886"), held("a", "at least 1888")}, "a at least 1886/1888; 0 apart, 0 events"},
		{[]schema.Fact{held("a", "2009", schema.Denies), held("b", "2010", schema.Asserts, schema.Denies), held("c", "2011", schema.Hearsay)}, "b 2010 disputed; 2 apart, 0 events"},
		{[]schema.Fact{held("a", ""), held("b", "2010")}, "b 2010, a undated; 0 apart, 0 events"},
		{[]schema.Fact{happened("a", "took-up", "2010-05", schema.RoleActor, schema.RoleRecipient), happened("a", "resigned-from", "2012", schema.RoleActor, schema.RoleRecipient)},
			"a 2010-05/2012 derived; 0 apart, 0 events"},
		{[]schema.Fact{happened("a", "appointed", "2010-05", schema.RoleRecipient, "as"), happened("a", "took-up", "2010-07", schema.RoleActor, schema.RoleRecipient)},
			"a 2010-05/ derived; 0 apart, 0 events"},
		{[]schema.Fact{happened("a", "resigned-from", "2012", schema.RoleActor, schema.RoleRecipient)}, "a /2012 derived; 0 apart, 0 events"},
		{[]schema.Fact{happened("a", "took-up", "../2012", schema.RoleActor, schema.RoleRecipient)}, "a from by 2012 derived; 0 apart, 0 events"},
		{[]schema.Fact{happened("a", "took-up", "2010", schema.RoleActor, schema.RoleRecipient), held("a", "2010/2012")}, "a 2010/2012; 0 apart, 1 events"},
		{[]schema.Fact{happened("a", "took-up", "2010", schema.RoleActor, schema.RoleRecipient), held("a", "")}, "a 2010/ derived; 0 apart, 0 events"},
		{[]schema.Fact{happened("a", "took-up", "", schema.RoleActor, schema.RoleRecipient)}, "; 0 apart, 1 events"},
	} {
		if got := text(historyOf(t, test.facts)); got != test.want {
			t.Errorf("%q, not %q", got, test.want)
		}
	}
}

// Before and After name holders where the dates allow it, and only there.
func TestNeighbours(t *testing.T) {
	for _, test := range []struct {
		facts         []schema.Fact
		before, after string // of b
	}{
		{[]schema.Fact{held("a", "2012/2017-03-01"), held("b", "2017-03-01/2021-05-05"), held("c", "2021-05-06/..")}, "certainly a", "certainly c"},
		{[]schema.Fact{held("a", "2009/2017"), held("b", "2017/2021"), held("c", "2021/..")}, "possibly a", "possibly c"},
		{[]schema.Fact{held("a", "2009/2015"), held("b", "2017/2021")}, "nobody from 2016-01-01 to 2016-12-31, then a", ""},
		{[]schema.Fact{held("b", "2009/2015"), held("a", "2017/2021"), held("c", "2021/..")}, "", "nobody from 2016-01-01 to 2016-12-31, then a"},
		{[]schema.Fact{held("a", "2012/"), held("b", "2017-03-01/2021")}, "possibly a", ""},
		{[]schema.Fact{held("a", "at least 2005"), held("c", "at least 2013"), held("b", "2017/2021")}, "possibly c", ""},
		{[]schema.Fact{held("a", "2009/2017-03-01", schema.Asserts, schema.Denies), held("b", "2017-03-01/2021")}, "possibly a", ""},
		{[]schema.Fact{held("a", "2009/2019"), held("b", "2017/2021"), held("c", "2020/2030")}, "several", "several"},
		{[]schema.Fact{held("a", "2009/2017-03-01"), held("c", "2010/2017-03-01"), held("b", "2017-03-01/2021")}, "possibly a or c", ""},
		{[]schema.Fact{held("a", "2012/"), held("c", "2014/2015"), held("b", "2017/2019")}, "possibly a or c", ""},
		{[]schema.Fact{held("a", ""), held("b", "2017/2021")}, "", ""},
		{[]schema.Fact{held("a", "2017"), held("b", "2017")}, "possibly a", "possibly a"},
	} {
		h := historyOf(t, test.facts)
		i := slices.IndexFunc(h.Terms, func(term office.Term) bool { return term.Holder == "person:b" })
		for side, n := range map[string]office.Neighbours{test.before: h.Before(i), test.after + " ": h.After(i)} {
			if got := neighbourText(h, n); got != strings.TrimSpace(side) {
				t.Errorf("%s: %q, not %q", text(h), got, strings.TrimSpace(side))
			}
		}
	}
}

// The day of a handover is known where both ends are days, or within one month or
// year. It is unknown where one term ended in some year and the next began in the
// year after.
func TestNeighboursHandOver(t *testing.T) {
	for _, test := range []struct{ a, b, want string }{
		{"2009/2017-03-01", "2017-03-01/2021", "2017-03-01 2017-03-01"},
		{"2009/2017-03-01", "2017-03-02/2021", "2017-03-02 2017-03-02"},
		{"2009/2017", "2017-03/2021", "2017-03-01 2017-03-31"},
		{"2009/2016", "2017/2021", "none"},
		{"2009/2016-12", "2017-01-01/2021", "none"},
		{"2009/2016-12-31", "2017/2021", "none"},
	} {
		h := historyOf(t, []schema.Fact{held("a", test.a), held("b", test.b)})
		for _, n := range []office.Neighbours{h.Before(1), h.After(0)} {
			got := "none"
			if n.Handover != (office.Window{}) {
				got = fmt.Sprint(n.Handover.From, " ", n.Handover.To)
			}
			if got != test.want || len(n.Terms) != 1 {
				t.Errorf("%s and %s: a handover %s, not %s, with %d", test.a, test.b, got, test.want, len(n.Terms))
			}
		}
	}
}

// A gap comes after all terms before it, including the last one listed.
func TestGapIsAfterTheLastTerm(t *testing.T) {
	h := historyOf(t, []schema.Fact{held("a", "2017/2019"), held("b", "2019-02/2019-11"), held("c", "2021/2022")})
	if gaps := h.Gaps(); len(gaps) != 1 || gaps[0].After != 1 || gaps[0].Before != 2 {
		t.Errorf("%v", gaps)
	}
}

func neighbourText(h *office.History, n office.Neighbours) string {
	var names []string
	for _, i := range n.Terms {
		names = append(names, strings.TrimPrefix(string(h.Terms[i].Holder), "person:"))
	}
	who := strings.Join(names, " or ")
	switch {
	case n.Several:
		return "several"
	case n.Gap != nil:
		return fmt.Sprint("nobody from ", n.Gap.From, " to ", n.Gap.To, ", then ", strings.TrimPrefix(string(h.Terms[n.Known].Holder), "person:"))
	case n.Certain:
		return "certainly " + who
	case who != "":
		return "possibly " + who
	}
	return ""
}

// The certain holders, the possible holders and the gaps of each day agree with
// all readings of all dates.
func TestHoldersAgreeWithEveryReading(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	first, last := day(t, "2019-12-29"), day(t, "2020-01-12")
	certain, possible, nobody := 0, 0, 0
	for range 150 {
		var facts []schema.Fact
		dates := map[schema.ID]string{}
		for i := range 2 + r.IntN(3) {
			who, date := fmt.Sprint("h", i), randomDate(r)
			facts = append(facts, held(who, date))
			dates["person:"+schema.ID(who)] = date
		}
		h := historyOf(t, facts)
		if len(h.Terms) != len(dates) {
			t.Fatalf("%v: %d terms", dates, len(h.Terms))
		}
		for d := first; d <= last; d++ {
			someone := false
			for _, term := range h.Terms {
				all, some := true, false
				for _, x := range readings(t, dates[term.Holder], first, last) {
					in := x[0] <= d && d <= x[1]
					all, some = all && in, some || in
				}
				if term.Certain(d, d) != all || term.Possible(d, d) != some {
					t.Fatalf("%q on %v: certain %v, possible %v, by all readings %v and %v", dates[term.Holder], d, term.Certain(d, d), term.Possible(d, d), all, some)
				}
				someone = someone || some
				if all {
					certain++
				} else if some {
					possible++
				}
			}
			gap := slices.ContainsFunc(h.Gaps(), func(g office.Gap) bool { return g.From <= d && d <= g.To })
			within := slices.ContainsFunc(h.Terms, func(t office.Term) bool { return t.Possible(schema.MinDay, d) }) &&
				slices.ContainsFunc(h.Terms, func(t office.Term) bool { return t.Possible(d, schema.MaxDay) })
			if gap != (within && !someone) {
				t.Fatalf("%v: a gap on %v: %v, and somebody may have held it: %v", dates, d, gap, someone)
			}
			if gap {
				nobody++
			}
		}
	}
	if certain < 300 || possible < 1000 || nobody < 10 {
		t.Errorf("%d certain, %d possible, %d nobody", certain, possible, nobody)
	}
}
