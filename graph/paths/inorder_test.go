package paths_test

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// window returns the days on which a hop is possible under a query. ok is false if
// there are none, or if the hop is not certain.
func (o *oracle) window(q paths.Query, s oracleStep, certain bool) (from, until schema.Day, ok bool) {
	c := conditions(q)
	from, until, dated := o.dates(s.fact, c.Datasets)
	if !dated {
		if !c.Undated || certain {
			return 0, 0, false
		}
		from, until = schema.MinDay, schema.MaxDay
	}
	low, high := schema.MinDay, schema.MaxDay
	if c.Since+c.Until != "" {
		low, high, _ = schema.WindowBetween(c.Since, c.Until)
	}
	if c.AsOf != "" {
		_, day, _ := schema.Window(c.AsOf)
		high = min(high, day)
	}
	if certain && (from < low || until > high || s.relation || s.fact.Status != schema.Happened || s.fact.Standing() != schema.StandingAsserted) {
		return 0, 0, false
	}
	if certain && s.fact.Within != nil && s.fact.Within.Disputed {
		return 0, 0, false
	}
	from, until = max(from, low), min(until, high)
	return from, until, from <= until
}

// journeys returns the best arrival, or with latest the best start, of any journey
// along the nodes of a path. It tries every fact of each hop.
func (o *oracle) journey(q paths.Query, nodes []schema.ID, order paths.Order) (best schema.Day, ok bool) {
	var try func(i int, low schema.Day, begun schema.Day)
	try = func(i int, low, begun schema.Day) {
		if i == len(nodes)-1 {
			value := low
			if order.Latest {
				value = begun
			}
			if !ok || (value < best) != order.Latest && value != best {
				best, ok = value, true
			}
			return
		}
		for _, s := range o.steps[nodes[i]] {
			if s.to != nodes[i+1] || !o.takes(q, s) {
				continue
			}
			from, until, usable := o.window(q, s, order.Certain)
			if !usable {
				continue
			}
			if order.Certain {
				if i == 0 || from > low {
					try(i+1, until, map[bool]schema.Day{true: from, false: begun}[i == 0])
				}
				continue
			}
			// Days between bounds never do better than the bounds of some fact.
			for _, day := range o.days {
				if day >= from && day <= until && (i == 0 || day >= low) {
					try(i+1, day, map[bool]schema.Day{true: day, false: begun}[i == 0])
				}
			}
		}
	}
	try(0, schema.MinDay, schema.MinDay)
	return best, ok
}

// bounds returns the first and last days of facts, cut to the days of the query.
func (o *oracle) bounds(q paths.Query) (days []schema.Day) {
	for _, steps := range o.steps {
		for _, s := range steps {
			if from, until, ok := o.window(q, s, false); ok {
				days = append(days, from, until)
			}
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

func TestInOrderAgreesWithBruteForce(t *testing.T) {
	found, certain := 0, 0
	for seed := range worlds(t, 100) {
		r := rand.New(rand.NewPCG(seed, 17))
		ids, facts := world(r)
		v, o := viewOf(t, facts), newOracle(facts)
		for range 25 {
			q := randomQuery(r, ids)
			q.Hops = 1 + r.IntN(4)
			if r.IntN(4) == 0 {
				q = paths.Query{Hops: 3 + r.IntN(3), Via: []schema.ID{pick(r, ids...)}} // ways with a loop
			}
			if r.IntN(4) == 0 {
				c := conditions(q)
				c.Datasets, c.Undated = []string{pick(r, "one", "two")}, true
				q.Conditions = &c
			}
			order := paths.Order{Latest: r.IntN(2) == 0, Certain: r.IntN(2) == 0}
			from, to := []schema.ID{pick(r, ids...)}, []schema.ID{pick(r, ids...)}
			if r.IntN(6) == 0 {
				from, to = append(from, pick(r, ids...)), append(to, pick(r, ids...))
			}
			j, ok := compareInOrder(t, v, o, unique(from), unique(to), q, order)
			if ok {
				found++
			}
			if j.Certain {
				certain++
			}
		}
	}
	if found < least(180) || certain < least(80) {
		t.Errorf("only %d questions had an answer, %d of them certain", found, certain)
	}
}

// A fact that has a date in one dataset and none in another may be on any day by the
// latter dataset.
func TestInOrderUndatedByOneDataset(t *testing.T) {
	first := fact("person:a", "met", "person:b", "", schema.Happened)
	told := schema.Evidence{Source: "doc:y", Dataset: "two", When: schema.When{Written: "2023-08-01"}}
	again := first
	again.Evidence = []schema.Evidence{told}
	v := viewOf(t, []schema.Fact{first, again, fact("person:b", "met", "person:c", "2021-01-01", schema.Happened)})
	for _, latest := range []bool{false, true} {
		q := paths.Query{Conditions: &graph.Conditions{Statuses: happened, Datasets: []string{"one"}, Undated: true}}
		j, ok, err := v.InOrder(t.Context(), []schema.ID{"person:a"}, []schema.ID{"person:c"}, q, paths.Order{Latest: latest})
		if err != nil || !ok || len(j.Hops) != 2 {
			t.Errorf("latest %v: found %v, %v, %v", latest, j, ok, err)
		}
	}
}

func compareInOrder(t *testing.T, v *paths.View, o *oracle, from, to []schema.ID, q paths.Query, order paths.Order) (paths.Journey, bool) {
	t.Helper()
	what := fmt.Sprintf("%v to %v, %+v, %+v", from, to, q, order)
	j, ok, err := v.InOrder(t.Context(), from, to, q, order)
	both := slices.ContainsFunc(from, func(id schema.ID) bool { return slices.Contains(to, id) })
	if both || errors.Is(err, graph.ErrNotFound) || errors.Is(err, paths.ErrQuery) {
		return j, false
	}
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	o.days = o.bounds(q)
	var best schema.Day
	hops, there := 0, false
	for _, p := range o.paths(from, to, q) {
		day, possible := o.journey(q, p.nodes, order)
		n := len(p.nodes) - 1
		if possible && (!there || day == best && n < hops || day != best && (day < best) != order.Latest) {
			best, hops, there = day, n, true
		}
	}
	if ok != there {
		t.Fatalf("%s: found %v, want %v", what, ok, there)
	}
	if ok {
		checkJourney(t, what, o, j, q, order, best, hops)
	}
	return j, ok
}

// checkJourney compares a journey with the best one, and its days and certainty with
// the facts.
func checkJourney(t *testing.T, what string, o *oracle, j paths.Journey, q paths.Query, order paths.Order, best schema.Day, hops int) {
	t.Helper()
	if len(j.Hops) != hops {
		t.Fatalf("%s: %d hops, not %d", what, len(j.Hops), hops)
	}
	early, late, certain := schema.MinDay, schema.MaxDay, true
	var windows []paths.Window
	for i, h := range j.Hops {
		k := slices.IndexFunc(o.steps[h.From], func(s oracleStep) bool {
			return s.to == h.To && s.fact.ID == h.Steps[0].Fact && o.takes(q, s)
		})
		if k < 0 || len(h.Steps) != 1 {
			t.Fatalf("%s: hop %d goes by %v", what, i, h.Steps)
		}
		from, until, ok := o.window(q, o.steps[h.From][k], order.Certain)
		_, _, sure := o.window(q, o.steps[h.From][k], true)
		certain = certain && sure && (i == 0 || from > windows[i-1].To)
		if !ok {
			t.Fatalf("%s: hop %d has no day", what, i)
		}
		windows = append(windows, paths.Window{From: from, To: until})
	}
	for i := range windows {
		early = max(early, windows[i].From)
		late = schema.MaxDay
		for _, w := range windows[i:] {
			late = min(late, w.To)
		}
		if j.Days[i] != (paths.Window{From: early, To: late}) || early > late {
			t.Fatalf("%s: hop %d on %v, not %v to %v", what, i, j.Days[i], early, late)
		}
	}
	if j.Certain != certain || order.Certain && !certain {
		t.Fatalf("%s: certain %v, not %v", what, j.Certain, certain)
	}
	got := j.Days[len(j.Days)-1].From
	switch last := j.Days[len(j.Days)-1]; {
	case order.Latest && order.Certain:
		got = j.Days[0].From
	case order.Latest:
		got = j.Days[0].To
	case order.Certain:
		got = last.To
	}
	if cmp.Compare(got, best) != 0 {
		t.Fatalf("%s: %v by %v, not %v", what, j, got, best)
	}
}
