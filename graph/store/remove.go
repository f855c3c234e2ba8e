package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// RemoveAll deletes quads and returns how many were stored. It has the same
// effect as Remove for each quad, but is faster. After an error, some of the
// quads are deleted.
func (tx *Tx) RemoveAll(quads []quad.Quad) (removed int, err error) {
	if err := tx.usable(); err != nil {
		return 0, err
	}
	for len(quads) > 0 && err == nil {
		batch, n := quads[:min(len(quads), addBatch)], 0
		n, err = tx.removeBatch(batch)
		removed += n
		quads = quads[len(batch):]
	}
	return removed, cmp.Or(err, cause(tx.ctx))
}

func (tx *Tx) removeBatch(quads []quad.Quad) (removed int, err error) {
	tx.encodeHalves(quads, true)
	var tuples []quadfile.Tuple
	for i := range tx.encoded {
		e := &tx.encoded[i]
		for _, numbers := range e.quads {
			t, ok, err := tx.staged.terms.idsOf(e, numbers)
			if err != nil {
				return 0, err
			}
			if ok {
				tuples = append(tuples, t)
			}
		}
	}
	slices.SortFunc(tuples, quadfile.CompareTuples)
	there, err := tx.staged.present(slices.Compact(tuples))
	if err != nil {
		return 0, err
	}
	for _, t := range there {
		if err := tx.staged.record(t, tx.staged.changes.find(t), false); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, nil
}

// present returns the sorted quads that are present, with the staged changes
// applied.
func (s *staged) present(tuples []quadfile.Tuple) (kept []quadfile.Tuple, err error) {
	kept = tuples[:0]
	err = s.reader.Read(func() error {
		stored := quadfile.NewLayerFinder(s.reader.QuadLayers(quadfile.SPOL))
		for _, t := range tuples {
			has := false
			if e := s.changes.find(t); e != nil && e.state() != unchanged {
				has = e.state() == added
			} else if s.stored && max(t[0], t[1], t[2], t[3]) < s.terms.firstNew {
				var err error
				if has, err = stored.Has(t); err != nil {
					return err
				}
			}
			if has {
				kept = append(kept, t)
			}
		}
		return nil
	})
	return kept, err
}

// RemoveMatching deletes the quads that match a pattern and returns their number.
// It is the fast way to delete all quads with one label.
func (tx *Tx) RemoveMatching(ctx context.Context, p Pattern) (removed int64, err error) {
	if err := tx.readable(ctx); err != nil {
		return 0, err
	}
	loop, err := tx.reads().newLoop(p)
	if err != nil || loop == nil {
		return 0, err
	}
	tx.staged.loops[loop] = struct{}{}
	defer delete(tx.staged.loops, loop)
	for {
		t, ok, err := loop.next()
		if err != nil || !ok {
			return removed, err
		}
		if err := tx.staged.record(t, tx.staged.changes.find(t), false); err != nil {
			return removed, err
		}
		if removed++; removed%addBatch == 0 {
			if err := tx.readable(ctx); err != nil {
				return removed, err
			}
		}
	}
}
