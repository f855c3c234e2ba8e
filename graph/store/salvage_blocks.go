package store

import (
	"bytes"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph/internal/rdf"
)

// items visits what the tree of a bucket leads to; bad is called in the place of
// each page that cannot be read.
func (s *salvage) items(b bucketPlace, visit func(key, value []byte) bool, bad func()) {
	switch {
	case b.root != 0:
		s.descend(b.root, nil, nil, 0, visit, bad)
	case len(b.inline) >= pageHeader:
		pg := page{flags: native.Uint16(b.inline[8:]), count: native.Uint16(b.inline[10:]), data: b.inline}
		if pg.flags != leafFlag || pageHeader+int(pg.count)*elementSize > len(pg.data) {
			bad()
			return
		}
		s.leaf(pg, nil, nil, visit, bad)
	default:
		bad()
	}
}

// descend visits the items under a page whose keys are in [low, high). A page
// that is free, or whose keys are not, belongs to something else.
func (s *salvage) descend(id uint64, low, high []byte, depth int, visit func(key, value []byte) bool, bad func()) {
	pg, err := s.load(id)
	if err != nil || depth > maxDepth || s.free.has(id) || cause(s.ctx) != nil {
		bad()
		return
	}
	switch pg.flags {
	case leafFlag:
		if s.leaf(pg, low, high, visit, bad) {
			s.reach(pg)
		}
	case branchFlag:
		s.reach(pg)
		if pg.count == 0 {
			bad()
		}
		for i := range int(pg.count) {
			from, to, child, ok := pg.span(i, low, high)
			if !ok {
				bad()
				continue
			}
			s.descend(child, from, to, depth+1, visit, bad)
		}
	default:
		bad()
	}
}

// leaf visits the items of a leaf and reports whether it holds any that is good,
// or nothing.
func (s *salvage) leaf(pg page, low, high []byte, visit func(key, value []byte) bool, bad func()) (good bool) {
	for i := range int(pg.count) {
		flags, key, value, err := pg.item(i)
		if err != nil || flags != 0 || bytes.Compare(key, low) < 0 || high != nil && bytes.Compare(key, high) >= 0 {
			bad()
			continue
		}
		good = visit(key, value) || good
	}
	return good || pg.count == 0
}

// blocks visits the blocks of a table: those of its tree and, where that is
// damaged, those in loose pages. visit returns whether a block is good.
func (s *salvage) blocks(name string, visit func(key, value []byte) bool) {
	s.items(s.buckets[name], visit, func() {})
	if t := s.tables[name]; t.broken() {
		s.looseBlocks(func(key, value []byte) { visit(key, value) })
	}
}

// count reads a table for the first time. Blocks of this version say which one
// comes next, so that one that is missing is missed.
func (s *salvage) count(t *salvagedTable) {
	if s.blank(t.Name) {
		return
	}
	var last uint64
	walk := blockChain{name: t.Name}
	missing := false
	s.items(s.buckets[t.Name], func(key, value []byte) bool {
		n, from, to := s.measure(t.Name, key, value)
		if n == 0 {
			t.BadBlocks++
			missing = true
			return false
		}
		if !walk.follows(key, value) && !missing {
			t.BadPages++
			missing = true
		}
		if missing {
			t.holes = append(t.holes, [2]uint64{last, from})
		}
		missing, last = false, to
		t.Blocks++
		t.Entries += int64(n)
		return true
	}, func() {
		t.BadPages++
		missing = true
	})
	if !missing && !walk.ended(s.known && s.recordVersion == formatVersion) {
		t.BadPages++
		missing = true
	}
	if missing {
		t.holes = append(t.holes, [2]uint64{last, unbounded})
	}
}

// blockChain is a walk over good blocks.
type blockChain struct {
	name   string
	before openBlock
	begun  bool
	old    bool // blocks do not say which one comes next
}

// follows reports whether a good block is the one after the last one.
func (c *blockChain) follows(key, value []byte) bool {
	b, err := (&keyTable{name: c.name, anyStamp: true}).open(key, value)
	if c.old = err != nil; c.old {
		return true
	}
	ok := b.first
	if c.begun {
		ok = c.before.leadsTo(key)
	}
	c.before, c.begun = b, true
	return ok
}

// ended reports whether the last block was that of the table; there must be one
// where the record says so.
func (c *blockChain) ended(said bool) bool {
	if !c.begun {
		return c.old || !said
	}
	return c.before.last()
}

// blockFormat is how the blocks of a table are to be known.
type blockFormat struct {
	stamp    uint32
	anyStamp bool // where the record is lost
	old      bool // of versions 1 and 2
}

// formats are the ones to try for a table: by the record, where there is one.
func (s *salvage) formats(table string) []blockFormat {
	current, old := blockFormat{anyStamp: true}, blockFormat{old: true}
	switch {
	case s.known && s.recordVersion == formatVersion:
		return []blockFormat{{stamp: s.state.set(table).stamp}}
	case s.known, s.report.Version == firstVersion, s.report.Version == secondVersion:
		return []blockFormat{old}
	case s.report.Version != "":
		return []blockFormat{current}
	}
	return []blockFormat{current, old}
}

// blank reports whether the record says that a table holds nothing.
func (s *salvage) blank(table string) bool {
	if !s.known || s.recordVersion != formatVersion {
		return false
	}
	set, base := s.state.set(table), strings.TrimRight(table, "+-012")
	bits := set.plus
	if strings.Contains(table, "-") {
		bits = set.minus
	}
	return !bits.has(slices.Index(allTables(""), base))
}

// measure is how many entries a block has, 0 when it is not good, and between
// which ids its tuples begin.
func (s *salvage) measure(table string, key, value []byte) (n int, from, to uint64) {
	for _, f := range s.formats(table) {
		if n, from, to = f.measure(table, key, value); n > 0 {
			break
		}
	}
	return n, from, to
}

func (f blockFormat) measure(table string, key, value []byte) (n int, from, to uint64) {
	switch strings.TrimRight(table, "+-012") {
	case string(bucketNames):
		entries, err := formatted(&nameTable{name: table}, f).decode(nil, key, value)
		return goodOnly(len(entries), err), 0, 0
	case string(bucketKeys):
		entries, err := formatted(&keyTable{name: table}, f).decode(nil, key, value)
		return goodOnly(len(entries), err), 0, 0
	}
	entries, err := formatted(&tupleTable{name: table}, f).decode(nil, key, value)
	if err != nil || len(entries) == 0 {
		return 0, 0, 0
	}
	return len(entries), entries[0][0], entries[len(entries)-1][0]
}

func formatted[E any, C coder[E]](t *table[E, C], f blockFormat) *table[E, C] {
	t.stamp, t.anyStamp, t.old = f.stamp, f.anyStamp, f.old
	return t
}

func goodOnly(n int, err error) int {
	if err != nil {
		return 0
	}
	return n
}

// searchLoose looks in all pages that the tree does not lead to, and that are
// not free as far as is known, for the record and the blocks of damaged tables.
func (s *salvage) searchLoose() {
	if !s.known || s.report.Version == "" {
		s.eachLoose(s.looseRecord)
		s.countTables()
	}
	s.eachLoose(func(id uint64, key, value []byte) {
		for name, t := range s.tables {
			if !t.broken() {
				continue
			}
			if n, _, _ := s.measure(name, key, value); n > 0 {
				t.Loose++
				t.Entries += int64(n)
				if k := len(s.loose); k == 0 || s.loose[k-1] != id {
					s.loose = append(s.loose, id)
				}
				return
			}
		}
	})
}

// looseRecord reads an item of a loose page as one of the record. A record of
// another transaction than the meta page names is of an older state, which has
// other tables: it would have its stamps believed, and levels that are newer
// left out.
func (s *salvage) looseRecord(_ uint64, key, value []byte) {
	st, version, ok := decodeState(value)
	if ok && version == formatVersion && s.meta != nil && !st.isOf(txid(s.meta)) {
		return
	}
	s.record(key, value)
}

func (s *salvage) eachLoose(visit func(id uint64, key, value []byte)) {
	for id := uint64(metaPages); id < s.pages.high && cause(s.ctx) == nil; id++ {
		if !s.reached.has(id) && !(s.freeKnown && s.free.has(id)) {
			s.looseItems(id, func(key, value []byte) { visit(id, key, value) })
		}
	}
}

func (s *salvage) looseBlocks(visit func(key, value []byte)) {
	for _, id := range s.loose {
		s.looseItems(id, visit)
	}
}

// looseItems visits what is in a page if it is a leaf, whatever number it says
// to have, and in the small buckets in it.
func (s *salvage) looseItems(id uint64, visit func(key, value []byte)) {
	data := make([]byte, s.pages.pageSize)
	if _, err := s.pages.file.ReadAt(data, int64(id)*s.pages.pageSize); err != nil || native.Uint16(data[8:]) != leafFlag {
		return
	}
	if more := uint64(native.Uint32(data[12:])); more > 0 && more <= uint64(rdf.MaxTerm/s.pages.pageSize)+2 {
		data = make([]byte, int64(more+1)*s.pages.pageSize)
		if _, err := s.pages.file.ReadAt(data, int64(id)*s.pages.pageSize); err != nil {
			return
		}
	}
	eachItem(page{id: id, count: native.Uint16(data[10:]), data: data}, visit)
}

func eachItem(pg page, visit func(key, value []byte)) {
	for i := range min(int(pg.count), (len(pg.data)-pageHeader)/elementSize) {
		flags, key, value, err := pg.item(i)
		switch {
		case err != nil:
		case flags == 0:
			visit(key, value)
		case flags == bucketFlag && len(value) >= 16+pageHeader && native.Uint64(value) == 0:
			eachItem(page{count: native.Uint16(value[16+10:]), data: value[16:]}, visit)
		}
	}
}
