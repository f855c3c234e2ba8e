package store

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/rdf"
	bolt "go.etcd.io/bbolt"
)

// What the tests in store_test need from inside.

// AppendTerm encodes a value.
func AppendTerm(v quad.Value) ([]byte, error) { return rdf.AppendTerm(nil, v) }

// DecodeTerm decodes a value.
func DecodeTerm(b []byte) (quad.Value, error) { return rdf.DecodeTerm(b) }

// DecodeTuples, DecodeNames and DecodeKeys decode a block, after giving it the
// checksum that it should have, and encode the entries again. They return how
// many entries there were, how many bytes these take, and the blocks.
func DecodeTuples(key, value []byte) (n, size int, again [][2][]byte, err error) {
	t := &tupleTable{name: "spol", anyStamp: true}
	entries, err := t.decode(nil, key, signed(t.checksum, key, value))
	return len(entries), len(entries) * 32, blocksOf(t.encode(entries)), err
}

// DecodeNames is DecodeTuples for blocks of terms by id.
func DecodeNames(key, value []byte) (n, size int, again [][2][]byte, err error) {
	t := &nameTable{name: "i", anyStamp: true}
	entries, err := t.decode(nil, key, signed(t.checksum, key, value))
	for _, e := range entries {
		size += len(e.term)
	}
	return len(entries), size, blocksOf(t.encode(entries)), err
}

// DecodeKeys is DecodeTuples for blocks of ids by term.
func DecodeKeys(key, value []byte) (n, size int, again [][2][]byte, err error) {
	t := &keyTable{name: "v", anyStamp: true}
	entries, err := t.decode(nil, key, signed(t.checksum, key, value))
	for _, e := range entries {
		size += len(e.key)
	}
	return len(entries), size, blocksOf(t.encode(entries)), err
}

func signed(sum func(key, body []byte) uint32, key, value []byte) []byte {
	if len(value) < 4 {
		return value
	}
	s := sum(key, value[4:])
	return append([]byte{byte(s >> 24), byte(s >> 16), byte(s >> 8), byte(s)}, value[4:]...)
}

func blocksOf(in []block) (out [][2][]byte) {
	for _, b := range in {
		out = append(out, [2][]byte{b.key, b.value})
	}
	return out
}

// EncodeTuples packs sorted tuples.
func EncodeTuples(in [][4]uint64) [][2][]byte {
	var entries []tuple
	for _, t := range in {
		entries = append(entries, tuple(t))
	}
	return blocksOf((&tupleTable{name: "spol"}).encode(entries))
}

// EncodeDictionary packs sorted terms in both directions.
func EncodeDictionary(terms []string) (byID, byKey [][2][]byte) {
	var n []named
	var k []keyed
	for i, term := range terms {
		n = append(n, named{uint64(i + 1), []byte(term)})
		k = append(k, keyed{termKey([]byte(term)), uint64(i + 1)})
	}
	return blocksOf((&nameTable{name: "i"}).encode(n)), blocksOf((&keyTable{name: "v"}).encode(k))
}

// Flush writes what a transaction has in memory into the blocks, as it does by
// itself after very many changes.
func (tx *Tx) Flush() error { return tx.flush() }

// SkipIDs makes the next term's id one that takes more than 31 bits.
func (tx *Tx) SkipIDs() {
	tx.view.state.next = 1<<33 - 5
	tx.firstNew = tx.view.state.next
}

// SortTuples sorts tuples of ids below 2^31 as a flush does.
func SortTuples(in [][4]uint64) (out [][4]uint64) {
	keys := make([]sortKey, len(in))
	for i, t := range in {
		c := packChange(tuple(t))
		keys[i] = c.sortKey()
	}
	sortKeys(keys, make([]sortKey, len(keys)), 0)
	for i := range keys {
		out = append(out, keys[i].tuple())
	}
	return out
}

// SortTerms returns the keys of distinct terms as a flush sorts them.
func SortTerms(terms []string) (sorted [][]byte) {
	l := newLexicon()
	var places []place
	for i, term := range terms {
		places = append(places, l.add([]byte(term), l.hash([]byte(term)), uint64(i+1)))
	}
	s, items := newTermSorter(&l, places)
	s.sort(items, 0)
	for _, item := range items {
		sorted = append(sorted, s.key(item.term))
	}
	return sorted
}

// FindEach looks all entries of a dictionary block up, and what lies between
// them, and compares with the block unpacked. It takes any bytes.
func FindEach(key, value []byte) error {
	keysTable, namesTable := &keyTable{name: "v", anyStamp: true}, &nameTable{name: "i", anyStamp: true}
	v := signed(keysTable.checksum, key, value)
	if entries, err := keysTable.decode(nil, key, v); err == nil && sortedBy(entries, keysTable.code.compare) {
		b, _ := keysTable.open(key, v)
		for _, e := range entries {
			if id, ok := findKey(b.n, key, b.entries, e.key); !ok || id != e.id {
				return fmt.Errorf("key %q: %d %v, want %d", e.key, id, ok, e.id)
			}
			other := append(e.key[:len(e.key):len(e.key)], 0)
			_, there := slices.BinarySearchFunc(entries, keyed{key: other}, keysTable.code.compare)
			if id, ok := findKey(b.n, key, b.entries, other); ok && id != 0 != there {
				return fmt.Errorf("key %q: %d, there %v", other, id, there)
			}
		}
	}
	v = signed(namesTable.checksum, key, value)
	if entries, err := namesTable.decode(nil, key, v); err == nil {
		b, _ := namesTable.open(key, v)
		for i, e := range entries {
			if term, ok := findName(b.n, key, b.entries, e.id); !ok || !bytes.Equal(term, e.term) {
				return fmt.Errorf("id %d: %q %v, want %q", e.id, term, ok, e.term)
			}
			last := i == len(entries)-1
			if term, ok := findName(b.n, key, b.entries, e.id+1); (last || entries[i+1].id > e.id+1) && (!ok || term != nil) {
				return fmt.Errorf("id %d: %q %v, want none", e.id+1, term, ok)
			}
		}
	}
	return nil
}

// findName looks an id up in one block; the term is nil when it is not there.
func findName(n int, key, src []byte, id uint64) (term []byte, ok bool) {
	var b nameBlock
	if !b.begin(n, key, src) {
		return nil, false
	}
	found, ok := b.seek(id)
	if found && ok {
		term = b.appendTerm([]byte{})
	}
	return term, ok
}

func sortedBy[E any](entries []E, compare func(a, b E) int) bool {
	for i := 1; i < len(entries); i++ {
		if compare(entries[i-1], entries[i]) >= 0 {
			return false
		}
	}
	return true
}

// CheckTuples decodes a block with the checksum that it has.
func CheckTuples(key, value []byte) error {
	_, err := (&tupleTable{name: "spol"}).decode(nil, key, value)
	return err
}

// Tight returns options under which every transaction of so many changes may
// write a new file, one of more than spill changes writes runs, and the first
// level has so much room; 0 is as usual.
func Tight(rewrite, spill, room int, opts Options) *Options {
	opts.rewriteFrom, opts.spillFrom, opts.levelRoom = rewrite, spill, room
	return &opts
}

// WriteBolt writes a bbolt file of buckets of sorted keys and values.
func WriteBolt(path string, buckets map[string][][2][]byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	out, roots := newBoltFile(f), map[string]uint64{}
	for name, items := range buckets {
		t := out.table()
		for _, item := range items {
			if err := t.put(item[0], item[1]); err != nil {
				return err
			}
		}
		if roots[name], err = t.close(); err != nil {
			return err
		}
	}
	out.bucketsFrom(roots)
	return out.finish()
}

// Miscount has the record of a file say that there are so many quads more.
func Miscount(tx *bolt.Tx, more int64) error { return sign(tx, more) }

// Sign has the record of a file say that a transaction wrote it.
func Sign(tx *bolt.Tx) error { return sign(tx, 0) }

func sign(tx *bolt.Tx, more int64) error {
	meta := tx.Bucket(bucketMeta)
	st, _, ok := decodeState(meta.Get(keyState))
	if !ok {
		return ErrDamaged
	}
	st.transaction = uint64(tx.ID())
	st.quads += more
	return meta.Put(keyState, st.encode())
}

// Levels is how many levels hold something.
func (s *Store) Levels() (n int) {
	err := s.View(context.Background(), func(snapshot *Snapshot) error {
		for _, quads := range snapshot.view.state.levels {
			if quads > 0 {
				n++
			}
		}
		return nil
	})
	if err != nil {
		return -1
	}
	return n
}

// SpoilBlocks changes a byte of every block in a file whose table, without the
// number of a level, is none of those kept, and returns how many it changed.
func SpoilBlocks(file []byte, kept ...string) (n int) {
	for at := 2 * 4096; at+4096 <= len(file); at += 4096 {
		head := file[at:]
		if native.Uint16(head[8:]) != leafFlag || native.Uint64(head) != uint64(at/4096) {
			continue
		}
		end := min(len(file), at+4096*(1+int(native.Uint32(head[12:]))))
		eachItem(page{count: native.Uint16(head[10:]), data: file[at:end]}, func(key, value []byte) {
			for _, name := range append(indexNames[:], "i", "v") {
				for _, suffix := range []string{"", "+0", "-0", "+1", "-1", "+2", "-2"} {
					if count, _, _ := (blockFormat{anyStamp: true}).measure(name+suffix, key, value); count > 0 && !slices.Contains(kept, name) {
						value[len(value)-1] ^= 1
						n++
						return
					}
				}
			}
		})
	}
	return n
}

// TablesOfPages says of which table each page is, without the number of a level.
func TablesOfPages(path string) (map[int]string, error) {
	tables := map[int]string{}
	s, err := Open(path, &Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	snapshot, err := s.Snapshot()
	if err != nil {
		return nil, err
	}
	defer snapshot.Close()
	for name, tree := range openBuckets(s.shared.view.tx) {
		if base := strings.TrimRight(name, "+-012"); tree.root != 0 && name != string(bucketMeta) {
			tree.mark(tree.root, base, tables)
		}
	}
	return tables, nil
}

func (t *tree) mark(id uint64, name string, tables map[int]string) {
	c := cursor{tree: t}
	c.push(id)
	for i := range native.Uint32(t.at(id)[12:]) + 1 {
		tables[int(id)+int(i)] = name
	}
	for at := &c.path[0]; !at.leaf && at.index < at.count; at.index++ {
		t.mark(t.child(at), name, tables)
	}
}

// IDOf is the id of a term in a reference to it.
func IDOf(ref any) uint64 { return uint64(ref.(nodeRef)) }

// ScanIndex visits all quads of an index, then counts and visits those of every
// ninth span of one id in the first place, and of one that may not be there.
func ScanIndex(ctx context.Context, s *Snapshot, table string, visit func(IDs)) error {
	i, v := slices.Index(indexNames[:], table), s.view
	var firsts []uint64
	all := func(sp span) error {
		sc := scan{view: v, span: sp}
		for {
			block, err := sc.some(maxIDs)
			if err != nil || len(block) == 0 {
				return err
			}
			for _, q := range block {
				if visit(IDs(q)); sp.n == 0 {
					firsts = append(firsts, q[indexOrders[i][0]])
				}
			}
		}
	}
	if err := all(span{index: i}); err != nil {
		return err
	}
	slices.Sort(firsts)
	firsts = slices.Compact(firsts)
	for k := 0; k < len(firsts); k += 9 {
		for _, id := range []uint64{firsts[k], firsts[k] + 1} {
			sp := span{index: i, n: 1, prefix: tuple{id}}
			n, err := v.countSpan(sp, 0)
			if err == nil {
				visit(IDs{uint64(n)})
				err = all(sp)
			}
			if err != nil {
				return err
			}
		}
	}
	return cause(ctx)
}
