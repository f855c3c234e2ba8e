package quadfile

import (
	"context"
	"slices"
)

// stream walks the entries of a table in order, block by block. Its methods read
// pages and must be called inside Reader.Read.
type stream[E any, C Coder[E]] struct {
	table  *Table[E, C]
	cursor Cursor
	open   CheckedBlock // the block at the cursor
	begun  bool
	from   []byte // where it begins: at the block in which this key is or would be
	block  []E
	rest   []E // of the block
	ended  bool
}

func newStream[E any, C Coder[E]](t *Table[E, C], from []byte) *stream[E, C] {
	return &stream[E, C]{table: t, from: from}
}

// fill reads blocks until rest has an entry, or to the end.
func (s *stream[E, C]) fill() error {
	for len(s.rest) == 0 && !s.ended {
		b, ok, err := s.nextBlock()
		if s.ended = !ok; s.ended || err != nil {
			return err
		}
		if s.block, err = s.table.Unpack(s.block[:0], &b); err != nil {
			return err
		}
		s.open = b
		s.rest = s.block
	}
	return nil
}

// nextBlock opens the next block; ok is false at the end.
func (s *stream[E, C]) nextBlock() (b CheckedBlock, ok bool, err error) {
	if s.begun {
		return s.table.step(&s.cursor, &s.open)
	}
	s.cursor, s.begun = s.table.Cursor(), true
	return s.table.seek(&s.cursor, s.from)
}

// last returns the last entry of rest.
func (s *stream[E, C]) last() (e E, ok bool) {
	if len(s.rest) == 0 {
		return e, false
	}
	return s.rest[len(s.rest)-1], true
}

// popUpTo removes the entries up to bound from rest and returns them. They are
// valid until the next fill.
func (s *stream[E, C]) popUpTo(bound E) []E {
	n := len(s.rest)
	if n == 0 || s.table.Code.Compare(s.rest[0], bound) > 0 {
		return nil
	}
	if s.table.Code.Compare(s.rest[n-1], bound) > 0 {
		at, found := gallop(s.rest, bound, s.table.Code.Compare)
		if n = at; found {
			n++
		}
	}
	taken := s.rest[:n]
	s.rest = s.rest[n:]
	return taken
}

// Layers is a base table and the layers over it.
type Layers[E any, C Coder[E]] struct {
	Base *Table[E, C]
	Over []SignedTable[E, C] // oldest first
}

// SignedTable is a table of added and a table of removed entries; either may be
// nil. An added entry is absent in the layers below, a removed one is present.
type SignedTable[E any, C Coder[E]] struct{ plus, minus *Table[E, C] }

// Tables visits all tables of the layers, with sign 1 for tables of added and -1
// for tables of removed entries.
func (l Layers[E, C]) Tables(visit func(t *Table[E, C], sign int64) error) error {
	if err := visit(l.Base, 1); err != nil {
		return err
	}
	for _, o := range l.Over {
		if o.plus != nil {
			if err := visit(o.plus, 1); err != nil {
				return err
			}
		}
		if o.minus != nil {
			if err := visit(o.minus, -1); err != nil {
				return err
			}
		}
	}
	return nil
}

// Both returns the tables of added and of removed entries.
func (s SignedTable[E, C]) Both() (added, removed *Table[E, C]) { return s.plus, s.minus }

// Merger walks the entries that are present when all layers are merged.
type Merger[E any, C Coder[E]] struct {
	ctx   context.Context
	table *Table[E, C]
	base  *stream[E, C]
	over  []signedStream[E, C]
	all   []*stream[E, C]
	edits []Edit[E]
	out   [2][]E
	turn  int // the index in out to be filled next
}

type signedStream[E any, C Coder[E]] struct{ plus, minus *stream[E, C] }

// From returns a Merger that begins at the block in which key is or would be.
func (l Layers[E, C]) From(ctx context.Context, key []byte) *Merger[E, C] {
	m := &Merger[E, C]{ctx: ctx, table: l.Base, base: newStream(l.Base, key)}
	m.all = append(m.all, m.base)
	add := func(t *Table[E, C]) (s *stream[E, C]) {
		if t != nil {
			s = newStream(t, key)
			m.all = append(m.all, s)
		}
		return s
	}
	for _, o := range l.Over {
		m.over = append(m.over, signedStream[E, C]{add(o.plus), add(o.minus)})
	}
	return m
}

// Seek moves to the block in which key is or would be, like a new Merger, and
// reuses memory.
func (m *Merger[E, C]) Seek(key []byte) {
	for _, s := range m.all {
		s.from, s.begun, s.rest, s.ended = key, false, nil, false
	}
}

// Next returns the next entries, none at the end. The slice is valid until the
// call after the next one; memory that entries refer to stays valid.
func (m *Merger[E, C]) Next() ([]E, error) {
	for {
		if m.ctx.Err() != nil {
			return nil, context.Cause(m.ctx)
		}
		bound, ok, err := m.bound()
		if err != nil || !ok {
			return nil, err
		}
		entries := m.base.popUpTo(bound)
		for _, o := range m.over {
			if edits := m.editsOf(o, bound); len(edits) > 0 {
				out := &m.out[m.turn]
				m.turn ^= 1
				*out = m.table.merge((*out)[:0], entries, edits)
				entries = *out
			}
		}
		if len(entries) > 0 {
			return entries, nil
		}
	}
}

// bound returns the greatest entry up to which all streams have read their
// entries.
func (m *Merger[E, C]) bound() (bound E, ok bool, err error) {
	for _, s := range m.all {
		if err := s.fill(); err != nil {
			return bound, false, err
		}
		if last, any := s.last(); any && (!ok || m.table.Code.Compare(last, bound) < 0) {
			bound, ok = last, true
		}
	}
	return bound, ok, nil
}

// editsOf returns the changes of one layer up to an entry.
func (m *Merger[E, C]) editsOf(o signedStream[E, C], bound E) []Edit[E] {
	m.edits = m.edits[:0]
	if o.plus != nil {
		for _, e := range o.plus.popUpTo(bound) {
			m.edits = append(m.edits, Edit[E]{Entry: e})
		}
	}
	if o.minus == nil {
		return m.edits
	}
	gone := o.minus.popUpTo(bound)
	for _, e := range gone {
		m.edits = append(m.edits, Edit[E]{Entry: e, Remove: true})
	}
	if len(gone) > 0 && len(gone) < len(m.edits) {
		slices.SortFunc(m.edits, func(a, b Edit[E]) int { return m.table.Code.Compare(a.Entry, b.Entry) })
	}
	return m.edits
}

// WithEdits merges n sorted edits into the layers and passes the resulting entries
// to emit. edit returns the i-th edit.
func (l Layers[E, C]) WithEdits(ctx context.Context, n int, edit func(i int) Edit[E], emit func(...E) error) error {
	m := l.From(ctx, nil)
	edits, merged := editWindow[E, C]{n: n, at: edit}, []E(nil)
	for {
		block, err := m.Next()
		if err != nil {
			return err
		}
		if len(block) == 0 {
			break
		}
		last := block[len(block)-1]
		due := edits.until(l.Base, last)
		for ; len(due) == buildWindow; due = edits.until(l.Base, last) {
			at, found := gallop(block, due[len(due)-1].Entry, l.Base.Code.Compare)
			if found {
				at++
			}
			merged = l.Base.merge(merged[:0], block[:at], due)
			block = block[at:]
			if err := emit(merged...); err != nil {
				return err
			}
		}
		if len(due) > 0 {
			merged = l.Base.merge(merged[:0], block, due)
			block = merged
		}
		if err := emit(block...); err != nil {
			return err
		}
	}
	for edits.done < n {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		merged = edits.added(merged[:0])
		if err := emit(merged...); err != nil {
			return err
		}
	}
	return nil
}

// editWindow returns sorted edits in portions of at most buildWindow.
type editWindow[E any, C Coder[E]] struct {
	n, done int
	at      func(i int) Edit[E]
	buf     []Edit[E]
}

// until returns the next edits up to an entry.
func (w *editWindow[E, C]) until(t *Table[E, C], last E) []Edit[E] {
	w.buf = w.buf[:0]
	for w.done < w.n && len(w.buf) < buildWindow {
		e := w.at(w.done)
		if t.Code.Compare(e.Entry, last) > 0 {
			break
		}
		w.buf = append(w.buf, e)
		w.done++
	}
	return w.buf
}

// added appends the entries that the next edits add.
func (w *editWindow[E, C]) added(dst []E) []E {
	for w.done < w.n && len(dst) < buildWindow {
		if e := w.at(w.done); !e.Remove {
			dst = append(dst, e.Entry)
		}
		w.done++
	}
	return dst
}
