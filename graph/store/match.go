package store

import (
	"context"
	"errors"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// errStopped ends a loop that its body left.
var errStopped = errors.New("stopped")

// pattern looks up the terms of a pattern; ok is false when one is not stored.
func (s *Snapshot) pattern(p Pattern) (ids quadfile.TuplePattern, ok bool, err error) {
	for i, value := range [...]quad.Value{p.Subject, p.Predicate, p.Object, p.Label} {
		if value == nil {
			continue
		}
		if ids[i], err = s.reader.IDOf(value); err != nil || ids[i] == 0 {
			return ids, false, err
		}
	}
	return ids, true, nil
}

// scanPattern starts a scan; it is nil when nothing can match.
func (s *Snapshot) scanPattern(p Pattern) (*quadfile.Scan, error) {
	ids, ok, err := s.pattern(p)
	if err == nil && !ok {
		// not even the closed transaction would be noticed otherwise
		return nil, s.reader.Read(func() error { return nil })
	}
	if err != nil {
		return nil, err
	}
	scan, err := s.reader.Scan(ids)
	return &scan, err
}

// tuple looks up a quad; ok is false when one of its terms is not stored.
func (s *Snapshot) tuple(q quad.Quad) (quadfile.Tuple, bool, error) {
	if rdf.CheckQuad(q) != nil {
		return quadfile.Tuple{}, false, nil
	}
	ids, ok, err := s.pattern(Pattern(q))
	return quadfile.Tuple(ids), ok, err
}

// emit yields the quads of a scan. It returns errStopped when yield does not
// want more.
func (s *Snapshot) emit(ctx context.Context, scan *quadfile.Scan, yield func(quad.Quad, error) bool) error {
	var b quadfile.QuadBatch
	for size := 1; ; size = min(8*size, quadfile.MaxBatch) { // the first quad may be all that is wanted
		if err := cause(ctx); err != nil {
			return err
		}
		tuples, err := scan.Some(size)
		if err != nil || len(tuples) == 0 {
			return err
		}
		quads, err := b.Fill(s.reader, tuples)
		if err != nil {
			return err
		}
		for _, q := range quads {
			if err := cause(ctx); err != nil {
				return err
			}
			if !yield(q, nil) {
				return errStopped
			}
		}
	}
}
