package store

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// levels is how many layers of changes a file has over its main tables. Small
// transactions change the uppermost one, 0, which is small and lies in few
// pages; a level that is full goes into the next, and the last one, with the
// main tables, into a new file.
const levels = 3

// levelCaps is how many changed quads the first levels hold. The last one holds
// a part of all quads.
var levelCaps = [levels]int64{1 << 10, 1 << 16, 1 << 16}

// lastLevel is the part of all quads that the last level holds.
const lastLevel = 4

// tableSet is the tables of a layer, nil where there is none.
type tableSet struct {
	index [indexes]*tupleTable
	names *nameTable
	keys  *keyTable
}

// layer is changes to what lies below: what is added and what is taken away. It
// does not add what is there, nor take away what is not.
type layer struct {
	level       int // -1 for a run
	plus, minus tableSet
	firstName   uint64       // no id that it adds a term for is smaller
	close       func() error // of a run
	written     bool         // by this transaction
}

func (l *layer) quads(i int) signedTable[tuple, tuples] {
	return signedTable[tuple, tuples]{l.plus.index[i], l.minus.index[i]}
}

func (l *layer) byID() signedTable[named, names] {
	return signedTable[named, names]{l.plus.names, l.minus.names}
}

func (l *layer) byKey() signedTable[keyed, keys] {
	return signedTable[keyed, keys]{l.plus.keys, l.minus.keys}
}

// openTables opens those tables of a layer that hold anything; the others stay
// nil.
func openTables(buckets map[string]*tree, suffix string, stamp uint32, has tableBits) (s tableSet, err error) {
	place := func(table int, name string) *tree {
		tree := buckets[name+suffix]
		if has.has(table) && tree == nil && err == nil {
			err = fmt.Errorf("%w: no bucket %s", ErrDamaged, name+suffix)
		}
		return tree
	}
	for i, name := range indexNames {
		if tree := place(i, name); has.has(i) {
			s.index[i] = &tupleTable{name: name + suffix, tree: tree, stamp: stamp}
		}
	}
	if tree := place(namesBit, string(bucketNames)); has.has(namesBit) {
		s.names = &nameTable{name: string(bucketNames) + suffix, tree: tree, stamp: stamp}
	}
	if tree := place(keysBit, string(bucketKeys)); has.has(keysBit) {
		s.keys = &keyTable{name: string(bucketKeys) + suffix, tree: tree, stamp: stamp}
	}
	return s, err
}

// fillIn puts a table without blocks in the place of each that is not there.
func (s *tableSet) fillIn() {
	for i, name := range indexNames {
		s.index[i] = cmp.Or(s.index[i], &tupleTable{name: name, blank: true})
	}
	s.names = cmp.Or(s.names, &nameTable{name: string(bucketNames), blank: true})
	s.keys = cmp.Or(s.keys, &keyTable{name: string(bucketKeys), blank: true})
}

// bits says which tables hold anything.
func (s *tableSet) bits() (b tableBits) {
	for i, t := range s.index {
		if t != nil && !t.blank {
			b |= 1 << i
		}
	}
	if s.names != nil && !s.names.blank {
		b |= 1 << namesBit
	}
	if s.keys != nil && !s.keys.blank {
		b |= 1 << keysBit
	}
	return b
}

// dropBlank leaves out the tables without blocks.
func (s *tableSet) dropBlank() {
	has := s.bits()
	for i := range s.index {
		if !has.has(i) {
			s.index[i] = nil
		}
	}
	if !has.has(namesBit) {
		s.names = nil
	}
	if !has.has(keysBit) {
		s.keys = nil
	}
}

// firstName is the first id of a table, 0 for none.
func firstName(t *nameTable) (uint64, error) {
	if t == nil {
		return 0, nil
	}
	c := t.cursor()
	b, ok, err := t.seek(&c, nil)
	if err == nil && ok && len(b.key) != idSize {
		err = t.damaged(b.key, "entry")
	}
	if err != nil || !ok {
		return 0, err
	}
	return readID(b.key), nil
}

func plusOf(level int) string  { return fmt.Sprint("+", level) }
func minusOf(level int) string { return fmt.Sprint("-", level) }

// allTables are the names of the tables of a layer, in the order of tableBits.
func allTables(suffix string) (names []string) {
	for _, name := range append(indexNames[:], string(bucketNames), string(bucketKeys)) {
		names = append(names, name+suffix)
	}
	return names
}

// newTables makes tables to be written, in buckets that are there.
func newTables(tx *bolt.Tx, suffix string, stamp uint32) (s tableSet) {
	bucket := func(name []byte) *bolt.Bucket { return tx.Bucket(append(name[:len(name):len(name)], suffix...)) }
	for i, name := range indexNames {
		s.index[i] = &tupleTable{name: name + suffix, bucket: bucket([]byte(name)), stamp: stamp}
	}
	s.names = &nameTable{name: string(bucketNames) + suffix, bucket: bucket(bucketNames), stamp: stamp}
	s.keys = &keyTable{name: string(bucketKeys) + suffix, bucket: bucket(bucketKeys), stamp: stamp}
	return s
}

// newLevel makes the tables of a level that is to be written anew. What had the
// old ones open can go on to read them.
func newLevel(tx *bolt.Tx, level int, stamp uint32) (*layer, error) {
	if err := dropLevel(tx, level); err != nil {
		return nil, err
	}
	for _, suffix := range []string{plusOf(level), minusOf(level)} {
		for _, name := range allTables(suffix) {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return nil, err
			}
		}
	}
	return &layer{level: level, plus: newTables(tx, plusOf(level), stamp), minus: newTables(tx, minusOf(level), stamp)}, nil
}

// dropLevel removes the tables of a level.
func dropLevel(tx *bolt.Tx, level int) error {
	return errors.Join(dropTables(tx, plusOf(level), 0), dropTables(tx, minusOf(level), 0))
}

// dropTables removes the tables of a layer but those to be kept.
func dropTables(tx *bolt.Tx, suffix string, kept tableBits) error {
	for i, name := range allTables(suffix) {
		if kept.has(i) || tx.Bucket([]byte(name)) == nil {
			continue
		}
		if err := tx.DeleteBucket([]byte(name)); err != nil {
			return err
		}
	}
	return nil
}

// edits are the entries of a layer's tables as changes, in order.
func (s signedTable[E, C]) edits() (all []edit[E], err error) {
	add := func(t *table[E, C], remove bool) error {
		if t == nil {
			return nil
		}
		for stream := newStream(t, nil); ; stream.rest = nil {
			if err := stream.fill(); err != nil || len(stream.rest) == 0 {
				return err
			}
			for _, e := range stream.rest {
				all = append(all, edit[E]{e, remove})
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
		slices.SortFunc(all, byIdentity[E, C])
	}
	return all, nil
}

func byIdentity[E any, C coder[E]](a, b edit[E]) int {
	var code C
	return code.identify(a.entry, b.entry)
}

// combine is the changes of two layers as one: what the newer one undoes is in
// neither.
func combine[E any, C coder[E]](older, newer []edit[E]) []edit[E] {
	if len(older) == 0 {
		return newer
	}
	out := make([]edit[E], 0, len(older)+len(newer))
	for len(older) > 0 && len(newer) > 0 {
		switch c := byIdentity[E, C](older[0], newer[0]); {
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
	tupleTable = table[tuple, tuples]
	nameTable  = table[named, names]
	keyTable   = table[keyed, keys]
)
