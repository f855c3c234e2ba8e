package quadfile

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
)

// Lexicon maps the terms that a transaction has used to their ids. Terms lie one
// after another in large chunks of memory without pointers between them: a look-up
// reads a slot and, if the hash matches, the term.
type Lexicon struct {
	Seed      maphash.Seed
	slots     []uint64 // 24 bits of a hash, and where the term lies plus one; 0 is free
	chunks    [][]byte
	Count     int
	allocated int  // bytes in the chunks
	long      bool // there are terms whose key is not the term
}

// TermPlace is the position of a term in a Lexicon: the number of a chunk, and in
// the lower pieceSize bits the offset in it. At that offset are the hash (4
// bytes), the id (5 bytes), the length as a varint and the term.
type TermPlace uint64

const (
	pieceSize  = 20 // as a power of two; a longer term has a chunk of its own
	placeMask  = 1<<40 - 1
	termHeader = 4 + IDSize
)

// NewLexicon returns an empty lexicon.
func NewLexicon() Lexicon { return Lexicon{Seed: maphash.MakeSeed()} }

func (l *Lexicon) at(p TermPlace) []byte { return l.chunks[p>>pieceSize][p&(1<<pieceSize-1):] }

// Text returns a term, which must not be changed.
func (l *Lexicon) Text(p TermPlace) []byte {
	n, term := uvarint(l.at(p)[termHeader:])
	return term[:n:n]
}

// ID returns the id of a term.
func (l *Lexicon) ID(p TermPlace) uint64 { return readID(l.at(p)[4:]) }

// Hash returns the hash of a term, for Find and Add.
func (l *Lexicon) Hash(term []byte) uint32 { return HashTerm(l.Seed, term) }

// HashTerm is Lexicon.Hash for a lexicon with a seed.
func HashTerm(seed maphash.Seed, term []byte) uint32 { return uint32(maphash.Bytes(seed, term) >> 32) }

// Find returns the id of a term, 0 if the lexicon does not have it.
func (l *Lexicon) Find(term []byte, hash uint32) (id uint64) {
	if len(l.slots) == 0 {
		return 0
	}
	mask := uint32(len(l.slots) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		slot := l.slots[at]
		if slot == 0 {
			return 0
		}
		if uint32(slot>>40) != hash>>8 {
			continue
		}
		record := l.at(TermPlace(slot&placeMask - 1))
		if n, text := uvarint(record[termHeader:]); bytes.Equal(text[:n], term) {
			return readID(record[4:])
		}
	}
}

// Add stores a term that the lexicon does not have.
func (l *Lexicon) Add(term []byte, hash uint32, id uint64) TermPlace {
	if 3*l.Count >= 2*len(l.slots) {
		l.grow()
	}
	need := termHeader + binary.MaxVarintLen32 + len(term)
	if n := len(l.chunks); n == 0 || cap(l.chunks[n-1])-len(l.chunks[n-1]) < need {
		size := 1 << 10
		if n > 0 {
			size = min(2*cap(l.chunks[n-1]), 1<<pieceSize)
		}
		l.chunks = append(l.chunks, make([]byte, 0, max(size, need)))
		l.allocated += max(size, need)
	}
	last := len(l.chunks) - 1
	chunk := l.chunks[last]
	p := TermPlace(last<<pieceSize | len(chunk))
	chunk = AppendID(binary.BigEndian.AppendUint32(chunk, hash), id)
	l.chunks[last] = append(binary.AppendUvarint(chunk, uint64(len(term))), term...)
	l.long = l.long || len(term) > LongTerm
	l.Count++
	l.put(hash, p)
	return p
}

// Size returns the approximate memory of the lexicon in bytes.
func (l *Lexicon) Size() int { return l.allocated + 12*len(l.slots) }

func (l *Lexicon) put(hash uint32, p TermPlace) {
	mask := uint32(len(l.slots) - 1)
	at := hash & mask
	for l.slots[at] != 0 {
		at = (at + 1) & mask
	}
	l.slots[at] = uint64(hash>>8)<<40 | uint64(p+1)
}

// grow doubles the slots and hashes all terms again, since slots have only a part
// of the hash.
func (l *Lexicon) grow() {
	l.slots = make([]uint64, max(64, 2*len(l.slots)))
	for i, chunk := range l.chunks {
		for rest := chunk; len(rest) > 0; {
			l.put(binary.BigEndian.Uint32(rest), TermPlace(i<<pieceSize|(len(chunk)-len(rest))))
			n, term := uvarint(rest[termHeader:])
			rest = term[n:]
		}
	}
}

// TermFilter says of terms, by their hashes, that a lexicon did not have them. Of one in
// a hundred others it does not know. It needs two bytes for each term.
type TermFilter []uint64

// Filter returns a filter of the terms of the lexicon.
func (l *Lexicon) Filter() TermFilter {
	f := make(TermFilter, l.Count/4+1)
	for _, chunk := range l.chunks {
		for rest := chunk; len(rest) > 0; {
			word, bits := f.place(binary.BigEndian.Uint32(rest))
			f[word] |= bits
			n, term := uvarint(rest[termHeader:])
			rest = term[n:]
		}
	}
	return f
}

// MayHave reports whether the lexicon may have had a term with a hash.
func (f TermFilter) MayHave(hash uint32) bool {
	word, bits := f.place(hash)
	return f[word]&bits == bits
}

// place returns the four bits of a hash, which are in one word.
func (f TermFilter) place(hash uint32) (word int, bits uint64) {
	mixed := uint64(hash) * 0x9E3779B97F4A7C15
	for i := range 4 {
		bits |= 1 << (mixed >> (6 * i) & 63)
	}
	return int(mixed >> 32 * uint64(len(f)) >> 32), bits
}
