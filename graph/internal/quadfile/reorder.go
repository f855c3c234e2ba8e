package quadfile

import "slices"

// SortedEdits is the changes of an index, in its order.
type SortedEdits struct {
	Count int
	At    func(i int) Edit[Tuple]
}

// EditsOfKeys returns sorted keys as changes.
func EditsOfKeys(keys []SortKey) SortedEdits {
	return SortedEdits{len(keys), func(i int) Edit[Tuple] { return Edit[Tuple]{keys[i].Tuple(), keys[i].removed()} }}
}

// EditsOf returns sorted changes as SortedEdits.
func EditsOf(edits []Edit[Tuple]) SortedEdits {
	return SortedEdits{len(edits), func(i int) Edit[Tuple] { return edits[i] }}
}

// WriteInTurn writes three indexes, one after the other, in the same memory.
// Moving the object to the front and sorting stably by it turns the order of spol
// into that of ospl; doing the same with the predicate then gives posl.
func WriteInTurn(keys, scratch []SortKey, write func(i int, edits SortedEdits) error) error {
	if len(scratch) < len(keys) {
		scratch = make([]SortKey, len(keys))
	}
	scratch = scratch[:len(keys)]
	turned := make([]SortKey, len(keys))
	for i, k := range keys {
		turned[i] = k.rotated()
	}
	radixSort(turned, scratch, 0)
	if err := write(OSPL, EditsOfKeys(turned)); err != nil {
		return err
	}
	for i := range turned {
		turned[i] = turned[i].rotated()
	}
	radixSort(turned, scratch, 0)
	if err := write(POSL, EditsOfKeys(turned)); err != nil {
		return err
	}
	return write(LSPO, EditsOfKeys(byLabel(turned[:0], scratch, keys)))
}

// Reordered returns a copy of keys, which are in the order of spol, in the order
// of index i.
func Reordered(keys []SortKey, i int) []SortKey {
	if i == SPOL {
		return keys
	}
	turned, scratch := make([]SortKey, 0, len(keys)), make([]SortKey, len(keys))
	if i == LSPO {
		return byLabel(turned, scratch, keys)
	}
	for _, k := range keys {
		turned = append(turned, k.rotated())
	}
	stableSort(turned, scratch)
	if i == POSL {
		for i := range turned {
			turned[i] = turned[i].rotated()
		}
		stableSort(turned, scratch)
	}
	return turned
}

// byLabel appends the keys that have a label, in the order of lspo.
func byLabel(dst, scratch, keys []SortKey) []SortKey {
	for _, k := range keys {
		if k = k.labelFirst(); k.place(0) != 0 {
			dst = append(dst, k)
		}
	}
	stableSort(dst, scratch[:len(dst)])
	return dst
}

// stableSort sorts stably by the first place.
func stableSort(keys, scratch []SortKey) {
	if len(keys) >= 256 {
		radixSort(keys, scratch, 0)
		return
	}
	slices.SortFunc(keys, compareSortKeys) // stable, since keys differ in other places and these are in order
}
