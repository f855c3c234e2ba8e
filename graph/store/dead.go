package store

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// removals are the changes that take terms out of both directions of the
// dictionary.
func (tx *Tx) removals(dead []uint64) (byID []quadfile.Edit[quadfile.TermEntry], byKey []quadfile.Edit[quadfile.KeyEntry], err error) {
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
		byID = append(byID, quadfile.Edit[quadfile.TermEntry]{Entry: quadfile.TermEntry{ID: id, Term: term}, Remove: true})
		byKey = append(byKey, quadfile.Edit[quadfile.KeyEntry]{Entry: quadfile.KeyEntry{Key: quadfile.TermKey(term), ID: id}, Remove: true})
	}
	slices.SortFunc(byKey, func(a, b quadfile.Edit[quadfile.KeyEntry]) int { return bytes.Compare(a.Entry.Key, b.Entry.Key) })
	return byID, byKey, nil
}

// dead returns the suspects that no index has, by number.
func (tx *Tx) dead() ([]uint64, error) {
	slices.Sort(tx.suspects)
	dead := slices.Compact(tx.suspects)
	for i := range quadfile.IndexOrders {
		if err := cause(tx.ctx); err != nil {
			return nil, err
		}
		walk := walker{tx: tx, index: i, dense: int64(len(dead)) > tx.view.state.Quads/16}
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
	layers *quadfile.Merger[quadfile.Tuple, quadfile.TupleCoder]
	block  []quadfile.Tuple
	ended  bool
}

func (w *walker) has(id uint64) (bool, error) {
	for first := true; ; first = false {
		if n := len(w.block); n > 0 && w.block[n-1][0] >= id {
			at, _ := slices.BinarySearchFunc(w.block, id, func(t quadfile.Tuple, id uint64) int { return cmp.Compare(t[0], id) })
			return w.block[at][0] == id, nil
		}
		if w.ended {
			return false, nil
		}
		if w.layers == nil {
			w.layers = w.tx.view.quads(w.index).From(w.tx.ctx, quadfile.TupleKey(quadfile.Tuple{id}))
		} else if first && !w.dense {
			w.layers.Seek(quadfile.TupleKey(quadfile.Tuple{id}))
		}
		block, err := w.layers.Next()
		if err != nil {
			return false, err
		}
		w.block, w.ended = append(w.block[:0], block...), len(block) == 0
	}
}
