package store

import (
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// pattern looks up the terms of a pattern; ok is false when one is not stored.
func (tx *Tx) pattern(p Pattern) (ids quadfile.TuplePattern, ok bool, err error) {
	for i, value := range [...]quad.Value{p.Subject, p.Predicate, p.Object, p.Label} {
		if value == nil {
			continue
		}
		if ids[i], err = tx.lookup(value); err != nil || ids[i] == 0 {
			return ids, false, err
		}
	}
	return ids, true, nil
}

func (tx *Tx) readable(ctx context.Context) error {
	if err := tx.usable(); err != nil {
		return err
	}
	return cause(ctx)
}

// Count counts the quads that match a pattern.
func (tx *Tx) Count(ctx context.Context, p Pattern) (int64, error) {
	if err := tx.readable(ctx); err != nil {
		return 0, err
	}
	ids, ok, err := tx.pattern(p)
	if err != nil || !ok {
		return 0, err
	}
	return tx.count(ctx, ids)
}

func (tx *Tx) count(ctx context.Context, ids quadfile.TuplePattern) (int64, error) {
	n, err := tx.view.countIDs(ctx, ids)
	if err != nil || ids == (quadfile.TuplePattern{}) { // the record counts the changes
		return n, err
	}
	for _, i := range tx.changes.matching(ids) {
		if tx.changes.at(int(i)).is() == added {
			n++
		} else {
			n--
		}
	}
	return n, nil
}

// Labels yields the distinct labels as they are when the loop begins. An error
// is the last pair.
func (tx *Tx) Labels(ctx context.Context) iter.Seq2[quad.Value, error] {
	return func(yield func(quad.Value, error) bool) {
		labels, err := tx.labels(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, label := range labels {
			if !yield(label, nil) {
				return
			}
		}
	}
}

func (tx *Tx) labels(ctx context.Context) ([]quad.Value, error) {
	if err := tx.readable(ctx); err != nil {
		return nil, err
	}
	ids := map[uint64]bool{}
	for from := uint64(1); ; from++ {
		if err := cause(ctx); err != nil {
			return nil, err
		}
		var err error
		if from, err = tx.view.labelFrom(from); err != nil {
			return nil, err
		}
		if from == 0 {
			break
		}
		ids[from] = true
	}
	if err := tx.changedLabels(ctx, ids); err != nil {
		return nil, err
	}
	var labels []quad.Value
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		label, err := tx.value(id)
		if err != nil {
			return nil, err
		}
		labels = append(labels, label)
	}
	return labels, nil
}

// changedLabels corrects the labels in the blocks by what has changed since.
func (tx *Tx) changedLabels(ctx context.Context, ids map[uint64]bool) error {
	lost := map[uint64]bool{}
	tx.changes.all(func(e *change) {
		if label := e.tuple()[3]; label != 0 && e.is() == added {
			ids[label] = true
		} else if label != 0 {
			lost[label] = true
		}
	})
	for label := range lost {
		n, err := tx.count(ctx, quadfile.TuplePattern{3: label})
		if err != nil {
			return err
		}
		if n == 0 {
			delete(ids, label)
		}
	}
	return nil
}

// Match yields the quads that match a pattern, and the loop's body may change
// the store: a loop sees the quads that matched when it began, less those
// removed before their turn; quads added meanwhile are not among them. An error
// is the last pair.
func (tx *Tx) Match(ctx context.Context, p Pattern) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		err := tx.readable(ctx)
		if err == nil {
			err = tx.match(ctx, p, yield)
		}
		if err != nil {
			yield(quad.Quad{}, err)
		}
	}
}

func (tx *Tx) match(ctx context.Context, p Pattern, yield func(quad.Quad, error) bool) error {
	loop, err := tx.newLoop(p)
	if err != nil || loop == nil {
		return err
	}
	tx.loops[loop] = struct{}{}
	defer delete(tx.loops, loop)
	for {
		if err := cause(ctx); err != nil {
			return err
		}
		t, ok, err := loop.next()
		if err != nil || !ok {
			return err
		}
		q, err := quadOf(t, tx.value)
		if err != nil {
			return err
		}
		if !yield(q, nil) {
			return nil
		}
	}
}

// txLoop is a running Match: first the blocks as they were when it began, then
// what was added to them until then. Before a flush changes the blocks it reads
// all that is left.
type txLoop struct {
	tx    *Tx
	scan  scan
	fresh []uint32         // entries of changes
	began uint32           // by the clock of changes
	rest  []quadfile.Tuple // instead of the others, after a flush
	flat  bool
}

func (tx *Tx) newLoop(p Pattern) (*txLoop, error) {
	ids, ok, err := tx.pattern(p)
	if err != nil || !ok {
		return nil, err
	}
	if err := tx.tick(); err != nil {
		return nil, err
	}
	l := &txLoop{tx: tx, began: tx.changes.clock}
	if l.scan, err = tx.view.scan(ids); err != nil {
		return nil, err
	}
	for _, i := range tx.changes.matching(ids) {
		if tx.changes.at(int(i)).is() == added {
			l.fresh = append(l.fresh, i)
		}
	}
	return l, nil
}

// tick sets the clock on, and back before it overflows.
func (tx *Tx) tick() error {
	if tx.changes.clock++; tx.changes.clock < maxClock {
		return nil
	}
	tx.changes.clock = 0
	for loop := range tx.loops {
		loop.began = 0
	}
	return tx.flush()
}

// next skips the quads that were not there all the time since the loop began.
func (l *txLoop) next() (t quadfile.Tuple, ok bool, err error) {
	for {
		if t, ok, err = l.candidate(); err != nil || !ok {
			return t, false, err
		}
		e := l.tx.changes.find(t)
		if e != nil && (e.is() == removed || e.since() >= l.began) {
			continue
		}
		if !l.flat || e != nil && e.is() == added {
			return t, true, nil
		}
		if has, err := l.tx.view.has(t); err != nil || has {
			return t, has, err
		}
	}
}

func (l *txLoop) candidate() (t quadfile.Tuple, ok bool, err error) {
	if l.flat {
		if len(l.rest) == 0 {
			return t, false, nil
		}
		t, l.rest = l.rest[0], l.rest[1:]
		return t, true, nil
	}
	if t, ok, err = l.scan.next(); ok || err != nil {
		return t, ok, err
	}
	if len(l.fresh) == 0 {
		return t, false, nil
	}
	t, l.fresh = l.tx.changes.at(int(l.fresh[0])).tuple(), l.fresh[1:]
	return t, true, nil
}

// detach reads what is left of the loop into memory.
func (l *txLoop) detach() error {
	if l.flat {
		return nil
	}
	for {
		t, ok, err := l.next()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		l.rest = append(l.rest, t)
	}
	l.flat = true
	return nil
}
