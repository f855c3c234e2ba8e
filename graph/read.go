package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// ErrNotFound is wrapped if the graph has no record of an id or a name.
var ErrNotFound = errors.New("not found")

// quads is the common part of a snapshot and a transaction.
type quads interface {
	Match(ctx context.Context, p store.Pattern) iter.Seq2[quad.Quad, error]
}

// reader reads records from quads.
type reader struct {
	quads
	vocabulary *schema.Vocabulary
}

func (r reader) collect(ctx context.Context, p store.Pattern) ([]quad.Quad, error) {
	var found []quad.Quad
	for q, err := range r.Match(ctx, p) {
		if err != nil {
			return nil, err
		}
		found = append(found, q)
	}
	return found, nil
}

// fact decodes a fact with its evidence, from the named datasets or from all.
func (r reader) fact(ctx context.Context, id schema.ID, datasets ...string) (schema.Fact, error) {
	f, _, err := r.factAndQuads(ctx, id, datasets...)
	return f, err
}

// factAndQuads also returns the quads whose subject is the fact, without derived ones.
func (r reader) factAndQuads(ctx context.Context, id schema.ID, datasets ...string) (f schema.Fact, own []quad.Quad, err error) {
	own, err = r.collect(ctx, store.Pattern{Subject: id.Value()})
	if err != nil {
		return f, nil, err
	}
	within := schema.DecodeWithin(own)
	if own = slices.DeleteFunc(own, isDerived); len(own) == 0 {
		return f, nil, fmt.Errorf("%w: %s", ErrNotFound, id)
	}
	all := slices.Clip(own)
	seen := make(map[quad.Value]bool)
	for _, q := range own {
		if q.Predicate != schema.EvidenceTerm || seen[q.Object] {
			continue
		}
		seen[q.Object] = true
		evidence, err := r.collect(ctx, store.Pattern{Subject: q.Object})
		if err != nil {
			return f, nil, err
		}
		all = append(all, evidence...)
	}
	if all = claimedBy(all, datasets); len(all) == 0 {
		return f, nil, fmt.Errorf("%w: %s", ErrNotFound, id)
	}
	f, err = r.vocabulary.DecodeFact(id, all)
	f.Within = within
	return f, own, err
}

// entityQuads returns the quads of an entity that datasets state, without its edges,
// which may be a hundred thousand.
func (r reader) entityQuads(ctx context.Context, id schema.ID) ([]quad.Quad, error) {
	var own []quad.Quad
	seen := 0
	for q, err := range r.Match(ctx, store.Pattern{Subject: id.Value()}) {
		if err != nil {
			return nil, err
		}
		if isStatedOfEntity(q) {
			own = append(own, q)
		}
		if seen++; seen > manyQuads {
			return entityQuadsByTerm(ctx, r, id, entityTerms)
		}
	}
	return own, nil
}

// manyQuads is the number of quads of an entity above which it is read by predicates.
const manyQuads = 512

// isStatedOfEntity reports whether a dataset states a quad about an entity.
func isStatedOfEntity(q quad.Quad) bool {
	name, ok := schema.DatasetName(q.Label)
	return ok && name != decisions
}

// entityQuadsByTerm returns the quads of an entity with the given predicates that datasets
// state. It is for an entity with many edges.
func entityQuadsByTerm(ctx context.Context, r reader, id schema.ID, terms []quad.IRI) ([]quad.Quad, error) {
	var own []quad.Quad
	for _, term := range terms {
		for q, err := range r.Match(ctx, store.Pattern{Subject: id.Value(), Predicate: term}) {
			if err != nil {
				return nil, err
			}
			if isStatedOfEntity(q) {
				own = append(own, q)
			}
		}
	}
	return own, nil
}

// entityTerms are the predicates of entities and documents in datasets.
var entityTerms = []quad.IRI{
	schema.TypeTerm, schema.LabelTerm, schema.AltLabelTerm, schema.NameTerm, schema.CountryTerm, schema.BornTerm,
	schema.IdentifierTerm, schema.DescriptionTerm, schema.FromNameTerm, schema.BorrowedTerm,
	schema.PublisherTerm, schema.AuthorTerm, schema.URLTerm, schema.SHA256Term, schema.LanguageTerm,
	schema.ArchivedTerm, schema.ArchivedOnTerm, schema.AccessedTerm,
	schema.WhenTerm, schema.WordsTerm, schema.AnchorTerm, schema.FromByTerm, schema.ToByTerm, schema.AttestedTerm,
	schema.FromTerm, schema.ToTerm,
}

// has reports whether any quad matches.
func (r reader) has(ctx context.Context, p store.Pattern) (bool, error) {
	for _, err := range r.Match(ctx, p) {
		return err == nil, err
	}
	return false, nil
}

// entity decodes an entity from its quads in all datasets, the dataset loaded first
// before the others.
func (r reader) entity(ctx context.Context, id schema.ID, own []quad.Quad) (schema.Entity, error) {
	order, err := r.orderOf(ctx, own)
	return schema.DecodeEntity(id, own, order...), err
}

// orderOf returns the datasets of an entity's quads in the order of their first loads,
// or nil if the order does not matter, or must not.
func (r reader) orderOf(ctx context.Context, own []quad.Quad) ([]string, error) {
	if _, ok := r.quads.(unordered); ok || !schema.HasConflicts(own) {
		return nil, nil
	}
	names := datasetsOf(own)
	places := make(map[string]int, len(names))
	for _, name := range names {
		n, _, err := r.noteOf(ctx, name)
		if err != nil {
			return nil, err
		}
		places[name] = n.Order
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(places[a], places[b]) })
	return names, nil
}

// Entity returns an entity or a document. If datasets give it different labels, its
// label is the most frequent one, or of equally frequent labels the one in the dataset
// that was loaded first; the others become aliases. Errors wrap [ErrNotFound].
func (g *Graph) Entity(ctx context.Context, id schema.ID) (e schema.Entity, err error) {
	err = g.read(ctx, func(r reader) error {
		own, err := r.entityQuads(ctx, id)
		if err != nil {
			return err
		}
		if e, err = r.entity(ctx, id, own); err == nil && e.Kind == "" {
			err = fmt.Errorf("%w: %s", ErrNotFound, id)
		}
		return err
	})
	return e, err
}

// Label returns the label of an entity, the same as [Graph.Entity] returns, but reads
// less. It is empty if no dataset names the entity.
func (g *Graph) Label(ctx context.Context, id schema.ID) (label string, err error) {
	err = g.read(ctx, func(r reader) error {
		own, err := entityQuadsByTerm(ctx, r, id, []quad.IRI{schema.LabelTerm, schema.BorrowedTerm})
		if err != nil {
			return err
		}
		if sole, ok := soleLabel(own); ok {
			label = sole
			return nil
		}
		e, err := r.entityName(ctx, id)
		label = e.Label
		return err
	})
	return label, err
}

// Document returns a document. Errors wrap [ErrNotFound].
func (g *Graph) Document(ctx context.Context, id schema.ID) (d schema.Document, err error) {
	err = g.read(ctx, func(r reader) error {
		own, err := r.entityQuads(ctx, id)
		if err != nil {
			return err
		}
		order, err := r.orderOf(ctx, own)
		if d = schema.DecodeDocument(id, own, order...); err == nil && d.Kind != schema.Doc {
			err = fmt.Errorf("%w: %s", ErrNotFound, id)
		}
		return err
	})
	return d, err
}

// Fact returns a fact with the evidence of all datasets. Errors wrap [ErrNotFound].
func (g *Graph) Fact(ctx context.Context, id schema.ID) (f schema.Fact, err error) {
	err = g.read(ctx, func(r reader) error {
		f, err = r.fact(ctx, id)
		return err
	})
	return f, err
}

// FactsByID returns facts, each as [Graph.Fact] returns it, and without an id if the graph
// does not have it. It reads them together, which is several times as fast.
func FactsByID(ctx context.Context, g *Graph, ids []schema.ID) ([]schema.Fact, error) {
	facts := make([]schema.Fact, len(ids))
	err := g.withSnapshot(ctx, func(s *store.Snapshot) error {
		numbers, err := idsOf(s, append(slices.Clip(ids), schema.ID(schema.EvidenceTerm)))
		if err != nil {
			return err
		}
		subjects, last := s.SubjectReader(), len(ids)
		if err := subjects.Read(numbers[:last], numbers[last]); err != nil {
			return err
		}
		var d factDecoder
		d.use(g.Vocabulary(), subjects)
		for i := range ids {
			own, all, within := d.quads(i)
			if len(own) == 0 {
				continue
			}
			if facts[i], err = d.decode(own[0][0], all); err != nil {
				return err
			}
			facts[i].Within = within
		}
		return nil
	})
	return facts, err
}

// claimedBy keeps the quads of the named datasets, or all if none is named.
func claimedBy(quads []quad.Quad, datasets []string) []quad.Quad {
	return slices.DeleteFunc(quads, func(q quad.Quad) bool {
		name, _ := schema.DatasetName(q.Label)
		return len(datasets) > 0 && !slices.Contains(datasets, name)
	})
}
