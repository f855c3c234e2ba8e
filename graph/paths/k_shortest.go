package paths

import (
	"container/heap"
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// ErrCut is wrapped by the error of a search that exceeded its limit of work: there
// may be more results.
var ErrCut = errors.New("the search was cut")

// Between yields all loop-free paths from one entity to another that the query allows,
// best first. Paths of equal cost come in the same order in every run. It yields
// nothing if the entities are not connected. An error is the last pair: it wraps
// [graph.ErrNotFound] if no fact links an entity, [ErrQuery], [schema.ErrDate] or
// [ErrCut], or is the cause of a cancelled context.
func (v *View) Between(ctx context.Context, from, to schema.ID, q Query) iter.Seq2[Path, error] {
	return v.Among(ctx, []schema.ID{from}, []schema.ID{to}, q)
}

// Among is [View.Between] from any of several entities to any of several others. No
// path passes one of these entities on its way. An entity that no fact links is
// ignored, unless no entity of its side is linked.
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
	s := v.borrowScratch()
	defer v.scratchPool.Put(s)
	r := &kShortest{plan: p, ctx: ctx, ahead: &s.ahead, back: &s.back, levels: &s.levels}
	if err := r.findFirst(); err != nil {
		return err
	}
	for {
		nodes, cost, err := r.next()
		if err != nil || nodes == nil || !yield(p.path(nodes, cost), nil) {
			return err
		}
	}
}

// scratch is the pooled memory of a search.
type scratch struct {
	ahead, back labels
	levels      levels
	moments     [2]timedLabels
}

func (v *View) borrowScratch() *scratch {
	s, _ := v.scratchPool.Get().(*scratch)
	if s == nil {
		s = &scratch{}
	}
	return s
}

// kShortest enumerates loop-free paths, best first, by Yen's algorithm for k-shortest
// paths with Lawler's order. After each path found, the remaining paths are divided
// into branches, by the prefix that they share with it and the nodes barred after the
// prefix. A backward search from the end gives the lower bound of a branch, exact up
// to the search's radius. Only if that is not enough, the branch itself is searched by
// label setting, since the cheapest way to a node may have too many hops.
type kShortest struct {
	plan         *plan
	ctx          context.Context
	ahead        *labels // labels of the forward search
	back         *labels // labels of the backward search
	levels       *levels
	branches     branches
	branchCount  int // number of branches made; it orders branches of equal bound
	splits       int
	allVia       uint8   // the set of all via nodes
	deepened     bool    // the backward search has reached the radius for more than one path
	lastReturned *branch // the branch of the last path returned, which is not divided yet
}

// branch is the set of paths that begin with a prefix and do not continue with a
// barred node.
type branch struct {
	prefix []uint32
	spent  weight
	barred []uint32
	bound  weight   // a lower bound of the cost of its best path
	rest   []uint32 // the nodes of its best path after the prefix, nil if not known
	number int
}

// findFirst finds the first path, which is the best.
func (r *kShortest) findFirst() error {
	r.allVia = 1<<len(r.plan.via) - 1
	r.back.reset(r.plan.view.Nodes())
	if r.allVia != 0 {
		r.back.sets = map[uint64]uint32{}
	}
	for _, node := range r.plan.to {
		n := r.back.add(label{node: node, set: r.plan.viaBit(node)})
		r.back.settle(n)
		r.back.queue.push(event{at: r.plan.leastHopCost, label: n, onward: true})
	}
	var nodes []uint32
	var cost weight
	var err error
	switch {
	case r.allVia != 0:
		return r.addBranch(&branch{})
	case r.plan.rank == ByHops:
		nodes, cost, err = r.shortest()
	default:
		nodes, cost, err = r.bidirectional()
	}
	if err != nil || nodes == nil {
		return err
	}
	r.pushBranch(&branch{bound: cost, rest: nodes})
	return nil
}

func (r *kShortest) pushBranch(b *branch) {
	r.branchCount++
	b.number = r.branchCount
	heap.Push(&r.branches, b)
}

// costToEnd returns the least cost from a node to the end, and the label of the way
// with this cost. The label is 0 if the cost is only a lower bound.
func (r *kShortest) costToEnd(node uint32, need uint8, hops int) (weight, uint32) {
	if n := r.back.best(node, need, hops); n != 0 {
		return r.back.list[n].cost, n
	}
	return r.back.queue.first(), 0
}

// next returns the next best path, or nil after the last one. The branch of a path is
// divided only when another path is wanted.
func (r *kShortest) next() ([]uint32, weight, error) {
	if r.lastReturned != nil {
		if err := r.divideBranch(r.lastReturned); err != nil {
			return nil, 0, err
		}
		r.lastReturned = nil
	}
	for len(r.branches) > 0 {
		b := heap.Pop(&r.branches).(*branch)
		if b.rest != nil {
			r.lastReturned = b
			return append(slices.Clone(b.prefix), b.rest...), b.bound, nil
		}
		search := r.searchBranch
		if r.allVia != 0 {
			search = r.splitBranch
		}
		err := search(b)
		if err != nil {
			return nil, 0, err
		}
	}
	return nil, 0, nil
}

// divideBranch makes branches of all paths of a branch except its best.
func (r *kShortest) divideBranch(b *branch) error {
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
		if err := r.addBranch(next); err != nil {
			return err
		}
		if at > 0 {
			w, _ := r.hopBetween(path[at-1], path[at])
			spent += r.costOfArriving(w, path[at])
		}
	}
	return nil
}

// deepen extends the backward search to five eighths of the cost of the best path,
// once more than one path is wanted. A smaller radius makes branch searches slower; a
// greater one reaches regions that few paths pass (BenchmarkTelling).
func (r *kShortest) deepen(cost weight) error {
	for !r.deepened && r.back.queue.first() < cost/8*5 {
		if err := r.stepBack(nil); err != nil {
			return err
		}
	}
	r.deepened = true
	return nil
}

// hopBetween returns the least cost of a hop between two nodes.
func (r *kShortest) hopBetween(from, to uint32) (best weight, ok bool) {
	best = infinite
	for _, rows := range r.plan.rows {
		if i, there := rows.find(from, to); there {
			if w, ok := r.plan.hopCost(rows, i, false); ok {
				best = min(best, w)
			}
		}
	}
	return best, best != infinite
}

// addBranch computes the bound of a branch and keeps the branch if it may have a path.
func (r *kShortest) addBranch(b *branch) error {
	b.bound, b.rest = infinite, nil
	need := r.missingVia(b.prefix)
	label, hops := uint32(0), r.plan.hops-max(len(b.prefix)-1, 0)
	try := func(node uint32, cost weight, hops int) {
		rest, n := r.costToEnd(node, need, hops)
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
	} else if err := r.eachNext(b, func(node uint32, w weight) { try(node, b.spent+w, hops-1) }); err != nil {
		return err
	}
	if b.bound == infinite {
		return nil
	}
	if label != 0 {
		if rest := r.back.way(nil, label); hasNoLoop(b.prefix, rest) {
			b.rest = rest
		}
	}
	r.pushBranch(b)
	return nil
}

// eachNext calls fn with each node after a branch's prefix, and the cost of the hop to
// it.
func (r *kShortest) eachNext(b *branch, fn func(node uint32, w weight)) error {
	last := b.prefix[len(b.prefix)-1]
	if len(b.prefix) > r.plan.hops || containsNode(r.plan.to, last) {
		return nil
	}
	for _, rows := range r.plan.rows {
		low, high := rows.start[last], rows.start[last+1]
		for i := low; i < high; i++ {
			to := rows.neighbours[i]
			if !containsNode(r.plan.to, to) && !r.plan.passes(to) || slices.Contains(b.prefix, to) || slices.Contains(b.barred, to) {
				continue
			}
			if w, ok := r.plan.hopCost(rows, i, false); ok {
				fn(to, r.costOfArriving(w, to))
			}
		}
		if err := r.plan.checkContext(r.ctx, int(high-low)); err != nil {
			return err
		}
	}
	return nil
}

// hasNoLoop reports whether a path has no node twice.
func hasNoLoop(prefix, rest []uint32) bool {
	for i, node := range rest {
		if slices.Contains(prefix, node) || slices.Contains(rest[:i], node) {
			return false
		}
	}
	return true
}

// missingVia returns the set of via nodes that are not on a path.
func (r *kShortest) missingVia(path []uint32) uint8 {
	need := r.allVia
	for _, node := range path {
		need &^= r.plan.viaBit(node)
	}
	return need
}

// branches is a heap of branches by bound.
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
