package store

import (
	"context"
	"iter"

	"github.com/cayleygraph/quad"

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
