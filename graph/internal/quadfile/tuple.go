package quadfile

import (
	"cmp"
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
)

// MaxID is the greatest id of a term: ids have five bytes in the file.
const MaxID = 1<<40 - 1

// IDSize is the length of an id in a key.
const IDSize = 5

// Tuple is a quad of ids: in the order subject, predicate, object, label outside
// an index, and in the order of the index inside it. The label 0 stands for none.
type Tuple = [4]uint64

// CompareTuples compares tuples place by place.
func CompareTuples(a, b Tuple) int {
	for i := range a {
		if a[i] != b[i] {
			return cmp.Compare(a[i], b[i])
		}
	}
	return 0
}

// order lists which part of a quad is at each place of an index.
type order [4]int

const (
	SPOL = iota
	POSL
	OSPL
	LSPO
	IndexCount
)

var (
	IndexNames  = [IndexCount]string{"spol", "posl", "ospl", "lspo"}
	IndexOrders = [IndexCount]order{{0, 1, 2, 3}, {1, 2, 0, 3}, {2, 0, 1, 3}, {3, 0, 1, 2}}
)

// Pack returns a quad in the order of the index.
func (o order) Pack(q Tuple) Tuple { return Tuple{q[o[0]], q[o[1]], q[o[2]], q[o[3]]} }

// Unpack returns the quad of a tuple of the index.
func (o order) Unpack(t Tuple) (q Tuple) {
	for i, part := range o {
		q[part] = t[i]
	}
	return q
}

// AppendID appends the five bytes of an id.
func AppendID(dst []byte, id uint64) []byte {
	return append(dst, byte(id>>32), byte(id>>24), byte(id>>16), byte(id>>8), byte(id))
}

func readID(b []byte) uint64 {
	return uint64(b[0])<<32 | uint64(binary.BigEndian.Uint32(b[1:]))
}

// TupleKey returns the key of a block that begins with a tuple.
func TupleKey(t Tuple) []byte { return TupleCoder{}.AppendKey(make([]byte, 0, 4*IDSize), t) }

// ErrEntry means that an entry of a block cannot be decoded.
var ErrEntry = errors.New("bad entry")

// TupleCoder codes the blocks of the four indexes. The first tuple of a block is
// its key. Every other tuple is a control byte and varints:
//
//	bits 0-1  the first place c that differs from the tuple before
//	bit 2     the last place is the same as before (never with c = 3)
//	bits 3-7  how much place c grew, 0 when the amount follows as a varint
//
// and then the ids at the places after c, without the last when bit 2 is set.
type TupleCoder struct{}

const sameLast = 1 << 2

func (TupleCoder) Compare(a, b Tuple) int  { return CompareTuples(a, b) }
func (TupleCoder) identify(a, b Tuple) int { return CompareTuples(a, b) }

func (TupleCoder) Ascend(tuples []Tuple) bool {
	for i := 1; i < len(tuples); i++ {
		a, b := &tuples[i-1], &tuples[i]
		if a[0] < b[0] || a[0] == b[0] && (a[1] < b[1] || a[1] == b[1] && (a[2] < b[2] || a[2] == b[2] && a[3] < b[3])) {
			continue
		}
		return false
	}
	return true
}

func (TupleCoder) AppendKey(dst []byte, t Tuple) []byte {
	for _, id := range t {
		dst = AppendID(dst, id)
	}
	return dst
}

func (TupleCoder) pack(dst []byte, entries []Tuple, limit int) ([]byte, int) {
	for i := 1; i < len(entries); i++ {
		size := len(dst)
		if dst = appendTuple(dst, &entries[i-1], &entries[i]); len(dst) > limit {
			return dst[:size], i
		}
	}
	return dst, len(entries)
}

func appendTuple(dst []byte, prev, t *Tuple) []byte {
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

func (TupleCoder) decode(dst []Tuple, n int, key, src []byte) ([]Tuple, error) {
	if len(key) != 4*IDSize || n > len(src)+1 {
		return dst, ErrEntry
	}
	at := len(dst)
	dst = slices.Grow(dst, n)[:at+n]
	dst[at] = keyTuple(key)
	if rest := readTuples(dst[at:], src); rest == nil || len(rest) > 0 {
		return dst[:at], ErrEntry
	}
	return dst, nil
}

// readTuples decodes tuples into dst, after its first one. It returns the rest of
// src, nil if src is invalid. Most tuples have at most eight bytes after the first
// byte: these are read as one word, without a loop over them.
func readTuples(dst []Tuple, src []byte) []byte {
	a, b, c, d := dst[0][0], dst[0][1], dst[0][2], dst[0][3]
	for n := 1; n < len(dst); n++ {
		control, w, from := uint8(0), word{}, uint(65)
		if len(src) >= 9 {
			control, w = src[0], wordOf(src[1:])
			from = 0
		}
		grew := uint64(control >> 3)
		if grew == 0 {
			grew, from = w.varint(from)
		}
		switch control & 7 {
		case 0, 4:
			a += grew
			b, from = w.varint(from)
			c, from = w.varint(from)
		case 1, 5:
			b += grew
			c, from = w.varint(from)
		case 2, 6:
			c += grew
		default:
			d += grew
		}
		if control&7 < 3 {
			d, from = w.varint(from)
		}
		if or := a | b | c | d | grew; from > 64 || grew == 0 || or > MaxID || control&7 == 7 {
			t := dst[n-1]
			if src = readTuple(src, &t); src == nil {
				return nil
			}
			a, b, c, d = t[0], t[1], t[2], t[3]
		} else {
			src = src[1+from/8:]
		}
		dst[n] = Tuple{a, b, c, d}
	}
	return src
}

// word is eight bytes of varints; ends has a bit at the end of each varint.
type word struct{ bytes, ends uint64 }

func wordOf(src []byte) word {
	w := binary.LittleEndian.Uint64(src)
	return word{w, ^w & 0x8080808080808080}
}

// varint decodes the varint at bit from and returns the bit at which the next one
// begins, which is greater than 64 if the varint does not end in the word.
func (w *word) varint(from uint) (x uint64, next uint) {
	end := uint(bits.TrailingZeros64(w.ends))
	w.ends &= w.ends - 1
	x = w.bytes >> (from & 63) & (1<<((end-from)&63) - 1)
	x = x&0x007f007f007f007f | x>>1&0x3f803f803f803f80
	x = x&0x00003fff00003fff | x>>2&0x0fffc0000fffc000
	x = x&0x000000000fffffff | x>>4&0x00fffffff0000000
	return x, end + 1
}

func keyTuple(key []byte) (t Tuple) {
	for i := range t {
		t[i] = readID(key[i*IDSize:])
	}
	return t
}

// readTuple changes a tuple into the next one. It returns the rest of src, nil if
// src is invalid.
func readTuple(src []byte, t *Tuple) []byte {
	if len(src) == 0 {
		return nil
	}
	control := src[0]
	c, grew, end := control&3, uint64(control>>3), byte(4)
	src = src[1:]
	if grew == 0 {
		if grew, src = uvarint(src); grew == 0 {
			return nil
		}
	}
	if control&sameLast != 0 {
		end = 3
	}
	if t[c] += grew; t[c] > MaxID || grew > MaxID || c == end {
		return nil
	}
	for i := c + 1; i < end; i++ {
		if t[i&3], src = uvarint(src); src == nil || t[i&3] > MaxID {
			return nil
		}
	}
	return src
}

// uvarint decodes a number of at most nine bytes; the rest is nil if there is
// none.
func uvarint(src []byte) (uint64, []byte) {
	if len(src) >= 4 { // most are short: no loop for these
		switch {
		case src[0] < 0x80:
			return uint64(src[0]), src[1:]
		case src[1] < 0x80:
			return uint64(src[0]&0x7f) | uint64(src[1])<<7, src[2:]
		case src[2] < 0x80:
			return uint64(src[0]&0x7f) | uint64(src[1]&0x7f)<<7 | uint64(src[2])<<14, src[3:]
		}
	}
	n, size := binary.Uvarint(src)
	if size <= 0 {
		return 0, nil
	}
	return n, src[size:]
}
