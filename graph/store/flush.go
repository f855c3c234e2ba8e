package store

import (
	"runtime"
	"slices"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// parallelFrom is the number of changes from which several goroutines write them.
const parallelFrom = 500

// collectFrom is the number of terms or quads from which a garbage collection is
// useful.
const collectFrom = 1 << 18

// collectGarbage frees memory if large is set. A large load calls it when much of
// its memory is no longer used; without it, the peak would be 50 percent higher.
func collectGarbage(large bool) {
	if large {
		runtime.GC()
	}
}

// flush writes the changes to tables.
func (s *staged) flush() error {
	live := s.changes.changed
	if live == 0 && len(s.terms.created) == 0 {
		return nil
	}
	for loop := range s.loops {
		if err := loop.readRest(); err != nil {
			return err
		}
	}
	collectGarbage(s.terms.known.Count > collectFrom)
	if err := s.flushTo(); err != nil {
		s.failed = err
		return err
	}
	s.stored, s.wrote = true, s.wrote || live > 0
	s.terms.firstNew, s.terms.created = s.reader.Record.NextID, nil
	s.changes = changes{clock: s.changes.clock}
	if 2*s.terms.known.Size() > s.opts.memory() {
		s.terms.forget()
	}
	return nil
}

// flushTo writes the changes to a run. If open files cannot be replaced, it
// writes to the main tables if they are empty, otherwise to the last level.
func (s *staged) flushTo() error {
	switch {
	case canRewrite:
		return s.spill()
	case !s.stored:
		return s.write(toMain, false)
	}
	return s.write(quadfile.LevelCount-1, false)
}

// wideEdits returns the changes in the order of an index, for ids of any size.
func (s *staged) wideEdits(i int) []quadfile.Edit[quadfile.Tuple] {
	edits := make([]quadfile.Edit[quadfile.Tuple], 0, s.changes.changed)
	s.changes.all(func(e *change) {
		if t := e.tuple(); i != quadfile.LSPO || t[3] != 0 {
			edits = append(edits, quadfile.Edit[quadfile.Tuple]{Entry: quadfile.IndexOrders[i].Pack(t), Remove: e.state() == removed})
		}
	})
	slices.SortFunc(edits, func(a, b quadfile.Edit[quadfile.Tuple]) int { return quadfile.CompareTuples(a.Entry, b.Entry) })
	return edits
}

// Sizes in bytes, for the memory of a transaction: changeSize of a changed quad
// with its entry, its slot in the hash table and the memory that sorts it;
// bulkSize of a quad that is added in bulk, which only needs the memory that
// sorts it; createdSize of a new term, in addition to its text.
const (
	changeSize  = 64
	bulkSize    = 48
	createdSize = 24
)

// full reports whether the transaction uses all the memory that it may use.
func (s *staged) full() bool {
	c, many := &s.changes, s.bulk.n+len(s.changes.sorted)
	if n := s.opts.spillFrom; n > 0 {
		return c.n+many >= n
	}
	return c.n+many >= maxEntries || changeSize*c.n+bulkSize*many+createdSize*len(s.terms.created)+s.terms.known.Size() > s.opts.memory()
}
