package quadfile

import (
	"context"
	"fmt"
	"slices"
)

// plan chooses the index with the smallest span for a pattern: the index that
// fixes most places, and among equal ones the smaller span according to the first
// blocks.
func (r *Reader) plan(p TuplePattern) (Span, error) { return planWith(p, r.smaller) }

// planWith is plan with a function that reports whether one of two spans is smaller.
func planWith(p TuplePattern, isSmaller func(a, b Span) (bool, error)) (Span, error) {
	best := spanOf(SPOL, p)
	for i := POSL; i < IndexCount; i++ {
		s := spanOf(i, p)
		if s.Fixed == best.Fixed && s.Fixed > 0 && s.Fixed < p.fixed() {
			smaller, err := isSmaller(s, best)
			if err != nil {
				return best, err
			}
			if smaller {
				best = s
			}
		} else if s.Fixed > best.Fixed {
			best = s
		}
	}
	return best, nil
}

// planBlocks is the maximum number of blocks that plan reads.
const planBlocks = 64

func (r *Reader) smaller(a, b Span) (bool, error) {
	na, err := r.CountSpan(a, planBlocks)
	if err != nil {
		return false, err
	}
	nb, err := r.CountSpan(b, planBlocks)
	return na < nb, err
}

// smallerOfAny is smaller for spans of any size: it reads ever more blocks, until it has
// read one of the spans to its end.
func (r *Reader) smallerOfAny(a, b Span) (bool, error) {
	var na, nb int64
	for blocks := planBlocks; ; blocks *= 4 {
		ma, err := r.CountSpan(a, blocks)
		if err != nil {
			return false, err
		}
		mb, err := r.CountSpan(b, blocks)
		if err != nil || ma == na || mb == nb {
			return ma < mb, err
		}
		na, nb = ma, mb
	}
}

// CountSpan counts the tuples of a span. If blocks is not 0, it stops after that
// many blocks of each table and returns its count so far.
func (r *Reader) CountSpan(s Span, blocks int) (total int64, err error) {
	err = r.Read(func() error {
		return r.QuadLayers(s.Index).Tables(func(t *TupleTable, sign int64) error {
			n, err := s.countIn(t, blocks)
			total += sign * n
			return err
		})
	})
	return total, err
}

// Scan walks a span block by block and returns the tuples that match a pattern.
// Tuples are unpacked, in the order of the index.
type Scan struct {
	reader *Reader
	span   Span
	filter TuplePattern
	cursor Cursor
	open   CheckedBlock // the block at the cursor
	begun  bool
	layers *Merger[Tuple, TupleCoder]
	block  []Tuple
	at     int
	total  int64 // tuples loaded so far
	done   bool
}

// Scan returns a scan of the quads that match a pattern.
func (r *Reader) Scan(p TuplePattern) (Scan, error) {
	s, err := r.plan(p)
	return Scan{reader: r, span: s, filter: p}, err
}

// ScanSpan returns a scan of all tuples of a span.
func (r *Reader) ScanSpan(s Span) *Scan { return &Scan{reader: r, span: s} }

// NextBatch returns the next tuples, at most n, and none at the end. They are
// valid until the next call.
func (s *Scan) NextBatch(n int) ([]Tuple, error) {
	if _, ok, err := s.Next(); !ok {
		return nil, err
	}
	from := s.at - 1
	s.at = min(from+n, len(s.block))
	return s.block[from:s.at], nil
}

// Next returns the next tuple; ok is false at the end.
func (s *Scan) Next() (q Tuple, ok bool, err error) {
	for s.at == len(s.block) {
		if s.done {
			return Tuple{}, false, nil
		}
		if err := s.load(); err != nil {
			s.done = true
			return Tuple{}, false, err
		}
	}
	s.at++
	return s.block[s.at-1], true, nil
}

// load replaces the current block by the next one, or sets done.
func (s *Scan) load() error {
	s.block, s.at = s.block[:0], 0
	err := s.reader.Read(func() error {
		switch {
		case s.layers != nil:
			return s.loadLayers()
		case s.begun:
			return s.loadNext()
		}
		if over, err := s.changed(); err != nil {
			return err
		} else if len(over) > 0 {
			if whole, err := s.loadWhole(over); whole || err != nil {
				return err
			}
			l := Layers[Tuple, TupleCoder]{Base: s.reader.Index[s.span.Index], Over: over}
			s.layers = l.From(context.Background(), TupleKey(s.span.Prefix))
			return s.loadLayers()
		}
		return s.loadFirst()
	})
	if s.total += int64(len(s.block)); err == nil && s.done {
		err = s.checkTotal()
	}
	return err
}

// checkTotal compares the number of quads that a scan of all quads has read with
// the record.
func (s *Scan) checkTotal() error {
	whole := s.span.Index == SPOL && s.span.Fixed == 0 && s.filter == (TuplePattern{}) && s.reader.Bolt == nil
	if whole && s.total != s.reader.Record.Quads {
		return fmt.Errorf("%w: %d quads were read, the record says %d", ErrDamaged, s.total, s.reader.Record.Quads)
	}
	return nil
}

// changed returns the layers that have entries in the span: for a single node
// there are few.
func (s *Scan) changed() (over []SignedTable[Tuple, TupleCoder], err error) {
	for _, o := range s.reader.Over {
		change := o.Quads(s.span.Index)
		for _, t := range []**TupleTable{&change.plus, &change.minus} {
			any, err := s.span.anyIn(*t)
			if err != nil {
				return nil, err
			}
			if !any {
				*t = nil
			}
		}
		if change.plus != nil || change.minus != nil {
			over = append(over, change)
		}
	}
	return over, nil
}

// loadWhole is load for several layers, if the span is within one block of each table,
// as for most nodes; otherwise it returns false.
func (s *Scan) loadWhole(over []SignedTable[Tuple, TupleCoder]) (whole bool, err error) {
	t := s.reader.Index[s.span.Index]
	entries, whole, err := s.span.inOneBlock(nil, t)
	for _, o := range over {
		var edits []Edit[Tuple]
		if err == nil && whole && o.plus != nil {
			edits, whole, err = s.span.editsInOneBlock(edits, o.plus, false)
		}
		if err == nil && whole && o.minus != nil {
			edits, whole, err = s.span.editsInOneBlock(edits, o.minus, true)
		}
		if err != nil || !whole {
			return false, err
		}
		slices.SortFunc(edits, ByIdentity[Tuple, TupleCoder])
		entries = t.merge(nil, entries, edits)
	}
	if err != nil || !whole {
		return false, err
	}
	s.done = true
	s.setBlock(append(s.block, entries...))
	return true, nil
}

// loadLayers is load for several layers.
func (s *Scan) loadLayers() error {
	entries, err := s.layers.Next()
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		s.done = true
		return nil
	}
	s.clipToSpan(append(s.block, entries...))
	return nil
}

// loadFirst reads the entries of the first block up to the end of the span.
func (s *Scan) loadFirst() error {
	t := s.reader.Index[s.span.Index]
	s.cursor, s.begun = t.Cursor(), true
	b, ok, err := t.seek(&s.cursor, TupleKey(s.span.Prefix))
	if s.done = !ok; s.done || err != nil {
		return err
	}
	block, past, err := s.span.decode(s.block, t, &b)
	if err != nil {
		return err
	}
	s.done, s.open = past || s.span.compareNext(&b) > 0, b
	s.setBlock(block)
	return nil
}

func (s *Scan) loadNext() error {
	t := s.reader.Index[s.span.Index]
	b, ok, err := t.step(&s.cursor, &s.open)
	if s.done = !ok; s.done || err != nil {
		return err
	}
	block, err := t.Unpack(s.block, &b)
	if err != nil {
		return err
	}
	s.open = b
	s.clipToSpan(block)
	s.done = s.done || s.span.compareNext(&b) > 0
	return nil
}

// clipToSpan sets the block to the given tuples that are in the span.
func (s *Scan) clipToSpan(block []Tuple) {
	low, high := s.span.within(block)
	s.done = high < len(block)
	s.setBlock(block[low:high])
}

// setBlock unpacks tuples of the span and sets the block to the matching ones.
func (s *Scan) setBlock(block []Tuple) {
	s.block = block
	unpackTuples(s.block, s.span.Index)
	if s.span.Fixed < s.filter.fixed() {
		s.block = slices.DeleteFunc(s.block, func(q Tuple) bool { return !s.filter.Matches(q) })
	}
}
