package quadfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// blockSize is the largest size in bytes of a block's key and value together, so
// that four blocks fill a page of 4 KiB. A block of a single entry may be larger.
const blockSize = 1004

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Coder writes and reads the entries of one kind of block.
type Coder[E any] interface {
	Compare(a, b E) int
	// Ascend reports whether each entry is greater than the one before it.
	Ascend(entries []E) bool
	// identify compares like Compare, and then entries with the same key.
	identify(a, b E) int
	// AppendKey appends the key of a block that begins with e.
	AppendKey(dst []byte, e E) []byte
	// decode appends the n entries of a block, which are all of src.
	decode(dst []E, n int, key, src []byte) ([]E, error)
	// pack appends entries while dst has at most limit bytes, but at least one
	// entry, and returns their number.
	pack(dst []byte, entries []E, limit int) ([]byte, int)
}

// ascend is Ascend of a coder.
func ascend[E any](entries []E, compare func(a, b *E) int) bool {
	for i := 1; i < len(entries); i++ {
		if compare(&entries[i-1], &entries[i]) >= 0 {
			return false
		}
	}
	return true
}

// Table is one bucket of packed blocks. It is written once, from the first block
// to the last, and never changed. The key of a block is made of its first entry. Its
// value is
//
//	4 bytes  CRC-32C (big endian) of "3", the table's name, the key and the rest
//	4 bytes  the stamp of the table (big endian)
//	varint   twice the number of entries, and one more in the first block
//	varint   how many bytes the next block's key shares with this block's key
//	varint   how many bytes of that key follow; this and the number before are 0
//	         in the last block
//	...      the rest of the next block's key
//	...      the entries, each relative to the one before
//
// So each block proves which range of keys it covers: from its own key up to the
// next block's, in the present state of this table. The pages above a block need
// not be trusted: a search that ends at a block that does not cover the key returns
// ErrDamaged, see seek and step.
type Table[E any, C Coder[E]] struct {
	Name   string
	Code   C
	bucket *bolt.Bucket // if this transaction wrote the table
	tree   *tree        // otherwise
	Stamp  uint32
	Empty  bool // the record says that it has no block

	AnyStamp bool // for salvage: accepts blocks of other states
	Old      bool // for salvage: blocks are of version 1 or 2

	// For writing only:
	key, next, head, body []byte // scratch

	slab  []byte // where the next blocks go
	piece int    // the size of the last slab
}

// formatSum is the checksum of the byte that distinguishes blocks of this version
// from blocks of versions 1 and 2, whose checksums begin with the name.
var formatSum = crc32.Update(0, castagnoli, []byte{'3'})

func (t *Table[E, C]) checksum(key, body []byte) uint32 {
	sum := formatSum
	if t.Old {
		sum = 0
	}
	sum = updateSum(sum, t.Name)
	return crc32.Update(crc32.Update(sum, castagnoli, key), castagnoli, body)
}

// updateSum is crc32.Update for a short string, which it does not copy.
func updateSum(sum uint32, s string) uint32 {
	sum = ^sum
	for i := range len(s) {
		sum = castagnoli[byte(sum)^s[i]] ^ sum>>8
	}
	return ^sum
}

// CheckedBlock is a block with a correct checksum.
type CheckedBlock struct {
	Key     []byte
	shared  int    // bytes of the key that the next block's key begins with
	suffix  []byte // the rest of that key
	count   int    // entries
	entries []byte
	First   bool // block of the table
}

// Last reports whether no block follows.
func (b *CheckedBlock) Last() bool { return b.shared == 0 && len(b.suffix) == 0 }

// LeadsTo reports whether key is the next block's key.
func (b *CheckedBlock) LeadsTo(key []byte) bool {
	return len(key) == b.shared+len(b.suffix) && !b.Last() &&
		bytes.Equal(key[:b.shared], b.Key[:b.shared]) && bytes.Equal(key[b.shared:], b.suffix)
}

// compareNext compares the next block's key with a key. After the last block the
// next key is infinite.
func (b *CheckedBlock) compareNext(key []byte) int {
	if b.Last() {
		return 1
	}
	n := min(b.shared, len(key))
	if c := bytes.Compare(b.Key[:n], key[:n]); c != 0 {
		return c
	}
	if n < b.shared {
		return 1
	}
	return bytes.Compare(b.suffix, key[n:])
}

// nextKey appends the next block's key.
func (b *CheckedBlock) nextKey(dst []byte) []byte {
	return append(append(dst, b.Key[:b.shared]...), b.suffix...)
}

// blockHead is the number of bytes of a value before the number of entries.
const blockHead = 8

// Open checks a block and returns it; its bytes are not copied.
func (t *Table[E, C]) Open(key, value []byte) (b CheckedBlock, err error) {
	if t.Old {
		return t.openOld(key, value)
	}
	if len(value) <= blockHead || binary.BigEndian.Uint32(value) != t.checksum(key, value[4:]) {
		return b, t.Damaged(key, "checksum")
	}
	if !t.AnyStamp && binary.BigEndian.Uint32(value[4:]) != t.Stamp {
		return b, t.Damaged(key, "of another state")
	}
	count, rest := uvarint(value[blockHead:])
	b.shared, b.suffix, b.entries = cutSuffix(rest)
	if b.entries == nil || b.shared > len(key) {
		return b, t.Damaged(key, "next key")
	}
	b.Key, b.count, b.First = key, int(count>>1), count&1 != 0
	return b, t.checkCount(&b, count>>1, len(value))
}

func (t *Table[E, C]) checkCount(b *CheckedBlock, count uint64, size int) error {
	if count == 0 || count > uint64(size) || count > 1 && len(b.Key)+size > blockSize {
		return t.Damaged(b.Key, "count")
	}
	return nil
}

// openOld opens a block of versions 1 and 2: its checksum, the number of entries
// and the entries.
func (t *Table[E, C]) openOld(key, value []byte) (b CheckedBlock, err error) {
	if len(value) < 5 || binary.BigEndian.Uint32(value) != t.checksum(key, value[4:]) {
		return b, t.Damaged(key, "checksum")
	}
	count, rest := uvarint(value[4:])
	b = CheckedBlock{Key: key, count: int(count), entries: rest}
	return b, t.checkCount(&b, count, len(value))
}

// Damaged returns an ErrDamaged for the block with a key.
func (t *Table[E, C]) Damaged(key []byte, what string) error {
	return fmt.Errorf("%w: block %x of %s: %s", ErrDamaged, bytes.Clone(key[:min(len(key), 40)]), t.Name, what)
}

// seek opens the block whose range of keys contains key, whether the table has an
// entry with that key or not, and leaves the cursor on it. ok is false in a table
// without blocks.
func (t *Table[E, C]) seek(c *Cursor, key []byte) (b CheckedBlock, ok bool, err error) {
	if t.Empty {
		return b, false, nil
	}
	k, v := c.Floor(key)
	if k == nil {
		return b, false, t.Damaged(key, "missing")
	}
	if b, err = t.Open(k, v); err != nil {
		return b, false, err
	}
	if bytes.Compare(k, key) > 0 && !b.First || b.compareNext(key) <= 0 {
		return b, false, t.Damaged(k, "not where it belongs")
	}
	return b, true, nil
}

// step opens the block after b, where the cursor is, and moves the cursor to it.
// ok is false after the last block.
func (t *Table[E, C]) step(c *Cursor, b *CheckedBlock) (next CheckedBlock, ok bool, err error) {
	if b.Last() {
		return next, false, nil
	}
	k, v := c.Next()
	if !b.LeadsTo(k) {
		return next, false, t.Damaged(b.Key, "not followed by the next one")
	}
	next, err = t.Open(k, v)
	return next, err == nil, err
}

// Unpack appends the entries of a block to dst. They share no memory with the
// block.
func (t *Table[E, C]) Unpack(dst []E, b *CheckedBlock) ([]E, error) {
	dst, err := t.Code.decode(dst, b.count, b.Key, b.entries)
	if err != nil {
		return dst, t.Damaged(b.Key, "entry")
	}
	return dst, nil
}

// Decode opens and unpacks a block.
func (t *Table[E, C]) Decode(dst []E, key, value []byte) ([]E, error) {
	b, err := t.Open(key, value)
	if err != nil {
		return dst, err
	}
	return t.Unpack(dst, &b)
}

// packedBlock is a block that is ready to be written.
type packedBlock struct {
	key, value []byte
}

// encode packs all entries of a table, which are sorted.
func (t *Table[E, C]) encode(entries []E) (blocks []packedBlock) {
	for first := true; len(entries) > 0; first = false {
		b, n := t.packOne(entries, first)
		blocks = append(blocks, b)
		entries = entries[n:]
	}
	return blocks
}

// packOne makes a block of as many entries as fit and returns their number. The
// entry after them determines the next block's key.
func (t *Table[E, C]) packOne(entries []E, first bool) (packedBlock, int) {
	t.key = t.Code.AppendKey(t.key[:0], entries[0])
	for n := 0; ; {
		// The head is probably as long as the head of the block before.
		t.body, n = t.Code.pack(t.body[:0], entries, blockSize-blockHead-len(t.key)-len(t.head))
		t.head = t.appendHead(t.head[:0], entries, n, first)
		if n == 1 || len(t.key)+blockHead+len(t.head)+len(t.body) <= blockSize {
			return t.assemble(), n
		}
	}
}

// appendHead appends the part of a value before its n entries, without checksum
// and stamp.
func (t *Table[E, C]) appendHead(dst []byte, entries []E, n int, first bool) []byte {
	count := uint64(n) << 1
	if first {
		count++
	}
	t.next = t.next[:0]
	if n < len(entries) {
		t.next = t.Code.AppendKey(t.next, entries[n])
	}
	return appendSuffix(binary.AppendUvarint(dst, count), t.key, t.next)
}

// assemble makes a block of the key, the head and the entries in the scratch
// buffers.
func (t *Table[E, C]) assemble() packedBlock {
	key := append(t.allocate(len(t.key)+blockHead+len(t.head)+len(t.body)), t.key...)
	value := binary.BigEndian.AppendUint32(append(key[len(key):], 0, 0, 0, 0), t.Stamp)
	value = append(append(value, t.head...), t.body...)
	binary.BigEndian.PutUint32(value, t.checksum(key, value[4:]))
	return packedBlock{key[:len(key):len(key)], value}
}

// allocate returns n bytes of memory, cut from pieces of growing size.
func (t *Table[E, C]) allocate(n int) []byte {
	if len(t.slab) < n {
		t.piece = min(max(2*t.piece, 4<<10), 256<<10)
		t.slab = make([]byte, max(n, t.piece))
	}
	memory := t.slab[:0:n]
	t.slab = t.slab[n:]
	return memory
}

// Edit adds an entry to a table or removes it.
type Edit[E any] struct {
	Entry  E
	Remove bool
}

// merge appends sorted entries to dst, with sorted edits applied to them.
func (t *Table[E, C]) merge(dst, entries []E, edits []Edit[E]) []E {
	for _, ed := range edits {
		at, found := gallop(entries, ed.Entry, t.Code.Compare)
		dst = append(dst, entries[:at]...)
		if found {
			at++
		}
		if entries = entries[at:]; !ed.Remove {
			dst = append(dst, ed.Entry)
		}
	}
	return append(dst, entries...)
}

// gallop is a binary search that is fast for entries near the beginning.
func gallop[E any](entries []E, e E, compare func(a, b E) int) (int, bool) {
	low, high := 0, 1
	for high <= len(entries) && compare(entries[high-1], e) < 0 {
		low, high = high, 2*high
	}
	high = min(high, len(entries))
	at, found := slices.BinarySearchFunc(entries[low:high], e, compare)
	return low + at, found
}
