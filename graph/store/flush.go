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

// collectGarbage frees memory at the two moments of a large load when much of it has
// no use any more: else its peak would be half as high again.
func collectGarbage(large bool) {
	if large {
		runtime.GC()
	}
}

// flush writes the changes into the blocks.
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
		s.terms.known, s.terms.complete = quadfile.Lexicon{Seed: s.terms.known.Seed}, false
	}
	return nil
}

// flushTo writes the changes into a run, or where there cannot be one into the
// last level.
func (s *staged) flushTo() error {
	switch {
	case canRewrite:
		return s.spill()
	case !s.stored:
		return s.write(toMain, false)
	}
	return s.write(quadfile.LevelCount-1, false)
}

// wideEdits are the changes in the order of an index, for ids of any size.
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

// What a changed quad takes until it is written: an entry, its place in the
// table, and the memory in which they are sorted; without the first two where it
// is added in bulk. Then what a new term takes besides its text.
const (
	changeSize  = 64
	bulkSize    = 48
	createdSize = 24
)

// full reports whether the transaction takes the memory that it may.
func (s *staged) full() bool {
	c, many := &s.changes, s.bulk.n+len(s.changes.sorted)
	if n := s.opts.spillFrom; n > 0 {
		return c.n+many >= n
	}
	return c.n+many >= maxEntries || changeSize*c.n+bulkSize*many+createdSize*len(s.terms.created)+s.terms.known.Size() > s.opts.memory()
}
