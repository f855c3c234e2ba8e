package store

import (
	"context"
	"iter"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// IDs is the ids of the subject, predicate, object and label of a quad, 0 for no
// label. An id of a store is never assigned to another term, and means nothing in
// another store.
type IDs [4]uint64

// MatchIDs is [Snapshot.Match] without a look-up of terms, for reading a large
// part of the store. An error is the last pair.
func (s *Snapshot) MatchIDs(ctx context.Context, p Pattern) iter.Seq2[IDs, error] {
	return func(yield func(IDs, error) bool) {
		scan, err := s.scanPattern(p)
		for more := scan != nil; more && err == nil; {
			var block []quadfile.Tuple
			if err = cause(ctx); err == nil {
				block, err = scan.NextBatch(maxIDs)
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

// maxIDs is the number of quads that are read between two checks of the context.
const maxIDs = 1 << 10

// Terms yields the terms of ids. The ids should be sorted: terms with
// neighbouring ids are read together. An error is the last pair.
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

// IDSet is a set of ids of a snapshot, with a bit of memory for each id.
type IDSet = quadfile.IDSet

// NewIDSet returns an empty set for all ids of the snapshot.
func (s *Snapshot) NewIDSet() IDSet { return quadfile.NewIDSet(s.reader.Record.NextID) }
