package store

import (
	"context"
	"fmt"
	"iter"

	"github.com/cayleygraph/quad"
)

// Tx is a write transaction. It reads its own writes. It belongs to one
// goroutine and ends with the function given to Update.
type Tx struct {
	ctx  context.Context
	view *view

	// pending are the changes since the last flush: whether a quad was added
	// or removed. Only real changes are in it, so a quad that was added and
	// removed again is not.
	pending map[tuple]bool
	ids     map[string]uint64 // ids by encoded term, as far as asked for
	created []named           // terms since the last flush, by id
	suspect map[uint64]bool   // ids that may have lost their last quad
	emptied [indexes]map[string]struct{}
	loops   map[*txLoop]struct{}
	changed bool // a flush changed a quad
	scratch []byte
}

const (
	maxPending = 1 << 22 // quads before a flush
	maxCached  = 1 << 22 // ids before they are forgotten
)

func newTx(ctx context.Context, v *view) *Tx {
	tx := &Tx{ctx: ctx, view: v, pending: map[tuple]bool{}, ids: map[string]uint64{},
		suspect: map[uint64]bool{}, loops: map[*txLoop]struct{}{}}
	for i := range tx.emptied {
		tx.emptied[i] = map[string]struct{}{}
	}
	return tx
}

// usable is nil while the transaction may be read and written.
func (tx *Tx) usable() error {
	if tx.view.closed {
		return ErrClosed
	}
	return cause(tx.ctx)
}

// Add stores a quad and reports whether it was new. A quad needs a subject, a
// predicate and an object.
func (tx *Tx) Add(q quad.Quad) (bool, error) {
	if err := tx.usable(); err != nil {
		return false, err
	}
	if err := checkQuad(q); err != nil {
		return false, err
	}
	var t tuple
	isNew := false
	for i, d := range quad.Directions {
		value := q.Get(d)
		if value == nil {
			continue
		}
		id, created, err := tx.intern(value)
		if err != nil {
			tx.suspectAll(t)
			return false, err
		}
		t[i], isNew = id, isNew || created
	}
	changed, err := tx.change(t, true, isNew)
	if err != nil {
		tx.suspectAll(t)
	}
	return changed, err
}

// suspectAll notes that the terms of a quad may have no other.
func (tx *Tx) suspectAll(t tuple) {
	for _, id := range t {
		if id != 0 {
			tx.suspect[id] = true
		}
	}
}

// Remove deletes a quad and reports whether it was there.
func (tx *Tx) Remove(q quad.Quad) (bool, error) {
	if err := tx.usable(); err != nil {
		return false, err
	}
	t, ok, err := tx.tuple(q)
	if err != nil || !ok {
		return false, err
	}
	return tx.change(t, false, false)
}

// Has reports whether the quad is stored.
func (tx *Tx) Has(q quad.Quad) (bool, error) {
	if err := tx.usable(); err != nil {
		return false, err
	}
	t, ok, err := tx.tuple(q)
	if err != nil || !ok {
		return false, err
	}
	return tx.has(t)
}

func checkQuad(q quad.Quad) error {
	if !q.IsValid() || q.Label != nil && !quad.IsValidValue(q.Label) {
		return fmt.Errorf("quad %v %v %v %v: a part is missing", q.Subject, q.Predicate, q.Object, q.Label)
	}
	return nil
}

// has looks at the pending changes first.
func (tx *Tx) has(t tuple) (bool, error) {
	if added, ok := tx.pending[t]; ok {
		return added, nil
	}
	return tx.view.has(t)
}

// change notes that a quad is to be there or not. A quad with a term that was
// just created cannot be stored yet.
func (tx *Tx) change(t tuple, add, isNew bool) (bool, error) {
	was := false
	if !isNew {
		var err error
		if was, err = tx.has(t); err != nil {
			return false, err
		}
	}
	if was == add {
		return false, nil
	}
	if _, ok := tx.pending[t]; ok {
		delete(tx.pending, t)
	} else {
		tx.pending[t] = add
	}
	if add {
		tx.view.state.quads++
	} else {
		tx.view.state.quads--
		tx.suspectAll(t)
	}
	if len(tx.pending) >= maxPending {
		return true, tx.flush()
	}
	return true, nil
}

// tuple looks a quad up; ok is false when one of its terms is not stored.
func (tx *Tx) tuple(q quad.Quad) (t tuple, ok bool, err error) {
	if checkQuad(q) != nil {
		return t, false, nil
	}
	for i, d := range quad.Directions {
		value := q.Get(d)
		if value == nil {
			continue
		}
		if t[i], err = tx.lookup(value); err != nil || t[i] == 0 {
			return t, false, err
		}
	}
	return t, true, nil
}

// lookup returns the id of a value, 0 when it is not stored. The encoded term
// stays in scratch.
func (tx *Tx) lookup(value quad.Value) (id uint64, err error) {
	if tx.scratch, err = appendTerm(tx.scratch[:0], value); err != nil {
		return 0, nil
	}
	if id, ok := tx.ids[string(tx.scratch)]; ok {
		return id, nil
	}
	if id, err = tx.view.id(tx.scratch); err == nil && id != 0 {
		tx.remember(id)
	}
	return id, err
}

func (tx *Tx) remember(id uint64) {
	if len(tx.ids) >= maxCached && len(tx.created) == 0 {
		clear(tx.ids)
	}
	tx.ids[string(tx.scratch)] = id
}

// intern is lookup, but gives an id to a value that has none.
func (tx *Tx) intern(value quad.Value) (id uint64, created bool, err error) {
	id, err = tx.lookup(value)
	if err != nil || id != 0 {
		return id, false, err
	}
	if tx.scratch, err = appendTerm(tx.scratch[:0], value); err != nil {
		return 0, false, err
	}
	if tx.view.state.next > maxID {
		return 0, false, fmt.Errorf("more than %d terms", uint64(maxID))
	}
	id = tx.view.state.next
	tx.view.state.next++
	tx.view.state.terms++
	tx.created = append(tx.created, named{id, []byte(string(tx.scratch))})
	tx.remember(id)
	return id, true, nil
}

// Count counts the quads that match a pattern.
func (tx *Tx) Count(ctx context.Context, p Pattern) (int64, error) {
	if err := tx.flushFor(ctx); err != nil {
		return 0, err
	}
	return tx.view.count(ctx, p)
}

// Labels yields the distinct labels as they are when the loop begins. An error
// is the last pair.
func (tx *Tx) Labels(ctx context.Context) iter.Seq2[quad.Value, error] {
	return func(yield func(quad.Value, error) bool) {
		if err := tx.flushFor(ctx); err != nil {
			yield(nil, err)
			return
		}
		var labels []quad.Value
		for label, err := range tx.view.labels(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			labels = append(labels, label)
		}
		for _, label := range labels {
			if !yield(label, nil) {
				return
			}
		}
	}
}

// Match yields the quads that match a pattern, and the loop's body may change
// the store: a loop sees the quads that matched when it began, less those
// removed before their turn; quads added meanwhile are not among them. An error
// is the last pair.
func (tx *Tx) Match(ctx context.Context, p Pattern) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		if err := tx.flushFor(ctx); err != nil {
			yield(quad.Quad{}, err)
			return
		}
		if err := tx.match(ctx, p, yield); err != nil {
			yield(quad.Quad{}, err)
		}
	}
}

func (tx *Tx) match(ctx context.Context, p Pattern, yield func(quad.Quad, error) bool) error {
	scan, err := tx.view.scanPattern(p)
	if err != nil || scan == nil {
		return err
	}
	loop := &txLoop{scan: scan}
	tx.loops[loop] = struct{}{}
	defer delete(tx.loops, loop)
	for {
		if err := cause(ctx); err != nil {
			return err
		}
		t, ok, err := loop.next(tx)
		if err != nil || !ok {
			return err
		}
		q, err := tx.view.quad(t)
		if err != nil {
			return err
		}
		if !yield(q, nil) {
			return nil
		}
	}
}

// txLoop is a running Match. It reads the blocks as they were when it began;
// before a flush changes them, it reads all that is left.
type txLoop struct {
	scan     *scan
	detached bool
}

// next skips the quads that were removed since the loop began. Before a flush
// the blocks say what was there then, and pending what was removed since.
func (l *txLoop) next(tx *Tx) (t tuple, ok bool, err error) {
	for {
		if t, ok, err = l.scan.next(); err != nil || !ok {
			return t, false, err
		}
		if !l.detached {
			if _, removed := tx.pending[t]; !removed {
				return t, true, nil
			}
			continue
		}
		if has, err := tx.has(t); err != nil || has {
			return t, has, err
		}
	}
}

// detach reads what is left of the loop into memory.
func (l *txLoop) detach() error {
	if l.detached {
		return nil
	}
	rest := append([]tuple(nil), l.scan.block[l.scan.at:]...)
	for !l.scan.done {
		if err := l.scan.load(); err != nil {
			return err
		}
		rest = append(rest, l.scan.block...)
	}
	l.scan.block, l.scan.at, l.detached = rest, 0, true
	return nil
}
