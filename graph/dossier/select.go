package dossier

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// selection is the facts that a question selects, and what it left out.
type selection struct {
	facts []schema.Fact // in order of time
	paths []paths.Path  // of Between, best first
	more  bool          // there are more paths
	found map[schema.ID]schema.Fact

	undated, unasserted map[schema.ID]bool
	beside              map[schema.ID]bool // facts that link the ends of a hop; of Between
}

// selectFacts finds the facts of a question.
func selectFacts(ctx context.Context, g *graph.Graph, q Question) (*selection, error) {
	s := &selection{found: map[schema.ID]schema.Fact{}, undated: map[schema.ID]bool{}, unasserted: map[schema.ID]bool{}, beside: map[schema.ID]bool{}}
	find := map[Scope]func(context.Context, *graph.Graph, Question) error{Naming: s.naming, Around: s.around, Between: s.between, Listed: s.listed}
	if err := find[q.Scope](ctx, g, q); err != nil {
		return nil, err
	}
	for _, f := range s.found {
		s.facts = append(s.facts, f)
	}
	if len(s.facts) == 0 {
		return nil, fmt.Errorf("no fact fits: %w", graph.ErrNotFound)
	}
	return s, graph.SortByTime(g.Vocabulary(), s.facts)
}

// naming adds the facts that name any of the entities, or all facts.
func (s *selection) naming(ctx context.Context, g *graph.Graph, q Question) error {
	if len(q.Entities) == 0 {
		return s.add(ctx, g, q.Filter, "")
	}
	for _, id := range q.Entities {
		if err := s.add(ctx, g, q.Filter, id); err != nil {
			return err
		}
	}
	return nil
}

// add adds the facts that name an entity, or all facts if it is empty.
func (s *selection) add(ctx context.Context, g *graph.Graph, filter graph.Filter, with schema.ID) error {
	filter.With, filter.Alongside, filter.OnThrough, filter.Omitted = with, nil, nil, nil
	filter.OnUndated = func(f schema.Fact) { s.undated[f.ID] = true }
	filter.OnUnasserted = func(f schema.Fact) { s.unasserted[f.ID] = true }
	for f, err := range g.Facts(ctx, filter) {
		if err != nil {
			return err
		}
		if err := s.put(f); err != nil {
			return err
		}
	}
	return nil
}

func (s *selection) put(f schema.Fact) error {
	s.found[f.ID] = f
	if len(s.found) > MaxFacts {
		return fmt.Errorf("%w: the question selects more than %d", ErrTooMany, MaxFacts)
	}
	return nil
}

// around adds the facts that link two entities within some hops of an entity.
func (s *selection) around(ctx context.Context, g *graph.Graph, q Question) error {
	view, err := paths.Open(ctx, g)
	if err != nil {
		return err
	}
	defer view.Close()
	search := q.search()
	near, err := view.Near(ctx, q.Entities[0], search)
	if err != nil {
		return err
	}
	members := []schema.ID{q.Entities[0]}
	for _, e := range near.Entities {
		members = append(members, e.ID)
	}
	search.Conditions = &graph.Conditions{} // Filter selects among all facts between them
	filter := q.Filter
	if filter.Facts, err = view.FactsAmong(ctx, members, search); err != nil {
		return err
	}
	if q.AllFacts {
		return s.listed(ctx, g, Question{Filter: filter})
	}
	return s.add(ctx, g, filter, "")
}

// listed adds facts by their ids.
func (s *selection) listed(ctx context.Context, g *graph.Graph, q Question) error {
	for _, id := range q.Filter.Facts {
		f, err := g.Fact(ctx, id)
		if err == nil {
			err = s.put(f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// between adds the facts of all hops of the best paths.
func (s *selection) between(ctx context.Context, g *graph.Graph, q Question) error {
	view, err := paths.Open(ctx, g)
	if err != nil {
		return err
	}
	defer view.Close()
	for p, err := range view.Between(ctx, q.Entities[0], q.Entities[1], q.search()) {
		if errors.Is(err, paths.ErrCut) && len(s.paths) > 0 {
			s.more = true
			break
		}
		if err != nil {
			return err
		}
		if len(s.paths) == q.paths() {
			s.more = true
			break
		}
		s.paths = append(s.paths, p)
		for _, hop := range p.Hops {
			if err := s.hop(ctx, g, view, hop, q.AllFacts); err != nil {
				return err
			}
		}
	}
	if len(s.paths) == 0 {
		return fmt.Errorf("no path of at most %d hops: %w", q.hops(), graph.ErrNotFound)
	}
	return nil
}

// hop adds the facts of a hop, or all facts that link its two ends, and counts the others.
func (s *selection) hop(ctx context.Context, g *graph.Graph, view *paths.Finder, hop paths.Hop, all bool) error {
	facts, err := view.Evidence(ctx, hop)
	if err != nil {
		return err
	}
	for _, f := range facts {
		if err := s.put(f); err != nil {
			return err
		}
	}
	among, err := view.FactsAmong(ctx, []schema.ID{hop.From, hop.To}, paths.Query{Conditions: &graph.Conditions{}})
	if err != nil {
		return err
	}
	if all {
		return s.listed(ctx, g, Question{Filter: graph.Filter{Facts: among}})
	}
	for _, id := range among {
		s.beside[id] = true
	}
	return nil
}

// search returns the query of paths and neighbours.
func (q Question) search() paths.Query {
	search := q.Search
	search.Hops = q.hops()
	if search.Conditions == nil {
		conditions := q.Filter.Conditions
		if len(conditions.Statuses) == 0 {
			conditions.Statuses = slices.Clone(graph.Happened().Statuses)
		}
		search.Conditions = &conditions
	}
	return search
}

func (q Question) hops() int {
	switch {
	case q.Search.Hops > 0:
		return q.Search.Hops
	case q.Scope == Around:
		return paths.NearHops
	}
	return paths.DefaultHops
}

func (q Question) paths() int {
	if q.Paths > 0 {
		return q.Paths
	}
	return DefaultPaths
}
