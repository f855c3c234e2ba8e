package quadfile

import (
	"bytes"
	"fmt"
	"os"
	"slices"
)

// DecodeTuples corrects the checksum of a block, decodes the block, and encodes
// the entries again. It returns the number of entries, the bytes of memory for
// them, and the blocks.
func DecodeTuples(key, value []byte) (n, size int, again [][2][]byte, err error) {
	t := &TupleTable{Name: "spol", AnyStamp: true}
	entries, err := t.Decode(nil, key, signed(t.checksum, key, value))
	return len(entries), len(entries) * 32, blocksOf(t.encode(entries)), err
}

// DecodeNames is DecodeTuples for blocks of terms by id.
func DecodeNames(key, value []byte) (n, size int, again [][2][]byte, err error) {
	t := &TermTable{Name: "i", AnyStamp: true}
	entries, err := t.Decode(nil, key, signed(t.checksum, key, value))
	for _, e := range entries {
		size += len(e.Term)
	}
	return len(entries), size, blocksOf(t.encode(entries)), err
}

// DecodeKeys is DecodeTuples for blocks of ids by term.
func DecodeKeys(key, value []byte) (n, size int, again [][2][]byte, err error) {
	t := &KeyTable{Name: "v", AnyStamp: true}
	entries, err := t.Decode(nil, key, signed(t.checksum, key, value))
	for _, e := range entries {
		size += len(e.Key)
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

func blocksOf(in []packedBlock) (out [][2][]byte) {
	for _, b := range in {
		out = append(out, [2][]byte{b.key, b.value})
	}
	return out
}

// EncodeTuples packs sorted tuples.
func EncodeTuples(in [][4]uint64) [][2][]byte {
	var entries []Tuple
	for _, t := range in {
		entries = append(entries, Tuple(t))
	}
	return blocksOf((&TupleTable{Name: "spol"}).encode(entries))
}

// EncodeDictionary packs sorted terms in both directions.
func EncodeDictionary(terms []string) (byID, byKey [][2][]byte) {
	var n []TermEntry
	var k []KeyEntry
	for i, term := range terms {
		n = append(n, TermEntry{uint64(i + 1), []byte(term)})
		k = append(k, KeyEntry{TermKey([]byte(term)), uint64(i + 1)})
	}
	return blocksOf((&TermTable{Name: "i"}).encode(n)), blocksOf((&KeyTable{Name: "v"}).encode(k))
}

// SortTuples sorts tuples of ids below 2^31 as a flush does.
func SortTuples(in [][4]uint64) (out [][4]uint64) {
	keys := make([]SortKey, len(in))
	for i, t := range in {
		keys[i] = AddedKey(Tuple(t))
	}
	SortKeys(keys, make([]SortKey, len(keys)), 0)
	for i := range keys {
		out = append(out, keys[i].Tuple())
	}
	return out
}

// SortTerms returns the keys of distinct terms as a flush sorts them.
func SortTerms(terms []string) (sorted [][]byte) {
	l := NewLexicon()
	var places []TermPlace
	for i, term := range terms {
		places = append(places, l.Add([]byte(term), l.Hash([]byte(term)), uint64(i+1)))
	}
	s, items := NewTermSorter(&l, places)
	s.Sort(items, 0)
	for _, item := range items {
		sorted = append(sorted, s.Key(item.Term))
	}
	return sorted
}

// FindEach looks up all entries of a dictionary block, and absent entries between
// them, and compares the results with the unpacked block. The block may be
// arbitrary bytes.
func FindEach(key, value []byte) error {
	keysTable, namesTable := &KeyTable{Name: "v", AnyStamp: true}, &TermTable{Name: "i", AnyStamp: true}
	v := signed(keysTable.checksum, key, value)
	if entries, err := keysTable.Decode(nil, key, v); err == nil && sortedBy(entries, keysTable.Code.Compare) {
		b, _ := keysTable.Open(key, v)
		for _, e := range entries {
			if id, ok := findKey(b.count, key, b.entries, e.Key); !ok || id != e.ID {
				return fmt.Errorf("key %q: %d %v, want %d", e.Key, id, ok, e.ID)
			}
			other := append(e.Key[:len(e.Key):len(e.Key)], 0)
			_, there := slices.BinarySearchFunc(entries, KeyEntry{Key: other}, keysTable.Code.Compare)
			if id, ok := findKey(b.count, key, b.entries, other); ok && id != 0 != there {
				return fmt.Errorf("key %q: %d, there %v", other, id, there)
			}
		}
	}
	v = signed(namesTable.checksum, key, value)
	if entries, err := namesTable.Decode(nil, key, v); err == nil {
		b, _ := namesTable.Open(key, v)
		for i, e := range entries {
			if term, ok := findName(b.count, key, b.entries, e.ID); !ok || !bytes.Equal(term, e.Term) {
				return fmt.Errorf("id %d: %q %v, want %q", e.ID, term, ok, e.Term)
			}
			last := i == len(entries)-1
			if term, ok := findName(b.count, key, b.entries, e.ID+1); (last || entries[i+1].ID > e.ID+1) && (!ok || term != nil) {
				return fmt.Errorf("id %d: %q %v, want none", e.ID+1, term, ok)
			}
		}
	}
	return nil
}

// findName looks up an id in one block; the term is nil if the id is absent.
func findName(n int, key, src []byte, id uint64) (term []byte, ok bool) {
	var b termBlock
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

// CheckTuples decodes a block without correcting its checksum.
func CheckTuples(key, value []byte) error {
	_, err := (&TupleTable{Name: "spol"}).Decode(nil, key, value)
	return err
}

// WriteBolt writes a bbolt file of buckets of sorted keys and values.
func WriteBolt(path string, buckets map[string][][2][]byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	out, roots := NewBoltFile(f), map[string]uint64{}
	for name, items := range buckets {
		t := out.Table()
		for _, item := range items {
			if err := t.Put(item[0], item[1]); err != nil {
				return err
			}
		}
		if roots[name], err = t.Close(); err != nil {
			return err
		}
	}
	out.BucketsFrom(roots)
	return out.Finish()
}
