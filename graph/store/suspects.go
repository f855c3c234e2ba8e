package store

import (
	"context"

	"bytes"
	"cmp"
	"slices"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// suspects are ids of terms that may have lost their last quad.
type suspects struct {
	ids         []uint64
	compactFrom int // number of ids from which repetitions are removed
}

// minCompactFrom is the least number of ids from which repetitions are removed.
const minCompactFrom = 1 << 16

// add adds the ids of a quad, since its terms may have no other quad.
func (p *suspects) add(t quadfile.Tuple) {
	last := p.ids[max(0, len(p.ids)-len(t)):]
	for _, id := range t {
		if id != 0 && !slices.Contains(last, id) {
			p.ids = append(p.ids, id)
		}
	}
	if len(p.ids) >= max(p.compactFrom, minCompactFrom) {
		slices.Sort(p.ids)
		p.ids = slices.Compact(p.ids)
		p.compactFrom = 2 * len(p.ids)
	}
}

// dictionaryRemovals returns the edits that remove terms, given by their sorted ids,
// from both tables of the dictionary.
func dictionaryRemovals(ctx context.Context, r *quadfile.Reader, dead []uint64) (byID []quadfile.Edit[quadfile.TermEntry], byKey []quadfile.Edit[quadfile.KeyEntry], err error) {
	var batch quadfile.TermBatch
	for len(dead) > 0 {
		if err := cause(ctx); err != nil {
			return nil, nil, err
		}
		ids := dead[:min(len(dead), addBatch)]
		dead = dead[len(ids):]
		batch.Reset()
		for _, id := range ids {
			batch.Number(id)
		}
		err := batch.Read(r, func(number uint32, term []byte) error {
			id, term := ids[number-1], bytes.Clone(term)
			byID = append(byID, quadfile.Edit[quadfile.TermEntry]{Entry: quadfile.TermEntry{ID: id, Term: term}, Remove: true})
			byKey = append(byKey, quadfile.Edit[quadfile.KeyEntry]{Entry: quadfile.KeyEntry{Key: quadfile.TermKey(term), ID: id}, Remove: true})
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
	}
	slices.SortFunc(byKey, func(a, b quadfile.Edit[quadfile.KeyEntry]) int { return bytes.Compare(a.Entry.Key, b.Entry.Key) })
	return byID, byKey, nil
}

// unused returns the suspects that no index has, sorted.
func (p *suspects) unused(ctx context.Context, r *quadfile.Reader) ([]uint64, error) {
	slices.Sort(p.ids)
	dead := slices.Compact(p.ids)
	for i := range quadfile.IndexOrders {
		if err := cause(ctx); err != nil {
			return nil, err
		}
		walk := idWalker{ctx: ctx, reader: r, index: i, dense: int64(len(dead)) > r.Record.Quads/16}
		err := r.Read(func() (err error) {
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

// idWalker looks up ids, in ascending order, in the first place of an index. It
// reads the whole index for many ids, and seeks each id otherwise.
type idWalker struct {
	ctx    context.Context
	reader *quadfile.Reader
	index  int
	dense  bool
	layers *quadfile.Merger[quadfile.Tuple, quadfile.TupleCoder]
	block  []quadfile.Tuple
	ended  bool
}

func (w *idWalker) has(id uint64) (bool, error) {
	for first := true; ; first = false {
		if n := len(w.block); n > 0 && w.block[n-1][0] >= id {
			at, _ := slices.BinarySearchFunc(w.block, id, func(t quadfile.Tuple, id uint64) int { return cmp.Compare(t[0], id) })
			return w.block[at][0] == id, nil
		}
		if w.ended {
			return false, nil
		}
		if w.layers == nil {
			w.layers = w.reader.QuadLayers(w.index).From(w.ctx, quadfile.TupleKey(quadfile.Tuple{id}))
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
