package cayley

import (
	"context"
	"io"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/rdf"
)

// IDs is a quad of ids: of its subject, predicate, object and label, with 0 for
// no label. As a pattern it matches every quad that has the same ids, where a 0
// in the pattern matches any id.
type IDs = [4]uint64

// Interval is a range of terms between two bounds.
type Interval = rdf.Interval

// Scan reads the quads that match a pattern, in blocks.
type Scan = rdf.Scan

// Reader reads one state of a graph. It is the whole interface that a storage
// engine implements so that Cayley can query it. Each term has an id from 1 to
// [MaxID], and all spellings of a literal are one term. Methods may be called
// from several goroutines.
//
// A caller may drop a Scan, or the function of ScanTerms, before its end without
// closing it. The engine frees what it holds for a scan at the latest when the
// Reader ends.
type Reader interface {
	// Sizes returns the exact numbers of terms and quads.
	Sizes() (terms, quads int64, err error)
	// Costs returns the relative costs of reading the next quad or term of a
	// scan, of looking up a term, and of starting a scan.
	Costs() (next, lookup, scan int64)

	// ID returns the id of a term, 0 for a term that is not stored.
	ID(term quad.Value) (uint64, error)
	// Term returns the term of an id, nil for an unknown id.
	Term(id uint64) (quad.Value, error)
	// Quad returns a quad with the terms of its ids. An unknown id is an error.
	Quad(ids IDs) (quad.Quad, error)

	// HasIDs reports whether a quad is stored.
	HasIDs(ids IDs) (bool, error)
	// CountIDs returns the exact number of quads that match a pattern. Cayley's
	// planner asks for the same patterns many times in one query.
	CountIDs(ctx context.Context, pattern IDs) (int64, error)
	// NewScan returns a Scan. The engine needs an index for every pattern: the
	// cost of a scan depends on the number of matching quads, not on the size of
	// the graph.
	NewScan() Scan

	// CountTerms returns the number of terms in an interval. For a large
	// interval it may return an estimate, with exact false.
	CountTerms(in Interval) (n int64, exact bool, err error)
	// ScanTerms returns a function that reads ids of the terms in an interval,
	// in the order of the terms; the order is free if the interval is all terms.
	// Each call returns a block that is valid until the next call. An empty
	// block is the end.
	ScanTerms(in Interval) (next func(context.Context) ([]uint64, error))
}

// MaxID is the greatest id of a term.
const MaxID = 1<<40 - 1

// ReadCloser is a Reader that keeps one state of an engine readable until it is
// closed.
type ReadCloser interface {
	Reader
	io.Closer
}

// Writer is a write transaction of an engine. It reads its own writes.
type Writer interface {
	// Add stores a quad and reports whether it was new.
	Add(q quad.Quad) (bool, error)
	// AddAll stores quads in their order and returns the number of new quads.
	AddAll(quads []quad.Quad) (int, error)
	// Remove deletes a quad and reports whether it was stored.
	Remove(q quad.Quad) (bool, error)
}
