package store

import (
	"context"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// The methods in this file make a Snapshot a Reader of graph/cayley.

// Sizes returns the numbers of terms and quads.
func (s *Snapshot) Sizes() (terms, quads int64, err error) {
	return s.reader.Record.Terms, s.reader.Record.Quads, s.reader.Read(func() error { return nil })
}

// Costs returns the costs of reading, relative to each other: of the next quad or
// term of a scan, of a look-up of a term, and of the first quad of a scan.
func (s *Snapshot) Costs() (next, lookup, scan int64) { return 1, 2, 3 }

// ID returns the id of a term, 0 for a term that is not stored. An id is never
// assigned to another term.
func (s *Snapshot) ID(term quad.Value) (uint64, error) { return s.reader.IDOf(term) }

// IDs returns the ids of IRIs, 0 for IRIs that are not stored. For many IRIs it is several
// times as fast as ID.
func (s *Snapshot) IDs(iris []quad.IRI) ([]uint64, error) {
	ids, queries, memory := make([]uint64, len(iris)), make([]quadfile.KeyQuery, len(iris)), []byte(nil)
	for i, iri := range iris {
		from := len(memory)
		var err error
		if memory, err = rdf.AppendTerm(memory, iri); err != nil { // longer than any stored IRI
			memory = memory[:from]
		}
		queries[i] = quadfile.KeyQuery{Key: quadfile.TermKey(memory[from:len(memory):len(memory)]), Number: i}
	}
	if err := s.reader.FindKeys(queries); err != nil {
		return nil, err
	}
	for _, q := range queries {
		ids[q.Number] = q.ID
	}
	return ids, nil
}

// Term returns the term of an id, nil if no term has the id.
func (s *Snapshot) Term(id uint64) (quad.Value, error) { return s.reader.Value(id) }

// Quad returns the quad of four ids.
func (s *Snapshot) Quad(ids [4]uint64) (quad.Quad, error) { return s.reader.Quad(ids) }

// HasIDs reports whether a quad is stored.
func (s *Snapshot) HasIDs(ids [4]uint64) (bool, error) { return s.reader.Has(ids) }

// CountIDs counts the quads that match a pattern of ids, in which 0 matches
// anything. All snapshots of one state share the counts.
func (s *Snapshot) CountIDs(ctx context.Context, ids [4]uint64) (int64, error) {
	return s.reader.CountOnce(ctx, ids)
}

// NewScan returns a scan of quads by ids, in the order of the index used.
func (s *Snapshot) NewScan() rdf.Scan { return s.reader.ScanIDs() }

// CountTerms counts the terms in an interval. The number is exact if it is small.
func (s *Snapshot) CountTerms(in rdf.Interval) (n int64, exact bool, err error) {
	r, err := in.Range()
	if err != nil {
		return 0, false, err
	}
	return s.reader.CountTerms(r)
}

// ScanTerms returns a function that reads the ids of the terms in an interval, in
// the order of the terms; if the interval has all terms, in the order of the ids.
// Each call returns a block, which is valid until the next call. An empty block
// is the end.
func (s *Snapshot) ScanTerms(in rdf.Interval) func(context.Context) ([]uint64, error) {
	if in.All() {
		return s.reader.AllTerms()
	}
	want, err := in.Range()
	if err != nil {
		return func(context.Context) ([]uint64, error) { return nil, err }
	}
	terms := s.reader.ScanTerms(want)
	return func(context.Context) ([]uint64, error) { return terms.Block() }
}
