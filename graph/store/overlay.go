package store

import (
	"context"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"
	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// overlay reads a state with staged changes applied.
type overlay struct{ staged *staged }

func (o overlay) count(ctx context.Context, ids quadfile.TuplePattern) (int64, error) {
	n, err := o.staged.reader.Count(ctx, ids)
	if err != nil || ids == (quadfile.TuplePattern{}) { // the record includes the changes
		return n, err
	}
	for _, i := range o.staged.changes.matching(ids) {
		if o.staged.changes.at(int(i)).state() == added {
			n++
		} else {
			n--
		}
	}
	return n, nil
}

func (o overlay) labels(ctx context.Context) ([]quad.Value, error) {
	ids := map[uint64]bool{}
	for from := uint64(1); ; from++ {
		if err := cause(ctx); err != nil {
			return nil, err
		}
		var err error
		if from, err = o.staged.reader.LabelFrom(from); err != nil {
			return nil, err
		}
		if from == 0 {
			break
		}
		ids[from] = true
	}
	if err := o.changedLabels(ctx, ids); err != nil {
		return nil, err
	}
	var labels []quad.Value
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		label, err := o.staged.terms.value(id)
		if err != nil {
			return nil, err
		}
		labels = append(labels, label)
	}
	return labels, nil
}

// changedLabels applies the staged changes to ids, the labels that were read from
// the tables.
func (o overlay) changedLabels(ctx context.Context, ids map[uint64]bool) error {
	lost := map[uint64]bool{}
	o.staged.changes.all(func(e *change) {
		if label := e.tuple()[3]; label != 0 && e.state() == added {
			ids[label] = true
		} else if label != 0 {
			lost[label] = true
		}
	})
	for label := range lost {
		n, err := o.count(ctx, quadfile.TuplePattern{3: label})
		if err != nil {
			return err
		}
		if n == 0 {
			delete(ids, label)
		}
	}
	return nil
}

func (o overlay) match(ctx context.Context, p Pattern, yield func(quad.Quad, error) bool) error {
	loop, err := o.newLoop(p)
	if err != nil || loop == nil {
		return err
	}
	o.staged.loops[loop] = struct{}{}
	defer delete(o.staged.loops, loop)
	for {
		if err := cause(ctx); err != nil {
			return err
		}
		t, ok, err := loop.next()
		if err != nil || !ok {
			return err
		}
		q, err := quadfile.QuadOf(t, o.staged.terms.value)
		if err != nil {
			return err
		}
		if !yield(q, nil) {
			return nil
		}
	}
}

// matchLoop is a running Match. It reads the tables as they were when the loop
// began, and then the staged quads that were added before it began. Before a
// flush changes the tables, the loop reads its other quads into memory.
type matchLoop struct {
	staged   *staged
	scan     quadfile.Scan
	fresh    []uint32         // numbers of entries of changes
	began    uint32           // the clock of changes at the beginning
	rest     []quadfile.Tuple // the unread quads, after a flush
	detached bool
}

func (o overlay) newLoop(p Pattern) (*matchLoop, error) {
	ids, ok, err := o.staged.terms.pattern(p)
	if err != nil || !ok {
		return nil, err
	}
	if err := o.advanceClock(); err != nil {
		return nil, err
	}
	l := &matchLoop{staged: o.staged, began: o.staged.changes.clock}
	if l.scan, err = o.staged.reader.Scan(ids); err != nil {
		return nil, err
	}
	for _, i := range o.staged.changes.matching(ids) {
		if o.staged.changes.at(int(i)).state() == added {
			l.fresh = append(l.fresh, i)
		}
	}
	return l, nil
}

// advanceClock advances the clock of changes, and resets it before it overflows.
func (o overlay) advanceClock() error {
	if o.staged.changes.clock++; o.staged.changes.clock < maxClock {
		return nil
	}
	o.staged.changes.clock = 0
	for loop := range o.staged.loops {
		loop.began = 0
	}
	return o.staged.flush()
}

// next returns the next quad. It skips quads that were not present at every
// moment since the loop began.
func (l *matchLoop) next() (t quadfile.Tuple, ok bool, err error) {
	for {
		if t, ok, err = l.candidate(); err != nil || !ok {
			return t, false, err
		}
		e := l.staged.changes.find(t)
		if e != nil && (e.state() == removed || e.since() >= l.began) {
			continue
		}
		if !l.detached || e != nil && e.state() == added {
			return t, true, nil
		}
		if has, err := l.staged.reader.Has(t); err != nil || has {
			return t, has, err
		}
	}
}

func (l *matchLoop) candidate() (t quadfile.Tuple, ok bool, err error) {
	if l.detached {
		if len(l.rest) == 0 {
			return t, false, nil
		}
		t, l.rest = l.rest[0], l.rest[1:]
		return t, true, nil
	}
	if t, ok, err = l.scan.Next(); ok || err != nil {
		return t, ok, err
	}
	if len(l.fresh) == 0 {
		return t, false, nil
	}
	t, l.fresh = l.staged.changes.at(int(l.fresh[0])).tuple(), l.fresh[1:]
	return t, true, nil
}

// readRest reads the unread quads into memory.
func (l *matchLoop) readRest() error {
	if l.detached {
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
	l.detached = true
	return nil
}
