package store

import (
	"context"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// The methods here make a Snapshot a Reader of graph/cayley.

// Sizes counts the terms and the quads.
func (s *Snapshot) Sizes() (terms, quads int64, err error) {
	return s.view.state.Terms, s.view.state.Quads, s.view.read(func() error { return nil })
}

// Costs is what reading costs, relative to each other: the next quad or term of
// a scan, a look-up of a term, and the first quad of a scan.
func (s *Snapshot) Costs() (next, lookup, scan int64) { return 1, 2, 3 }

// ID returns the id of a term, 0 for one that is not stored. An id is never
// given to another term.
func (s *Snapshot) ID(term quad.Value) (uint64, error) { return s.view.idOf(term) }

// Term returns the term of an id, nil where there is none.
func (s *Snapshot) Term(id uint64) (quad.Value, error) { return s.view.value(id) }

// Quad returns the terms of a quad.
func (s *Snapshot) Quad(ids [4]uint64) (quad.Quad, error) { return s.view.quad(ids) }

// HasIDs reports whether a quad is stored.
func (s *Snapshot) HasIDs(ids [4]uint64) (bool, error) { return s.view.has(ids) }

// CountIDs counts the quads that match a pattern, in which 0 matches anything,
// once for all snapshots of one state.
func (s *Snapshot) CountIDs(ctx context.Context, ids [4]uint64) (int64, error) {
	p := quadfile.TuplePattern(ids)
	if n, ok := s.view.recall.sizes.get(p); ok {
		return n, nil
	}
	n, err := s.view.countIDs(ctx, p)
	if err == nil {
		s.view.recall.sizes.put(p, n)
	}
	return n, err
}

// NewScan returns a scan of quads by ids, in the order of the index used.
func (s *Snapshot) NewScan() rdf.Scan { return &idScan{view: s.view} }

// idScan is a scan that begins when it is first asked for a block.
type idScan struct {
	view  *view
	want  quadfile.TuplePattern
	scan  scan
	begun bool
}

// Begin starts to read the quads that match a pattern.
func (r *idScan) Begin(pattern [4]uint64) { r.want, r.begun = pattern, false }

// Next returns the next block, which is valid until the next call.
func (r *idScan) Next(context.Context) (block [][4]uint64, err error) {
	if !r.begun {
		room := r.scan.block[:0]
		r.scan, err = r.view.scan(r.want)
		r.scan.block, r.begun = room, true
	}
	for err == nil && !r.scan.done {
		if err = r.scan.load(); err == nil && len(r.scan.block) > 0 {
			return r.scan.block, nil
		}
	}
	r.scan.done = true
	return nil, err
}

// countedTerms is how many terms of an interval are counted. Of more it is
// learned from the index about how many there are.
const countedTerms = 1 << 8

// CountTerms counts the terms of an interval, and is exact where they are few.
func (s *Snapshot) CountTerms(in rdf.Interval) (n int64, exact bool, err error) {
	r, err := in.Range()
	if err != nil {
		return 0, false, err
	}
	return s.view.rangeSize(r)
}

// rangeSize is how many terms are in a range: exact if these are few, else from
// where the range lies in the main table.
func (v *view) rangeSize(want rdf.Range) (size int64, exact bool, err error) {
	terms := v.terms(want)
	for size < countedTerms {
		if id, err := terms.next(); err != nil || id == 0 {
			return size, true, err
		}
		size++
	}
	if v.keys == nil || v.keys.Tree == nil {
		return max(v.state.Terms/2, countedTerms), false, nil
	}
	part, r := 1.0, terms.keyRange()
	err = v.read(func() error {
		c := v.keys.Cursor()
		if r.High != nil {
			part = c.Share(r.High)
		}
		part -= c.Share(r.Low)
		return nil
	})
	return max(int64(part*float64(v.state.Terms)), countedTerms), false, err
}

// ScanTerms returns a function that reads the ids of the terms of an interval in
// the order of the terms, and those of all terms in the order of the ids, a block
// at each call, which is valid until the next one; an empty block is the end.
func (s *Snapshot) ScanTerms(in rdf.Interval) func(context.Context) ([]uint64, error) {
	if in.All() {
		r := allReader{view: s.view}
		return r.next
	}
	want, err := in.Range()
	if err != nil {
		return func(context.Context) ([]uint64, error) { return nil, err }
	}
	terms := s.view.terms(want)
	return func(context.Context) ([]uint64, error) { return terms.block() }
}

// allReader reads the ids of all terms.
type allReader struct {
	view *view
	ids  []uint64
	last uint64
}

func (r *allReader) next(context.Context) (ids []uint64, err error) {
	if r.ids, err = r.view.idsAfter(r.ids[:0], r.last); len(r.ids) > 0 {
		r.last = r.ids[len(r.ids)-1]
	}
	return r.ids, err
}

// idsAfter appends the ids of one block that come after last.
func (v *view) idsAfter(dst []uint64, last uint64) ([]uint64, error) {
	err := v.read(func() error {
		m := v.nameLayers().From(context.Background(), quadfile.AppendID(nil, last+1))
		for len(dst) == 0 {
			block, err := m.Next()
			if err != nil || len(block) == 0 {
				return err
			}
			for _, e := range block {
				if e.ID > last {
					dst = append(dst, e.ID)
				}
			}
		}
		return nil
	})
	return dst, err
}
