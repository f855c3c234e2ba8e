package store

import (
	"bytes"
	"encoding/binary"
	"math/bits"
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
		if rest == nil {
			return 0, false
		}
		if shared > common && len(rest) > 8 { // only the length of the id matters
			src = rest[varintSize(rest):]
			continue
		}
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

// varintSize is how many bytes a varint has, at most nine of those that follow.
func varintSize(src []byte) int {
	return bits.TrailingZeros64(^binary.LittleEndian.Uint64(src)&0x8080808080808080)>>3 + 1
}

func commonPrefix(a, b []byte) (n int) {
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// id finds the id of an encoded term, 0 for none. The newest layer that knows of
// it has the say.
func (v *view) id(term []byte) (id uint64, err error) {
	key := termKey(term)
	err = v.read(func() (err error) {
		if v.keepsKeys() { // then it is in one layer at most, and most are in the oldest
			if id, err = idIn(v.keys, key); id != 0 || err != nil {
				return err
			}
		}
		for i := len(v.over) - 1; i >= 0; i-- {
			if id, err = idIn(v.over[i].plus.keys, key); id != 0 || err != nil {
				return err
			}
			if gone, err := idIn(v.over[i].minus.keys, key); gone != 0 || err != nil {
				return err
			}
		}
		if !v.keepsKeys() {
			id, err = idIn(v.keys, key)
		}
		return err
	})
	return id, err
}

// keepsKeys reports whether no layer takes terms away.
func (v *view) keepsKeys() bool {
	return !slices.ContainsFunc(v.over, func(l *layer) bool { return l.minus.keys != nil })
}

func idIn(t *keyTable, key []byte) (uint64, error) {
	if t == nil {
		return 0, nil
	}
	c := t.cursor()
	b, ok, err := t.seek(&c, key)
	if err != nil || !ok || bytes.Compare(b.key, key) > 0 {
		return 0, err
	}
	id, ok := findKey(b.n, b.key, b.entries, key)
	if !ok {
		return 0, t.damaged(b.key, "entry")
	}
	return id, nil
}

// term returns a copy of the encoded term of an id, nil when there is none.
func (v *view) term(id uint64) (term []byte, err error) {
	err = v.read(func() (err error) {
		n := namer{view: v}
		term, err = n.find(nil, id)
		return err
	})
	return term, err
}

// has reports whether an index holds a tuple, given as subject, predicate,
// object, label. The newest layer that knows of it has the say.
func (v *view) has(q tuple) (found bool, err error) {
	s := span{index: spol, prefix: q, n: len(q)}
	err = v.read(func() (err error) {
		for i := len(v.over) - 1; i >= 0; i-- {
			if found, err = s.anyIn(v.over[i].plus.index[spol]); found || err != nil {
				return err
			}
			if gone, err := s.anyIn(v.over[i].minus.index[spol]); gone || err != nil {
				return err
			}
		}
		found, err = s.anyIn(v.index[spol])
		return err
	})
	return found, err
}

// anyIn reports whether a table has a tuple of the span.
func (s span) anyIn(t *tupleTable) (bool, error) {
	if t == nil {
		return false, nil
	}
	c := t.cursor()
	b, ok, err := t.seek(&c, tupleKey(s.prefix))
	for ok {
		var scratch [64]tuple
		block, past, err := s.decode(scratch[:0], t, &b)
		if err != nil || past || len(block) > 0 {
			return len(block) > 0, err
		}
		if s.compareNext(&b) > 0 {
			return false, nil
		}
		if b, ok, err = t.step(&c, &b); err != nil {
			return false, err
		}
	}
	return false, err
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
