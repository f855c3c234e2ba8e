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

// ChangedIDs is the ids of a quad that only one of two states of a store has.
type ChangedIDs struct {
	IDs
	Added bool // the later state has the quad
}

// Changes yields the quads that only one of two states of a store has, in the order of
// their ids. Only the later state can read the terms of added quads, and only the earlier
// state the terms of removed ones. An error is the last pair.
func Changes(ctx context.Context, earlier, later *Snapshot) iter.Seq2[ChangedIDs, error] {
	return func(yield func(ChangedIDs, error) bool) {
		m := stateMerge{old: earlier.reader.ScanSpan(quadfile.Span{Index: quadfile.SPOL}), new: later.reader.ScanSpan(quadfile.Span{Index: quadfile.SPOL})}
		for n := 0; ; n++ {
			var err error
			if n%maxIDs == 0 {
				err = cause(ctx)
			}
			var c ChangedIDs
			more := false
			if err == nil {
				c, more, err = m.next(ctx)
			}
			if err != nil {
				yield(ChangedIDs{}, err)
				return
			}
			if !more || !yield(c, nil) {
				return
			}
		}
	}
}

// stateMerge reads two states of a store side by side.
type stateMerge struct {
	old, new         *quadfile.Scan
	had, has         []quadfile.Tuple // the quads of each that were read last
	oldDone, newDone bool
}

// next returns the next quad that only one of the states has; more is false at the end.
func (m *stateMerge) next(ctx context.Context) (c ChangedIDs, more bool, err error) {
	for n := 1; ; n++ {
		if n%(1<<16) == 0 {
			err = cause(ctx)
		}
		if err == nil {
			err = m.fill()
		}
		switch {
		case err != nil || len(m.had)+len(m.has) == 0:
			return c, false, err
		case len(m.has) == 0:
			return m.removed(), true, nil
		case len(m.had) == 0:
			return m.added(), true, nil
		}
		switch order := quadfile.CompareTuples(m.had[0], m.has[0]); {
		case order < 0:
			return m.removed(), true, nil
		case order > 0:
			return m.added(), true, nil
		}
		m.had, m.has = m.had[1:], m.has[1:]
	}
}

// fill reads on where all quads that were read are used up.
func (m *stateMerge) fill() (err error) {
	if len(m.had) == 0 && !m.oldDone {
		m.had, err = m.old.NextBatch(maxIDs)
		m.oldDone = len(m.had) == 0
	}
	if err == nil && len(m.has) == 0 && !m.newDone {
		m.has, err = m.new.NextBatch(maxIDs)
		m.newDone = len(m.has) == 0
	}
	return err
}

func (m *stateMerge) removed() (c ChangedIDs) {
	c.IDs, m.had = IDs(m.had[0]), m.had[1:]
	return c
}

func (m *stateMerge) added() (c ChangedIDs) {
	c.IDs, c.Added, m.has = IDs(m.has[0]), true, m.has[1:]
	return c
}

// EachLabelled calls fn with the ids of the quads of the labels for which want returns
// true, in the order of the ids of their labels. It asks once for each label, and passes
// over the quads of others.
func EachLabelled(ctx context.Context, s *Snapshot, want func(label uint64) bool, fn func(q IDs)) error {
	return s.reader.EachLabelled(ctx, want, func(q quadfile.Tuple) { fn(IDs(q)) })
}
