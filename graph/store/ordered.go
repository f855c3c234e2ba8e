package store

import (
	"bytes"
	"context"
	"iter"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// Ordered yields all quads in the order of their terms, as [Sort] sorts them.
// Stores of the same quads yield the same sequence, whatever they were loaded
// from. Ordered holds the quads of one subject in memory at a time. An error is
// the last pair; when ctx ends, the error is context.Cause(ctx).
func (s *Snapshot) Ordered(ctx context.Context) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		if err := s.emitOrdered(ctx, yield); err != nil && err != errStopped {
			yield(quad.Quad{}, err)
		}
	}
}

// emitOrdered walks the terms in the order of the dictionary, in which IRIs and
// blank nodes, the possible subjects, come first.
func (s *Snapshot) emitOrdered(ctx context.Context, yield func(quad.Quad, error) bool) error {
	terms := s.reader.KeyLayers().From(ctx, nil)
	var ids []uint64
	for {
		err := s.reader.Read(func() error {
			entries, err := terms.Next()
			ids = ids[:0]
			for _, e := range entries {
				if rdf.Kind(e.Key[0]) == rdf.KindIRI || rdf.Kind(e.Key[0]) == rdf.KindBlank {
					ids = append(ids, e.ID)
				}
			}
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if err := s.emitSubject(ctx, id, yield); err != nil {
				return err
			}
		}
	}
}

// emitSubject yields the quads of one subject in order.
func (s *Snapshot) emitSubject(ctx context.Context, id uint64, yield func(quad.Quad, error) bool) error {
	scan, err := s.reader.Scan(quadfile.TuplePattern{id})
	if err != nil {
		return err
	}
	var quads []quad.Quad
	err = s.emit(ctx, &scan, func(q quad.Quad, _ error) bool {
		quads = append(quads, q)
		return true
	})
	if err != nil {
		return err
	}
	Sort(quads)
	for _, q := range quads {
		if !yield(q, nil) {
			return errStopped
		}
	}
	return nil
}

// Sort sorts quads by subject, predicate, object and label: IRIs come first, then
// blank nodes, then literals, each by their bytes or by value.
func Sort(quads []quad.Quad) {
	if len(quads) < 2 {
		return
	}
	type termed struct {
		quad  quad.Quad
		terms [4][]byte
	}
	all := make([]termed, len(quads))
	for i, q := range quads {
		all[i].quad = q
		for k, d := range quad.Directions {
			if value := q.Get(d); value != nil {
				all[i].terms[k], _ = rdf.AppendTerm(nil, value) // a stored term can be encoded
			}
		}
	}
	slices.SortStableFunc(all, func(a, b termed) int {
		return slices.CompareFunc(a.terms[:], b.terms[:], bytes.Compare)
	})
	for i := range all {
		quads[i] = all[i].quad
	}
}
