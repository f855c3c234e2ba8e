package store

import (
	"context"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// staged is what a transaction has changed since its last flush: quads, new terms,
// and ids that may have lost their last quad.
type staged struct {
	ctx    context.Context
	path   string // of the store
	opts   *Options
	reader *quadfile.Reader // of the blocks; its record counts the changes too

	terms    txTerms
	changes  changes
	bulk     bulk
	suspects suspects
	loops    map[*matchLoop]struct{}
	runs     int   // that were written by flushes
	wrote    bool  // a flush changed a quad
	failed   error // of a flush that left the blocks half written
	stored   bool  // the blocks hold something
}

func newStaged(ctx context.Context, path string, opts *Options, r *quadfile.Reader) staged {
	return staged{
		ctx: ctx, path: path, opts: opts, reader: r,
		terms:  txTerms{reader: r, known: quadfile.NewLexicon(), complete: r.Record.Terms == 0, firstNew: r.Record.NextID},
		loops:  map[*matchLoop]struct{}{},
		stored: !r.Blank,
	}
}

// has looks at the changes first.
func (s *staged) has(t quadfile.Tuple) (bool, error) {
	if e := s.changes.find(t); e != nil && e.state() != unchanged {
		return e.state() == added, nil
	}
	return s.inBlocks(t)
}

// inBlocks looks at the blocks, unless a term is newer than they are.
func (s *staged) inBlocks(t quadfile.Tuple) (bool, error) {
	if !s.stored || max(t[0], t[1], t[2], t[3]) >= s.terms.firstNew {
		return false, nil
	}
	return s.reader.Has(t)
}

// change notes that a quad is to be there or not. A quad with a term that was
// just created cannot be stored yet.
func (s *staged) change(t quadfile.Tuple, add, isNew bool) (bool, error) {
	var e *change
	was := false
	if !isNew {
		if e = s.changes.find(t); e != nil && e.state() != unchanged {
			was = e.state() == added
		} else {
			var err error
			if was, err = s.inBlocks(t); err != nil {
				return false, err
			}
		}
	}
	if was == add {
		return false, nil
	}
	return true, s.record(t, e, add)
}

// record notes that a quad is added, or one that is there removed; e is its entry
// or nil.
func (s *staged) record(t quadfile.Tuple, e *change, add bool) error {
	switch {
	case e != nil && e.state() != unchanged:
		s.changes.set(t, e, unchanged)
	case add:
		s.changes.set(t, e, added)
	default:
		s.changes.set(t, e, removed)
	}
	if add {
		s.reader.Record.Quads++
	} else {
		s.reader.Record.Quads--
		s.suspects.add(t)
	}
	if s.full() {
		return s.flush()
	}
	return nil
}
