package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	bolt "go.etcd.io/bbolt"
)

// state is the record of what a store holds. Whatever else is read must fit it.
type state struct {
	quads, terms int64
	next         uint64 // the id of the next new term
	generation   uint64
	levels       [levels]int64 // the quads that each level adds or takes away

	transaction uint64 // of bbolt, that wrote the record
	main        tableSetState
	over        [levels]tableSetState
}

// tableSetState says how the tables of a layer are to be known: their blocks have
// the stamp, which is a random number, and which of them hold anything.
type tableSetState struct {
	stamp       uint32
	plus, minus tableBits
}

// tableBits has a bit for each table: the indexes, the terms by id and by key.
type tableBits uint32

const (
	namesBit = indexes
	keysBit  = indexes + 1
	tables   = indexes + 2
)

func (b tableBits) has(table int) bool { return b&(1<<table) != 0 }

func newStamp() uint32 { return rand.Uint32() }

var (
	keyFormat = []byte("format")
	keyState  = []byte("state")
)

// formatMark starts the format entry of bucket m; the version follows. Files of
// the versions before this one are read by Rebuild.
const (
	formatMark    = "entente graph store "
	formatVersion = "3"
	firstVersion  = "1"
	secondVersion = "2"
)

// stateWords is how many numbers there are in the record of a version.
var stateWords = map[string]int{firstVersion: 4, secondVersion: 4 + levels, formatVersion: 4 + levels + 1 + 2*(1+levels)}

func (s state) encode() []byte {
	b := make([]byte, 4, 4+8*stateWords[formatVersion])
	for _, n := range []uint64{uint64(s.quads), uint64(s.terms), s.next, s.generation} {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	for _, n := range s.levels {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	b = binary.BigEndian.AppendUint64(b, s.transaction)
	for _, set := range append([]tableSetState{s.main}, s.over[:]...) {
		b = binary.BigEndian.AppendUint64(b, uint64(set.stamp))
		b = binary.BigEndian.AppendUint64(b, uint64(set.plus)<<32|uint64(set.minus))
	}
	binary.BigEndian.PutUint32(b, stateSum(b[4:]))
	return b
}

// put stores the format and the record with a function that stores a key.
func (s state) put(put func(key, value []byte) error) error {
	return errors.Join(put(keyFormat, []byte(formatMark+formatVersion)), put(keyState, s.encode()))
}

// stateSum is the checksum of a record, as that of blocks was in version 1.
func stateSum(body []byte) uint32 {
	return (&keyTable{name: "m", old: true}).checksum(keyState, body)
}

// decodeState reads a record of any version.
func decodeState(b []byte) (s state, version string, ok bool) {
	if len(b)%8 != 4 || binary.BigEndian.Uint32(b) != stateSum(b[4:]) {
		return s, "", false
	}
	words := make([]uint64, len(b)/8)
	for i := range words {
		words[i] = binary.BigEndian.Uint64(b[4+8*i:])
	}
	for version = range stateWords {
		if ok = stateWords[version] == len(words); ok {
			break
		}
	}
	if !ok {
		return s, "", false
	}
	s = state{quads: int64(words[0]), terms: int64(words[1]), next: words[2], generation: words[3]}
	if words = words[4:]; len(words) > 0 {
		for i := range s.levels {
			s.levels[i] = int64(words[i])
		}
		words = words[levels:]
	}
	if len(words) > 0 {
		s.transaction = words[0]
		for i, set := range append([]*tableSetState{&s.main}, &s.over[0], &s.over[1], &s.over[2]) {
			stamp, bits := words[1+2*i], words[2+2*i]
			*set = tableSetState{uint32(stamp), tableBits(bits >> 32), tableBits(uint32(bits))}
		}
	}
	return s, version, true
}

// readState checks the format of a file and reads its record, which must be that
// of the transaction which the meta page names: else a part of the file is older.
func readState(meta *tree, transaction uint64) (s state, err error) {
	version, ok := bytes.CutPrefix(meta.get(keyFormat), []byte(formatMark))
	if !ok {
		return s, fmt.Errorf("%w: not a graph store", ErrDamaged)
	}
	s, of, known := decodeState(meta.get(keyState))
	switch v := string(version); {
	case known && v == of && v != formatVersion:
		return s, fmt.Errorf("%w %q: rebuild makes one of version %q of it", ErrVersion, v, formatVersion)
	case v != formatVersion && (!known || of != formatVersion):
		return s, fmt.Errorf("%w %.20q, this program knows %q", ErrVersion, version, formatVersion)
	case !known || v != of:
		return s, fmt.Errorf("%w: checksum of the counts", ErrDamaged)
	case !s.isOf(transaction):
		return s, fmt.Errorf("%w: the record is of transaction %d, not of %d", ErrDamaged, s.transaction, transaction)
	}
	return s, nil
}

// isOf reports whether a transaction, which a meta page names, wrote the record.
func (s *state) isOf(transaction uint64) bool {
	return s.transaction == transaction || s.transaction == transaction+1 && transaction%fileStep == 0
}

// lastTransaction is the one whose pages a transaction reads.
func lastTransaction(tx *bolt.Tx) uint64 {
	if tx.Writable() {
		return uint64(tx.ID()) - 1
	}
	return uint64(tx.ID())
}

// fileStep divides the number of the first transaction of a file that was written
// from its first page to its last. Both meta pages of such a file, of this
// transaction and the next, name the same pages; its record is of the next.
const fileStep = 1 << 20

// firstTransaction returns the number of the first transaction of a new file. It
// is larger than that of the file before, whose last transaction is given (0 for
// none), and random, so that no page of another file is of the same transaction.
func firstTransaction(before uint64) uint64 {
	return (before/fileStep + 1 + rand.Uint64N(fileStep)) * fileStep
}

var (
	bucketNames = []byte("i")
	bucketKeys  = []byte("v")
	bucketMeta  = []byte("m")
)

// set is the state of the layer that a table belongs to.
func (s *state) set(table string) tableSetState {
	for level := range levels {
		if strings.HasSuffix(table, plusOf(level)) || strings.HasSuffix(table, minusOf(level)) {
			return s.over[level]
		}
	}
	return s.main
}
