package quadfile

import (
	"cmp"
	"math/bits"
	"runtime"
	"slices"
	"sync"
)

// SortKey is a tuple of ids below 2^31 in the order of an index. The last bit says
// that the quad is removed.
type SortKey [2]uint64

// MaxNarrowID is the greatest id that fits into a SortKey.
const MaxNarrowID = 1<<31 - 1

// AddedKey returns the key, in the order of spol, of a quad that is added.
func AddedKey(t Tuple) SortKey { return SortKey{t[0]<<32 | t[1], t[2]<<32 | t[3]<<1} }

// rotated moves the third place to the front: it turns the order of spol into
// ospl's, and ospl's into posl's.
func (k SortKey) rotated() SortKey {
	return SortKey{k[1]&^(1<<32-1) | k[0]>>32, k[0]<<32 | k[1]&(1<<32-1)}
}

// labelFirst turns the order of spol into lspo's.
func (k SortKey) labelFirst() SortKey {
	label, flag := k[1]&(1<<32-1)>>1, k[1]&1
	return SortKey{label<<32 | k[0]>>32, k[0]<<32 | k[1]>>32<<1 | flag}
}

// Tuple returns the ids of a key.
func (k *SortKey) Tuple() Tuple {
	return Tuple{k[0] >> 32, k[0] & (1<<32 - 1), k[1] >> 32, k[1] & (1<<32 - 1) >> 1}
}

func (k *SortKey) removed() bool { return k[1]&1 != 0 }

func (k *SortKey) place(i int) uint32 {
	if i&1 == 0 {
		return uint32(k[i>>1] >> 32)
	}
	return uint32(k[i>>1])
}

func compareSortKeys(a, b SortKey) int {
	if a[0] != b[0] {
		return cmp.Compare(a[0], b[0])
	}
	return cmp.Compare(a[1], b[1])
}

// SortKeys sorts keys that agree in all places before the given one. scratch is as
// long as keys.
func SortKeys(keys, scratch []SortKey, place int) {
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
			SortKeys(keys[from:to], scratch[from:to], place+1)
		}
		from = to
	}
}

func insertionSort(keys []SortKey) {
	for i := 1; i < len(keys); i++ {
		k, j := keys[i], i
		for ; j > 0 && (k[0] < keys[j-1][0] || k[0] == keys[j-1][0] && k[1] < keys[j-1][1]); j-- {
			keys[j] = keys[j-1]
		}
		keys[j] = k
	}
}

const digitBits = 11

// radixSort sorts by one place, a digit at a time, beginning with the last digit
// that differs.
func radixSort(keys, scratch []SortKey, place int) {
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

// SortChunks returns the distinct keys of the chunks, sorted, and memory for as
// many keys. Large inputs are sorted on two processors.
func SortChunks(chunks [][]SortKey) (keys, scratch []SortKey) {
	n := 0
	for _, chunk := range chunks {
		n += len(chunk)
	}
	keys, scratch = make([]SortKey, n), make([]SortKey, n)
	half := n
	if n >= sortApartFrom && runtime.GOMAXPROCS(0) > 1 {
		half = n / 2
	}
	var other sync.WaitGroup
	if half < n {
		other.Go(func() {
			gather(keys[half:], chunks, half)
			SortKeys(keys[half:], scratch[half:], 0)
		})
	}
	gather(keys[:half], chunks, 0)
	SortKeys(keys[:half], scratch[:half], 0)
	other.Wait()
	if half == n {
		return slices.Compact(keys), scratch
	}
	return mergeKeys(scratch[:0], keys[:half], keys[half:]), keys
}

const sortApartFrom = 1 << 14

// gather copies keys of the chunks, without the first skip keys, until dst is
// full.
func gather(dst []SortKey, chunks [][]SortKey, skip int) {
	for _, chunk := range chunks {
		if skip >= len(chunk) {
			skip -= len(chunk)
			continue
		}
		dst = dst[copy(dst, chunk[skip:]):]
		skip = 0
	}
}

// mergeKeys appends two sorted lists to dst as one, without repetition.
func mergeKeys(dst, a, b []SortKey) []SortKey {
	for len(a) > 0 || len(b) > 0 {
		from := &a
		if len(a) == 0 || len(b) > 0 && compareSortKeys(b[0], a[0]) < 0 {
			from = &b
		}
		if k := (*from)[0]; len(dst) == 0 || dst[len(dst)-1] != k {
			dst = append(dst, k)
		}
		*from = (*from)[1:]
	}
	return dst
}
