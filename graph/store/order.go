package store

import (
	"sync"
)

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
