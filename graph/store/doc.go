// Package store keeps quads in one file, over go.etcd.io/bbolt: a dictionary of
// terms and four packed, sorted indexes.
//
// A Snapshot reads the store as it was at one moment; an Update changes it in
// one transaction, all or nothing. Readers never wait for the writer nor the
// writer for readers, also within one goroutine. Between processes bbolt's lock
// on the file rules: either one process has the file open for writing, or any
// number have it open for reading; see Options.Wait and ErrLocked.
//
// Cayley queries a Snapshot through graph/cayley.New, and the newest state of a
// Store through graph/cayley.Live.
//
// # Terms
//
// A literal is one term however it is spelled: the typed strings of
// xsd:string, xsd:integer, xsd:double, xsd:boolean and xsd:dateTime come out as
// quad.String, Int, Float, Bool and Time, unless that would lose something. All
// other typed strings keep their text; datatypes of XML Schema are written with
// the prefix xsd:. Language tags keep their case.
//
// # Writing
//
// A transaction keeps what it changes in memory, and its reads take that into
// account. Tx.AddAll is the fast way for many quads, Tx.AddNQuads for text: they
// sort what they are given to know what of it is new, at 48 bytes a quad, where
// Tx.Add asks for each quad, at about 64; new terms come on top. What is more
// than Options.Memory goes to sorted runs: files beside the store that have no
// name any more once they are open, and that are read as layers over it.
//
// How a commit writes depends on how much there is to write. Where it is much
// for what there is, it writes a new file of the old one, the runs and the
// changes, page after page, and renames it over the old one: the file that
// stands at the path is always whole. Else it changes the file, in one
// transaction of bbolt: not the main tables, in which the quads of a fact lie in
// many pages, but the first of three levels of changes over them that has room
// for it and for the levels above: 1024 quads, 65,536, a quarter of all. Readers
// merge the levels that hold something. Where none has room there is a new file.
// A table is never changed: a level is written anew whenever it is written.
//
// On Windows, where an open file cannot be replaced, all goes to the levels, and
// a run to the last one.
//
// # Damage
//
// No answer rests on a byte that is not proved: what does not fit is [ErrDamaged].
// Where the last change may be lost, see [ErrStale]. The format of the file, and how
// each block proves itself, is in graph/internal/quadfile.
package store
