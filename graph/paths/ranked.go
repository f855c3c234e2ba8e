package paths

import (
	"container/heap"
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// ErrCut is wrapped where a search was given up because it took too long: there
// may be more paths than those that came before.
var ErrCut = errors.New("the search was cut")

// Between yields all paths without loops from one entity to another that the
// query allows, best first; of equal ones the order is the same each time. There
// is none where the ends are not connected. An error is the last pair; it wraps
// [graph.ErrNotFound] where an end takes part in nothing, [ErrQuery],
// [schema.ErrDate], [ErrCut], or is the cause of a cancelled context.
func (v *View) Between(ctx context.Context, from, to schema.ID, q Query) iter.Seq2[Path, error] {
	return v.Among(ctx, []schema.ID{from}, []schema.ID{to}, q)
}

// Among is [View.Between] from any of some entities to any of others. No path
// passes one of these on its way. Ends that take part in nothing are an error only
// where they are all of one side.
func (v *View) Among(ctx context.Context, from, to []schema.ID, q Query) iter.Seq2[Path, error] {
	return func(yield func(Path, error) bool) {
		if err := v.among(ctx, from, to, q, yield); err != nil {
			yield(Path{}, err)
		}
	}
}

func (v *View) among(ctx context.Context, from, to []schema.ID, q Query, yield func(Path, error) bool) error {
	p, err := v.plan(q)
	if err == nil {
		err = p.ends(from, to)
	}
	if err != nil {
		return err
	}
	s := v.borrow()
	defer v.scratch.Put(s)
	r := &ranking{plan: p, ctx: ctx, ahead: &s.ahead, back: &s.back, near: &s.near}
	if err := r.begin(); err != nil {
		return err
	}
	for {
		nodes, cost, err := r.next()
		if err != nil || nodes == nil || !yield(p.path(nodes, cost), nil) {
			return err
		}
	}
}

// scratch is the memory of a search, for the next one.
type scratch struct {
	ahead, back labels
	near        levels
	moments     [2]moments
}

func (v *View) borrow() *scratch {
	s, _ := v.scratch.Get().(*scratch)
	if s == nil {
		s = &scratch{}
	}
	return s
}

// ranking finds paths without loops, best first, as Yen and Lawler do: the paths
// that are left after one is found fall into branches, by how long they go with
// it and where they do not turn then. A branch is bounded by what it costs at
// least to go on to the end, which a search back from the end knows exactly up to
// its radius; only where that is not enough is there a search of the branch. That
// search is one of labels, since the cheapest way to a node may have too many
// hops.
type ranking struct {
	plan     *plan
	ctx      context.Context
	ahead    *labels // of the search from the beginning
	back     *labels // of the search from the end
	near     *levels
	branches branches
	made     int // branches, which orders equal ones
	splits   int
	all      uint8   // the set of all entities to pass
	deep     bool    // the search back has gone as far as later paths need
	given    *branch // whose best path was given last, still to be divided
}

// branch is the paths that begin with some nodes and go on to none of those that
// are barred.
type branch struct {
	prefix []uint32
	spent  weight
	barred []uint32
	bound  weight   // what the best of them costs, at least
	rest   []uint32 // how the best of them goes on, nil where that is not known
	number int
}

// begin finds the best path.
func (r *ranking) begin() error {
	r.all = 1<<len(r.plan.via) - 1
	r.back.reset(r.plan.view.Nodes())
	if r.all != 0 {
		r.back.sets = map[uint64]uint32{}
	}
	for _, node := range r.plan.to {
		n := r.back.add(label{node: node, set: r.plan.bit(node)})
		r.back.settle(n)
		r.back.queue.push(event{at: r.plan.light, label: n, onward: true})
	}
	var nodes []uint32
	var cost weight
	var err error
	switch {
	case r.all != 0:
		return r.add(&branch{})
	case r.plan.rank == ByHops:
		nodes, cost, err = r.shortest()
	default:
		nodes, cost, err = r.meet()
	}
	if err != nil || nodes == nil {
		return err
	}
	r.push(&branch{bound: cost, rest: nodes})
	return nil
}

func (r *ranking) push(b *branch) {
	r.made++
	b.number = r.made
	heap.Push(&r.branches, b)
}

// left is the least that it costs to go on from a node to the end; the label is
// that of the way, 0 where the cost is a bound alone.
func (r *ranking) left(node uint32, need uint8, hops int) (weight, uint32) {
	if n := r.back.best(node, need, hops); n != 0 {
		return r.back.list[n].cost, n
	}
	return r.back.queue.first(), 0
}

// next is the best path that has not been given, nil at the end. What is left of
// its branch is looked at only when another path is wanted.
func (r *ranking) next() ([]uint32, weight, error) {
	if r.given != nil {
		if err := r.divide(r.given); err != nil {
			return nil, 0, err
		}
		r.given = nil
	}
	for len(r.branches) > 0 {
		b := heap.Pop(&r.branches).(*branch)
		if b.rest != nil {
			r.given = b
			return append(slices.Clone(b.prefix), b.rest...), b.bound, nil
		}
		look := r.solve
		if r.all != 0 {
			look = r.split
		}
		err := look(b)
		if err != nil {
			return nil, 0, err
		}
	}
	return nil, 0, nil
}

// divide makes branches of the paths that are left of a branch without its best.
func (r *ranking) divide(b *branch) error {
	if err := r.deepen(b.bound); err != nil {
		return err
	}
	path := append(slices.Clone(b.prefix), b.rest...)
	spent := b.spent
	for at := len(b.prefix); at < len(path); at++ {
		next := &branch{prefix: path[:at:at], spent: spent, barred: []uint32{path[at]}}
		if at == len(b.prefix) {
			next.barred = append(next.barred, b.barred...)
		}
		if err := r.add(next); err != nil {
			return err
		}
		if at > 0 {
			w, _ := r.between(path[at-1], path[at])
			spent += r.arrive(w, path[at])
		}
	}
	return nil
}

// deepen lets the search back reach five eighths of the way, once more paths than
// one are wanted: with half of it more branches are left to be searched than it
// saves, and with more it goes to where few paths pass (BenchmarkTelling).
func (r *ranking) deepen(cost weight) error {
	for !r.deep && r.back.queue.first() < cost/8*5 {
		if err := r.stepBack(nil); err != nil {
			return err
		}
	}
	r.deep = true
	return nil
}

// between is what a hop between two nodes costs.
func (r *ranking) between(from, to uint32) (best weight, ok bool) {
	best = infinite
	for _, rows := range r.plan.rows {
		if i, there := rows.find(from, to); there {
			if w, ok := r.plan.hop(rows, i, false); ok {
				best = min(best, w)
			}
		}
	}
	return best, best != infinite
}

// add bounds a branch and keeps it if it may have a path.
func (r *ranking) add(b *branch) error {
	b.bound, b.rest = infinite, nil
	need := r.missing(b.prefix)
	label, hops := uint32(0), r.plan.hops-max(len(b.prefix)-1, 0)
	try := func(node uint32, cost weight, hops int) {
		rest, n := r.left(node, need, hops)
		if rest == infinite || cost+rest > b.bound || cost+rest == b.bound && (n == 0 || label != 0) {
			return
		}
		b.bound, label = cost+rest, n
	}
	if len(b.prefix) == 0 {
		for _, node := range r.plan.from {
			if !slices.Contains(b.barred, node) {
				try(node, 0, hops)
			}
		}
	} else if err := r.neighbours(b, func(node uint32, w weight) { try(node, b.spent+w, hops-1) }); err != nil {
		return err
	}
	if b.bound == infinite {
		return nil
	}
	if label != 0 {
		if rest := r.back.way(nil, label); simple(b.prefix, rest) {
			b.rest = rest
		}
	}
	r.push(b)
	return nil
}

// neighbours calls fn with where a branch may go on, and what that costs.
func (r *ranking) neighbours(b *branch, fn func(node uint32, w weight)) error {
	last := b.prefix[len(b.prefix)-1]
	if len(b.prefix) > r.plan.hops || isOne(r.plan.to, last) {
		return nil
	}
	for _, rows := range r.plan.rows {
		low, high := rows.start[last], rows.start[last+1]
		for i := low; i < high; i++ {
			to := rows.near[i]
			if !isOne(r.plan.to, to) && !r.plan.passes(to) || slices.Contains(b.prefix, to) || slices.Contains(b.barred, to) {
				continue
			}
			if w, ok := r.plan.hop(rows, i, false); ok {
				fn(to, r.arrive(w, to))
			}
		}
		if err := r.plan.tick(r.ctx, int(high-low)); err != nil {
			return err
		}
	}
	return nil
}

// simple reports whether no node stands twice in a path.
func simple(prefix, rest []uint32) bool {
	for i, node := range rest {
		if slices.Contains(prefix, node) || slices.Contains(rest[:i], node) {
			return false
		}
	}
	return true
}

// missing is the set of those that a path has yet to pass.
func (r *ranking) missing(path []uint32) uint8 {
	need := r.all
	for _, node := range path {
		need &^= r.plan.bit(node)
	}
	return need
}

// branches is a heap.
type branches []*branch

func (h branches) Len() int      { return len(h) }
func (h branches) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *branches) Push(x any)   { *h = append(*h, x.(*branch)) }

func (h branches) Less(i, j int) bool {
	return h[i].bound < h[j].bound || h[i].bound == h[j].bound && h[i].number < h[j].number
}

func (h *branches) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
