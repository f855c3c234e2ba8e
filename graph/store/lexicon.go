package store

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
)

// lexicon is the terms that a transaction has met, and their ids. Terms lie in
// large pieces of memory without pointers between them.
type lexicon struct {
	seed    maphash.Seed
	slots   []uint64 // upper half: of a hash; lower half: number of an entry + 1
	entries []lexEntry
	chunks  [][]byte
	long    bool // there are terms whose key is not the term
}

// lexEntry is where a term lies, after its length, and its id.
type lexEntry struct {
	chunk, offset uint32
	id            uint64
}

const maxChunk = 1 << 20

// text is the term of an entry; it must not be changed.
func (l *lexicon) text(entry uint32) []byte {
	e := l.entries[entry]
	n, term := uvarint(l.chunks[e.chunk][e.offset:])
	return term[:n:n]
}

func newLexicon() lexicon { return lexicon{seed: maphash.MakeSeed()} }

func (l *lexicon) hash(term []byte) uint32 { return uint32(maphash.Bytes(l.seed, term) >> 32) }

// find returns the number of a term's entry.
func (l *lexicon) find(term []byte, hash uint32) (entry uint32, ok bool) {
	if len(l.slots) == 0 {
		return 0, false
	}
	mask := uint32(len(l.slots) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		slot := l.slots[at]
		if slot == 0 {
			return 0, false
		}
		if uint32(slot>>32) == hash && bytes.Equal(l.text(uint32(slot)-1), term) {
			return uint32(slot) - 1, true
		}
	}
}

// add makes an entry for a term that has none.
func (l *lexicon) add(term []byte, hash uint32, id uint64) (entry uint32) {
	if 4*len(l.entries) >= 3*len(l.slots) {
		l.grow()
	}
	need := len(term) + binary.MaxVarintLen32
	if n := len(l.chunks); n == 0 || cap(l.chunks[n-1])-len(l.chunks[n-1]) < need {
		size := 1 << 10
		if n > 0 {
			size = min(2*cap(l.chunks[n-1]), maxChunk)
		}
		l.chunks = append(l.chunks, make([]byte, 0, max(size, need)))
	}
	last := len(l.chunks) - 1
	chunk := l.chunks[last]
	entry = uint32(len(l.entries))
	l.entries = append(l.entries, lexEntry{uint32(last), uint32(len(chunk)), id})
	l.chunks[last] = append(binary.AppendUvarint(chunk, uint64(len(term))), term...)
	l.long = l.long || len(term) > longTerm
	l.place(uint64(hash)<<32 | uint64(entry+1))
	return entry
}

func (l *lexicon) place(slot uint64) {
	mask := uint32(len(l.slots) - 1)
	at := uint32(slot>>32) & mask
	for l.slots[at] != 0 {
		at = (at + 1) & mask
	}
	l.slots[at] = slot
}

func (l *lexicon) grow() {
	old := l.slots
	l.slots = make([]uint64, max(64, 2*len(old)))
	for _, slot := range old {
		if slot != 0 {
			l.place(slot)
		}
	}
}
