package loaders

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// arc leads to a node. It was made by a fact.
type arc struct{ to, fact int }

// circle is a way back to where it began: the arcs along it, the last of which
// closes it. The middle of a long one is left out, so that many circles which
// share a long way take no more room than the way.
type circle struct {
	arcs []arc
	long bool // arcs are missing before the last shownEnd
}

// The arcs of a long circle that are kept.
const (
	shownBegin = 5
	shownEnd   = 5
)

// walk visits a graph depth first. It returns a circle for each arc that closes
// one, and all nodes such that each comes after those it leads to.
func walk(arcs [][]arc) (circles []circle, after []int) {
	const (
		fresh = iota
		open
		done
	)
	state := make([]uint8, len(arcs))
	depth := make([]int, len(arcs)) // of the nodes on the path
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
				after = append(after, at)
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
				circles = append(circles, closing(way[depth[a.to]+1:], a))
			}
		}
	}
	return circles, after
}

// closing is the circle of a way and the arc back.
func closing(way []arc, back arc) circle {
	if len(way) < shownBegin+shownEnd {
		return circle{arcs: append(slices.Clone(way), back)}
	}
	ends := append(slices.Clone(way[:shownBegin]), way[len(way)-shownEnd+1:]...)
	return circle{append(ends, back), true}
}

// last is the arc that closes the circle.
func (c circle) last() arc { return c.arcs[len(c.arcs)-1] }

// names are what the nodes along the circle are called, from where it begins to
// there again.
func (c circle) names(name func(node int) string) string {
	all := []string{name(c.last().to)}
	for i, a := range c.arcs {
		if c.long && i == len(c.arcs)-shownEnd {
			all = append(all, "…")
		}
		all = append(all, name(a.to))
	}
	return strings.Join(all, ", ")
}

// rejectCycles rejects facts that would make something part of itself, or the
// cause of itself, or defined by itself.
func (c *collector) rejectCycles() {
	for _, verb := range c.vocabulary.Verbs() {
		if d, _ := c.vocabulary.Lookup(verb); d.Acyclic {
			c.rejectRelationCycles(verb)
		}
	}
	c.rejectFactCycles("refer to each other", func(p *pending, add func(from, to int), self int) {
		for _, r := range p.roles {
			add(self, r.fact)
		}
	})
	c.rejectFactCycles("are part of each other", func(p *pending, add func(from, to int), self int) {
		for _, l := range p.links {
			if l.link == schema.PartOf {
				add(self, l.fact)
			}
		}
	})
	c.rejectFactCycles("cause each other", func(p *pending, add func(from, to int), self int) {
		for _, l := range p.links {
			switch l.link {
			case schema.Because:
				add(l.fact, self)
			case schema.LedTo:
				add(self, l.fact)
			}
		}
	})
}

func (c *collector) rejectRelationCycles(verb schema.Verb) {
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
	for i, p := range c.pending {
		if p.rejected || p.fact.Verb != verb || p.fact.Status != schema.Happened && p.fact.Status != "" {
			continue
		}
		for _, from := range p.fact.With(schema.RoleActor) {
			for _, to := range p.fact.With(schema.RoleRecipient) {
				a := number(from)
				b := number(to)
				arcs[a] = append(arcs[a], arc{b, i})
			}
		}
	}
	circles, _ := walk(arcs)
	for _, circle := range circles {
		around := circle.names(func(node int) string { return string(names[node]) })
		c.rejectPending(circle.last().fact, fmt.Errorf("%s goes in a circle: %s", verb, around))
	}
}

func (c *collector) rejectFactCycles(what string, each func(p *pending, add func(from, to int), self int)) {
	arcs := make([][]arc, len(c.pending))
	for i, p := range c.pending {
		if !p.rejected {
			each(p, func(from, to int) { arcs[from] = append(arcs[from], arc{to, i}) }, i)
		}
	}
	circles, _ := walk(arcs)
	for _, circle := range circles {
		c.rejectPending(circle.last().fact, fmt.Errorf("facts that %s: %s", what, circle.names(c.keyOf)))
	}
}

func (c *collector) keyOf(fact int) string {
	if key := c.facts[fact].key.value; key != "" {
		return key
	}
	return fmt.Sprintf("the fact in line %d", c.facts[fact].pos.line)
}

func (c *collector) rejectPending(i int, err error) {
	p := c.pending[i]
	if p.rejected {
		return
	}
	p.rejected = true
	c.rejectFact(p.raw, &located{p.fact.Pos, err})
}

// rejectDependents rejects facts that refer to rejected ones.
func (c *collector) rejectDependents() {
	users := make([][]int, len(c.pending))
	var queue []int
	for i, p := range c.pending {
		for _, r := range p.roles {
			users[r.fact] = append(users[r.fact], i)
		}
		for _, l := range p.links {
			users[l.fact] = append(users[l.fact], i)
		}
		if p.rejected {
			queue = append(queue, i)
		}
	}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		for _, user := range users[i] {
			if !c.pending[user].rejected {
				c.rejectPending(user, fmt.Errorf("refers to a fact %w: %q", errRejected, c.keyOf(i)))
				queue = append(queue, user)
			}
		}
	}
}

// assignIDs gives the facts that others refer to their ids, those that they are
// made of first, and puts the ids where they are referred to.
func (c *collector) assignIDs() {
	arcs := make([][]arc, len(c.pending))
	wanted := make([]bool, len(c.pending))
	for i, p := range c.pending {
		if p.rejected {
			continue
		}
		for _, r := range p.roles {
			arcs[i] = append(arcs[i], arc{r.fact, i})
			wanted[r.fact] = true
		}
		for _, l := range p.links {
			wanted[l.fact] = true
		}
	}
	_, after := walk(arcs)
	ids := make([]schema.ID, len(c.pending))
	for _, i := range after {
		p := c.pending[i]
		for _, r := range p.roles {
			p.fact.Roles[r.index].ID = ids[r.fact]
		}
		if wanted[i] && !p.rejected {
			bare := p.fact
			bare.Evidence, bare.Links = nil, nil
			ids[i] = c.vocabulary.Normalize(bare).ID
		}
	}
	for _, p := range c.pending {
		for _, l := range p.links {
			p.fact.Links = append(p.fact.Links, schema.Link{Type: l.link, Fact: ids[l.fact]})
		}
	}
}
