package store

import (
	"math/bits"
	"slices"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// changes is the quads that a transaction has added or removed, compared with the
// tables, since its last flush. A quad has one entry, however often it changed.
type changes struct {
	chunks  [][]change
	slots   []uint32 // hash table: 8 bits of a hash, and the number of an entry + 1; 0 is free
	n       int      // entries
	changed int      // entries that are not unchanged, and sorted quads
	clock   uint32   // incremented when a loop begins
	byTerm  termIndex

	// sorted is added quads in the order of spol. They have no entries until an
	// entry is needed. scratch is the memory that sorted them.
	sorted, scratch []quadfile.SortKey
}

// change is a quad of four ids of 40 bits, its fate (unchanged, added, removed),
// and the time of its last change.
type change struct {
	low  [4]uint32
	high uint32 // the upper 8 bits of each id
	fate uint32 // 2 bits, and 30 bits of the clock
}

const (
	unchanged = iota // as in the tables
	added
	removed
)

const (
	slotBits  = 24 // bits of the number of an entry
	chunkBits = 13
	maxClock  = 1<<30 - 1

	maxEntries = 1<<slotBits - 1
)

func packChange(t quadfile.Tuple) (c change) {
	for i, id := range t {
		c.low[i] = uint32(id)
		c.high |= uint32(id>>32) << (8 * i)
	}
	return c
}

func (c *change) tuple() (t quadfile.Tuple) {
	for i, low := range c.low {
		t[i] = uint64(low) | uint64(c.high>>(8*i)&0xff)<<32
	}
	return t
}

func (c *change) state() int    { return int(c.fate & 3) }
func (c *change) since() uint32 { return c.fate >> 2 }

func (c *change) hash() uint32 {
	high, low := bits.Mul64(uint64(c.low[0])<<32|uint64(c.low[2])^0x9e3779b97f4a7c15,
		uint64(c.low[3])<<32|uint64(c.low[1])^uint64(c.high)<<29^0xd6e8feb86659fd93)
	return uint32((high ^ low) * 0x9e3779b97f4a7c15 >> 32)
}

func (c *changes) at(i int) *change { return &c.chunks[i>>chunkBits][i&(1<<chunkBits-1)] }

// find returns the entry of a quad, nil for none.
func (c *changes) find(t quadfile.Tuple) *change {
	c.toEntries()
	if c.n == 0 {
		return nil
	}
	want := packChange(t)
	mask, hash := uint32(len(c.slots)-1), want.hash()
	for at := hash & mask; c.slots[at] != 0; at = (at + 1) & mask {
		if slot := c.slots[at]; (slot^hash)>>slotBits == 0 {
			e := c.at(int(slot&(1<<slotBits-1) - 1))
			if e.low == want.low && e.high == want.high {
				return e
			}
		}
	}
	return nil
}

// set records the fate of a quad; e is its entry, or nil.
func (c *changes) set(t quadfile.Tuple, e *change, fate int) {
	if c.toEntries(); e == nil {
		e = c.add(packChange(t))
	}
	if e.state() != unchanged {
		c.changed--
	}
	if fate != unchanged {
		c.changed++
	}
	e.fate = uint32(fate) | c.clock<<2
}

func (c *changes) add(e change) *change {
	if 3*c.n >= 2*len(c.slots) {
		c.grow()
	}
	last := c.n >> chunkBits
	if last == len(c.chunks) {
		var chunk []change
		if last > 0 { // the first chunk grows as needed
			chunk = make([]change, 0, 1<<chunkBits)
		}
		c.chunks = append(c.chunks, chunk)
	}
	c.chunks[last] = append(c.chunks[last], e)
	c.place(e.hash(), c.n)
	c.n++
	return c.at(c.n - 1)
}

// toEntries turns the sorted quads into entries. All sorted quads were added
// before any running loop began.
func (c *changes) toEntries() {
	if len(c.sorted) == 0 {
		return
	}
	sorted := c.sorted
	c.sorted, c.scratch = nil, nil
	c.resize(c.n + len(sorted))
	for i := range sorted {
		c.add(packChange(sorted[i].Tuple())).fate = added
	}
}

// toSorted is the inverse of toEntries. It returns false if an entry removes a
// quad.
func (c *changes) toSorted() bool {
	if c.n == 0 {
		return true
	}
	removes, keys := false, make([]quadfile.SortKey, 0, c.changed)
	c.all(func(e *change) {
		removes = removes || e.state() == removed
		keys = append(keys, e.sortKey())
	})
	if removes {
		return false
	}
	quadfile.SortKeys(keys, make([]quadfile.SortKey, len(keys)), 0)
	*c = changes{clock: c.clock, changed: len(keys), sorted: keys}
	return true
}

func (c *changes) place(hash uint32, i int) {
	mask := uint32(len(c.slots) - 1)
	at := hash & mask
	for c.slots[at] != 0 {
		at = (at + 1) & mask
	}
	c.slots[at] = hash>>slotBits<<slotBits | uint32(i+1)
}

func (c *changes) grow() { c.resize(c.n + 1) }

// resize makes room for n entries.
func (c *changes) resize(n int) {
	size := max(64, len(c.slots))
	for 2*size <= 3*n {
		size *= 2
	}
	c.slots = make([]uint32, size)
	for i := range c.n {
		c.place(c.at(i).hash(), i)
	}
}

// all calls visit for each entry that is not unchanged.
func (c *changes) all(visit func(e *change)) {
	c.toEntries()
	for _, chunk := range c.chunks {
		for i := range chunk {
			if chunk[i].state() != unchanged {
				visit(&chunk[i])
			}
		}
	}
}

// termIndex finds the entries with a given subject, predicate, object or label:
// each entry is linked to the previous entry with the same term in the same place. The
// links are made at first use, so a transaction that only writes has none.
type termIndex struct {
	last   [4]map[uint64]chain
	before [][4]uint32 // by entry: the number of the previous entry + 1
}

type chain struct{ last, n uint32 }

// matching returns the numbers of the entries that match a pattern and are not
// unchanged, in the order in which the entries were made.
func (c *changes) matching(p quadfile.TuplePattern) (found []uint32) {
	c.toEntries()
	c.link()
	best, place := chain{n: uint32(c.n)}, -1
	for i, id := range p {
		if id == 0 {
			continue
		}
		if ch := c.byTerm.last[i][id]; place < 0 || ch.n < best.n {
			best, place = ch, i
		}
	}
	if place < 0 {
		for i := range c.n {
			if c.at(i).state() != unchanged {
				found = append(found, uint32(i))
			}
		}
		return found
	}
	for at := best.last; at != 0; at = c.byTerm.before[at-1][place] {
		if e := c.at(int(at - 1)); e.state() != unchanged && p.Matches(e.tuple()) {
			found = append(found, at-1)
		}
	}
	slices.Reverse(found)
	return found
}

func (c *changes) link() {
	l := &c.byTerm
	for i := len(l.before); i < c.n; i++ {
		var before [4]uint32
		for place, id := range c.at(i).tuple() {
			if l.last[place] == nil {
				l.last[place] = map[uint64]chain{}
			}
			ch := l.last[place][id]
			before[place] = ch.last
			l.last[place][id] = chain{uint32(i + 1), ch.n + 1}
		}
		l.before = append(l.before, before)
	}
}

func (c *change) sortKey() quadfile.SortKey {
	flag := uint64(c.fate & removed >> 1)
	return quadfile.SortKey{uint64(c.low[0])<<32 | uint64(c.low[1]), uint64(c.low[2])<<32 | uint64(c.low[3])<<1 | flag}
}
