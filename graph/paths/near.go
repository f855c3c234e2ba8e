package paths

import (
	"context"
	"fmt"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// NearHops is the default number of hops of [View.Near].
const NearHops = 2

// Neighbourhood is the entities within some hops of an entity.
type Neighbourhood struct {
	// Counts[i] is the number of entities at a distance of i+1 hops, up to the last
	// distance that has any.
	Counts []int

	// Verbs counts the facts of the query that link an entity with one that is a hop
	// further away, from the entity itself or from one that a path may pass. A fact
	// counts once for its verb, and once for each predicate of a role edge by which it
	// links, however many pairs it links. Facts between entities at the same distance
	// do not count.
	Verbs []VerbCount

	// Entities are all entities except the first one, in ascending order of distance,
	// then in descending order of degree, then by id.
	Entities []Neighbour
}

// VerbCount is the number of facts that have a verb, or that link by the predicate of
// a role edge. Lists are in descending order of Facts.
type VerbCount struct {
	Verb  schema.Verb
	Facts int
}

// Neighbour is one entity of a neighbourhood.
type Neighbour struct {
	ID     schema.ID
	Kind   schema.Kind
	Hops   int // length of the shortest path
	Degree int // number of neighbours by all facts that happened, not only facts of the query
}

// Near finds the entities within q.Hops of an entity, [NearHops] if zero, over facts
// that the query allows. It reaches but does not pass a Group and entities that the
// query does not let pass. It ignores rank; via entities are an error. Errors are the
// errors of [View.Between].
func (v *View) Near(ctx context.Context, from schema.ID, q Query) (Neighbourhood, error) {
	s, err := v.newLevelSearch(ctx, from, q)
	if err != nil {
		return Neighbourhood{}, err
	}
	defer v.visitedPool.Put(s.visited)
	s.facts = make([]int, len(v.predicates.verbs))
	counts, err := s.run()
	if err != nil {
		return Neighbourhood{}, err
	}
	entities, err := s.entities(counts)
	return Neighbourhood{Counts: counts, Verbs: v.predicates.counts(s.facts), Entities: entities}, err
}

// CountNear returns only [Neighbourhood.Counts], which is several times faster.
func (v *View) CountNear(ctx context.Context, from schema.ID, q Query) ([]int, error) {
	s, err := v.newLevelSearch(ctx, from, q)
	if err != nil {
		return nil, err
	}
	defer v.visitedPool.Put(s.visited)
	return s.run()
}

// visited is the pooled memory of a search from one node.
type visited struct {
	marks   []uint32          // for each node: mark<<8 | hops
	counted []uint32          // for each fact: the mark of the search that counted it for its verb
	byRole  map[roleLink]bool // facts that were counted for the predicate of a role edge
	mark    uint32
	nodes   []uint32 // in the order in which they were reached
}

// roleLink is a fact and the predicate of a role edge by which it links.
type roleLink struct {
	fact      uint32
	predicate uint16
}

func (v *View) borrowVisited() *visited {
	w, _ := v.visitedPool.Get().(*visited)
	if w == nil {
		w = &visited{}
	}
	if w.mark++; len(w.marks) < v.Nodes() || w.mark == 1<<24 {
		w.marks, w.counted, w.mark = make([]uint32, v.Nodes()), make([]uint32, v.Facts()), 1
	}
	w.nodes = w.nodes[:0]
	clear(w.byRole)
	return w
}

// reach sets the distance of a node; it returns false if the node was reached before.
func (w *visited) reach(node uint32, hops int) bool {
	if w.marks[node]>>8 == w.mark {
		return false
	}
	w.marks[node] = w.mark<<8 | uint32(hops)
	w.nodes = append(w.nodes, node)
	return true
}

// reachAll sets the distance of nodes that were not reached before.
func (w *visited) reachAll(nodes []uint32, hops int) {
	marks, mark, reached := w.marks, w.mark, w.nodes
	for _, node := range nodes {
		if marks[node]>>8 != mark {
			marks[node] = mark<<8 | uint32(hops)
			reached = append(reached, node)
		}
	}
	w.nodes = reached
}

// isAt reports whether a node has a distance in hops.
func (w *visited) isAt(node uint32, hops int) bool { return w.marks[node] == w.mark<<8|uint32(hops) }

// levelSearch is a breadth-first search from one entity.
type levelSearch struct {
	plan    *plan
	visited *visited
	ctx     context.Context
	start   uint32
	facts   []int // by predicate; nil for CountNear

	linksReached int // of the nodes that are reached, in the one adjacency of the plan
}

func (v *View) newLevelSearch(ctx context.Context, from schema.ID, q Query) (*levelSearch, error) {
	if q.Hops == 0 {
		q.Hops = NearHops
	}
	if len(q.Via) > 0 {
		return nil, fmt.Errorf("%w: a neighbourhood has no entities to pass", ErrQuery)
	}
	p, err := v.plan(q)
	if err != nil {
		return nil, err
	}
	start, err := v.nodeOf(from)
	if err != nil {
		return nil, err
	}
	return &levelSearch{plan: p, visited: v.borrowVisited(), ctx: ctx, start: start}, nil
}

// run searches one level after the other and counts the entities of each.
func (s *levelSearch) run() (counts []int, err error) {
	s.visited.reach(s.start, 0)
	begin := 0
	for hops := 1; hops <= s.plan.hops; hops++ {
		end := len(s.visited.nodes)
		if err := s.level(begin, end, hops); err != nil {
			return nil, err
		}
		if len(s.visited.nodes) == end {
			break
		}
		begin, counts = end, append(counts, len(s.visited.nodes)-end)
	}
	return counts, context.Cause(s.ctx)
}

// level reaches the entities at a distance, from the nodes of the level before.
func (s *levelSearch) level(begin, end, hops int) error {
	if s.isFewerBackward(begin, end) {
		return s.levelBackward(hops)
	}
	for _, node := range s.visited.nodes[begin:end] {
		if node != s.start && !s.plan.passes(node) {
			continue
		}
		if err := s.expand(node, hops); err != nil {
			return err
		}
	}
	return nil
}

// isFewerBackward reports whether the nodes that are not reached yet have fewer links
// than those of the last level. Then it is faster to look from these for one of the last
// level. It is possible where each link counts, in both directions, and only the number
// of entities is asked for.
func (s *levelSearch) isFewerBackward(begin, end int) bool {
	if s.facts != nil || !s.plan.predicate.matchesHappened || len(s.plan.rows) != 1 {
		return false
	}
	rows, last := s.plan.rows[0], 0
	for _, node := range s.visited.nodes[begin:end] {
		last += int(rows.start[node+1] - rows.start[node])
	}
	s.linksReached += last
	return len(rows.neighbours)-s.linksReached+s.plan.view.Nodes() < last
}

// levelBackward reaches all nodes that have a neighbour in the last level which a path
// may pass.
func (s *levelSearch) levelBackward(hops int) error {
	rows, v := s.plan.rows[0], s.visited
	for node := range uint32(s.plan.view.Nodes()) {
		if v.marks[node]>>8 == v.mark {
			continue
		}
		neighbours := rows.neighbours[rows.start[node]:rows.start[node+1]]
		for i, from := range neighbours {
			if v.isAt(from, hops-1) && (from == s.start || s.plan.passes(from)) {
				v.reach(node, hops)
				neighbours = neighbours[:i+1]
				break
			}
		}
		if err := s.plan.checkContext(s.ctx, len(neighbours)); err != nil {
			return err
		}
	}
	return nil
}

// expand reaches the neighbours of a node.
func (s *levelSearch) expand(node uint32, hops int) error {
	for _, rows := range s.plan.rows {
		low, high := rows.start[node], rows.start[node+1]
		if s.facts == nil && s.plan.predicate.matchesHappened {
			s.visited.reachAll(rows.neighbours[low:high], hops)
			low = high
		}
		for i := low; i < high; i++ {
			to := rows.neighbours[i]
			switch nearer := s.visited.marks[to]>>8 == s.visited.mark && !s.visited.isAt(to, hops); {
			case nearer:
			case s.facts != nil:
				if s.countFacts(rows, i) {
					s.visited.reach(to, hops)
				}
			case s.visited.marks[to]>>8 != s.visited.mark && s.plan.anyMatches(rows, i, false):
				s.visited.reach(to, hops)
			}
		}
		if err := s.plan.checkContext(s.ctx, int(rows.first[high]-rows.first[rows.start[node]])); err != nil {
			return err
		}
	}
	return nil
}

// countFacts counts the facts that link a node with the i-th neighbour of an
// adjacency, and reports whether there are any.
func (s *levelSearch) countFacts(rows *adjacency, i uint32) (any bool) {
	arcs := rows.arcs[rows.first[i]:rows.first[i+1]]
	for k := range arcs {
		a := &arcs[k]
		if !s.plan.predicate.matches(a, false) {
			continue
		}
		any = true
		if s.isUncounted(a) {
			s.facts[a.verb]++
		}
	}
	return any
}

// isUncounted reports whether a fact was not counted yet for the predicate by which it
// links, and marks it as counted.
func (s *levelSearch) isUncounted(a *arc) bool {
	if a.verb < s.plan.view.predicates.verbCount {
		first := s.visited.counted[a.fact] != s.visited.mark
		s.visited.counted[a.fact] = s.visited.mark
		return first
	}
	link := roleLink{a.fact, a.verb}
	if s.visited.byRole[link] {
		return false
	}
	if s.visited.byRole == nil {
		s.visited.byRole = make(map[roleLink]bool)
	}
	s.visited.byRole[link] = true
	return true
}

func (s *levelSearch) entities(counts []int) ([]Neighbour, error) {
	list := make([]Neighbour, 0, len(s.visited.nodes)-1)
	keys := make([]uint64, 0, len(s.visited.nodes)) // of nodes, in the order of their degrees, highest first
	layer := s.visited.nodes[1:]
	for i, n := range counts {
		keys = keys[:0]
		for _, node := range layer[:n] {
			keys = append(keys, uint64(^s.plan.view.degree(node))<<32|uint64(node))
		}
		slices.Sort(keys)
		for _, key := range keys {
			id := s.plan.view.entities.id(uint32(key))
			list = append(list, Neighbour{id, schema.KindOf(id), i + 1, int(^uint32(key >> 32))})
		}
		layer = layer[n:]
		if err := context.Cause(s.ctx); err != nil {
			return nil, err
		}
	}
	return list, nil
}
