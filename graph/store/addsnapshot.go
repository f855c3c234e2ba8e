package store

import (
	"context"
	"math"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// AddSnapshot stores the quads of a snapshot of another store, in the order of
// their ids there, and returns how many were new. It has the same effect as
// AddAll with these quads, but is faster: it does not decode terms.
func (tx *Tx) AddSnapshot(ctx context.Context, s *Snapshot) (added int64, err error) {
	if err := tx.usable(); err != nil {
		return 0, err
	}
	tx.staged.startBulk(min(int(s.reader.Record.Quads), math.MaxInt32))
	added, err = tx.addReader(ctx, s.reader)
	n, failed := tx.staged.endBulk()
	if err == nil {
		err = failed
	}
	return added + int64(n), err
}

func (tx *Tx) addReader(ctx context.Context, r *quadfile.Reader) (total int64, err error) {
	scan := r.ScanSpan(quadfile.Span{Index: quadfile.SPOL})
	moved := &termMapper{to: &tx.staged, from: r, terms: r.TermLayers().From(ctx, nil), ids: make([]uint64, 1, r.Record.NextID)}
	for n := 0; ; n++ {
		if n%addBatch == 0 && ctx.Err() != nil {
			return total, context.Cause(ctx)
		}
		t, ok, err := scan.Next()
		if err != nil || !ok {
			return total + int64(moved.bulkAdded), err
		}
		isNew, err := moved.mapQuad(&t)
		added := 0
		if err == nil {
			err = tx.staged.addEncodedQuad(t, isNew, &added)
		}
		if err != nil {
			tx.staged.suspects.add(t)
			return total, err
		}
		total += int64(added)
	}
}

// termMapper maps the terms of another store to ids of this store. It maps them
// in the order of their ids, up to the greatest id needed so far: neighbouring
// quads often have terms with neighbouring ids.
type termMapper struct {
	to    *staged
	from  *quadfile.Reader
	terms *quadfile.Merger[quadfile.TermEntry, quadfile.TermCoder]
	ids   []uint64 // ids in this store, by ids in the other store

	bulkAdded int // new quads counted when the bulk load ended
}

// mapQuad replaces the ids of a quad by ids of this store. isNew reports whether
// this call created a term of the quad; then the quad is new, too.
func (m *termMapper) mapQuad(t *quadfile.Tuple) (isNew bool, err error) {
	fresh := m.to.reader.Record.NextID
	last := max(t[0], t[1], t[2], t[3])
	for uint64(len(m.ids)) <= last && err == nil {
		err = m.mapBlock()
	}
	if err != nil {
		return false, err
	}
	for i, id := range t {
		if id != 0 {
			t[i] = m.ids[id]
			isNew = isNew || t[i] >= fresh
		}
	}
	return isNew, m.endBulkInTime()
}

// mapBlock maps the next block of terms.
func (m *termMapper) mapBlock() error {
	return m.from.Read(func() error {
		block, err := m.terms.Next()
		if err == nil && len(block) == 0 {
			err = ErrDamaged
		}
		for _, e := range block {
			if err != nil {
				break
			}
			for uint64(len(m.ids)) < e.ID {
				m.ids = append(m.ids, 0)
			}
			var id uint64
			id, _, err = m.to.terms.internTerm(e.Term, m.to.terms.known.Hash(e.Term), false)
			m.ids = append(m.ids, id)
		}
		return err
	})
}

// endBulkInTime ends the bulk load before ids become too large for sort keys.
func (m *termMapper) endBulkInTime() error {
	if !m.to.bulk.on || m.to.reader.Record.NextID <= quadfile.MaxNarrowID {
		return nil
	}
	n, err := m.to.endBulk()
	m.bulkAdded += n
	return err
}
