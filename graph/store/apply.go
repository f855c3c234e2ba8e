package store

import (
	"bytes"
	"context"
)

// applyEdits writes sorted edits into the table, block by block. A key from
// which on nothing is left keeps its place without a value: dropping many in
// the middle of a transaction would make bbolt's cursors walk emptied pages one
// by one, so dropEmptied does it at the end.
func (t *table[E, C]) applyEdits(ctx context.Context, edits []edit[E], emptied map[string]struct{}) error {
	t.bucket.FillPercent = 0.6
	if len(edits) > 1<<14 {
		t.bucket.FillPercent = 1
	}
	for len(edits) > 0 {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		old, entries, rest, err := t.gather(edits)
		if err != nil {
			return err
		}
		if err := t.replace(old, entries, emptied); err != nil {
			return err
		}
		edits = rest
	}
	return nil
}

// gather merges the first edits into the block where they belong. While what
// results would leave a block mostly empty, it takes in the next block too, so
// that deletes do not leave the table full of holes. It returns the keys of the
// blocks it took, their merged entries and the edits that are left.
func (t *table[E, C]) gather(edits []edit[E]) (old [][]byte, entries []E, rest []edit[E], err error) {
	c := t.bucket.Cursor()
	k, v := floor(c, t.code.appendKey(nil, edits[0].entry))
	for k != nil {
		var have []E
		if have, err = t.decode(nil, k, v); err != nil {
			return nil, nil, nil, err
		}
		old = append(old, bytes.Clone(k))
		size := len(v)
		k, v = c.Next()
		n := t.before(edits, k)
		entries = append(entries, t.merge(have, edits[:n])...)
		edits = edits[n:]
		if len(entries) >= len(have) && size > blockSize/4 || size > blockSize || t.weight(entries) > blockSize/3 {
			return old, entries, edits, nil
		}
	}
	return old, t.merge(entries, edits), nil, nil
}

// weight is about how many bytes the entries take in one block.
func (t *table[E, C]) weight(entries []E) int {
	if len(entries) == 0 {
		return 0
	}
	b, n := t.packOne(entries, blockSize)
	if n < len(entries) {
		return blockSize
	}
	return len(b.key) + len(b.value)
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
func (t *table[E, C]) replace(old [][]byte, entries []E, emptied map[string]struct{}) error {
	blocks := t.encode(entries)
	for _, b := range blocks {
		if err := t.bucket.Put(b.key, b.value); err != nil {
			return err
		}
		delete(emptied, string(b.key))
	}
	var last []byte
	if len(entries) > 0 {
		last = t.code.appendKey(nil, entries[len(entries)-1])
	}
	for _, key := range old {
		if holds(blocks, key) {
			continue
		}
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

// dropEmptied removes the keys that applyEdits left without a value.
func (t *table[E, C]) dropEmptied(emptied map[string]struct{}) error {
	for key := range emptied {
		if err := t.bucket.Delete([]byte(key)); err != nil {
			return err
		}
	}
	clear(emptied)
	return nil
}
