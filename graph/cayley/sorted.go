package cayley

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/cayley/query/shape"

	"github.com/entente-kg/entente/graph/internal/rdf"
)

// sorted is Cayley's Sort with all rows, each with its own columns: Cayley's
// loses some and gives others to the wrong node. Nodes come in the order of
// their terms in the dictionary, so numbers by value.
type sorted struct{ From shape.Shape }

// BuildIterator builds that of the nodes.
func (s sorted) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	return &sortedShape{atMostIterator{s.From.BuildIterator(qs)}, qs}
}

// Optimize leaves the shape as it is.
func (s sorted) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return s, false }

type sortedShape struct {
	iterator.Shape
	names refs.Namer
}

func (s *sortedShape) Optimize(ctx context.Context) (iterator.Shape, bool) {
	it, changed := s.Shape.Optimize(ctx)
	return &sortedShape{it, s.names}, changed
}

func (s *sortedShape) String() string { return "Sort" }

func (s *sortedShape) Iterate() iterator.Scanner {
	return &sortedScanner{from: s.Shape.Iterate(), names: s.names}
}

// row is a result with its columns.
type row struct {
	ref  cgraph.Ref
	tags map[string]cgraph.Ref
	term []byte // to sort by
}

// firstRow is the first of some rows as a result.
type firstRow struct{ rows []row }

func (f firstRow) Result() cgraph.Ref {
	if len(f.rows) == 0 {
		return nil
	}
	return f.rows[0].ref
}

func (f firstRow) TagResults(dst map[string]cgraph.Ref) {
	if len(f.rows) > 0 {
		maps.Copy(dst, f.rows[0].tags)
	}
}

// rows takes all that an iterator gives.
func rows(ctx context.Context, it iterator.Scanner) (all []row, err error) {
	for it.Next(ctx) {
		for more := true; more; more = it.NextPath(ctx) {
			tags := make(map[string]cgraph.Ref)
			it.TagResults(tags)
			all = append(all, row{ref: it.Result(), tags: tags})
		}
	}
	return all, cmp.Or(it.Err(), context.Cause(ctx))
}

type sortedScanner struct {
	from  iterator.Scanner
	names refs.Namer
	begun bool
	firstRow
	err error
}

func (s *sortedScanner) Next(ctx context.Context) bool {
	switch {
	case !s.begun:
		s.begun = true
		s.err = s.sort(ctx)
	case len(s.rows) > 0:
		s.rows = s.rows[1:]
	}
	return s.err == nil && len(s.rows) > 0
}

func (s *sortedScanner) sort(ctx context.Context) (err error) {
	if s.rows, err = rows(ctx, s.from); err != nil {
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

func (s *sortedScanner) NextPath(context.Context) bool { return false }
func (s *sortedScanner) Err() error                    { return s.err }
func (s *sortedScanner) Close() error                  { return s.from.Close() }
func (s *sortedScanner) String() string                { return "Sort" }
