package store

import (
	"runtime"
	"slices"

	"github.com/entente-kg/entente/graph/internal/quadfile"
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
	live := tx.changes.live
	if live == 0 && len(tx.created) == 0 {
		return nil
	}
	for loop := range tx.loops {
		if err := loop.detach(); err != nil {
			return err
		}
	}
	collect(tx.terms.Count > collectFrom)
	if err := tx.flushTo(); err != nil {
		tx.failed = err
		return err
	}
	tx.stored, tx.wrote = true, tx.wrote || live > 0
	tx.firstNew, tx.created = tx.view.state.NextID, nil
	tx.changes = changes{clock: tx.changes.clock}
	if 2*tx.terms.Size() > tx.store.opts.memory() {
		tx.terms, tx.complete = quadfile.Lexicon{Seed: tx.terms.Seed}, false
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
		return tx.write(toMain, false)
	}
	return tx.write(quadfile.LevelCount-1, false)
}

// newKeys sorts the new terms by key and returns what gives them out.
func (tx *Tx) newKeys() func(dst []quadfile.KeyEntry, from, to int) []quadfile.KeyEntry {
	sorter, items := quadfile.NewTermSorter(&tx.terms, tx.created)
	sorter.Sort(items, 0)
	return func(dst []quadfile.KeyEntry, from, to int) []quadfile.KeyEntry {
		for _, item := range items[from:to] {
			dst = append(dst, quadfile.KeyEntry{Key: sorter.Key(item.Term), ID: tx.terms.ID(item.Term)})
		}
		return dst
	}
}

// newNames gives out the new terms by id.
func (tx *Tx) newNames(dst []quadfile.TermEntry, from, to int) []quadfile.TermEntry {
	for _, p := range tx.created[from:to] {
		dst = append(dst, quadfile.TermEntry{ID: tx.terms.ID(p), Term: tx.terms.Text(p)})
	}
	return dst
}

// wideEdits are the changes in the order of an index, for ids of any size.
func (tx *Tx) wideEdits(i int) []quadfile.Edit[quadfile.Tuple] {
	edits := make([]quadfile.Edit[quadfile.Tuple], 0, tx.changes.live)
	tx.changes.all(func(e *change) {
		if t := e.tuple(); i != quadfile.LSPO || t[3] != 0 {
			edits = append(edits, quadfile.Edit[quadfile.Tuple]{Entry: quadfile.IndexOrders[i].Pack(t), Remove: e.is() == removed})
		}
	})
	slices.SortFunc(edits, func(a, b quadfile.Edit[quadfile.Tuple]) int { return quadfile.CompareTuples(a.Entry, b.Entry) })
	return edits
}

// What a changed quad takes until it is written: an entry, its place in the
// table, and the memory in which they are sorted; without the first two where it
// is added in bulk. Then what a new term takes besides its text.
const (
	changeSize  = 64
	bulkSize    = 48
	createdSize = 24
)

// full reports whether the transaction takes the memory that it may.
func (tx *Tx) full() bool {
	c, many := &tx.changes, tx.bulk.n+len(tx.changes.sorted)
	if n := tx.store.opts.spillFrom; n > 0 {
		return c.n+many >= n
	}
	return c.n+many >= maxEntries || changeSize*c.n+bulkSize*many+createdSize*len(tx.created)+tx.terms.Size() > tx.store.opts.memory()
}
