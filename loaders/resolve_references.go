package loaders

import (
	"fmt"

	"github.com/entente-kg/entente/schema"
)

// pendingFacts are the facts of a dataset, in order, with references to each
// other.
type pendingFacts struct {
	vocabulary *schema.Vocabulary
	problems   *problems
	list       []*pendingFact
}

// rejectCycles rejects facts by which something would be part of itself, cause
// itself, or refer to itself.
func (ps *pendingFacts) rejectCycles() {
	for _, verb := range ps.vocabulary.Verbs() {
		if d, _ := ps.vocabulary.Lookup(verb); d.Acyclic {
			ps.rejectRelationCycles(verb)
		}
	}
	ps.rejectFactCycles("refer to each other", func(p *pendingFact, add func(from, to int), self int) {
		for _, r := range p.roles {
			add(self, r.fact)
		}
	})
	ps.rejectFactCycles("are part of each other", func(p *pendingFact, add func(from, to int), self int) {
		for _, l := range p.links {
			if l.link == schema.PartOf {
				add(self, l.fact)
			}
		}
	})
	ps.rejectFactCycles("cause each other", func(p *pendingFact, add func(from, to int), self int) {
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

func (ps *pendingFacts) rejectRelationCycles(verb schema.Verb) {
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
	for i, p := range ps.list {
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
	cycles, _ := depthFirst(arcs)
	for _, circle := range cycles {
		around := circle.describe(func(node int) string { return string(names[node]) })
		ps.rejectPending(circle.closingArc().fact, fmt.Errorf("%s goes in a circle: %s", verb, around))
	}
}

func (ps *pendingFacts) rejectFactCycles(what string, each func(p *pendingFact, add func(from, to int), self int)) {
	arcs := make([][]arc, len(ps.list))
	for i, p := range ps.list {
		if !p.rejected {
			each(p, func(from, to int) { arcs[from] = append(arcs[from], arc{to, i}) }, i)
		}
	}
	cycles, _ := depthFirst(arcs)
	for _, circle := range cycles {
		ps.rejectPending(circle.closingArc().fact, fmt.Errorf("facts that %s: %s", what, circle.describe(ps.describe)))
	}
}

func (ps *pendingFacts) describe(fact int) string {
	if key := ps.list[fact].raw.key.value; key != "" {
		return key
	}
	return fmt.Sprintf("the fact in line %d", ps.list[fact].raw.pos.line)
}

func (ps *pendingFacts) rejectPending(i int, err error) {
	p := ps.list[i]
	if p.rejected {
		return
	}
	p.rejected = true
	ps.problems.rejectFact(p.raw, &positionedError{p.fact.Pos, err})
}

// rejectDependents rejects facts that refer to rejected facts.
func (ps *pendingFacts) rejectDependents() {
	users := make([][]int, len(ps.list))
	var queue []int
	for i, p := range ps.list {
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
			if !ps.list[user].rejected {
				ps.rejectPending(user, fmt.Errorf("refers to a fact %w: %q", errRejected, ps.describe(i)))
				queue = append(queue, user)
			}
		}
	}
}

// assignIDs computes the ids of facts to which others refer, referenced facts
// first, and sets the ids in the references.
func (ps *pendingFacts) assignIDs() {
	arcs := make([][]arc, len(ps.list))
	wanted := make([]bool, len(ps.list))
	for i, p := range ps.list {
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
	_, after := depthFirst(arcs)
	ids := make([]schema.ID, len(ps.list))
	for _, i := range after {
		p := ps.list[i]
		for _, r := range p.roles {
			p.fact.Roles[r.index].ID = ids[r.fact]
		}
		if wanted[i] && !p.rejected {
			bare := p.fact
			bare.Evidence, bare.Links = nil, nil
			ids[i] = ps.vocabulary.Normalize(bare).ID
		}
	}
	for _, p := range ps.list {
		for _, l := range p.links {
			p.fact.Links = append(p.fact.Links, schema.Link{Type: l.link, Fact: ids[l.fact]})
		}
	}
}
