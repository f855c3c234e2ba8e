package quadfile

import "slices"

// finder looks up entries that are asked for in ascending order.
type finder[E any, C Coder[E]] struct {
	table *Table[E, C]
	block []E
}

func newFinder[E any, C Coder[E]](t *Table[E, C]) *finder[E, C] { return &finder[E, C]{table: t} }

func (f *finder[E, C]) has(e E) (bool, error) {
	if f.table == nil || f.table.Empty {
		return false, nil
	}
	code := f.table.Code
	if n := len(f.block); n == 0 || code.Compare(f.block[0], e) > 0 || code.Compare(f.block[n-1], e) < 0 {
		c := f.table.Cursor()
		b, _, err := f.table.seek(&c, code.AppendKey(nil, e))
		if err != nil {
			return false, err
		}
		if f.block, err = f.table.Unpack(f.block[:0], &b); err != nil {
			return false, err
		}
	}
	at, found := slices.BinarySearchFunc(f.block, e, code.Compare)
	return found && code.identify(f.block[at], e) == 0, nil
}

// layerFinder looks up entries in all layers, in ascending order.
type layerFinder[E any, C Coder[E]] struct {
	base *finder[E, C]
	over []signedFinder[E, C]
}

type signedFinder[E any, C Coder[E]] struct{ plus, minus *finder[E, C] }

// NewLayerFinder returns a finder for the entries of all layers.
func NewLayerFinder[E any, C Coder[E]](l Layers[E, C]) *layerFinder[E, C] {
	f := &layerFinder[E, C]{base: newFinder(l.Base)}
	for _, o := range l.Over {
		f.over = append(f.over, signedFinder[E, C]{newFinder(o.plus), newFinder(o.minus)})
	}
	return f
}

// Has reports whether an entry is present. The newest layer that adds or removes
// it decides.
func (f *layerFinder[E, C]) Has(e E) (bool, error) {
	for i := len(f.over) - 1; i >= 0; i-- {
		if has, err := f.over[i].plus.has(e); has || err != nil {
			return has, err
		}
		if gone, err := f.over[i].minus.has(e); gone || err != nil {
			return false, err
		}
	}
	return f.base.has(e)
}

// split turns changes into edits of the two tables of a level. A change that
// undoes an entry removes it; any other becomes an entry of its kind's table.
func (s SignedTable[E, C]) split(edits []Edit[E]) (plus, minus []Edit[E], err error) {
	removals := 0
	for i := range edits {
		if edits[i].Remove {
			removals++
		}
	}
	if removals == 0 && s.minus == nil {
		return edits, nil, nil
	}
	plus, minus = make([]Edit[E], 0, len(edits)-removals), make([]Edit[E], 0, removals)
	inPlus, inMinus := newFinder(s.plus), newFinder(s.minus)
	for _, e := range edits {
		opposite, own, other := inMinus, &plus, &minus
		if e.Remove {
			opposite, own, other = inPlus, &minus, &plus
		}
		undoes, err := opposite.has(e.Entry)
		if err != nil {
			return nil, nil, err
		}
		if undoes {
			*other = append(*other, Edit[E]{e.Entry, true})
		} else {
			*own = append(*own, Edit[E]{Entry: e.Entry})
		}
	}
	return plus, minus, nil
}
