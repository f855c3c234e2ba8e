package cayley

import (
	"context"
	"errors"
	"sync"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/cayley/query/shape"
	"github.com/cayleygraph/quad"
)

var (
	_ cgraph.QuadStore = (*QuadStore)(nil)
	_ refs.BatchNamer  = (*QuadStore)(nil)
	_ shape.Optimizer  = (*QuadStore)(nil)
)

// ErrReadOnly is returned for a write to a [QuadStore] made by [New].
var ErrReadOnly = errors.New("quad store is read-only")

// QuadStore implements Cayley's graph.QuadStore over a [Reader]. Its methods may
// be called from several goroutines. A type that embeds a *QuadStore keeps its
// optimised queries.
type QuadStore struct {
	open   func() (Reader, func() error, error)
	live   bool                                            // each call of open returns the newest state
	update func(context.Context, func(Writer) error) error // nil for a read-only store
	scans  sync.Pool                                       // unused scans, see keepScan; none if live
}

// New returns a read-only quad store over one state of a graph.
func New(r Reader) *QuadStore {
	done := func() error { return nil }
	return &QuadStore{open: func() (Reader, func() error, error) { return r, done, nil }}
}

// Live returns a quad store over the newest state of an engine. The function
// open returns a reader of the newest state; update runs a write transaction.
// Each call of a method, and each iterator when it starts, opens a state of its
// own; a query that must read one state throughout needs [New].
func Live[R ReadCloser, W Writer](open func() (R, error), update func(context.Context, func(W) error) error) *QuadStore {
	return &QuadStore{
		live: true,
		open: func() (Reader, func() error, error) {
			r, err := open()
			if err != nil {
				return nil, nil, err
			}
			return r, r.Close, nil
		},
		update: func(ctx context.Context, fn func(Writer) error) error {
			return update(ctx, func(w W) error { return fn(w) })
		},
	}
}

// quadStoreHolder is implemented by QuadStore and by types that embed one.
type quadStoreHolder interface{ quadStore() *QuadStore }

func (s *QuadStore) quadStore() *QuadStore { return s }

// read calls fn with a reader and closes the reader afterwards.
func (s *QuadStore) read(fn func(Reader) error) error {
	r, done, err := s.open()
	if err != nil {
		return err
	}
	defer done()
	return fn(r)
}

// idOf returns the id of the term that a ref refers to, 0 for no term.
func (s *QuadStore) idOf(ref cgraph.Ref) (id uint64, err error) {
	if node, ok := ref.(nodeRef); ok {
		return uint64(node), nil
	}
	err = s.read(func(r Reader) (err error) { id, err = idOfRef(r, ref); return err })
	return id, err
}

// patternOf returns a pattern with one fixed part: the node of a ref, in a
// direction. ok is false when no quad can match.
func (s *QuadStore) patternOf(d quad.Direction, ref cgraph.Ref) (p pattern, ok bool, err error) {
	id, err := s.idOf(ref)
	if err != nil || id == 0 || placeOf(d) < 0 {
		return p, false, err
	}
	p[placeOf(d)] = id
	return p, true, nil
}

// QuadIterator iterates over the quads that have a node in a direction.
func (s *QuadStore) QuadIterator(d quad.Direction, ref cgraph.Ref) iterator.Shape {
	p, ok, err := s.patternOf(d, ref)
	switch {
	case err != nil:
		return iterator.NewError(err)
	case !ok:
		return iterator.NewNull()
	}
	return &quadsIterator{qs: s, want: p}
}

// QuadIteratorSize returns the exact number of quads that have a node in a
// direction.
func (s *QuadStore) QuadIteratorSize(ctx context.Context, d quad.Direction, ref cgraph.Ref) (refs.Size, error) {
	p, ok, err := s.patternOf(d, ref)
	if err != nil || !ok {
		return refs.Size{Exact: err == nil}, err
	}
	n, _, err := s.countMatches(ctx, p)
	return refs.Size{Value: n, Exact: err == nil}, err
}

// Stats returns the exact numbers of terms and quads.
func (s *QuadStore) Stats(context.Context, bool) (st cgraph.Stats, err error) {
	err = s.read(func(r Reader) (err error) {
		st.Nodes.Value, st.Quads.Value, err = r.Sizes()
		st.Nodes.Exact, st.Quads.Exact = true, true
		return err
	})
	return st, err
}

// NodesAllIterator iterates over all terms.
func (s *QuadStore) NodesAllIterator() iterator.Shape { return &nodesIterator{qs: s} }

// QuadsAllIterator iterates over all quads.
func (s *QuadStore) QuadsAllIterator() iterator.Shape { return &quadsIterator{qs: s} }

// OptimizeShape rewrites a part of a query into scans of one index or of the
// dictionary of terms, and replaces shapes of Cayley that lose rows.
func (s *QuadStore) OptimizeShape(ctx context.Context, sh shape.Shape) (shape.Shape, bool) {
	return optimize(ctx, s, sh)
}

// Close does nothing: the owner of the reader closes it.
func (s *QuadStore) Close() error { return nil }
