package store

import "slices"

// sortedEdits are the changes in the order of an index.
type sortedEdits struct {
	n  int
	at func(i int) edit[tuple]
}

func narrow(keys []sortKey) sortedEdits {
	return sortedEdits{len(keys), func(i int) edit[tuple] { return edit[tuple]{keys[i].tuple(), keys[i].removed()} }}
}

func wide(edits []edit[tuple]) sortedEdits {
	return sortedEdits{len(edits), func(i int) edit[tuple] { return edits[i] }}
}

// inTurn writes three indexes. Quads that are in the order of spol are brought
// into that of another by a stable sort by its first place alone, and so on: a
// place goes to the front and the order of the others stays.
func inTurn(keys, scratch []sortKey, write func(i int, edits sortedEdits) error) error {
	if len(scratch) < len(keys) {
		scratch = make([]sortKey, len(keys))
	}
	scratch = scratch[:len(keys)]
	turned := make([]sortKey, len(keys))
	for i, k := range keys {
		turned[i] = k.rotated()
	}
	radixSort(turned, scratch, 0)
	if err := write(ospl, narrow(turned)); err != nil {
		return err
	}
	for i := range turned {
		turned[i] = turned[i].rotated()
	}
	radixSort(turned, scratch, 0)
	if err := write(posl, narrow(turned)); err != nil {
		return err
	}
	return write(lspo, narrow(byLabel(turned[:0], scratch, keys)))
}

// reordered returns a copy of keys in the order of spol in that of an index.
func reordered(keys []sortKey, i int) []sortKey {
	if i == spol {
		return keys
	}
	turned, scratch := make([]sortKey, 0, len(keys)), make([]sortKey, len(keys))
	if i == lspo {
		return byLabel(turned, scratch, keys)
	}
	for _, k := range keys {
		turned = append(turned, k.rotated())
	}
	stableSort(turned, scratch)
	if i == posl {
		for i := range turned {
			turned[i] = turned[i].rotated()
		}
		stableSort(turned, scratch)
	}
	return turned
}

// byLabel appends those that have a label, in the order of lspo.
func byLabel(dst, scratch, keys []sortKey) []sortKey {
	for _, k := range keys {
		if k = k.labelFirst(); k.place(0) != 0 {
			dst = append(dst, k)
		}
	}
	stableSort(dst, scratch[:len(dst)])
	return dst
}

// stableSort sorts by the first place.
func stableSort(keys, scratch []sortKey) {
	if len(keys) >= 256 {
		radixSort(keys, scratch, 0)
		return
	}
	slices.SortFunc(keys, compareSortKeys) // the order of the others is known
}
