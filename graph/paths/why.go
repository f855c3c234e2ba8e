package paths

import (
	"context"

	"github.com/entente-kg/entente/schema"
)

// Limit is one thing that a query asks of paths.
type Limit string

// The limits, in the order in which they are given up.
const (
	LimitOrder      Limit = "order" // of time, which the query itself does not ask for
	LimitHops       Limit = "hops"
	LimitDates      Limit = "dates"
	LimitAsOf       Limit = "as of"
	LimitVerbs      Limit = "verbs"
	LimitDirection  Limit = "direction"
	LimitThrough    Limit = "through"
	LimitAvoid      Limit = "avoid"
	LimitVia        Limit = "via"
	LimitDatasets   Limit = "datasets"
	LimitSources    Limit = "sources"
	LimitConfidence Limit = "confidence"
	LimitDisputed   Limit = "disputed"
	LimitStatus     Limit = "status"
)

// Reason says why a query has no answer.
type Reason struct {
	// Alone are the limits without any one of which there is a path.
	Alone []Limit

	// Together, where no limit is enough alone, are those that were given up one
	// after the other until there was a path: without the last there was none yet.
	// With both empty there is no path at all, whatever happened.
	Together []Limit

	// Path is the shortest that there is without the first of Alone, or without
	// those of Together.
	Path Path
}

// limits are what a query asks, each with what gives it up.
func limits(q Query) (list []Limit, without map[Limit]func(*Query)) {
	without = make(map[Limit]func(*Query))
	limit := func(l Limit, asked bool, fn func(*Query)) {
		if asked {
			list = append(list, l)
			without[l] = fn
		}
	}
	limit(LimitHops, q.Hops < MaxHops, func(q *Query) { q.Hops = MaxHops })
	limit(LimitDates, q.Since+q.Until != "", func(q *Query) { q.Since, q.Until, q.Contained = "", "", false })
	limit(LimitAsOf, q.AsOf != "", func(q *Query) { q.AsOf = "" })
	limit(LimitVerbs, len(q.Verbs) > 0, func(q *Query) { q.Verbs = nil })
	limit(LimitDirection, q.Direction != AnyWay, func(q *Query) { q.Direction = AnyWay })
	limit(LimitThrough, len(q.Through) > 0, func(q *Query) { q.Through = nil })
	limit(LimitAvoid, len(q.Avoid) > 0, func(q *Query) { q.Avoid = nil })
	limit(LimitVia, len(q.Via) > 0, func(q *Query) { q.Via = nil })
	limit(LimitDatasets, len(q.Datasets) > 0, func(q *Query) { q.Datasets = nil })
	limit(LimitSources, q.MinSources > 1, func(q *Query) { q.MinSources = 0 })
	limit(LimitConfidence, q.MinConfidence > 0, func(q *Query) { q.MinConfidence = 0 })
	limit(LimitDisputed, q.Disputed != DisputedToo, func(q *Query) { q.Disputed = DisputedToo })
	limit(LimitStatus, len(q.Statuses) < len(schema.Statuses()), func(q *Query) { q.Statuses = schema.Statuses() })
	return list, without
}

// Why says why [View.Among] gives nothing for a query, or [View.InOrder], where
// order is asked for: which of its limits keep paths away.
func (v *View) Why(ctx context.Context, from, to []schema.ID, q Query, inOrder bool) (r Reason, err error) {
	q.Rank = ByHops
	list, without := limits(q)
	if inOrder {
		if p, ok, err := v.first(ctx, from, to, q); err != nil || ok {
			return Reason{Alone: []Limit{LimitOrder}, Path: p}, err
		}
	}
	for _, l := range list {
		fewer := q
		without[l](&fewer)
		p, ok, err := v.first(ctx, from, to, fewer)
		if err != nil {
			return Reason{}, err
		}
		if ok {
			if len(r.Alone) == 0 {
				r.Path = p
			}
			r.Alone = append(r.Alone, l)
		}
	}
	if len(r.Alone) > 0 {
		return r, nil
	}
	for _, l := range list {
		without[l](&q)
		r.Together = append(r.Together, l)
		p, ok, err := v.first(ctx, from, to, q)
		if err != nil || ok {
			r.Path = p
			return r, err
		}
	}
	return Reason{}, nil
}
