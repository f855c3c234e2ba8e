package quadfile

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// termItem is a term to be sorted, with eight bytes of its key.
type termItem struct {
	window uint64
	Term   TermPlace
}

// termSorter sorts terms of a lexicon by their keys.
type termSorter struct {
	terms *Lexicon
	keys  map[TermPlace][]byte // the keys of terms longer than LongTerm
}

// Key returns the dictionary key of a term.
func (s *termSorter) Key(p TermPlace) []byte {
	if s.keys != nil {
		if key, ok := s.keys[p]; ok {
			return key
		}
	}
	return s.terms.Text(p)
}

// NewTermSorter returns a sorter and the items to sort, one for each place.
func NewTermSorter(terms *Lexicon, places []TermPlace) (*termSorter, []termItem) {
	s := &termSorter{terms: terms}
	items := make([]termItem, len(places))
	for i, p := range places {
		items[i].Term = p
		if terms.long {
			if text := terms.Text(p); len(text) > LongTerm {
				if s.keys == nil {
					s.keys = map[TermPlace][]byte{}
				}
				s.keys[p] = TermKey(text)
			}
		}
	}
	return s, items
}

// Sort sorts items whose keys agree in their first depth bytes, eight bytes at a
// time. Missing bytes count as zero; among keys that are then equal, the shorter
// one comes first.
func (s *termSorter) Sort(items []termItem, depth int) {
	for i := range items {
		items[i].window = window(s.Key(items[i].Term), depth)
	}
	slices.SortFunc(items, func(a, b termItem) int { return cmp.Compare(a.window, b.window) })
	for from := 0; from < len(items); {
		to := from + 1
		for to < len(items) && items[to].window == items[from].window {
			to++
		}
		if run := items[from:to]; len(run) > 1 {
			short := s.shortFirst(run, depth+8)
			if len(run) > short+1 {
				s.Sort(run[short:], depth+8)
			}
		}
		from = to
	}
}

// shortFirst moves the keys of at most length bytes to the front, the shortest
// first, and counts them: there are at most nine, of different lengths.
func (s *termSorter) shortFirst(run []termItem, length int) (n int) {
	for i := range run {
		if len(s.Key(run[i].Term)) > length {
			continue
		}
		run[i], run[n] = run[n], run[i]
		for j := n; j > 0 && len(s.Key(run[j].Term)) < len(s.Key(run[j-1].Term)); j-- {
			run[j], run[j-1] = run[j-1], run[j]
		}
		n++
	}
	return n
}

func window(key []byte, depth int) (w uint64) {
	if len(key) >= depth+8 {
		return binary.BigEndian.Uint64(key[depth:])
	}
	for i := depth; i < depth+8; i++ {
		w <<= 8
		if i < len(key) {
			w |= uint64(key[i])
		}
	}
	return w
}
