package store

import (
	"context"
	"slices"
)

// stream walks the entries of a table in their order, block by block. It reads
// pages: it is for use within view.read.
type stream[E any, C coder[E]] struct {
	table  *table[E, C]
	cursor cursor
	open   openBlock // where the cursor stands
	begun  bool
	from   []byte // where it begins: at the block that would hold this key
	block  []E
	rest   []E // of the block
	ended  bool
}

func newStream[E any, C coder[E]](t *table[E, C], from []byte) *stream[E, C] {
	return &stream[E, C]{table: t, from: from}
}

// fill reads on until there is an entry or the end.
func (s *stream[E, C]) fill() error {
	for len(s.rest) == 0 && !s.ended {
		b, ok, err := s.move()
		if s.ended = !ok; s.ended || err != nil {
			return err
		}
		if s.block, err = s.table.unpack(s.block[:0], &b); err != nil {
			return err
		}
		s.open = b
		s.rest = s.block
	}
	return nil
}

// move opens the next block; ok is false at the end.
func (s *stream[E, C]) move() (b openBlock, ok bool, err error) {
	if s.begun {
		return s.table.step(&s.cursor, &s.open)
	}
	s.cursor, s.begun = s.table.cursor(), true
	return s.table.seek(&s.cursor, s.from)
}

// last is the last entry at hand.
func (s *stream[E, C]) last() (e E, ok bool) {
	if len(s.rest) == 0 {
		return e, false
	}
	return s.rest[len(s.rest)-1], true
}

// take returns those at hand up to an entry. They are valid until the next fill.
func (s *stream[E, C]) take(bound E) []E {
	n := len(s.rest)
	if n == 0 || s.table.code.compare(s.rest[0], bound) > 0 {
		return nil
	}
	if s.table.code.compare(s.rest[n-1], bound) > 0 {
		at, found := gallop(s.rest, bound, s.table.code.compare)
		if n = at; found {
			n++
		}
	}
	taken := s.rest[:n]
	s.rest = s.rest[n:]
	return taken
}

// layers is a table and what newer ones add to it and take from it.
type layers[E any, C coder[E]] struct {
	base *table[E, C]
	over []signedTable[E, C] // oldest first
}

// signedTable is a table of additions and one of removals; either may be nil. An
// addition is not in the layers below, a removal is.
type signedTable[E any, C coder[E]] struct{ plus, minus *table[E, C] }

// tables are all of the layers, and by how much each of them counts.
func (l layers[E, C]) tables(visit func(t *table[E, C], sign int64) error) error {
	if err := visit(l.base, 1); err != nil {
		return err
	}
	for _, o := range l.over {
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

// merger walks the entries that are there when all layers are taken together.
type merger[E any, C coder[E]] struct {
	ctx   context.Context
	table *table[E, C]
	base  *stream[E, C]
	over  []signedStream[E, C]
	all   []*stream[E, C]
	edits []edit[E]
	out   [2][]E
	turn  int // the one of them to be filled next
}

type signedStream[E any, C coder[E]] struct{ plus, minus *stream[E, C] }

// from walks the layers from the block on that would hold a key.
func (l layers[E, C]) from(ctx context.Context, key []byte) *merger[E, C] {
	m := &merger[E, C]{ctx: ctx, table: l.base, base: newStream(l.base, key)}
	m.all = append(m.all, m.base)
	add := func(t *table[E, C]) (s *stream[E, C]) {
		if t != nil {
			s = newStream(t, key)
			m.all = append(m.all, s)
		}
		return s
	}
	for _, o := range l.over {
		m.over = append(m.over, signedStream[E, C]{add(o.plus), add(o.minus)})
	}
	return m
}

// seek goes to where from of the same layers would begin, in the same memory.
func (m *merger[E, C]) seek(key []byte) {
	for _, s := range m.all {
		s.from, s.begun, s.rest, s.ended = key, false, nil, false
	}
}

// next returns the next entries, none at the end. They are overwritten by the
// call after it, but not what they refer to.
func (m *merger[E, C]) next() ([]E, error) {
	for {
		if m.ctx.Err() != nil {
			return nil, context.Cause(m.ctx)
		}
		bound, ok, err := m.bound()
		if err != nil || !ok {
			return nil, err
		}
		entries := m.base.take(bound)
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

// bound is the entry up to which all streams have all of theirs at hand.
func (m *merger[E, C]) bound() (bound E, ok bool, err error) {
	for _, s := range m.all {
		if err := s.fill(); err != nil {
			return bound, false, err
		}
		if last, any := s.last(); any && (!ok || m.table.code.compare(last, bound) < 0) {
			bound, ok = last, true
		}
	}
	return bound, ok, nil
}

// editsOf returns what one layer changes up to an entry.
func (m *merger[E, C]) editsOf(o signedStream[E, C], bound E) []edit[E] {
	m.edits = m.edits[:0]
	if o.plus != nil {
		for _, e := range o.plus.take(bound) {
			m.edits = append(m.edits, edit[E]{entry: e})
		}
	}
	if o.minus == nil {
		return m.edits
	}
	gone := o.minus.take(bound)
	for _, e := range gone {
		m.edits = append(m.edits, edit[E]{entry: e, remove: true})
	}
	if len(gone) > 0 && len(gone) < len(m.edits) {
		slices.SortFunc(m.edits, func(a, b edit[E]) int { return m.table.code.compare(a.entry, b.entry) })
	}
	return m.edits
}

// withEdits passes on the entries of the layers with n sorted edits applied;
// edit returns one of them.
func (l layers[E, C]) withEdits(ctx context.Context, n int, edit func(i int) edit[E], emit func(...E) error) error {
	m := l.from(ctx, nil)
	edits, merged := editWindow[E, C]{n: n, at: edit}, []E(nil)
	for {
		block, err := m.next()
		if err != nil {
			return err
		}
		if len(block) == 0 {
			break
		}
		last := block[len(block)-1]
		due := edits.until(l.base, last)
		for ; len(due) == buildWindow; due = edits.until(l.base, last) {
			at, found := gallop(block, due[len(due)-1].entry, l.base.code.compare)
			if found {
				at++
			}
			merged = l.base.merge(merged[:0], block[:at], due)
			block = block[at:]
			if err := emit(merged...); err != nil {
				return err
			}
		}
		if len(due) > 0 {
			merged = l.base.merge(merged[:0], block, due)
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

// editWindow gives out sorted edits.
type editWindow[E any, C coder[E]] struct {
	n, done int
	at      func(i int) edit[E]
	buf     []edit[E]
}

// until returns the next edits up to an entry, some thousands of them at most: all
// that is new may come between two entries.
func (w *editWindow[E, C]) until(t *table[E, C], last E) []edit[E] {
	w.buf = w.buf[:0]
	for w.done < w.n && len(w.buf) < buildWindow {
		e := w.at(w.done)
		if t.code.compare(e.entry, last) > 0 {
			break
		}
		w.buf = append(w.buf, e)
		w.done++
	}
	return w.buf
}

// added appends what the next edits add, some thousands of them.
func (w *editWindow[E, C]) added(dst []E) []E {
	for w.done < w.n && len(dst) < buildWindow {
		if e := w.at(w.done); !e.remove {
			dst = append(dst, e.entry)
		}
		w.done++
	}
	return dst
}
