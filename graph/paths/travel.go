package paths

import (
	"context"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// travel is a search for a path in order, from both ends at once. Where the path
// that starts last is wanted, it begins at the end, and time runs backwards: days
// are negative then.
type travel struct {
	plan      *plan
	ctx       context.Context
	order     Order
	ends      [2][]uint32 // where it begins, and where it ends
	sides     *[2]moments // ways from where it begins, and ways to the end
	calendars []*calendar // of the rows of the query
	start     int32       // nobody arrives anywhere before this day
	all       uint8       // the set of all entities to pass
	best      weight      // when the best path that is known arrives, and its hops
	met       [2]uint32   // its two parts

	free  bool // every fact that happened and has a date counts, on all its days
	loose bool // a fact may have been on days on which it is not in the calendar
}

// window is when a step over a fact may be taken, as the search sees time; ok is
// false where it may not be, or not for sure where that is wanted. Back is true
// where it is seen from the node that it leads to.
func (t *travel) window(a *arc, back bool) (from, to int32, ok bool) {
	if !t.plan.predicate.matches(a, back != t.order.Latest) {
		return 0, 0, false
	}
	from, to, dated := t.span(a)
	if !dated && (!t.plan.predicate.period.Undated || t.order.Certain) {
		return 0, 0, false
	}
	low, high := t.bounds()
	if t.order.Certain && (from < low || to > high || !t.sure(a)) {
		return 0, 0, false
	}
	from, to = max(from, low), min(to, high)
	if t.order.Latest {
		from, to = -to, -from
	}
	return from, to, from <= to
}

// sure reports whether a fact is an event that happened, and that some source
// asserts and none denies, nor any fact that it has its days from.
func (t *travel) sure(a *arc) bool {
	return a.flags&(arcRelation|arcDisputed) == 0 && t.plan.view.facts.happened(a) && !t.plan.view.facts.doubtful(a.fact)
}

// bounds are the days within which the query wants all steps.
func (t *travel) bounds() (low, high int32) {
	low, high = int32(schema.MinDay), int32(schema.MaxDay)
	if t.plan.predicate.period.HasWindow {
		low, high = int32(t.plan.predicate.period.Since), int32(t.plan.predicate.period.Until)
	}
	if t.plan.predicate.period.HasAsOf {
		high = min(high, int32(t.plan.predicate.period.AsOf))
	}
	return low, high
}

// span is when a fact was, by the datasets of the query: at any time, where they
// do not say.
func (t *travel) span(a *arc) (from, to int32, dated bool) {
	from, to, dated = a.from, a.to, a.flags&arcDated != 0
	if t.plan.predicate.datasets != nil {
		from, to, dated, _ = t.plan.predicate.claimed(a)
	}
	if !dated {
		from, to = int32(schema.MinDay), int32(schema.MaxDay)
	}
	return from, to, dated
}

// search finds the nodes of the best path. The more days there are to look at, the
// more ways there are, by powers; so it looks for a path that arrives within some
// days of the first on which one could, and for twice as many while there is none.
func (t *travel) search() ([]uint32, error) {
	const least, most = 32, 4 // parts of all days: few paths arrive sooner, and the last search takes all anyway
	begin, all := t.days()
	t.met = [2]uint32{}
	for days := max(1, all/least); t.met[0] == 0; days *= 2 {
		limit := begin + days
		if days > all/most {
			limit = never
		}
		if err := t.meet(limit); err != nil {
			return nil, err
		}
		if limit == never {
			break
		}
	}
	if t.met[0] == 0 {
		return nil, nil
	}
	nodes := t.sides[0].nodes(t.met[0])
	slices.Reverse(nodes)
	if nodes = append(nodes, t.sides[1].nodes(t.met[1])[1:]...); !simple(nil, nodes) {
		return t.wander()
	}
	return t.forward(nodes), nil
}

// days is from when on a path may arrive, as far as that is easily known, and how
// many days there are.
func (t *travel) days() (begin, all int32) {
	low, high := t.bounds()
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

// meet finds the two parts of the best path that arrives before a day: a hop
// further at a time, on the side where fewer facts are to be looked at, and no way
// that arrives later than the best path so far. The time of a way to the end is
// when it arrives if nobody has to wait.
func (t *travel) meet(limit int32) error {
	t.best = when(limit, 0)
	for side := range t.sides {
		t.sides[side].reset(t.plan.view.Nodes())
		for _, node := range t.ends[side] {
			t.sides[side].keep(moment{node: node, time: always, late: never, set: t.plan.bit(node)})
		}
	}
	for hop := range t.plan.hops {
		side := 0
		if t.links(1) < t.links(0) {
			side = 1
		}
		s := &t.sides[side]
		begin := s.front
		if s.front = len(s.list); begin == s.front {
			break
		}
		for n := begin; n < s.front; n++ {
			if err := t.proceed(side, uint32(n), hop == t.plan.hops-1); err != nil {
				return err
			}
		}
	}
	return nil
}

// links is about how many facts the newest ways of a side are to go on by, from a
// sample of them.
func (t *travel) links(side int) (n int) {
	s := &t.sides[side]
	front := s.list[s.front:]
	apart := len(front)/16 + 1
	for i := 0; i < len(front); i += apart {
		from, to := t.reach(side, &front[i])
		for _, c := range t.calendars {
			several, oneDay := c.of(front[i].node, from)
			n += len(several) + before(oneDay, to+1)
		}
	}
	return n * apart
}

// forward turns nodes around where time ran backwards.
func (t *travel) forward(nodes []uint32) []uint32 {
	if t.order.Latest {
		slices.Reverse(nodes)
	}
	return nodes
}

// proceed takes a way of a side one hop on.
func (t *travel) proceed(side int, n uint32, last bool) error {
	s := &t.sides[side]
	way := s.list[n]
	if way.hops > 0 && !t.plan.passes(way.node) || when(way.time, way.hops) >= t.best || s.beaten(&way, n) {
		return t.plan.tick(t.ctx, 1)
	}
	from, to := t.reach(side, &way)
	other := &t.sides[1-side]
	for _, c := range t.calendars {
		several, oneDay := c.of(way.node, from)
		for _, list := range [2][]entry{several, oneDay} {
			i := 0
			for ; i < len(list) && list[i].from <= to; i++ {
				if e := &list[i]; e.to >= from && (!last || other.has(e.near)) {
					t.cross(side, &way, n, c, e, last)
				}
			}
			if err := t.plan.tick(t.ctx, i+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// reach is the days of facts that are of use to go on from a way, as the calendar
// has them: any, where it does not have them all.
func (t *travel) reach(side int, way *moment) (from, to int32) {
	from, to = way.time, int32(int64(t.best>>8)+always)
	switch {
	case t.loose:
		return always, never
	case side == 1:
		from, to = t.start, min(to, way.late)
	}
	return from, to
}

// cross takes a way of a side over an entry of its node in a calendar. What the
// last hop makes need not be kept unless it meets a way of the other side.
func (t *travel) cross(side int, way *moment, n uint32, c *calendar, e *entry, last bool) {
	next := moment{node: e.near, from: n, hops: way.hops + 1, set: way.set}
	from, to, ok := e.from, e.to, true
	if !t.free || from == always {
		from, to, ok = t.window(&c.rows.arcs[e.arc], side == 1)
	}
	switch {
	case !ok:
		return
	case t.order.Certain:
		if !surely(side, way, &next, from, to) {
			return
		}
	case side == 0:
		if next.time = max(way.time, from); next.time > to {
			return
		}
		next.late = -next.time
	default:
		if next.time, next.late = max(from, way.time), min(to, way.late); from > way.late {
			return
		}
	}
	if when(next.time, next.hops) >= t.best {
		return
	}
	if t.all != 0 {
		next.set |= t.plan.bit(e.near)
	}
	s, other := &t.sides[side], &t.sides[1-side]
	if s.beaten(&next, 0) {
		return
	}
	number := uint32(0)
	if !last {
		number = s.keep(next)
	}
	i := other.of(e.near)
	if i == 0 {
		return
	}
	for passes := t.plan.passes(e.near); i != 0; i = other.list[i].older {
		if o := &other.list[i]; (passes || o.hops == 0) && t.joins(side, &next, o) {
			if number == 0 {
				number = s.keep(next)
			}
			t.met[side], t.met[1-side] = number, i
		}
	}
}

// surely sets the days of a way that goes on from another by an event of some days,
// where that is sure to be possible: it is over before anybody goes on.
func surely(side int, way, next *moment, from, to int32) bool {
	if side == 0 {
		next.time, next.late = to, -to
		return from > way.time
	}
	if next.time, next.late = way.time, from-1; way.hops == 0 {
		next.time = to
	}
	return to <= way.late
}

// joins reports whether a way of a side and one of the other, of the same node,
// make a path that is better than the best.
func (t *travel) joins(side int, way, other *moment) bool {
	early, late := way, other
	if side == 1 {
		early, late = other, way
	}
	hops := early.hops + late.hops
	at := when(max(early.time, late.time), hops)
	if early.time > late.late || early.set|late.set != t.all || at >= t.best {
		return false
	}
	t.best = at
	return true
}

// soonest is when a neighbour is reached by any of the facts to it, by somebody who
// is there from a day on, and by which fact.
func (t *travel) soonest(arcs []arc, day int32) (soonest int32, best *arc) {
	end := int32(0)
	for i := range arcs {
		from, to, ok := t.window(&arcs[i], false)
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
