package store

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
)

const (
	// longTerm is how many bytes of a term its dictionary key holds. A longer
	// term is keyed by these and its SHA-256, so that keys stay short.
	longTerm = 480
	longKey  = longTerm + sha256.Size
)

// termKey is the key of an encoded term in the dictionary: the term itself, or
// for long ones its beginning and its hash. No two terms share a key. The key
// may alias the term.
func termKey(term []byte) []byte {
	if len(term) <= longTerm {
		return term
	}
	sum := sha256.Sum256(term)
	return append(bytes.Clone(term[:longTerm]), sum[:]...)
}

// named is an entry of the bucket from ids to terms.
type named struct {
	id   uint64
	term []byte
}

// names codes the blocks of ids and their terms. The first id is the block's
// key, its term follows. The other entries are: by how much the id grew, how
// many bytes the term shares with the one before (at most longTerm), how many
// follow, and these.
type names struct{}

func (names) compare(a, b named) int               { return cmp.Compare(a.id, b.id) }
func (names) identify(a, b named) int              { return cmp.Compare(a.id, b.id) }
func (names) appendKey(dst []byte, e named) []byte { return appendID(dst, e.id) }

func (names) pack(dst []byte, entries []named, limit int) ([]byte, int) {
	dst = append(binary.AppendUvarint(dst, uint64(len(entries[0].term))), entries[0].term...)
	for i := 1; i < len(entries); i++ {
		size, prev, e := len(dst), &entries[i-1], &entries[i]
		dst = binary.AppendUvarint(dst, e.id-prev.id)
		if dst = appendSuffix(dst, prev.term, e.term); len(dst) > limit {
			return dst[:size], i
		}
	}
	return dst, len(entries)
}

func (names) decode(dst []named, n int, key, src []byte) ([]named, error) {
	r := nameReader{src: src}
	if !r.first(key) {
		return dst, errEntry
	}
	var memory []byte
	for {
		at := len(memory)
		memory = append(memory, r.term...)
		dst = append(dst, named{r.id, memory[at:len(memory):len(memory)]})
		if n--; n == 0 {
			break
		}
		if !r.next() {
			return dst, errEntry
		}
	}
	if len(r.src) > 0 {
		return dst, errEntry
	}
	return dst, nil
}

// nameReader walks the entries of a block of names.
type nameReader struct {
	src, term []byte // term is overwritten by the next entry
	id        uint64
}

func (r *nameReader) first(key []byte) bool {
	if len(key) != idSize {
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

func (r *nameReader) next() bool {
	grew, src := uvarint(r.src)
	if r.id += grew; grew == 0 || grew > maxID || r.id > maxID {
		return false
	}
	shared, suffix, src := cutSuffix(src)
	if src == nil || shared > len(r.term) {
		return false
	}
	r.term, r.src = append(r.term[:shared], suffix...), src
	return true
}

// keyed is an entry of the bucket from terms to ids.
type keyed struct {
	key []byte
	id  uint64
}

// keys codes the blocks of term keys and their ids. The first key is the
// block's, its id follows. The other entries are: how many bytes the key
// shares with the one before, how many follow, these, and the id.
type keys struct{}

func (keys) compare(a, b keyed) int { return bytes.Compare(a.key, b.key) }
func (keys) identify(a, b keyed) int {
	return cmp.Or(bytes.Compare(a.key, b.key), cmp.Compare(a.id, b.id))
}
func (keys) appendKey(dst []byte, e keyed) []byte { return append(dst, e.key...) }

func (keys) pack(dst []byte, entries []keyed, limit int) ([]byte, int) {
	dst = binary.AppendUvarint(dst, entries[0].id)
	for i := 1; i < len(entries); i++ {
		size := len(dst)
		dst = appendSuffix(dst, entries[i-1].key, entries[i].key)
		if dst = binary.AppendUvarint(dst, entries[i].id); len(dst) > limit {
			return dst[:size], i
		}
	}
	return dst, len(entries)
}

func (keys) decode(dst []keyed, n int, key, src []byte) ([]keyed, error) {
	id, src := readKeyID(src)
	if src == nil || len(key) == 0 || len(key) > longKey {
		return dst, errEntry
	}
	memory := append([]byte(nil), key...)
	last := memory
	dst = append(dst, keyed{last[:len(last):len(last)], id})
	for range n - 1 {
		shared, suffix, rest := cutSuffix(src)
		if rest == nil || shared > len(last) {
			return dst, errEntry
		}
		if id, src = readKeyID(rest); src == nil {
			return dst, errEntry
		}
		at := len(memory)
		memory = append(append(memory, last[:shared]...), suffix...)
		last = memory[at:]
		dst = append(dst, keyed{last[:len(last):len(last)], id})
	}
	if len(src) > 0 {
		return dst, errEntry
	}
	return dst, nil
}

// readKeyID reads the id of a key; the rest is nil when there is none.
func readKeyID(src []byte) (uint64, []byte) {
	id, rest := uvarint(src)
	if id == 0 || id > maxID {
		return 0, nil
	}
	return id, rest
}

func appendSuffix(dst, prev, s []byte) []byte {
	n, limit := 0, min(len(prev), len(s), longTerm)
	for n < limit && prev[n] == s[n] {
		n++
	}
	dst = binary.AppendUvarint(dst, uint64(n))
	dst = binary.AppendUvarint(dst, uint64(len(s)-n))
	return append(dst, s[n:]...)
}

// cutSuffix reads what appendSuffix wrote; the rest is nil when that is not it.
func cutSuffix(src []byte) (shared int, suffix, rest []byte) {
	if len(src) >= 2 && src[0]|src[1] < 0x80 {
		if end := 2 + int(src[1]); end <= len(src) {
			return int(src[0]), src[2:end], src[end:]
		}
		return 0, nil, nil
	}
	n, src := uvarint(src)
	size, src := uvarint(src)
	if n > longTerm || src == nil || size > uint64(len(src)) {
		return 0, nil, nil
	}
	return int(n), src[:size], src[size:]
}
