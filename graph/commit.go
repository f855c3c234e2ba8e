package graph

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// What the graph keeps of a dataset, under the dataset's own label.
const (
	datasetType    = quad.IRI("dip:Dataset")
	inputTerm      = quad.IRI("dip:input")      // SHA-256 of the bytes it was loaded from
	loadTerm       = quad.IRI("dip:load")       // and with what options, vocabulary and encoder
	vocabularyTerm = quad.IRI("dip:vocabulary") // a file of verbs that came with it
	aboutPrefix    = "dip:about-"               // and what it says about itself: dip:about-title
)

// ErrUndeclared is wrapped where a fact names an id that no dataset declares.
var ErrUndeclared = errors.New("undeclared")

// transaction reads its own writes.
type transaction struct {
	reader
	tx *store.Tx
}

// commit replaces the dataset by what is staged.
func (s *stage) commit(ctx context.Context, t transaction) error {
	borrowed, err := s.resolve(ctx, t.reader)
	if err != nil {
		return err
	}
	if err := s.compare(ctx, t.reader); err != nil {
		return err
	}
	if err := s.tolerable(); err != nil {
		return err
	}
	quads, err := s.quads(borrowed)
	if err != nil {
		return err
	}
	return t.swap(ctx, s, quads)
}

// swap puts the quads in place of the dataset's, and brings up to date what
// follows from them: decisions, names that others borrowed, edges.
func (t transaction) swap(ctx context.Context, s *stage, quads []quad.Quad) error {
	facts, entities, err := t.replace(ctx, s, quads)
	if err != nil {
		return err
	}
	if err := t.decide(ctx, s, entities); err != nil {
		return err
	}
	if err := t.relend(ctx, s, entities); err != nil {
		return err
	}
	return t.derive(ctx, s, facts)
}

// difference returns the quads that are wanted and not there, in their order, and
// those that are there and not wanted. The same load makes the same store, whose
// answers come in the same order.
func difference(want, there []quad.Quad) (fresh, stale []quad.Quad) {
	if len(there) == 0 {
		return want, nil
	}
	wanted, old := setOf(want), setOf(there)
	for _, q := range want {
		if !old[q] {
			fresh = append(fresh, q)
		}
	}
	for _, q := range there {
		if !wanted[q] {
			stale = append(stale, q)
		}
	}
	return fresh, stale
}

func setOf(quads []quad.Quad) map[quad.Quad]bool {
	set := make(map[quad.Quad]bool, len(quads))
	for _, q := range quads {
		set[q] = true
	}
	return set
}

// quads are all that the dataset is to hold; some may come twice.
func (s *stage) quads(borrowed []quad.Quad) ([]quad.Quad, error) {
	own := func(predicate quad.IRI, object quad.Value) quad.Quad {
		return quad.Quad{Subject: s.label, Predicate: predicate, Object: object, Label: s.label}
	}
	all := []quad.Quad{own(schema.TypeTerm, datasetType)}
	if s.options.Input != "" {
		all = append(all, own(inputTerm, quad.String(s.options.Input)), own(loadTerm, s.loadKey()))
	}
	for _, text := range s.vocabulary.Extensions() {
		all = append(all, own(vocabularyTerm, quad.String(text)))
	}
	for _, key := range slices.Sorted(maps.Keys(s.options.About)) {
		all = append(all, own(quad.IRI(aboutPrefix+key), quad.String(s.options.About[key])))
	}
	all = append(all, borrowed...)
	for _, id := range slices.Sorted(maps.Keys(s.entities)) {
		all = append(all, s.entities[id]...)
	}
	for _, id := range slices.Sorted(maps.Keys(s.facts)) {
		quads, err := s.vocabulary.Encode(s.dataset, s.facts[id])
		if err != nil {
			return nil, err
		}
		all = append(all, quads...)
	}
	return all, nil
}

// resolve rejects facts that name what is declared nowhere, and copies into the
// dataset the name of each entity that only others declare, so that it stands
// when they are forgotten.
func (s *stage) resolve(ctx context.Context, r reader) ([]quad.Quad, error) {
	var borrowed []quad.Quad
	known := make(map[schema.ID]bool)
	declared := func(id schema.ID) (bool, error) {
		if _, ok := s.entities[id]; ok || known[id] {
			return true, nil
		}
		quads, err := s.borrow(ctx, r, id)
		borrowed = append(borrowed, quads...)
		known[id] = len(quads) > 0
		return known[id], err
	}
	for changed := true; changed; {
		changed = false
		for _, id := range slices.Sorted(maps.Keys(s.facts)) {
			missing, err := s.missing(ctx, r, s.facts[id], declared)
			if err != nil {
				return nil, err
			}
			if missing != "" {
				s.rejectFact(id, fmt.Errorf("%w id %q", ErrUndeclared, missing))
				changed = true
			}
		}
	}
	return borrowed, nil
}

func (s *stage) rejectFact(id schema.ID, err error) {
	f := s.facts[id]
	delete(s.facts, id)
	s.report.Facts--
	s.reject(&schema.RowError{Pos: f.Pos, Err: err, Text: string(f.Verb)})
}

// missing is the first id of a fact that nothing declares.
func (s *stage) missing(ctx context.Context, r reader, f schema.Fact, declared func(schema.ID) (bool, error)) (schema.ID, error) {
	for _, id := range references(f) {
		var ok bool
		var err error
		if schema.KindOf(id) == schema.KindFact {
			if _, ok = s.facts[id]; !ok {
				ok, err = s.elsewhere(ctx, r, id)
			}
		} else {
			ok, err = declared(id)
		}
		if err != nil || !ok {
			return id, err
		}
	}
	return "", nil
}

// elsewhere reports whether another dataset tells the fact.
func (s *stage) elsewhere(ctx context.Context, r reader, id schema.ID) (bool, error) {
	for q, err := range r.Match(ctx, store.Pattern{Subject: id.Value(), Predicate: schema.StatusTerm}) {
		if err != nil || q.Label != s.label {
			return err == nil, err
		}
	}
	return false, nil
}

func references(f schema.Fact) []schema.ID {
	var ids []schema.ID
	for _, r := range f.Roles {
		ids = append(ids, r.ID)
	}
	for _, l := range f.Links {
		ids = append(ids, l.Fact)
	}
	for _, e := range f.Evidence {
		ids = append(append(append(ids, e.Source, e.SaidBy), e.Via...), e.At...)
	}
	return slices.DeleteFunc(ids, func(id schema.ID) bool { return id == "" })
}

// replace swaps the dataset's quads for these, touching only what differs, and
// returns the facts and the entities that it told of or tells of.
func (t transaction) replace(ctx context.Context, s *stage, quads []quad.Quad) (facts, entities []schema.ID, err error) {
	old, err := t.collect(ctx, store.Pattern{Label: s.label})
	if err != nil {
		return nil, nil, err
	}
	isFact, isEntity := make(map[schema.ID]bool), make(map[schema.ID]bool)
	for _, q := range slices.Concat(old, quads) {
		if id, ok := schema.FactOf(q.Subject); ok {
			isFact[id] = true
		} else if q.Predicate == schema.TypeTerm && q.Subject != s.label {
			isEntity[subjectOf(q)] = true
		}
	}
	fresh, stale := difference(quads, old)
	err = t.change(s, stale, fresh)
	return slices.Sorted(maps.Keys(isFact)), slices.Sorted(maps.Keys(isEntity)), err
}

// derive brings the edges of the affected facts up to date. It reads all before
// it writes any: a transaction that alternates is slow.
func (t transaction) derive(ctx context.Context, s *stage, facts []schema.ID) error {
	var stale, fresh []quad.Quad
	var acyclic []schema.Fact
	for _, id := range facts {
		f, err := t.told(ctx, s, id)
		if err != nil {
			return err
		}
		if f.Verb == "" {
			if err := t.findDangling(ctx, s, id); err != nil {
				return err
			}
		}
		have, err := t.collect(ctx, store.Pattern{Label: id.Value()})
		if err != nil {
			return err
		}
		var want []quad.Quad
		for _, e := range t.vocabulary.Edges(f) {
			want = append(want, e.Quad())
		}
		added, gone := difference(want, have)
		fresh, stale = append(fresh, added...), append(stale, gone...)
		d, ok := t.vocabulary.Lookup(f.Verb)
		if !ok && f.Verb != "" {
			return fmt.Errorf("%s: %w %q", id, schema.ErrUnknownVerb, f.Verb)
		}
		if ok && d.Acyclic {
			acyclic = append(acyclic, f)
		}
	}
	if err := t.change(s, stale, fresh); err != nil {
		return err
	}
	for _, f := range acyclic {
		if err := t.checkCycles(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

// findDangling notes the facts that refer to one that nobody tells any more.
func (t transaction) findDangling(ctx context.Context, s *stage, gone schema.ID) error {
	ids, err := t.subjects(ctx, store.Pattern{Object: gone.Value()})
	s.report.Dangling = append(s.report.Dangling, ids...)
	return err
}

func (t transaction) change(s *stage, stale, fresh []quad.Quad) error {
	removed, err := t.tx.RemoveAll(stale)
	s.report.Removed += removed
	if err != nil {
		return err
	}
	added, err := t.tx.AddAll(fresh)
	s.report.Added += added
	return err
}

// told is the fact by all datasets that tell it now; the zero Fact where none
// does.
func (t transaction) told(ctx context.Context, s *stage, id schema.ID) (schema.Fact, error) {
	elsewhere, err := s.elsewhere(ctx, t.reader, id)
	if err != nil || !elsewhere {
		return s.facts[id], err
	}
	return t.fact(ctx, id)
}

// ErrCycle is wrapped where a relation that cannot lead back to its start would.
var ErrCycle = errors.New("leads back to itself")

// checkCycles follows an acyclic relation from each of the fact's objects.
func (t transaction) checkCycles(ctx context.Context, f schema.Fact) error {
	for _, edge := range t.vocabulary.Edges(f) {
		seen := map[quad.Value]bool{}
		next := []quad.Value{edge.To.Value()}
		for len(next) > 0 {
			at := next[0]
			next = next[1:]
			if at == edge.From.Value() {
				return &schema.RowError{Pos: f.Pos, Err: fmt.Errorf("%s %s %s: %w", edge.From, edge.Verb, edge.To, ErrCycle)}
			}
			if seen[at] {
				continue
			}
			seen[at] = true
			for q, err := range t.Match(ctx, store.Pattern{Subject: at, Predicate: schema.Term(f.Verb)}) {
				if err != nil {
					return err
				}
				next = append(next, q.Object)
			}
		}
	}
	return nil
}
