package store

import (
	"context"
	"iter"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// IDs is a quad as the index has it: the ids of subject, predicate, object and
// label, 0 for none. An id stands for one term as long as the store has a file
// of its own; it is of use beside the snapshot that it comes from.
type IDs [4]uint64

// MatchIDs is [Snapshot.Match] without looking up a term: for whoever reads a
// large part of the store. An error is the last pair.
func (s *Snapshot) MatchIDs(ctx context.Context, p Pattern) iter.Seq2[IDs, error] {
	return func(yield func(IDs, error) bool) {
		scan, err := s.scanPattern(p)
		for more := scan != nil; more && err == nil; {
			var block []quadfile.Tuple
			if err = cause(ctx); err == nil {
				block, err = scan.Some(maxIDs)
			}
			more = len(block) > 0
			for _, t := range block {
				if !yield(IDs(t), nil) {
					return
				}
			}
		}
		if err != nil {
			yield(IDs{}, err)
		}
	}
}

// maxIDs is how many quads are read between two looks at the context.
const maxIDs = 1 << 10

// Terms yields the terms of ids, which should be sorted: those that follow each
// other are read together. An error is the last pair.
func (s *Snapshot) Terms(ctx context.Context, ids []uint64) iter.Seq2[quad.Value, error] {
	return func(yield func(quad.Value, error) bool) {
		var some [64]quad.Value
		for len(ids) > 0 {
			n := min(len(some), len(ids))
			err := cause(ctx)
			if err == nil {
				err = s.reader.Read(func() error { return s.reader.TermsOf(some[:n], ids[:n]) })
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, value := range some[:n] {
				if !yield(value, nil) {
					return
				}
			}
			ids = ids[n:]
		}
	}
}
