package store

import (
	"context"
	"errors"
	"slices"
)

// merging is the way of changes into one table of a level.
type merging[E any, C coder[E]] struct {
	ctx   context.Context
	old   signedTable[E, C]   // what the level holds
	above []signedTable[E, C] // the levels that go into it, oldest first
	newer []edit[E]           // these, once they are loaded
	into  signedTable[E, C]   // what is written; no minus in main tables
	n     int64               // entries written
}

func newMerging[E any, C coder[E]](ctx context.Context, old *layer, above []*layer, of func(*layer) signedTable[E, C]) *merging[E, C] {
	m := &merging[E, C]{ctx: ctx, old: of(old)}
	for _, l := range above {
		m.above = append(m.above, of(l))
	}
	return m
}

// load reads the levels above into memory, and the level itself if all is to be.
func (m *merging[E, C]) load(all bool) error {
	if all {
		m.above, m.old = slices.Insert(m.above, 0, m.old), signedTable[E, C]{}
	}
	for _, s := range m.above {
		edits, err := s.edits()
		if err != nil {
			return err
		}
		m.newer = combine[E, C](m.newer, edits)
	}
	m.above = nil
	return nil
}

// write writes the tables anew, with sorted edits.
func (m *merging[E, C]) write(edits []edit[E]) error {
	if err := m.load(false); err != nil {
		return err
	}
	plus, minus, err := m.old.split(combine[E, C](m.newer, edits))
	if err != nil {
		return err
	}
	return errors.Join(m.rewrite(m.old.plus, m.into.plus, plus), m.rewrite(m.old.minus, m.into.minus, minus))
}

// rewrite writes one table with what another has, and edits.
func (m *merging[E, C]) rewrite(old, into *table[E, C], edits []edit[E]) error {
	if into == nil {
		return nil
	}
	if old == nil {
		old = &table[E, C]{blank: true}
	}
	into.bucket.FillPercent = 1
	p := &packer[E, C]{table: into, put: into.bucket.Put}
	err := layers[E, C]{base: old}.withEdits(m.ctx, len(edits), func(i int) edit[E] { return edits[i] }, func(entries ...E) error {
		m.n += int64(len(entries))
		return p.add(entries...)
	})
	if err == nil {
		err = p.close()
	}
	into.blank = !p.any
	return err
}
