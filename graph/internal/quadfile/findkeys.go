package quadfile

import (
	"bytes"
	"slices"
)

// KeyQuery is a term key to be looked up, and its id once it is found.
type KeyQuery struct {
	Key     []byte
	Number  int    // of the caller
	ID      uint64 // 0 if the key is not stored
	decided bool   // a layer adds or removes the key
}

// FindKeys sorts keys and looks them up together: it reads each block that
// has some of them once.
func (r *Reader) FindKeys(queries []KeyQuery) error {
	slices.SortFunc(queries, func(a, b KeyQuery) int { return bytes.Compare(a.Key, b.Key) })
	return r.Read(func() error {
		if r.keepsKeys() { // at most one layer has a key, most often the oldest
			if err := findAll(r.Keys, queries, (*KeyQuery).add); err != nil {
				return err
			}
		}
		for _, layer := range slices.Backward(r.Over) {
			if err := findAll(layer.Plus.Keys, queries, (*KeyQuery).add); err != nil {
				return err
			}
			if err := findAll(layer.Minus.Keys, queries, (*KeyQuery).remove); err != nil {
				return err
			}
		}
		if r.keepsKeys() {
			return nil
		}
		return findAll(r.Keys, queries, (*KeyQuery).add)
	})
}

func (q *KeyQuery) add(id uint64)    { q.ID, q.decided = id, true }
func (q *KeyQuery) remove(id uint64) { q.decided = true }

// findAll looks up sorted keys in a table, except decided ones, and calls found with the
// ids of those that the table has.
func findAll(t *KeyTable, queries []KeyQuery, found func(q *KeyQuery, id uint64)) error {
	if t == nil {
		return nil
	}
	c := t.Cursor()
	for len(queries) > 0 {
		if queries[0].decided {
			queries = queries[1:]
			continue
		}
		b, ok, err := t.seek(&c, queries[0].Key)
		if err != nil || !ok {
			return err
		}
		n := 1
		for n < len(queries) && b.compareNext(queries[n].Key) > 0 {
			n++
		}
		if ok := findInBlock(&b, queries[:n], found); !ok {
			return t.Damaged(b.Key, "entry")
		}
		queries = queries[n:]
	}
	return nil
}

// joinFrom is the number of keys from which it is faster to decode a block once than to
// search each key in it.
const joinFrom = 4

// findInBlock is findAll for the keys that a block covers; ok is false if the block is
// damaged.
func findInBlock(b *CheckedBlock, queries []KeyQuery, found func(q *KeyQuery, id uint64)) (ok bool) {
	if len(queries) >= joinFrom {
		return joinBlock(b, queries, found)
	}
	for i := range queries {
		q := &queries[i]
		if q.decided || bytes.Compare(b.Key, q.Key) > 0 {
			continue
		}
		id, ok := findKey(b.count, b.Key, b.entries, q.Key)
		if !ok {
			return false
		}
		if id != 0 {
			found(q, id)
		}
	}
	return true
}

// joinBlock walks the entries of a block and the keys together.
func joinBlock(b *CheckedBlock, queries []KeyQuery, found func(q *KeyQuery, id uint64)) (ok bool) {
	var memory [LongKey]byte
	key := append(memory[:0], b.Key...)
	id, src := readKeyID(b.entries)
	for left := b.count - 1; src != nil; left-- {
		for len(queries) > 0 {
			c := bytes.Compare(queries[0].Key, key)
			if c > 0 {
				break
			}
			if c == 0 && !queries[0].decided {
				found(&queries[0], id)
			}
			queries = queries[1:]
		}
		switch {
		case len(queries) == 0:
			return true
		case left == 0:
			return len(src) == 0
		}
		shared, suffix, rest := cutSuffix(src)
		if rest == nil || shared > len(key) {
			return false
		}
		key = append(key[:shared], suffix...)
		id, src = readKeyID(rest)
	}
	return false
}
