package quadfile

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// LevelCount is the number of levels of changes over the main tables of a file.
// Small transactions rewrite level 0, which is small and occupies few pages. A
// full level is merged into the next level. The last level is merged with the
// main tables into a new file.
const LevelCount = 3

// LevelCaps is the number of changed quads that each level may hold. The last
// level may hold more: 1/LastLevel of all quads, if that is a greater number.
var LevelCaps = [LevelCount]int64{1 << 10, 1 << 16, 1 << 16}

// LastLevel is the denominator of the share of all quads that the last level may
// hold.
const LastLevel = 4

// TableSet is the tables of a layer, nil for a table that the layer does not have.
type TableSet struct {
	Index [IndexCount]*TupleTable
	Terms *TermTable
	Keys  *KeyTable
}

// Layer is a set of changes to the layers below it: entries that it adds and
// entries that it removes. It does not add an entry that is present below, nor
// remove one that is absent.
type Layer struct {
	Level       int // -1 for a run
	Plus, Minus TableSet
	firstTermID uint64       // the lowest id of the terms that it adds
	removed     []uint64     // the ids of the terms that it removes, nil if they are not listed
	close       func() error // of a run
	Uncommitted bool         // the reader's own transaction wrote it
}

// Quads returns the tables of index i.
func (l *Layer) Quads(i int) SignedTable[Tuple, TupleCoder] {
	return SignedTable[Tuple, TupleCoder]{l.Plus.Index[i], l.Minus.Index[i]}
}

// ByID returns the tables of terms by id.
func (l *Layer) ByID() SignedTable[TermEntry, TermCoder] {
	return SignedTable[TermEntry, TermCoder]{l.Plus.Terms, l.Minus.Terms}
}

// ByKey returns the tables of ids by term key.
func (l *Layer) ByKey() SignedTable[KeyEntry, KeyCoder] {
	return SignedTable[KeyEntry, KeyCoder]{l.Plus.Keys, l.Minus.Keys}
}

// openTables opens the tables of a layer that have entries; the others stay nil.
func openTables(buckets map[string]*tree, suffix string, stamp uint32, has tableBits) (s TableSet, err error) {
	place := func(table int, name string) *tree {
		tree := buckets[name+suffix]
		if has.Has(table) && tree == nil && err == nil {
			err = fmt.Errorf("%w: no bucket %s", ErrDamaged, name+suffix)
		}
		return tree
	}
	for i, name := range IndexNames {
		if tree := place(i, name); has.Has(i) {
			s.Index[i] = &TupleTable{Name: name + suffix, tree: tree, Stamp: stamp}
		}
	}
	if tree := place(TermTableNumber, string(BucketTerms)); has.Has(TermTableNumber) {
		s.Terms = &TermTable{Name: string(BucketTerms) + suffix, tree: tree, Stamp: stamp}
	}
	if tree := place(KeyTableNumber, string(BucketKeys)); has.Has(KeyTableNumber) {
		s.Keys = &KeyTable{Name: string(BucketKeys) + suffix, tree: tree, Stamp: stamp}
	}
	return s, err
}

// fillIn replaces each missing table by one without blocks.
func (s *TableSet) fillIn() {
	for i, name := range IndexNames {
		s.Index[i] = cmp.Or(s.Index[i], &TupleTable{Name: name, Empty: true})
	}
	s.Terms = cmp.Or(s.Terms, &TermTable{Name: string(BucketTerms), Empty: true})
	s.Keys = cmp.Or(s.Keys, &KeyTable{Name: string(BucketKeys), Empty: true})
}

// Bits returns which tables have entries.
func (s *TableSet) Bits() (b tableBits) {
	for i, t := range s.Index {
		if t != nil && !t.Empty {
			b |= 1 << i
		}
	}
	if s.Terms != nil && !s.Terms.Empty {
		b |= 1 << TermTableNumber
	}
	if s.Keys != nil && !s.Keys.Empty {
		b |= 1 << KeyTableNumber
	}
	return b
}

// DropEmpty sets tables without blocks to nil.
func (s *TableSet) DropEmpty() {
	has := s.Bits()
	for i := range s.Index {
		if !has.Has(i) {
			s.Index[i] = nil
		}
	}
	if !has.Has(TermTableNumber) {
		s.Terms = nil
	}
	if !has.Has(KeyTableNumber) {
		s.Keys = nil
	}
}

// mayRemove reports whether the layer may remove the term of an id.
func (l *Layer) mayRemove(id uint64) bool {
	if l.removed == nil {
		return l.Minus.Terms != nil
	}
	_, found := slices.BinarySearch(l.removed, id)
	return found
}

// maxListed is how many ids of a table are listed at most.
const maxListed = 1 << 12

// listIDs lists the ids of a table of terms, or nil if there are many. Of a damaged table
// too it returns nil: readers that need it find the damage.
func listIDs(t *TermTable) (ids []uint64) {
	err := RecoverPanic(func() error {
		var entries []TermEntry
		c := t.Cursor()
		b, ok, err := t.seek(&c, nil)
		for ok && err == nil && len(ids) <= maxListed {
			if entries, err = t.Unpack(entries[:0], &b); err != nil {
				return err
			}
			for _, e := range entries {
				ids = append(ids, e.ID)
			}
			b, ok, err = t.step(&c, &b)
		}
		return err
	})
	if err != nil || len(ids) > maxListed {
		return nil
	}
	return ids
}

// firstTermID returns the first id of a table of terms, 0 if it has none.
func firstTermID(t *TermTable) (uint64, error) {
	if t == nil {
		return 0, nil
	}
	c := t.Cursor()
	b, ok, err := t.seek(&c, nil)
	if err == nil && ok && len(b.Key) != IDSize {
		err = t.Damaged(b.Key, "entry")
	}
	if err != nil || !ok {
		return 0, err
	}
	return readID(b.Key), nil
}

// AddedSuffix is the end of the names of the tables of entries that a level adds.
func AddedSuffix(level int) string { return fmt.Sprint("+", level) }

// RemovedSuffix is the end of the names of the tables of entries that a level
// removes.
func RemovedSuffix(level int) string { return fmt.Sprint("-", level) }

// AllTables returns the names of the tables of a layer, in the order of tableBits.
func AllTables(suffix string) (names []string) {
	for _, name := range append(IndexNames[:], string(BucketTerms), string(BucketKeys)) {
		names = append(names, name+suffix)
	}
	return names
}

// NewTables returns tables to be written into existing buckets.
func NewTables(tx *bolt.Tx, suffix string, stamp uint32) (s TableSet) {
	bucket := func(name []byte) *bolt.Bucket { return tx.Bucket(append(name[:len(name):len(name)], suffix...)) }
	for i, name := range IndexNames {
		s.Index[i] = &TupleTable{Name: name + suffix, bucket: bucket([]byte(name)), Stamp: stamp}
	}
	s.Terms = &TermTable{Name: string(BucketTerms) + suffix, bucket: bucket(BucketTerms), Stamp: stamp}
	s.Keys = &KeyTable{Name: string(BucketKeys) + suffix, bucket: bucket(BucketKeys), Stamp: stamp}
	return s
}

// NewLevel replaces the tables of a level by empty ones. Readers that have the old
// ones open can go on reading them.
func NewLevel(tx *bolt.Tx, level int, stamp uint32) (*Layer, error) {
	if err := DropLevel(tx, level); err != nil {
		return nil, err
	}
	for _, suffix := range []string{AddedSuffix(level), RemovedSuffix(level)} {
		for _, name := range AllTables(suffix) {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return nil, err
			}
		}
	}
	return &Layer{Level: level, Plus: NewTables(tx, AddedSuffix(level), stamp), Minus: NewTables(tx, RemovedSuffix(level), stamp)}, nil
}

// DropLevel removes the tables of a level.
func DropLevel(tx *bolt.Tx, level int) error {
	return errors.Join(DropTables(tx, AddedSuffix(level), 0), DropTables(tx, RemovedSuffix(level), 0))
}

// DropTables removes the tables of a layer, except the kept ones.
func DropTables(tx *bolt.Tx, suffix string, kept tableBits) error {
	for i, name := range AllTables(suffix) {
		if kept.Has(i) || tx.Bucket([]byte(name)) == nil {
			continue
		}
		if err := tx.DeleteBucket([]byte(name)); err != nil {
			return err
		}
	}
	return nil
}

// edits returns the entries of both tables as changes, in order.
func (s SignedTable[E, C]) edits() (all []Edit[E], err error) {
	add := func(t *Table[E, C], remove bool) error {
		if t == nil {
			return nil
		}
		for stream := newStream(t, nil); ; stream.rest = nil {
			if err := stream.fill(); err != nil || len(stream.rest) == 0 {
				return err
			}
			for _, e := range stream.rest {
				all = append(all, Edit[E]{e, remove})
			}
		}
	}
	if err := add(s.plus, false); err != nil {
		return nil, err
	}
	n := len(all)
	if err := add(s.minus, true); err != nil {
		return nil, err
	}
	if 0 < n && n < len(all) {
		slices.SortFunc(all, ByIdentity[E, C])
	}
	return all, nil
}

// ByIdentity compares the entries of two edits.
func ByIdentity[E any, C Coder[E]](a, b Edit[E]) int {
	var code C
	return code.identify(a.Entry, b.Entry)
}

// combine merges the changes of two layers. A change of the older layer and the
// change that undoes it are both left out.
func combine[E any, C Coder[E]](older, newer []Edit[E]) []Edit[E] {
	switch {
	case len(older) == 0:
		return newer
	case len(newer) == 0:
		return older
	}
	out := make([]Edit[E], 0, len(older)+len(newer))
	for len(older) > 0 && len(newer) > 0 {
		switch c := ByIdentity[E, C](older[0], newer[0]); {
		case c < 0:
			out, older = append(out, older[0]), older[1:]
		case c > 0:
			out, newer = append(out, newer[0]), newer[1:]
		default:
			older, newer = older[1:], newer[1:]
		}
	}
	return append(append(out, older...), newer...)
}

type (
	TupleTable = Table[Tuple, TupleCoder]
	TermTable  = Table[TermEntry, TermCoder]
	KeyTable   = Table[KeyEntry, KeyCoder]
)
