package store

import "github.com/entente-kg/entente/graph/internal/quadfile"

// bulkFrom is the number of quads from which sorting them is a faster way to find
// the new ones than a look-up of each quad.
const bulkFrom = 1 << 10

// bulk collects quads that are added without a look-up of each. Sorting them,
// which the indexes require anyway, shows which ones are new.
type bulk struct {
	on     bool
	chunks [][]quadfile.SortKey // in the order in which they are added
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

// startBulk starts a bulk load of about n quads if it is possible and useful. It
// is not possible if a change removes a quad, or while a loop runs, since a loop
// must know when each quad was added. It is not useful if more quads than n would
// be sorted again.
func (s *staged) startBulk(n int) {
	c := &s.changes
	s.bulk.on = n >= bulkFrom && s.reader.Record.NextID <= quadfile.MaxNarrowID && len(s.loops) == 0 && len(c.sorted) <= n && c.n <= bulkFrom && c.toSorted()
}

// addBulk adds a quad of ids up to quadfile.MaxNarrowID. When memory is full, it
// flushes and returns how many of the collected quads were new.
func (s *staged) addBulk(t quadfile.Tuple) (added int, err error) {
	s.bulk.add(quadfile.AddedKey(t))
	if !s.full() {
		return 0, nil
	}
	if added, err = s.mergeBulk(); err != nil {
		return 0, err
	}
	return added, s.flush()
}

// endBulk ends a bulk load: it turns the new quads into ordinary changes and
// returns their number.
func (s *staged) endBulk() (added int, err error) {
	if !s.bulk.on {
		return 0, nil
	}
	s.bulk.on = false
	return s.mergeBulk()
}

// mergeBulk merges the collected quads with the earlier changes: it sorts both, and
// the quads that are not stored become the changes. It returns how many quads were
// new.
func (s *staged) mergeBulk() (added int, err error) {
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

// unstored returns the sorted quads that the tables do not hold.
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
