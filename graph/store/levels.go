package store

import (
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
var levelCaps = [levels]int64{1 << 12, 1 << 16, 1 << 16}

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
	plus, minus tableSet
	firstName   uint64       // no id that it adds a term for is smaller
	close       func() error // of a run
}

// openTables opens the tables whose names end so; those that are not there stay
// nil.
func openTables(tx *bolt.Tx, suffix string) (s tableSet) {
	for i, name := range indexNames {
		if b := tx.Bucket([]byte(name + suffix)); b != nil {
			s.index[i] = &tupleTable{name: name + suffix, bucket: b, tree: treeOf(tx, b)}
		}
	}
	if b := tx.Bucket(append(bucketNames[:1:1], suffix...)); b != nil {
		s.names = &nameTable{name: string(bucketNames) + suffix, bucket: b, tree: treeOf(tx, b)}
	}
	if b := tx.Bucket(append(bucketKeys[:1:1], suffix...)); b != nil {
		s.keys = &keyTable{name: string(bucketKeys) + suffix, bucket: b, tree: treeOf(tx, b)}
	}
	return s
}

// dropEmpty leaves out the tables without entries.
func (s *tableSet) dropEmpty() {
	for i, t := range s.index {
		if t != nil && t.empty() {
			s.index[i] = nil
		}
	}
	if s.names != nil && s.names.empty() {
		s.names = nil
	}
	if s.keys != nil && s.keys.empty() {
		s.keys = nil
	}
}

// firstName is the first id of a table, 0 for none.
func firstName(t *nameTable) uint64 {
	if t == nil {
		return 0
	}
	c := t.cursor()
	k, _ := c.floor(nil)
	if len(k) != idSize {
		return 0
	}
	return readID(k)
}

func plusOf(level int) string  { return fmt.Sprint("+", level) }
func minusOf(level int) string { return fmt.Sprint("-", level) }

// openLevels opens those that hold something, and the one that is being written.
func (v *view) openLevels(writing int) {
	v.over = nil
	for level := levels - 1; level >= 0; level-- {
		if v.state.levels[level] > 0 || level == writing {
			l := &layer{plus: openTables(v.tx, plusOf(level)), minus: openTables(v.tx, minusOf(level))}
			if !v.tx.Writable() {
				l.plus.dropEmpty()
				l.minus.dropEmpty()
				l.firstName = firstName(l.plus.names)
			}
			v.over = append(v.over, l)
		}
	}
}

// quads are the layers of an index.
func (v *view) quads(i int) layers[tuple, tuples] {
	l := layers[tuple, tuples]{base: v.index[i]}
	for _, o := range v.over {
		l.over = append(l.over, signedTable[tuple, tuples]{o.plus.index[i], o.minus.index[i]})
	}
	return l
}

func (v *view) nameLayers() layers[named, names] {
	l := layers[named, names]{base: v.names}
	for _, o := range v.over {
		l.over = append(l.over, signedTable[named, names]{o.plus.names, o.minus.names})
	}
	return l
}

func (v *view) keyLayers() layers[keyed, keys] {
	l := layers[keyed, keys]{base: v.keys}
	for _, o := range v.over {
		l.over = append(l.over, signedTable[keyed, keys]{o.plus.keys, o.minus.keys})
	}
	return l
}

// makeLevel creates the tables of a level that are not there.
func makeLevel(tx *bolt.Tx, level int) (*layer, error) {
	for _, suffix := range []string{plusOf(level), minusOf(level)} {
		for _, name := range append(indexNames[:], string(bucketNames), string(bucketKeys)) {
			if _, err := tx.CreateBucketIfNotExists([]byte(name + suffix)); err != nil {
				return nil, err
			}
		}
	}
	return &layer{plus: openTables(tx, plusOf(level)), minus: openTables(tx, minusOf(level))}, nil
}

func dropLevel(tx *bolt.Tx, level int) error {
	for _, suffix := range []string{plusOf(level), minusOf(level)} {
		for _, name := range append(indexNames[:], string(bucketNames), string(bucketKeys)) {
			if err := tx.DeleteBucket([]byte(name + suffix)); err != nil {
				return err
			}
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

// finder looks entries up that come in order.
type finder[E any, C coder[E]] struct {
	table *table[E, C]
	block []E
	empty bool
}

func newFinder[E any, C coder[E]](t *table[E, C]) *finder[E, C] {
	return &finder[E, C]{table: t, empty: t == nil || t.empty()}
}

func (f *finder[E, C]) has(e E) (bool, error) {
	if f.empty {
		return false, nil
	}
	code := f.table.code
	if n := len(f.block); n == 0 || code.compare(f.block[0], e) > 0 || code.compare(f.block[n-1], e) < 0 {
		k, v := floor(f.table.bucket.Cursor(), code.appendKey(nil, e))
		var err error
		if f.block, err = f.table.decode(f.block[:0], k, v); err != nil {
			return false, err
		}
	}
	at, found := slices.BinarySearchFunc(f.block, e, code.compare)
	return found && code.identify(f.block[at], e) == 0, nil
}

// split tells which changes go to each table of a level: what undoes a change
// there takes it away, all else is added.
func (s signedTable[E, C]) split(edits []edit[E]) (plus, minus []edit[E], err error) {
	inPlus, inMinus := newFinder(s.plus), newFinder(s.minus)
	for _, e := range edits {
		opposite, own, other := inMinus, &plus, &minus
		if e.remove {
			opposite, own, other = inPlus, &minus, &plus
		}
		undoes, err := opposite.has(e.entry)
		if err != nil {
			return nil, nil, err
		}
		if undoes {
			*other = append(*other, edit[E]{e.entry, true})
		} else {
			*own = append(*own, edit[E]{entry: e.entry})
		}
	}
	return plus, minus, nil
}
