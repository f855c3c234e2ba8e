// Package quadfile reads, merges, sorts and writes the file of a store: terms and
// quads in sorted, packed and checksummed blocks, in the pages of a bbolt file.
// Package store has the transactions and snapshots over it.
//
// # Format
//
// Version 3. Numbers in keys are big endian, so that keys sort as numbers do.
// An id is 5 bytes; ids start at 1 and are never reused. Varints are encoded as by
// encoding/binary. The file is a bbolt file with seven main buckets:
//
//	m      "format": "entente graph store 3"
//	       "state":  the record, see below
//	i      terms by id
//	v      ids by term key
//	spol   quads, sorted by subject, predicate, object, label
//	posl   quads, sorted by predicate, object, subject, label
//	ospl   quads, sorted by object, subject, predicate, label
//	lspo   quads that have a label, sorted by label, subject, predicate, object
//
// A level that has entries has up to twelve more buckets: the names of the last six
// buckets above, followed by "+0" for the entries that level 0 adds, "-0" for the
// entries that it removes, and so on. From below, the layers are the main tables,
// then levels 2, 1 and 0. A level does not add an entry that is present below it,
// nor remove an absent one, so that numbers of entries can be added and subtracted.
//
// The record begins with the CRC-32C (4 bytes) of "m", "state" and the rest. The
// rest is numbers of 8 bytes: quads, terms, the next id, the generation, how many
// quads the levels 0, 1 and 2 add or remove, the transaction of bbolt that wrote
// the record, and two numbers each for the main tables and for the levels 0, 1
// and 2. The first of the two is the stamp, a random number of 4 bytes that is in
// every block of the tables. The second has a bit for each table that has
// entries, in its lower half for tables of removed entries and in its upper half
// for all others: bit 0 for spol, then posl, ospl, lspo, i, v.
//
// All buckets but m hold blocks of entries. A block's key is made of its first
// entry, so that any key belongs to the last block whose key is not after it. The
// value of a block:
//
//	4 bytes  CRC-32C (big endian) of "3", the bucket's name, the key and the rest
//	4 bytes  the stamp (big endian)
//	varint   twice the number of entries, and one more in the table's first block
//	varint   how many bytes the next block's key shares with this one's key (at
//	         most 480)
//	varint   how many bytes of the next block's key follow; this and the number
//	         before are 0 in the last block
//	...      the rest of the next block's key
//	...      the entries
//
// Key and value have at most 1004 bytes together, so that four blocks fill a page;
// only a block of one entry may be larger. Entries are sorted, without
// repetition, across all blocks of a bucket. They are encoded as follows.
//
// In spol, posl, ospl and lspo, an entry is four ids in the order of the index.
// The id 0 as label means no label. The first entry is the key (20 bytes) alone.
// Every other entry is encoded relative to the entry before. It begins with a
// control byte: bits 0-1 are the first place c that differs, bit 2 says that the
// last place does not differ (never with c = 3), and bits 3-7 are the amount by
// which place c grew, or 0 if the amount follows as a varint. Then come the ids
// at the places after c as varints, without the last one if bit 2 is set.
//
// In i, the first entry has its id in the key (5 bytes); its value is the length
// of the term as a varint, and the term. Every other entry is the amount by which
// the id grew, how many bytes the term shares with the term before (at most 480),
// how many bytes follow, and these bytes.
//
// In v, the first entry has its term key in the key; its value is the id as a
// varint. Every other entry is how many bytes the term key shares with the term
// key before (at most 480), how many bytes follow, these bytes, and the id. The
// term key of a term of up to 480 bytes is the term itself. The term key of a
// longer term, of up to 16 MiB, is its first 480 bytes and its SHA-256.
//
// A term is a kind byte and a payload whose bytes sort as the values do:
//
//	1  IRI           the text
//	2  blank node    the name
//	3  string        the text
//	4  language      the text, escaped; then the language
//	5  typed string  the datatype, escaped; then the text
//	6  integer       8 bytes, the sign bit flipped
//	7  double        8 bytes of IEEE 754: all bits flipped when negative, else
//	                 the sign bit; not-a-number is 8 times ff; there is no -0
//	8  dateTime      seconds since 1970 in UTC (8 bytes, the sign bit flipped)
//	                 and nanoseconds (4 bytes)
//	9  boolean       0 or 1
//
// Escaped text ends with 00 01, and a zero byte within it is 00 ff.
//
// A term is stored as long as a quad has it. There are no reference counts: a commit
// looks up the terms of the quads it removed in the four indexes.
//
// # Damage
//
// No answer relies on a byte that is not verified. The meta page, whose checksum
// bbolt checks, names a transaction, and the record must be of that transaction.
// The first transaction of a new file has a random number, greater than the
// numbers of the file that it replaces, so that no record of another file is of
// the same transaction. A block must have the stamp that the record has for its
// table, so that a page of an older state, or of another store, is not accepted.
// A block also proves which range of keys it covers: a search must end at the
// block that covers its key, whether the key is present or not, and a walk must
// find each next block that the block before names, from the first to the last of
// a span. The list of buckets and the pages above the blocks are only followed,
// within bounds, and never trusted. Any contradiction is [ErrDamaged].
//
// Only the meta pages show that a newer state was committed. If one of them is
// damaged, or older than it should be, the last change may be lost: see
// [ErrStale]. A commit that does not write a new file leaves a note in the middle
// of the meta page before the newest one: "entente>", the transaction (8 bytes)
// and the CRC-32C of both. With it, a store notices that its newest meta page is
// missing.
//
// Versions 1 and 2 had neither stamps nor keys of next blocks: the value of a
// block was its CRC-32C, of the name of the bucket, the key and the rest, then
// the number of entries, and the entries. The record ended after the generation
// in version 1 and after the levels in version 2. Rebuild of package store reads
// both versions.
package quadfile
