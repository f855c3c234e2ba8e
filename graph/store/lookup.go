package store

import (
	"bytes"
	"slices"
)

// findKey looks a key up in one block, given by its n entries, its key and the
// rest; ok is false when it is damaged. Most entries are passed over by their
// lengths alone: one that shares more bytes with the entry before than that
// shares with the key comes before the key too.
func findKey(n int, first, src, key []byte) (id uint64, ok bool) {
	if id, src = readKeyID(src); src == nil {
		return 0, false
	}
	common := commonPrefix(first, key)
	if common == len(key) && common == len(first) {
		return id, true
	}
	for range n - 1 {
		shared, suffix, rest := cutSuffix(src)
		if id, src = readKeyID(rest); src == nil {
			return 0, false
		}
		if shared > common {
			continue
		}
		more := commonPrefix(suffix, key[shared:])
		common = shared + more
		switch {
		case more == len(suffix) && common == len(key):
			return id, true
		case more < len(suffix) && (common == len(key) || suffix[more] > key[common]):
			return 0, true
		}
	}
	return 0, len(src) == 0
}

func commonPrefix(a, b []byte) (n int) {
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// id finds the id of an encoded term, 0 for none.
func (v *view) id(term []byte) (id uint64, err error) {
	key := termKey(term)
	err = v.read(func() error {
		k, value := floor(v.keys.bucket.Cursor(), key)
		if k == nil || bytes.Compare(k, key) > 0 {
			return nil
		}
		n, src, err := v.keys.open(k, value)
		if err != nil || n == 0 {
			return err
		}
		found, ok := findKey(n, k, src, key)
		if !ok {
			return v.keys.damaged(k, "entry")
		}
		id = found
		return nil
	})
	return id, err
}

// term returns a copy of the encoded term of an id, nil when there is none.
func (v *view) term(id uint64) (term []byte, err error) {
	err = v.read(func() error {
		var key [idSize]byte
		k, value := floor(v.names.bucket.Cursor(), appendID(key[:0], id))
		if k == nil {
			return nil
		}
		n, src, err := v.names.open(k, value)
		if err != nil || n == 0 {
			return err
		}
		r := nameReader{src: src, term: make([]byte, 0, 96)}
		ok := r.first(k)
		for ; ok && r.id < id && n > 1; n-- {
			ok = r.next()
		}
		if !ok {
			return v.names.damaged(k, "entry")
		}
		if r.id == id {
			term = r.term
		}
		return nil
	})
	return term, err
}

// has reports whether an index holds a tuple, given as subject, predicate,
// object, label.
func (v *view) has(q tuple) (found bool, err error) {
	return v.any(span{index: spol, prefix: q, n: len(q)})
}

// any reports whether a span holds a tuple.
func (v *view) any(s span) (found bool, err error) {
	err = v.read(func() error {
		t := v.index[s.index]
		c := t.bucket.Cursor()
		k, value := floor(c, tupleKey(s.prefix))
		for k != nil && !found && s.compareKey(k) <= 0 {
			var scratch [128]tuple
			block, err := t.decode(scratch[:0], k, value)
			if err != nil {
				return err
			}
			low, high := s.within(block)
			if found = low < high; found || high < len(block) {
				return nil
			}
			k, value = c.Next()
		}
		return nil
	})
	return found, err
}

// within is which of the sorted tuples lie in the span.
func (s span) within(block []tuple) (low, high int) {
	if s.n == 0 {
		return 0, len(block)
	}
	side := func(after int) int {
		at, _ := slices.BinarySearchFunc(block, after, func(t tuple, after int) int {
			if s.compare(t) < after {
				return -1
			}
			return 1
		})
		return at
	}
	return side(0), side(1)
}
