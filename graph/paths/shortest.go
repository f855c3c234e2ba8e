package paths

import (
	"context"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Shortest returns the first path of [View.Between]; it is fastest with [ByHops]. ok
// is false if there is no path.
func (v *View) Shortest(ctx context.Context, from, to schema.ID, q Query) (p Path, ok bool, err error) {
	return v.bestAmong(ctx, []schema.ID{from}, []schema.ID{to}, q)
}

// bestAmong returns the first path of [View.Among].
func (v *View) bestAmong(ctx context.Context, from, to []schema.ID, q Query) (p Path, ok bool, err error) {
	for p, err := range v.Among(ctx, from, to, q) {
		return p, err == nil, err
	}
	return p, false, nil
}

// levels is the state of a breadth-first search from both ends. For each node and side
// it has the distance in hops, and the cheapest way with this number of hops.
type levels struct {
	sides [2][]uint32 // for each node: mark<<8 | hops + 1
	cost  [2][]weight // cost of the way, without the cost of passing the node itself
	from  [2][]uint32 // the previous node on the way
	mark  uint32
	front [2][]uint32
	next  []uint32
}

func (l *levels) reset(n int) {
	if l.mark++; len(l.sides[0]) < n || l.mark == 1<<24 {
		for side := range l.sides {
			l.sides[side], l.cost[side], l.from[side] = make([]uint32, n), make([]weight, n), make([]uint32, n)
		}
		l.mark = 1
	}
}

func (l *levels) reach(side int, node uint32, hops int, cost weight, from uint32) {
	l.sides[side][node], l.cost[side][node], l.from[side][node] = l.mark<<8|uint32(hops+1), cost, from
}

// atEnd reports whether a node is an end of its side.
func (l *levels) atEnd(side int, node uint32) bool { return l.sides[side][node]&0xff == 1 }

// shortest finds the cheapest of the paths with the fewest hops. It expands
// one level at a time, on the side with fewer links to follow.
func (r *kShortest) shortest() ([]uint32, weight, error) {
	l := r.levels
	l.reset(r.plan.view.Nodes())
	for side, ends := range [2][]uint32{r.plan.from, r.plan.to} {
		l.front[side] = append(l.front[side][:0], ends...)
		for _, node := range ends {
			l.reach(side, node, 0, 0, node)
		}
	}
	var done [2]int
	for done[0]+done[1] < r.plan.hops {
		side := 0
		if r.linkCount(l.front[1]) < r.linkCount(l.front[0]) {
			side = 1
		}
		meeting, cost, err := r.cheapestMeeting(side)
		if err != nil {
			return nil, 0, err
		}
		if cost != infinite {
			return r.pathOver(side, meeting), cost, nil
		}
		done[side]++
		if err := r.expandLevel(side, done[side]); err != nil || len(l.front[side]) == 0 {
			return nil, 0, err
		}
	}
	return nil, 0, nil
}

func (r *kShortest) linkCount(nodes []uint32) (n int) {
	for _, node := range nodes {
		n += r.plan.neighbourCount(node)
	}
	return n
}

// costThrough returns the cost of a side's way to a node plus the cost of passing the
// node.
func (r *kShortest) costThrough(side int, node uint32) weight {
	if r.levels.atEnd(side, node) {
		return 0
	}
	return r.levels.cost[side][node] + r.plan.view.passingCost(r.plan.rank, node)
}

// cheapestMeeting finds the cheapest hop from the front of a side to a node that the
// other side has reached. The cost is infinite if there is none.
func (r *kShortest) cheapestMeeting(side int) (meeting [2]uint32, best weight, err error) {
	l := r.levels
	best = infinite
	other := l.sides[1-side]
	for _, node := range l.front[side] {
		spent := infinite // not known yet
		for _, rows := range r.plan.rows {
			low, high := rows.start[node], rows.start[node+1]
			for i, to := range rows.neighbours[low:high] {
				if other[to]>>8 != l.mark {
					continue
				}
				w, ok := r.plan.hopCost(rows, low+uint32(i), side == 1)
				if !ok {
					continue
				}
				if spent == infinite {
					spent = r.costThrough(side, node)
				}
				if cost := spent + w + r.costThrough(1-side, to); cost < best {
					best, meeting = cost, [2]uint32{node, to}
				}
			}
			if err := r.plan.checkContext(r.ctx, int(high-low)); err != nil {
				return meeting, best, err
			}
		}
	}
	return meeting, best, nil
}

// pathOver returns the path that joins both sides by a hop.
func (r *kShortest) pathOver(side int, meeting [2]uint32) (nodes []uint32) {
	l := r.levels
	if side == 1 {
		meeting[0], meeting[1] = meeting[1], meeting[0]
	}
	for node := meeting[0]; ; node = l.from[0][node] {
		if nodes = append(nodes, node); l.atEnd(0, node) {
			break
		}
	}
	slices.Reverse(nodes)
	for node := meeting[1]; ; node = l.from[1][node] {
		if nodes = append(nodes, node); l.atEnd(1, node) {
			return nodes
		}
	}
}

// expandLevel extends one side by one hop.
func (r *kShortest) expandLevel(side, hops int) error {
	l := r.levels
	l.next = l.next[:0]
	this := l.mark<<8 | uint32(hops+1)
	for _, node := range l.front[side] {
		spent := r.costThrough(side, node)
		for _, rows := range r.plan.rows {
			low, high := rows.start[node], rows.start[node+1]
			for i := low; i < high; i++ {
				to := rows.neighbours[i]
				known := l.sides[side][to]
				if known>>8 == l.mark && known != this || known != this && !r.plan.passes(to) {
					continue
				}
				w, ok := r.plan.hopCost(rows, i, side == 1)
				if !ok || known == this && spent+w >= l.cost[side][to] {
					continue
				}
				l.reach(side, to, hops, spent+w, node)
				if known != this {
					l.next = append(l.next, to)
				}
			}
			if err := r.plan.checkContext(r.ctx, int(high-low)); err != nil {
				return err
			}
		}
	}
	l.front[side], l.next = l.next, l.front[side]
	return nil
}
