package store

import (
	"bytes"
	"hash/fnv"
	"os"
	"slices"
	"sync"
	"sync/atomic"
)

// boltFile writes a bbolt file from tables that come sorted, page after page:
// with full pages, in little memory and at the speed of the disk, which bbolt
// itself, made for changes in place, does not. Only when it is finished is it a
// bbolt file.
type boltFile struct {
	file     *os.File
	pageSize int
	first    uint64        // transaction, an even number: meta page 0 is of it, page 1 of the next
	next     atomic.Uint64 // the first page that nobody has
	buckets  []element     // by name

	mu   sync.Mutex
	free []uint64 // pages
}

// element is an item of a page: a key and its value, or in a branch the page
// that begins with the key.
type element struct {
	key, value []byte
	child      uint64
}

const (
	metaPages  = 2
	bucketFlag = 1
	extent     = 64 // pages that a table takes at a time
)

func newBoltFile(f *os.File) *boltFile {
	b := &boltFile{file: f, pageSize: os.Getpagesize()}
	b.next.Store(metaPages)
	return b
}

// take reserves n pages in a row and returns the first.
func (b *boltFile) take(n int) uint64 { return b.next.Add(uint64(n)) - uint64(n) }

func (b *boltFile) write(first uint64, pages []byte) error {
	_, err := b.file.WriteAt(pages, int64(first)*int64(b.pageSize))
	return err
}

// pagesFor is how many pages so many bytes take.
func (b *boltFile) pagesFor(size int) int { return (size + b.pageSize - 1) / b.pageSize }

// putPage writes a page of elements into dst, which is zeroed and as long as the
// page with its overflow.
func (b *boltFile) putPage(dst []byte, id uint64, flags uint16, elements []element, elementFlags uint32) {
	native.PutUint64(dst, id)
	native.PutUint16(dst[8:], flags)
	native.PutUint16(dst[10:], uint16(len(elements)))
	native.PutUint32(dst[12:], uint32(len(dst)/b.pageSize-1))
	data := pageHeader + elementSize*len(elements)
	for i, e := range elements {
		head := dst[pageHeader+elementSize*i:]
		pos := uint32(data - pageHeader - elementSize*i)
		if flags == branchFlag {
			native.PutUint32(head, pos)
			native.PutUint32(head[4:], uint32(len(e.key)))
			native.PutUint64(head[8:], e.child)
		} else {
			native.PutUint32(head, elementFlags)
			native.PutUint32(head[4:], pos)
			native.PutUint32(head[8:], uint32(len(e.key)))
			native.PutUint32(head[12:], uint32(len(e.value)))
		}
		data += copy(dst[data:], e.key)
		data += copy(dst[data:], e.value)
	}
}

// addPage writes elements as a page of their own.
func (b *boltFile) addPage(flags uint16, elements []element, elementFlags uint32) (id uint64, err error) {
	size := pageHeader
	for _, e := range elements {
		size += elementSize + len(e.key) + len(e.value)
	}
	n := b.pagesFor(size)
	id = b.take(n)
	page := make([]byte, n*b.pageSize)
	b.putPage(page, id, flags, elements, elementFlags)
	return id, b.write(id, page)
}

// bucket records that a bucket has its root on a page.
func (b *boltFile) bucket(name string, root uint64) {
	value := make([]byte, 16)
	native.PutUint64(value, root)
	b.buckets = append(b.buckets, element{key: []byte(name), value: value})
}

// finish writes what makes the pages a file: the list of buckets, which must
// have come by name, that of free pages, and the meta pages.
func (b *boltFile) finish() error {
	root, err := b.addPage(leafFlag, b.buckets, bucketFlag)
	if err != nil {
		return err
	}
	freelist, err := b.putFree()
	if err != nil {
		return err
	}
	high := b.next.Load()
	if err := b.file.Truncate(int64(high) * int64(b.pageSize)); err != nil {
		return err
	}
	for i := range uint64(metaPages) {
		if err := b.write(i, b.meta(i, root, freelist, high)); err != nil {
			return err
		}
	}
	return nil
}

// putFree writes the list of free pages. A long one has its length in front.
func (b *boltFile) putFree() (id uint64, err error) {
	slices.Sort(b.free)
	list := b.free
	count := uint16(0xFFFF)
	if len(list) < 0xFFFF {
		count = uint16(len(list))
	} else {
		list = slices.Insert(list, 0, uint64(len(list)))
	}
	page := make([]byte, b.pagesFor(pageHeader+8*len(list))*b.pageSize)
	id = b.take(len(page) / b.pageSize)
	b.putPage(page, id, freeFlag, nil, 0)
	native.PutUint16(page[10:], count)
	for i, free := range list {
		native.PutUint64(page[pageHeader+8*i:], free)
	}
	return id, b.write(id, page)
}

func (b *boltFile) meta(i, root, freelist, high uint64) []byte {
	page := make([]byte, b.pageSize)
	b.putPage(page, i, metaFlag, nil, 0)
	meta := page[pageHeader:]
	native.PutUint32(meta, boltMagic)
	native.PutUint32(meta[4:], 2)
	native.PutUint32(meta[8:], uint32(b.pageSize))
	native.PutUint64(meta[16:], root)
	native.PutUint64(meta[32:], freelist)
	native.PutUint64(meta[40:], high)
	native.PutUint64(meta[48:], b.first+i)
	sum := fnv.New64a()
	sum.Write(meta[:metaSize])
	native.PutUint64(meta[metaSize:], sum.Sum64())
	return page
}

// boltTable writes the tree of one bucket.
type boltTable struct {
	b       *boltFile
	pages   []byte // of the extent that is being filled
	first   uint64 // its first page
	used    int    // pages of it
	leaf    []element
	size    int // of the leaf
	memory  []byte
	parents [][]element // by level, the lowest first: what no page holds yet
}

func (b *boltFile) table() *boltTable { return &boltTable{b: b, size: pageHeader} }

// put adds a key after all others, and its value. It keeps neither.
func (t *boltTable) put(key, value []byte) error {
	need := elementSize + len(key) + len(value)
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
	id, err := t.page(leafFlag, t.leaf, t.size)
	if err != nil {
		return err
	}
	first := element{child: id}
	if len(t.leaf) > 0 {
		first.key = bytes.Clone(t.leaf[0].key)
	}
	t.leaf, t.size, t.memory = t.leaf[:0], pageHeader, t.memory[:0]
	return t.lead(0, first)
}

// lead notes in a level of branches that a page is to be found. A branch has
// two pages under it at least, so that as much as two branches take is kept back.
func (t *boltTable) lead(level int, to element) error {
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
	size := pageHeader
	for _, e := range elements {
		size += elementSize + len(e.key)
	}
	return size
}

// endBranch writes a branch of as many elements as fit.
func (t *boltTable) endBranch(level, limit int) error {
	all := t.parents[level]
	n, size := 0, pageHeader
	for n < len(all) && size+elementSize+len(all[n].key) <= limit {
		size += elementSize + len(all[n].key)
		n++
	}
	id, err := t.page(branchFlag, all[:n], size)
	if err != nil {
		return err
	}
	first := element{key: all[0].key, child: id}
	t.parents[level] = append([]element(nil), all[n:]...)
	return t.lead(level+1, first)
}

// close writes what is left and returns the root, and gives unused pages back.
func (t *boltTable) close() (root uint64, err error) {
	if len(t.leaf) > 0 || len(t.parents) == 0 {
		if err := t.endLeaf(); err != nil {
			return 0, err
		}
	}
	for level := 0; ; level++ {
		if level == len(t.parents)-1 && len(t.parents[level]) == 1 {
			root = t.parents[level][0].child
			break
		}
		for len(t.parents[level]) > 0 {
			limit := t.b.pageSize
			if size := branchSize(t.parents[level]); size > limit {
				limit = min(limit, size/2+elementSize+longKey)
			}
			if err := t.endBranch(level, limit); err != nil {
				return 0, err
			}
		}
	}
	return root, t.flush()
}

// page puts a page into the extent, or where that has no room into the next one.
func (t *boltTable) page(flags uint16, elements []element, size int) (id uint64, err error) {
	n := t.b.pagesFor(size)
	if n > extent {
		return t.b.addPage(flags, elements, 0)
	}
	if t.used+n > extent || len(t.pages) == 0 {
		if err := t.flush(); err != nil {
			return 0, err
		}
		if len(t.pages) == 0 {
			t.pages = make([]byte, extent*t.b.pageSize)
		}
		clear(t.pages)
		t.first, t.used = t.b.take(extent), 0
	}
	id = t.first + uint64(t.used)
	t.b.putPage(t.pages[t.used*t.b.pageSize:(t.used+n)*t.b.pageSize], id, flags, elements, 0)
	t.used += n
	return id, nil
}

// flush writes the pages of the extent that are in use; the others are free.
func (t *boltTable) flush() error {
	size := t.b.pageSize
	if len(t.pages) == 0 {
		return nil
	}
	t.b.mu.Lock()
	for i := t.used; i < extent; i++ {
		t.b.free = append(t.b.free, t.first+uint64(i))
	}
	t.b.mu.Unlock()
	used := t.used
	t.used = extent
	return t.b.write(t.first, t.pages[:used*size])
}

// bucketsFrom records buckets in the order of their names.
func (b *boltFile) bucketsFrom(roots map[string]uint64) {
	names := make([]string, 0, len(roots))
	for name := range roots {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b.bucket(name, roots[name])
	}
}
