package store

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
)

// removals are the changes that take terms out of both directions of the
// dictionary.
func (tx *Tx) removals(dead []uint64) (byID []edit[named], byKey []edit[keyed], err error) {
	for _, id := range dead {
		if err := cause(tx.ctx); err != nil {
			return nil, nil, err
		}
		term, err := tx.view.term(id)
		if err != nil {
			return nil, nil, err
		}
		if term == nil {
			return nil, nil, fmt.Errorf("%w: no term has the id %d", ErrDamaged, id)
		}
		byID = append(byID, edit[named]{named{id, term}, true})
		byKey = append(byKey, edit[keyed]{keyed{termKey(term), id}, true})
	}
	slices.SortFunc(byKey, func(a, b edit[keyed]) int { return bytes.Compare(a.entry.key, b.entry.key) })
	return byID, byKey, nil
}

// dead returns the suspects that no index has, by number.
func (tx *Tx) dead() ([]uint64, error) {
	slices.Sort(tx.suspects)
	dead := slices.Compact(tx.suspects)
	for i := range indexOrders {
		if err := cause(tx.ctx); err != nil {
			return nil, err
		}
		walk := walker{tx: tx, index: i, dense: int64(len(dead)) > tx.view.state.quads/16}
		err := tx.view.read(func() (err error) {
			kept := dead[:0]
			for _, id := range dead {
				live, failed := walk.has(id)
				if failed != nil {
					return failed
				}
				if !live {
					kept = append(kept, id)
				}
			}
			dead = kept
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return dead, nil
}

// walker looks for ids, in their order, in the first place of an index. Where
// there are many it reads all of it, else it jumps.
type walker struct {
	tx     *Tx
	index  int
	dense  bool
	layers *merger[tuple, tuples]
	block  []tuple
	ended  bool
}

func (w *walker) has(id uint64) (bool, error) {
	for first := true; ; first = false {
		if n := len(w.block); n > 0 && w.block[n-1][0] >= id {
			at, _ := slices.BinarySearchFunc(w.block, id, func(t tuple, id uint64) int { return cmp.Compare(t[0], id) })
			return w.block[at][0] == id, nil
		}
		if w.ended {
			return false, nil
		}
		if w.layers == nil {
			w.layers = w.tx.view.quads(w.index).from(w.tx.ctx, tupleKey(tuple{id}))
		} else if first && !w.dense {
			w.layers.seek(tupleKey(tuple{id}))
		}
		block, err := w.layers.next()
		if err != nil {
			return false, err
		}
		w.block, w.ended = append(w.block[:0], block...), len(block) == 0
	}
}
