package store

import (
	"errors"
	"slices"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// Where a commit writes, if not to a level: to the main tables, which must be
// empty, or to a new file.
const (
	toMain    = -1
	toNewFile = quadfile.LevelCount
)

// levelWriter writes the changes of a transaction to the main tables, which are
// empty, or to a level. It writes new tables for the level, which also have the
// entries of the levels above it.
type levelWriter struct {
	staged *staged
	level  int // or toMain

	before, below []*quadfile.Layer // all layers before, and the layers that stay
	into          *quadfile.Layer   // the layer to write
	stamp         uint32

	quads [quadfile.IndexCount]*quadfile.LevelMerge[quadfile.Tuple, quadfile.TupleCoder]
	byID  *quadfile.LevelMerge[quadfile.TermEntry, quadfile.TermCoder]
	byKey *quadfile.LevelMerge[quadfile.KeyEntry, quadfile.KeyCoder]

	removedByID  []quadfile.Edit[quadfile.TermEntry]
	removedByKey []quadfile.Edit[quadfile.KeyEntry]
}

// write writes the changes. If free is set, as by the last write of a transaction,
// it also frees the terms that no quad has any more.
func (s *staged) write(level int, free bool) error {
	w := &levelWriter{staged: s, level: level, before: s.reader.Over, stamp: quadfile.NewStamp()}
	run := quadfile.RunInTurn
	if s.changes.changed+len(s.terms.created) >= parallelFrom {
		run = quadfile.RunParallel
	}
	read := s.reader.Read
	if err := read(w.begin); err != nil {
		return err
	}
	quads := s.indexTasks(func(i int, edits quadfile.SortedEdits) error { return w.quads[i].Write(editsFrom(edits)) })
	terms := []func() error{w.writeByKey, w.writeByID}
	if free && len(s.suspects.ids) > 0 {
		if err := read(func() error { return run(quads) }); err != nil {
			return err
		}
		if err := w.free(); err != nil {
			return err
		}
		quads = nil
	}
	if err := read(func() error { return run(append(terms, quads...)) }); err != nil {
		return err
	}
	return read(w.end)
}

// begin opens the levels to merge and makes the tables to write.
func (w *levelWriter) begin() (err error) {
	r := w.staged.reader
	old, above := &quadfile.Layer{}, []*quadfile.Layer(nil)
	for _, l := range r.Over {
		switch {
		case l.Level > w.level:
			w.below = append(w.below, l)
		case l.Level == w.level:
			old = l
		default:
			above = append(above, l)
		}
	}
	if err := w.openMerges(old, above); err != nil {
		return err
	}
	if w.level == toMain {
		w.into = &quadfile.Layer{Level: toMain, Plus: quadfile.NewTables(r.Bolt, "", w.stamp)}
	} else {
		for _, l := range above {
			if err := quadfile.DropLevel(r.Bolt, l.Level); err != nil {
				return err
			}
		}
		if w.into, err = quadfile.NewLevel(r.Bolt, w.level, w.stamp); err != nil {
			return err
		}
	}
	for i, m := range w.quads {
		m.Into = w.into.Quads(i)
	}
	w.byID.Into, w.byKey.Into = w.into.ByID(), w.into.ByKey()
	return nil
}

// openMerges opens the merges of the tables of a level and of the levels above
// it. If this transaction has written one of the levels, it reads all of them
// here, since the pages are only in memory.
func (w *levelWriter) openMerges(old *quadfile.Layer, above []*quadfile.Layer) error {
	for i := range w.quads {
		w.quads[i] = quadfile.NewLevelMerge(w.staged.ctx, old, above, func(l *quadfile.Layer) quadfile.SignedTable[quadfile.Tuple, quadfile.TupleCoder] { return l.Quads(i) })
	}
	w.byID = quadfile.NewLevelMerge(w.staged.ctx, old, above, (*quadfile.Layer).ByID)
	w.byKey = quadfile.NewLevelMerge(w.staged.ctx, old, above, (*quadfile.Layer).ByKey)
	if !slices.ContainsFunc(append(above, old), func(l *quadfile.Layer) bool { return l.Uncommitted }) {
		return nil
	}
	for _, m := range w.quads {
		if err := m.Load(true); err != nil {
			return err
		}
	}
	return errors.Join(w.byID.Load(true), w.byKey.Load(true))
}

// free finds the terms that no quad has any more. It runs after the quads are
// written. New terms without quads are not stored, old ones are removed.
func (w *levelWriter) free() error {
	r, terms := w.staged.reader, &w.staged.terms
	if w.level == toMain {
		r.Index = w.into.Plus.Index
	} else {
		r.Over = append(slices.Clone(w.below), &quadfile.Layer{Level: w.level, Plus: quadfile.TableSet{Index: w.into.Plus.Index}, Minus: quadfile.TableSet{Index: w.into.Minus.Index}})
	}
	dead, err := w.staged.suspects.unused(w.staged.ctx, r)
	r.Over = w.before
	if err != nil {
		return err
	}
	r.Record.Terms -= int64(len(dead))
	terms.created = slices.DeleteFunc(terms.created, func(p quadfile.TermPlace) bool {
		_, isDead := slices.BinarySearch(dead, terms.known.ID(p))
		return isDead
	})
	stored, _ := slices.BinarySearch(dead, terms.firstNew)
	w.removedByID, w.removedByKey, err = dictionaryRemovals(w.staged.ctx, r, dead[:stored])
	return err
}

func (w *levelWriter) writeByKey() error {
	fresh := additions(w.staged.terms.newByKey()(nil, 0, len(w.staged.terms.created)))
	if len(w.removedByKey) > 0 {
		fresh = append(fresh, w.removedByKey...)
		slices.SortFunc(fresh, quadfile.ByIdentity[quadfile.KeyEntry, quadfile.KeyCoder])
	}
	return w.byKey.Write(fresh)
}

// writeByID writes the terms by id. It relies on new ids being greater than all
// others.
func (w *levelWriter) writeByID() error {
	return w.byID.Write(append(w.removedByID, additions(w.staged.terms.newByID(nil, 0, len(w.staged.terms.created)))...))
}

// end makes the reader read the new tables, and enters them in the record.
func (w *levelWriter) end() error {
	r, plus, minus := w.staged.reader, w.into.Plus.Bits(), w.into.Minus.Bits()
	w.into.Uncommitted = true
	if w.level == toMain {
		r.Record.Main = quadfile.TablesRecord{Stamp: w.stamp, Plus: plus}
		r.Index, r.Terms, r.Keys = w.into.Plus.Index, w.into.Plus.Terms, w.into.Plus.Keys
		return nil
	}
	for level := range w.level {
		r.Record.LevelQuads[level], r.Record.Levels[level] = 0, quadfile.TablesRecord{}
	}
	r.Record.LevelQuads[w.level] = w.quads[quadfile.SPOL].Count
	r.Record.Levels[w.level] = quadfile.TablesRecord{Stamp: w.stamp, Plus: plus, Minus: minus}
	w.into.Plus.DropEmpty()
	w.into.Minus.DropEmpty()
	if r.Over = w.below; plus|minus != 0 {
		r.Over = append(r.Over, w.into)
	}
	return errors.Join(quadfile.DropTables(r.Bolt, quadfile.AddedSuffix(w.level), plus), quadfile.DropTables(r.Bolt, quadfile.RemovedSuffix(w.level), minus))
}

func additions[E any](entries []E) []quadfile.Edit[E] {
	edits := make([]quadfile.Edit[E], len(entries))
	for i, e := range entries {
		edits[i].Entry = e
	}
	return edits
}

func editsFrom(from quadfile.SortedEdits) []quadfile.Edit[quadfile.Tuple] {
	edits := make([]quadfile.Edit[quadfile.Tuple], from.Count)
	for i := range edits {
		edits[i] = from.At(i)
	}
	return edits
}
