package paths

import (
	"context"
	"errors"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Limit is one thing that a query asks of paths.
type Limit string

// The limits, in the order in which they are given up.
const (
	LimitCertain    Limit = "certain"
	LimitOrder      Limit = "order"
	LimitVia        Limit = "via"
	LimitUndated    Limit = "undated" // that facts without a date do not count
	LimitContained  Limit = "contained"
	LimitDates      Limit = "dates"
	LimitAsOf       Limit = "as of"
	LimitVerbs      Limit = "verbs"
	LimitRoles      Limit = "roles" // that edges of roles do not count
	LimitDirection  Limit = "direction"
	LimitThrough    Limit = "through"
	LimitAvoid      Limit = "avoid"
	LimitDatasets   Limit = "datasets"
	LimitSources    Limit = "sources"
	LimitConfidence Limit = "confidence"
	LimitDisputed   Limit = "disputed"
	LimitHops       Limit = "hops"
	LimitStatus     Limit = "status"
	LimitStanding   Limit = "standing" // that some source must assert each fact
)

// Reason says why a query has no answer.
type Reason struct {
	// Alone are the limits without any one of which there is a path.
	Alone []Limit

	// Together, where no limit is enough alone, are some without all of which there
	// is a path, and with any one of which there is none. The last is the one that
	// failed last when they were given up one after the other.
	Together []Limit

	// Hops are those of a path that there is without the first of Alone, or without
	// those of Together; none where there is no path at all, whatever happened.
	Hops []Hop

	// Cut says that some search took too long: there may be more to say.
	Cut bool
}

// question is a query with its conditions apart, and the order that paths are to
// have, nil for none.
type question struct {
	query Query
	given graph.Conditions
	order *Order
}

// asksFor reports whether a list of words leaves out some of all.
func asksFor[T any](words, all []T) bool { return len(words) > 0 && len(words) < len(all) }

// limit is something that a question may ask, and how it is given up.
type limit struct {
	name  Limit
	asked func(q *question) bool
	drop  func(q *question)
}

// limits lists them all, in order.
func limits() []limit {
	return []limit{
		{LimitCertain, func(q *question) bool { return q.order != nil && q.order.Certain }, func(q *question) { q.order = &Order{Latest: q.order.Latest} }},
		{LimitOrder, func(q *question) bool { return q.order != nil }, func(q *question) { q.order = nil }},
		{LimitVia, func(q *question) bool { return len(q.query.Via) > 0 }, func(q *question) { q.query.Via = nil }},
		{LimitUndated, func(q *question) bool {
			return !q.given.Undated && (q.order != nil || q.given.Since+q.given.Until+q.given.AsOf != "")
		}, func(q *question) { q.given.Undated = true }},
		{LimitContained, func(q *question) bool { return q.given.Contained }, func(q *question) { q.given.Contained = false }},
		{LimitDates, func(q *question) bool { return q.given.Since+q.given.Until != "" }, func(q *question) { q.given.Since, q.given.Until, q.given.Contained = "", "", false }},
		{LimitAsOf, func(q *question) bool { return q.given.AsOf != "" }, func(q *question) { q.given.AsOf = "" }},
		{LimitVerbs, func(q *question) bool { return len(q.given.Verbs) > 0 }, func(q *question) { q.given.Verbs = nil }},
		{LimitRoles, func(q *question) bool { return q.given.Roles != graph.AllRoles }, func(q *question) { q.given.Roles = graph.AllRoles }},
		{LimitDirection, func(q *question) bool { return q.query.Direction != AnyWay }, func(q *question) { q.query.Direction = AnyWay }},
		{LimitThrough, func(q *question) bool { return len(q.query.Through) > 0 }, func(q *question) { q.query.Through = nil }},
		{LimitAvoid, func(q *question) bool { return len(q.query.Avoid) > 0 }, func(q *question) { q.query.Avoid = nil }},
		{LimitDatasets, func(q *question) bool { return len(q.given.Datasets) > 0 }, func(q *question) { q.given.Datasets = nil }},
		{LimitSources, func(q *question) bool { return q.given.MinSources > 1 }, func(q *question) { q.given.MinSources = 0 }},
		{LimitConfidence, func(q *question) bool { return q.given.MinConfidence > 0 }, func(q *question) { q.given.MinConfidence = 0 }},
		{LimitDisputed, func(q *question) bool { return q.given.Disputed != graph.DisputedToo }, func(q *question) { q.given.Disputed = graph.DisputedToo }},
		{LimitHops, func(q *question) bool { return q.query.Hops < MaxHops }, func(q *question) { q.query.Hops = MaxHops }},
		{LimitStatus, func(q *question) bool { return asksFor(q.given.Statuses, schema.Statuses()) }, func(q *question) { q.given.Statuses = schema.Statuses() }},
		{LimitStanding, func(q *question) bool { return asksFor(q.given.Standings, schema.Standings()) }, func(q *question) { q.given.Standings = schema.Standings() }},
	}
}

// Why says why [View.Among] gives nothing for a query, or with an order
// [View.InOrder]: which of its limits keep paths away. Errors are theirs.
func (v *View) Why(ctx context.Context, from, to []schema.ID, q Query, order *Order) (r Reason, err error) {
	q.Rank = ByHops
	given := q.conditions()
	given.Standings = given.AllowedStandings() // whatever else is given up
	w := &why{view: v, ctx: ctx, from: from, to: to, asked: question{q, given, order}}
	for _, l := range limits() {
		if l.asked(&w.asked) {
			w.limits = append(w.limits, l)
		}
	}
	for _, l := range w.limits {
		if hops := w.without(l); hops != nil {
			if len(w.reason.Alone) == 0 {
				w.reason.Hops = hops
			}
			w.reason.Alone = append(w.reason.Alone, l.name)
		}
	}
	if len(w.reason.Alone) == 0 {
		w.together()
	}
	return w.reason, w.err
}

// why looks for what keeps paths away. Its first error stays.
type why struct {
	view     *View
	ctx      context.Context
	from, to []schema.ID
	asked    question
	limits   []limit // those that are asked
	reason   Reason
	err      error
}

// without is a path where some limits are given up, nil where there is none.
func (w *why) without(given ...limit) []Hop {
	q := w.asked
	for _, l := range given {
		if l.asked(&q) { // not one that went with another
			l.drop(&q)
		}
	}
	q.query.Conditions = &q.given
	var p Path
	err := w.err
	switch {
	case err != nil:
	case q.order != nil:
		var j Journey
		j, _, err = w.view.InOrder(w.ctx, w.from, w.to, q.query, *q.order)
		p.Hops = j.Hops
	default:
		p, _, err = w.view.first(w.ctx, w.from, w.to, q.query)
	}
	if errors.Is(err, ErrCut) {
		w.reason.Cut, err = true, nil
	}
	if w.err = err; err != nil {
		return nil
	}
	return p.Hops
}

// together gives up one limit after the other until there is a path, and then
// takes back those that do not matter.
func (w *why) together() {
	var given []limit
	for _, l := range w.limits {
		given = append(given, l)
		if w.reason.Hops = w.without(given...); w.reason.Hops != nil {
			break
		}
	}
	if w.reason.Hops == nil {
		return
	}
	for i := 0; i < len(given); {
		fewer := slices.Delete(slices.Clone(given), i, i+1)
		if hops := w.without(fewer...); hops != nil {
			given, w.reason.Hops = fewer, hops
		} else {
			i++
		}
	}
	for _, l := range given {
		w.reason.Together = append(w.reason.Together, l.name)
	}
}
