package store

import (
	"bytes"
	"context"

	bolt "go.etcd.io/bbolt"
)

// applyEdits writes sorted edits into the table, block by block. A key from
// which on nothing is left keeps its place without a value: dropping many in
// the middle of a transaction would make bbolt's cursors walk emptied pages one
// by one, so Tx.finish does it at the end.
func (t *table[E, C]) applyEdits(ctx context.Context, edits []edit[E], emptied map[string]struct{}) error {
	if len(edits) == 0 {
		return nil
	}
	t.bucket.FillPercent = t.fill(edits)
	c := t.bucket.Cursor()
	for len(edits) > 0 {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		g, err := t.gather(c, edits)
		if err != nil {
			return err
		}
		if err := t.replace(g, emptied); err != nil {
			return err
		}
		edits = edits[g.edits:]
	}
	return nil
}

// fill is how full bbolt makes the pages that it splits: all of them where most
// edits come after all that there is or there are many, else with room for more.
func (t *table[E, C]) fill(edits []edit[E]) float64 {
	last, _ := t.bucket.Cursor().Last()
	t.key = t.code.appendKey(t.key[:0], edits[len(edits)/2].entry)
	if bytes.Compare(t.key, last) > 0 || len(edits) > 1<<14 {
		return 1
	}
	return 0.6
}

// gathered is the blocks that the first edits go to, and what they become.
type gathered[E any] struct {
	old     [][]byte // keys
	entries []E      // valid until the next gather
	edits   int      // how many were applied
	tail    bool     // all of the edits come after the last entry of the table
}

// gather merges the first edits into the block where they belong. While what
// results would leave a block mostly empty, it takes in the next block too, so
// that deletes do not leave the table full of holes.
func (t *table[E, C]) gather(c *bolt.Cursor, edits []edit[E]) (g gathered[E], err error) {
	t.key = t.code.appendKey(t.key[:0], edits[0].entry)
	k, v := floor(c, t.key)
	t.merged = t.merged[:0]
	for k != nil {
		if t.have, err = t.decode(t.have[:0], k, v); err != nil {
			return g, err
		}
		g.old = append(t.old[:len(g.old)], k)
		t.old = g.old
		size := len(v)
		k, v = c.Next()
		n := t.before(edits[g.edits:], k)
		g.tail = k == nil && g.edits == 0 && len(t.have) > 0 && t.code.compare(t.have[len(t.have)-1], edits[0].entry) < 0
		t.merged = t.merge(t.merged, t.have, edits[g.edits:g.edits+n])
		g.edits += n
		if len(t.merged) >= len(t.have) && size > blockSize/4 || size > blockSize || t.weight(t.merged) > blockSize/3 {
			g.entries = t.merged
			return g, nil
		}
	}
	t.merged = t.merge(t.merged, nil, edits[g.edits:])
	g.edits, g.entries = len(edits), t.merged
	return g, nil
}

// weight is about how many bytes the entries take in one block.
func (t *table[E, C]) weight(entries []E) int {
	if len(entries) == 0 {
		return 0
	}
	n := 0
	t.key = t.code.appendKey(t.key[:0], entries[0])
	if t.body, n = t.code.pack(t.body[:0], entries, blockSize); n < len(entries) {
		return blockSize
	}
	return len(t.key) + len(t.body) + 8
}

// before counts the edits that belong before the block with the given key;
// nil is the end of the table.
func (t *table[E, C]) before(edits []edit[E], key []byte) int {
	if key == nil {
		return len(edits)
	}
	n := 0
	for n < len(edits) {
		t.key = t.code.appendKey(t.key[:0], edits[n].entry)
		if bytes.Compare(t.key, key) >= 0 {
			break
		}
		n++
	}
	return n
}

// replace writes entries in the place of the blocks with the old keys.
func (t *table[E, C]) replace(g gathered[E], emptied map[string]struct{}) error {
	blocks := t.encode(g.entries, g.tail)
	for _, b := range blocks {
		if err := t.bucket.Put(b.key, b.value); err != nil {
			return err
		}
		if len(emptied) > 0 {
			delete(emptied, string(b.key))
		}
	}
	var last []byte
	for _, key := range g.old {
		if holds(blocks, key) {
			continue
		}
		if last == nil && len(g.entries) > 0 {
			last = t.code.appendKey(nil, g.entries[len(g.entries)-1])
		}
		key = bytes.Clone(key)
		if err := t.vacate(key, last, len(blocks) > 0 && bytes.Compare(blocks[0].key, key) < 0, emptied); err != nil {
			return err
		}
	}
	return nil
}

// vacate takes a key's block away. Between the first and the last entry of
// other blocks the key has to go at once, else it would hide what they hold.
func (t *table[E, C]) vacate(key, last []byte, afterFirst bool, emptied map[string]struct{}) error {
	if afterFirst && bytes.Compare(key, last) <= 0 {
		delete(emptied, string(key))
		return t.bucket.Delete(key)
	}
	emptied[string(key)] = struct{}{}
	return t.bucket.Put(key, nil)
}

func holds(blocks []block, key []byte) bool {
	for _, b := range blocks {
		if bytes.Equal(b.key, key) {
			return true
		}
	}
	return false
}
