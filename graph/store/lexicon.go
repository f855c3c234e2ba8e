package store

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
)

// lexicon is the terms that a transaction has met, and their ids. They lie one
// after another in large pieces of memory without pointers between them: a
// lookup touches a slot and, when the hash is right, the term.
type lexicon struct {
	seed   maphash.Seed
	slots  []uint64 // 24 bits of a hash, and where the term lies plus one; 0 is free
	chunks [][]byte
	n      int
	room   int  // bytes in the chunks
	long   bool // there are terms whose key is not the term
}

// place is where a term lies: the number of a chunk, and in the lower pieceSize
// bits where in it. There are the hash (4 bytes), the id (5 bytes), the length
// as a varint and the term.
type place uint64

const (
	pieceSize  = 20 // as a power of two; a longer term has a chunk of its own
	placeMask  = 1<<40 - 1
	termHeader = 4 + idSize
)

func newLexicon() lexicon { return lexicon{seed: maphash.MakeSeed()} }

func (l *lexicon) at(p place) []byte { return l.chunks[p>>pieceSize][p&(1<<pieceSize-1):] }

// text is a term; it must not be changed.
func (l *lexicon) text(p place) []byte {
	n, term := uvarint(l.at(p)[termHeader:])
	return term[:n:n]
}

func (l *lexicon) id(p place) uint64 { return readID(l.at(p)[4:]) }

func (l *lexicon) hash(term []byte) uint32 { return hashTerm(l.seed, term) }

func hashTerm(seed maphash.Seed, term []byte) uint32 { return uint32(maphash.Bytes(seed, term) >> 32) }

// find returns the id of a term, 0 when it was not met.
func (l *lexicon) find(term []byte, hash uint32) (id uint64) {
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
		record := l.at(place(slot&placeMask - 1))
		if n, text := uvarint(record[termHeader:]); bytes.Equal(text[:n], term) {
			return readID(record[4:])
		}
	}
}

// add stores a term that was not met before.
func (l *lexicon) add(term []byte, hash uint32, id uint64) place {
	if 3*l.n >= 2*len(l.slots) {
		l.grow()
	}
	need := termHeader + binary.MaxVarintLen32 + len(term)
	if n := len(l.chunks); n == 0 || cap(l.chunks[n-1])-len(l.chunks[n-1]) < need {
		size := 1 << 10
		if n > 0 {
			size = min(2*cap(l.chunks[n-1]), 1<<pieceSize)
		}
		l.chunks = append(l.chunks, make([]byte, 0, max(size, need)))
		l.room += max(size, need)
	}
	last := len(l.chunks) - 1
	chunk := l.chunks[last]
	p := place(last<<pieceSize | len(chunk))
	chunk = appendID(binary.BigEndian.AppendUint32(chunk, hash), id)
	l.chunks[last] = append(binary.AppendUvarint(chunk, uint64(len(term))), term...)
	l.long = l.long || len(term) > longTerm
	l.n++
	l.put(hash, p)
	return p
}

// size is about how many bytes it takes.
func (l *lexicon) size() int { return l.room + 12*len(l.slots) }

func (l *lexicon) put(hash uint32, p place) {
	mask := uint32(len(l.slots) - 1)
	at := hash & mask
	for l.slots[at] != 0 {
		at = (at + 1) & mask
	}
	l.slots[at] = uint64(hash>>8)<<40 | uint64(p+1)
}

// grow walks all terms: slots do not have the whole hash.
func (l *lexicon) grow() {
	l.slots = make([]uint64, max(64, 2*len(l.slots)))
	for i, chunk := range l.chunks {
		for rest := chunk; len(rest) > 0; {
			l.put(binary.BigEndian.Uint32(rest), place(i<<pieceSize|(len(chunk)-len(rest))))
			n, term := uvarint(rest[termHeader:])
			rest = term[n:]
		}
	}
}
