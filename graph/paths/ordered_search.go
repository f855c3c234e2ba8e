package paths

import (
	"context"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// orderedSearch is a bidirectional search for a path in order. For the path with the
// latest start, it begins at the path's end and time runs backwards: days are
// negative.
type orderedSearch struct {
	plan      *plan
	ctx       context.Context
	order     Order
	ends      [2][]uint32     // the nodes where it begins, and where it ends
	sides     *[2]timedLabels // ways from the beginning, and ways to the end
	calendars []*calendar     // of the query's adjacencies
	start     int32           // no way arrives before this day
	allVia    uint8           // the set of all via nodes
	best      weight          // arrival and hops of the best known path
	meeting   [2]uint32       // the labels of its two parts

	anyFactCounts      bool // every dated fact that happened matches, on all its days
	calendarIncomplete bool // a fact may have days outside its calendar entry
}

// stepWindow returns the closed interval in which a hop over an arc is possible, in
// the search's time. It returns false if the hop is not possible, or not certain if
// only certain hops count. Back is true if the arc is seen from the node that it
// reaches.
func (t *orderedSearch) stepWindow(a *arc, back bool) (from, to int32, ok bool) {
	if !t.plan.predicate.matches(a, back != t.order.Latest) {
		return 0, 0, false
	}
	from, to, dated := t.factDays(a)
	if !dated && (!t.plan.predicate.period.Undated || t.order.Certain) {
		return 0, 0, false
	}
	low, high := t.queryDays()
	if t.order.Certain && (from < low || to > high || !t.isCertain(a)) {
		return 0, 0, false
	}
	from, to = max(from, low), min(to, high)
	if t.order.Latest {
		from, to = -to, -from
	}
	return from, to, from <= to
}

// isCertain reports whether an arc is an event that happened, that a source asserts
// and none denies, and whose days are not derived from a disputed fact.
func (t *orderedSearch) isCertain(a *arc) bool {
	return a.flags&(arcRelation|arcDisputed) == 0 && t.plan.view.facts.happened(a) && !t.plan.view.facts.restsOnDispute(a.fact)
}

// queryDays returns the closed interval of the query in which all hops must lie.
func (t *orderedSearch) queryDays() (low, high int32) {
	low, high = int32(schema.MinDay), int32(schema.MaxDay)
	if t.plan.predicate.period.HasWindow {
		low, high = int32(t.plan.predicate.period.Since), int32(t.plan.predicate.period.Until)
	}
	if t.plan.predicate.period.HasAsOf {
		high = min(high, int32(t.plan.predicate.period.AsOf))
	}
	return low, high
}

// factDays returns the closed interval of a fact by the query's datasets, or all days
// if the fact is not dated.
func (t *orderedSearch) factDays(a *arc) (from, to int32, dated bool) {
	from, to, dated = a.from, a.to, a.flags&arcDated != 0
	if t.plan.predicate.datasets != nil {
		from, to, dated, _ = t.plan.predicate.claimedDays(a)
	}
	if !dated {
		from, to = int32(schema.MinDay), int32(schema.MaxDay)
	}
	return from, to, dated
}

// search finds the nodes of the best path. The number of ways grows exponentially with
// the number of days. So it searches for a path that arrives within a few days of the
// earliest possible arrival, and doubles the number of days until there is one.
func (t *orderedSearch) search() ([]uint32, error) {
	const least, most = 32, 4 // from 1/least of all days; above 1/most there is no limit
	begin, all := t.arrivalDays()
	t.meeting = [2]uint32{}
	for days := max(1, all/least); t.meeting[0] == 0; days *= 2 {
		limit := begin + days
		if days > all/most {
			limit = never
		}
		if err := t.searchBothEnds(limit); err != nil {
			return nil, err
		}
		if limit == never {
			break
		}
	}
	if t.meeting[0] == 0 {
		return nil, nil
	}
	nodes := t.sides[0].nodes(t.meeting[0])
	slices.Reverse(nodes)
	if nodes = append(nodes, t.sides[1].nodes(t.meeting[1])[1:]...); !hasNoLoop(nil, nodes) {
		return t.searchAllSimple()
	}
	return t.inForwardOrder(nodes), nil
}

// arrivalDays returns a lower bound of the day of arrival, and the number of days from
// it to the last possible day.
func (t *orderedSearch) arrivalDays() (begin, all int32) {
	low, high := t.queryDays()
	if t.order.Latest {
		low, high = -high, -low
	}
	first, last := int32(never), int32(always)
	ends := [2]int32{never, never}
	for _, c := range t.calendars {
		first, last = min(first, c.first), max(last, c.last)
		for side, nodes := range t.ends {
			for _, node := range nodes {
				ends[side] = min(ends[side], c.firstDay(node, t.plan.predicate.period.Undated))
			}
		}
	}
	t.start = max(low, ends[0])
	begin = max(t.start, ends[1], first)
	return begin, min(high, last) - begin
}

// searchBothEnds finds the two parts of the best path that arrives before a day. It
// goes one hop at a time, on the side with fewer facts to follow, and drops ways that
// arrive later than the best path so far. The arrival of a way to the end does not
// include waiting.
func (t *orderedSearch) searchBothEnds(limit int32) error {
	t.best = arrivalWeight(limit, 0)
	for side := range t.sides {
		t.sides[side].reset(t.plan.view.Nodes())
		for _, node := range t.ends[side] {
			t.sides[side].add(timedLabel{node: node, arrival: always, latest: never, set: t.plan.viaBit(node)})
		}
	}
	for hop := range t.plan.hops {
		side := 0
		if t.linkCount(1) < t.linkCount(0) {
			side = 1
		}
		s := &t.sides[side]
		begin := s.firstOpen
		if s.firstOpen = len(s.list); begin == s.firstOpen {
			break
		}
		for n := begin; n < s.firstOpen; n++ {
			if err := t.expand(side, uint32(n), hop == t.plan.hops-1); err != nil {
				return err
			}
		}
	}
	return nil
}

// linkCount estimates, from a sample, the number of facts that extend the newest ways
// of a side.
func (t *orderedSearch) linkCount(side int) (n int) {
	s := &t.sides[side]
	front := s.list[s.firstOpen:]
	apart := len(front)/16 + 1
	for i := 0; i < len(front); i += apart {
		from, to := t.usefulDays(side, &front[i])
		for _, c := range t.calendars {
			several, oneDay := c.of(front[i].node, from)
			n += len(several) + countBefore(oneDay, to+1)
		}
	}
	return n * apart
}

// inForwardOrder reverses nodes if time runs backwards.
func (t *orderedSearch) inForwardOrder(nodes []uint32) []uint32 {
	if t.order.Latest {
		slices.Reverse(nodes)
	}
	return nodes
}

// expand extends a way of a side by one hop.
func (t *orderedSearch) expand(side int, n uint32, last bool) error {
	s := &t.sides[side]
	way := s.list[n]
	if way.hops > 0 && !t.plan.passes(way.node) || arrivalWeight(way.arrival, way.hops) >= t.best || s.isDominated(&way, n) {
		return t.plan.checkContext(t.ctx, 1)
	}
	from, to := t.usefulDays(side, &way)
	other := &t.sides[1-side]
	for _, c := range t.calendars {
		several, oneDay := c.of(way.node, from)
		for _, list := range [2][]entry{several, oneDay} {
			i := 0
			for ; i < len(list) && list[i].from <= to; i++ {
				if e := &list[i]; e.to >= from && (!last || other.has(e.neighbour)) {
					t.crossEntry(side, &way, n, c, e, last)
				}
			}
			if err := t.plan.checkContext(t.ctx, i+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// usefulDays returns the interval of calendar entries that can extend a way: all days
// if entries lack days.
func (t *orderedSearch) usefulDays(side int, way *timedLabel) (from, to int32) {
	from, to = way.arrival, int32(int64(t.best>>8)+always)
	switch {
	case t.calendarIncomplete:
		return always, never
	case side == 1:
		from, to = t.start, min(to, way.latest)
	}
	return from, to
}

// crossEntry extends a way of a side over a calendar entry of its node. On the last
// hop, it keeps the new way only if it meets a way of the other side.
func (t *orderedSearch) crossEntry(side int, way *timedLabel, n uint32, c *calendar, e *entry, last bool) {
	next := timedLabel{node: e.neighbour, from: n, hops: way.hops + 1, set: way.set}
	from, to, ok := e.from, e.to, true
	if !t.anyFactCounts || from == always {
		from, to, ok = t.stepWindow(&c.rows.arcs[e.arc], side == 1)
	}
	switch {
	case !ok:
		return
	case t.order.Certain:
		if !certainStep(side, way, &next, from, to) {
			return
		}
	case side == 0:
		if next.arrival = max(way.arrival, from); next.arrival > to {
			return
		}
		next.latest = -next.arrival
	default:
		if next.arrival, next.latest = max(from, way.arrival), min(to, way.latest); from > way.latest {
			return
		}
	}
	if arrivalWeight(next.arrival, next.hops) >= t.best {
		return
	}
	if t.allVia != 0 {
		next.set |= t.plan.viaBit(e.neighbour)
	}
	s, other := &t.sides[side], &t.sides[1-side]
	if s.isDominated(&next, 0) {
		return
	}
	number := uint32(0)
	if !last {
		number = s.add(next)
	}
	i := other.of(e.neighbour)
	if i == 0 {
		return
	}
	for passes := t.plan.passes(e.neighbour); i != 0; i = other.list[i].older {
		if o := &other.list[i]; (passes || o.hops == 0) && t.improvesBest(side, &next, o) {
			if number == 0 {
				number = s.add(next)
			}
			t.meeting[side], t.meeting[1-side] = number, i
		}
	}
}

// certainStep sets the days of a way that extends another by an event in a closed
// interval. It returns false if the order is not certain: each event must end before
// the next begins.
func certainStep(side int, way, next *timedLabel, from, to int32) bool {
	if side == 0 {
		next.arrival, next.latest = to, -to
		return from > way.arrival
	}
	if next.arrival, next.latest = way.arrival, from-1; way.hops == 0 {
		next.arrival = to
	}
	return to <= way.latest
}

// improvesBest reports whether a way of a side and a way of the other side to the same
// node form a better path than the best so far, which they then replace.
func (t *orderedSearch) improvesBest(side int, way, other *timedLabel) bool {
	early, late := way, other
	if side == 1 {
		early, late = other, way
	}
	hops := early.hops + late.hops
	at := arrivalWeight(max(early.arrival, late.arrival), hops)
	if early.arrival > late.latest || early.set|late.set != t.allVia || at >= t.best {
		return false
	}
	t.best = at
	return true
}

// earliestArrival returns the earliest day on which an arc can extend a way that
// arrives on a day, and the arc.
func (t *orderedSearch) earliestArrival(arcs []arc, day int32) (soonest int32, best *arc) {
	end := int32(0)
	for i := range arcs {
		from, to, ok := t.stepWindow(&arcs[i], false)
		if !ok {
			continue
		}
		at := max(day, from)
		if t.order.Certain {
			if at = to; from <= day {
				continue
			}
		} else if at > to {
			continue
		}
		if best == nil || at < soonest || at == soonest && to < end {
			soonest, best, end = at, &arcs[i], to
		}
	}
	return soonest, best
}
