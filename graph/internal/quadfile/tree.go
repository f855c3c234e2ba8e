package quadfile

import (
	"bytes"
	"fmt"
	"sync/atomic"
	"unsafe"

	bolt "go.etcd.io/bbolt"
)

// tree is the B+ tree of pages of one bucket, as a transaction found it. It finds
// blocks as a cursor of bbolt does, but without allocating, and it never leaves
// the file: a page number outside the file, or a cycle, is a panic that RecoverPanic
// turns into ErrDamaged. Whether a found block is the right one is checked by
// Table.seek and Table.step.
type tree struct {
	file   []byte // mapped; valid as long as the transaction
	page   uint64 // the size of one
	root   uint64
	inline []byte        // the leaf of a small bucket, which has no page: then the root is 0
	visits *atomic.Int64 // of leaves of a temporary file, whose pages do not stay in memory; else nil
}

// openBuckets returns the trees of all buckets by name, as they were at the
// beginning of the transaction. The pages of a temporary file are unmapped now and then
// while they are read, so that a load that reads many of them does not grow.
func openBuckets(tx *bolt.Tx, isTemporary bool) map[string]*tree {
	info := tx.DB().Info()
	data := *(*unsafe.Pointer)(unsafe.Pointer(&info.Data))
	list := tree{file: unsafe.Slice((*byte)(data), tx.Size()), page: uint64(info.PageSize), root: uint64(tx.Cursor().Bucket().Root())}
	all, c := map[string]*tree{}, Cursor{tree: &list, flags: BucketFlag}
	var last []byte
	for k, v := c.Floor(nil); k != nil; k, v = c.Next() {
		if len(v) < 16 || bytes.Compare(k, last) <= 0 {
			panic("the list of buckets is not one")
		}
		b := &tree{file: list.file, page: list.page, root: NativeEndian.Uint64(v)}
		if isTemporary {
			b.visits = new(atomic.Int64)
		}
		if b.root == 0 {
			b.inline = v[16:]
		}
		all[string(k)], last = b, k
	}
	return all
}

// get returns the value of a key, nil if there is none.
func (t *tree) get(key []byte) []byte {
	if t == nil {
		return nil
	}
	c := Cursor{tree: t}
	if k, v := c.Floor(key); bytes.Equal(k, key) {
		return v
	}
	return nil
}

// Cursor walks the blocks of a table.
type Cursor struct {
	tree  *tree
	bolt  *bolt.Cursor // where there is no tree
	flags uint32       // of the elements
	depth int
	path  [maxTreeDepth]treePlace
}

// maxTreeDepth is greater than the depth of a tree of 2^40 pages with a few keys
// each.
const maxTreeDepth = 16

// treePlace is a position in a page: one of its elements.
type treePlace struct {
	page         uint64
	count, index int
	leaf         bool
}

// Cursor returns a cursor over the blocks of a table.
func (t *Table[E, C]) Cursor() (c Cursor) {
	if c.tree = t.tree; c.tree == nil && t.bucket != nil {
		c.bolt = t.bucket.Cursor()
	}
	return c
}

// Floor moves to the block with the greatest key that is at most key, or to the
// first block if there is none, and returns it; nil in a table without blocks.
func (c *Cursor) Floor(key []byte) (k, v []byte) {
	if c.tree == nil {
		return floor(c.bolt, key)
	}
	if !c.ascend(key) {
		c.depth = 0
		c.descend(c.tree.root, key)
	}
	if at := &c.path[c.depth-1]; at.index < 0 {
		if k, v = c.previous(); k != nil {
			return k, v
		}
		c.depth = 0
		c.descend(c.tree.root, nil)
		c.path[c.depth-1].index = -1
		return c.Next()
	}
	return c.item()
}

// ascend leaves the pages of the path that do not contain the place of a key, and goes
// down to that place from the page above them. It returns false if only the path from the
// root leads there. Keys that are near each other share most of their paths.
func (c *Cursor) ascend(key []byte) bool {
	for c.depth > 1 {
		c.depth--
		if above := &c.path[c.depth-1]; c.tree.leadsTo(above, key) {
			c.descend(c.tree.child(above), key)
			return true
		}
	}
	return false
}

// Next moves to the next block and returns it, nil at the end.
func (c *Cursor) Next() (k, v []byte) {
	if c.tree == nil {
		return c.bolt.Next()
	}
	for c.depth > 0 {
		at := &c.path[c.depth-1]
		if at.index++; at.index >= at.count {
			c.depth--
			continue
		}
		if at.leaf {
			return c.item()
		}
		c.descend(c.tree.child(at), nil)
		c.tree.visit(visitInOrder - 1)
		c.path[c.depth-1].index = 0
		return c.item()
	}
	return nil, nil
}

// floor is Cursor.Floor for a table that was written in the same transaction.
func floor(c *bolt.Cursor, key []byte) (k, v []byte) {
	if k, v = c.Seek(key); k != nil && bytes.Equal(k, key) {
		return k, v
	}
	if k == nil {
		return c.Last()
	}
	if k, v = c.Prev(); k != nil {
		return k, v
	}
	return c.First()
}

// fractionBefore estimates the fraction of the blocks that is before key.
func (c *Cursor) fractionBefore(key []byte) (before float64) {
	c.Floor(key)
	part := 1.0
	for _, at := range c.path[:c.depth] {
		part /= float64(at.count)
		before += part * float64(at.index)
	}
	return before
}

// previous moves to the previous block and returns it, nil if there is none.
func (c *Cursor) previous() (k, v []byte) {
	for c.depth > 0 {
		at := &c.path[c.depth-1]
		if at.index--; at.index < 0 {
			c.depth--
			continue
		}
		if at.leaf {
			return c.item()
		}
		c.push(c.tree.child(at))
		c.path[c.depth-1].index = c.path[c.depth-1].count
	}
	return nil, nil
}

// descend moves from a page down to a leaf: in each page to the last element whose
// key is at most key. If there is none, that is the first element in a branch and
// -1 in a leaf.
func (c *Cursor) descend(page uint64, key []byte) {
	for {
		c.push(page)
		at := &c.path[c.depth-1]
		at.index = c.tree.search(at, key)
		if at.leaf {
			c.tree.visit(1)
			return
		}
		at.index = max(at.index, 0)
		page = c.tree.child(at)
	}
}

// The pages of a temporary file are unmapped after releaseEvery leaves that were looked
// up, since these may be looked up again soon, or after fewer that were read in order, each of
// which counts as visitInOrder: some MB in both cases.
const (
	releaseEvery = 8 << 10
	visitInOrder = 16
)

// visit counts n visited leaves.
func (t *tree) visit(n int64) {
	if t.visits != nil && t.visits.Add(n)%releaseEvery < n {
		unmap(t.file)
	}
}

// push checks the header of a page and adds the page to the path.
func (c *Cursor) push(id uint64) {
	head := c.tree.pageAt(id)
	flags, count := NativeEndian.Uint16(head[8:]), int(NativeEndian.Uint16(head[10:]))
	if NativeEndian.Uint64(head) != id || flags != BranchFlag && flags != LeafFlag ||
		count == 0 && (flags == BranchFlag || c.depth > 0) || PageHeader+count*ElementSize > len(head) || c.depth == maxTreeDepth {
		panic(fmt.Sprintf("page %d is not one of a tree", id))
	}
	c.path[c.depth] = treePlace{page: id, count: count, leaf: flags == LeafFlag}
	c.depth++
}

// pageAt returns the bytes of the file from a page on.
func (t *tree) pageAt(id uint64) []byte {
	if id == 0 && t.inline != nil {
		return t.inline
	}
	if id < 2 || id >= uint64(len(t.file))/t.page {
		panic(fmt.Sprintf("page %d is outside the file", id))
	}
	return t.file[id*t.page:]
}

// search returns the last element of a page whose key is at most key, -1 for none.
func (t *tree) search(at *treePlace, key []byte) int {
	if key == nil {
		return -1
	}
	page, skip := t.pageAt(at.page), 0
	if at.leaf {
		skip = 4 // the flags come first
	}
	low, high := 0, at.count
	for low < high {
		middle := int(uint(low+high) / 2)
		if bytes.Compare(elementKey(page, middle, skip), key) <= 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low - 1
}

// elementKey returns the key of an element of a page, whose header skips some bytes.
func elementKey(page []byte, i, skip int) []byte {
	e := page[PageHeader+i*ElementSize:]
	start := int(NativeEndian.Uint32(e[skip:]))
	return e[start : start+int(NativeEndian.Uint32(e[skip+4:]))]
}

// leadsTo reports whether the place of a key is below an element of a branch that is not
// the last one.
func (t *tree) leadsTo(at *treePlace, key []byte) bool {
	if at.index+1 >= at.count {
		return false
	}
	page := t.pageAt(at.page)
	return bytes.Compare(elementKey(page, at.index, 0), key) <= 0 && bytes.Compare(elementKey(page, at.index+1, 0), key) > 0
}

// child returns the page that an element of a branch refers to.
func (t *tree) child(at *treePlace) uint64 {
	return NativeEndian.Uint64(t.pageAt(at.page)[PageHeader+at.index*ElementSize+8:])
}

// item returns the key and the value at the cursor.
func (c *Cursor) item() (k, v []byte) {
	at := &c.path[c.depth-1]
	e := c.tree.pageAt(at.page)[PageHeader+at.index*ElementSize:]
	if NativeEndian.Uint32(e) != c.flags {
		panic(fmt.Sprintf("page %d: element %d is of another kind", at.page, at.index))
	}
	start := uint64(NativeEndian.Uint32(e[4:]))
	middle := start + uint64(NativeEndian.Uint32(e[8:]))
	end := middle + uint64(NativeEndian.Uint32(e[12:]))
	return e[start:middle:middle], e[middle:end:end]
}
