package diff

import (
	"context"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// factsTogether is how many facts are read together.
const factsTogether = 256

// listFacts lists the changes of facts: of facts that the later state has, in the order in
// which they were first stored, and then the facts that only the earlier state has.
func (l *lister) listFacts(ctx context.Context) error {
	p, err := l.findPairs(ctx)
	if err != nil {
		return err
	}
	left := l.before.NewIDSet()
	for _, f := range p.gone {
		if !p.used[f.id] {
			left.Put(f.id)
		}
	}
	err = l.eachFacts(ctx, l.facts, func(ids []uint64, facts [2][]schema.Fact) error { return l.listCame(ctx, p, ids, facts) })
	if err != nil {
		return err
	}
	return l.eachFacts(ctx, left, func(_ []uint64, facts [2][]schema.Fact) error {
		for i := range facts[earlier] {
			if err := l.yieldFact(ctx, Change{Action: Removed}, &facts[earlier][i], nil); err != nil {
				return err
			}
		}
		return nil
	})
}

// eachFacts calls fn with a few facts of a set at a time, as both states have them. A fact
// that a state lacks has no id.
func (l *lister) eachFacts(ctx context.Context, set store.IDSet, fn func(ids []uint64, facts [2][]schema.Fact) error) error {
	var part []uint64
	read := func() error {
		if len(part) == 0 {
			return nil
		}
		facts, err := l.readFacts(ctx, part)
		if err == nil {
			err = fn(part, facts)
		}
		part = part[:0]
		return err
	}
	for id := range set.All() {
		if part = append(part, id); len(part) < factsTogether {
			continue
		}
		if err := read(); err != nil {
			return err
		}
	}
	return read()
}

// readFacts reads facts as both states have them.
func (l *lister) readFacts(ctx context.Context, numbers []uint64) (facts [2][]schema.Fact, err error) {
	ids := make([]schema.ID, len(numbers))
	for i, number := range numbers {
		value, err := l.termOf(number)
		if err != nil {
			return facts, err
		}
		ids[i], _ = schema.FactOf(value)
	}
	for state, g := range []*graph.Graph{l.Before, l.After} {
		if facts[state], err = graph.FactsByID(ctx, g, ids); err != nil {
			return facts, err
		}
	}
	return facts, nil
}

// listCame lists facts that the later state has.
func (l *lister) listCame(ctx context.Context, p *pairing, ids []uint64, facts [2][]schema.Fact) error {
	if err := l.prepare(ctx, facts); err != nil {
		return err
	}
	for i, id := range ids {
		was, is := &facts[earlier][i], &facts[later][i]
		c := Change{Action: Changed}
		switch pair, paired := p.pairs[id]; {
		case is.ID == "":
			continue
		case was.ID == "" && paired:
			before, err := l.readFacts(ctx, []uint64{pair.gone})
			if err != nil {
				return err
			}
			was, c.Same = &before[earlier][0], pair.same
		case was.ID == "":
			c.Action, was = Added, nil
		}
		if err := l.yieldFact(ctx, c, was, is); err != nil {
			return err
		}
	}
	return nil
}

// prepare reads the names of facts together.
func (l *lister) prepare(ctx context.Context, facts [2][]schema.Fact) error {
	for state, list := range facts {
		var there []graph.Selected
		for _, f := range list {
			if f.ID != "" && (state == later || slices.ContainsFunc(facts[later], func(g schema.Fact) bool { return g.ID == f.ID })) {
				there = append(there, graph.Selected{Fact: f})
			}
		}
		if err := l.words[state].Prepare(ctx, there); err != nil {
			return err
		}
	}
	return nil
}

// yieldFact yields a change of a fact; was or is may be nil.
func (l *lister) yieldFact(ctx context.Context, c Change, was, is *schema.Fact) (err error) {
	c.What = Fact
	for _, side := range []struct {
		fact  *schema.Fact
		words *render.Renderer
		to    **render.Fact
	}{{was, l.words[earlier], &c.Before}, {is, l.words[later], &c.After}} {
		if side.fact == nil {
			continue
		}
		if *side.to, err = side.words.Fact(ctx, *side.fact); err != nil {
			return err
		}
		c.ID, c.Name = side.fact.ID, (*side.to).Sentence
	}
	if was != nil && is != nil {
		c.Fields = compareFacts(c.Before, c.After)
	}
	return l.yield(c)
}
