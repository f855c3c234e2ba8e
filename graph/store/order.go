package store

import (
	"slices"
	"sync"
)

// sortedEdits are the changes in the order of an index.
type sortedEdits struct {
	n  int
	at func(i int) edit[tuple]
}

// turnFrom is how many changes are sorted for one index after the other, in the
// same memory.
const turnFrom = 1 << 17

// indexTasks are the tasks that write the changes into each of the indexes, the
// longest first. The changes are gone when they are done.
func (tx *Tx) indexTasks(write func(i int, edits sortedEdits) error) []func() error {
	if tx.view.state.next > maxNarrow {
		tx.changes.spread()
		return eachIndex(func(i int) error { return write(i, wide(tx.wideEdits(i))) })
	}
	n := tx.changes.live
	scratch := tx.changes.scratch
	spolOnce := sync.OnceValue(tx.takeSorted)
	if n < turnFrom {
		return eachIndex(func(i int) error { return write(i, narrow(reordered(spolOnce(), i))) })
	}
	return []func() error{
		func() error { return inTurn(spolOnce(), scratch, write) },
		func() error { return write(spol, narrow(spolOnce())) },
	}
}

func eachIndex(write func(i int) error) (tasks []func() error) {
	for i := range indexOrders {
		tasks = append(tasks, func() error { return write(i) })
	}
	return tasks
}

func narrow(keys []sortKey) sortedEdits {
	return sortedEdits{len(keys), func(i int) edit[tuple] { return edit[tuple]{keys[i].tuple(), keys[i].removed()} }}
}

func wide(edits []edit[tuple]) sortedEdits {
	return sortedEdits{len(edits), func(i int) edit[tuple] { return edits[i] }}
}

// takeSorted empties the changes and returns them in the order of spol.
func (tx *Tx) takeSorted() []sortKey {
	c := &tx.changes
	keys := c.sorted
	if len(keys) == 0 {
		keys = make([]sortKey, 0, c.live)
		c.all(func(e *change) { keys = append(keys, e.sortKey()) })
		*c = changes{clock: c.clock}
		collect(len(keys) > collectFrom)
		sortKeys(keys, make([]sortKey, len(keys)), 0)
	}
	*c = changes{clock: c.clock}
	return keys
}

// inTurn writes three indexes. Quads that are in the order of spol are brought
// into that of another by a stable sort by its first place alone, and so on: a
// place goes to the front and the order of the others stays.
func inTurn(keys, scratch []sortKey, write func(i int, edits sortedEdits) error) error {
	if len(scratch) < len(keys) {
		scratch = make([]sortKey, len(keys))
	}
	scratch = scratch[:len(keys)]
	turned := make([]sortKey, len(keys))
	for i, k := range keys {
		turned[i] = k.rotated()
	}
	radixSort(turned, scratch, 0)
	if err := write(ospl, narrow(turned)); err != nil {
		return err
	}
	for i := range turned {
		turned[i] = turned[i].rotated()
	}
	radixSort(turned, scratch, 0)
	if err := write(posl, narrow(turned)); err != nil {
		return err
	}
	return write(lspo, narrow(byLabel(turned[:0], scratch, keys)))
}

// reordered returns a copy of keys in the order of spol in that of an index.
func reordered(keys []sortKey, i int) []sortKey {
	if i == spol {
		return keys
	}
	turned, scratch := make([]sortKey, 0, len(keys)), make([]sortKey, len(keys))
	if i == lspo {
		return byLabel(turned, scratch, keys)
	}
	for _, k := range keys {
		turned = append(turned, k.rotated())
	}
	stableSort(turned, scratch)
	if i == posl {
		for i := range turned {
			turned[i] = turned[i].rotated()
		}
		stableSort(turned, scratch)
	}
	return turned
}

// byLabel appends those that have a label, in the order of lspo.
func byLabel(dst, scratch, keys []sortKey) []sortKey {
	for _, k := range keys {
		if k = k.labelFirst(); k.place(0) != 0 {
			dst = append(dst, k)
		}
	}
	stableSort(dst, scratch[:len(dst)])
	return dst
}

// stableSort sorts by the first place.
func stableSort(keys, scratch []sortKey) {
	if len(keys) >= 256 {
		radixSort(keys, scratch, 0)
		return
	}
	slices.SortFunc(keys, compareSortKeys) // the order of the others is known
}
