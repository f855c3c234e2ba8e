package quadfile

import (
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/rdf"
)

// IDOfTerm returns the id of an encoded term, 0 for none. The newest layer that
// adds or removes the term decides.
func (r *Reader) IDOfTerm(term []byte) (id uint64, err error) {
	key := TermKey(term)
	err = r.Read(func() (err error) {
		if r.keepsKeys() { // at most one layer has the term, most often the oldest
			if id, err = findID(r.Keys, key); id != 0 || err != nil {
				return err
			}
		}
		for i := len(r.Over) - 1; i >= 0; i-- {
			if id, err = findID(r.Over[i].Plus.Keys, key); id != 0 || err != nil {
				return err
			}
			if gone, err := findID(r.Over[i].Minus.Keys, key); gone != 0 || err != nil {
				return err
			}
		}
		if !r.keepsKeys() {
			id, err = findID(r.Keys, key)
		}
		return err
	})
	return id, err
}

// keepsKeys reports whether no layer removes terms.
func (r *Reader) keepsKeys() bool {
	return !slices.ContainsFunc(r.Over, func(l *Layer) bool { return l.Minus.Keys != nil })
}

// mayRemove reports whether a layer may remove the term of an id.
func (r *Reader) mayRemove(id uint64) bool {
	for _, l := range r.Over {
		if l.mayRemove(id) {
			return true
		}
	}
	return false
}

// EncodedTerm returns a copy of the encoded term of an id, nil if there is none.
func (r *Reader) EncodedTerm(id uint64) (term []byte, err error) {
	err = r.Read(func() (err error) {
		n := termFinder{reader: r}
		term, err = n.find(nil, id)
		return err
	})
	return term, err
}

// Has reports whether a quad is stored, given as ids of subject, predicate, object
// and label. The newest layer that adds or removes it decides.
func (r *Reader) Has(q Tuple) (found bool, err error) {
	s := Span{Index: SPOL, Prefix: q, Fixed: len(q)}
	err = r.Read(func() (err error) {
		for i := len(r.Over) - 1; i >= 0; i-- {
			if found, err = s.anyIn(r.Over[i].Plus.Index[SPOL]); found || err != nil {
				return err
			}
			if gone, err := s.anyIn(r.Over[i].Minus.Index[SPOL]); gone || err != nil {
				return err
			}
		}
		found, err = s.anyIn(r.Index[SPOL])
		return err
	})
	return found, err
}

// TermsOf sets values to the terms of ids. It reads pages and must be called
// inside Reader.Read.
func (r *Reader) TermsOf(values []quad.Value, ids []uint64) error {
	n := termFinder{reader: r}
	for i, id := range ids {
		var buffer [128]byte
		term, err := n.find(buffer[:0], id)
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

// EachTerm calls fn for each distinct term that tuples have at a place, with the tuples
// that have it, which follow each other, and the encoded term, which is valid until the
// next call.
func (r *Reader) EachTerm(tuples []Tuple, place int, fn func(with []Tuple, term []byte)) error {
	return r.Read(func() error {
		finder := termFinder{reader: r}
		var buffer []byte
		for len(tuples) > 0 {
			n := 1
			for n < len(tuples) && tuples[n][place] == tuples[0][place] {
				n++
			}
			term, err := finder.find(buffer[:0], tuples[0][place])
			if err == nil && term == nil {
				err = fmt.Errorf("%w: no term has the id %d", ErrDamaged, tuples[0][place])
			}
			if err != nil {
				return err
			}
			fn(tuples[:n], term)
			buffer, tuples = term, tuples[n:]
		}
		return nil
	})
}
