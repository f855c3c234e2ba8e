package store

import (
	"slices"
)

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
