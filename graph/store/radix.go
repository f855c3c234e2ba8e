package store

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
)

// sortKey is a tuple of ids below 2^31 in the order of an index. The last bit
// says that the quad is removed.
type sortKey [2]uint64

const maxNarrow = 1<<31 - 1

func (c *change) sortKey() sortKey {
	flag := uint64(c.fate & removed >> 1)
	return sortKey{uint64(c.low[0])<<32 | uint64(c.low[1]), uint64(c.low[2])<<32 | uint64(c.low[3])<<1 | flag}
}

// spolKey is that of a quad that is added.
func spolKey(t tuple) sortKey { return sortKey{t[0]<<32 | t[1], t[2]<<32 | t[3]<<1} }

// rotated moves the third place to the front: that makes ospl of spol, and posl
// of ospl.
func (k sortKey) rotated() sortKey {
	return sortKey{k[1]&^(1<<32-1) | k[0]>>32, k[0]<<32 | k[1]&(1<<32-1)}
}

// labelFirst makes lspo of spol.
func (k sortKey) labelFirst() sortKey {
	label, flag := k[1]&(1<<32-1)>>1, k[1]&1
	return sortKey{label<<32 | k[0]>>32, k[0]<<32 | k[1]>>32<<1 | flag}
}

func (k *sortKey) tuple() tuple {
	return tuple{k[0] >> 32, k[0] & (1<<32 - 1), k[1] >> 32, k[1] & (1<<32 - 1) >> 1}
}

func (k *sortKey) removed() bool { return k[1]&1 != 0 }

func (k *sortKey) place(i int) uint32 {
	if i&1 == 0 {
		return uint32(k[i>>1] >> 32)
	}
	return uint32(k[i>>1])
}

func compareSortKeys(a, b sortKey) int {
	if a[0] != b[0] {
		return cmp.Compare(a[0], b[0])
	}
	return cmp.Compare(a[1], b[1])
}

// sortKeys sorts keys that agree in the places before the given one. The
// scratch has the same length.
func sortKeys(keys, scratch []sortKey, place int) {
	if len(keys) < 256 {
		if len(keys) > 24 {
			slices.SortFunc(keys, compareSortKeys)
		} else {
			insertionSort(keys)
		}
		return
	}
	radixSort(keys, scratch, place)
	if place == 3 {
		return
	}
	for from := 0; from < len(keys); {
		to, value := from+1, keys[from].place(place)
		for to < len(keys) && keys[to].place(place) == value {
			to++
		}
		if to-from > 1 {
			sortKeys(keys[from:to], scratch[from:to], place+1)
		}
		from = to
	}
}

func insertionSort(keys []sortKey) {
	for i := 1; i < len(keys); i++ {
		k, j := keys[i], i
		for ; j > 0 && (k[0] < keys[j-1][0] || k[0] == keys[j-1][0] && k[1] < keys[j-1][1]); j-- {
			keys[j] = keys[j-1]
		}
		keys[j] = k
	}
}

const digitBits = 11

// radixSort sorts by one place, a digit at a time from the last that differs.
func radixSort(keys, scratch []sortKey, place int) {
	first, differ, sorted := keys[0].place(place), uint32(0), true
	for i := 1; i < len(keys); i++ {
		v := keys[i].place(place)
		differ |= v ^ first
		sorted = sorted && v >= keys[i-1].place(place)
	}
	if sorted {
		return
	}
	from, to := keys, scratch
	for shift := bits.TrailingZeros32(differ); shift < bits.Len32(differ); shift += digitBits {
		var starts [1 << digitBits]uint32
		for i := range from {
			starts[from[i].place(place)>>shift&(1<<digitBits-1)]++
		}
		sum := uint32(0)
		for i, n := range starts {
			starts[i] = sum
			sum += n
		}
		for i := range from {
			digit := from[i].place(place) >> shift & (1<<digitBits - 1)
			to[starts[digit]] = from[i]
			starts[digit]++
		}
		from, to = to, from
	}
	if &from[0] != &keys[0] {
		copy(keys, from)
	}
}

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
