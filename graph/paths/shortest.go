package paths

import (
	"context"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Shortest is the first of [View.Between]: with [ByHops] it is found soonest. ok
// is false where there is no path.
func (v *View) Shortest(ctx context.Context, from, to schema.ID, q Query) (p Path, ok bool, err error) {
	return v.first(ctx, []schema.ID{from}, []schema.ID{to}, q)
}

// first is the first of [View.Among].
func (v *View) first(ctx context.Context, from, to []schema.ID, q Query) (p Path, ok bool, err error) {
	for p, err := range v.Among(ctx, from, to, q) {
		return p, err == nil, err
	}
	return p, false, nil
}

// levels is how many hops nodes are away from either end, and what the rest of
// the way costs from those that lie on a shortest path.
type levels struct {
	sides [2][]uint32 // mark<<8 | hops + 1
	cost  []weight
	known []uint32 // the mark, where cost is known
	mark  uint32
	front [2][]uint32
	next  []uint32
}

func (l *levels) reset(n int) {
	if l.mark++; len(l.cost) < n || l.mark == 1<<24 {
		l.sides = [2][]uint32{make([]uint32, n), make([]uint32, n)}
		l.cost, l.known, l.mark = make([]weight, n), make([]uint32, n), 1
	}
}

// hops is how far a node is from a side; ok is false where it was not reached.
func (l *levels) hops(side int, node uint32) (hops int, ok bool) {
	m := l.sides[side][node]
	return int(m&0xff) - 1, m>>8 == l.mark
}

func (l *levels) reach(side int, node uint32, hops int) {
	l.sides[side][node] = l.mark<<8 | uint32(hops+1)
}

// shortest finds the most telling of the paths of fewest hops: by levels from
// both ends, each time from the end where fewer links are to be looked at.
func (r *ranking) shortest() ([]uint32, weight, error) {
	l := &r.near
	l.reset(r.Nodes())
	for side, ends := range [2][]uint32{r.from, r.to} {
		l.front[side] = append(l.front[side][:0], ends...)
		for _, node := range ends {
			l.reach(side, node, 0)
		}
	}
	var done [2]int
	for done[0]+done[1] < r.hops {
		side := 0
		if r.links(l.front[1]) < r.links(l.front[0]) {
			side = 1
		}
		met, err := r.level(side, done[side]+1)
		if err != nil || len(l.front[side]) == 0 {
			return nil, 0, err
		}
		done[side]++
		if len(met) > 0 {
			return r.thread(met)
		}
	}
	return nil, 0, nil
}

func (r *ranking) links(nodes []uint32) (n int) {
	for _, node := range nodes {
		for _, rows := range r.rows {
			n += int(rows.start[node+1] - rows.start[node])
		}
	}
	return n
}

// level takes one side a hop further. Met are the nodes that the other side has
// reached too.
func (r *ranking) level(side, hops int) (met []uint32, err error) {
	l := &r.near
	ends := r.from
	if side == 0 {
		ends = r.to
	}
	l.next = l.next[:0]
	for _, node := range l.front[side] {
		for _, rows := range r.rows {
			low, high := rows.start[node], rows.start[node+1]
			for i := low; i < high; i++ {
				to := rows.near[i]
				if l.sides[side][to]>>8 == l.mark || !r.any(rows, i, side == 1) || !r.passes(to) && !isOne(ends, to) {
					continue
				}
				l.reach(side, to, hops)
				if _, ok := l.hops(1-side, to); ok {
					met = append(met, to)
				}
				l.next = append(l.next, to)
			}
			if err := r.tick(r.ctx, int(high-low)); err != nil {
				return nil, err
			}
		}
	}
	l.front[side], l.next = l.next, l.front[side]
	return met, nil
}

// thread picks the most telling of the paths that go through where both sides
// met. First it works out what the rest of the way costs, from the end back: over
// the levels of that side down from its end, then up those of the other.
func (r *ranking) thread(met []uint32) ([]uint32, weight, error) {
	l := &r.near
	slices.Sort(met)
	for _, node := range met {
		if err := r.rest(node); err != nil {
			return nil, 0, err
		}
	}
	layer := met
	for {
		if back, _ := l.hops(0, layer[0]); back == 0 {
			break
		}
		before, err := r.spread(layer)
		if err != nil {
			return nil, 0, err
		}
		layer = before
	}
	best := layer[0]
	for _, node := range layer {
		if l.cost[node] < l.cost[best] {
			best = node
		}
	}
	nodes := []uint32{best}
	for !isOne(r.to, nodes[len(nodes)-1]) {
		next, err := r.follow(nodes[len(nodes)-1])
		if err != nil {
			return nil, 0, err
		}
		nodes = append(nodes, next)
	}
	return nodes, l.cost[best], nil
}

// rest works out what the way costs from a node to the end, by nodes that are
// ever nearer to it.
func (r *ranking) rest(node uint32) error {
	l := &r.near
	if l.known[node] == l.mark {
		return nil
	}
	l.known[node], l.cost[node] = l.mark, infinite
	left, _ := l.hops(1, node)
	if left == 0 {
		l.cost[node] = 0
		return nil
	}
	return r.each(node, 1, left-1, false, func(to uint32, w weight) error {
		if err := r.rest(to); err != nil {
			return err
		}
		if rest := l.cost[to]; rest != infinite {
			l.cost[node] = min(l.cost[node], r.arrive(w, to)+rest)
		}
		return nil
	})
}

// spread works out the same for the nodes one hop nearer to the beginning, and
// returns them.
func (r *ranking) spread(layer []uint32) (before []uint32, err error) {
	l := &r.near
	for _, node := range layer {
		hops, _ := l.hops(0, node)
		if l.cost[node] == infinite {
			continue
		}
		err := r.each(node, 0, hops-1, true, func(from uint32, w weight) error {
			cost := r.arrive(w, node) + l.cost[node]
			if l.known[from] != l.mark {
				l.known[from], l.cost[from] = l.mark, cost
				before = append(before, from)
			}
			l.cost[from] = min(l.cost[from], cost)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(before)
	return before, nil
}

// follow is where the cheapest way goes on from a node: to one that is further
// from the beginning or, past where both sides met, nearer to the end.
func (r *ranking) follow(node uint32) (next uint32, err error) {
	l := &r.near
	side, hops := 0, 1
	if left, ok := l.hops(1, node); ok {
		side, hops = 1, left-1
	} else if done, ok := l.hops(0, node); ok {
		hops = done + 1
	}
	found := false
	err = r.each(node, side, hops, false, func(to uint32, w weight) error {
		if !found && l.known[to] == l.mark && l.cost[to] != infinite && r.arrive(w, to)+l.cost[to] == l.cost[node] {
			found, next = true, to
		}
		return nil
	})
	return next, err
}

// each calls fn with the neighbours of a node that are so many hops from a side,
// and the cost of the hop: to them, or with back from them.
func (r *ranking) each(node uint32, side, hops int, back bool, fn func(to uint32, w weight) error) error {
	want := r.near.mark<<8 | uint32(hops+1)
	for _, rows := range r.rows {
		low, high := rows.start[node], rows.start[node+1]
		for i := low; i < high; i++ {
			to := rows.near[i]
			if r.near.sides[side][to] != want {
				continue
			}
			if w, ok := r.hop(rows, i, back); ok {
				if err := fn(to, w); err != nil {
					return err
				}
			}
		}
		if err := r.tick(r.ctx, int(high-low)); err != nil {
			return err
		}
	}
	return nil
}
