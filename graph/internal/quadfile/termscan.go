package quadfile

import (
	"bytes"
	"context"

	"github.com/entente-kg/entente/graph/internal/rdf"
)

// TermScan walks the ids of the terms in a range, in the order of their keys.
type TermScan struct {
	reader *Reader
	want   rdf.Range
	check  bool // terms must be compared: keys do not show the order of long terms
	layers *Merger[KeyEntry, KeyCoder]
	ids    []uint64
	at     int
	done   bool
}

// ScanTerms returns a scan of the terms in a range.
func (r *Reader) ScanTerms(want rdf.Range) *TermScan {
	return &TermScan{reader: r, want: want, check: len(want.Low) > LongTerm || len(want.High) > LongTerm}
}

// Next returns the next id, 0 at the end.
func (s *TermScan) Next() (uint64, error) {
	for {
		for s.at == len(s.ids) {
			if s.done {
				return 0, nil
			}
			if err := s.load(); err != nil {
				s.done = true
				return 0, err
			}
		}
		id := s.ids[s.at]
		s.at++
		if !s.check {
			return id, nil
		}
		term, err := s.reader.EncodedTerm(id)
		if err != nil || s.want.Contains(term) {
			return id, err
		}
	}
}

// Block returns the ids of the next block, none at the end.
func (s *TermScan) Block() ([]uint64, error) {
	for !s.done {
		if err := s.load(); err != nil {
			s.done = true
			return nil, err
		}
		if s.check {
			if err := s.drop(); err != nil {
				return nil, err
			}
		}
		if len(s.ids) > 0 {
			return s.ids, nil
		}
	}
	return nil, nil
}

// drop removes the ids of terms outside the range.
func (s *TermScan) drop() error {
	kept := s.ids[:0]
	for _, id := range s.ids {
		term, err := s.reader.EncodedTerm(id)
		if err != nil {
			return err
		}
		if s.want.Contains(term) {
			kept = append(kept, id)
		}
	}
	s.ids = kept
	return nil
}

func (s *TermScan) load() error {
	s.ids, s.at = s.ids[:0], 0
	r := s.keyRange()
	return s.reader.Read(func() error {
		if s.layers == nil {
			s.layers = s.reader.KeyLayers().From(context.Background(), r.Low)
		}
		block, err := s.layers.Next()
		s.done = len(block) == 0
		for _, e := range block {
			if s.done = r.High != nil && bytes.Compare(e.Key, r.High) >= 0; s.done {
				break
			}
			if bytes.Compare(e.Key, r.Low) >= 0 {
				s.ids = append(s.ids, e.ID)
			}
		}
		return err
	})
}

// keyRange returns a range that has the keys of all terms in the range, and may
// have others.
func (s *TermScan) keyRange() rdf.Range {
	r := s.want
	r.Low = r.Low[:min(len(r.Low), LongTerm)]
	if len(r.High) > LongTerm {
		r.High = rdf.PrefixRange(r.High[:LongTerm]).High
	}
	return r
}

// countedTerms is the maximum number of terms of a range that are counted exactly.
// A greater number is estimated from the index.
const countedTerms = 1 << 8

// rangeKey is a range as the key of a map.
type rangeKey struct {
	low, high string
	open      bool // the range has no upper bound
}

// termCount is the number of terms in a range: exact, or estimated.
type termCount struct {
	size  int64
	exact bool
}

// CountTerms returns the number of terms in a range: exact if there are few,
// otherwise estimated from the position of the range in the main table. The readers of
// one state share the counts.
func (r *Reader) CountTerms(want rdf.Range) (size int64, exact bool, err error) {
	key := rangeKey{string(want.Low), string(want.High), want.High == nil}
	n, ok := r.Cache.ranges.get(key)
	if !ok {
		if n, err = r.countTerms(want); err == nil {
			r.Cache.ranges.put(key, n)
		}
	}
	return n.size, n.exact, err
}

func (r *Reader) countTerms(want rdf.Range) (termCount, error) {
	terms, size := r.ScanTerms(want), int64(0)
	for size < countedTerms {
		if id, err := terms.Next(); err != nil || id == 0 {
			return termCount{size, true}, err
		}
		size++
	}
	if r.Keys == nil || r.Keys.tree == nil {
		return termCount{max(r.Record.Terms/2, countedTerms), false}, nil
	}
	part, keys := 1.0, terms.keyRange()
	err := r.Read(func() error {
		c := r.Keys.Cursor()
		if keys.High != nil {
			part = c.fractionBefore(keys.High)
		}
		part -= c.fractionBefore(keys.Low)
		return nil
	})
	return termCount{max(int64(part*float64(r.Record.Terms)), countedTerms), false}, err
}

// AllTerms returns a function that reads the ids of all terms, a block at each
// call.
func (r *Reader) AllTerms() func(context.Context) ([]uint64, error) {
	all := allTermsScan{reader: r}
	return all.next
}

// allTermsScan reads the ids of all terms.
type allTermsScan struct {
	reader *Reader
	ids    []uint64
	last   uint64
}

func (r *allTermsScan) next(context.Context) (ids []uint64, err error) {
	if r.ids, err = r.reader.idsAfter(r.ids[:0], r.last); len(r.ids) > 0 {
		r.last = r.ids[len(r.ids)-1]
	}
	return r.ids, err
}

// idsAfter appends the ids after last of one block.
func (r *Reader) idsAfter(dst []uint64, last uint64) ([]uint64, error) {
	err := r.Read(func() error {
		m := r.TermLayers().From(context.Background(), AppendID(nil, last+1))
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
