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
	*matcher
	ctx   context.Context
	order Order
	ends  [2][]uint32 // where it begins, and where it ends
	sides *[2]moments // ways from where it begins, and ways to the end
	all   uint8       // the set of all entities to pass
	best  weight      // when the best path that is known arrives, and its hops
	met   [2]uint32   // its two parts
	next  moment      // the one that is being looked at

	free bool // every fact that happened and has a date counts
}

// moment is a way from where the search begins to a node, or from a node to the
// end: when it arrives, at the soonest.
type moment struct {
	node  uint32
	from  uint32 // the way that it goes on from, 0 for none
	older uint32 // the way of the same node made before, 0 for none
	time  int32  // when it arrives, unless one has to wait before
	late  int32  // to the end: by when one must be at the node; from the beginning: -time
	hops  uint8
	set   uint8 // which entities that the path must pass it passes
}

// dominates reports whether a way is as good as another to the same node.
func (m *moment) dominates(o *moment) bool {
	return m.time <= o.time && m.late >= o.late && m.hops <= o.hops && m.set|o.set == m.set
}

// moments are the ways of one side. Number 0 stands for none.
type moments struct {
	list   []moment
	newest []uint32 // of each node, where its mark is this search's
	marks  []uint32
	mark   uint32
	front  int   // where the newest begin, which are still to go on
	queue  queue // instead, where the best go on first
}

func (s *moments) reset(n int) {
	if len(s.marks) < n {
		s.newest, s.marks, s.mark = make([]uint32, n), make([]uint32, n), 0
	}
	if s.mark++; s.mark == 0 {
		clear(s.marks)
		s.mark = 1
	}
	s.list, s.front, s.queue.items = append(s.list[:0], moment{}), 1, s.queue.items[:0]
}

func (s *moments) of(node uint32) uint32 {
	if s.marks[node] != s.mark {
		return 0
	}
	return s.newest[node]
}

// beaten reports whether a way that is known dominates another.
func (s *moments) beaten(way *moment, but uint32) bool {
	for i := s.of(way.node); i != 0; i = s.list[i].older {
		if i != but && s.list[i].dominates(way) {
			return true
		}
	}
	return false
}

// keep adds a way, and returns its number.
func (s *moments) keep(way moment) uint32 {
	n := uint32(len(s.list))
	way.older = s.of(way.node)
	s.newest[way.node], s.marks[way.node] = n, s.mark
	s.list = append(s.list, way)
	return n
}

// nodes are those of a way, its own first.
func (s *moments) nodes(i uint32) (nodes []uint32) {
	for ; i != 0; i = s.list[i].from {
		nodes = append(nodes, s.list[i].node)
	}
	return nodes
}

// never and always are beyond any day.
const (
	never  = 1 << 30
	always = -never
)

// when is a day and a number of hops, to be compared in this order.
func when(day int32, hops uint8) weight { return weight(int64(day)-always)<<8 | weight(hops) }

// window is when a step over a fact may be taken, as the search sees time; ok is
// false where it may not be, or not for sure where that is wanted. Back is true where it is seen from the node that it leads to.
func (t *travel) window(a *arc, back bool) (from, to int32, ok bool) {
	if t.free && a.flags&arcDated != 0 {
		if t.order.Latest {
			return -a.to, -a.from, true
		}
		return a.from, a.to, true
	}
	if !t.takes(a, back != t.order.Latest) {
		return 0, 0, false
	}
	from, to, dated := t.span(a)
	if !dated && (!t.undated || t.order.Certain) {
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

// sure reports whether a fact is an event that happened, and that nobody denies.
func (t *travel) sure(a *arc) bool {
	return a.flags&(arcRelation|arcDisputed) == 0 && a.flags>>statusShift == statusNumber(schema.Happened)
}

// bounds are the days within which the query wants all steps.
func (t *travel) bounds() (low, high int32) {
	low, high = int32(schema.MinDay), int32(schema.MaxDay)
	if t.windowed {
		low, high = t.since, t.until
	}
	if t.asked {
		high = min(high, t.asOf)
	}
	return low, high
}

// span is when a fact was, by the datasets of the query: at any time, where they
// do not say.
func (t *travel) span(a *arc) (from, to int32, dated bool) {
	from, to, dated = a.from, a.to, a.flags&arcDated != 0
	if t.datasets != nil {
		from, to, dated, _ = t.told(a)
	}
	if !dated {
		from, to = int32(schema.MinDay), int32(schema.MaxDay)
	}
	return from, to, dated
}

// search finds the nodes of the best path: a hop further at a time, on the side
// where fewer links are to be looked at, and no way that arrives later than the
// best path so far. The time of a way to the end is when it arrives if nobody has
// to wait.
func (t *travel) search() ([]uint32, error) {
	t.best = infinite
	for side := range t.sides {
		t.sides[side].reset(t.Nodes())
		for _, node := range t.ends[side] {
			t.sides[side].keep(moment{node: node, time: always, late: never, set: t.bit(node)})
		}
	}
	for hop := range t.hops {
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
			if err := t.proceed(side, uint32(n), hop == t.hops-1); err != nil {
				return nil, err
			}
		}
	}
	if t.best == infinite {
		return nil, nil
	}
	nodes := t.sides[0].nodes(t.met[0])
	slices.Reverse(nodes)
	if nodes = append(nodes, t.sides[1].nodes(t.met[1])[1:]...); !simple(nil, nodes) {
		return t.wander()
	}
	return t.forward(nodes), nil
}

// links is how many links the newest ways of a side are to go on by.
func (t *travel) links(side int) (n int) {
	s := &t.sides[side]
	for _, way := range s.list[s.front:] {
		n += t.linksOf(way.node)
	}
	return n
}

// forward turns nodes around where time ran backwards.
func (t *travel) forward(nodes []uint32) []uint32 {
	if t.order.Latest {
		slices.Reverse(nodes)
	}
	return nodes
}

// proceed takes a way of a side one hop on. What the last hop makes need not be
// kept.
func (t *travel) proceed(side int, n uint32, last bool) error {
	s, other := &t.sides[side], &t.sides[1-side]
	way := s.list[n]
	if way.hops > 0 && !t.passes(way.node) || when(way.time, way.hops) >= t.best || s.beaten(&way, n) {
		return t.tick(t.ctx, 1)
	}
	return t.beyond(side, &way, n, func(next *moment) {
		if when(next.time, next.hops) >= t.best || last && other.of(next.node) == 0 || s.beaten(next, 0) {
			return
		}
		number := uint32(0)
		if !last {
			number = s.keep(*next)
		}
		for i := other.of(next.node); i != 0; i = other.list[i].older {
			if t.joins(side, next, &other.list[i]) {
				if number == 0 {
					number = s.keep(*next)
				}
				t.met[side], t.met[1-side] = number, i
			}
		}
	})
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

// beyond calls fn with each way that a hop makes of one.
func (t *travel) beyond(side int, way *moment, n uint32, fn func(*moment)) error {
	first, last := t.reach(side, way)
	for _, rows := range t.rows {
		low, high := rows.start[way.node], rows.start[way.node+1]
		for i := low; i < high; i++ {
			to := rows.near[i]
			arcs := rows.arcs[rows.first[i]:rows.first[i+1]]
			if !t.undated && !overlap(arcs, first, last) || !isOne(t.ends[1-side], to) && !t.passes(to) {
				continue
			}
			t.next = moment{node: to, from: n, hops: way.hops + 1, set: way.set | t.bit(to)}
			t.steps(side, way, arcs, func(time, late int32) {
				t.next.time, t.next.late = time, late
				fn(&t.next)
			})
		}
		if err := t.tick(t.ctx, int(high-low)); err != nil {
			return err
		}
	}
	return nil
}

// reach is the days from which to which a fact must have been possible, at the
// least, to take a way on that is of use.
func (t *travel) reach(side int, way *moment) (first, last int32) {
	first, last = always, int32(int64(t.best>>8)+always)
	if t.best == infinite {
		last = never
	}
	if side == 0 {
		first = way.time
	} else {
		last = min(last, way.late)
	}
	if t.order.Latest {
		return -last, -first
	}
	return first, last
}

// overlap reports whether any of some facts may have been within some days.
func overlap(arcs []arc, first, last int32) bool {
	for i := range arcs {
		if arcs[i].to >= first && arcs[i].from <= last {
			return true
		}
	}
	return false
}

// steps calls fn with the time of each way that one of some facts makes of
// another. From the beginning the soonest is enough.
func (t *travel) steps(side int, way *moment, arcs []arc, fn func(time, late int32)) {
	if side == 0 {
		if soonest, best := t.step(arcs, way.time); best != nil {
			fn(soonest, -soonest)
		}
		return
	}
	for i := range arcs {
		from, to, ok := t.window(&arcs[i], true)
		switch {
		case !ok:
		case !t.order.Certain && from <= way.late:
			fn(max(from, way.time), min(to, way.late))
		case t.order.Certain && to <= way.late && way.hops == 0:
			fn(to, from-1)
		case t.order.Certain && to <= way.late:
			fn(way.time, from-1)
		}
	}
}

// step is the soonest that a neighbour is reached by any of the facts to it, by
// somebody who is there from a day on, and by which fact.
func (t *travel) step(arcs []arc, day int32) (soonest int32, best *arc) {
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
