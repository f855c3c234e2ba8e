package store

import (
	"bytes"
	"fmt"
	"unsafe"

	bolt "go.etcd.io/bbolt"
)

// tree is the pages of one bucket as a read transaction has them. It finds
// blocks as a cursor of bbolt does, but without memory for each search, and it
// never leaves the file: what leads outside, or in a circle, is a panic that
// guarded makes an ErrDamaged of.
type tree struct {
	file []byte // mapped; valid as long as the transaction
	page uint64 // the size of one
	root uint64
}

// treeOf is the tree of a bucket, nil for one that has no pages of its own and
// in a transaction that writes, where pages may have changed in memory.
func treeOf(tx *bolt.Tx, b *bolt.Bucket) *tree {
	if b == nil || b.Root() == 0 || tx.Writable() {
		return nil
	}
	info := tx.DB().Info()
	data := *(*unsafe.Pointer)(unsafe.Pointer(&info.Data))
	return &tree{unsafe.Slice((*byte)(data), tx.Size()), uint64(info.PageSize), uint64(b.Root())}
}

// cursor walks the blocks of a table.
type cursor struct {
	tree  *tree
	bolt  *bolt.Cursor // where there is no tree
	depth int
	path  [maxTreeDepth]treePlace
	left  []byte // the first key of the page that next went on from
}

// maxTreeDepth is more than a file of 2^40 pages has, each with a few keys.
const maxTreeDepth = 16

// treePlace is an element of a page.
type treePlace struct {
	page         uint64
	count, index int
	leaf         bool
}

func (t *table[E, C]) cursor() (c cursor) {
	if c.tree = t.tree; c.tree == nil {
		c.bolt = t.bucket.Cursor()
	}
	return c
}

// floor is the block that holds or would hold key: the last one whose key is
// not greater, or the first of all; nil without blocks. The cursor stands on it.
func (c *cursor) floor(key []byte) (k, v []byte) {
	if c.tree == nil {
		return floor(c.bolt, key)
	}
	c.depth, c.left = 0, nil
	c.descend(c.tree.root, key)
	if at := &c.path[c.depth-1]; at.index < 0 {
		if k, v = c.previous(); k != nil {
			return k, v
		}
		c.depth = 0
		c.descend(c.tree.root, nil)
		c.path[c.depth-1].index = -1
		return c.next()
	}
	return c.item()
}

// next is the block after the one where the cursor stands, nil at the end.
func (c *cursor) next() (k, v []byte) {
	if c.tree == nil {
		return c.bolt.Next()
	}
	for c.depth > 0 {
		at := &c.path[c.depth-1]
		if at.index++; at.index >= at.count {
			c.leave(at)
			continue
		}
		if at.leaf {
			return c.item()
		}
		c.descend(c.tree.child(at), nil)
		c.path[c.depth-1].index = 0
		if k, v = c.item(); c.left != nil && bytes.Compare(k, c.left) <= 0 {
			panic(fmt.Sprintf("page %d is out of order", c.path[c.depth-1].page))
		}
		return k, v
	}
	return nil, nil
}

// share is about which part of the blocks lies before key.
func (c *cursor) share(key []byte) (before float64) {
	c.floor(key)
	part := 1.0
	for _, at := range c.path[:c.depth] {
		part /= float64(at.count)
		before += part * float64(at.index)
	}
	return before
}

// leave goes up from the end of a page. Pages that follow begin with greater
// keys than a leaf: those that lead to each other would else be read for ever.
func (c *cursor) leave(at *treePlace) {
	if at.leaf && at.count > 0 {
		at.index = 0
		c.left, _ = c.item()
	}
	c.depth--
}

// previous is the block before, nil when there is none.
func (c *cursor) previous() (k, v []byte) {
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
func (c *cursor) descend(page uint64, key []byte) {
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
func (c *cursor) push(id uint64) {
	head := c.tree.at(id)
	flags, count := native.Uint16(head[8:]), int(native.Uint16(head[10:]))
	if native.Uint64(head) != id || flags != branchFlag && flags != leafFlag ||
		count == 0 && (flags == branchFlag || c.depth > 0) || pageHeader+count*elementSize > len(head) || c.depth == maxTreeDepth {
		panic(fmt.Sprintf("page %d is not one of a tree", id))
	}
	c.path[c.depth] = treePlace{page: id, count: count, leaf: flags == leafFlag}
	c.depth++
}

// at is the file from a page on.
func (t *tree) at(id uint64) []byte {
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
	page, skip := t.at(at.page), 0
	if at.leaf {
		skip = 4 // the flags come first
	}
	low, high := 0, at.count
	for low < high {
		middle := int(uint(low+high) / 2)
		e := page[pageHeader+middle*elementSize:]
		start := int(native.Uint32(e[skip:]))
		if k := e[start : start+int(native.Uint32(e[skip+4:]))]; bytes.Compare(k, key) <= 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low - 1
}

// child is the page that an element of a branch leads to.
func (t *tree) child(at *treePlace) uint64 {
	return native.Uint64(t.at(at.page)[pageHeader+at.index*elementSize+8:])
}

// item is the key and the value where the cursor stands.
func (c *cursor) item() (k, v []byte) {
	at := &c.path[c.depth-1]
	e := c.tree.at(at.page)[pageHeader+at.index*elementSize:]
	if native.Uint32(e) != 0 {
		panic(fmt.Sprintf("page %d has a bucket among its blocks", at.page))
	}
	start := uint64(native.Uint32(e[4:]))
	middle := start + uint64(native.Uint32(e[8:]))
	end := middle + uint64(native.Uint32(e[12:]))
	return e[start:middle:middle], e[middle:end:end]
}
