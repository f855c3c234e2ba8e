package paths

import (
	"context"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Order says which of the paths in order is wanted. The zero value is the path
// that arrives first.
type Order struct {
	Latest  bool // the one that starts last
	Certain bool // only such as are certain
}

// Journey is a path whose steps follow each other in time: each hop has one fact.
//
// The closed interval of each fact is known. An event happens on one day of it, a
// relation holds on all. A journey is possible where each step has a day that is
// not before the day of the previous step. It is certain where no reading of the
// dates contradicts it: each step is an event that happened and that no source
// denies, and its interval begins after the interval of the previous step ends. On
// one and the same day the order is not known, and a relation does not tell when
// word was passed.
type Journey struct {
	Hops    []Hop
	Days    []Window // for each hop, the days on which it can be taken
	Certain bool
}

// Window is a closed interval of days.
type Window struct{ From, To schema.Day }

// InOrder finds how word could have travelled from any of several entities to any
// of several others: of the paths that the query allows and whose steps follow
// each other in time, the one that can arrive first, and of those the one of
// fewest hops. With Latest it is the path that can start last. With Certain, where
// only certain steps count, it is the path that has certainly arrived first, or
// certainly not started until last.
//
// Steps lie within the days of the query. Undated facts are left out unless the
// query includes them; they may have happened at any time. The query's rank does
// not matter. ok is false where there is no such path. Errors are those of
// [View.Between]; [ErrCut] only where the query has via entities.
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

// factsOfHops is the arc of each hop of a path, as seen from where the path
// begins.
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

// seenFrom is the arc of a fact as seen from one of its two nodes.
func (t *orderedSearch) seenFrom(node, other, fact uint32) *arc {
	for _, rows := range t.plan.rows {
		arcs := rows.between(node, other)
		if i := slices.IndexFunc(arcs, func(a arc) bool { return a.fact == fact }); i >= 0 {
			return &arcs[i]
		}
	}
	return nil
}

// journey makes a journey of the nodes of a path.
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
