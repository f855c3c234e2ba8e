package paths

import (
	"context"
	"errors"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Limit is one restriction of a query.
type Limit string

// Limits, in the order in which [View.Why] removes them.
const (
	LimitCertain    Limit = "certain"
	LimitOrder      Limit = "order"
	LimitVia        Limit = "via"
	LimitUndated    Limit = "undated" // facts without a date do not match
	LimitContained  Limit = "contained"
	LimitDates      Limit = "dates"
	LimitAsOf       Limit = "as of"
	LimitVerbs      Limit = "verbs"
	LimitRoles      Limit = "roles" // role edges do not match
	LimitDirection  Limit = "direction"
	LimitThrough    Limit = "through"
	LimitAvoid      Limit = "avoid"
	LimitDatasets   Limit = "datasets"
	LimitSources    Limit = "sources"
	LimitConfidence Limit = "confidence"
	LimitDisputed   Limit = "disputed"
	LimitHops       Limit = "hops"
	LimitStatus     Limit = "status"
	LimitStanding   Limit = "standing" // a source must assert each fact
)

// Reason says which limits keep a query from having an answer.
type Reason struct {
	// Alone are the limits of which the removal of any one gives a path.
	Alone []Limit

	// Together, if no limit is enough alone, is a set of limits: without all of them
	// there is a path, and with any of these limits there is none. The last one is the
	// limit whose removal gave the first path.
	Together []Limit

	// Hops are the hops of a path without the first limit of Alone, or without the
	// limits of Together. It is empty if there is no path without any limit.
	Hops []Hop

	// Cut reports that a search exceeded its limit of work, so that the reason may be
	// incomplete.
	Cut bool
}

// limitedQuery is a query, its conditions, and the order that a path must have, or nil.
type limitedQuery struct {
	query      Query
	conditions graph.Conditions
	order      *Order
}

// restricts reports whether a list of words leaves out some of all words.
func restricts[T any](words, all []T) bool { return len(words) > 0 && len(words) < len(all) }

// limit is a restriction that a query may have, and its removal.
type limit struct {
	name   Limit
	isSet  func(q *limitedQuery) bool
	remove func(q *limitedQuery)
}

// limits returns all limits, in the order of their removal.
func limits() []limit {
	return []limit{
		{LimitCertain, func(q *limitedQuery) bool { return q.order != nil && q.order.Certain }, func(q *limitedQuery) { q.order = &Order{Latest: q.order.Latest} }},
		{LimitOrder, func(q *limitedQuery) bool { return q.order != nil }, func(q *limitedQuery) { q.order = nil }},
		{LimitVia, func(q *limitedQuery) bool { return len(q.query.Via) > 0 }, func(q *limitedQuery) { q.query.Via = nil }},
		{LimitUndated, func(q *limitedQuery) bool {
			return !q.conditions.Undated && (q.order != nil || q.conditions.Since+q.conditions.Until+q.conditions.AsOf != "")
		}, func(q *limitedQuery) { q.conditions.Undated = true }},
		{LimitContained, func(q *limitedQuery) bool { return q.conditions.Contained }, func(q *limitedQuery) { q.conditions.Contained = false }},
		{LimitDates, func(q *limitedQuery) bool { return q.conditions.Since+q.conditions.Until != "" }, func(q *limitedQuery) { q.conditions.Since, q.conditions.Until, q.conditions.Contained = "", "", false }},
		{LimitAsOf, func(q *limitedQuery) bool { return q.conditions.AsOf != "" }, func(q *limitedQuery) { q.conditions.AsOf = "" }},
		{LimitVerbs, func(q *limitedQuery) bool { return len(q.conditions.Verbs) > 0 }, func(q *limitedQuery) { q.conditions.Verbs = nil }},
		{LimitRoles, func(q *limitedQuery) bool { return q.conditions.Roles != graph.AllRoles }, func(q *limitedQuery) { q.conditions.Roles = graph.AllRoles }},
		{LimitDirection, func(q *limitedQuery) bool { return q.query.Direction != AnyWay }, func(q *limitedQuery) { q.query.Direction = AnyWay }},
		{LimitThrough, func(q *limitedQuery) bool { return len(q.query.Through) > 0 }, func(q *limitedQuery) { q.query.Through = nil }},
		{LimitAvoid, func(q *limitedQuery) bool { return len(q.query.Avoid) > 0 }, func(q *limitedQuery) { q.query.Avoid = nil }},
		{LimitDatasets, func(q *limitedQuery) bool { return len(q.conditions.Datasets) > 0 }, func(q *limitedQuery) { q.conditions.Datasets = nil }},
		{LimitSources, func(q *limitedQuery) bool { return q.conditions.MinSources > 1 }, func(q *limitedQuery) { q.conditions.MinSources = 0 }},
		{LimitConfidence, func(q *limitedQuery) bool { return q.conditions.MinConfidence > 0 }, func(q *limitedQuery) { q.conditions.MinConfidence = 0 }},
		{LimitDisputed, func(q *limitedQuery) bool { return q.conditions.Disputed != graph.DisputedToo }, func(q *limitedQuery) { q.conditions.Disputed = graph.DisputedToo }},
		{LimitHops, func(q *limitedQuery) bool { return q.query.Hops < MaxHops }, func(q *limitedQuery) { q.query.Hops = MaxHops }},
		{LimitStatus, func(q *limitedQuery) bool { return restricts(q.conditions.Statuses, schema.Statuses()) }, func(q *limitedQuery) { q.conditions.Statuses = schema.Statuses() }},
		{LimitStanding, func(q *limitedQuery) bool { return restricts(q.conditions.Standings, schema.Standings()) }, func(q *limitedQuery) { q.conditions.Standings = schema.Standings() }},
	}
}

// Why returns the limits of a query that keep [View.Among], or with an order
// [View.InOrder], from finding a path. Errors are the errors of the search.
func (v *View) Why(ctx context.Context, from, to []schema.ID, q Query, order *Order) (r Reason, err error) {
	q.Rank = ByHops
	conditions := q.conditions()
	conditions.Standings = conditions.AllowedStandings() // independent of which limits are removed
	w := &reasonSearch{view: v, ctx: ctx, from: from, to: to, original: limitedQuery{q, conditions, order}}
	for _, l := range limits() {
		if l.isSet(&w.original) {
			w.limits = append(w.limits, l)
		}
	}
	for _, l := range w.limits {
		if hops := w.pathWithout(l); hops != nil {
			if len(w.reason.Alone) == 0 {
				w.reason.Hops = hops
			}
			w.reason.Alone = append(w.reason.Alone, l.name)
		}
	}
	if len(w.reason.Alone) == 0 {
		w.findTogether()
	}
	return w.reason, w.err
}

// reasonSearch finds the limits that prevent a path. Its first error stays.
type reasonSearch struct {
	view     *View
	ctx      context.Context
	from, to []schema.ID
	original limitedQuery
	limits   []limit // the limits that the original query has
	reason   Reason
	err      error
}

// pathWithout returns a path of the original query without some limits, or nil.
func (w *reasonSearch) pathWithout(removed ...limit) []Hop {
	q := w.original
	for _, l := range removed {
		if l.isSet(&q) { // unless another limit removed it too
			l.remove(&q)
		}
	}
	q.query.Conditions = &q.conditions
	var p Path
	err := w.err
	switch {
	case err != nil:
	case q.order != nil:
		var j Journey
		j, _, err = w.view.InOrder(w.ctx, w.from, w.to, q.query, *q.order)
		p.Hops = j.Hops
	default:
		p, _, err = w.view.bestAmong(w.ctx, w.from, w.to, q.query)
	}
	if errors.Is(err, ErrCut) {
		w.reason.Cut, err = true, nil
	}
	if w.err = err; err != nil {
		return nil
	}
	return p.Hops
}

// findTogether removes one limit after the other until there is a path, and then
// restores the limits that make no difference.
func (w *reasonSearch) findTogether() {
	var removed []limit
	for _, l := range w.limits {
		removed = append(removed, l)
		if w.reason.Hops = w.pathWithout(removed...); w.reason.Hops != nil {
			break
		}
	}
	if w.reason.Hops == nil {
		return
	}
	for i := 0; i < len(removed); {
		fewer := slices.Delete(slices.Clone(removed), i, i+1)
		if hops := w.pathWithout(fewer...); hops != nil {
			removed, w.reason.Hops = fewer, hops
		} else {
			i++
		}
	}
	for _, l := range removed {
		w.reason.Together = append(w.reason.Together, l.name)
	}
}
