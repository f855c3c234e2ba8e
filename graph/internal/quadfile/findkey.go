package quadfile

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// findKey looks up a key in a block, given by its number of entries, its first key
// and its other bytes; ok is false if the block is damaged. Most entries are
// skipped by their lengths alone: an entry that shares more bytes with the entry
// before it than that entry shares with the key also sorts before the key.
func findKey(n int, first, src, key []byte) (id uint64, ok bool) {
	if id, src = readKeyID(src); src == nil {
		return 0, false
	}
	common := commonPrefix(first, key)
	if common == len(key) && common == len(first) {
		return id, true
	}
	for range n - 1 {
		shared, suffix, rest := cutSuffix(src)
		if rest == nil {
			return 0, false
		}
		if shared > common && len(rest) > 8 { // only the length of the id matters
			src = rest[varintSize(rest):]
			continue
		}
		if id, src = readKeyID(rest); src == nil {
			return 0, false
		}
		if shared > common {
			continue
		}
		more := commonPrefix(suffix, key[shared:])
		common = shared + more
		switch {
		case more == len(suffix) && common == len(key):
			return id, true
		case more < len(suffix) && (common == len(key) || suffix[more] > key[common]):
			return 0, true
		}
	}
	return 0, len(src) == 0
}

// varintSize returns the length of the varint at the beginning of src, at most
// nine bytes. src has at least eight bytes.
func varintSize(src []byte) int {
	return bits.TrailingZeros64(^binary.LittleEndian.Uint64(src)&0x8080808080808080)>>3 + 1
}

func commonPrefix(a, b []byte) (n int) {
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func findID(t *KeyTable, key []byte) (uint64, error) {
	if t == nil {
		return 0, nil
	}
	c := t.Cursor()
	b, ok, err := t.seek(&c, key)
	if err != nil || !ok || bytes.Compare(b.Key, key) > 0 {
		return 0, err
	}
	id, ok := findKey(b.count, b.Key, b.entries, key)
	if !ok {
		return 0, t.Damaged(b.Key, "entry")
	}
	return id, nil
}
