package store

import "slices"

// finder looks entries up that come in order.
type finder[E any, C coder[E]] struct {
	table *table[E, C]
	block []E
}

func newFinder[E any, C coder[E]](t *table[E, C]) *finder[E, C] { return &finder[E, C]{table: t} }

func (f *finder[E, C]) has(e E) (bool, error) {
	if f.table == nil || f.table.blank {
		return false, nil
	}
	code := f.table.code
	if n := len(f.block); n == 0 || code.compare(f.block[0], e) > 0 || code.compare(f.block[n-1], e) < 0 {
		c := f.table.cursor()
		b, _, err := f.table.seek(&c, code.appendKey(nil, e))
		if err != nil {
			return false, err
		}
		if f.block, err = f.table.unpack(f.block[:0], &b); err != nil {
			return false, err
		}
	}
	at, found := slices.BinarySearchFunc(f.block, e, code.compare)
	return found && code.identify(f.block[at], e) == 0, nil
}

// layerFinder is a finder for all layers.
type layerFinder[E any, C coder[E]] struct {
	base *finder[E, C]
	over []signedFinder[E, C]
}

type signedFinder[E any, C coder[E]] struct{ plus, minus *finder[E, C] }

func newLayerFinder[E any, C coder[E]](l layers[E, C]) *layerFinder[E, C] {
	f := &layerFinder[E, C]{base: newFinder(l.base)}
	for _, o := range l.over {
		f.over = append(f.over, signedFinder[E, C]{newFinder(o.plus), newFinder(o.minus)})
	}
	return f
}

// has asks the newest layer that knows of the entry.
func (f *layerFinder[E, C]) has(e E) (bool, error) {
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

// split tells which changes go to each table of a level: what undoes a change
// there takes it away, all else is added.
func (s signedTable[E, C]) split(edits []edit[E]) (plus, minus []edit[E], err error) {
	inPlus, inMinus := newFinder(s.plus), newFinder(s.minus)
	for _, e := range edits {
		opposite, own, other := inMinus, &plus, &minus
		if e.remove {
			opposite, own, other = inPlus, &minus, &plus
		}
		undoes, err := opposite.has(e.entry)
		if err != nil {
			return nil, nil, err
		}
		if undoes {
			*other = append(*other, edit[E]{e.entry, true})
		} else {
			*own = append(*own, edit[E]{entry: e.entry})
		}
	}
	return plus, minus, nil
}
