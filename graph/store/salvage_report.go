package store

import "github.com/cayleygraph/quad"

// Salvage is what Rebuild could read of a file, and what it could not.
type Salvage struct {
	Version  string // of the file's format; empty where that is lost
	Recorded int64  // quads that the file says it holds; -1 where that is lost
	Quads    int64  // in the new store

	Damaged []DamagedTable // tables of which something could not be read
	Partial bool           // no index is whole: the quads are the union of what all of them prove

	// Nameless are quads that are left out, since the text of a term is lost.
	Nameless int64

	// Loose are blocks that the tree of pages does not lead to any more. Stale
	// says that the list of free pages is lost too, and the record or what it says
	// of the tables, so that some of these may be of an older state, and quads that
	// were removed long ago may be back.
	Loose int64
	Stale bool

	// Revived says that a list of what was removed lately is not whole, so that
	// some of that may be back.
	Revived bool

	// Searched says that the file does not name the page that leads to all others
	// any more, and that it was found by a search; Older that the state may be an
	// older one, so that the last changes are lost.
	Searched, Older bool

	// Labels are those in which quads may be missing; none when nothing is lost.
	Labels []quad.Value
}

// DamagedTable counts what was read of a table.
type DamagedTable struct {
	Name      string // as in the format, such as "spol" or "i"
	Blocks    int64  // read
	BadBlocks int64  // whose checksums are wrong
	BadPages  int64  // that cannot be read, with all that they lead to
	Loose     int64  // blocks found outside of the tree
	Entries   int64  // quads or terms that were read
}

// Complete reports whether the new store is known to hold exactly what the old
// one held.
func (s Salvage) Complete() bool {
	if s.Nameless > 0 || s.Stale || s.Revived || s.Older {
		return false
	}
	return s.Recorded == s.Quads || s.Recorded < 0 && !s.Partial
}

// salvagedTable is what is known of one table.
type salvagedTable struct {
	DamagedTable
	holes [][2]uint64 // between which first ids of entries something is missing
}

func (t *salvagedTable) damaged() bool { return t.BadBlocks+t.BadPages > 0 }
