package loaders

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// factRefs are the references of one fact to other facts.
type factRefs struct {
	fact  int
	line  int32 // where the fact begins
	roles []roleRef
	links []linkRef
}

// relationArc is an edge of an acyclic relation, and the fact that makes it.
type relationArc struct {
	from, to schema.ID
	fact     int
}

// lateRejection is an error in a fact that follows from other facts.
type lateRejection struct {
	fact int
	err  error
}

// referenceChecker settles the references of facts to each other.
type referenceChecker struct {
	table *factTable
	nodes []int // the facts that refer to others or are referred to, sorted
	keys  map[int]string
	lines map[int]int32
	late  []lateRejection
}

func newReferenceChecker(t *factTable) *referenceChecker {
	c := &referenceChecker{table: t, keys: make(map[int]string), lines: make(map[int]int32)}
	for _, r := range t.refs {
		c.nodes = append(c.nodes, r.fact)
		c.lines[r.fact] = r.line
		r.each(func(to int) { c.nodes = append(c.nodes, to) })
	}
	slices.Sort(c.nodes)
	c.nodes = slices.Compact(c.nodes)
	if len(c.nodes) > 0 {
		for key, place := range t.drafts.keys {
			c.keys[place.fact] = key
		}
	}
	return c
}

func (r *factRefs) each(call func(to int)) {
	for _, role := range r.roles {
		call(role.fact)
	}
	for _, l := range r.links {
		call(l.fact)
	}
}

// node returns the index of a fact in nodes.
func (c *referenceChecker) node(fact int) int {
	i, _ := slices.BinarySearch(c.nodes, fact)
	return i
}

// rejectCycles rejects facts by which something would be part of itself, cause
// itself, or refer to itself.
func (c *referenceChecker) rejectCycles() {
	for _, verb := range c.table.vocabulary.Verbs() {
		if arcs := c.table.relations[verb]; len(arcs) > 0 {
			c.rejectRelationCycles(verb, arcs)
		}
	}
	c.rejectFactCycles("refer to each other", func(r factRefs, add func(from, to int)) {
		for _, role := range r.roles {
			add(r.fact, role.fact)
		}
	})
	c.rejectFactCycles("are part of each other", func(r factRefs, add func(from, to int)) {
		for _, l := range r.links {
			if l.link == schema.PartOf {
				add(r.fact, l.fact)
			}
		}
	})
	c.rejectFactCycles("cause each other", func(r factRefs, add func(from, to int)) {
		for _, l := range r.links {
			switch l.link {
			case schema.Because:
				add(l.fact, r.fact)
			case schema.LedTo:
				add(r.fact, l.fact)
			}
		}
	})
}

func (c *referenceChecker) rejectRelationCycles(verb schema.Verb, relations []relationArc) {
	index := make(map[schema.ID]int)
	var names []schema.ID
	var arcs [][]arc
	number := func(id schema.ID) int {
		i, ok := index[id]
		if !ok {
			i = len(names)
			index[id], names, arcs = i, append(names, id), append(arcs, nil)
		}
		return i
	}
	for _, r := range relations {
		a := number(r.from)
		b := number(r.to)
		arcs[a] = append(arcs[a], arc{b, r.fact})
	}
	cycles, _ := depthFirst(arcs)
	for _, circle := range cycles {
		around := circle.describe(func(node int) string { return string(names[node]) })
		c.reject(circle.closingArc().fact, faultf(schema.Circle, "%s goes in a circle: %s", verb, around))
	}
}

func (c *referenceChecker) rejectFactCycles(what string, each func(r factRefs, add func(from, to int))) {
	arcs := make([][]arc, len(c.nodes))
	for _, r := range c.table.refs {
		if !c.table.rejected[r.fact] {
			each(r, func(from, to int) {
				i := c.node(from)
				arcs[i] = append(arcs[i], arc{c.node(to), r.fact})
			})
		}
	}
	cycles, _ := depthFirst(arcs)
	for _, circle := range cycles {
		around := circle.describe(func(node int) string { return c.describe(c.nodes[node]) })
		c.reject(circle.closingArc().fact, faultf(schema.Circle, "facts that %s: %s", what, around))
	}
}

func (c *referenceChecker) describe(fact int) string {
	if key := c.keys[fact]; key != "" {
		return key
	}
	return fmt.Sprintf("the fact in line %d", c.lines[fact])
}

func (c *referenceChecker) reject(fact int, err error) {
	if !c.table.rejected[fact] {
		c.table.rejected[fact] = true
		c.late = append(c.late, lateRejection{fact, err})
	}
}

// rejectDependents rejects facts that refer to rejected facts.
func (c *referenceChecker) rejectDependents() {
	users := make([][]int, len(c.nodes))
	for _, r := range c.table.refs {
		r.each(func(to int) {
			i := c.node(to)
			users[i] = append(users[i], r.fact)
		})
	}
	var queue []int
	for _, fact := range c.nodes {
		if c.table.rejected[fact] {
			queue = append(queue, fact)
		}
	}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		for _, user := range users[c.node(i)] {
			if !c.table.rejected[user] {
				c.reject(user, faultf(schema.RejectedReference, "refers to a fact %w: %q", errRejected, c.describe(i)))
				queue = append(queue, user)
			}
		}
	}
}

// assignIDs computes the ids of facts to which others refer and that refer to
// others themselves: referenced facts first.
func (c *referenceChecker) assignIDs() {
	t := c.table
	arcs := make([][]arc, len(c.nodes))
	for _, r := range t.refs {
		if t.rejected[r.fact] {
			continue
		}
		i := c.node(r.fact)
		for _, role := range r.roles {
			arcs[i] = append(arcs[i], arc{c.node(role.fact), r.fact})
		}
	}
	_, after := depthFirst(arcs)
	for _, i := range after {
		fact, waits := t.waiting[c.nodes[i]]
		if !waits || t.rejected[c.nodes[i]] {
			continue
		}
		refs := t.refsOf(c.nodes[i], c.nodes[i]+1)
		for _, role := range refs[0].roles {
			fact.Roles[role.index].ID = t.ids[role.fact]
		}
		t.ids[c.nodes[i]] = t.vocabulary.Normalize(fact).ID
	}
}

// arc is a directed edge to a node, and the fact that makes it.
type arc struct{ to, fact int }

// cycle is a path that returns to its first node; the last arc closes it. The
// middle of a long cycle is left out, so that many cycles along one long path
// take no more memory than that path.
type cycle struct {
	arcs []arc
	long bool // arcs are left out before the last shownEnd arcs
}

// The numbers of arcs that are kept from the beginning and the end of a long
// cycle.
const (
	shownBegin = 5
	shownEnd   = 5
)

// depthFirst searches a graph depth first. It returns one cycle for each arc that
// closes one, and all nodes in postorder: each after its successors.
func depthFirst(arcs [][]arc) (cycles []cycle, postorder []int) {
	const (
		fresh = iota
		open
		done
	)
	state := make([]uint8, len(arcs))
	depth := make([]int, len(arcs)) // of the nodes on the current path
	next := make([]int, len(arcs))
	for root := range arcs {
		if state[root] != fresh {
			continue
		}
		path, way := []int{root}, []arc{{root, -1}}
		state[root], depth[root] = open, 0
		for len(path) > 0 {
			at := path[len(path)-1]
			if next[at] == len(arcs[at]) {
				state[at] = done
				postorder = append(postorder, at)
				path, way = path[:len(path)-1], way[:len(way)-1]
				continue
			}
			a := arcs[at][next[at]]
			next[at]++
			switch state[a.to] {
			case fresh:
				state[a.to], depth[a.to] = open, len(path)
				path, way = append(path, a.to), append(way, a)
			case open:
				cycles = append(cycles, cycleOf(way[depth[a.to]+1:], a))
			}
		}
	}
	return cycles, postorder
}

// cycleOf returns the cycle of a path and the arc back to its first node.
func cycleOf(way []arc, back arc) cycle {
	if len(way) < shownBegin+shownEnd {
		return cycle{arcs: append(slices.Clone(way), back)}
	}
	ends := append(slices.Clone(way[:shownBegin]), way[len(way)-shownEnd+1:]...)
	return cycle{append(ends, back), true}
}

// closingArc returns the arc that closes the cycle.
func (c cycle) closingArc() arc { return c.arcs[len(c.arcs)-1] }

// describe lists the names of the nodes along the cycle; the first node is also
// the last.
func (c cycle) describe(name func(node int) string) string {
	all := []string{name(c.closingArc().to)}
	for i, a := range c.arcs {
		if c.long && i == len(c.arcs)-shownEnd {
			all = append(all, "…")
		}
		all = append(all, name(a.to))
	}
	return strings.Join(all, ", ")
}

// verbMemory remembers which verbs words are.
type verbMemory map[string]verbMeaning

type verbMeaning struct {
	definition *schema.Definition
	inverse    bool
}

// maxVerbWords is the number of words that are remembered.
const maxVerbWords = 1000

// find returns the definition of the verb that a word is, or nil.
func (m verbMemory) find(v *schema.Vocabulary, word string) (def *schema.Definition, inverse bool) {
	if known, ok := m[word]; ok {
		return known.definition, known.inverse
	}
	verb, inverse, ok := v.Resolve(word)
	def, known := v.Lookup(verb)
	if !ok || !known {
		return nil, false
	}
	if len(m) < maxVerbWords {
		m[strings.Clone(word)] = verbMeaning{def, inverse}
	}
	return def, inverse
}

// refsOf returns the references of the facts with numbers from first to end,
// exclusive.
func (t *factTable) refsOf(first, end int) []factRefs {
	at := func(n int) int {
		i, _ := slices.BinarySearchFunc(t.refs, n, func(r factRefs, n int) int { return cmp.Compare(r.fact, n) })
		return i
	}
	return t.refs[at(first):at(end)]
}
