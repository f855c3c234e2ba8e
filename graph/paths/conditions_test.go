package paths_test

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// A view selects the same facts as the graph does, among facts that link entities, for
// all conditions. The graph and the view compile the same conditions separately. A
// field of Conditions that is never set here fails the test, so that a new field must
// be added to randomConditions.
func TestViewCountsTheFactsOfTheGraph(t *testing.T) {
	drawn, some, none := map[string]bool{}, 0, 0
	for seed := range worlds(t, 40) {
		r := rand.New(rand.NewPCG(seed, 47))
		ids, facts := world(r)
		disagree(r, facts)
		g := graphOf(t, facts)
		v, err := paths.NewView(t.Context(), g)
		if err != nil {
			t.Fatal(err)
		}
		for range 40 {
			c := randomConditions(r)
			if c.Since+c.Until != "" && r.IntN(2) == 0 {
				c.Since = fmt.Sprint(2013 + r.IntN(12))
				c.Until = c.Since
			}
			want, got := linkingFacts(t, g, c), countedFacts(t, v, ids, c)
			if !maps.Equal(got, want) {
				t.Fatalf("seed %d, %+v: the view counts %v, the graph %v", seed, c, got, want)
			}
			if some += min(1, len(want)); len(want) == 0 {
				none++
			}
			fields := reflect.ValueOf(c)
			for i := range fields.NumField() {
				if !fields.Field(i).IsZero() {
					drawn[fields.Type().Field(i).Name] = true
				}
			}
		}
	}
	for i := range reflect.TypeFor[graph.Conditions]().NumField() {
		if name := reflect.TypeFor[graph.Conditions]().Field(i).Name; !drawn[name] {
			t.Errorf("no conditions with %s", name)
		}
	}
	if some < none/4 || none < some/20 {
		t.Errorf("%d conditions with facts, %d without", some, none)
	}
}

// A dataset that passes a fact on or doubts it gives days like any other dataset; a
// dataset that denies it gives none.
func TestDaysOfOtherStances(t *testing.T) {
	for stance, counts := range map[schema.Stance]bool{schema.Asserts: true, schema.Hearsay: true, schema.Doubts: true, schema.Denies: false} {
		asserted, other := fact("person:a", "met", "person:b", "2018", ""), fact("person:a", "met", "person:b", "2018", "")
		other.Evidence = []schema.Evidence{{Source: "doc:y", Dataset: "two", Stance: stance, When: schema.When{Written: "2020"}}}
		g := graphOf(t, []schema.Fact{asserted, other})
		v, err := paths.NewView(t.Context(), g)
		if err != nil {
			t.Fatal(err)
		}
		for year, want := range map[string]bool{"2018": true, "2020": counts, "2022": false} {
			for _, datasets := range [][]string{nil, {"one", "two"}} {
				c := graph.Conditions{Statuses: happened, Since: year, Until: year, Datasets: datasets}
				p, ok, err := v.Shortest(t.Context(), "person:a", "person:b", paths.Query{Conditions: &c})
				if err != nil || ok != want || len(linkingFacts(t, g, c)) > 0 != want {
					t.Errorf("another dataset %s it of 2020: in %s %v %v, want %v", stance, year, p, err, want)
				}
			}
		}
	}
}

// disagree lets evidence of events differ in stance and date.
func disagree(r *rand.Rand, facts []schema.Fact) {
	for _, f := range facts {
		for i := range f.Evidence {
			if e := &f.Evidence[i]; f.Verb != "advises" && f.Verb != "works-at" && f.Verb != "allied-with" && r.IntN(2) == 0 {
				e.When.Written = fmt.Sprint(2013 + r.IntN(12))
				e.Stance = pick(r, schema.Stances()...)
			}
		}
	}
}

// linkingFacts returns the facts that the graph selects and that link entities by the
// wanted predicates.
func linkingFacts(t *testing.T, g *graph.Graph, c graph.Conditions) map[schema.ID]bool {
	t.Helper()
	counted := map[schema.ID]bool{}
	for f, err := range g.Facts(t.Context(), graph.Filter{Conditions: c}) {
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(g.Vocabulary().Pairs(f), func(e schema.Edge) bool {
			return (len(c.Verbs) == 0 || slices.Contains(c.Verbs, e.Verb)) && (c.Roles != graph.MainRoles || e.Role == "")
		}) {
			counted[f.ID] = true
		}
	}
	return counted
}

// countedFacts returns the facts of all hops in the view.
func countedFacts(t *testing.T, v *paths.View, ids []schema.ID, c graph.Conditions) map[schema.ID]bool {
	t.Helper()
	counted := map[schema.ID]bool{}
	for i, from := range ids {
		for _, to := range ids[:i] {
			if !v.Has(from) || !v.Has(to) {
				continue
			}
			p, _, err := v.Shortest(t.Context(), from, to, paths.Query{Conditions: &c, Hops: 1})
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range p.Hops {
				for _, s := range h.Steps {
					counted[s.Fact] = true
				}
			}
		}
	}
	return counted
}

// The graph and a view refuse the same conditions with the same error.
func TestUnknownConditionsAreRefused(t *testing.T) {
	f := schema.Fact{Verb: "met", Roles: []schema.Participant{{Role: schema.RoleParty, ID: "person:a"}, {Role: schema.RoleParty, ID: "person:b"}},
		Evidence: []schema.Evidence{{Source: "doc:one"}}}
	g := graphOf(t, []schema.Fact{f})
	v, err := paths.NewView(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []graph.Conditions{
		{Roles: "side"}, {Disputed: "maybe"}, {Statuses: []schema.Status{schema.Happened, "happend"}}, {Standings: []schema.Standing{"true"}},
		{MinSources: -1}, {MinConfidence: 1.5}, {MinConfidence: math.NaN()}, {Contained: true}, {Verbs: []schema.Verb{"met", "mett"}},
	} {
		_, _, want := v.Shortest(t.Context(), "person:a", "person:b", paths.Query{Conditions: &c})
		if !errors.Is(want, graph.ErrQuery) && !errors.Is(want, schema.ErrUnknownVerb) {
			t.Errorf("%+v: the view gives %v", c, want)
		}
		var got error
		for _, err := range g.Facts(t.Context(), graph.Filter{Conditions: c}) {
			got = err
		}
		_, err := g.Timeline(t.Context(), graph.Filter{Conditions: c})
		for _, got := range []error{got, err} {
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%+v: %v, want %v", c, got, want)
			}
		}
	}
}
