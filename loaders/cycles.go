package loaders

import (
	"fmt"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// arc leads to a node. It was made by a fact.
type arc struct{ to, fact int }

// circle is a way back to where it began: the arcs along it, the last of which
// closes it.
type circle []arc

// walk visits a graph depth first. It returns a circle for each arc that closes
// one, and all nodes such that each comes after those it leads to.
func walk(arcs [][]arc) (circles []circle, after []int) {
	const (
		fresh = iota
		open
		done
	)
	state := make([]uint8, len(arcs))
	next := make([]int, len(arcs))
	for root := range arcs {
		if state[root] != fresh {
			continue
		}
		path, way := []int{root}, []arc{{root, -1}}
		state[root] = open
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
				state[a.to] = open
				path, way = append(path, a.to), append(way, a)
			case open:
				circles = append(circles, closing(path, way, a))
			}
		}
	}
	return circles, after
}

func closing(path []int, way []arc, last arc) circle {
	i := len(path) - 1
	for path[i] != last.to {
		i--
	}
	return append(append(circle(nil), way[i+1:]...), last)
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
		ids := []string{string(names[circle[len(circle)-1].to])}
		for _, a := range circle {
			ids = append(ids, string(names[a.to]))
		}
		c.rejectPending(circle[len(circle)-1].fact, fmt.Errorf("%s goes in a circle: %s", verb, chain(ids)))
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
		keys := []string{c.keyOf(circle[len(circle)-1].to)}
		for _, a := range circle {
			keys = append(keys, c.keyOf(a.to))
		}
		c.rejectPending(circle[len(circle)-1].fact, fmt.Errorf("facts that %s: %s", what, chain(keys)))
	}
}

// chain joins the names along a circle, the middle of a long one left out.
func chain(names []string) string {
	if len(names) > 12 {
		names = append(append([]string(nil), names[:6]...), append([]string{"…"}, names[len(names)-5:]...)...)
	}
	return strings.Join(names, ", ")
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
