package cayley

import (
	"context"
	"io"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/rdf"
)

// IDs is a quad of ids: of its subject, predicate, object and label, 0 for no
// label. As a pattern it matches the quads that have all its ids, where 0
// matches anything.
type IDs = [4]uint64

// Interval is a range of terms.
type Interval = rdf.Interval

// Scan reads quads in blocks.
type Scan = rdf.Scan

// Reader reads one state of a graph. It is all that an engine implements to be
// queried by Cayley. Each term has an id from 1 to [MaxID], and all spellings of
// a literal are one term. Methods may be called from several goroutines.
//
// A scan that is not read to its end is dropped without a call, so that what the
// engine holds for it ends with the Reader at the latest.
type Reader interface {
	// Sizes counts the terms and the quads.
	Sizes() (terms, quads int64, err error)
	// Costs is what reading costs, relative to each other: the next quad or term
	// of a scan, a look-up of a term, and the first quad of a scan.
	Costs() (next, lookup, scan int64)

	// ID returns the id of a term, 0 for one that is not stored.
	ID(term quad.Value) (uint64, error)
	// Term returns the term of an id, nil where there is none.
	Term(id uint64) (quad.Value, error)
	// Quad returns the terms of a quad.
	Quad(ids IDs) (quad.Quad, error)

	// HasIDs reports whether a quad is stored.
	HasIDs(ids IDs) (bool, error)
	// CountIDs counts the quads that match a pattern, exactly. Cayley's planner
	// asks for the same patterns many times a query.
	CountIDs(ctx context.Context, pattern IDs) (int64, error)
	// NewScan returns a Scan. Any pattern is read from an index: what a scan costs
	// follows from what matches.
	NewScan() Scan

	// CountTerms counts the terms of an interval. Where these are many it may
	// return about how many there are, which is not exact.
	CountTerms(in Interval) (n int64, exact bool, err error)
	// ScanTerms returns a function that reads the ids of the terms of an interval
	// in the order of the terms, and of all terms in any order: a block at each
	// call, which is valid until the next one. An empty block is the end.
	ScanTerms(in Interval) (next func(context.Context) ([]uint64, error))
}

// MaxID is the greatest id of a term.
const MaxID = 1<<40 - 1

// ReadCloser is a Reader that holds a state of an engine until it is closed.
type ReadCloser interface {
	Reader
	io.Closer
}

// Writer is a transaction that changes an engine. It reads its own writes.
type Writer interface {
	// Add stores a quad and reports whether it was new.
	Add(q quad.Quad) (bool, error)
	// AddAll stores quads in their order and returns how many of them were new.
	AddAll(quads []quad.Quad) (int, error)
	// Remove deletes a quad and reports whether it was there.
	Remove(q quad.Quad) (bool, error)
}
