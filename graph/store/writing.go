package store

import (
	"errors"
	"slices"
)

// writing is one writing of the changes of a transaction: into the main tables,
// which are empty, or into a level, whose tables are written anew with what the
// levels above it hold.
type writing struct {
	tx    *Tx
	level int // or toMain

	before, below []*layer // all levels as they were, and those that stay
	into          *layer   // what is written
	stamp         uint32

	quads [indexes]*merging[tuple, tuples]
	byID  *merging[named, names]
	byKey *merging[keyed, keys]

	goneNames []edit[named]
	goneKeys  []edit[keyed]
}

// write writes the changes. It frees the terms that no quad has any more, or
// leaves that to the last writing of the transaction.
func (tx *Tx) write(level int, free bool) error {
	w := &writing{tx: tx, level: level, before: tx.view.over, stamp: newStamp()}
	run := oneByOne
	if tx.changes.live+len(tx.created) >= parallelFrom {
		run = inParallel
	}
	read := tx.view.read
	if err := read(w.begin); err != nil {
		return err
	}
	quads := tx.indexTasks(func(i int, edits sortedEdits) error { return w.quads[i].write(editsFrom(edits)) })
	terms := []func() error{w.writeKeys, w.writeNames}
	if free && len(tx.suspects) > 0 {
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

// begin looks at what there is, and makes the tables to be written.
func (w *writing) begin() (err error) {
	v := w.tx.view
	old, above := &layer{}, []*layer(nil)
	for _, l := range v.over {
		switch {
		case l.level > w.level:
			w.below = append(w.below, l)
		case l.level == w.level:
			old = l
		default:
			above = append(above, l)
		}
	}
	if err := w.mergings(old, above); err != nil {
		return err
	}
	if w.level == toMain {
		w.into = &layer{level: toMain, plus: newTables(v.tx, "", w.stamp)}
	} else {
		for _, l := range above {
			if err := dropLevel(v.tx, l.level); err != nil {
				return err
			}
		}
		if w.into, err = newLevel(v.tx, w.level, w.stamp); err != nil {
			return err
		}
	}
	for i, m := range w.quads {
		m.into = w.into.quads(i)
	}
	w.byID.into, w.byKey.into = w.into.byID(), w.into.byKey()
	return nil
}

// mergings are for the tables of a level and of those above it. What this
// transaction has written itself is read here, since its pages are only in memory.
func (w *writing) mergings(old *layer, above []*layer) error {
	for i := range w.quads {
		w.quads[i] = newMerging(w.tx.ctx, old, above, func(l *layer) signedTable[tuple, tuples] { return l.quads(i) })
	}
	w.byID = newMerging(w.tx.ctx, old, above, (*layer).byID)
	w.byKey = newMerging(w.tx.ctx, old, above, (*layer).byKey)
	if !slices.ContainsFunc(append(above, old), func(l *layer) bool { return l.written }) {
		return nil
	}
	for _, m := range w.quads {
		if err := m.load(true); err != nil {
			return err
		}
	}
	return errors.Join(w.byID.load(true), w.byKey.load(true))
}

// free finds the terms that no quad has any more, when the quads are written: new
// ones are not stored, others are removed.
func (w *writing) free() error {
	tx, v := w.tx, w.tx.view
	if w.level == toMain {
		v.index = w.into.plus.index
	} else {
		v.over = append(slices.Clone(w.below), &layer{level: w.level, plus: tableSet{index: w.into.plus.index}, minus: tableSet{index: w.into.minus.index}})
	}
	dead, err := tx.dead()
	v.over = w.before
	if err != nil {
		return err
	}
	v.state.terms -= int64(len(dead))
	tx.created = slices.DeleteFunc(tx.created, func(p place) bool {
		_, isDead := slices.BinarySearch(dead, tx.terms.id(p))
		return isDead
	})
	stored, _ := slices.BinarySearch(dead, tx.firstNew)
	w.goneNames, w.goneKeys, err = tx.removals(dead[:stored])
	return err
}

func (w *writing) writeKeys() error {
	fresh := additions(w.tx.newKeys()(nil, 0, len(w.tx.created)))
	if len(w.goneKeys) > 0 {
		fresh = append(fresh, w.goneKeys...)
		slices.SortFunc(fresh, byIdentity[keyed, keys])
	}
	return w.byKey.write(fresh)
}

// writeNames relies on new ids being greater than all others.
func (w *writing) writeNames() error {
	return w.byID.write(append(w.goneNames, additions(w.tx.newNames(nil, 0, len(w.tx.created)))...))
}

// end has the view read what was written, and notes it in the state.
func (w *writing) end() error {
	v, plus, minus := w.tx.view, w.into.plus.bits(), w.into.minus.bits()
	w.into.written = true
	if w.level == toMain {
		v.state.main = tableSetState{stamp: w.stamp, plus: plus}
		v.index, v.names, v.keys = w.into.plus.index, w.into.plus.names, w.into.plus.keys
		return nil
	}
	for level := range w.level {
		v.state.levels[level], v.state.over[level] = 0, tableSetState{}
	}
	v.state.levels[w.level] = w.quads[spol].n
	v.state.over[w.level] = tableSetState{w.stamp, plus, minus}
	w.into.plus.dropBlank()
	w.into.minus.dropBlank()
	if v.over = w.below; plus|minus != 0 {
		v.over = append(v.over, w.into)
	}
	return errors.Join(dropTables(v.tx, plusOf(w.level), plus), dropTables(v.tx, minusOf(w.level), minus))
}

func additions[E any](entries []E) []edit[E] {
	edits := make([]edit[E], len(entries))
	for i, e := range entries {
		edits[i].entry = e
	}
	return edits
}

func editsFrom(from sortedEdits) []edit[tuple] {
	edits := make([]edit[tuple], from.n)
	for i := range edits {
		edits[i] = from.at(i)
	}
	return edits
}
