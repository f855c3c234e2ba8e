package store

import (
	"context"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// staged is the changes of a transaction that no flush has written to the tables
// of the file or of a run: quads, new terms, and terms that may have no quad.
type staged struct {
	ctx    context.Context
	path   string // of the store
	opts   *Options
	reader *quadfile.Reader // reads the tables; its record includes the changes

	terms    txTerms
	changes  changes
	bulk     bulk
	suspects suspects
	loops    map[*matchLoop]struct{}
	runs     int   // runs that flushes have written
	wrote    bool  // a flush has written quads
	failed   error // the error of a flush that left tables half written
	stored   bool  // the tables are not empty

	wantsFirst bool // no quad had a label for Options.First yet
}

func newStaged(ctx context.Context, path string, opts *Options, r *quadfile.Reader) staged {
	wantsFirst := opts.First != nil && r.Record.NextID == 1
	if wantsFirst {
		r.Record.NextID = firstIDs + 1
	}
	return staged{
		ctx: ctx, path: path, opts: opts, reader: r, wantsFirst: wantsFirst,
		terms:  txTerms{reader: r, known: quadfile.NewLexicon(), complete: r.Record.Terms == 0, firstNew: r.Record.NextID},
		loops:  map[*matchLoop]struct{}{},
		stored: !r.WasEmpty,
	}
}

// has reports whether a quad is present, according to the changes or else the
// tables.
func (s *staged) has(t quadfile.Tuple) (bool, error) {
	if e := s.changes.find(t); e != nil && e.state() != unchanged {
		return e.state() == added, nil
	}
	return s.inTables(t)
}

// inTables reports whether the tables have a quad. A quad with a term that they
// lack needs no look-up.
func (s *staged) inTables(t quadfile.Tuple) (bool, error) {
	if !s.stored || max(t[0], t[1], t[2], t[3]) >= s.terms.firstNew {
		return false, nil
	}
	return s.reader.Has(t)
}

// change adds or removes a quad and reports whether that changed anything. isNew
// says that a term of the quad was just created, so that the quad cannot be
// stored yet.
func (s *staged) change(t quadfile.Tuple, add, isNew bool) (bool, error) {
	var e *change
	was := false
	if !isNew {
		if e = s.changes.find(t); e != nil && e.state() != unchanged {
			was = e.state() == added
		} else {
			var err error
			if was, err = s.inTables(t); err != nil {
				return false, err
			}
		}
	}
	if was == add {
		return false, nil
	}
	return true, s.record(t, e, add)
}

// record records that an absent quad is added, or that a present one is removed;
// e is its entry or nil.
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
