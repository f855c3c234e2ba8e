package paths

import (
	"context"
	"fmt"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Order says which of the paths in order is wanted. The zero value is the one that
// arrives first.
type Order struct {
	Latest  bool // the one that starts last
	Certain bool // only such as are certain
}

// Journey is a path whose steps follow each other in time: each hop has the one
// fact that is taken.
//
// A fact is known to lie within a window of days. An event is taken on one day of
// it, a relation on any. The journey is possible, since there are such days of
// which none is before that of the step before. It is certain where there could be
// no others: each step is an event, and its window begins on a later day than that
// of the one before ends. On one and the same day the order is not known.
type Journey struct {
	Hops    []Hop
	Days    []Window // for each hop, the days on which it can be taken
	Certain bool
}

// Window is the days from one to another, both in it.
type Window struct{ From, To schema.Day }

// InOrder finds how word could have travelled from any of some entities to any of
// others: of the paths that the query allows and whose steps follow each other in
// time, the one that can arrive first, and of those that of fewest hops. With
// Latest it is the one that can start last. With Certain, where only what is sure
// counts, the one that has surely arrived first, or surely not started until last.
//
// Steps are taken within the days of the query. Undated facts are left out unless
// the query wants them; they may have been at any time. The query's rank does not
// matter. ok is false where there is no such path. Errors are those of
// [View.Between]; [ErrCut] only where the query has entities to pass.
func (v *View) InOrder(ctx context.Context, from, to []schema.ID, q Query, o Order) (j Journey, ok bool, err error) {
	m, err := v.matcher(q)
	if err == nil {
		err = m.ends(from, to)
	}
	if err != nil {
		return j, false, err
	}
	s := v.borrow()
	defer v.scratch.Put(s)
	t := &travel{matcher: m, ctx: ctx, labels: &s.ahead, order: o, begin: m.from, end: m.to, all: 1<<len(m.via) - 1}
	if o.Latest {
		t.begin, t.end = t.end, t.begin
	}
	nodes, err := t.search()
	if err != nil || nodes == nil {
		return j, false, err
	}
	return t.journey(nodes), true, nil
}

// travel is a search for a path in order. Where the latest is wanted it goes from
// the end, and time runs backwards: days are negative then.
type travel struct {
	*matcher
	*labels
	ctx        context.Context
	order      Order
	begin, end []uint32
	all        uint8
}

// window is when a step over a fact may be taken, as the search sees time; ok is
// false where it may not be, or not for sure where that is wanted.
func (t *travel) window(a *arc) (from, to int32, ok bool) {
	if !t.takes(a, t.order.Latest) {
		return 0, 0, false
	}
	from, to, dated := t.span(a)
	if !dated && (!t.undated || t.order.Certain) {
		return 0, 0, false
	}
	low, high := t.bounds()
	if t.order.Certain && (from < low || to > high || a.flags&arcRelation != 0) {
		return 0, 0, false
	}
	from, to = max(from, low), min(to, high)
	if t.order.Latest {
		from, to = -to, -from
	}
	return from, to, from <= to
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

// step is the soonest that a neighbour is reached by any of the facts to it, by
// somebody who is there from a day on, and by which fact.
func (t *travel) step(arcs []arc, day int32) (soonest int32, best *arc) {
	end := int32(0)
	for i := range arcs {
		from, to, ok := t.window(&arcs[i])
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

// before is earlier than any day.
const before = -1 << 30

// when is a day and a number of hops as the cost of a label, and day the way back.
func when(day int32, hops uint8) weight { return weight(int64(day)-before)<<8 | weight(hops) }
func day(w weight) int32                { return int32(int64(w>>8) + before) }

// search finds the nodes of the path, in its own direction.
func (t *travel) search() ([]uint32, error) {
	t.reset(t.Nodes())
	if t.all != 0 {
		t.sets = map[uint64]uint32{}
	}
	for _, node := range t.begin {
		t.enqueue(label{node: node, cost: when(before, 0), set: t.bit(node)})
	}
	for len(t.queue.items) > 0 {
		n := t.queue.pop().label
		if !t.settle(n) {
			continue
		}
		if way := t.list[n]; isOne(t.end, way.node) {
			if way.set != t.all {
				continue
			}
			nodes := t.way(nil, n)
			if !simple(nil, nodes) {
				return t.wander()
			}
			return t.forward(nodes), nil
		}
		if err := t.onward(n, func(way label) { t.enqueue(way) }); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// forward turns the nodes of a way, the last first, into those of a path.
func (t *travel) forward(nodes []uint32) []uint32 {
	if !t.order.Latest {
		slices.Reverse(nodes)
	}
	return nodes
}

func (t *travel) enqueue(way label) {
	if n := t.add(way); n != 0 {
		t.queue.push(event{at: way.cost, label: n})
	}
}

// onward calls fn with each way that goes on from one.
func (t *travel) onward(from uint32, fn func(label)) error {
	way := t.list[from]
	if int(way.hops) >= t.hops {
		return nil
	}
	for _, rows := range t.rows {
		low, high := rows.start[way.node], rows.start[way.node+1]
		for i := low; i < high; i++ {
			to := rows.near[i]
			if !isOne(t.end, to) && !t.passes(to) {
				continue
			}
			if at, best := t.step(rows.arcs[rows.first[i]:rows.first[i+1]], day(way.cost)); best != nil {
				fn(label{node: to, cost: when(at, way.hops+1), from: from, hops: way.hops + 1, set: way.set | t.bit(to)})
			}
		}
		if err := t.tick(t.ctx, int(high-low)); err != nil {
			return err
		}
	}
	return nil
}

// wander finds the path where the best way past all that it must pass has a loop:
// it tries all ways without one, the best first.
func (t *travel) wander() ([]uint32, error) {
	t.reset(t.Nodes())
	keep := func(way label) {
		t.list = append(t.list, way)
		t.queue.push(event{at: way.cost, label: uint32(len(t.list) - 1)})
	}
	for _, node := range t.begin {
		keep(label{node: node, cost: when(before, 0), set: t.bit(node)})
	}
	for len(t.queue.items) > 0 {
		if len(t.list) > maxSplits {
			return nil, fmt.Errorf("%w: too many ways past all that it must pass", ErrCut)
		}
		n := t.queue.pop().label
		nodes := t.way(nil, n)
		if isOne(t.end, nodes[0]) {
			if t.list[n].set == t.all {
				return t.forward(nodes), nil
			}
			continue
		}
		err := t.onward(n, func(way label) {
			if !slices.Contains(nodes, way.node) {
				keep(way)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// taken is the fact that each hop of a path takes, as seen from where it begins.
func (t *travel) taken(nodes []uint32) []*arc {
	hops := make([]*arc, len(nodes)-1)
	day := int32(before)
	for n := range hops {
		i := n
		here, there := nodes[i], nodes[i+1]
		if t.order.Latest {
			i = len(hops) - 1 - n
			here, there = nodes[i+1], nodes[i]
		}
		var arcs []arc
		for _, rows := range t.rows {
			arcs = append(arcs, rows.between(here, there)...)
		}
		day, hops[i] = t.step(arcs, day)
		if t.order.Latest {
			hops[i] = t.seenFrom(there, here, hops[i].fact)
		}
	}
	return hops
}

// seenFrom is a fact as one of the two nodes sees it that it links.
func (t *travel) seenFrom(node, other, fact uint32) *arc {
	for _, rows := range t.rows {
		arcs := rows.between(node, other)
		if i := slices.IndexFunc(arcs, func(a arc) bool { return a.fact == fact }); i >= 0 {
			return &arcs[i]
		}
	}
	return nil
}

// journey takes the path over its nodes, step by step.
func (t *travel) journey(nodes []uint32) Journey {
	hops := t.taken(nodes)
	j := Journey{Days: make([]Window, len(hops)), Certain: true}
	for i, a := range hops {
		j.Hops = append(j.Hops, Hop{From: t.id(nodes[i]), To: t.id(nodes[i+1]), Steps: []Step{t.matcher.step(a)}})
		from, to, dated := t.span(a)
		low, high := t.bounds()
		j.Certain = j.Certain && dated && a.flags&arcRelation == 0 && from >= low && to <= high &&
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
