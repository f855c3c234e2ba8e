package graph

import (
	"context"
	"errors"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// partTerms are the predicates by which a fact is part of another.
var partTerms = []quad.IRI{schema.Term(schema.RoleDuring), schema.Term(schema.PartOf)}

// wholes finds when facts that have no date of their own may have happened: from
// the first to the last day of the facts that they are part of, or of those that
// these are part of, each as far as its sources assert it. Dates that were derived
// before do not count. It keeps what it has found, so that the work grows with the
// number of links alone: what facts say must not change meanwhile.
type wholes struct {
	reader reader
	read   map[schema.ID]*whole
	count  int      // of the wholes that were walked
	open   []*whole // that were walked, and may yet lead back to one below them
}

func newWholes(r reader) *wholes { return &wholes{reader: r, read: map[schema.ID]*whole{}} }

// whole is a fact that others are part of, or may be.
type whole struct {
	asserted, disputed, dated bool
	days                      schema.Days // as far as its sources assert it
	above                     []schema.ID // what it is part of

	found      above
	index, low int // as in Tarjan's search for strongly connected components; 0 is not walked
	next       int // of above
	open       bool
}

// above is what the facts say that a fact is part of.
type above struct {
	schema.Days
	dated, disputed bool
}

func (a *above) add(b above) {
	a.disputed = a.disputed || b.disputed
	switch {
	case b.dated && a.dated:
		a.Days = a.Join(b.Days)
	case b.dated:
		a.Days, a.dated = b.Days, true
	}
}

// within is when a fact may have happened by the facts that it is part of; nil
// where they have no date, and for a fact with one of its own.
func (w *wholes) within(ctx context.Context, f schema.Fact) (*schema.Within, error) {
	f.Within = nil
	links := f.Wholes()
	if len(links) == 0 {
		return nil, nil
	}
	if _, dated, err := w.reader.vocabulary.Extent(f); err != nil || dated {
		return nil, err
	}
	part := w.read[f.ID]
	if part == nil {
		part = &whole{above: links}
	}
	if err := w.walk(ctx, part); err != nil || !part.found.dated {
		return nil, err
	}
	return &schema.Within{Days: part.found.Days, Disputed: part.found.disputed}, nil
}

// whole reads a fact that others are part of; one that no dataset states asserts
// nothing.
func (w *wholes) whole(ctx context.Context, id schema.ID) (*whole, error) {
	if found := w.read[id]; found != nil {
		return found, nil
	}
	f, err := w.reader.fact(ctx, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	found := &whole{asserted: f.Asserted(), disputed: f.Disputed(), above: f.Wholes()}
	if found.days, found.dated, err = w.reader.vocabulary.AssertedExtent(f); err != nil {
		return nil, err
	}
	w.read[id] = found
	return found, nil
}

// walk follows the links of a fact upwards. Facts that are part of each other have
// the same days: a circle is found as Tarjan's algorithm does, without recursion.
func (w *wholes) walk(ctx context.Context, start *whole) error {
	if start.index > 0 {
		return nil
	}
	path := []*whole{w.enter(start)}
	for len(path) > 0 {
		at := path[len(path)-1]
		if at.next == len(at.above) {
			if path = path[:len(path)-1]; len(path) > 0 {
				below := path[len(path)-1]
				below.low = min(below.low, at.low)
				below.found.add(at.found)
			}
			w.leave(at)
			continue
		}
		to, err := w.whole(ctx, at.above[at.next])
		if err != nil {
			w.forget()
			return err
		}
		at.next++
		if at.take(to) {
			path = append(path, w.enter(to))
		}
	}
	return nil
}

// take adds what a fact above says, and reports whether it has to be walked first.
func (at *whole) take(to *whole) bool {
	switch {
	case !to.asserted:
		return false
	case to.dated:
		at.found.add(above{to.days, true, to.disputed})
		return false
	}
	at.found.disputed = at.found.disputed || to.disputed
	if to.open {
		at.low = min(at.low, to.index)
	} else {
		at.found.add(to.found)
	}
	return to.index == 0
}

// forget makes as not walked what was not walked to the end.
func (w *wholes) forget() {
	for _, at := range w.open {
		at.index, at.next, at.open, at.found = 0, 0, false, above{}
	}
	w.open = nil
}

func (w *wholes) enter(at *whole) *whole {
	w.count++
	at.index, at.low, at.open = w.count, w.count, true
	w.open = append(w.open, at)
	return at
}

// leave gives all facts of a circle what was found of it, once that is complete.
func (w *wholes) leave(at *whole) {
	if at.low < at.index {
		return
	}
	for {
		last := w.open[len(w.open)-1]
		w.open = w.open[:len(w.open)-1]
		last.found, last.open = at.found, false
		if last == at {
			return
		}
	}
}

// partsOf lists the facts that are part of one.
func (r reader) partsOf(ctx context.Context, whole schema.ID) ([]schema.ID, error) {
	return union(partTerms, func(term quad.IRI) ([]schema.ID, error) {
		ids, err := r.subjects(ctx, store.Pattern{Predicate: term, Object: whole.Value()})
		return onlyFacts(ids), err
	})
}

// isPart reports whether a fact is part of another.
func (r reader) isPart(ctx context.Context, id schema.ID) (bool, error) {
	for _, term := range partTerms {
		for q, err := range r.Match(ctx, store.Pattern{Subject: id.Value(), Predicate: term}) {
			if err != nil {
				return false, err
			}
			if _, ok := schema.FactOf(q.Object); ok {
				return true, nil
			}
		}
	}
	return false, nil
}

func onlyFacts(ids []schema.ID) (facts []schema.ID) {
	for _, id := range ids {
		if schema.KindOf(id) == schema.KindFact {
			facts = append(facts, id)
		}
	}
	return facts
}
