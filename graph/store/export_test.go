package store

import "github.com/cayleygraph/quad"

// What the tests in store_test need from inside.

// AppendTerm encodes a value.
func AppendTerm(v quad.Value) ([]byte, error) { return appendTerm(nil, v) }

// DecodeTerm decodes a value.
func DecodeTerm(b []byte) (quad.Value, error) { return decodeTerm(b) }

// DecodeTuples, DecodeNames and DecodeKeys decode a block, after giving it the
// checksum that it should have, and encode the entries again. They return how
// many entries there were, how many bytes these take, and the blocks.
func DecodeTuples(key, value []byte) (n, size int, again [][2][]byte, err error) {
	t := &tupleTable{name: "spol"}
	entries, err := t.decode(nil, key, signed(t.checksum, key, value))
	return len(entries), len(entries) * 32, blocksOf(t.encode(entries, false)), err
}

// DecodeNames is DecodeTuples for blocks of terms by id.
func DecodeNames(key, value []byte) (n, size int, again [][2][]byte, err error) {
	t := &nameTable{name: "i"}
	entries, err := t.decode(nil, key, signed(t.checksum, key, value))
	for _, e := range entries {
		size += len(e.term)
	}
	return len(entries), size, blocksOf(t.encode(entries, false)), err
}

// DecodeKeys is DecodeTuples for blocks of ids by term.
func DecodeKeys(key, value []byte) (n, size int, again [][2][]byte, err error) {
	t := &keyTable{name: "v"}
	entries, err := t.decode(nil, key, signed(t.checksum, key, value))
	for _, e := range entries {
		size += len(e.key)
	}
	return len(entries), size, blocksOf(t.encode(entries, false)), err
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
	return blocksOf((&tupleTable{name: "spol"}).encode(entries, false))
}

// EncodeDictionary packs sorted terms in both directions.
func EncodeDictionary(terms []string) (byID, byKey [][2][]byte) {
	var n []named
	var k []keyed
	for i, term := range terms {
		n = append(n, named{uint64(i + 1), []byte(term)})
		k = append(k, keyed{termKey([]byte(term)), uint64(i + 1)})
	}
	return blocksOf((&nameTable{name: "i"}).encode(n, false)), blocksOf((&keyTable{name: "v"}).encode(k, false))
}

// CheckTuples decodes a block with the checksum that it has.
func CheckTuples(key, value []byte) error {
	_, err := (&tupleTable{name: "spol"}).decode(nil, key, value)
	return err
}
