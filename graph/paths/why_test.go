package paths_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// relax removes a limit from a question by the limit's name alone.
func relax(q paths.Query, order *paths.Order, l paths.Limit) (paths.Query, *paths.Order) {
	c := conditions(q)
	c.Standings = c.AllowedStandings()
	q.Conditions = &c
	switch l {
	case paths.LimitCertain:
		order = &paths.Order{Latest: order.Latest}
	case paths.LimitOrder:
		order = nil
	case paths.LimitVia:
		q.Via = nil
	case paths.LimitUndated:
		c.Undated = true
	case paths.LimitContained:
		c.Contained = false
	case paths.LimitDates:
		c.Since, c.Until, c.Contained = "", "", false
	case paths.LimitAsOf:
		c.AsOf = ""
	case paths.LimitVerbs:
		c.Verbs = nil
	case paths.LimitRoles:
		c.Roles = graph.AllRoles
	case paths.LimitDirection:
		q.Direction = paths.AnyWay
	case paths.LimitThrough:
		q.Through = nil
	case paths.LimitAvoid:
		q.Avoid = nil
	case paths.LimitDatasets:
		c.Datasets = nil
	case paths.LimitSources:
		c.MinSources = 0
	case paths.LimitConfidence:
		c.MinConfidence = 0
	case paths.LimitDisputed:
		c.Disputed = graph.DisputedToo
	case paths.LimitStanding:
		c.Standings = schema.Standings()
	case paths.LimitHops:
		q.Hops = paths.MaxHops
	case paths.LimitStatus:
		c.Statuses = schema.Statuses()
	}
	return q, order
}

// Without any limit of Alone there is a path. Without all limits of Together there is
// a path, and with any of them there is none. If both are empty, there is no path
// without any limit.
func TestWhy(t *testing.T) {
	alone, together, none := 0, 0, 0
	for seed := range worlds(t, 60) {
		r := rand.New(rand.NewPCG(seed, 31))
		ids, facts := world(r)
		v := viewOf(t, facts)
		for range 20 {
			q := randomQuery(r, ids)
			q.Hops = 1 + r.IntN(3)
			if len(q.Conditions.Standings) > 0 {
				q.Conditions.Datasets = nil // which given up may give a fact another standing, so that it is lost
			}
			var order *paths.Order
			if r.IntN(3) == 0 {
				order = &paths.Order{Certain: r.IntN(2) == 0, Latest: r.IntN(2) == 0}
			}
			from, to := []schema.ID{pick(r, ids...)}, []schema.ID{pick(r, ids...)}
			there := func(without ...paths.Limit) bool {
				q, order := q, order
				for _, l := range without {
					q, order = relax(q, order, l)
				}
				found, err := false, error(nil)
				if order != nil {
					_, found, err = v.InOrder(t.Context(), from, to, q, *order)
				} else {
					_, found, err = v.Shortest(t.Context(), from[0], to[0], q)
				}
				if err != nil {
					t.Fatal(err)
				}
				return found
			}
			reason, err := v.Why(t.Context(), from, to, q, order)
			if err != nil || there() {
				continue // an end without facts, or a path
			}
			for _, l := range reason.Alone {
				if !there(l) {
					t.Fatalf("%v to %v, %+v: none without %s", from, to, q, l)
				}
				alone++
			}
			for i := range reason.Together {
				if fewer := slices.Delete(slices.Clone(reason.Together), i, i+1); !there(reason.Together...) || there(fewer...) {
					t.Fatalf("%v to %v, %+v, %+v: %v, not %v", from, to, q, order, reason.Together, fewer)
				}
				together++
			}
			if len(reason.Alone)+len(reason.Together) == 0 {
				none++
				if there(paths.LimitOrder, paths.LimitVia, paths.LimitDates, paths.LimitAsOf, paths.LimitVerbs, paths.LimitRoles, paths.LimitDirection, paths.LimitThrough,
					paths.LimitAvoid, paths.LimitDatasets, paths.LimitSources, paths.LimitConfidence, paths.LimitDisputed, paths.LimitHops, paths.LimitStatus) {
					t.Fatalf("%v to %v, %+v: there is a path", from, to, q)
				}
			} else if len(reason.Hops) == 0 {
				t.Fatalf("%v to %v, %+v: %+v has no path", from, to, q, reason)
			}
		}
	}
	if alone < 100 || together < 100 || none < 20 {
		t.Errorf("only %d alone, %d together and %d without a path", alone, together, none)
	}
}

// A search that exceeds its limit of work reports it.
func TestWhyIsCut(t *testing.T) {
	facts := []schema.Fact{fact("person:0", "met", "person:x", "2020", schema.Happened)}
	for a := range 12 {
		for b := range a {
			facts = append(facts, fact(schema.ID("person:"+string(rune('a'+a))), "met", schema.ID("person:"+string(rune('a'+b))), "2020", schema.Happened))
		}
	}
	facts = append(facts, fact("person:c", "met", "person:0", "2020", schema.Happened))
	v := viewOf(t, facts)
	from, to := []schema.ID{"person:a"}, []schema.ID{"person:b"}
	q := paths.Query{Via: []schema.ID{"person:x"}, Hops: 4}
	reason, err := v.Why(t.Context(), from, to, q, nil)
	if err != nil || !slices.Equal(reason.Alone, []paths.Limit{paths.LimitVia}) || !reason.Cut {
		t.Errorf("%+v, %v", reason, err)
	}
}

// A value of each condition that a fact does not fulfil is a limit that Why names, so
// that a new condition cannot be left out of the limits.
func TestEveryConditionIsALimit(t *testing.T) {
	f := schema.Fact{Verb: "met", Roles: []schema.Participant{{Role: schema.RoleParty, ID: "person:a"}, {Role: schema.RoleParty, ID: "person:b"}},
		When: schema.When{Written: "2023-07-12"}, Status: schema.Happened, Evidence: []schema.Evidence{{Dataset: "one", Source: "doc:one", Confidence: 0.5}}}
	v, err := paths.NewView(t.Context(), graphOf(t, []schema.Fact{f}))
	if err != nil {
		t.Fatal(err)
	}
	unfulfilled := map[string]*graph.Conditions{
		"Verbs": {Verbs: []schema.Verb{"sanctioned"}}, "Statuses": {Statuses: []schema.Status{schema.Planned}},
		"Standings": {Standings: []schema.Standing{schema.StandingDenied}}, "Disputed": {Disputed: graph.DisputedOnly},
		"Since": {Since: "2024"}, "Until": {Until: "2022"}, "AsOf": {AsOf: "2022"}, "Datasets": {Datasets: []string{"other"}},
		"MinSources": {MinSources: 2}, "MinConfidence": {MinConfidence: 0.9},
		// The oracle of TestWhy covers these, which this fact cannot violate alone.
		"Roles": nil, "Contained": nil, "Undated": nil,
	}
	for field := range reflect.TypeFor[graph.Conditions]().Fields() {
		c, ok := unfulfilled[field.Name]
		if !ok {
			t.Errorf("no value for the condition %s", field.Name)
		}
		if c == nil {
			continue
		}
		r, err := v.Why(t.Context(), []schema.ID{"person:a"}, []schema.ID{"person:b"}, paths.Query{Conditions: c}, nil)
		if err != nil || len(r.Alone)+len(r.Together) == 0 {
			t.Errorf("%s: %+v, %v", field.Name, r, err)
		}
	}
}
