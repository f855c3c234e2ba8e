package diff

import (
	"context"

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
	here := func(id uint64) bool { return p.there[later].Has(id) }
	if err := l.eachPart(l.facts, here, func(ids []uint64) error { return l.listCame(ctx, p, ids) }); err != nil {
		return err
	}
	left := func(id uint64) bool { return !here(id) && !p.used[id] }
	return l.eachPart(l.facts, left, func(ids []uint64) error { return l.listGone(ctx, ids) })
}

// eachPart calls fn with a few of the facts of a set at a time that a function accepts.
func (l *lister) eachPart(set store.IDSet, accept func(uint64) bool, fn func(ids []uint64) error) error {
	var part []uint64
	for id := range set.All() {
		if !accept(id) {
			continue
		}
		if part = append(part, id); len(part) < factsTogether {
			continue
		}
		if err := fn(part); err != nil {
			return err
		}
		part = part[:0]
	}
	if len(part) == 0 {
		return nil
	}
	return fn(part)
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
func (l *lister) listCame(ctx context.Context, p *pairing, ids []uint64) error {
	var facts [2][]schema.Fact
	if !l.Bare {
		var err error
		if facts, err = l.readFacts(ctx, ids); err == nil {
			err = l.readPaired(ctx, p, ids, facts[earlier])
		}
		if err == nil {
			err = l.prepare(ctx, facts)
		}
		if err != nil {
			return err
		}
	}
	for i, id := range ids {
		c := p.changeOf(id)
		var was, is *schema.Fact
		if facts[later] != nil {
			is = &facts[later][i]
		}
		if facts[earlier] != nil && c.Action == Changed {
			was = &facts[earlier][i]
		}
		if err := l.yieldFact(ctx, c, was, is); err != nil {
			return err
		}
	}
	return nil
}

// changeOf returns the change of a fact that the later state has, without its fields.
func (p *pairing) changeOf(id uint64) Change {
	pair, paired := p.pairs[id]
	if paired || p.there[earlier].Has(id) {
		return Change{Action: Changed, Same: pair.same}
	}
	return Change{Action: Added}
}

// readPaired reads the facts with which facts of a part are paired, into their places.
func (l *lister) readPaired(ctx context.Context, p *pairing, ids []uint64, into []schema.Fact) error {
	var gone []uint64
	var places []int
	for i, id := range ids {
		if pair, ok := p.pairs[id]; ok {
			gone, places = append(gone, pair.gone), append(places, i)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	facts, err := l.readFacts(ctx, gone)
	if err != nil {
		return err
	}
	for n, i := range places {
		into[i] = facts[earlier][n]
	}
	return nil
}

// listGone lists facts that only the earlier state has.
func (l *lister) listGone(ctx context.Context, ids []uint64) error {
	facts, err := l.readFacts(ctx, ids)
	if err == nil {
		err = l.prepare(ctx, facts)
	}
	if err != nil {
		return err
	}
	for i := range ids {
		if err := l.yieldFact(ctx, Change{Action: Removed}, &facts[earlier][i], nil); err != nil {
			return err
		}
	}
	return nil
}

// prepare reads the names of facts together.
func (l *lister) prepare(ctx context.Context, facts [2][]schema.Fact) error {
	if l.Bare {
		return nil
	}
	for state, list := range facts {
		var there []graph.Selected
		for _, f := range list {
			if f.ID != "" {
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
		if c.ID = side.fact.ID; l.Bare {
			continue
		}
		if *side.to, err = side.words.Fact(ctx, *side.fact); err != nil {
			return err
		}
		c.Name = (*side.to).Sentence
	}
	if c.Before != nil && c.After != nil {
		c.Fields = compareFacts(c.Before, c.After)
	}
	return l.yield(c)
}
