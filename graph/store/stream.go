package store

import (
	"context"

	bolt "go.etcd.io/bbolt"
)

// stream walks all entries of a table, block by block.
type stream[E any, C coder[E]] struct {
	ctx    context.Context
	table  *table[E, C]
	cursor *bolt.Cursor
	block  []E
}

func newStream[E any, C coder[E]](ctx context.Context, t *table[E, C]) *stream[E, C] {
	return &stream[E, C]{ctx: ctx, table: t}
}

// next returns the next entries, none at the end. They are overwritten by the
// call after it, but not what they refer to.
func (s *stream[E, C]) next() ([]E, error) {
	for {
		if s.ctx.Err() != nil {
			return nil, context.Cause(s.ctx)
		}
		var k, v []byte
		if s.cursor == nil {
			s.cursor = s.table.bucket.Cursor()
			k, v = s.cursor.First()
		} else {
			k, v = s.cursor.Next()
		}
		if k == nil {
			return nil, nil
		}
		var err error
		if s.block, err = s.table.decode(s.block[:0], k, v); err != nil || len(s.block) > 0 {
			return s.block, err
		}
	}
}

// withEdits passes on the entries of a table with n sorted edits applied; edit
// returns one of them.
func (t *table[E, C]) withEdits(ctx context.Context, n int, edit func(i int) edit[E], emit func(...E) error) error {
	s := newStream(ctx, t)
	edits, merged := editWindow[E, C]{n: n, at: edit}, []E(nil)
	for {
		block, err := s.next()
		if err != nil {
			return err
		}
		if len(block) == 0 {
			break
		}
		if due := edits.until(t, block[len(block)-1]); len(due) > 0 {
			merged = t.merge(merged[:0], block, due)
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
		merged = t.merge(merged[:0], nil, edits.some())
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

// until returns the next edits up to an entry.
func (w *editWindow[E, C]) until(t *table[E, C], last E) []edit[E] {
	w.buf = w.buf[:0]
	for w.done < w.n {
		e := w.at(w.done)
		if t.code.compare(e.entry, last) > 0 {
			break
		}
		w.buf = append(w.buf, e)
		w.done++
	}
	return w.buf
}

// some returns the next edits, some thousands of them.
func (w *editWindow[E, C]) some() []edit[E] {
	w.buf = w.buf[:0]
	for w.done < w.n && len(w.buf) < buildWindow {
		w.buf = append(w.buf, w.at(w.done))
		w.done++
	}
	return w.buf
}
