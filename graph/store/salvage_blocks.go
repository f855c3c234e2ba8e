package store

import (
	"bytes"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// walkTree visits the items in the tree of a bucket, and calls bad for each page
// that cannot be read.
func (s *salvage) walkTree(b bucketPlace, visit func(key, value []byte) bool, bad func()) {
	switch {
	case b.root != 0:
		s.walkSubtree(b.root, nil, nil, 0, visit, bad)
	case len(b.inline) >= quadfile.PageHeader:
		pg := quadfile.Page{Flags: quadfile.NativeEndian.Uint16(b.inline[8:]), Count: quadfile.NativeEndian.Uint16(b.inline[10:]), Data: b.inline}
		if pg.Flags != quadfile.LeafFlag || quadfile.PageHeader+int(pg.Count)*quadfile.ElementSize > len(pg.Data) {
			bad()
			return
		}
		s.walkLeaf(pg, nil, nil, visit, bad)
	default:
		bad()
	}
}

// walkSubtree visits the items under a page, whose keys must be in the half-open
// interval [low, high). A page that is free, or that has other keys, belongs to
// another tree.
func (s *salvage) walkSubtree(id uint64, low, high []byte, depth int, visit func(key, value []byte) bool, bad func()) {
	pg, err := s.load(id)
	if err != nil || depth > quadfile.MaxDepth || s.free.Has(id) || cause(s.ctx) != nil {
		bad()
		return
	}
	switch pg.Flags {
	case quadfile.LeafFlag:
		if s.walkLeaf(pg, low, high, visit, bad) {
			s.markReached(pg)
		}
	case quadfile.BranchFlag:
		s.markReached(pg)
		if pg.Count == 0 {
			bad()
		}
		for i := range int(pg.Count) {
			from, to, child, ok := pg.Span(i, low, high)
			if !ok {
				bad()
				continue
			}
			s.walkSubtree(child, from, to, depth+1, visit, bad)
		}
	default:
		bad()
	}
}

// walkLeaf visits the items of a leaf. It reports whether the leaf has a good item
// or no items.
func (s *salvage) walkLeaf(pg quadfile.Page, low, high []byte, visit func(key, value []byte) bool, bad func()) (good bool) {
	for i := range int(pg.Count) {
		flags, key, value, err := pg.Item(i)
		if err != nil || flags != 0 || bytes.Compare(key, low) < 0 || high != nil && bytes.Compare(key, high) >= 0 {
			bad()
			continue
		}
		good = visit(key, value) || good
	}
	return good || pg.Count == 0
}

// eachBlock visits the blocks in the tree of a table and, if the table is damaged,
// in loose pages. visit returns whether a block is good.
func (s *salvage) eachBlock(name string, visit func(key, value []byte) bool) {
	s.walkTree(s.buckets[name], visit, func() {})
	if t := s.tables[name]; t.damaged() {
		s.looseBlocks(func(key, value []byte) { visit(key, value) })
	}
}

// countBlocks reads a table for the first time. Blocks of the current version
// name the next block, so a missing block is noticed.
func (s *salvage) countBlocks(t *salvagedTable) {
	if s.recordedEmpty(t.Name) {
		return
	}
	var last uint64
	walk := blockChain{name: t.Name}
	missing := false
	s.walkTree(s.buckets[t.Name], func(key, value []byte) bool {
		n, from, to := s.inspectBlock(t.Name, key, value)
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
	if !missing && !walk.atEnd(s.known && s.recordVersion == quadfile.FormatVersion) {
		t.BadPages++
		missing = true
	}
	if missing {
		t.holes = append(t.holes, [2]uint64{last, unbounded})
	}
}

// blockChain checks that good blocks follow each other.
type blockChain struct {
	name   string
	before quadfile.CheckedBlock
	begun  bool
	old    bool // blocks do not name the next block
}

// follows reports whether a good block is the one after the previous good block.
func (c *blockChain) follows(key, value []byte) bool {
	b, err := (&quadfile.KeyTable{Name: c.name, AnyStamp: true}).Open(key, value)
	if c.old = err != nil; c.old {
		return true
	}
	ok := b.First
	if c.begun {
		ok = c.before.LeadsTo(key)
	}
	c.before, c.begun = b, true
	return ok
}

// atEnd reports whether the previous block was the last one of the table. A table
// without blocks is at its end unless recorded is true: the record says that it has
// entries.
func (c *blockChain) atEnd(recorded bool) bool {
	if !c.begun {
		return c.old || !recorded
	}
	return c.before.Last()
}

// blockFormat says how to recognize the blocks of a table.
type blockFormat struct {
	stamp    uint32
	anyStamp bool // if the record is lost
	old      bool // of versions 1 and 2
}

// formats returns the block formats to try for a table. The record decides, if
// there is one.
func (s *salvage) formats(table string) []blockFormat {
	current, old := blockFormat{anyStamp: true}, blockFormat{old: true}
	switch {
	case s.known && s.recordVersion == quadfile.FormatVersion:
		return []blockFormat{{stamp: s.state.Tables(table).Stamp}}
	case s.known, s.report.Version == quadfile.FirstVersion, s.report.Version == quadfile.SecondVersion:
		return []blockFormat{old}
	case s.report.Version != "":
		return []blockFormat{current}
	}
	return []blockFormat{current, old}
}

// recordedEmpty reports whether the record says that a table is empty.
func (s *salvage) recordedEmpty(table string) bool {
	if !s.known || s.recordVersion != quadfile.FormatVersion {
		return false
	}
	set, base := s.state.Tables(table), strings.TrimRight(table, "+-012")
	bits := set.Plus
	if strings.Contains(table, "-") {
		bits = set.Minus
	}
	return !bits.Has(slices.Index(quadfile.AllTables(""), base))
}

// inspectBlock returns the number of entries of a block, 0 if it is not good, and
// the first ids of its first and last tuple.
func (s *salvage) inspectBlock(table string, key, value []byte) (n int, from, to uint64) {
	for _, f := range s.formats(table) {
		if n, from, to = f.inspect(table, key, value); n > 0 {
			break
		}
	}
	return n, from, to
}

func (f blockFormat) inspect(table string, key, value []byte) (n int, from, to uint64) {
	switch strings.TrimRight(table, "+-012") {
	case string(quadfile.BucketTerms):
		entries, err := formatted(&quadfile.TermTable{Name: table}, f).Decode(nil, key, value)
		return goodOnly(len(entries), err), 0, 0
	case string(quadfile.BucketKeys):
		entries, err := formatted(&quadfile.KeyTable{Name: table}, f).Decode(nil, key, value)
		return goodOnly(len(entries), err), 0, 0
	}
	entries, err := formatted(&quadfile.TupleTable{Name: table}, f).Decode(nil, key, value)
	if err != nil || len(entries) == 0 {
		return 0, 0, 0
	}
	return len(entries), entries[0][0], entries[len(entries)-1][0]
}

func formatted[E any, C quadfile.Coder[E]](t *quadfile.Table[E, C], f blockFormat) *quadfile.Table[E, C] {
	t.Stamp, t.AnyStamp, t.Old = f.stamp, f.anyStamp, f.old
	return t
}

func goodOnly(n int, err error) int {
	if err != nil {
		return 0
	}
	return n
}

// looseRecord reads an item of a loose page as an item of the record. It ignores
// a record whose transaction is not the one that the meta page names: that record
// is of an older state, so old tables would be accepted and newer levels left
// out.
func (s *salvage) looseRecord(_ uint64, key, value []byte) {
	st, version, ok := quadfile.DecodeRecord(value)
	if ok && version == quadfile.FormatVersion && s.meta != nil && !st.IsOf(quadfile.TransactionOf(s.meta)) {
		return
	}
	s.record(key, value)
}

func (s *salvage) eachLoose(visit func(id uint64, key, value []byte)) {
	for id := uint64(quadfile.MetaPages); id < s.pages.High && cause(s.ctx) == nil; id++ {
		if !s.reached.Has(id) && !(s.freeKnown && s.free.Has(id)) {
			s.looseItems(id, func(key, value []byte) { visit(id, key, value) })
		}
	}
}

func (s *salvage) looseBlocks(visit func(key, value []byte)) {
	for _, id := range s.loose {
		s.looseItems(id, visit)
	}
}

// looseItems visits the items of a page if it is a leaf, also if its header has
// another page number, and the items of small buckets in it.
func (s *salvage) looseItems(id uint64, visit func(key, value []byte)) {
	data := make([]byte, s.pages.PageSize)
	if _, err := s.pages.File.ReadAt(data, int64(id)*s.pages.PageSize); err != nil || quadfile.NativeEndian.Uint16(data[8:]) != quadfile.LeafFlag {
		return
	}
	if more := uint64(quadfile.NativeEndian.Uint32(data[12:])); more > 0 && more <= uint64(rdf.MaxTerm/s.pages.PageSize)+2 {
		data = make([]byte, int64(more+1)*s.pages.PageSize)
		if _, err := s.pages.File.ReadAt(data, int64(id)*s.pages.PageSize); err != nil {
			return
		}
	}
	eachItem(quadfile.Page{ID: id, Count: quadfile.NativeEndian.Uint16(data[10:]), Data: data}, visit)
}

func eachItem(pg quadfile.Page, visit func(key, value []byte)) {
	for i := range min(int(pg.Count), (len(pg.Data)-quadfile.PageHeader)/quadfile.ElementSize) {
		flags, key, value, err := pg.Item(i)
		switch {
		case err != nil:
		case flags == 0:
			visit(key, value)
		case flags == quadfile.BucketFlag && len(value) >= 16+quadfile.PageHeader && quadfile.NativeEndian.Uint64(value) == 0:
			eachItem(quadfile.Page{Count: quadfile.NativeEndian.Uint16(value[16+10:]), Data: value[16:]}, visit)
		}
	}
}
