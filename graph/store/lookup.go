package store

import (
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"
	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// id finds the id of an encoded term, 0 for none. The newest layer that knows of
// it has the say.
func (v *view) id(term []byte) (id uint64, err error) {
	key := quadfile.TermKey(term)
	err = v.read(func() (err error) {
		if v.keepsKeys() { // then it is in one layer at most, and most are in the oldest
			if id, err = quadfile.FindID(v.keys, key); id != 0 || err != nil {
				return err
			}
		}
		for i := len(v.over) - 1; i >= 0; i-- {
			if id, err = quadfile.FindID(v.over[i].Plus.Keys, key); id != 0 || err != nil {
				return err
			}
			if gone, err := quadfile.FindID(v.over[i].Minus.Keys, key); gone != 0 || err != nil {
				return err
			}
		}
		if !v.keepsKeys() {
			id, err = quadfile.FindID(v.keys, key)
		}
		return err
	})
	return id, err
}

// keepsKeys reports whether no layer takes terms away.
func (v *view) keepsKeys() bool {
	return !slices.ContainsFunc(v.over, func(l *quadfile.Layer) bool { return l.Minus.Keys != nil })
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
func (v *view) has(q quadfile.Tuple) (found bool, err error) {
	s := quadfile.Span{Index: quadfile.SPOL, Prefix: q, Fixed: len(q)}
	err = v.read(func() (err error) {
		for i := len(v.over) - 1; i >= 0; i-- {
			if found, err = s.AnyIn(v.over[i].Plus.Index[quadfile.SPOL]); found || err != nil {
				return err
			}
			if gone, err := s.AnyIn(v.over[i].Minus.Index[quadfile.SPOL]); gone || err != nil {
				return err
			}
		}
		found, err = s.AnyIn(v.index[quadfile.SPOL])
		return err
	})
	return found, err
}

func (v *view) termsOf(values []quad.Value, ids []uint64) error {
	n := namer{view: v}
	for i, id := range ids {
		var room [128]byte
		term, err := n.find(room[:0], id)
		if err == nil && term == nil {
			err = fmt.Errorf("%w: no term has the id %d", ErrDamaged, id)
		}
		if err == nil {
			values[i], err = rdf.DecodeTerm(term)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
