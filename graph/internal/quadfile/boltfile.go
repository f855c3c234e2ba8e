package quadfile

import (
	"bytes"
	"hash/fnv"
	"os"
	"slices"
	"sync/atomic"
)

// BoltFile writes a bbolt file from tables with sorted keys, page after page. All
// pages are full and used, little memory is needed, and the disk limits the speed;
// bbolt itself is made for changes in place. Before Finish the file is not a bbolt
// file.
type BoltFile struct {
	file             *os.File
	pageSize         int
	FirstTransaction uint64        // an even number: meta page 0 is of this transaction, page 1 of the next
	next             atomic.Uint64 // the first unused page
	buckets          []element     // by name
}

// element is an item of a page: a key and its value, or in a branch page the first
// key of a child page and the child's number.
type element struct {
	key, value []byte
	child      uint64
}

const (
	// MetaPages is the number of meta pages at the beginning of a file.
	MetaPages = 2
	// BucketFlag is the flag of an element that is a bucket.
	BucketFlag = 1
	extent     = 64 // pages that a table writes at a time, one after the other in the file
)

// NewBoltFile returns a BoltFile that writes to an empty file.
func NewBoltFile(f *os.File) *BoltFile {
	b := &BoltFile{file: f, pageSize: os.Getpagesize()}
	b.next.Store(MetaPages)
	return b
}

// reserve reserves n consecutive pages and returns the first.
func (b *BoltFile) reserve(n int) uint64 { return b.next.Add(uint64(n)) - uint64(n) }

func (b *BoltFile) write(first uint64, pages []byte) error {
	_, err := b.file.WriteAt(pages, int64(first)*int64(b.pageSize))
	return err
}

// pagesFor returns how many pages hold size bytes.
func (b *BoltFile) pagesFor(size int) int { return (size + b.pageSize - 1) / b.pageSize }

// putPage encodes a page of elements into dst, which is zeroed and as long as the
// page with its overflow.
func (b *BoltFile) putPage(dst []byte, id uint64, flags uint16, elements []element, elementFlags uint32) {
	NativeEndian.PutUint64(dst, id)
	NativeEndian.PutUint16(dst[8:], flags)
	NativeEndian.PutUint16(dst[10:], uint16(len(elements)))
	NativeEndian.PutUint32(dst[12:], uint32(len(dst)/b.pageSize-1))
	data := PageHeader + ElementSize*len(elements)
	for i, e := range elements {
		head := dst[PageHeader+ElementSize*i:]
		pos := uint32(data - PageHeader - ElementSize*i)
		if flags == BranchFlag {
			NativeEndian.PutUint32(head, pos)
			NativeEndian.PutUint32(head[4:], uint32(len(e.key)))
			NativeEndian.PutUint64(head[8:], e.child)
		} else {
			NativeEndian.PutUint32(head, elementFlags)
			NativeEndian.PutUint32(head[4:], pos)
			NativeEndian.PutUint32(head[8:], uint32(len(e.key)))
			NativeEndian.PutUint32(head[12:], uint32(len(e.value)))
		}
		data += copy(dst[data:], e.key)
		data += copy(dst[data:], e.value)
	}
}

// addPage writes elements as a new page.
func (b *BoltFile) addPage(flags uint16, elements []element, elementFlags uint32) (id uint64, err error) {
	size := PageHeader
	for _, e := range elements {
		size += ElementSize + len(e.key) + len(e.value)
	}
	n := b.pagesFor(size)
	id = b.reserve(n)
	page := make([]byte, n*b.pageSize)
	b.putPage(page, id, flags, elements, elementFlags)
	return id, b.write(id, page)
}

// bucket records the root page of a bucket.
func (b *BoltFile) bucket(name string, root uint64) {
	value := make([]byte, 16)
	NativeEndian.PutUint64(value, root)
	b.buckets = append(b.buckets, element{key: []byte(name), value: value})
}

// Finish writes the list of buckets, which must be sorted by name, an empty list of
// free pages, and the meta pages.
func (b *BoltFile) Finish() error {
	root, err := b.addPage(LeafFlag, b.buckets, BucketFlag)
	if err != nil {
		return err
	}
	freelist, err := b.addPage(freeFlag, nil, 0)
	if err != nil {
		return err
	}
	high := b.next.Load()
	if err := b.file.Truncate(int64(high) * int64(b.pageSize)); err != nil {
		return err
	}
	for i := range uint64(MetaPages) {
		if err := b.write(i, b.meta(i, root, freelist, high)); err != nil {
			return err
		}
	}
	return nil
}

func (b *BoltFile) meta(i, root, freelist, high uint64) []byte {
	page := make([]byte, b.pageSize)
	b.putPage(page, i, metaFlag, nil, 0)
	meta := page[PageHeader:]
	NativeEndian.PutUint32(meta, boltMagic)
	NativeEndian.PutUint32(meta[4:], 2)
	NativeEndian.PutUint32(meta[8:], uint32(b.pageSize))
	NativeEndian.PutUint64(meta[16:], root)
	NativeEndian.PutUint64(meta[32:], freelist)
	NativeEndian.PutUint64(meta[40:], high)
	NativeEndian.PutUint64(meta[48:], b.FirstTransaction+i)
	sum := fnv.New64a()
	sum.Write(meta[:metaSize])
	NativeEndian.PutUint64(meta[metaSize:], sum.Sum64())
	return page
}

// boltTable writes the B+ tree of one bucket, up to extent pages at a time. Pages are
// reserved when they are written, so that none is left over. Until then the number
// of a page is its index in the pages to write, marked as unplaced.
type boltTable struct {
	b       *BoltFile
	pages   []byte // the pages to write, with room for an extent
	used    int    // the number of pages to write
	leaf    []element
	size    int // the size of the leaf in bytes
	memory  []byte
	parents [][]element // by level, the lowest first: elements that are in no page yet
}

// unplaced marks the number of a page that has no place in the file yet.
const unplaced = 1 << 63

// Table begins a table. Several tables may be written at the same time.
func (b *BoltFile) Table() *boltTable { return &boltTable{b: b, size: PageHeader} }

// Put adds a key, which is greater than all keys before, and its value. It copies
// both.
func (t *boltTable) Put(key, value []byte) error {
	need := ElementSize + len(key) + len(value)
	if t.size+need > t.b.pageSize && len(t.leaf) > 0 {
		if err := t.endLeaf(); err != nil {
			return err
		}
	}
	at := len(t.memory)
	t.memory = append(append(t.memory, key...), value...)
	kept := t.memory[at:len(t.memory):len(t.memory)]
	t.leaf = append(t.leaf, element{key: kept[:len(key):len(key)], value: kept[len(key):]})
	t.size += need
	return nil
}

func (t *boltTable) endLeaf() error {
	id, err := t.page(LeafFlag, t.leaf, t.size)
	if err != nil {
		return err
	}
	first := element{child: id}
	if len(t.leaf) > 0 {
		first.key = bytes.Clone(t.leaf[0].key)
	}
	t.leaf, t.size, t.memory = t.leaf[:0], PageHeader, t.memory[:0]
	return t.addParent(0, first)
}

// addParent adds a child page to a level of branch pages. It writes a page once
// it has elements for two, so that each branch page has at least two children.
func (t *boltTable) addParent(level int, to element) error {
	if level == len(t.parents) {
		t.parents = append(t.parents, nil)
	}
	t.parents[level] = append(t.parents[level], to)
	if branchSize(t.parents[level]) <= 2*t.b.pageSize {
		return nil
	}
	return t.endBranch(level, t.b.pageSize)
}

func branchSize(elements []element) int {
	size := PageHeader
	for _, e := range elements {
		size += ElementSize + len(e.key)
	}
	return size
}

// endBranch writes a branch page of as many elements as fit.
func (t *boltTable) endBranch(level, limit int) error {
	all := t.parents[level]
	n, size := 0, PageHeader
	for n < len(all) && size+ElementSize+len(all[n].key) <= limit {
		size += ElementSize + len(all[n].key)
		n++
	}
	id, err := t.page(BranchFlag, all[:n], size)
	if err != nil {
		return err
	}
	first := element{key: all[0].key, child: id}
	t.parents[level] = append([]element(nil), all[n:]...)
	return t.addParent(level+1, first)
}

// Close writes the remaining pages and returns the root page.
func (t *boltTable) Close() (root uint64, err error) {
	if len(t.leaf) > 0 || len(t.parents) == 0 {
		if err := t.endLeaf(); err != nil {
			return 0, err
		}
	}
	for level := 0; level < len(t.parents)-1 || len(t.parents[level]) > 1; level++ {
		for len(t.parents[level]) > 0 {
			limit := t.b.pageSize
			if size := branchSize(t.parents[level]); size > limit {
				limit = min(limit, size/2+ElementSize+LongKey)
			}
			if err := t.endBranch(level, limit); err != nil {
				return 0, err
			}
		}
	}
	err = t.flush()
	return t.parents[len(t.parents)-1][0].child, err
}

// page adds a page to the pages to write. A page longer than an extent, which is a
// leaf, is written at once.
func (t *boltTable) page(flags uint16, elements []element, size int) (id uint64, err error) {
	n := t.b.pagesFor(size)
	if n > extent {
		return t.b.addPage(flags, elements, 0)
	}
	if t.used+n > extent {
		if err := t.flush(); err != nil {
			return 0, err
		}
	}
	if len(t.pages) == 0 {
		t.pages = make([]byte, extent*t.b.pageSize)
	}
	id = unplaced | uint64(t.used)
	t.b.putPage(t.pages[t.used*t.b.pageSize:(t.used+n)*t.b.pageSize], id, flags, elements, 0)
	t.used += n
	return id, nil
}

// flush reserves pages in the file and writes the pages to write.
func (t *boltTable) flush() error {
	pages := t.pages[:t.used*t.b.pageSize]
	first := t.b.reserve(t.used)
	t.place(first)
	err := t.b.write(first, pages)
	clear(pages)
	t.used = 0
	return err
}

// place numbers the pages to write from first on, in their headers and in the
// elements that refer to them.
func (t *boltTable) place(first uint64) {
	placed := func(id uint64) uint64 {
		if id&unplaced != 0 {
			return first + id&^unplaced
		}
		return id
	}
	for i := 0; i < t.used; {
		page := t.pages[i*t.b.pageSize:]
		NativeEndian.PutUint64(page, first+uint64(i))
		if NativeEndian.Uint16(page[8:]) == BranchFlag {
			for k := range int(NativeEndian.Uint16(page[10:])) {
				child := page[PageHeader+ElementSize*k+8:]
				NativeEndian.PutUint64(child, placed(NativeEndian.Uint64(child)))
			}
		}
		i += 1 + int(NativeEndian.Uint32(page[12:]))
	}
	for _, level := range t.parents {
		for k := range level {
			level[k].child = placed(level[k].child)
		}
	}
}

// BucketsFrom records buckets in the order of their names.
func (b *BoltFile) BucketsFrom(roots map[string]uint64) {
	names := make([]string, 0, len(roots))
	for name := range roots {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b.bucket(name, roots[name])
	}
}
