package paths

import (
	"context"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Order says which path in order is wanted. The zero value is the path with the
// earliest arrival.
type Order struct {
	Latest  bool // the path with the latest start
	Certain bool // only certain paths
}

// Journey is a path whose hops follow each other in time, with one fact for each hop.
//
// The closed interval of days of each fact is known. An event happens on one day of
// it, a relation holds on all days. A journey is possible if each hop has a day that
// is not before the day of the previous hop. It is certain if it is in order under
// every reading of the dates: each hop is an event that happened and that no source
// denies, and its interval begins after the previous interval ends. Two events on the
// same day have no known order, and a relation has no known day of contact.
type Journey struct {
	Hops    []Hop
	Days    []Window // the days on which each hop is possible
	Certain bool
}

// Window is a closed interval of days.
type Window struct{ From, To schema.Day }

// InOrder finds a path on which a message could have travelled from any of the
// entities from to any of the entities to. Of the paths that the query allows and
// whose hops follow each other in time, it returns the one with the earliest possible
// arrival, and of several the one with the fewest hops. With Latest it returns the
// path with the latest possible start. With Certain, only certain hops count, and the
// latest day of arrival or the earliest day of start decides.
//
// Hops lie within the dates of the query. Undated facts count only if the query
// includes them; they may have happened at any time. The query's rank is ignored. ok
// is false if there is no such path. Errors are the errors of [View.Between]; [ErrCut]
// is possible only with via entities.
func (v *View) InOrder(ctx context.Context, from, to []schema.ID, q Query, o Order) (j Journey, ok bool, err error) {
	p, err := v.plan(q)
	if err == nil {
		err = p.ends(from, to)
	}
	if err != nil {
		return j, false, err
	}
	s := v.borrowScratch()
	defer v.scratchPool.Put(s)
	t := &orderedSearch{plan: p, ctx: ctx, order: o, ends: [2][]uint32{p.from, p.to}, sides: &s.moments, allVia: 1<<len(p.via) - 1}
	t.anyFactCounts, t.calendarIncomplete = p.predicate.matchesHappened && !o.Certain, p.predicate.period.Undated && p.predicate.datasets != nil
	if o.Latest {
		slices.Reverse(t.ends[:])
	}
	for _, rows := range p.rows {
		c, err := v.calendar(ctx, rows, o.Latest)
		if err != nil {
			return j, false, err
		}
		t.calendars = append(t.calendars, c)
	}
	nodes, err := t.search()
	if err != nil || nodes == nil {
		return j, false, err
	}
	return t.journey(nodes), true, nil
}

// factsOfHops returns the arc of each hop of a path, as seen from the path's start.
func (t *orderedSearch) factsOfHops(nodes []uint32) []*arc {
	hops := make([]*arc, len(nodes)-1)
	day := int32(always)
	for n := range hops {
		i := n
		here, there := nodes[i], nodes[i+1]
		if t.order.Latest {
			i = len(hops) - 1 - n
			here, there = nodes[i+1], nodes[i]
		}
		var arcs []arc
		for _, rows := range t.plan.rows {
			arcs = append(arcs, rows.between(here, there)...)
		}
		day, hops[i] = t.earliestArrival(arcs, day)
		if t.order.Latest {
			hops[i] = t.seenFrom(there, here, hops[i].fact)
		}
	}
	return hops
}

// seenFrom returns the arc of a fact as seen from one of its two nodes.
func (t *orderedSearch) seenFrom(node, other, fact uint32) *arc {
	for _, rows := range t.plan.rows {
		arcs := rows.between(node, other)
		if i := slices.IndexFunc(arcs, func(a arc) bool { return a.fact == fact }); i >= 0 {
			return &arcs[i]
		}
	}
	return nil
}

// journey returns the journey along nodes.
func (t *orderedSearch) journey(nodes []uint32) Journey {
	hops := t.factsOfHops(nodes)
	j := Journey{Days: make([]Window, len(hops)), Certain: true}
	for i, a := range hops {
		j.Hops = append(j.Hops, Hop{From: t.plan.view.entities.id(nodes[i]), To: t.plan.view.entities.id(nodes[i+1]), Steps: []Step{t.plan.step(a)}})
		from, to, dated := t.factDays(a)
		low, high := t.queryDays()
		j.Certain = j.Certain && dated && t.isCertain(a) && from >= low && to <= high &&
			(i == 0 || schema.Day(from) > j.Days[i-1].To)
		j.Days[i] = Window{schema.Day(max(from, low)), schema.Day(min(to, high))}
	}
	for i := 1; i < len(hops); i++ {
		j.Days[i].From = max(j.Days[i].From, j.Days[i-1].From)
	}
	for i := len(hops) - 2; i >= 0; i-- {
		j.Days[i].To = min(j.Days[i].To, j.Days[i+1].To)
	}
	return j
}
