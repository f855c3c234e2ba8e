package paths

import (
	"cmp"
	"container/heap"
	"context"
	"fmt"
	"iter"
	"math/bits"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Between yields the shortest paths, all of one length, the most telling first:
// dated events count for more than undated relations, and a hop through whom
// few know for more than one through whom all touch. Paths that tell as much
// come in the order of their fact ids, so that two runs print the same. There
// is none where the ends are not connected. An error is the last pair; it wraps
// [graph.ErrNotFound] for an end that takes part in nothing, [schema.ErrDate]
// or the cause of a cancelled context.
func (v *View) Between(ctx context.Context, from, to schema.ID, q Query) iter.Seq2[Path, error] {
	return func(yield func(Path, error) bool) {
		s, err := v.search(ctx, from, to, q)
		if err != nil {
			yield(Path{}, err)
			return
		}
		if s == nil {
			return
		}
		for path := s.next(); path != nil; path = s.next() {
			if err := context.Cause(ctx); err != nil {
				yield(Path{}, err)
				return
			}
			if !yield(v.path(s.source, path), nil) {
				return
			}
		}
	}
}

// search is nil where no path is short enough.
func (v *View) search(ctx context.Context, from, to schema.ID, q Query) (*search, error) {
	m, err := newMatcher(q)
	if err != nil {
		return nil, err
	}
	source, target, err := v.ends(from, to)
	if err != nil || source == target {
		return nil, err
	}
	s := &search{view: v, matcher: m, source: source, target: target, left: map[int32]int{target: 0}}
	if err := s.measure(ctx); err != nil {
		return nil, err
	}
	if _, ok := s.left[source]; !ok {
		return nil, nil
	}
	s.cheapest, s.queue.view = map[int32]int{}, v
	s.push(nil, source, 0)
	return s, nil
}

func (v *View) ends(from, to schema.ID) (source, target int32, err error) {
	source, ok := v.nodes[from]
	if !ok {
		return 0, 0, fmt.Errorf("%s: %w among dealings that somebody asserts", from, graph.ErrNotFound)
	}
	if target, ok = v.nodes[to]; !ok {
		return 0, 0, fmt.Errorf("%s: %w among dealings that somebody asserts", to, graph.ErrNotFound)
	}
	return source, target, nil
}

// search goes forward through nodes from which the target is ever fewer hops
// away. What a partial path still must cost at least is known exactly, so that
// the cheapest path is finished first.
type search struct {
	view           *View
	matcher        *matcher
	source, target int32
	left           map[int32]int // hops to the target, for nodes that can be on a path
	cheapest       map[int32]int // cost of the cheapest way on to the target
	queue          partials
}

// link is a hop of a search: its best fact first.
type link struct {
	to   int32
	cost int
	arcs []arc
}

// partial is a path so far, as a list from its end.
type partial struct {
	before *partial
	link   link
	node   int32
	spent  int
	total  int
}

// measure counts hops back from the target until the source is met.
func (s *search) measure(ctx context.Context) error {
	front := []int32{s.target}
	for hops := 1; hops <= s.matcher.Hops && len(front) > 0; hops++ {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		var next []int32
		for _, node := range front {
			if node != s.target && !s.matcher.passes(s.view.ids[node]) {
				continue
			}
			for _, a := range s.view.leaving(node) {
				if _, seen := s.left[a.to]; !seen && s.matcher.takes(&s.view.facts[a.fact]) {
					s.left[a.to] = hops
					next = append(next, a.to)
				}
			}
		}
		if _, ok := s.left[s.source]; ok {
			return nil
		}
		front = next
	}
	return nil
}

// links are the hops from a node that bring the target nearer.
func (s *search) links(node int32) []link {
	byNode := make(map[int32][]arc)
	for _, a := range s.view.leaving(node) {
		if left, ok := s.left[a.to]; ok && left == s.left[node]-1 && s.matcher.takes(&s.view.facts[a.fact]) &&
			(a.to == s.target || s.matcher.passes(s.view.ids[a.to])) {
			byNode[a.to] = append(byNode[a.to], a)
		}
	}
	links := make([]link, 0, len(byNode))
	for to, arcs := range byNode {
		slices.SortFunc(arcs, s.view.compareArcs)
		links = append(links, link{to, s.cost(to, arcs[0]), arcs})
	}
	slices.SortFunc(links, func(a, b link) int { return cmp.Compare(s.view.ids[a.to], s.view.ids[b.to]) })
	return links
}

// cost is low for a telling hop: a dated event, on the way to someone few know.
func (s *search) cost(to int32, best arc) int {
	cost := s.view.dullness(best) * 4
	if to != s.target {
		cost += bits.Len(uint(len(s.view.leaving(to))))
	}
	return cost
}

func (v *View) dullness(a arc) int {
	dull := 0
	if v.facts[a.fact].relation {
		dull++
	}
	if _, _, dated := v.facts[a.fact].span(anyone); !dated {
		dull++
	}
	return dull
}

// compareArcs puts the most telling first, then the earliest; forward before
// reverse where one fact points both ways.
func (v *View) compareArcs(a, b arc) int {
	x, y := &v.facts[a.fact], &v.facts[b.fact]
	begins, other := x.begins(), y.begins()
	if order := cmp.Or(cmp.Compare(v.dullness(a), v.dullness(b)), cmp.Compare(begins, other), cmp.Compare(x.id, y.id)); order != 0 {
		return order
	}
	if a.reverse {
		return 1
	}
	return -1
}

// unreachable is more than any path costs.
const unreachable = 1 << 30

// ahead is the cost of the cheapest way from a node to the target. Each node is
// worked out once; the way is at most Hops long.
func (s *search) ahead(node int32) int {
	if node == s.target {
		return 0
	}
	if cost, ok := s.cheapest[node]; ok {
		return cost
	}
	best := unreachable
	for _, l := range s.links(node) {
		best = min(best, l.cost+s.ahead(l.to))
	}
	s.cheapest[node] = best
	return best
}

func (s *search) push(before *partial, node int32, spent int) {
	for _, l := range s.links(node) {
		rest := s.ahead(l.to)
		if rest >= unreachable {
			continue
		}
		total := spent + l.cost
		heap.Push(&s.queue, &partial{before, l, l.to, total, total + rest})
	}
}

// next is the cheapest path not yet given, hop by hop, or nil.
func (s *search) next() []link {
	for s.queue.Len() > 0 {
		p := heap.Pop(&s.queue).(*partial)
		if p.node == s.target {
			return p.hops()
		}
		s.push(p, p.node, p.spent)
	}
	return nil
}

func (p *partial) hops() []link {
	var hops []link
	for ; p != nil; p = p.before {
		hops = append(hops, p.link)
	}
	slices.Reverse(hops)
	return hops
}

// partials is a heap: the least total first, then by fact ids along the way.
type partials struct {
	view  *View
	items []*partial
}

func (q *partials) Len() int      { return len(q.items) }
func (q *partials) Swap(i, j int) { q.items[i], q.items[j] = q.items[j], q.items[i] }
func (q *partials) Push(x any)    { q.items = append(q.items, x.(*partial)) }

func (q *partials) Pop() any {
	last := q.items[len(q.items)-1]
	q.items = q.items[:len(q.items)-1]
	return last
}

func (q *partials) Less(i, j int) bool {
	a, b := q.items[i], q.items[j]
	if a.total != b.total {
		return a.total < b.total
	}
	x, y := a.hops(), b.hops()
	for k := range min(len(x), len(y)) {
		order := cmp.Or(
			cmp.Compare(q.view.facts[x[k].arcs[0].fact].id, q.view.facts[y[k].arcs[0].fact].id),
			cmp.Compare(q.view.ids[x[k].to], q.view.ids[y[k].to]))
		if order != 0 {
			return order < 0
		}
	}
	return len(x) > len(y)
}

// path names what the search found.
func (v *View) path(source int32, links []link) Path {
	var p Path
	at := source
	for _, l := range links {
		p.Hops = append(p.Hops, Hop{From: v.ids[at], To: v.ids[l.to], Steps: v.steps(l.arcs)})
		at = l.to
	}
	return p
}

// steps gives each fact once: a symmetric one has an edge both ways.
func (v *View) steps(arcs []arc) []Step {
	var steps []Step
	seen := make(map[int32]bool)
	for _, a := range arcs {
		if !seen[a.fact] {
			seen[a.fact] = true
			steps = append(steps, Step{v.facts[a.fact].id, v.facts[a.fact].verb, a.reverse})
		}
	}
	return steps
}
