package graph

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// Listed is a fact of a list, or a fact that the list leaves out for the reason.
type Listed struct {
	ID      schema.ID
	Reason  string // "undated", "unasserted" or empty
	Through []schema.ID
}

// ListsByReadingAll lists the facts of each filter without any index: it reads all facts
// of the graph, sorts them by the text of their first day, and decides about each.
func ListsByReadingAll(ctx context.Context, g *Graph, filters ...Filter) (lists [][]Listed, err error) {
	err = g.withSnapshot(ctx, func(s *store.Snapshot) error {
		r := readerOf(g, s)
		ids, err := r.subjects(ctx, store.Pattern{Predicate: schema.StatusTerm})
		if err != nil {
			return err
		}
		if ids, err = sortByText(ctx, r, ids); err != nil {
			return err
		}
		facts, quads := make([]schema.Fact, len(ids)), make([][]quad.Quad, len(ids))
		for i, id := range ids {
			if facts[i], quads[i], err = r.factAndQuads(ctx, id); err != nil {
				return err
			}
		}
		for _, f := range filters {
			p := &factFilter{reader: r, snapshot: s, filter: f}
			list, err := p.listOf(ctx, facts, quads)
			if err != nil {
				return err
			}
			lists = append(lists, list)
		}
		return nil
	})
	return lists, err
}

func (p *factFilter) listOf(ctx context.Context, facts []schema.Fact, quads [][]quad.Quad) (list []Listed, err error) {
	if err := p.prepare(ctx); err != nil {
		return nil, err
	}
	for i, fact := range facts {
		if p.filter.Facts != nil && !slices.Contains(p.filter.Facts, fact.ID) {
			continue
		}
		verdict, err := p.verdict(fact, func() ([]claimedDays, error) { return daysByDataset(quadTerms{}, tuplesOf(quads[i])) })
		if err != nil {
			return nil, err
		}
		if verdict != rejected {
			list = append(list, listed(p, fact, verdict))
		}
	}
	return list, nil
}

func listed(p *factFilter, fact schema.Fact, v verdict) Listed {
	switch v {
	case undated:
		return Listed{ID: fact.ID, Reason: "undated"}
	case unasserted:
		return Listed{ID: fact.ID, Reason: "unasserted"}
	}
	return Listed{ID: fact.ID, Through: p.through(fact)}
}

func sortByText(ctx context.Context, r reader, ids []schema.ID) ([]schema.ID, error) {
	dates := map[schema.ID]string{}
	for _, id := range ids {
		dates[id] = "undated"
		for q, err := range r.Match(ctx, store.Pattern{Subject: id.Value(), Predicate: schema.FromTerm}) {
			if err != nil {
				return nil, err
			}
			date := quad.ToString(q.Object)
			if isDerived(q) {
				date += " or later"
			}
			dates[id] = min(dates[id], date)
		}
	}
	return slices.SortedFunc(maps.Keys(dates), func(a, b schema.ID) int {
		return cmp.Or(strings.Compare(dates[a], dates[b]), cmp.Compare(a, b))
	}), nil
}

// OrdersByDate returns facts in the order of dates, as each way to find it has it.
func OrdersByDate(ctx context.Context, g *Graph, ids []schema.ID) (lists [][]schema.ID, err error) {
	err = g.withSnapshot(ctx, func(s *store.Snapshot) error {
		from, err := s.ID(schema.FromTerm)
		if err != nil {
			return err
		}
		for way := range 3 {
			o := &factOrder{snapshot: s, found: &idSet{}}
			for _, id := range ids {
				n, err := s.ID(id.Value())
				if err != nil {
					return err
				}
				o.found.add(n)
			}
			var list []schema.ID
			yield := func(g factGroup) bool {
				sorted, _ := o.sortByID(ctx, slices.Sorted(slices.Values(g.ids)))
				for _, id := range sorted {
					value, _ := s.Term(id)
					list = append(list, schema.ID(value.(quad.IRI)))
				}
				return true
			}
			switch way {
			case 0:
				err = o.sorted(ctx, yield, func(add func(datedFact)) error { return o.lookUp(ctx, from, add) })
			case 1:
				err = o.sorted(ctx, yield, func(add func(datedFact)) error { return o.scanDays(ctx, from, add) })
			case 2:
				err = o.walk(ctx, from, yield)
			}
			if err != nil {
				return err
			}
			lists = append(lists, list)
		}
		return nil
	})
	return lists, err
}

// MentionsOf returns how many subjects the condition on entities finds, read entity by
// entity and read predicate by predicate.
func MentionsOf(ctx context.Context, g *Graph, ids []schema.ID) (one, other []uint64, err error) {
	err = g.withSnapshot(ctx, func(s *store.Snapshot) error {
		c := candidateFinder{&factFilter{reader: readerOf(g, s), snapshot: s}}
		entities := &idSet{}
		for _, id := range ids {
			if n, err := s.ID(id.Value()); err == nil && n > 0 {
				entities.add(n)
			}
		}
		for _, many := range []bool{false, true} {
			m, err := c.mentionsOf(entities, schema.SourceTerm)
			if err != nil {
				return err
			}
			m.many = many
			found := &idSet{}
			if err := m.fill(ctx, found); err != nil {
				return err
			}
			one, other = other, slices.Collect(found.all())
		}
		return nil
	})
	return one, other, err
}

// quadTerms are quad values as terms.
type quadTerms struct{}

func (quadTerms) ID(v quad.Value) schema.ID {
	iri, _ := v.(quad.IRI)
	return schema.ID(iri)
}
func (quadTerms) Text(v quad.Value) string      { return schema.TextOf(v) }
func (quadTerms) Value(v quad.Value) quad.Value { return v }

func tuplesOf(quads []quad.Quad) (list [][4]quad.Value) {
	for _, q := range quads {
		list = append(list, [4]quad.Value{q.Subject, q.Predicate, q.Object, q.Label})
	}
	return list
}
