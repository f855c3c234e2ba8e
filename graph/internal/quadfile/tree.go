package quadfile

import (
	"bytes"
	"fmt"
	"unsafe"

	bolt "go.etcd.io/bbolt"
)

// tree is the pages of one bucket as a transaction found them. It finds blocks
// as a cursor of bbolt does, but without memory for each search, and it never
// leaves the file: what leads outside, or in a circle, is a panic that guarded
// makes an ErrDamaged of. Whether the block that it finds is the right one is for
// table.seek and table.step to prove.
type tree struct {
	file   []byte // mapped; valid as long as the transaction
	page   uint64 // the size of one
	root   uint64
	inline []byte // a small bucket, which has no page: then the root is 0
}

// openBuckets returns the trees of all buckets by name, as they were when the
// transaction began.
func openBuckets(tx *bolt.Tx) map[string]*tree {
	info := tx.DB().Info()
	data := *(*unsafe.Pointer)(unsafe.Pointer(&info.Data))
	list := tree{file: unsafe.Slice((*byte)(data), tx.Size()), page: uint64(info.PageSize), root: uint64(tx.Cursor().Bucket().Root())}
	all, c := map[string]*tree{}, Cursor{tree: &list, flags: BucketFlag}
	var last []byte
	for k, v := c.Floor(nil); k != nil; k, v = c.Next() {
		if len(v) < 16 || bytes.Compare(k, last) <= 0 {
			panic("the list of buckets is not one")
		}
		b := &tree{file: list.file, page: list.page, root: Native.Uint64(v)}
		if b.root == 0 {
			b.inline = v[16:]
		}
		all[string(k)], last = b, k
	}
	return all
}

// get is the value of a key, nil where there is none.
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
	flags uint32       // that elements have
	depth int
	path  [maxTreeDepth]treePlace
}

// maxTreeDepth is more than a file of 2^40 pages has, each with a few keys.
const maxTreeDepth = 16

// treePlace is an element of a page.
type treePlace struct {
	page         uint64
	count, index int
	leaf         bool
}

func (t *Table[E, C]) Cursor() (c Cursor) {
	if c.tree = t.tree; c.tree == nil && t.bucket != nil {
		c.bolt = t.bucket.Cursor()
	}
	return c
}

// Floor is the block that holds or would hold key: the last one whose key is
// not greater, or the first of all; nil without blocks. The cursor stands on it.
func (c *Cursor) Floor(key []byte) (k, v []byte) {
	if c.tree == nil {
		return floor(c.bolt, key)
	}
	c.depth = 0
	c.descend(c.tree.root, key)
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

// Next is the block after the one where the cursor stands, nil at the end.
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
		c.path[c.depth-1].index = 0
		return c.item()
	}
	return nil, nil
}

// floor is that of a table which the transaction has written.
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

// share is about which part of the blocks lies before key.
func (c *Cursor) share(key []byte) (before float64) {
	c.Floor(key)
	part := 1.0
	for _, at := range c.path[:c.depth] {
		part /= float64(at.count)
		before += part * float64(at.index)
	}
	return before
}

// previous is the block before, nil when there is none.
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

// descend goes from a page down to a leaf, to the last element that is not
// greater than key, or to the first in branches; in the leaf that is -1 when
// all are greater.
func (c *Cursor) descend(page uint64, key []byte) {
	for {
		c.push(page)
		at := &c.path[c.depth-1]
		at.index = c.tree.search(at, key)
		if at.leaf {
			return
		}
		at.index = max(at.index, 0)
		page = c.tree.child(at)
	}
}

// push looks at the head of a page.
func (c *Cursor) push(id uint64) {
	head := c.tree.pageAt(id)
	flags, count := Native.Uint16(head[8:]), int(Native.Uint16(head[10:]))
	if Native.Uint64(head) != id || flags != BranchFlag && flags != LeafFlag ||
		count == 0 && (flags == BranchFlag || c.depth > 0) || PageHeader+count*ElementSize > len(head) || c.depth == maxTreeDepth {
		panic(fmt.Sprintf("page %d is not one of a tree", id))
	}
	c.path[c.depth] = treePlace{page: id, count: count, leaf: flags == LeafFlag}
	c.depth++
}

// pageAt is the file from a page on.
func (t *tree) pageAt(id uint64) []byte {
	if id == 0 && t.inline != nil {
		return t.inline
	}
	if id < 2 || id >= uint64(len(t.file))/t.page {
		panic(fmt.Sprintf("page %d is outside the file", id))
	}
	return t.file[id*t.page:]
}

// search is the last element of a page whose key is not greater, -1 for none.
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
		e := page[PageHeader+middle*ElementSize:]
		start := int(Native.Uint32(e[skip:]))
		if k := e[start : start+int(Native.Uint32(e[skip+4:]))]; bytes.Compare(k, key) <= 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low - 1
}

// child is the page that an element of a branch leads to.
func (t *tree) child(at *treePlace) uint64 {
	return Native.Uint64(t.pageAt(at.page)[PageHeader+at.index*ElementSize+8:])
}

// item is the key and the value where the cursor stands.
func (c *Cursor) item() (k, v []byte) {
	at := &c.path[c.depth-1]
	e := c.tree.pageAt(at.page)[PageHeader+at.index*ElementSize:]
	if Native.Uint32(e) != c.flags {
		panic(fmt.Sprintf("page %d: element %d is of another kind", at.page, at.index))
	}
	start := uint64(Native.Uint32(e[4:]))
	middle := start + uint64(Native.Uint32(e[8:]))
	end := middle + uint64(Native.Uint32(e[12:]))
	return e[start:middle:middle], e[middle:end:end]
}
