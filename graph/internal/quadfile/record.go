package quadfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	bolt "go.etcd.io/bbolt"
)

// Record describes the contents of a store. All other contents of the file must
// agree with it.
type Record struct {
	Quads, Terms int64
	NextID       uint64 // the id of the next new term
	Generation   uint64
	LevelQuads   [LevelCount]int64 // the number of quads that each level adds or removes

	Transaction uint64 // the bbolt transaction that wrote the record
	Main        TablesRecord
	Levels      [LevelCount]TablesRecord
}

// TablesRecord describes the tables of a layer: the stamp of their blocks, a
// random number, and which tables have entries.
type TablesRecord struct {
	Stamp       uint32
	Plus, Minus tableBits
}

// tableBits has a bit for each table: the indexes, the terms by id and the ids by
// key.
type tableBits uint32

const (
	TermTableNumber = IndexCount
	KeyTableNumber  = IndexCount + 1
	TableCount      = IndexCount + 2
)

// Has reports whether a table has entries.
func (b tableBits) Has(table int) bool { return b&(1<<table) != 0 }

// NewStamp returns a random stamp for the tables of a layer.
func NewStamp() uint32 { return rand.Uint32() }

var (
	KeyFormat = []byte("format")
	KeyRecord = []byte("state")
)

// FormatMark is the beginning of the format entry of bucket m; the version follows.
// Files of earlier versions are read by Rebuild of package store.
const (
	FormatMark    = "entente graph store "
	FormatVersion = "3"
	FirstVersion  = "1"
	SecondVersion = "2"
)

// RecordWords is the number of 8-byte words in the record of each version.
var RecordWords = map[string]int{FirstVersion: 4, SecondVersion: 4 + LevelCount, FormatVersion: 4 + LevelCount + 1 + 2*(1+LevelCount)}

// Encode encodes a record in the current version.
func (s Record) Encode() []byte {
	b := make([]byte, 4, 4+8*RecordWords[FormatVersion])
	for _, n := range []uint64{uint64(s.Quads), uint64(s.Terms), s.NextID, s.Generation} {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	for _, n := range s.LevelQuads {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	b = binary.BigEndian.AppendUint64(b, s.Transaction)
	for _, set := range append([]TablesRecord{s.Main}, s.Levels[:]...) {
		b = binary.BigEndian.AppendUint64(b, uint64(set.Stamp))
		b = binary.BigEndian.AppendUint64(b, uint64(set.Plus)<<32|uint64(set.Minus))
	}
	binary.BigEndian.PutUint32(b, recordSum(b[4:]))
	return b
}

// Put stores the format and the record through put, which stores a value under a
// key.
func (s Record) Put(put func(key, value []byte) error) error {
	return errors.Join(put(KeyFormat, []byte(FormatMark+FormatVersion)), put(KeyRecord, s.Encode()))
}

// recordSum returns the checksum of a record, which is computed as for blocks of
// version 1.
func recordSum(body []byte) uint32 {
	return (&KeyTable{Name: "m", Old: true}).checksum(KeyRecord, body)
}

// DecodeRecord reads a record of any version.
func DecodeRecord(b []byte) (s Record, version string, ok bool) {
	if len(b)%8 != 4 || binary.BigEndian.Uint32(b) != recordSum(b[4:]) {
		return s, "", false
	}
	words := make([]uint64, len(b)/8)
	for i := range words {
		words[i] = binary.BigEndian.Uint64(b[4+8*i:])
	}
	for version = range RecordWords {
		if ok = RecordWords[version] == len(words); ok {
			break
		}
	}
	if !ok {
		return s, "", false
	}
	s = Record{Quads: int64(words[0]), Terms: int64(words[1]), NextID: words[2], Generation: words[3]}
	if words = words[4:]; len(words) > 0 {
		for i := range s.LevelQuads {
			s.LevelQuads[i] = int64(words[i])
		}
		words = words[LevelCount:]
	}
	if len(words) > 0 {
		s.Transaction = words[0]
		for i, set := range append([]*TablesRecord{&s.Main}, &s.Levels[0], &s.Levels[1], &s.Levels[2]) {
			stamp, bits := words[1+2*i], words[2+2*i]
			*set = TablesRecord{uint32(stamp), tableBits(bits >> 32), tableBits(uint32(bits))}
		}
	}
	return s, version, true
}

// readRecord checks the format of a file and reads its record, which must be of
// the given transaction, named by the meta page; otherwise a part of the file is
// older.
func readRecord(meta *tree, transaction uint64) (s Record, err error) {
	version, ok := bytes.CutPrefix(meta.get(KeyFormat), []byte(FormatMark))
	if !ok {
		return s, fmt.Errorf("%w: not a graph store", ErrDamaged)
	}
	s, of, known := DecodeRecord(meta.get(KeyRecord))
	switch v := string(version); {
	case known && v == of && v != FormatVersion:
		return s, fmt.Errorf("%w %q: rebuild makes one of version %q of it", ErrVersion, v, FormatVersion)
	case v != FormatVersion && (!known || of != FormatVersion):
		return s, fmt.Errorf("%w %.20q, this program knows %q", ErrVersion, version, FormatVersion)
	case !known || v != of:
		return s, fmt.Errorf("%w: checksum of the counts", ErrDamaged)
	case !s.IsOf(transaction):
		return s, fmt.Errorf("%w: the record is of transaction %d, not of %d", ErrDamaged, s.Transaction, transaction)
	}
	return s, nil
}

// IsOf reports whether the record was written by a transaction, which a meta page
// names.
func (s *Record) IsOf(transaction uint64) bool {
	return s.Transaction == transaction || s.Transaction == transaction+1 && transaction%fileStep == 0
}

// lastTransaction returns the committed transaction whose pages tx reads.
func lastTransaction(tx *bolt.Tx) uint64 {
	if tx.Writable() {
		return uint64(tx.ID()) - 1
	}
	return uint64(tx.ID())
}

// fileStep divides the number of the first transaction of each file that is
// written as a whole. Both meta pages of such a file, of this transaction and the
// next, name the same pages; its record is of the next transaction.
const fileStep = 1 << 20

// NewFirstTransaction returns the number of the first transaction of a new file.
// It is random, and greater than before, the last transaction of the replaced file
// (0 for none), so that no page of another file is of the same transaction.
func NewFirstTransaction(before uint64) uint64 {
	return (before/fileStep + 1 + rand.Uint64N(fileStep)) * fileStep
}

var (
	BucketTerms = []byte("i")
	BucketKeys  = []byte("v")
	BucketMeta  = []byte("m")
)

// Tables returns the record of the layer that a table belongs to.
func (s *Record) Tables(table string) TablesRecord {
	for level := range LevelCount {
		if strings.HasSuffix(table, AddedSuffix(level)) || strings.HasSuffix(table, RemovedSuffix(level)) {
			return s.Levels[level]
		}
	}
	return s.Main
}
