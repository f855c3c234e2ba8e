package store

import (
	"bytes"
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

// anyIn reports whether a table has a tuple of the span.
func (s span) anyIn(t *tupleTable) (bool, error) {
	if t == nil {
		return false, nil
	}
	c := t.cursor()
	b, ok, err := t.seek(&c, tupleKey(s.prefix))
	for ok {
		var scratch [64]tuple
		block, past, err := s.decode(scratch[:0], t, &b)
		if err != nil || past || len(block) > 0 {
			return len(block) > 0, err
		}
		if s.compareNext(&b) > 0 {
			return false, nil
		}
		if b, ok, err = t.step(&c, &b); err != nil {
			return false, err
		}
	}
	return false, err
}

// within is which of the sorted tuples lie in the span.
func (s span) within(block []tuple) (low, high int) {
	if s.n == 0 {
		return 0, len(block)
	}
	side := func(after int) int {
		at, _ := slices.BinarySearchFunc(block, after, func(t tuple, after int) int {
			if s.compare(t) < after {
				return -1
			}
			return 1
		})
		return at
	}
	return side(0), side(1)
}
