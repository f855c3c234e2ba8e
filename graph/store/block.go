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

// table is one bucket of packed blocks. It is written once, from the first block
// to the last, and not changed any more. The key of a block is made of its first
// entry. Its value is
//
//	4 bytes  CRC-32C (big endian) of a 3, the table's name, the key and what follows
//	4 bytes  the stamp of the table (big endian)
//	varint   twice the number of entries, and one more in the first block
//	varint   how many bytes the next block's key shares with this block's key
//	varint   how many follow; this and the number before are 0 in the last block
//	...      these
//	...      the entries, each relative to the one before
//
// So each block proves by itself which keys it answers for: those from its own
// key up to the next block's, of this table as it is now. What leads to a block,
// the pages above it, need not be trusted: a search that ends at another block
// than the one that answers for the key finds ErrDamaged, see seek and step.
type table[E any, C coder[E]] struct {
	name   string
	code   C
	bucket *bolt.Bucket // of a table that this transaction wrote, else nil
	tree   *tree        // of any other table
	stamp  uint32
	blank  bool // the record says that it has no block

	anyStamp bool // for salvage: blocks of other states are good too
	old      bool // for salvage: blocks as versions 1 and 2 had them

	// Of writers alone:
	key, next, head, body []byte // scratch

	slab  []byte // where the next blocks go
	piece int    // the size of the last slab
}

// formatSum is the checksum of the byte that sets blocks apart from those of
// versions 1 and 2, whose checksums begin with the name.
var formatSum = crc32.Update(0, castagnoli, []byte{'3'})

func (t *table[E, C]) checksum(key, body []byte) uint32 {
	sum := formatSum
	if t.old {
		sum = 0
	}
	sum = crc32.Update(sum, castagnoli, []byte(t.name))
	return crc32.Update(crc32.Update(sum, castagnoli, key), castagnoli, body)
}

// openBlock is a block whose checksum is right.
type openBlock struct {
	key     []byte
	shared  int    // bytes of the key that the next block's key begins with
	suffix  []byte // the rest of that key
	n       int    // entries
	entries []byte
	first   bool // block of the table
}

// last reports whether no block follows.
func (b *openBlock) last() bool { return b.shared == 0 && len(b.suffix) == 0 }

// leadsTo reports whether a key is that of the next block.
func (b *openBlock) leadsTo(key []byte) bool {
	return len(key) == b.shared+len(b.suffix) && !b.last() &&
		bytes.Equal(key[:b.shared], b.key[:b.shared]) && bytes.Equal(key[b.shared:], b.suffix)
}

// compareNext compares the next block's key, which is infinite after the last
// block, with a key.
func (b *openBlock) compareNext(key []byte) int {
	if b.last() {
		return 1
	}
	n := min(b.shared, len(key))
	if c := bytes.Compare(b.key[:n], key[:n]); c != 0 {
		return c
	}
	if n < b.shared {
		return 1
	}
	return bytes.Compare(b.suffix, key[n:])
}

// nextKey appends the next block's key.
func (b *openBlock) nextKey(dst []byte) []byte {
	return append(append(dst, b.key[:b.shared]...), b.suffix...)
}

// blockHead is how many bytes of a value come before the number of entries.
const blockHead = 8

// open checks a block. Its bytes are not copied.
func (t *table[E, C]) open(key, value []byte) (b openBlock, err error) {
	if t.old {
		return t.openOld(key, value)
	}
	if len(value) <= blockHead || binary.BigEndian.Uint32(value) != t.checksum(key, value[4:]) {
		return b, t.damaged(key, "checksum")
	}
	if !t.anyStamp && binary.BigEndian.Uint32(value[4:]) != t.stamp {
		return b, t.damaged(key, "of another state")
	}
	count, rest := uvarint(value[blockHead:])
	b.shared, b.suffix, b.entries = cutSuffix(rest)
	if b.entries == nil || b.shared > len(key) {
		return b, t.damaged(key, "next key")
	}
	b.key, b.n, b.first = key, int(count>>1), count&1 != 0
	return b, t.checkCount(&b, count>>1, len(value))
}

func (t *table[E, C]) checkCount(b *openBlock, count uint64, size int) error {
	if count == 0 || count > uint64(size) || count > 1 && len(b.key)+size > blockSize {
		return t.damaged(b.key, "count")
	}
	return nil
}

// openOld opens a block as versions 1 and 2 have it: its checksum, the number of
// entries and these.
func (t *table[E, C]) openOld(key, value []byte) (b openBlock, err error) {
	if len(value) < 5 || binary.BigEndian.Uint32(value) != t.checksum(key, value[4:]) {
		return b, t.damaged(key, "checksum")
	}
	count, rest := uvarint(value[4:])
	b = openBlock{key: key, n: int(count), entries: rest}
	return b, t.checkCount(&b, count, len(value))
}

func (t *table[E, C]) damaged(key []byte, what string) error {
	return fmt.Errorf("%w: block %x of %s: %s", ErrDamaged, bytes.Clone(key[:min(len(key), 40)]), t.name, what)
}

// seek opens the block that answers for a key: the one that holds the key, or
// would hold it. ok is false in a table without blocks. The cursor stands on it.
func (t *table[E, C]) seek(c *cursor, key []byte) (b openBlock, ok bool, err error) {
	if t.blank {
		return b, false, nil
	}
	k, v := c.floor(key)
	if k == nil {
		return b, false, t.damaged(key, "missing")
	}
	if b, err = t.open(k, v); err != nil {
		return b, false, err
	}
	if bytes.Compare(k, key) > 0 && !b.first || b.compareNext(key) <= 0 {
		return b, false, t.damaged(k, "not where it belongs")
	}
	return b, true, nil
}

// step opens the block after one where the cursor stands; ok is false after the
// last.
func (t *table[E, C]) step(c *cursor, b *openBlock) (next openBlock, ok bool, err error) {
	if b.last() {
		return next, false, nil
	}
	k, v := c.next()
	if !b.leadsTo(k) {
		return next, false, t.damaged(b.key, "not followed by the next one")
	}
	next, err = t.open(k, v)
	return next, err == nil, err
}

// unpack appends the entries of a block to dst. They share no memory with it.
func (t *table[E, C]) unpack(dst []E, b *openBlock) ([]E, error) {
	dst, err := t.code.decode(dst, b.n, b.key, b.entries)
	if err != nil {
		return dst, t.damaged(b.key, "entry")
	}
	return dst, nil
}

// decode opens and unpacks a block.
func (t *table[E, C]) decode(dst []E, key, value []byte) ([]E, error) {
	b, err := t.open(key, value)
	if err != nil {
		return dst, err
	}
	return t.unpack(dst, &b)
}

// block is one block ready to be written.
type block struct {
	key, value []byte
}

// encode packs all sorted entries of a table.
func (t *table[E, C]) encode(entries []E) (blocks []block) {
	for first := true; len(entries) > 0; first = false {
		b, n := t.packOne(entries, first)
		blocks = append(blocks, b)
		entries = entries[n:]
	}
	return blocks
}

// packOne makes a block of as many entries as fit and says how many. The entry
// after these has the next block's key.
func (t *table[E, C]) packOne(entries []E, first bool) (block, int) {
	t.key = t.code.appendKey(t.key[:0], entries[0])
	for n := 0; ; {
		// The head is expected to be as long as that of the block before.
		t.body, n = t.code.pack(t.body[:0], entries, blockSize-blockHead-len(t.key)-len(t.head))
		t.head = t.appendHead(t.head[:0], entries, n, first)
		if n == 1 || len(t.key)+blockHead+len(t.head)+len(t.body) <= blockSize {
			return t.assemble(), n
		}
	}
}

// appendHead appends what comes before the first n entries, without checksum and
// stamp.
func (t *table[E, C]) appendHead(dst []byte, entries []E, n int, first bool) []byte {
	count := uint64(n) << 1
	if first {
		count++
	}
	t.next = t.next[:0]
	if n < len(entries) {
		t.next = t.code.appendKey(t.next, entries[n])
	}
	return appendSuffix(binary.AppendUvarint(dst, count), t.key, t.next)
}

// assemble makes a block of a key, a head and entries.
func (t *table[E, C]) assemble() block {
	key := append(t.take(len(t.key)+blockHead+len(t.head)+len(t.body)), t.key...)
	value := binary.BigEndian.AppendUint32(append(key[len(key):], 0, 0, 0, 0), t.stamp)
	value = append(append(value, t.head...), t.body...)
	binary.BigEndian.PutUint32(value, t.checksum(key, value[4:]))
	return block{key[:len(key):len(key)], value}
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
