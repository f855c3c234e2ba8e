package graph

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// referenceCheck checks the references from changed facts and to removed records.
type referenceCheck struct{ tx *Tx }

// resolve checks that the references of changed facts exist, and that no fact refers
// to a removed record. It updates the names that the dataset borrows from other
// datasets.
func (c referenceCheck) resolve() error {
	named, changed := map[schema.ID]*recordEdit{}, map[schema.ID]bool{}
	for _, e := range c.tx.changedRecords() {
		changed[e.id] = true
		was := referencesOf(e.was)
		for _, id := range was {
			changed[id] = true
		}
		for _, id := range referencesOf(e.now) {
			changed[id], named[id] = true, e
			if schema.KindOf(id) != schema.KindFact || slices.Contains(was, id) {
				continue
			}
			if err := c.checkFact(e, id); err != nil {
				return err
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(changed)) {
		resolve := c.borrow
		if schema.KindOf(id) == schema.KindFact {
			resolve = c.checkRemoved
		}
		if err := resolve(id, named[id]); err != nil {
			return err
		}
	}
	return nil
}

func referencesOf(record schema.Record) []schema.ID {
	if f, ok := record.(schema.Fact); ok {
		return references(f)
	}
	return nil
}

func (c referenceCheck) isStated(fact schema.ID) (bool, error) {
	return c.tx.reader.has(c.tx.ctx, store.Pattern{Subject: fact.Value(), Predicate: schema.StatusTerm})
}

// checkFact returns an error if no dataset states a fact to which another one refers.
func (c referenceCheck) checkFact(e *recordEdit, id schema.ID) error {
	stated, err := c.isStated(id)
	if err == nil && !stated {
		err = c.undeclared(e, id)
	}
	return err
}

func (c referenceCheck) undeclared(e *recordEdit, id schema.ID) error {
	return recordError(e.pos, string(e.id), fmt.Errorf("%w id %q, which %s names", ErrUndeclared, id, e.id))
}

// checkRemoved returns an error if a fact of the dataset refers to a removed fact that
// no dataset states now.
func (c referenceCheck) checkRemoved(id schema.ID, _ *recordEdit) error {
	e := c.tx.records[id]
	if e == nil || e.was == nil || e.now != nil {
		return nil
	}
	stated, err := c.isStated(id)
	if err != nil || stated {
		return err
	}
	facts, err := c.mentions(id, maxInUse)
	if err == nil && len(facts) > 0 {
		err = c.inUse(id, facts)
	}
	return err
}

// borrow stores the name of an entity that the dataset's facts refer to and only other
// datasets declare. It removes the borrowed name of an entity without references. By
// is a changed fact that refers to the entity, or nil.
func (c referenceCheck) borrow(id schema.ID, by *recordEdit) error {
	e, err := c.tx.edit(id)
	if err != nil || e.now != nil {
		return err
	}
	var facts []schema.ID
	if by == nil || e.was != nil {
		if facts, err = c.mentions(id, maxInUse); err != nil {
			return err
		}
	}
	switch {
	case by == nil && len(facts) == 0:
		c.tx.setQuads(e, nil)
		return nil
	case e.was == nil && (by == nil || len(e.before) > 0):
		c.tx.setQuads(e, e.before)
		return nil
	}
	own, err := c.tx.reader.entityQuads(c.tx.ctx, id)
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(own, func(q quad.Quad) bool { return q.Label == c.tx.dataset.label })
	if e.was != nil && len(schema.WithoutBorrowed(others)) == 0 {
		return c.inUse(id, facts)
	}
	quads, err := borrowedQuads(c.tx.reader.vocabulary, c.tx.dataset.name, schema.DecodeEntity(id, others))
	if err == nil && len(quads) == 0 {
		err = c.undeclared(by, id)
	}
	if err == nil {
		c.tx.setQuads(e, quads)
	}
	return err
}

// mentions returns the facts of the dataset, with the changes so far, that refer to an
// id, up to a limit; a negative limit means all. It searches the references to the id
// in all datasets or all quads of the dataset, whichever are fewer.
func (c referenceCheck) mentions(id schema.ID, limit int) (facts []schema.ID, err error) {
	patterns, err := c.mentionPatterns(id)
	if err != nil {
		return nil, err
	}
	terms := referenceTerms(c.tx.reader.vocabulary)
	for _, p := range patterns {
		for q, err := range c.tx.reader.Match(c.tx.ctx, p) {
			if err != nil {
				return nil, err
			}
			if q.Object != id.Value() || !terms[q.Predicate] {
				continue
			}
			fact, err := c.factOf(q.Subject)
			if err != nil {
				return nil, err
			}
			if fact != "" && !slices.Contains(facts, fact) {
				facts = append(facts, fact)
			}
			if len(facts) == limit {
				return facts, nil
			}
		}
	}
	return facts, nil
}

// mentionPatterns returns the patterns to search for references to an id.
func (c referenceCheck) mentionPatterns(id schema.ID) (patterns []store.Pattern, err error) {
	own, err := c.tx.store.Count(c.tx.ctx, store.Pattern{Label: c.tx.dataset.label})
	if err != nil {
		return nil, err
	}
	own += int64(len(c.tx.staged.all))
	for term := range referenceTerms(c.tx.reader.vocabulary) {
		n, err := c.tx.store.Count(c.tx.ctx, store.Pattern{Predicate: term, Object: id.Value()})
		if err != nil {
			return nil, err
		}
		if own -= n; own < 0 {
			return []store.Pattern{{Label: c.tx.dataset.label}}, nil
		}
		patterns = append(patterns, store.Pattern{Predicate: term, Object: id.Value(), Label: c.tx.dataset.label})
	}
	slices.SortFunc(patterns, func(a, b store.Pattern) int {
		return strings.Compare(quad.StringOf(a.Predicate), quad.StringOf(b.Predicate))
	})
	return patterns, nil
}

// referenceTerms returns the predicates of references to entities and facts.
func referenceTerms(v *schema.Vocabulary) map[quad.Value]bool {
	terms := map[quad.Value]bool{schema.SourceTerm: true, schema.SaidByTerm: true, schema.ViaTerm: true, schema.AtTerm: true}
	for _, role := range v.Roles() {
		terms[schema.Term(role)] = true
	}
	for _, link := range schema.LinkTypes() {
		terms[schema.Term(link)] = true
	}
	return terms
}

// factOf returns the subject if it is a fact, or the fact of which the subject is
// evidence in the dataset, or an empty id.
func (c referenceCheck) factOf(subject quad.Value) (schema.ID, error) {
	if fact, ok := schema.FactOf(subject); ok {
		return fact, nil
	}
	if iri, ok := subject.(quad.IRI); !ok || !schema.IsEvidence(schema.ID(iri)) {
		return "", nil
	}
	for q, err := range c.tx.reader.Match(c.tx.ctx, store.Pattern{Predicate: schema.EvidenceTerm, Object: subject, Label: c.tx.dataset.label}) {
		return subjectOf(q), err
	}
	return "", nil
}

// maxInUse is the number of facts to search for. An [ErrInUse] error lists one fewer.
const maxInUse = 4

// inUse returns the error for the removal of a record to which facts of the dataset
// refer.
func (c referenceCheck) inUse(id schema.ID, facts []schema.ID) error {
	var names []string
	for _, f := range facts {
		names = append(names, string(f))
	}
	if len(facts) == maxInUse {
		names[maxInUse-1] = "and others"
	}
	err := fmt.Errorf("%s is %w: facts of dataset %q name it: %s", id, ErrInUse, c.tx.dataset.name, strings.Join(names, ", "))
	return schema.WithHint(err, func() string { return "remove or change these first, or declare it in another dataset" })
}

// checkOutside returns an error if other datasets no longer declare what the dataset refers
// to: the load of all records then rejects those that do. It also notes to which facts of
// other datasets the changed records may refer.
func (c referenceCheck) checkOutside(edits []*recordEdit) error {
	log, label := &c.tx.dataset.entries, c.tx.dataset.label
	for _, e := range edits {
		ids := referencesOf(e.now)
		if e.now == nil {
			ids = []schema.ID{e.id}
		}
		for _, id := range ids {
			own, err := c.tx.reader.has(c.tx.ctx, store.Pattern{Subject: id.Value(), Predicate: schema.StatusTerm, Label: label})
			if err != nil {
				return err
			}
			if stated, err := c.isStated(id); err != nil {
				return err
			} else if stated && !own {
				log.noteOutside([]schema.ID{id})
			}
		}
	}
	for _, id := range log.outside {
		if stated, err := c.isStated(id); err != nil || !stated {
			return cmp.Or(err, errWhole)
		}
	}
	return c.checkBorrowed()
}

// checkBorrowed returns an error if only the dataset itself still has the name of an entity
// that it has borrowed.
func (c referenceCheck) checkBorrowed() error {
	for q, err := range c.tx.reader.Match(c.tx.ctx, store.Pattern{Predicate: schema.BorrowedTerm, Label: c.tx.dataset.label}) {
		if err != nil {
			return err
		}
		types, err := c.tx.reader.collect(c.tx.ctx, store.Pattern{Subject: q.Subject, Predicate: schema.TypeTerm})
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(types, func(q quad.Quad) bool { return q.Label != quad.Value(c.tx.dataset.label) }) {
			return errWhole
		}
	}
	return nil
}
