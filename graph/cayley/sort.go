package cayley

import (
	"bytes"
	"context"
	"slices"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/cayley/query/shape"

	"github.com/entente-kg/entente/graph/internal/rdf"
)

// sortRows is Cayley's Sort with all rows, each with its own tags: Cayley loses
// some rows and mixes up tags. Nodes come in the order of their terms, so
// numbers by value.
type sortRows struct{ From shape.Shape }

// BuildIterator builds a sorted iterator over the nodes.
func (s sortRows) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	return &sortRowsIterator{inexactSizeIterator{s.From.BuildIterator(qs)}, qs}
}

// Optimize leaves the shape as it is.
func (s sortRows) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return s, false }

// sortRowsIterator iterates over the rows of an iterator in the order of their
// nodes.
type sortRowsIterator struct {
	iterator.Shape
	names refs.Namer
}

func (s *sortRowsIterator) Optimize(ctx context.Context) (iterator.Shape, bool) {
	it, changed := s.Shape.Optimize(ctx)
	return &sortRowsIterator{it, s.names}, changed
}

func (s *sortRowsIterator) String() string { return "Sort" }

func (s *sortRowsIterator) Iterate() iterator.Scanner {
	return &sortRowsScanner{scanner: s.Shape.Iterate(), names: s.names}
}

// sortRowsScanner reads and sorts all rows at its first step.
type sortRowsScanner struct {
	scanner iterator.Scanner
	names   refs.Namer
	begun   bool
	firstRow
	err error
}

func (s *sortRowsScanner) Next(ctx context.Context) bool {
	switch {
	case !s.begun:
		s.begun = true
		s.err = s.sort(ctx)
	case len(s.rows) > 0:
		s.rows = s.rows[1:]
	}
	return s.err == nil && len(s.rows) > 0
}

func (s *sortRowsScanner) sort(ctx context.Context) (err error) {
	if s.rows, err = collectRows(ctx, s.scanner); err != nil {
		return err
	}
	for i := range s.rows {
		value, err := s.names.NameOf(s.rows[i].ref)
		if err == nil && value != nil {
			s.rows[i].term, err = rdf.AppendTerm(nil, value)
		}
		if err != nil {
			return err
		}
	}
	slices.SortStableFunc(s.rows, func(a, b row) int { return bytes.Compare(a.term, b.term) })
	return nil
}

func (s *sortRowsScanner) NextPath(context.Context) bool { return false }
func (s *sortRowsScanner) Err() error                    { return s.err }
func (s *sortRowsScanner) Close() error                  { return s.scanner.Close() }
func (s *sortRowsScanner) String() string                { return "Sort" }
