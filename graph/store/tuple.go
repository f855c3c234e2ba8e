package store

import (
	"cmp"
	"encoding/binary"
	"errors"

	"github.com/cayleygraph/quad"
)

// maxID is the largest id of a term: ids take five bytes on disk.
const maxID = 1<<40 - 1

// idSize is the length of an id in a key.
const idSize = 5

// tuple is one quad as ids: in the order subject, predicate, object, label
// outside an index, and in the index's own order inside it. A label of 0 means
// that the quad has none.
type tuple [4]uint64

func compareTuples(a, b tuple) int {
	for i := range a {
		if a[i] != b[i] {
			return cmp.Compare(a[i], b[i])
		}
	}
	return 0
}

// order lists which part of a quad comes at each place of an index.
type order [4]int

const (
	spol = iota
	posl
	ospl
	lspo
	indexes
)

var (
	indexNames  = [indexes]string{"spol", "posl", "ospl", "lspo"}
	indexOrders = [indexes]order{{0, 1, 2, 3}, {1, 2, 0, 3}, {2, 0, 1, 3}, {3, 0, 1, 2}}
)

func (o order) pack(q tuple) tuple { return tuple{q[o[0]], q[o[1]], q[o[2]], q[o[3]]} }

func (o order) unpack(t tuple) (q tuple) {
	for i, part := range o {
		q[part] = t[i]
	}
	return q
}

// part is the place of a direction in an unpacked tuple, -1 for none.
func part(d quad.Direction) int {
	if d < quad.Subject || d > quad.Label {
		return -1
	}
	return int(d - quad.Subject)
}

func appendID(dst []byte, id uint64) []byte {
	return append(dst, byte(id>>32), byte(id>>24), byte(id>>16), byte(id>>8), byte(id))
}

func readID(b []byte) uint64 {
	return uint64(b[0])<<32 | uint64(binary.BigEndian.Uint32(b[1:]))
}

func tupleKey(t tuple) []byte {
	key := make([]byte, 0, 4*idSize)
	for _, id := range t {
		key = appendID(key, id)
	}
	return key
}

var errEntry = errors.New("bad entry")

// tuples codes the blocks of the four indexes. The first tuple of a block is
// its key. Every other is a control byte, then varints:
//
//	bits 0-1  the first place c that differs from the tuple before
//	bit 2     the last place is that of the tuple before (never with c = 3)
//	bits 3-7  how much place c grew, 0 when the amount follows as a varint
//
// and then the ids at the places after c, without the last when bit 2 is set.
type tuples struct{}

const sameLast = 1 << 2

func (tuples) compare(a, b tuple) int           { return compareTuples(a, b) }
func (tuples) clone(t tuple) tuple              { return t }
func (tuples) key(t tuple) []byte               { return tupleKey(t) }
func (tuples) first(dst []byte, _ tuple) []byte { return dst }

func (tuples) next(dst []byte, prev, t tuple) []byte {
	c := 0
	for c < 3 && t[c] == prev[c] {
		c++
	}
	control, grew, end := byte(c), t[c]-prev[c], 4
	if c < 3 && t[3] == prev[3] {
		control |= sameLast
		end = 3
	}
	if grew < 32 {
		dst = append(dst, control|byte(grew)<<3)
	} else {
		dst = binary.AppendUvarint(append(dst, control), grew)
	}
	for i := c + 1; i < end; i++ {
		dst = binary.AppendUvarint(dst, t[i])
	}
	return dst
}

func (tuples) readFirst(key, src []byte, t *tuple) ([]byte, error) {
	if len(key) != 4*idSize {
		return nil, errEntry
	}
	for i := range t {
		t[i] = readID(key[i*idSize:])
	}
	return src, nil
}

func (tuples) readNext(src []byte, t *tuple) ([]byte, error) {
	if len(src) == 0 {
		return nil, errEntry
	}
	control := src[0]
	c, grew, end := int(control&3), uint64(control>>3), 4
	src = src[1:]
	if grew == 0 {
		if grew, src = uvarint(src); grew == 0 {
			return nil, errEntry
		}
	}
	if control&sameLast != 0 {
		end = 3
	}
	if t[c] += grew; t[c] > maxID || grew > maxID || c == 3 && end == 3 {
		return nil, errEntry
	}
	for i := c + 1; i < end; i++ {
		if t[i], src = uvarint(src); src == nil || t[i] > maxID {
			return nil, errEntry
		}
	}
	return src, nil
}

// uvarint reads a number of at most nine bytes; the rest is nil when there is
// none.
func uvarint(src []byte) (uint64, []byte) {
	if len(src) > 0 && src[0] < 0x80 {
		return uint64(src[0]), src[1:]
	}
	n, size := binary.Uvarint(src)
	if size <= 0 {
		return 0, nil
	}
	return n, src[size:]
}
