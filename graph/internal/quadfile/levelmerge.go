package quadfile

import (
	"context"
	"errors"
	"slices"
)

// LevelMerge merges changes into one table of a level.
type LevelMerge[E any, C Coder[E]] struct {
	ctx   context.Context
	old   SignedTable[E, C]   // what the level holds
	above []SignedTable[E, C] // the levels to merge into it, oldest first
	newer []Edit[E]           // the changes of the levels above, once loaded
	Into  SignedTable[E, C]   // what is written; no minus in main tables
	Count int64               // entries written
}

// NewLevelMerge returns a merge of the levels above into old. of returns the
// table of a layer.
func NewLevelMerge[E any, C Coder[E]](ctx context.Context, old *Layer, above []*Layer, of func(*Layer) SignedTable[E, C]) *LevelMerge[E, C] {
	m := &LevelMerge[E, C]{ctx: ctx, old: of(old)}
	for _, l := range above {
		m.above = append(m.above, of(l))
	}
	return m
}

// Load reads the levels above into memory, and if all is set the level itself too.
func (m *LevelMerge[E, C]) Load(all bool) error {
	if all {
		m.above, m.old = slices.Insert(m.above, 0, m.old), SignedTable[E, C]{}
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

// Write writes the new tables: the old ones with the levels above and sorted edits
// applied.
func (m *LevelMerge[E, C]) Write(edits []Edit[E]) error {
	if err := m.Load(false); err != nil {
		return err
	}
	plus, minus, err := m.old.split(combine[E, C](m.newer, edits))
	if err != nil {
		return err
	}
	return errors.Join(m.rewrite(m.old.plus, m.Into.plus, plus), m.rewrite(m.old.minus, m.Into.minus, minus))
}

// rewrite writes the entries of old, with edits applied, to another table.
func (m *LevelMerge[E, C]) rewrite(old, into *Table[E, C], edits []Edit[E]) error {
	if into == nil {
		return nil
	}
	if old == nil {
		old = &Table[E, C]{Empty: true}
	}
	into.bucket.FillPercent = 1
	p := &Packer[E, C]{Table: into, Put: into.bucket.Put}
	err := Layers[E, C]{Base: old}.WithEdits(m.ctx, len(edits), func(i int) Edit[E] { return edits[i] }, func(entries ...E) error {
		m.Count += int64(len(entries))
		return p.Add(entries...)
	})
	if err == nil {
		err = p.Close()
	}
	into.Empty = !p.hasBlock
	return err
}
