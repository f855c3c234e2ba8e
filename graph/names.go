package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// decisions is the name of the dataset of decisions about the identity of entities. It
// cannot be loaded.
const decisions = "decisions"

// byNameTerm links an entity to a dataset that made its id from a name, if other
// datasets have the same id.
const byNameTerm = quad.IRI("dip:by-name")

// ErrConflict is wrapped if two datasets make one id from one name and contradict
// each other about it.
var ErrConflict = errors.New("conflict")

// compareEntities compares the staged entities with the same ids in other datasets. If
// one of the two made the id from a name, a contradiction is an error, since the name
// may mean two entities. If both wrote the id, it is one entity, and a contradiction
// is only reported. Namesakes are reported too.
func (s *Staged) compareEntities(ctx context.Context, over reader) error {
	for _, d := range s.touchedDatasets() {
		ids, err := over.entitiesOf(ctx, d.label)
		if err != nil {
			return err
		}
		for _, id := range ids {
			own, err := over.entityQuads(ctx, id)
			if err != nil {
				return err
			}
			c := &entityComparison{strict: s.options.StrictNames, dataset: d, id: id}
			c.mine = schema.DecodeDocument(id, withLabel(own, d.label))
			if err := c.compare(ctx, over, own); err != nil {
				return err
			}
		}
	}
	return nil
}

type entityComparison struct {
	strict  bool // an id made from a name may be in no other dataset
	dataset *stagedDataset
	id      schema.ID
	mine    schema.Document
}

// compare compares an entity with the same id in other datasets. If no other dataset
// declares it, compare looks for namesakes. Own are the entity's quads.
func (s *entityComparison) compare(ctx context.Context, over reader, own []quad.Quad) error {
	theirs := slices.DeleteFunc(schema.WithoutBorrowed(own), func(q quad.Quad) bool { return q.Label == s.dataset.label })
	switch {
	case len(theirs) == 0:
		return s.findNamesakes(ctx, over)
	case onlyBorrows(own, s.dataset.label):
		return nil
	}
	return s.compareWith(theirs)
}

// entitiesOf returns the entities of a dataset.
func (r reader) entitiesOf(ctx context.Context, label quad.IRI) ([]schema.ID, error) {
	ids, err := r.subjects(ctx, store.Pattern{Predicate: schema.TypeTerm, Label: label})
	return slices.DeleteFunc(ids, func(id schema.ID) bool {
		return schema.KindOf(id) == "" || schema.KindOf(id) == schema.KindFact
	}), err
}

// withLabel returns the quads with a label.
func withLabel(quads []quad.Quad, label quad.Value) []quad.Quad {
	return slices.DeleteFunc(slices.Clone(quads), func(q quad.Quad) bool { return q.Label != label })
}

// onlyBorrows reports whether a dataset has only a copied name of an entity.
func onlyBorrows(own []quad.Quad, label quad.Value) bool {
	return slices.ContainsFunc(own, func(q quad.Quad) bool { return q.Label == label && q.Predicate == schema.BorrowedTerm })
}

// compareWith compares the entity with each dataset that declares it.
func (s *entityComparison) compareWith(own []quad.Quad) error {
	id, mine, report := s.id, s.mine, &s.dataset.report
	match := ByName{ID: id, Label: mine.Label}
	for _, dataset := range datasetsOf(own) {
		label := schema.DatasetValue(dataset)
		theirs := schema.DecodeDocument(id, withLabel(own, label))
		byName := mine.FromName || theirs.FromName
		if byName && s.strict {
			return fmt.Errorf("%v: %w: %s is an id made from a name, and is also in %s", s.dataset.positionOf(id), ErrConflict, id, dataset)
		}
		if d := disagreement(mine, theirs); d.What != "" {
			d.ID, d.Dataset = id, dataset
			if byName {
				return s.conflict(d)
			}
			report.Differences = append(report.Differences, d)
		}
		if byName {
			match.Datasets = append(match.Datasets, dataset)
		}
	}
	if len(match.Datasets) > 0 {
		report.ByName = append(report.ByName, match)
	}
	return nil
}

func (s *entityComparison) conflict(d Difference) error {
	err := fmt.Errorf("%v: %w: %s has %s %s in %s and %s in %s", s.dataset.positionOf(d.ID), ErrConflict, d.ID, d.What, d.Here, s.dataset.name, d.There, d.Dataset)
	return schema.WithHint(err, func() string {
		return "if they are different entities, give one of them its own id; if they are the same, correct the difference"
	})
}

// findNamesakes reports entities of the same kind and name in other datasets.
func (s *entityComparison) findNamesakes(ctx context.Context, over reader) error {
	if !s.mine.FromName {
		return nil
	}
	ids, err := over.subjects(ctx, store.Pattern{Predicate: schema.NameTerm, Object: quad.String(schema.NameKey(s.mine.Label))})
	if err != nil {
		return err
	}
	for _, other := range ids {
		if other == s.id || schema.KindOf(other) != s.mine.Kind {
			continue
		}
		staged, err := over.has(ctx, store.Pattern{Subject: other.Value(), Predicate: schema.TypeTerm, Label: s.dataset.label})
		if err != nil {
			return err
		}
		if !staged {
			s.dataset.report.Namesakes = append(s.dataset.report.Namesakes, Namesake{ID: s.id, Label: s.mine.Label, Other: other})
		}
	}
	return nil
}

func datasetsOf(quads []quad.Quad) []string {
	var names []string
	for _, q := range quads {
		if name, ok := schema.DatasetName(q.Label); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// disagreement returns the first property that both have with different values.
func disagreement(a, b schema.Document) Difference {
	if a.Born != "" && b.Born != "" && !mayBeSame(a.Born, b.Born) {
		return Difference{What: "birth", Here: a.Born, There: b.Born}
	}
	for _, field := range []Difference{
		{What: "country", Here: string(a.Country), There: string(b.Country)},
		{What: "publisher", Here: a.Publisher, There: b.Publisher},
		{What: "author", Here: a.Author, There: b.Author},
		{What: "date", Here: a.Published.Written, There: b.Published.Written},
		{What: "url", Here: a.URL, There: b.URL},
		{What: "SHA-256", Here: a.SHA256, There: b.SHA256},
		{What: "language", Here: a.Language, There: b.Language},
	} {
		if field.Here != "" && field.There != "" && field.Here != field.There {
			return field
		}
	}
	for _, x := range a.Identifiers {
		for _, y := range b.Identifiers {
			if scheme(x) == scheme(y) && x != y {
				return Difference{What: "identifier", Here: x, There: y}
			}
		}
	}
	return Difference{}
}

// mayBeSame reports whether two written dates have a day in common, as 1964 and
// 1964-04-05 have.
func mayBeSame(a, b string) bool {
	x, errX := schema.When{Written: a}.Span(schema.Interaction)
	y, errY := schema.When{Written: b}.Span(schema.Interaction)
	if err := cmp.Or(errX, errY); err != nil {
		return a == b
	}
	return x.Possible(y.From, y.To)
}

func scheme(identifier string) string {
	scheme, _, _ := strings.Cut(identifier, ":")
	return scheme
}

// recordDecisions records which datasets made an entity's id from its name, for each
// entity that several datasets declare.
func (c *changeSet) recordDecisions() error {
	label := schema.DatasetValue(decisions)
	ids, err := c.entitiesWith(schema.FromNameTerm, byNameTerm)
	if err != nil {
		return err
	}
	for _, id := range ids {
		own, err := c.reader.entityQuads(c.ctx, id)
		if err != nil {
			return err
		}
		have, err := c.reader.collect(c.ctx, store.Pattern{Subject: id.Value(), Predicate: byNameTerm, Label: label})
		if err != nil {
			return err
		}
		var want []quad.Quad
		own = schema.WithoutBorrowed(own)
		for _, q := range own {
			if q.Predicate == schema.FromNameTerm && len(datasetsOf(own)) > 1 {
				want = append(want, quad.Quad{Subject: id.Value(), Predicate: byNameTerm, Object: q.Label, Label: label})
			}
		}
		c.differs(want, have)
	}
	return nil
}

// entitiesWith returns the changed entities that have a quad with any of the predicates,
// sorted.
func (c *changeSet) entitiesWith(predicates ...quad.IRI) ([]schema.ID, error) {
	found := map[schema.ID]bool{}
	for _, predicate := range predicates {
		if err := c.findEntitiesWith(predicate, found); err != nil {
			return nil, err
		}
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// findEntitiesWith adds the changed entities that have a quad with a predicate. It reads
// all quads with the predicate, or if these are many, it looks for one of each entity.
func (c *changeSet) findEntitiesWith(predicate quad.IRI, found map[schema.ID]bool) error {
	left := 2 * len(c.entities)
	for q, err := range c.reader.Match(c.ctx, store.Pattern{Predicate: predicate}) {
		if err != nil {
			return err
		}
		if left--; left < 0 {
			break
		}
		if id := subjectOf(q); c.entities[id] {
			found[id] = true
		}
	}
	if left >= 0 {
		return nil
	}
	for id := range c.entities {
		has, err := c.reader.has(c.ctx, store.Pattern{Subject: id.Value(), Predicate: predicate})
		if err != nil {
			return err
		}
		if has {
			found[id] = true
		}
	}
	return nil
}

// borrowedQuads returns the quads by which a dataset copies an entity's name.
func borrowedQuads(v *schema.Vocabulary, dataset string, e schema.Entity) ([]quad.Quad, error) {
	if e.Kind == "" {
		return nil, nil
	}
	quads, err := v.Encode(dataset, schema.Entity{ID: e.ID, Kind: e.Kind, Label: e.Label})
	marker := quad.Quad{Subject: e.ID.Value(), Predicate: schema.BorrowedTerm, Object: quad.Bool(true), Label: schema.DatasetValue(dataset)}
	return append(quads, marker), err
}

// updateBorrowedNames copies the names of changed entities to the datasets that refer
// to them without a declaration. The name does not depend on the order of the loads.
func (c *changeSet) updateBorrowedNames() error {
	grown := map[quad.Value]int{}
	ids, err := c.entitiesWith(schema.BorrowedTerm)
	if err != nil {
		return err
	}
	for _, id := range ids {
		own, err := c.reader.entityQuads(c.ctx, id)
		if err != nil {
			return err
		}
		e := schema.DecodeEntity(id, own)
		for _, marker := range own {
			if marker.Predicate != schema.BorrowedTerm {
				continue
			}
			dataset, _ := schema.DatasetName(marker.Label)
			lent, err := borrowedQuads(c.reader.vocabulary, dataset, e)
			if err != nil {
				return err
			}
			have := withLabel(own, marker.Label)
			c.differs(lent, have)
			if n := len(lent) - len(have); n != 0 {
				grown[marker.Label] += n
			}
		}
	}
	return c.updateCounts(grown)
}

// updateCounts updates the quad counts that datasets store.
func (c *changeSet) updateCounts(grown map[quad.Value]int) error {
	byName := func(a, b quad.Value) int { return strings.Compare(quad.StringOf(a), quad.StringOf(b)) }
	for _, label := range slices.SortedFunc(maps.Keys(grown), byName) {
		said, err := c.reader.collect(c.ctx, store.Pattern{Subject: label, Predicate: quadsTerm, Label: label})
		if err != nil {
			return err
		}
		for _, q := range said {
			now := q
			if was, ok := q.Object.(quad.Int); ok {
				now.Object = was + quad.Int(grown[label])
			}
			c.differs([]quad.Quad{now}, []quad.Quad{q})
		}
	}
	return nil
}
