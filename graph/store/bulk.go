package store

import "github.com/entente-kg/entente/graph/internal/quadfile"

// bulkFrom is how many quads are worth sorting to know which of them are new,
// instead of asking for each one.
const bulkFrom = 1 << 10

// bulk is quads that are added without asking whether they are there: it shows
// when they are sorted, and the indexes want them sorted anyway.
type bulk struct {
	on     bool
	chunks [][]quadfile.SortKey // as they come
	n      int
}

const bulkChunk = 1 << 16

func (b *bulk) add(k quadfile.SortKey) {
	last := len(b.chunks) - 1
	if last < 0 || len(b.chunks[last]) == cap(b.chunks[last]) {
		b.chunks = append(b.chunks, make([]quadfile.SortKey, 0, min(max(bulkFrom, b.n), bulkChunk)))
		last++
	}
	b.chunks[last] = append(b.chunks[last], k)
	b.n++
}

// startBulk begins to add about so many quads in bulk, where that can be done:
// without loops that have to know what was added when, nor quads that are
// removed, and where it does not sort the same quads again and again.
func (tx *Tx) startBulk(n int) {
	c := &tx.changes
	tx.bulk.on = n >= bulkFrom && tx.view.state.NextID <= quadfile.MaxNarrowID && len(tx.loops) == 0 && len(c.sorted) <= n && c.n <= bulkFrom && c.gather()
}

// addBulk adds a quad of ids below maxNarrow.
func (tx *Tx) addBulk(t quadfile.Tuple) (added int, err error) {
	tx.bulk.add(quadfile.SpolKey(t))
	if !tx.full() {
		return 0, nil
	}
	if added, err = tx.settle(); err != nil {
		return 0, err
	}
	return added, tx.flush()
}

// endBulk counts what was new, and makes it changes as all others.
func (tx *Tx) endBulk() (added int, err error) {
	if !tx.bulk.on {
		return 0, nil
	}
	tx.bulk.on = false
	return tx.settle()
}

func (tx *Tx) settle() (added int, err error) {
	b, c := &tx.bulk, &tx.changes
	if b.n == 0 {
		return 0, nil
	}
	before, chunks := len(c.sorted), b.chunks
	if before > 0 {
		chunks = append(chunks, c.sorted)
	}
	tx.bulk, c.sorted, c.scratch = bulk{on: b.on}, nil, nil
	collect(b.n > collectFrom)
	keys, scratch := quadfile.SortChunks(chunks)
	if keys, err = tx.unstored(keys); err != nil {
		tx.failed = err
		return 0, err
	}
	c.sorted, c.scratch, added = keys, scratch, len(keys)-before
	c.live += added
	tx.view.state.Quads += int64(added)
	return added, nil
}

// unstored keeps what is not in the blocks of sorted quads.
func (tx *Tx) unstored(keys []quadfile.SortKey) (kept []quadfile.SortKey, err error) {
	if !tx.stored {
		return keys, nil
	}
	err = tx.view.read(func() error {
		stored, kept := quadfile.NewLayerFinder(tx.view.quads(quadfile.SPOL)), keys[:0]
		for _, k := range keys {
			if t := k.Tuple(); max(t[0], t[1], t[2], t[3]) < tx.firstNew {
				if has, err := stored.Has(t); err != nil {
					return err
				} else if has {
					continue
				}
			}
			kept = append(kept, k)
		}
		keys = kept
		return nil
	})
	return keys, err
}
