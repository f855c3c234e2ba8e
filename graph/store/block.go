package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// blockSize is the most that a block's key and value may take together, in
// bytes, so that four fill a page of 4 KiB. A single entry may be larger.
const blockSize = 1004

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// coder writes and reads the entries of one kind of block.
type coder[E any] interface {
	compare(a, b E) int
	// identify is compare, and then tells entries of one key apart.
	identify(a, b E) int
	// appendKey appends the key of a block that begins with e.
	appendKey(dst []byte, e E) []byte
	// decode appends the n entries of a block; src is the whole of them.
	decode(dst []E, n int, key, src []byte) ([]E, error)
	// pack appends as many entries as fit until dst has limit bytes, but at
	// least one, and returns how many.
	pack(dst []byte, entries []E, limit int) ([]byte, int)
}

// table is one bucket of packed blocks. The key of a block is made of its
// first entry. Its value is
//
//	4 bytes  CRC-32C (big endian) of the table's name, the key and what follows
//	varint   how many entries
//	...      the entries, each relative to the one before
//
// A block without entries has an empty value; such blocks exist only within a
// transaction.
type table[E any, C coder[E]] struct {
	name   string
	code   C
	bucket *bolt.Bucket
	tree   *tree // for reading; nil where only the bucket tells

	// Of writers alone:
	key, body    []byte // scratch, as are the next
	have, merged []E
	old          [][]byte
	blocks       []block
	slab         []byte // where the next blocks go
	piece        int    // the size of the last slab
}

func (t *table[E, C]) checksum(key, body []byte) uint32 {
	sum := crc32.Update(0, castagnoli, []byte(t.name))
	return crc32.Update(crc32.Update(sum, castagnoli, key), castagnoli, body)
}

// open checks a block and returns how many entries it holds and their bytes.
func (t *table[E, C]) open(key, value []byte) (n int, entries []byte, err error) {
	if len(value) == 0 {
		return 0, nil, nil
	}
	if len(value) < 5 || binary.BigEndian.Uint32(value) != t.checksum(key, value[4:]) {
		return 0, nil, t.damaged(key, "checksum")
	}
	count, entries := uvarint(value[4:])
	if count == 0 || count > uint64(len(value)) || count > 1 && len(key)+len(value) > blockSize {
		return 0, nil, t.damaged(key, "count")
	}
	return int(count), entries, nil
}

func (t *table[E, C]) damaged(key []byte, what string) error {
	return fmt.Errorf("%w: block %x of %s: %s", ErrDamaged, bytes.Clone(key[:min(len(key), 40)]), t.name, what)
}

// decode appends the entries of a block to dst. They share no memory with it.
func (t *table[E, C]) decode(dst []E, key, value []byte) ([]E, error) {
	n, src, err := t.open(key, value)
	if err != nil || n == 0 {
		return dst, err
	}
	if dst, err = t.code.decode(dst, n, key, src); err != nil {
		return dst, t.damaged(key, "entry")
	}
	return dst, nil
}

// block is one block ready to be written.
type block struct {
	key, value []byte
}

// encode packs sorted entries into as few blocks as fill them evenly when
// there are few, and as fill them well when there are many, or when more are to
// be expected after the last one. The result is valid until the next call.
func (t *table[E, C]) encode(entries []E, tail bool) []block {
	blocks := t.pack(entries, blockSize)
	if n := len(blocks); tail || n <= 1 || n > 3 {
		return blocks
	}
	total := 0
	for _, b := range blocks {
		total += len(b.key) + len(b.value)
	}
	return t.pack(entries, min(blockSize, total/len(blocks)+64))
}

func (t *table[E, C]) pack(entries []E, limit int) []block {
	t.blocks = t.blocks[:0]
	for len(entries) > 0 {
		b, n := t.packOne(entries, limit)
		t.blocks = append(t.blocks, b)
		entries = entries[n:]
	}
	return t.blocks
}

// packOne makes a block of as many entries as fit and says how many.
func (t *table[E, C]) packOne(entries []E, limit int) (block, int) {
	n := 0
	t.key = t.code.appendKey(t.key[:0], entries[0])
	t.body, n = t.code.pack(t.body[:0], entries, limit-len(t.key)-8)
	memory := t.take(len(t.key) + len(t.body) + 8)
	key := append(memory, t.key...)
	value := append(key[len(key):], 0, 0, 0, 0)
	value = binary.AppendUvarint(value, uint64(n))
	value = append(value, t.body...)
	binary.BigEndian.PutUint32(value, t.checksum(key, value[4:]))
	return block{key[:len(key):len(key)], value}, n
}

// take returns room for n bytes, from larger and larger pieces of memory.
func (t *table[E, C]) take(n int) []byte {
	if len(t.slab) < n {
		t.piece = min(max(2*t.piece, 4<<10), 256<<10)
		t.slab = make([]byte, max(n, t.piece))
	}
	memory := t.slab[:0:n]
	t.slab = t.slab[n:]
	return memory
}

// floor is the block that holds or would hold key: the last one whose key is
// not greater, or the first of all. The cursor stands on it. Without blocks it
// is nil.
func floor(c *bolt.Cursor, key []byte) (k, v []byte) {
	k, v = c.Seek(key)
	if k != nil && bytes.Equal(k, key) {
		return k, v
	}
	if k == nil {
		return c.Last()
	}
	if k, v = c.Prev(); k != nil {
		return k, v
	}
	if k, v = c.First(); k == nil || bytes.Compare(k, key) > 0 {
		return k, v
	}
	// Within a transaction that deletes, Prev also returns nil on a page that
	// is empty by now; there is a block before it.
	c.Seek(key)
	for k, v = c.Prev(); k == nil; k, v = c.Prev() {
	}
	return k, v
}

// edit puts an entry into a table or removes it.
type edit[E any] struct {
	entry  E
	remove bool
}

// merge appends sorted entries to dst, with sorted edits applied.
func (t *table[E, C]) merge(dst, entries []E, edits []edit[E]) []E {
	for _, ed := range edits {
		at, found := gallop(entries, ed.entry, t.code.compare)
		dst = append(dst, entries[:at]...)
		if found {
			at++
		}
		if entries = entries[at:]; !ed.remove {
			dst = append(dst, ed.entry)
		}
	}
	return append(dst, entries...)
}

// gallop is a binary search that is quick for what lies near the beginning.
func gallop[E any](entries []E, e E, compare func(a, b E) int) (int, bool) {
	low, high := 0, 1
	for high <= len(entries) && compare(entries[high-1], e) < 0 {
		low, high = high, 2*high
	}
	high = min(high, len(entries))
	at, found := slices.BinarySearchFunc(entries[low:high], e, compare)
	return low + at, found
}
