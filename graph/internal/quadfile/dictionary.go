package quadfile

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
)

const (
	// LongTerm is the maximum length in bytes of a term that is its own key in the
	// dictionary. The key of a longer term is this many bytes and its SHA-256.
	LongTerm = 480
	LongKey  = LongTerm + sha256.Size
)

// TermKey returns the dictionary key of an encoded term: the term itself, or for a
// long term its beginning and its hash. Two terms never have the same key. The key
// may alias the term.
func TermKey(term []byte) []byte {
	if len(term) <= LongTerm {
		return term
	}
	sum := sha256.Sum256(term)
	return append(bytes.Clone(term[:LongTerm]), sum[:]...)
}

// TermEntry is an entry of the table of terms by id.
type TermEntry struct {
	ID   uint64
	Term []byte
}

// TermCoder codes blocks of terms by id. The first id is the block's key, and its
// term follows. Every other entry is the difference from the id before, the length
// of the prefix that the term shares with the term before (at most LongTerm
// bytes), the length of the rest, and the rest.
type TermCoder struct{}

func (TermCoder) Compare(a, b TermEntry) int               { return cmp.Compare(a.ID, b.ID) }
func (TermCoder) identify(a, b TermEntry) int              { return cmp.Compare(a.ID, b.ID) }
func (TermCoder) AppendKey(dst []byte, e TermEntry) []byte { return AppendID(dst, e.ID) }

func (TermCoder) Ascend(terms []TermEntry) bool {
	return ascend(terms, func(a, b *TermEntry) int { return cmp.Compare(a.ID, b.ID) })
}

func (TermCoder) pack(dst []byte, entries []TermEntry, limit int) ([]byte, int) {
	dst = append(binary.AppendUvarint(dst, uint64(len(entries[0].Term))), entries[0].Term...)
	for i := 1; i < len(entries); i++ {
		size, prev, e := len(dst), &entries[i-1], &entries[i]
		dst = binary.AppendUvarint(dst, e.ID-prev.ID)
		if dst = appendSuffix(dst, prev.Term, e.Term); len(dst) > limit {
			return dst[:size], i
		}
	}
	return dst, len(entries)
}

func (TermCoder) decode(dst []TermEntry, n int, key, src []byte) ([]TermEntry, error) {
	r := termReader{src: src}
	if !r.first(key) {
		return dst, ErrEntry
	}
	var memory []byte
	for {
		at := len(memory)
		memory = append(memory, r.term...)
		dst = append(dst, TermEntry{r.id, memory[at:len(memory):len(memory)]})
		if n--; n == 0 {
			break
		}
		if !r.next() {
			return dst, ErrEntry
		}
	}
	if len(r.src) > 0 {
		return dst, ErrEntry
	}
	return dst, nil
}

// termReader walks the entries of a block of terms by id.
type termReader struct {
	src, term []byte // term is overwritten by the next entry
	id        uint64
}

func (r *termReader) first(key []byte) bool {
	if len(key) != IDSize {
		return false
	}
	r.id = readID(key)
	n, src := uvarint(r.src)
	if src == nil || n > uint64(len(src)) {
		return false
	}
	r.term, r.src = append(r.term[:0], src[:n]...), src[n:]
	return true
}

func (r *termReader) next() bool {
	grew, src := uvarint(r.src)
	if r.id += grew; grew == 0 || grew > MaxID || r.id > MaxID {
		return false
	}
	shared, suffix, src := cutSuffix(src)
	if src == nil || shared > len(r.term) {
		return false
	}
	r.term, r.src = append(r.term[:shared], suffix...), src
	return true
}

// KeyEntry is an entry of the table of ids by term key.
type KeyEntry struct {
	Key []byte
	ID  uint64
}

// KeyCoder codes blocks of ids by term key. The first term key is the block's key,
// and its id follows. Every other entry is the length of the prefix that the key
// shares with the key before, the length of the rest, the rest, and the id.
type KeyCoder struct{}

func (KeyCoder) Compare(a, b KeyEntry) int { return bytes.Compare(a.Key, b.Key) }
func (KeyCoder) identify(a, b KeyEntry) int {
	return cmp.Or(bytes.Compare(a.Key, b.Key), cmp.Compare(a.ID, b.ID))
}
func (KeyCoder) AppendKey(dst []byte, e KeyEntry) []byte { return append(dst, e.Key...) }

func (KeyCoder) Ascend(keys []KeyEntry) bool {
	return ascend(keys, func(a, b *KeyEntry) int { return bytes.Compare(a.Key, b.Key) })
}

func (KeyCoder) pack(dst []byte, entries []KeyEntry, limit int) ([]byte, int) {
	dst = binary.AppendUvarint(dst, entries[0].ID)
	for i := 1; i < len(entries); i++ {
		size := len(dst)
		dst = appendSuffix(dst, entries[i-1].Key, entries[i].Key)
		if dst = binary.AppendUvarint(dst, entries[i].ID); len(dst) > limit {
			return dst[:size], i
		}
	}
	return dst, len(entries)
}

func (KeyCoder) decode(dst []KeyEntry, n int, key, src []byte) ([]KeyEntry, error) {
	id, src := readKeyID(src)
	if src == nil || len(key) == 0 || len(key) > LongKey {
		return dst, ErrEntry
	}
	memory := append([]byte(nil), key...)
	last := memory
	dst = append(dst, KeyEntry{last[:len(last):len(last)], id})
	for range n - 1 {
		shared, suffix, rest := cutSuffix(src)
		if rest == nil || shared > len(last) {
			return dst, ErrEntry
		}
		if id, src = readKeyID(rest); src == nil {
			return dst, ErrEntry
		}
		if size := shared + len(suffix); size > cap(memory)-len(memory) {
			memory = make([]byte, 0, max(keyChunk, size))
		}
		at := len(memory)
		memory = append(append(memory, last[:shared]...), suffix...)
		last = memory[at:]
		dst = append(dst, KeyEntry{last[:len(last):len(last)], id})
	}
	if len(src) > 0 {
		return dst, ErrEntry
	}
	return dst, nil
}

// keyChunk is the size of the memory that the keys of a block are decoded into, a chunk
// after the other.
const keyChunk = 1 << 12

// readKeyID reads the id of a key; rest is nil if there is no valid id.
func readKeyID(src []byte) (uint64, []byte) {
	id, rest := uvarint(src)
	if id == 0 || id > MaxID {
		return 0, nil
	}
	return id, rest
}

func appendSuffix(dst, prev, s []byte) []byte {
	n, limit := 0, min(len(prev), len(s), LongTerm)
	for n < limit && prev[n] == s[n] {
		n++
	}
	dst = binary.AppendUvarint(dst, uint64(n))
	dst = binary.AppendUvarint(dst, uint64(len(s)-n))
	return append(dst, s[n:]...)
}

// cutSuffix reads what appendSuffix wrote; rest is nil if the bytes are not valid.
func cutSuffix(src []byte) (shared int, suffix, rest []byte) {
	if len(src) >= 2 && src[0]|src[1] < 0x80 {
		if end := 2 + int(src[1]); end <= len(src) {
			return int(src[0]), src[2:end], src[end:]
		}
		return 0, nil, nil
	}
	n, src := uvarint(src)
	size, src := uvarint(src)
	if n > LongTerm || src == nil || size > uint64(len(src)) {
		return 0, nil, nil
	}
	return int(n), src[:size], src[size:]
}
