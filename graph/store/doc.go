// Package store keeps quads in one file, over go.etcd.io/bbolt: a dictionary of
// terms and four packed, sorted indexes.
//
// A Snapshot reads the state of the store at one moment. An Update changes the
// store in one transaction, which is kept completely or not at all. Readers never
// wait for the writer, nor the writer for readers, also within one goroutine.
// Between processes, the lock of bbolt on the file decides: either one process
// has the file open for writing, or any number of processes have it open for
// reading; see Options.Wait and ErrLocked.
//
// Cayley queries a Snapshot through graph/cayley.New, and the newest state of a
// Store through graph/cayley.Live.
//
// # Terms
//
// A literal is one term however it is spelled: typed strings of xsd:string,
// xsd:integer, xsd:double, xsd:boolean and xsd:dateTime are read as quad.String,
// Int, Float, Bool and Time, unless that would lose information. All other typed
// strings keep their text. Datatypes of XML Schema are written with the prefix
// xsd:. Language tags keep their case.
//
// # Writing
//
// A transaction keeps its changes in memory, and its reads see them. Tx.AddAll is
// the fast way to add many quads, Tx.AddNQuads to add a text. Both sort the quads
// to find the new ones, which uses 48 bytes of memory a quad; Tx.Add looks up
// each quad, and uses about 64. New terms need additional memory. Changes beyond
// Options.Memory are written to sorted runs: files beside the store that have no
// name once they are open, and that are read as layers over the store.
//
// How a commit writes depends on the number of changes. If they are many compared
// with the store, the commit writes a new file from the old one, the runs and the
// changes, page after page, and renames it over the old one, so that the file at
// the path is always whole. Otherwise the commit changes the file in one
// transaction of bbolt. It does not change the main tables, in which even a few
// quads are spread over many pages. Over them are three levels of changes, for
// 1024 quads, 65,536 quads and a quarter of all quads. The commit writes to the
// first level that has room for its changes and for the levels above. If no level
// has room, it writes a new file. Readers merge the levels that have entries. A
// table never changes: each write of a level makes new tables.
//
// On Windows, where an open file cannot be replaced, all changes go to the
// levels, and the changes beyond Options.Memory to the last level.
//
// # Damage
//
// No answer relies on a byte that is not verified: a byte that is wrong leads to
// [ErrDamaged]. If the last change may be lost, see [ErrStale]. The format of the
// file, with the checks of each block, is in graph/internal/quadfile.
package store
