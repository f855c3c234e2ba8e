package paths

import (
	"context"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// orderedSearch is a search for a path in order, from both ends at once. Where the path
// that starts last is wanted, it begins at the end, and time runs backwards: days
// are negative then.
type orderedSearch struct {
	plan      *plan
	ctx       context.Context
	order     Order
	ends      [2][]uint32     // where it begins, and where it ends
	sides     *[2]timedLabels // ways from where it begins, and ways to the end
	calendars []*calendar     // of the rows of the query
	start     int32           // nobody arrives anywhere before this day
	allVia    uint8           // the set of all entities to pass
	best      weight          // when the best path that is known arrives, and its hops
	meeting   [2]uint32       // its two parts

	anyFactCounts      bool // every fact that happened and has a date counts, on all its days
	calendarIncomplete bool // a fact may have been on days on which it is not in the calendar
}

// stepWindow is when a step over a fact may be taken, as the search sees time; ok is
// false where it may not be, or not for sure where that is wanted. Back is true
// where it is seen from the node that it leads to.
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

// isCertain reports whether a fact is an event that happened, and that some source
// asserts and none denies, nor any fact that it has its days from.
func (t *orderedSearch) isCertain(a *arc) bool {
	return a.flags&(arcRelation|arcDisputed) == 0 && t.plan.view.facts.happened(a) && !t.plan.view.facts.restsOnDispute(a.fact)
}

// queryDays are the days within which the query wants all steps.
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

// factDays is when a fact was, by the datasets of the query: at any time, where they
// do not say.
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

// search finds the nodes of the best path. The more days there are to look at, the
// more ways there are, by powers; so it looks for a path that arrives within some
// days of the first on which one could, and for twice as many while there is none.
func (t *orderedSearch) search() ([]uint32, error) {
	const least, most = 32, 4 // parts of all days: few paths arrive sooner, and the last search takes all anyway
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

// arrivalDays is from when on a path may arrive, as far as that is easily known, and how
// many days there are.
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
				ends[side] = min(ends[side], c.begin(node, t.plan.predicate.period.Undated))
			}
		}
	}
	t.start = max(low, ends[0])
	begin = max(t.start, ends[1], first)
	return begin, min(high, last) - begin
}

// searchBothEnds finds the two parts of the best path that arrives before a day: a hop
// further at a time, on the side where fewer facts are to be looked at, and no way
// that arrives later than the best path so far. The time of a way to the end is
// when it arrives if nobody has to wait.
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

// linkCount is about how many facts the newest ways of a side are to go on by, from a
// sample of them.
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

// inForwardOrder turns nodes around where time ran backwards.
func (t *orderedSearch) inForwardOrder(nodes []uint32) []uint32 {
	if t.order.Latest {
		slices.Reverse(nodes)
	}
	return nodes
}

// expand takes a way of a side one hop on.
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
				if e := &list[i]; e.to >= from && (!last || other.has(e.near)) {
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

// usefulDays is the days of facts that are of use to go on from a way, as the calendar
// has them: any, where it does not have them all.
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

// crossEntry takes a way of a side over an entry of its node in a calendar. What the
// last hop makes need not be kept unless it meets a way of the other side.
func (t *orderedSearch) crossEntry(side int, way *timedLabel, n uint32, c *calendar, e *entry, last bool) {
	next := timedLabel{node: e.near, from: n, hops: way.hops + 1, set: way.set}
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
		next.set |= t.plan.viaBit(e.near)
	}
	s, other := &t.sides[side], &t.sides[1-side]
	if s.isDominated(&next, 0) {
		return
	}
	number := uint32(0)
	if !last {
		number = s.add(next)
	}
	i := other.of(e.near)
	if i == 0 {
		return
	}
	for passes := t.plan.passes(e.near); i != 0; i = other.list[i].older {
		if o := &other.list[i]; (passes || o.hops == 0) && t.improvesBest(side, &next, o) {
			if number == 0 {
				number = s.add(next)
			}
			t.meeting[side], t.meeting[1-side] = number, i
		}
	}
}

// certainStep sets the days of a way that goes on from another by an event of some days,
// where that is sure to be possible: it is over before anybody goes on.
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

// improvesBest reports whether a way of a side and one of the other, of the same node,
// make a path that is better than the best.
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

// earliestArrival is when a neighbour is reached by any of the facts to it, by somebody who
// is there from a day on, and by which fact.
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
