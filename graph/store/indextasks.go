package store

import (
	"sync"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// sequentialFrom is the number of changes from which the indexes other than spol
// are sorted one after the other, in the same memory.
const sequentialFrom = 1 << 17

// indexTasks returns tasks that write the changes to each index, the longest task
// first. The tasks consume the changes.
func (s *staged) indexTasks(write func(i int, edits quadfile.SortedEdits) error) []func() error {
	if s.reader.Record.NextID > quadfile.MaxNarrowID {
		s.changes.toEntries()
		return eachIndex(func(i int) error { return write(i, quadfile.EditsOf(s.wideEdits(i))) })
	}
	n := s.changes.changed
	scratch := s.changes.scratch
	spolOnce := sync.OnceValue(s.drainSorted)
	if n < sequentialFrom {
		return eachIndex(func(i int) error { return write(i, quadfile.EditsOfKeys(quadfile.Reordered(spolOnce(), i))) })
	}
	return []func() error{
		func() error { return quadfile.WriteInTurn(spolOnce(), scratch, write) },
		func() error { return write(quadfile.SPOL, quadfile.EditsOfKeys(spolOnce())) },
	}
}

func eachIndex(write func(i int) error) (tasks []func() error) {
	for i := range quadfile.IndexOrders {
		tasks = append(tasks, func() error { return write(i) })
	}
	return tasks
}

// drainSorted returns the changes in the order of spol and clears them.
func (s *staged) drainSorted() []quadfile.SortKey {
	c := &s.changes
	keys := c.sorted
	if len(keys) == 0 {
		keys = make([]quadfile.SortKey, 0, c.changed)
		c.all(func(e *change) { keys = append(keys, e.sortKey()) })
		*c = changes{clock: c.clock}
		collectGarbage(len(keys) > collectFrom)
		quadfile.SortKeys(keys, make([]quadfile.SortKey, len(keys)), 0)
	}
	*c = changes{clock: c.clock}
	return keys
}
