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
func (s *staged) startBulk(n int) {
	c := &s.changes
	s.bulk.on = n >= bulkFrom && s.reader.Record.NextID <= quadfile.MaxNarrowID && len(s.loops) == 0 && len(c.sorted) <= n && c.n <= bulkFrom && c.toSorted()
}

// addBulk adds a quad of ids below maxNarrow.
func (s *staged) addBulk(t quadfile.Tuple) (added int, err error) {
	s.bulk.add(quadfile.AddedKey(t))
	if !s.full() {
		return 0, nil
	}
	if added, err = s.settleBulk(); err != nil {
		return 0, err
	}
	return added, s.flush()
}

// endBulk counts what was new, and makes it changes as all others.
func (s *staged) endBulk() (added int, err error) {
	if !s.bulk.on {
		return 0, nil
	}
	s.bulk.on = false
	return s.settleBulk()
}

func (s *staged) settleBulk() (added int, err error) {
	b, c := &s.bulk, &s.changes
	if b.n == 0 {
		return 0, nil
	}
	before, chunks := len(c.sorted), b.chunks
	if before > 0 {
		chunks = append(chunks, c.sorted)
	}
	s.bulk, c.sorted, c.scratch = bulk{on: b.on}, nil, nil
	collectGarbage(b.n > collectFrom)
	keys, scratch := quadfile.SortChunks(chunks)
	if keys, err = s.unstored(keys); err != nil {
		s.failed = err
		return 0, err
	}
	c.sorted, c.scratch, added = keys, scratch, len(keys)-before
	c.changed += added
	s.reader.Record.Quads += int64(added)
	return added, nil
}

// unstored keeps what is not in the blocks of sorted quads.
func (s *staged) unstored(keys []quadfile.SortKey) (kept []quadfile.SortKey, err error) {
	if !s.stored {
		return keys, nil
	}
	err = s.reader.Read(func() error {
		stored, kept := quadfile.NewLayerFinder(s.reader.QuadLayers(quadfile.SPOL)), keys[:0]
		for _, k := range keys {
			if t := k.Tuple(); max(t[0], t[1], t[2], t[3]) < s.terms.firstNew {
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
