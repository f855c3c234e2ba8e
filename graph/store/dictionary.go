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

func (names) compare(a, b named) int { return cmp.Compare(a.id, b.id) }
func (names) clone(e named) named    { return named{e.id, bytes.Clone(e.term)} }
func (names) key(e named) []byte     { return appendID(nil, e.id) }

func (names) first(dst []byte, e named) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(e.term))), e.term...)
}

func (names) next(dst []byte, prev, e named) []byte {
	return appendSuffix(binary.AppendUvarint(dst, e.id-prev.id), prev.term, e.term)
}

func (names) readFirst(key, src []byte, e *named) (rest []byte, err error) {
	if len(key) != idSize {
		return nil, errEntry
	}
	e.id = readID(key)
	e.term, rest, err = readBytes(src, e.term[:0])
	return rest, err
}

func (names) readNext(src []byte, e *named) (rest []byte, err error) {
	grew, src := uvarint(src)
	if e.id += grew; grew == 0 || grew > maxID || e.id > maxID {
		return nil, errEntry
	}
	e.term, rest, err = readSuffix(src, e.term)
	return rest, err
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
func (keys) clone(e keyed) keyed    { return keyed{bytes.Clone(e.key), e.id} }
func (keys) key(e keyed) []byte     { return bytes.Clone(e.key) }

func (keys) first(dst []byte, e keyed) []byte { return binary.AppendUvarint(dst, e.id) }

func (keys) next(dst []byte, prev, e keyed) []byte {
	return binary.AppendUvarint(appendSuffix(dst, prev.key, e.key), e.id)
}

func (keys) readFirst(key, src []byte, e *keyed) ([]byte, error) {
	if len(key) == 0 || len(key) > longKey {
		return nil, errEntry
	}
	e.key = append(e.key[:0], key...)
	return readKeyID(src, e)
}

func (keys) readNext(src []byte, e *keyed) (rest []byte, err error) {
	if e.key, rest, err = readSuffix(src, e.key); err != nil {
		return nil, err
	}
	return readKeyID(rest, e)
}

func readKeyID(src []byte, e *keyed) ([]byte, error) {
	id, rest := uvarint(src)
	if rest == nil || id == 0 || id > maxID {
		return nil, errEntry
	}
	e.id = id
	return rest, nil
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

// readSuffix replaces prev, in place where it fits, by what appendSuffix wrote.
func readSuffix(src, prev []byte) (s, rest []byte, err error) {
	shared, src := uvarint(src)
	if src == nil || shared > uint64(len(prev)) || shared > longTerm {
		return nil, nil, errEntry
	}
	return readBytes(src, prev[:shared])
}

// readBytes appends a length and its bytes, as they stand in src, to dst.
func readBytes(src, dst []byte) (s, rest []byte, err error) {
	n, src := uvarint(src)
	if src == nil || n > uint64(len(src)) {
		return nil, nil, errEntry
	}
	return append(dst, src[:n]...), src[n:], nil
}
