package paths_test

import (
	"math/rand/v2"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// happened are the statuses of facts that have edges.
var happened = []schema.Status{schema.Happened}

// randomConditions are conditions of which each is set now and then.
func randomConditions(r *rand.Rand) graph.Conditions {
	c := graph.Happened()
	maybe := func(oneIn int, fn func()) {
		if r.IntN(oneIn) == 0 {
			fn()
		}
	}
	maybe(4, func() { c.Verbs = []schema.Verb{"met", "urged", "allied-with"} })
	maybe(12, func() {
		c.Verbs = []schema.Verb{"mediated-for", "took-part-in", "met", "was-involved-with", "attended"}
	})
	maybe(10, func() { c.Roles = graph.MainRoles })
	maybe(4, func() { c.Statuses = []schema.Status{schema.Happened, schema.Refused} })
	maybe(16, func() { c.Statuses = []schema.Status{schema.Planned} })
	maybe(8, func() { c.Statuses = nil })
	maybe(4, func() {
		for range 1 + r.IntN(3) {
			c.Standings = append(c.Standings, pick(r, schema.Standings()...))
		}
	})
	maybe(6, func() { c.Datasets = [][]string{{"one"}, {"two"}, {"one", "two"}}[r.IntN(3)] })
	maybe(6, func() { c.MinSources = 1 + r.IntN(3) })
	maybe(6, func() { c.MinConfidence = float64(1+r.IntN(10)) / 10 })
	maybe(6, func() { c.Disputed = pick(r, graph.DisputedNot, graph.DisputedOnly) })
	maybe(4, func() {
		c.Since = pick(r, "", "2022", "2023-07-12")
		c.Until = pick(r, "", "2023-07-12", "2024")
		c.Contained = c.Since+c.Until != "" && r.IntN(3) == 0
		c.Undated = r.IntN(2) == 0
	})
	maybe(8, func() { c.AsOf, c.Undated = pick(r, "2021", "2022-03", "2023-07-12"), r.IntN(2) == 0 })
	maybe(6, func() { c.Undated = true })
	return c
}

func randomQuery(r *rand.Rand, ids []schema.ID) (q paths.Query) {
	c := randomConditions(r)
	q.Conditions = &c
	maybe := func(oneIn int, fn func()) {
		if r.IntN(oneIn) == 0 {
			fn()
		}
	}
	q.Rank = pick(r, paths.Rank(""), paths.ByTelling, paths.ByHops, paths.ByRecent, paths.BySources)
	maybe(2, func() { q.Hops = 1 + r.IntN(5) })
	maybe(4, func() { q.Avoid = []schema.ID{pick(r, ids...)} })
	maybe(6, func() { q.Through = []schema.Kind{schema.Person, schema.Group} })
	maybe(6, func() { q.Direction = pick(r, paths.Forward, paths.Backward) })
	maybe(5, func() {
		for range 1 + r.IntN(2) {
			q.Via = append(q.Via, pick(r, ids...))
		}
	})
	return q
}
