package store

import "github.com/cayleygraph/quad"

// Salvage reports what Rebuild could read of a file, and what it could not.
type Salvage struct {
	Version  string // of the file's format; empty if it is lost
	Recorded int64  // the number of quads by the record of the file; -1 if it is lost
	Quads    int64  // the number of quads in the new store

	Damaged []DamagedTable // tables that could not be read completely
	Partial bool           // no index is whole: the quads are the union of all indexes

	// Nameless is the number of quads that are left out because the text of a
	// term is lost.
	Nameless int64

	// Loose is the number of blocks to which the tree of pages no longer leads.
	// Stale means that the list of free pages is lost, too, and so is the record
	// or its list of tables. Then some loose blocks may be of an older state, and
	// quads that were removed long ago may be back.
	Loose int64
	Stale bool

	// Revived means that a table of removed entries is not whole, so that some
	// recently removed quads may be back.
	Revived bool

	// Searched means that the file does not name its root page any more, and that
	// a search found one. Older means that the state may be an older one, without
	// the last changes.
	Searched, Older bool

	// Labels are the labels of which quads may be missing; none if nothing is
	// lost.
	Labels []quad.Value
}

// DamagedTable counts what was read of a table.
type DamagedTable struct {
	Name      string // as in the format, such as "spol" or "i"
	Blocks    int64  // blocks read
	BadBlocks int64  // blocks with a wrong checksum
	BadPages  int64  // pages that cannot be read, with all pages under them
	Loose     int64  // blocks found outside the tree
	Entries   int64  // quads or terms read
}

// Complete reports whether the new store is known to hold exactly the quads of
// the old one.
func (s Salvage) Complete() bool {
	if s.Nameless > 0 || s.Stale || s.Revived || s.Older {
		return false
	}
	return s.Recorded == s.Quads || s.Recorded < 0 && !s.Partial
}

// salvagedTable is the damage of one table, and the gaps in it.
type salvagedTable struct {
	DamagedTable
	holes [][2]uint64 // closed intervals of first ids in which entries may be missing
}

func (t *salvagedTable) damaged() bool { return t.BadBlocks+t.BadPages > 0 }
