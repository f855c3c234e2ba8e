package store

import (
	"context"
	"iter"
	"runtime"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// Between yields the quads with a predicate (nil for any) whose object is in the
// closed interval from low to high, in the order of the objects: strings and IRIs
// by their bytes, numbers and times by value, other literals by datatype and then
// text, so that xsd:date is in the order of dates. A nil bound is open, but the
// interval only has values that are comparable with the other bound: an interval
// from a date on only has dates. Strings that agree in their first 479 bytes come
// in no particular order. An error is the last pair.
func (s *Snapshot) Between(ctx context.Context, pred, low, high quad.Value) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		r, err := rdf.Between(low, high)
		if err == nil {
			err = s.inRange(ctx, pred, r, yield)
		}
		if err != nil && err != errStopped {
			yield(quad.Quad{}, err)
		}
	}
}

// WithPrefix yields the quads with a predicate (nil for any) whose object is a
// plain string that begins with prefix, in the order of the strings. An error is
// the last pair.
func (s *Snapshot) WithPrefix(ctx context.Context, pred quad.Value, prefix string) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		r := rdf.PrefixRange(append([]byte{byte(rdf.KindString)}, prefix...))
		if err := s.inRange(ctx, pred, r, yield); err != nil && err != errStopped {
			yield(quad.Quad{}, err)
		}
	}
}

func (s *Snapshot) inRange(ctx context.Context, pred quad.Value, r rdf.Range, yield func(quad.Quad, error) bool) error {
	p, ok, err := s.pattern(Pattern{Predicate: pred})
	if err != nil || !ok {
		return err
	}
	terms := s.reader.ScanTerms(r)
	for {
		if err := cause(ctx); err != nil {
			return err
		}
		id, err := terms.Next()
		if err != nil || id == 0 {
			return err
		}
		p[2] = id // the object
		scan, err := s.reader.Scan(p)
		if err == nil {
			err = s.emit(ctx, &scan, yield)
		}
		if err != nil {
			return err
		}
	}
}

// WithString yields the quads with a predicate whose object is a plain string that
// accept returns true for, in the order in which Match yields the quads of the
// predicate. It calls accept for each string, from several goroutines at once, and looks
// up the other terms of the accepted quads alone. accept must not read the store. An
// error is the last pair.
func (s *Snapshot) WithString(ctx context.Context, pred quad.Value, accept func(string) bool) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		var all []quadfile.Tuple
		for ids, err := range s.MatchIDs(ctx, Pattern{Predicate: pred}) {
			if err != nil {
				yield(quad.Quad{}, err)
				return
			}
			all = append(all, quadfile.Tuple(ids))
		}
		accepted, err := s.acceptStrings(ctx, all, accept)
		if err == nil {
			err = s.emitTuples(ctx, accepted, yield)
		}
		if err != nil && err != errStopped {
			yield(quad.Quad{}, err)
		}
	}
}

// acceptStrings returns the quads whose object is an accepted string. Quads with the
// same object follow each other.
func (s *Snapshot) acceptStrings(ctx context.Context, all []quadfile.Tuple, accept func(string) bool) (accepted []quadfile.Tuple, err error) {
	parts := slices.Collect(slices.Chunk(all, max(1, len(all)/(4*runtime.GOMAXPROCS(0))+1)))
	kept := make([][]quadfile.Tuple, len(parts))
	var tasks []func() error
	for i, part := range parts {
		tasks = append(tasks, func() error {
			if err := cause(ctx); err != nil {
				return err
			}
			return s.reader.EachTerm(part, objectPart, func(quads []quadfile.Tuple, term []byte) {
				if rdf.Kind(term[0]) == rdf.KindString && accept(string(term[1:])) {
					kept[i] = append(kept[i], quads...)
				}
			})
		})
	}
	err = quadfile.RunParallel(tasks)
	return slices.Concat(kept...), err
}

// objectPart is the place of the object in a tuple.
const objectPart = 2

// emitTuples yields the quads of tuples. It returns errStopped when yield returns
// false.
func (s *Snapshot) emitTuples(ctx context.Context, tuples []quadfile.Tuple, yield func(quad.Quad, error) bool) error {
	var b quadfile.QuadBatch
	for batch := range slices.Chunk(tuples, quadfile.MaxBatch) {
		if err := cause(ctx); err != nil {
			return err
		}
		quads, err := b.Fill(s.reader, batch)
		if err != nil {
			return err
		}
		for _, q := range quads {
			if !yield(q, nil) {
				return errStopped
			}
		}
	}
	return nil
}

// IDsBetween yields the ids of the terms in the closed interval from low to high, in
// the order of the terms. The bounds are as for [Snapshot.Between]. Each block of ids is
// valid until the next one. An error is the last pair.
func (s *Snapshot) IDsBetween(ctx context.Context, low, high quad.Value) iter.Seq2[[]uint64, error] {
	r, err := rdf.Between(low, high)
	if err != nil {
		return func(yield func([]uint64, error) bool) { yield(nil, err) }
	}
	return idBlocks(ctx, s.reader, r)
}
