package export

import (
	"context"
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// Selector makes selections that no filter describes: the network around entities, the
// facts of paths, and what ids name. All selections are of the moment of its
// Finder, and valid until the Finder is closed.
type Selector struct {
	Finder *paths.Finder

	// Query says over which facts Around searches, and which facts between the selected
	// entities are selected.
	Query paths.Query

	// AllFacts also selects the facts between these entities that the conditions of
	// Query leave out: facts of any verb, date, dataset, status and standing.
	AllFacts bool
}

// Around selects the network around entities: all entities within Query.Hops of at least
// one of them, as [paths.View.Near] finds them, and all facts that link two of these
// entities, also two at the outermost distance. A fact that links an entity to none, such
// as a death, is not part of the network.
func (s Selector) Around(ctx context.Context, centres ...schema.ID) (Selection, error) {
	members := slices.Clone(centres)
	for _, centre := range centres {
		near, err := s.Finder.Near(ctx, centre, s.Query)
		if err != nil {
			return Selection{}, err
		}
		for _, e := range near.Entities {
			members = append(members, e.ID)
		}
	}
	return s.among(ctx, members)
}

// Paths selects the entities of paths, and all facts of their hops. With AllFacts, these
// are all facts that link the two entities of a hop.
func (s Selector) Paths(ctx context.Context, found []paths.Path) (Selection, error) {
	members, facts := []schema.ID{}, []schema.ID{}
	for _, p := range found {
		for _, hop := range p.Hops {
			members = append(members, hop.From, hop.To)
			for _, step := range hop.Steps {
				facts = append(facts, step.Fact)
			}
			if !s.AllFacts {
				continue
			}
			all, err := s.factsAmong(ctx, []schema.ID{hop.From, hop.To})
			if err != nil {
				return Selection{}, err
			}
			facts = append(facts, all...)
		}
	}
	return s.selection(members, facts), nil
}

// Named selects what ids name, such as the ids in the rows of a query: a fact itself, a
// document with the facts that cite or name it, the fact of a piece of evidence, if these
// facts fit the filter. All other entities are selected with the facts that link two of
// them. The error of any other id wraps [graph.ErrQuery], and the error of an id that is
// not in the graph [graph.ErrNotFound].
func (s Selector) Named(ctx context.Context, ids []schema.ID, filter graph.Filter) (Selection, error) {
	named, err := s.named(ctx, ids)
	if err != nil {
		return Selection{}, err
	}
	chosen, err := s.among(ctx, named.entities)
	if err != nil || len(named.facts) == 0 {
		return chosen, err
	}
	filter.Facts = named.facts
	facts := chosen.Facts
	for f, err := range s.Finder.Graph().Facts(ctx, filter) {
		if err != nil {
			return Selection{}, err
		}
		facts = append(facts, f.ID)
	}
	chosen = s.selection(chosen.Entities, facts)
	chosen.Closed = false
	return chosen, nil
}

// among selects entities and the facts that link two of them.
func (s Selector) among(ctx context.Context, members []schema.ID) (Selection, error) {
	facts, err := s.factsAmong(ctx, members)
	return s.selection(members, facts), err
}

// factsAmong returns the facts that link two of the entities.
func (s Selector) factsAmong(ctx context.Context, members []schema.ID) ([]schema.ID, error) {
	q := s.Query
	if s.AllFacts {
		q = paths.Query{Conditions: &graph.Conditions{}}
	}
	return s.Finder.FactsAmong(ctx, members, q)
}

func (s Selector) selection(members, facts []schema.ID) Selection {
	slices.Sort(members)
	slices.Sort(facts)
	facts = slices.Compact(facts)
	return Selection{Graph: s.Finder.Graph(), Facts: facts, Entities: slices.Compact(members), Closed: true}
}

// namedThings are the facts and entities that ids name.
type namedThings struct{ facts, entities []schema.ID }

func (s Selector) named(ctx context.Context, ids []schema.ID) (namedThings, error) {
	n := namedThings{entities: []schema.ID{}}
	seen := make(map[schema.ID]bool, len(ids))
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		if err := s.addNamed(ctx, &n, id); err != nil {
			return n, err
		}
	}
	return n, nil
}

// addNamed adds what one id names.
func (s Selector) addNamed(ctx context.Context, n *namedThings, id schema.ID) error {
	kind := schema.KindOf(id)
	if kind == schema.KindFact {
		n.facts = append(n.facts, id)
		return nil
	}
	if kind == schema.Doc || schema.IsEvidence(id) {
		citing, err := s.citing(ctx, id)
		if n.facts = append(n.facts, citing...); err != nil || len(citing) > 0 {
			return err
		}
	}
	if kind == "" && !schema.IsEvidence(id) {
		return fmt.Errorf("%w: %s is neither a fact, an entity, a document nor evidence", graph.ErrQuery, id)
	}
	if _, err := s.Finder.Graph().Entity(ctx, id); err != nil {
		return err
	}
	n.entities = append(n.entities, id)
	return nil
}

// citing returns the facts that name a document, in a role or as the source of evidence,
// or the fact of a piece of evidence.
func (s Selector) citing(ctx context.Context, id schema.ID) ([]schema.ID, error) {
	snapshot, err := s.Finder.Graph().Snapshot()
	if err != nil {
		return nil, err
	}
	defer snapshot.Close()
	subjects, err := subjectsOf(ctx, snapshot, id)
	if err != nil {
		return nil, err
	}
	var facts []schema.ID
	for _, subject := range subjects {
		found := []schema.ID{subject}
		if schema.IsEvidence(subject) {
			if found, err = subjectsOf(ctx, snapshot, subject); err != nil {
				return nil, err
			}
		}
		for _, f := range found {
			if schema.KindOf(f) == schema.KindFact {
				facts = append(facts, f)
			}
		}
	}
	return facts, nil
}

// subjectsOf returns the subjects of all quads with an object.
func subjectsOf(ctx context.Context, snapshot *graph.Snapshot, object schema.ID) (found []schema.ID, err error) {
	for q, err := range snapshot.Match(ctx, graph.Pattern{Object: object.Value()}) {
		if err != nil {
			return nil, err
		}
		if iri, ok := q.Subject.(quad.IRI); ok {
			found = append(found, schema.ID(iri))
		}
	}
	return found, nil
}
