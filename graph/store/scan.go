package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// plan chooses the index with the smallest span for a pattern: the one that
// fixes most places, and of equal ones the smaller as far as a few blocks tell.
func (v *view) plan(p quadfile.TuplePattern) (quadfile.Span, error) {
	best := quadfile.SpanOf(quadfile.SPOL, p)
	for i := quadfile.POSL; i < quadfile.IndexCount; i++ {
		s := quadfile.SpanOf(i, p)
		if s.Fixed == best.Fixed && s.Fixed > 0 && s.Fixed < p.Fixed() {
			smaller, err := v.smaller(s, best)
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

// planBlocks bounds how many blocks plan looks at.
const planBlocks = 64

func (v *view) smaller(a, b quadfile.Span) (bool, error) {
	na, err := v.countSpan(a, planBlocks)
	if err != nil {
		return false, err
	}
	nb, err := v.countSpan(b, planBlocks)
	return na < nb, err
}

// countSpan counts the tuples of a span. With a limit it stops after so many
// blocks of a table and returns what it has counted until then.
func (v *view) countSpan(s quadfile.Span, blocks int) (total int64, err error) {
	err = v.read(func() error {
		return v.quads(s.Index).Tables(func(t *quadfile.TupleTable, sign int64) error {
			n, err := s.CountIn(t, blocks)
			total += sign * n
			return err
		})
	})
	return total, err
}

// scan walks a span block by block and keeps the tuples that match a pattern.
// Tuples come unpacked, in the order of the index.
type scan struct {
	view   *view
	span   quadfile.Span
	filter quadfile.TuplePattern
	cursor quadfile.Cursor
	open   quadfile.CheckedBlock // where the cursor stands
	begun  bool
	layers *quadfile.Merger[quadfile.Tuple, quadfile.TupleCoder]
	block  []quadfile.Tuple
	at     int
	total  int64 // that were loaded
	done   bool
}

func (v *view) scan(p quadfile.TuplePattern) (scan, error) {
	s, err := v.plan(p)
	return scan{view: v, span: s, filter: p}, err
}

// scanSpan walks all tuples of a span.
func (v *view) scanSpan(s quadfile.Span) *scan { return &scan{view: v, span: s} }

// some returns the next tuples, at most n, none at the end. They are valid until
// the next call.
func (s *scan) some(n int) ([]quadfile.Tuple, error) {
	if _, ok, err := s.next(); !ok {
		return nil, err
	}
	from := s.at - 1
	s.at = min(from+n, len(s.block))
	return s.block[from:s.at], nil
}

// next returns the next tuple; ok is false at the end.
func (s *scan) next() (q quadfile.Tuple, ok bool, err error) {
	for s.at == len(s.block) {
		if s.done {
			return quadfile.Tuple{}, false, nil
		}
		if err := s.load(); err != nil {
			s.done = true
			return quadfile.Tuple{}, false, err
		}
	}
	s.at++
	return s.block[s.at-1], true, nil
}

// load replaces the block by the next one, or sets done.
func (s *scan) load() error {
	s.block, s.at = s.block[:0], 0
	err := s.view.read(func() error {
		switch {
		case s.layers != nil:
			return s.loadLayers()
		case s.begun:
			return s.loadNext()
		}
		if over, err := s.changed(); err != nil {
			return err
		} else if len(over) > 0 {
			l := quadfile.Layers[quadfile.Tuple, quadfile.TupleCoder]{Base: s.view.index[s.span.Index], Over: over}
			s.layers = l.From(context.Background(), quadfile.TupleKey(s.span.Prefix))
			return s.loadLayers()
		}
		return s.loadFirst()
	})
	if s.total += int64(len(s.block)); err == nil && s.done {
		err = s.checkTotal()
	}
	return err
}

// checkTotal compares the quads of a scan of all with how many there are to be.
func (s *scan) checkTotal() error {
	whole := s.span.Index == quadfile.SPOL && s.span.Fixed == 0 && s.filter == (quadfile.TuplePattern{}) && s.view.tx == nil
	if whole && s.total != s.view.state.Quads {
		return fmt.Errorf("%w: %d quads were read, the record says %d", ErrDamaged, s.total, s.view.state.Quads)
	}
	return nil
}

// changed is the layers that change the span: few do, for one node.
func (s *scan) changed() (over []quadfile.SignedTable[quadfile.Tuple, quadfile.TupleCoder], err error) {
	for _, o := range s.view.over {
		change := o.Quads(s.span.Index)
		for _, t := range []**quadfile.TupleTable{&change.Plus, &change.Minus} {
			any, err := s.span.AnyIn(*t)
			if err != nil {
				return nil, err
			}
			if !any {
				*t = nil
			}
		}
		if change.Plus != nil || change.Minus != nil {
			over = append(over, change)
		}
	}
	return over, nil
}

// loadLayers is load where there is more than one layer.
func (s *scan) loadLayers() error {
	entries, err := s.layers.Next()
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		s.done = true
		return nil
	}
	s.keep(append(s.block, entries...))
	return nil
}

// loadFirst reads no more of the first block than what lies in the span.
func (s *scan) loadFirst() error {
	t := s.view.index[s.span.Index]
	s.cursor, s.begun = t.Cursor(), true
	b, ok, err := t.Seek(&s.cursor, quadfile.TupleKey(s.span.Prefix))
	if s.done = !ok; s.done || err != nil {
		return err
	}
	block, past, err := s.span.Decode(s.block, t, &b)
	if err != nil {
		return err
	}
	s.done, s.open = past || s.span.CompareNext(&b) > 0, b
	s.accept(block)
	return nil
}

func (s *scan) loadNext() error {
	t := s.view.index[s.span.Index]
	b, ok, err := t.Step(&s.cursor, &s.open)
	if s.done = !ok; s.done || err != nil {
		return err
	}
	block, err := t.Unpack(s.block, &b)
	if err != nil {
		return err
	}
	s.open = b
	s.keep(block)
	s.done = s.done || s.span.CompareNext(&b) > 0
	return nil
}

// keep makes what matches of some tuples of the index the block.
func (s *scan) keep(block []quadfile.Tuple) {
	low, high := s.span.Within(block)
	s.done = high < len(block)
	s.accept(block[low:high])
}

// accept makes what matches of some tuples of the span the block.
func (s *scan) accept(block []quadfile.Tuple) {
	s.block = block
	quadfile.UnpackTuples(s.block, s.span.Index)
	if s.span.Fixed < s.filter.Fixed() {
		s.block = slices.DeleteFunc(s.block, func(q quadfile.Tuple) bool { return !s.filter.Matches(q) })
	}
}
