package graph

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/grounding"
)

// Labels returns the labels of entities, each as [Graph.Label] returns it. It reads them
// together, which is several times as fast.
func Labels(ctx context.Context, g *Graph, ids []schema.ID) ([]string, error) {
	labels := make([]string, len(ids))
	terms := []quad.IRI{schema.TypeTerm, schema.LabelTerm, schema.BorrowedTerm}
	err := eachEntity(ctx, g, ids, terms, func(r reader, i int, own []quad.Quad) error {
		if label, ok := soleLabel(own); ok {
			labels[i] = label
			return nil
		}
		e, err := r.entity(ctx, ids[i], own)
		labels[i] = e.Label
		return err
	})
	return labels, err
}

// soleLabel returns the label of an entity that has one; ok is false if the label has to
// be chosen, as [schema.DecodeEntity] does.
func soleLabel(own []quad.Quad) (label string, ok bool) {
	for _, q := range own {
		switch q.Predicate {
		case schema.BorrowedTerm:
			return "", false
		case schema.LabelTerm:
			text, isString := q.Object.(quad.String)
			if ok || !isString {
				return "", false
			}
			label, ok = string(text), true
		}
	}
	return label, ok
}

// Documents returns documents, each as [Graph.Document] returns it, and without a kind if
// that finds none. It reads them together, which is several times as fast.
func Documents(ctx context.Context, g *Graph, ids []schema.ID) ([]schema.Document, error) {
	documents := make([]schema.Document, len(ids))
	err := eachEntity(ctx, g, ids, entityTerms, func(r reader, i int, own []quad.Quad) error {
		order, err := r.orderOf(ctx, own)
		if d := schema.DecodeDocument(ids[i], own, order...); d.Kind == schema.Doc {
			documents[i] = d
		}
		return err
	})
	return documents, err
}

// eachEntity calls fn with the quads of each entity that have one of the predicates and
// that datasets state. The quads may lack their subject, which is known.
func eachEntity(ctx context.Context, g *Graph, ids []schema.ID, terms []quad.IRI, fn func(r reader, i int, own []quad.Quad) error) error {
	return g.withSnapshot(ctx, func(s *store.Snapshot) error {
		r, err := newEntityReader(s, readerOf(g, s), terms)
		if err != nil {
			return err
		}
		r.subjects.WithoutSubjects()
		numbers, err := idsOf(s, ids)
		if err != nil {
			return err
		}
		return r.each(ctx, numbers, func(i int, own []quad.Quad) error { return fn(r.reader, i, own) })
	})
}

// entityReader reads the quads of several entities at a time.
type entityReader struct {
	reader
	snapshot *store.Snapshot
	subjects *store.SubjectReader
	terms    []quad.IRI
}

// newEntityReader returns a reader of quads with the given predicates.
func newEntityReader(s *store.Snapshot, r reader, terms []quad.IRI) (*entityReader, error) {
	predicates := make([]uint64, len(terms))
	for i, term := range terms {
		id, err := s.ID(term) // which the snapshot remembers
		if err != nil {
			return nil, err
		}
		predicates[i] = id
	}
	subjects := s.SubjectReader()
	subjects.Restrict(manyQuads, predicates...)
	return &entityReader{r, s, subjects, terms}, nil
}

// each calls fn with the quads of each entity that datasets state, and the position of its
// id in the store.
func (r *entityReader) each(ctx context.Context, ids []uint64, fn func(i int, own []quad.Quad) error) error {
	if err := cmp.Or(context.Cause(ctx), r.subjects.Read(ids, 0)); err != nil {
		return err
	}
	for i, id := range ids {
		own, _ := r.subjects.Quads(i)
		own = slices.DeleteFunc(own, func(q quad.Quad) bool { return !isStatedOfEntity(q) })
		if r.subjects.HasTooMany(i) {
			term, err := r.snapshot.Term(id)
			iri, _ := term.(quad.IRI)
			if err == nil {
				own, err = entityQuadsByTerm(ctx, r.reader, schema.ID(iri), r.terms)
			}
			if err != nil {
				return err
			}
		}
		if err := fn(i, own); err != nil {
			return err
		}
	}
	return nil
}

// idsOf returns the ids of IRIs in the store, 0 for IRIs that it does not have.
func idsOf[T ~string](s *store.Snapshot, iris []T) ([]uint64, error) {
	list := make([]quad.IRI, len(iris))
	for i, iri := range iris {
		list[i] = quad.IRI(iri)
	}
	return s.IDs(list)
}

// Entities yields all entities and documents, by kind and then in the order of their
// ids, from the named datasets or from all.
func (g *Graph) Entities(ctx context.Context, datasets ...string) iter.Seq2[schema.Entity, error] {
	return func(yield func(schema.Entity, error) bool) {
		errStop := errors.New("stop")
		err := g.withSnapshot(ctx, func(s *store.Snapshot) error {
			r, err := newEntityReader(s, readerOf(g, s), entityTerms)
			if err != nil {
				return err
			}
			for _, kind := range schema.Kinds() {
				for ids, err := range s.IRIs(ctx, kind.Prefix()+":") {
					if err == nil {
						err = r.each(ctx, ids, func(_ int, own []quad.Quad) error {
							e, ok, err := declaredEntity(ctx, r.reader, own, datasets)
							if err == nil && ok && !yield(e, nil) {
								return errStop
							}
							return err
						})
					}
					if err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(schema.Entity{}, err)
		}
	}
}

// declaredEntity decodes an entity from the named datasets or from all; ok is false if it has
// no kind there.
func declaredEntity(ctx context.Context, r reader, own []quad.Quad, datasets []string) (e schema.Entity, ok bool, err error) {
	if len(own) == 0 {
		return e, false, nil
	}
	id := subjectOf(own[0])
	var kind quad.Value = schema.Term(schema.KindOf(id))
	if !slices.ContainsFunc(own, func(q quad.Quad) bool { return q.Predicate == schema.TypeTerm && q.Object == kind }) {
		return e, false, nil
	}
	if own = claimedBy(own, datasets); len(own) == 0 {
		return e, false, nil
	}
	e, err = r.entity(ctx, id, own)
	return e, true, err
}

// Grounded is a piece of evidence with a quote, and what became of the quote when it was
// held to the text of its document.
type Grounded struct {
	Fact     schema.ID
	Evidence schema.Evidence
	Document schema.Document // without a kind if the evidence cites none
	grounding.Held
}

// Grounding holds every quote of the graph to the text of its document, and yields each,
// fact after fact in the order of [Graph.Facts]. A document has the text whose SHA-256 is
// its own or, without a SHA-256, the text whose file has one of its names: see
// [grounding.DocumentOf]. An error is the last pair.
func Grounding(ctx context.Context, g *Graph, texts *grounding.Texts) iter.Seq2[Grounded, error] {
	return func(yield func(Grounded, error) bool) {
		stopped := false
		err := g.withSnapshot(ctx, func(s *store.Snapshot) error {
			then := g.At(s)
			keys, err := keysByDocument(ctx, then)
			if err != nil {
				return err
			}
			hold := func(part []Selected) ([]Grounded, error) { return holdQuotes(ctx, then, texts, keys, part) }
			for part, err := range MapFactsByDate(ctx, then, Filter{}, hold) {
				if err != nil {
					return err
				}
				for _, q := range part {
					if stopped = !yield(q, nil); stopped {
						return nil
					}
				}
			}
			return nil
		})
		if err != nil && !stopped {
			yield(Grounded{}, err)
		}
	}
}

// keysByDocument returns the keys by which the inputs of all datasets cite each document.
func keysByDocument(ctx context.Context, g *Graph) (map[schema.ID][]string, error) {
	sets, err := g.Datasets(ctx)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(sets))
	for i, s := range sets {
		names[i] = s.Name
	}
	all, err := SourceKeys(ctx, g, names...)
	keys := make(map[schema.ID][]string)
	for _, k := range all {
		keys[k.Document] = append(keys[k.Document], k.Key)
	}
	return keys, err
}

// holdQuotes holds the quotes of some facts to their texts.
func holdQuotes(ctx context.Context, g *Graph, texts *grounding.Texts, keys map[schema.ID][]string, facts []Selected) (all []Grounded, err error) {
	var ids []schema.ID
	for _, f := range facts {
		for _, e := range f.Evidence {
			if e.Quote != "" {
				all, ids = append(all, Grounded{Fact: f.ID, Evidence: e}), append(ids, e.Source)
			}
		}
	}
	slices.Sort(ids)
	ids = slices.DeleteFunc(slices.Compact(ids), func(id schema.ID) bool { return id == "" })
	documents, err := Documents(ctx, g, ids)
	if err != nil {
		return nil, err
	}
	for i := range all {
		q := &all[i]
		if at, ok := slices.BinarySearch(ids, q.Evidence.Source); ok {
			q.Document = documents[at]
		}
		if q.Document.Kind != schema.Doc || grounding.IsFile(&q.Document, q.Evidence.Dataset) {
			q.Held = grounding.WithoutSource()
			continue
		}
		q.Held = texts.Hold(&q.Evidence, grounding.DocumentOf(&q.Document, keys[q.Evidence.Source]...))
	}
	return all, nil
}
