package quadfile

import (
	"encoding/binary"
	"slices"
)

// termBlock walks the entries of a block of terms by id. Since terms are front
// coded, it keeps the positions of the pieces of the current term.
type termBlock struct {
	table *TermTable
	key   [IDSize]byte
	src   []byte
	id    uint64 // of the last entry read
	at    int    // where the next one begins
	left  int    // how many follow
	size  int    // of the term
	depth int
	piece [blockSize/3 + 2]termPiece
}

// termPiece says that a term continues, from byte from on, with the bytes at
// position text.
type termPiece struct{ from, text uint16 }

// begin reads the first of n entries; it returns false if the block is damaged.
func (b *termBlock) begin(n int, key, src []byte) bool {
	size, rest := uvarint(src)
	if len(key) != IDSize || rest == nil || size > uint64(len(rest)) {
		return false
	}
	b.id, b.src, b.left = readID(key), rest, n-1
	copy(b.key[:], key)
	b.at, b.size = int(size), int(size)
	b.depth, b.piece[0] = 1, termPiece{}
	return true
}

// covers reports whether the block certainly extends to the id: ids of entries are
// ascending, so they cannot all be lower.
func (b *termBlock) covers(id uint64) bool {
	return id >= b.id && id-b.id <= uint64(b.left)
}

// seek reads on to an id; ok is false if the block is damaged.
func (b *termBlock) seek(id uint64) (found, ok bool) {
	for b.id < id && b.left > 0 {
		e, ok := termAt(b.src, b.at)
		if !ok || e.shared > b.size {
			return false, false
		}
		for b.depth > 0 && int(b.piece[b.depth-1].from) >= e.shared {
			b.depth--
		}
		b.piece[b.depth] = termPiece{uint16(e.shared), uint16(e.text)}
		b.depth++
		b.id, b.at, b.size = b.id+e.grew, e.end, e.shared+e.end-e.text
		b.left--
	}
	return b.id == id, true
}

// appendTerm appends the term of the current entry.
func (b *termBlock) appendTerm(dst []byte) []byte {
	dst = slices.Grow(dst, b.size)
	for i, p := range b.piece[:b.depth] {
		end := b.size
		if i+1 < b.depth {
			end = int(b.piece[i+1].from)
		}
		dst = append(dst, b.src[p.text:int(p.text)+end-int(p.from)]...)
	}
	return dst
}

// termSpan is the position of an entry's own bytes in a block of terms.
type termSpan struct {
	grew              uint64
	shared, text, end int
}

func termAt(src []byte, at int) (e termSpan, ok bool) {
	if at+4 <= len(src) {
		if w := binary.LittleEndian.Uint32(src[at:]); w&0x808080 == 0 { // three short numbers
			e = termSpan{uint64(w & 0xff), int(w >> 8 & 0xff), at + 3, at + 3 + int(w>>16&0xff)}
			return e, e.end <= len(src) && e.grew > 0
		}
	}
	grew, rest := uvarint(src[min(at, len(src)):])
	shared, suffix, rest := cutSuffix(rest)
	if rest == nil || grew == 0 || grew > MaxID {
		return e, false
	}
	end := len(src) - len(rest)
	return termSpan{grew, shared, end - len(suffix), end}, true
}
