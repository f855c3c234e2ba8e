package store

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// termItem is a term to be sorted, and eight of its bytes.
type termItem struct {
	window uint64
	term   place
}

// termSorter sorts terms of a lexicon by their keys.
type termSorter struct {
	terms *lexicon
	keys  map[place][]byte // of terms that are too long to be their own
}

func (s *termSorter) key(p place) []byte {
	if s.keys != nil {
		if key, ok := s.keys[p]; ok {
			return key
		}
	}
	return s.terms.text(p)
}

func newTermSorter(terms *lexicon, places []place) (*termSorter, []termItem) {
	s := &termSorter{terms: terms}
	items := make([]termItem, len(places))
	for i, p := range places {
		items[i].term = p
		if terms.long {
			if text := terms.text(p); len(text) > longTerm {
				if s.keys == nil {
					s.keys = map[place][]byte{}
				}
				s.keys[p] = termKey(text)
			}
		}
	}
	return s, items
}

// sort sorts items whose keys agree in the first depth bytes, eight bytes at a
// time. Missing bytes count as zero, and then the shorter key comes first.
func (s *termSorter) sort(items []termItem, depth int) {
	for i := range items {
		items[i].window = window(s.key(items[i].term), depth)
	}
	slices.SortFunc(items, func(a, b termItem) int { return cmp.Compare(a.window, b.window) })
	for from := 0; from < len(items); {
		to := from + 1
		for to < len(items) && items[to].window == items[from].window {
			to++
		}
		if run := items[from:to]; len(run) > 1 {
			ended := s.endedFirst(run, depth+8)
			if len(run) > ended+1 {
				s.sort(run[ended:], depth+8)
			}
		}
		from = to
	}
}

// endedFirst moves the keys of at most so many bytes to the front, the shorter
// ones first, and counts them. There are at most nine.
func (s *termSorter) endedFirst(run []termItem, length int) (n int) {
	for i := range run {
		if len(s.key(run[i].term)) > length {
			continue
		}
		run[i], run[n] = run[n], run[i]
		for j := n; j > 0 && len(s.key(run[j].term)) < len(s.key(run[j-1].term)); j-- {
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
