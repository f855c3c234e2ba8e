package loaders

import (
	"fmt"
	"slices"

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
		c.reject(circle.closingArc().fact, fmt.Errorf("%s goes in a circle: %s", verb, around))
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
		c.reject(circle.closingArc().fact, fmt.Errorf("facts that %s: %s", what, around))
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
				c.reject(user, fmt.Errorf("refers to a fact %w: %q", errRejected, c.describe(i)))
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
