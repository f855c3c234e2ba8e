package store

import (
	"bytes"
	"context"
	"math"
	"slices"

	"github.com/cayleygraph/quad"

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

// Difference is how the quads of a snapshot of another store differ from the quads of a
// transaction.
type Difference struct {
	Removed []quad.Quad           // quads with the labels that the snapshot lacks
	Added   []quad.Quad           // quads of the snapshot that the transaction lacks
	Kept    map[quad.Value]int    // number of quads in both, by label
	from    *quadfile.Reader      // of the snapshot
	ids     []uint64              // ids in this store, by ids in the other store
	labels  map[uint64]quad.Value // labels by their ids in this store
	known   []quadfile.Tuple      // added quads whose terms are all in this store, in its ids
	unknown []quadfile.Tuple      // other added quads, in ids of the other store
	tooMany int                   // the number of quads from which the difference is large
}

// Compare returns the difference of a snapshot of another store from the quads that were
// committed before the transaction. Of these, it looks for removed ones only among those
// with the labels. It reads both stores in order; the result is nil if the two differ in
// so much that this is not worth while.
func (tx *Tx) Compare(ctx context.Context, s *Snapshot, labels []quad.Value) (*Difference, error) {
	if err := tx.usable(); err != nil {
		return nil, err
	}
	here, there := tx.staged.reader.Record, s.reader.Record
	if !tx.staged.stored || tx.staged.wrote || here.NextID > quadfile.MaxNarrowID || here.Quads/4 > there.Quads || there.Quads/4 > here.Quads {
		return nil, nil
	}
	return tx.compareIn(ctx, s, labels, 1+int(there.Quads)*bulkSize/tx.staged.opts.memory())
}

// compareIn compares in a number of passes over the other store.
func (tx *Tx) compareIn(ctx context.Context, s *Snapshot, labels []quad.Value, passes int) (*Difference, error) {
	there := s.reader.Record
	d := &Difference{Kept: map[quad.Value]int{}, from: s.reader, ids: make([]uint64, there.NextID), labels: map[uint64]quad.Value{}}
	for _, label := range labels {
		id, err := tx.reader.IDOf(label)
		if err != nil {
			return nil, err
		}
		d.labels[id] = label
	}
	delete(d.labels, 0)
	err := s.reader.Read(func() error { return tx.reader.Read(func() error { return d.mapTerms(ctx, tx.reader) }) })
	if err != nil {
		return nil, err
	}
	d.tooMany = int(there.Quads / 8)
	if err := d.compare(ctx, tx.reader, passes); err != nil || d.isLarge() {
		return nil, err
	}
	return d, d.readAdded(tx.reader, s)
}

func (d *Difference) isLarge() bool {
	return max(len(d.unknown)+len(d.known), len(d.Removed)) > d.tooMany
}

// compare finds the quads that only one of the stores has, in a number of passes over
// ranges of subjects, so that memory holds the quads of one range at a time. It ends
// early once the difference is large.
func (d *Difference) compare(ctx context.Context, here *quadfile.Reader, passes int) error {
	scan := &peekingScan{Scan: here.ScanSpan(quadfile.Span{Index: quadfile.SPOL})}
	width := here.Record.NextID/uint64(passes) + 1
	for low := uint64(0); low < here.Record.NextID && !d.isLarge(); low += width {
		keys, err := d.keys(low, low+width)
		if err == nil {
			err = d.merge(ctx, here, scan, keys, low+width)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// peekingScan is a scan that can return a tuple again.
type peekingScan struct {
	*quadfile.Scan
	again *quadfile.Tuple
}

func (s *peekingScan) next() (t quadfile.Tuple, ok bool, err error) {
	if s.again != nil {
		t, s.again = *s.again, nil
		return t, true, nil
	}
	return s.Next()
}

// mapTerms finds the ids in this store of the terms of the other one.
func (d *Difference) mapTerms(ctx context.Context, here *quadfile.Reader) error {
	ours, theirs := here.KeyLayers().From(ctx, nil), d.from.KeyLayers().From(ctx, nil)
	var have, want []quadfile.KeyEntry
	for {
		var err error
		if len(want) == 0 {
			if want, err = theirs.Next(); err != nil || len(want) == 0 {
				return err
			}
		}
		if len(have) == 0 {
			if have, err = ours.Next(); err != nil || len(have) == 0 {
				return err
			}
		}
		switch order := bytes.Compare(have[0].Key, want[0].Key); {
		case order < 0:
			have = have[1:]
		case order > 0:
			want = want[1:]
		default:
			d.ids[want[0].ID] = have[0].ID
			have, want = have[1:], want[1:]
		}
	}
}

// keys returns the quads of the other store with a subject in a range of ids of this
// one, in these ids, sorted. Quads with new terms are added ones, which the first range
// finds. The result is incomplete once the difference is large.
func (d *Difference) keys(low, high uint64) ([]quadfile.SortKey, error) {
	chunks, n := [][]quadfile.SortKey{nil}, 0
	scan := d.from.ScanSpan(quadfile.Span{Index: quadfile.SPOL})
	for {
		t, ok, err := scan.Next()
		if err != nil {
			return nil, err
		}
		if !ok || d.isLarge() {
			keys, _ := quadfile.SortChunks(chunks)
			return keys, nil
		}
		mapped := quadfile.Tuple{d.ids[t[0]], d.ids[t[1]], d.ids[t[2]], d.ids[t[3]]}
		if mapped[0] == 0 || mapped[1] == 0 || mapped[2] == 0 || mapped[3] == 0 && t[3] != 0 {
			if low == 0 {
				d.unknown = append(d.unknown, t)
			}
			continue
		}
		if mapped[0] < low || mapped[0] >= high {
			continue
		}
		if n%bulkChunk == 0 {
			chunks = append(chunks, make([]quadfile.SortKey, 0, bulkChunk))
		}
		n++
		last := len(chunks) - 1
		chunks[last] = append(chunks[last], quadfile.AddedKey(mapped))
	}
}

// merge finds the quads with a subject below an id that only one of the stores has. keys
// are those of the other store.
func (d *Difference) merge(ctx context.Context, here *quadfile.Reader, scan *peekingScan, keys []quadfile.SortKey, below uint64) error {
	for n := 0; ; n++ {
		if n%addBatch == 0 && (ctx.Err() != nil || d.isLarge()) {
			return context.Cause(ctx)
		}
		t, ok, err := scan.next()
		if err != nil {
			return err
		}
		if ok && t[0] >= below {
			scan.again, ok = &t, false
		}
		for len(keys) > 0 && (!ok || quadfile.CompareTuples(keys[0].Tuple(), t) < 0) {
			d.known, keys = append(d.known, keys[0].Tuple()), keys[1:]
		}
		if !ok {
			return nil
		}
		label, counts := d.labels[t[3]]
		switch {
		case len(keys) > 0 && keys[0].Tuple() == t:
			if keys = keys[1:]; counts {
				d.Kept[label]++
			}
		case counts:
			q, err := here.Quad(t)
			if err != nil {
				return err
			}
			d.Removed = append(d.Removed, q)
		}
	}
}

// readAdded reads the added quads.
func (d *Difference) readAdded(here *quadfile.Reader, s *Snapshot) error {
	for _, t := range d.known {
		q, err := here.Quad(t)
		if err != nil {
			return err
		}
		d.Added = append(d.Added, q)
	}
	for _, t := range d.unknown {
		q, err := s.Quad(IDs(t))
		if err != nil {
			return err
		}
		d.Added = append(d.Added, q)
	}
	return nil
}

// AddDifference stores the added quads of a difference, as AddSnapshot does with all
// quads: new terms get ids in the order of their ids in the other store. It returns how
// many quads were new.
func (tx *Tx) AddDifference(d *Difference) (added int, err error) {
	if err := tx.usable(); err != nil {
		return 0, err
	}
	if err := tx.internNew(d); err != nil {
		return 0, err
	}
	quads := d.known
	for _, t := range d.unknown {
		quads = append(quads, quadfile.Tuple{d.ids[t[0]], d.ids[t[1]], d.ids[t[2]], d.ids[t[3]]})
	}
	for _, t := range quads {
		changed, err := tx.staged.change(t, true, false)
		if err != nil {
			tx.staged.suspects.add(t)
			return added, err
		}
		if changed {
			added++
		}
	}
	return added, nil
}

// internNew stores the new terms of a difference, in the order of their ids.
func (tx *Tx) internNew(d *Difference) error {
	var fresh []uint64
	for _, t := range d.unknown {
		for _, id := range t {
			if id != 0 && d.ids[id] == 0 {
				fresh = append(fresh, id)
			}
		}
	}
	slices.Sort(fresh)
	for _, id := range slices.Compact(fresh) {
		term, err := d.from.EncodedTerm(id)
		if err != nil {
			return err
		}
		terms := &tx.staged.terms
		if d.ids[id], _, err = terms.internTerm(term, terms.known.Hash(term), false); err != nil {
			return err
		}
	}
	return nil
}
