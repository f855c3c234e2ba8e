package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"
)

// pattern is a quad of ids in which 0 means any.
type pattern tuple

// matches reports whether an unpacked tuple has all ids of the pattern.
func (p pattern) matches(q tuple) bool {
	for i, id := range p {
		if id != 0 && q[i] != id {
			return false
		}
	}
	return true
}

// prefixIn is how many leading places of an index the pattern fixes.
func (p pattern) prefixIn(o order) (n int) {
	for n < len(o) && p[o[n]] != 0 {
		n++
	}
	return n
}

// bound is how many parts the pattern fixes.
func (p pattern) bound() (n int) {
	for _, id := range p {
		if id != 0 {
			n++
		}
	}
	return n
}

// span is the part of an index whose tuples begin with the first n ids of
// prefix.
type span struct {
	index  int
	prefix tuple
	n      int
}

func (s span) compare(t tuple) int {
	for i := range s.n {
		if t[i] != s.prefix[i] {
			if t[i] < s.prefix[i] {
				return -1
			}
			return 1
		}
	}
	return 0
}

func spanOf(index int, p pattern) span {
	n := p.prefixIn(indexOrders[index])
	s := span{index: index, n: n}
	full := indexOrders[index].pack(tuple(p))
	copy(s.prefix[:n], full[:n])
	return s
}

// plan chooses the index with the smallest span for a pattern: the one that
// fixes most places, and of equal ones the smaller as far as a few blocks tell.
func (v *view) plan(p pattern) (span, error) {
	best := spanOf(spol, p)
	for i := posl; i < indexes; i++ {
		s := spanOf(i, p)
		if s.n == best.n && s.n > 0 && s.n < p.bound() {
			smaller, err := v.smaller(s, best)
			if err != nil {
				return best, err
			}
			if smaller {
				best = s
			}
		} else if s.n > best.n {
			best = s
		}
	}
	return best, nil
}

// planBlocks bounds how many blocks plan looks at.
const planBlocks = 64

func (v *view) smaller(a, b span) (bool, error) {
	na, err := v.countSpan(a, planBlocks)
	if err != nil {
		return false, err
	}
	nb, err := v.countSpan(b, planBlocks)
	return na < nb, err
}

// countSpan counts the tuples of a span. With a limit it stops after so many
// blocks of a table and returns what it has counted until then.
func (v *view) countSpan(s span, blocks int) (total int64, err error) {
	err = v.read(func() error {
		return v.quads(s.index).tables(func(t *tupleTable, sign int64) error {
			n, err := s.countIn(t, blocks)
			total += sign * n
			return err
		})
	})
	return total, err
}

func (s span) countIn(t *tupleTable, blocks int) (total int64, err error) {
	c := t.cursor()
	b, ok, err := t.seek(&c, tupleKey(s.prefix))
	for n := 0; ok && (blocks == 0 || n < blocks); n++ {
		count, err := s.countBlock(t, &b)
		if err != nil {
			return 0, err
		}
		total += count
		if s.compareNext(&b) > 0 {
			break
		}
		if b, ok, err = t.step(&c, &b); err != nil {
			return 0, err
		}
	}
	return total, err
}

// countBlock reads only the head of a block that lies in the span as a whole.
func (s span) countBlock(t *tupleTable, b *openBlock) (n int64, err error) {
	if s.compareKey(b.key) == 0 && s.compareNext(b) == 0 {
		return int64(b.n), nil
	}
	var scratch [128]tuple
	block, _, err := s.decode(scratch[:0], t, b)
	return int64(len(block)), err
}

// compareNext compares the next block's key with the span; no key is after the
// end of the table, but in a span of all.
func (s span) compareNext(b *openBlock) int {
	if b.last() {
		return min(s.n, 1)
	}
	var room [4 * idSize]byte
	return s.compareKey(b.nextKey(room[:0]))
}

func (s span) compareKey(key []byte) int {
	if len(key) != 4*idSize {
		return 0 // the block itself is reported as damaged
	}
	return bytes.Compare(key[:s.n*idSize], tupleKey(s.prefix)[:s.n*idSize])
}

// scan walks a span block by block and keeps the tuples that match a pattern.
// Tuples come unpacked, in the order of the index.
type scan struct {
	view   *view
	span   span
	filter pattern
	cursor cursor
	open   openBlock // where the cursor stands
	begun  bool
	layers *merger[tuple, tuples]
	block  []tuple
	at     int
	total  int64 // that were loaded
	done   bool
}

func (v *view) scan(p pattern) (scan, error) {
	s, err := v.plan(p)
	return scan{view: v, span: s, filter: p}, err
}

// some returns the next tuples, at most n, none at the end. They are valid until
// the next call.
func (s *scan) some(n int) ([]tuple, error) {
	if _, ok, err := s.next(); !ok {
		return nil, err
	}
	from := s.at - 1
	s.at = min(from+n, len(s.block))
	return s.block[from:s.at], nil
}

// next returns the next tuple; ok is false at the end.
func (s *scan) next() (q tuple, ok bool, err error) {
	for s.at == len(s.block) {
		if s.done {
			return tuple{}, false, nil
		}
		if err := s.load(); err != nil {
			s.done = true
			return tuple{}, false, err
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
			l := layers[tuple, tuples]{s.view.index[s.span.index], over}
			s.layers = l.from(context.Background(), tupleKey(s.span.prefix))
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
	whole := s.span.index == spol && s.span.n == 0 && s.filter == (pattern{}) && s.view.tx == nil
	if whole && s.total != s.view.state.quads {
		return fmt.Errorf("%w: %d quads were read, the record says %d", ErrDamaged, s.total, s.view.state.quads)
	}
	return nil
}

// changed is the layers that change the span: few do, for one node.
func (s *scan) changed() (over []signedTable[tuple, tuples], err error) {
	for _, o := range s.view.over {
		change := o.quads(s.span.index)
		for _, t := range []**tupleTable{&change.plus, &change.minus} {
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

// loadLayers is load where there is more than one layer.
func (s *scan) loadLayers() error {
	entries, err := s.layers.next()
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
	t := s.view.index[s.span.index]
	s.cursor, s.begun = t.cursor(), true
	b, ok, err := t.seek(&s.cursor, tupleKey(s.span.prefix))
	if s.done = !ok; s.done || err != nil {
		return err
	}
	block, past, err := s.span.decode(s.block, t, &b)
	if err != nil {
		return err
	}
	s.done, s.open = past || s.span.compareNext(&b) > 0, b
	s.accept(block)
	return nil
}

func (s *scan) loadNext() error {
	t := s.view.index[s.span.index]
	b, ok, err := t.step(&s.cursor, &s.open)
	if s.done = !ok; s.done || err != nil {
		return err
	}
	block, err := t.unpack(s.block, &b)
	if err != nil {
		return err
	}
	s.open = b
	s.keep(block)
	s.done = s.done || s.span.compareNext(&b) > 0
	return nil
}

// keep makes what matches of some tuples of the index the block.
func (s *scan) keep(block []tuple) {
	low, high := s.span.within(block)
	s.done = high < len(block)
	s.accept(block[low:high])
}

// accept makes what matches of some tuples of the span the block.
func (s *scan) accept(block []tuple) {
	s.block = block
	unpackAll(s.block, s.span.index)
	if s.span.n < s.filter.bound() {
		s.block = slices.DeleteFunc(s.block, func(q tuple) bool { return !s.filter.matches(q) })
	}
}

// unpackAll brings tuples of an index into the order of their parts.
func unpackAll(block []tuple, index int) {
	switch index {
	case posl:
		for i, t := range block {
			block[i] = tuple{t[2], t[0], t[1], t[3]}
		}
	case ospl:
		for i, t := range block {
			block[i] = tuple{t[1], t[2], t[0], t[3]}
		}
	case lspo:
		for i, t := range block {
			block[i] = tuple{t[1], t[2], t[3], t[0]}
		}
	}
}

// decode appends those entries of a block that lie in a span; past is
// whether others come after them. It reads no further than it must.
func (s span) decode(dst []tuple, t *tupleTable, b *openBlock) (out []tuple, past bool, err error) {
	left, src, key := b.n, b.entries, b.key
	if len(key) != 4*idSize {
		return dst, false, t.damaged(key, "entry")
	}
	var part [33]tuple
	part[0] = keyTuple(key)
	for fresh := part[:1]; ; {
		if s.compare(fresh[len(fresh)-1]) >= 0 {
			low, high := s.within(fresh)
			if dst = append(dst, fresh[low:high]...); high < len(fresh) {
				return dst, true, nil
			}
		}
		if left -= len(fresh); left == 0 {
			break
		}
		part[0] = fresh[len(fresh)-1]
		fresh = part[1:min(left+1, len(part))]
		if src = readTuples(part[:len(fresh)+1], src); src == nil {
			return dst, false, t.damaged(key, "entry")
		}
	}
	if len(src) > 0 {
		return dst, false, t.damaged(key, "entry")
	}
	return dst, false, nil
}
