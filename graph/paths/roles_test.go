package paths_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// withRole returns a fact with one more participant.
func withRole(f schema.Fact, role schema.Role, id schema.ID) schema.Fact {
	f.Roles = append(slices.Clone(f.Roles), schema.Participant{Role: role, ID: id})
	return f
}

// Paths go through mediators.
func TestPathsGoByRoles(t *testing.T) {
	talks := withRole(withRole(fact("country:us", "agreed-with", "country:cuba", "2014-12-17", ""), "mediator", "person:francis"), "mediator", "country:canada")
	v := viewOf(t, []schema.Fact{talks, withRole(fact("country:us", "met", "country:iran", "2015", schema.Planned), "host", "country:oman")})
	for _, test := range []struct {
		from, to schema.ID
		query    paths.Query
		want     string
	}{
		{"person:francis", "country:cuba", paths.Query{}, "1.5 [mediated-for false]"},
		{"country:cuba", "person:francis", paths.Query{}, "1.5 [mediated-for true]"},
		{"country:us", "country:cuba", paths.Query{}, "1 [agreed-with false]"},
		{"person:francis", "country:cuba", paths.Query{Conditions: &graph.Conditions{Statuses: happened, Verbs: []schema.Verb{"mediated-for"}}}, "1.5 [mediated-for false]"},
		{"person:francis", "country:cuba", paths.Query{Conditions: &graph.Conditions{Statuses: happened, Verbs: []schema.Verb{"agreed-with"}}}, ""},
		{"person:francis", "country:cuba", paths.Query{Conditions: &graph.Conditions{Statuses: happened, Roles: graph.MainRoles}}, ""},
		{"person:francis", "country:cuba", paths.Query{Direction: paths.Forward}, "1.5 [mediated-for false]"},
		{"country:cuba", "person:francis", paths.Query{Direction: paths.Forward}, ""},
		{"country:oman", "country:iran", paths.Query{}, ""},
		{"country:oman", "country:iran", paths.Query{Conditions: &graph.Conditions{Statuses: []schema.Status{schema.Planned}}}, "1.5 [was-host-to false]"},
	} {
		got := ""
		p, ok, err := v.Shortest(t.Context(), test.from, test.to, test.query)
		if ok {
			var steps []string
			for _, h := range p.Hops {
				for _, s := range h.Steps {
					steps = append(steps, fmt.Sprint(s.Verb, " ", s.Reverse))
				}
			}
			got = fmt.Sprint(p.Telling, " ", steps)
		}
		if err != nil || got != test.want {
			t.Errorf("%s to %s, %+v: %q, %v; want %q", test.from, test.to, test.query, got, err, test.want)
		}
	}
}

// A host of many meetings and a summit with many guests are between all entities. The
// default path goes through few people who know each other instead.
func TestHostsAndSummitsAreNoShortcut(t *testing.T) {
	person := func(i int) schema.ID { return schema.ID(fmt.Sprint("person:", i)) }
	var facts []schema.Fact
	for i := range 30 {
		a, b := person(2*i), person(2*i+1)
		facts = append(facts,
			withRole(withRole(fact(a, "met", b, "2020-01-01", ""), "host", "country:host"), "during", "gathering:summit"),
			fact(b, "called", person((2*i+2)%60), "2021-01-01", "")) // a ring
	}
	v := viewOf(t, facts)
	for hops := 1; hops <= 5; hops++ {
		p, ok, err := v.Shortest(t.Context(), person(0), person(hops), paths.Query{})
		if err != nil || !ok || len(p.Hops) != hops {
			t.Errorf("%d apart: %v, %v", hops, nodesOf(p), err)
		}
		for _, node := range nodesOf(p) {
			if schema.KindOf(node) != schema.Person {
				t.Errorf("%d apart: %v", hops, nodesOf(p))
			}
		}
	}
	if p, ok, err := v.Shortest(t.Context(), person(0), person(5), paths.Query{Rank: paths.ByHops}); err != nil || !ok || len(p.Hops) != 2 {
		t.Errorf("the shortest: %v, %v", nodesOf(p), err)
	}
}
