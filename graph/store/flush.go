package store

import (
	"runtime"
	"slices"
)

// parallelFrom is how many changes are worth several goroutines.
const parallelFrom = 500

// collectFrom is how many terms are worth a collection of garbage.
const collectFrom = 1 << 18

// collect frees memory at the two moments of a large load when much of it has
// no use any more: else its peak would be half as high again.
func collect(large bool) {
	if large {
		runtime.GC()
	}
}

// flush writes the changes into the blocks.
func (tx *Tx) flush() error {
	if tx.changes.live == 0 && len(tx.created) == 0 {
		return nil
	}
	for loop := range tx.loops {
		if err := loop.detach(); err != nil {
			return err
		}
	}
	collect(tx.terms.n > collectFrom)
	if err := tx.flushTo(); err != nil {
		tx.failed = err
		return err
	}
	tx.wrote = tx.wrote || tx.changes.live > 0
	tx.stored = true
	tx.firstNew, tx.created = tx.view.state.next, nil
	tx.changes = changes{clock: tx.changes.clock}
	if tx.terms.n > maxCached {
		tx.terms, tx.complete = lexicon{seed: tx.terms.seed}, false
	}
	return nil
}

// flushTo writes the changes into a run, or where there cannot be one into the
// last level.
func (tx *Tx) flushTo() error {
	switch {
	case canRewrite:
		return tx.spill()
	case !tx.stored:
		return tx.write(toMain)
	}
	return tx.write(levels - 1)
}

// newKeys sorts the new terms by key and returns what gives them out.
func (tx *Tx) newKeys() func(dst []keyed, from, to int) []keyed {
	sorter, items := newTermSorter(&tx.terms, tx.created)
	sorter.sort(items, 0)
	return func(dst []keyed, from, to int) []keyed {
		for _, item := range items[from:to] {
			dst = append(dst, keyed{sorter.key(item.term), tx.terms.id(item.term)})
		}
		return dst
	}
}

// newNames gives out the new terms by id.
func (tx *Tx) newNames(dst []named, from, to int) []named {
	for _, p := range tx.created[from:to] {
		dst = append(dst, named{tx.terms.id(p), tx.terms.text(p)})
	}
	return dst
}

// narrowEdits are the changes in the order of an index, where all ids are below
// maxNarrow.
func (tx *Tx) narrowEdits(i int) []sortKey {
	keys, o := make([]sortKey, 0, tx.changes.live), &indexOrders[i]
	tx.changes.all(func(e *change) {
		if i != lspo || e.low[3] != 0 {
			keys = append(keys, e.sortKey(o))
		}
	})
	sortKeys(keys, make([]sortKey, len(keys)), 0)
	return keys
}

// wideEdits is narrowEdits for ids of any size.
func (tx *Tx) wideEdits(i int) []edit[tuple] {
	edits := make([]edit[tuple], 0, tx.changes.live)
	tx.changes.all(func(e *change) {
		if t := e.tuple(); i != lspo || t[3] != 0 {
			edits = append(edits, edit[tuple]{indexOrders[i].pack(t), e.is() == removed})
		}
	})
	slices.SortFunc(edits, func(a, b edit[tuple]) int { return compareTuples(a.entry, b.entry) })
	return edits
}
