package store

import (
	"bytes"
	"fmt"
	"os"
	"slices"
)

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

// SortTuples sorts tuples of ids below 2^31 as a flush does.
func SortTuples(in [][4]uint64) (out [][4]uint64) {
	keys := make([]sortKey, len(in))
	for i, t := range in {
		keys[i] = spolKey(tuple(t))
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
