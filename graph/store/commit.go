package store

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Where a commit writes to: the main tables when there is nothing in the store
// yet, one of the levels, or a new file.
const (
	toMain    = -1
	toNewFile = levels
)

// route chooses the first level that has room for the changes and for the levels
// above it.
func (tx *Tx) route() int {
	st := tx.view.state
	switch {
	case tx.runs > 0, tx.worthRewriting():
		return toNewFile
	case !tx.stored:
		return toMain
	}
	n := int64(tx.changes.live)
	for level := range levels - 1 {
		if n += st.levels[level]; n <= tx.store.opts.levelCap(level) {
			return level
		}
	}
	n += st.levels[levels-1]
	if canRewrite && n > max(tx.store.opts.levelCap(levels-1), st.quads/lastLevel) {
		return toNewFile
	}
	return levels - 1
}

// commit writes everything, frees the terms without quads and ends the
// transaction. Without changes nothing is written.
func (tx *Tx) commit() error {
	if err := tx.usable(); err != nil {
		return err
	}
	if !tx.wrote && tx.changes.live == 0 {
		return nil
	}
	level := tx.route()
	if level == toNewFile {
		return tx.rewrite()
	}
	if err := tx.write(level); err != nil {
		return err
	}
	large := tx.terms.n > collectFrom
	tx.terms, tx.changes, tx.created = lexicon{}, changes{}, nil
	collect(large)
	if err := tx.freeTerms(level); err != nil {
		return err
	}
	if err := tx.view.read(func() error { return tx.finish(level) }); err != nil {
		return err
	}
	if err := tx.usable(); err != nil {
		return err
	}
	tx.view.mu.Lock()
	defer tx.view.mu.Unlock()
	tx.view.closed.Store(true)
	err := guarded(tx.view.tx.Commit)
	if err != nil {
		_ = guarded(tx.view.tx.Rollback) // does nothing when bbolt did it
	}
	return errors.Join(err, tx.view.done())
}

// finish drops the emptied blocks, and the level where that is all, and writes
// the state.
func (tx *Tx) finish(level int) error {
	for name, emptied := range tx.emptied {
		b := tx.view.tx.Bucket([]byte(name))
		for key := range emptied {
			if err := b.Delete([]byte(key)); err != nil {
				return err
			}
		}
	}
	if level >= 0 && tx.view.state.levels[level] == 0 {
		if err := dropLevel(tx.view.tx, level); err != nil {
			return err
		}
	}
	tx.view.state.generation++
	meta := tx.view.tx.Bucket(bucketMeta)
	return errors.Join(meta.Put(keyFormat, []byte(formatMark+formatVersion)),
		meta.Put(keyState, tx.view.state.encode()))
}

// write writes the changes into the main tables, which are empty, or into a level.
func (tx *Tx) write(level int) error {
	return tx.view.read(func() error {
		run := oneByOne
		if tx.changes.live+len(tx.created) >= parallelFrom {
			run = inParallel
		}
		if level == toMain {
			return run(tx.buildTasks())
		}
		return tx.writeLevel(level, run)
	})
}

// buildTasks fill the main tables.
func (tx *Tx) buildTasks() []func() error {
	v := tx.view
	tasks := []func() error{
		func() error { return v.keys.build(tx.ctx, len(tx.created), tx.newKeys()) },
		func() error { return v.names.build(tx.ctx, len(tx.created), tx.newNames) },
	}
	return append(tasks, tx.indexTasks(func(i int, edits sortedEdits) error {
		return v.index[i].build(tx.ctx, edits.n, func(dst []tuple, from, to int) []tuple {
			for k := from; k < to; k++ {
				dst = append(dst, edits.at(k).entry)
			}
			return dst
		})
	})...)
}

// writeLevel merges the changes and the levels above into a level.
func (tx *Tx) writeLevel(level int, run func([]func() error) error) error {
	v := tx.view
	into, err := makeLevel(v.tx, level)
	if err != nil {
		return err
	}
	var above []*layer // oldest first
	for j := level - 1; j >= 0; j-- {
		if v.state.levels[j] > 0 {
			above = append(above, &layer{plus: openTables(v.tx, plusOf(j)), minus: openTables(v.tx, minusOf(j))})
		}
	}
	var grew [indexes]int64
	if err := run(tx.levelTasks(into, above, &grew)); err != nil {
		return err
	}
	for j := range level {
		if v.state.levels[j] > 0 {
			if err := dropLevel(v.tx, j); err != nil {
				return err
			}
			v.state.levels[j] = 0
		}
	}
	v.state.levels[level] += grew[spol]
	v.openLevels(level)
	return nil
}

func (tx *Tx) levelTasks(into *layer, above []*layer, grew *[indexes]int64) []func() error {
	var quads [indexes]*merging[tuple, tuples]
	for i := range quads {
		quads[i] = newMerging(tx, signedTable[tuple, tuples]{into.plus.index[i], into.minus.index[i]})
		for _, l := range above {
			quads[i].above = append(quads[i].above, signedTable[tuple, tuples]{l.plus.index[i], l.minus.index[i]})
		}
	}
	byID := newMerging(tx, signedTable[named, names]{into.plus.names, into.minus.names})
	byKey := newMerging(tx, signedTable[keyed, keys]{into.plus.keys, into.minus.keys})
	for _, l := range above {
		byID.above = append(byID.above, signedTable[named, names]{l.plus.names, l.minus.names})
		byKey.above = append(byKey.above, signedTable[keyed, keys]{l.plus.keys, l.minus.keys})
	}
	tasks := []func() error{
		func() error { _, err := byKey.apply(additions(tx.newKeys()(nil, 0, len(tx.created)))); return err },
		func() error { _, err := byID.apply(additions(tx.newNames(nil, 0, len(tx.created)))); return err },
	}
	return append(tasks, tx.indexTasks(func(i int, edits sortedEdits) (err error) {
		grew[i], err = quads[i].apply(editsFrom(edits))
		return err
	})...)
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

// merging is the way of changes into one table of a level.
type merging[E any, C coder[E]] struct {
	tx      *Tx
	into    signedTable[E, C]
	above   []signedTable[E, C] // the levels that go with them, oldest first
	emptied [2]map[string]struct{}
}

func newMerging[E any, C coder[E]](tx *Tx, into signedTable[E, C]) *merging[E, C] {
	return &merging[E, C]{tx: tx, into: into,
		emptied: [2]map[string]struct{}{tx.emptiedOf(into.plus.name), tx.emptiedOf(into.minus.name)}}
}

func (tx *Tx) emptiedOf(table string) map[string]struct{} {
	if tx.emptied[table] == nil {
		tx.emptied[table] = map[string]struct{}{}
	}
	return tx.emptied[table]
}

// apply merges sorted edits in and returns by how many entries the level grew.
func (m *merging[E, C]) apply(edits []edit[E]) (grew int64, err error) {
	for i := len(m.above) - 1; i >= 0; i-- {
		older, err := m.above[i].edits()
		if err != nil {
			return 0, err
		}
		edits = combine[E, C](older, edits)
	}
	plus, minus, err := m.into.split(edits)
	if err != nil {
		return 0, err
	}
	for _, e := range slices.Concat(plus, minus) {
		if grew++; e.remove {
			grew -= 2
		}
	}
	return grew, errors.Join(m.into.plus.applyEdits(m.tx.ctx, plus, m.emptied[0]),
		m.into.minus.applyEdits(m.tx.ctx, minus, m.emptied[1]))
}

// freeTerms removes the terms that no quad has any more from where the changes
// were written to. The emptied blocks are still in place, see applyEdits.
func (tx *Tx) freeTerms(level int) error {
	dead, err := tx.dead()
	if err != nil || len(dead) == 0 {
		return err
	}
	byID, byKey, err := tx.removals(dead)
	if err != nil {
		return err
	}
	tx.view.state.terms -= int64(len(dead))
	return tx.view.read(func() error {
		if level == toMain {
			return errors.Join(tx.view.names.applyEdits(tx.ctx, byID, tx.emptiedOf("i")),
				tx.view.keys.applyEdits(tx.ctx, byKey, tx.emptiedOf("v")))
		}
		into, err := makeLevel(tx.view.tx, level)
		if err != nil {
			return err
		}
		_, err = newMerging(tx, signedTable[named, names]{into.plus.names, into.minus.names}).apply(byID)
		if err == nil {
			_, err = newMerging(tx, signedTable[keyed, keys]{into.plus.keys, into.minus.keys}).apply(byKey)
		}
		tx.view.openLevels(level)
		return err
	})
}

// removals takes terms out of both directions of the dictionary.
func (tx *Tx) removals(dead []uint64) (byID []edit[named], byKey []edit[keyed], err error) {
	for _, id := range dead {
		if err := cause(tx.ctx); err != nil {
			return nil, nil, err
		}
		term, err := tx.view.term(id)
		if err != nil {
			return nil, nil, err
		}
		if term == nil {
			return nil, nil, fmt.Errorf("%w: no term has the id %d", ErrDamaged, id)
		}
		byID = append(byID, edit[named]{named{id, term}, true})
		byKey = append(byKey, edit[keyed]{keyed{termKey(term), id}, true})
	}
	slices.SortFunc(byKey, func(a, b edit[keyed]) int { return bytes.Compare(a.entry.key, b.entry.key) })
	return byID, byKey, nil
}

// dead returns the suspects that no index has, by number.
func (tx *Tx) dead() ([]uint64, error) {
	slices.Sort(tx.suspects)
	dead := slices.Compact(tx.suspects)
	for i := range indexOrders {
		if err := cause(tx.ctx); err != nil {
			return nil, err
		}
		walk := walker{tx: tx, index: i, dense: int64(len(dead)) > tx.view.state.quads/16}
		err := tx.view.read(func() (err error) {
			kept := dead[:0]
			for _, id := range dead {
				live, failed := walk.has(id)
				if failed != nil {
					return failed
				}
				if !live {
					kept = append(kept, id)
				}
			}
			dead = kept
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return dead, nil
}

// walker looks for ids, in their order, in the first place of an index. Where
// there are many it reads all of it, else it jumps.
type walker struct {
	tx     *Tx
	index  int
	dense  bool
	layers *merger[tuple, tuples]
	block  []tuple
	ended  bool
}

func (w *walker) has(id uint64) (bool, error) {
	for first := true; ; first = false {
		if n := len(w.block); n > 0 && w.block[n-1][0] >= id {
			at, _ := slices.BinarySearchFunc(w.block, id, func(t tuple, id uint64) int { return cmp.Compare(t[0], id) })
			return w.block[at][0] == id, nil
		}
		if w.ended {
			return false, nil
		}
		if w.layers == nil {
			w.layers = w.tx.view.quads(w.index).from(w.tx.ctx, tupleKey(tuple{id}))
		} else if first && !w.dense {
			w.layers.seek(tupleKey(tuple{id}))
		}
		block, err := w.layers.next()
		if err != nil {
			return false, err
		}
		w.block, w.ended = append(w.block[:0], block...), len(block) == 0
	}
}

// rollback undoes everything; after a commit it does nothing.
func (tx *Tx) rollback() {
	_ = guarded(func() error {
		_, err := tx.view.close()
		return err
	})
}
