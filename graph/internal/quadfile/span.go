package quadfile

import (
	"bytes"
	"slices"
)

// TuplePattern is a quad of ids in which 0 matches any id.
type TuplePattern Tuple

// Matches reports whether an unpacked tuple has all ids of the pattern.
func (p TuplePattern) Matches(q Tuple) bool {
	for i, id := range p {
		if id != 0 && q[i] != id {
			return false
		}
	}
	return true
}

// prefixIn returns the number of leading places of an index that the pattern
// fixes.
func (p TuplePattern) prefixIn(o order) (n int) {
	for n < len(o) && p[o[n]] != 0 {
		n++
	}
	return n
}

// fixed returns the number of parts that the pattern fixes.
func (p TuplePattern) fixed() (n int) {
	for _, id := range p {
		if id != 0 {
			n++
		}
	}
	return n
}

// Span is the part of an index whose tuples begin with the first Fixed ids of
// Prefix.
type Span struct {
	Index  int
	Prefix Tuple
	Fixed  int
}

func (s Span) compare(t Tuple) int {
	for i := range s.Fixed {
		if t[i] != s.Prefix[i] {
			if t[i] < s.Prefix[i] {
				return -1
			}
			return 1
		}
	}
	return 0
}

func spanOf(index int, p TuplePattern) Span {
	n := p.prefixIn(IndexOrders[index])
	s := Span{Index: index, Fixed: n}
	full := IndexOrders[index].Pack(Tuple(p))
	copy(s.Prefix[:n], full[:n])
	return s
}

func (s Span) countIn(t *TupleTable, blocks int) (total int64, err error) {
	c := t.Cursor()
	b, ok, err := t.seek(&c, TupleKey(s.Prefix))
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

// countBlock counts the tuples of a block in the span. It reads only the head of a
// block that is completely in the span.
func (s Span) countBlock(t *TupleTable, b *CheckedBlock) (n int64, err error) {
	if s.compareKey(b.Key) == 0 && s.compareNext(b) == 0 {
		return int64(b.count), nil
	}
	var scratch [128]Tuple
	block, _, err := s.decode(scratch[:0], t, b)
	return int64(len(block)), err
}

// compareNext compares the next block's key with the span. The end of the table
// is after every span, except the span of the whole index.
func (s Span) compareNext(b *CheckedBlock) int {
	if b.Last() {
		return min(s.Fixed, 1)
	}
	var buffer [4 * IDSize]byte
	return s.compareKey(b.nextKey(buffer[:0]))
}

func (s Span) compareKey(key []byte) int {
	if len(key) != 4*IDSize {
		return 0 // the block itself is reported as damaged
	}
	return bytes.Compare(key[:s.Fixed*IDSize], TupleKey(s.Prefix)[:s.Fixed*IDSize])
}

// unpackTuples changes tuples from the order of an index to the order of their
// parts.
func unpackTuples(block []Tuple, index int) {
	switch index {
	case POSL:
		for i, t := range block {
			block[i] = Tuple{t[2], t[0], t[1], t[3]}
		}
	case OSPL:
		for i, t := range block {
			block[i] = Tuple{t[1], t[2], t[0], t[3]}
		}
	case LSPO:
		for i, t := range block {
			block[i] = Tuple{t[1], t[2], t[3], t[0]}
		}
	}
}

// decode appends the entries of a block that are in the span; past reports whether
// entries after the span follow. It reads no further than necessary.
func (s Span) decode(dst []Tuple, t *TupleTable, b *CheckedBlock) (out []Tuple, past bool, err error) {
	left, src, key := b.count, b.entries, b.Key
	if len(key) != 4*IDSize {
		return dst, false, t.Damaged(key, "entry")
	}
	var part [33]Tuple
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
			return dst, false, t.Damaged(key, "entry")
		}
	}
	if len(src) > 0 {
		return dst, false, t.Damaged(key, "entry")
	}
	return dst, false, nil
}

// inOneBlock appends the entries of a table that are in the span; ok is false if they are
// in more than one block.
func (s Span) inOneBlock(dst []Tuple, t *TupleTable) (entries []Tuple, ok bool, err error) {
	c := t.Cursor()
	b, ok, err := t.seek(&c, TupleKey(s.Prefix))
	if err != nil || !ok {
		return dst, err == nil, err
	}
	dst, past, err := s.decode(dst, t, &b)
	return dst, err == nil && (past || s.compareNext(&b) > 0), err
}

// editsInOneBlock is inOneBlock for the changes that a table of a level makes.
func (s Span) editsInOneBlock(dst []Edit[Tuple], t *TupleTable, remove bool) (edits []Edit[Tuple], ok bool, err error) {
	var scratch [32]Tuple
	entries, ok, err := s.inOneBlock(scratch[:0], t)
	for _, e := range entries {
		dst = append(dst, Edit[Tuple]{e, remove})
	}
	return dst, ok, err
}

// anyIn reports whether a table has a tuple in the span.
func (s Span) anyIn(t *TupleTable) (bool, error) {
	if t == nil {
		return false, nil
	}
	c := t.Cursor()
	b, ok, err := t.seek(&c, TupleKey(s.Prefix))
	for ok {
		var scratch [64]Tuple
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

// within returns the bounds of the tuples in the span, among sorted tuples.
func (s Span) within(block []Tuple) (low, high int) {
	if s.Fixed == 0 {
		return 0, len(block)
	}
	side := func(after int) int {
		at, _ := slices.BinarySearchFunc(block, after, func(t Tuple, after int) int {
			if s.compare(t) < after {
				return -1
			}
			return 1
		})
		return at
	}
	return side(0), side(1)
}
