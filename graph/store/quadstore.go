package store

import (
	"context"
	"fmt"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/cayley/query/shape"
	"github.com/cayleygraph/quad"
)

var (
	_ graph.QuadStore = (*Snapshot)(nil)
	_ graph.QuadStore = (*Store)(nil)
	_ refs.BatchNamer = (*Snapshot)(nil)
	_ refs.BatchNamer = (*Store)(nil)
	_ shape.Optimizer = (*Snapshot)(nil)
	_ shape.Optimizer = (*Store)(nil)
)

// source gives iterators a snapshot to read. A Snapshot gives itself; a Store
// gives a new one, which done closes. Types that embed a Snapshot are sources
// too.
type source interface {
	acquire() (s *Snapshot, done func() error, err error)
}

func (s *Snapshot) acquire() (*Snapshot, func() error, error) {
	return s, func() error { return nil }, nil
}

func (s *Store) acquire() (*Snapshot, func() error, error) {
	snapshot, err := s.Snapshot()
	if err != nil {
		return nil, nil, err
	}
	return snapshot, snapshot.Close, nil
}

// with runs fn on a snapshot of the source.
func with(src source, fn func(*Snapshot) error) error {
	s, done, err := src.acquire()
	if err != nil {
		return err
	}
	defer done()
	return fn(s)
}

// size counts what a pattern matches, once a snapshot.
func (s *Snapshot) size(ctx context.Context, p pattern) (int64, error) {
	if n, ok := s.view.recall.sizes.get(p); ok {
		return n, nil
	}
	n, err := s.view.countIDs(ctx, p)
	if err == nil {
		s.view.recall.sizes.put(p, n)
	}
	return n, err
}

// QuadIterator lists the quads that have a node in a direction.
func (s *Snapshot) QuadIterator(d quad.Direction, ref graph.Ref) iterator.Shape {
	return quadIterator(s, d, ref)
}

func quadIterator(src source, d quad.Direction, ref graph.Ref) iterator.Shape {
	var id uint64
	err := with(src, func(s *Snapshot) (err error) {
		id, err = s.view.idOfRef(ref)
		return err
	})
	switch {
	case err != nil:
		return iterator.NewError(err)
	case id == 0 || part(d) < 0:
		return iterator.NewNull()
	}
	var p pattern
	p[part(d)] = id
	return &quadsShape{src: src, want: p}
}

// QuadIteratorSize counts the quads that have a node in a direction.
func (s *Snapshot) QuadIteratorSize(ctx context.Context, d quad.Direction, ref graph.Ref) (refs.Size, error) {
	id, err := s.view.idOfRef(ref)
	if err != nil || id == 0 || part(d) < 0 {
		return refs.Size{Exact: err == nil}, err
	}
	var p pattern
	p[part(d)] = id
	n, err := s.size(ctx, p)
	return refs.Size{Value: n, Exact: err == nil}, err
}

// Stats counts terms and quads. The numbers are always exact.
func (s *Snapshot) Stats(context.Context, bool) (graph.Stats, error) {
	st := s.view.state
	return graph.Stats{
		Nodes: refs.Size{Value: st.Terms, Exact: true},
		Quads: refs.Size{Value: st.Quads, Exact: true},
	}, s.view.read(func() error { return nil })
}

// NodesAllIterator lists all terms.
func (s *Snapshot) NodesAllIterator() iterator.Shape { return &nodesShape{src: s} }

// QuadsAllIterator lists all quads.
func (s *Snapshot) QuadsAllIterator() iterator.Shape { return &quadsShape{src: s} }

// ApplyDeltas returns ErrReadOnly.
func (s *Snapshot) ApplyDeltas([]graph.Delta, graph.IgnoreOpts) error { return ErrReadOnly }

// NewQuadWriter returns ErrReadOnly.
func (s *Snapshot) NewQuadWriter() (quad.WriteCloser, error) { return nil, ErrReadOnly }

// OptimizeShape rewrites parts of a query into scans of one index or of the
// dictionary.
func (s *Snapshot) OptimizeShape(ctx context.Context, sh shape.Shape) (shape.Shape, bool) {
	return optimize(ctx, s, sh)
}

// The methods of Store do as those of Snapshot, on the newest state.

// ValueOf is Snapshot.ValueOf on the newest state.
func (s *Store) ValueOf(value quad.Value) (ref graph.Ref, err error) {
	err = with(s, func(s *Snapshot) (err error) { ref, err = s.ValueOf(value); return err })
	return ref, err
}

// NameOf is Snapshot.NameOf on the newest state.
func (s *Store) NameOf(ref graph.Ref) (value quad.Value, err error) {
	err = with(s, func(s *Snapshot) (err error) { value, err = s.NameOf(ref); return err })
	return value, err
}

// RefsOf is Snapshot.RefsOf on the newest state.
func (s *Store) RefsOf(ctx context.Context, values []quad.Value) (out []graph.Ref, err error) {
	err = with(s, func(s *Snapshot) (err error) { out, err = s.RefsOf(ctx, values); return err })
	return out, err
}

// ValuesOf is Snapshot.ValuesOf on the newest state.
func (s *Store) ValuesOf(ctx context.Context, in []graph.Ref) (out []quad.Value, err error) {
	err = with(s, func(s *Snapshot) (err error) { out, err = s.ValuesOf(ctx, in); return err })
	return out, err
}

// Quad is Snapshot.Quad on the newest state.
func (s *Store) Quad(ref graph.Ref) (q quad.Quad, err error) {
	err = with(s, func(s *Snapshot) (err error) { q, err = s.Quad(ref); return err })
	return q, err
}

// QuadDirection returns the ref of a part of a quad, nil for no label.
func (s *Store) QuadDirection(ref graph.Ref, d quad.Direction) (graph.Ref, error) {
	return partOf(ref, d), nil
}

// QuadIterator lists the quads that have a node in a direction.
func (s *Store) QuadIterator(d quad.Direction, ref graph.Ref) iterator.Shape {
	return quadIterator(s, d, ref)
}

// QuadIteratorSize is Snapshot.QuadIteratorSize on the newest state.
func (s *Store) QuadIteratorSize(ctx context.Context, d quad.Direction, ref graph.Ref) (size refs.Size, err error) {
	err = with(s, func(s *Snapshot) (err error) { size, err = s.QuadIteratorSize(ctx, d, ref); return err })
	return size, err
}

// Stats counts terms and quads of the newest state, exactly.
func (s *Store) Stats(ctx context.Context, exact bool) (st graph.Stats, err error) {
	err = with(s, func(s *Snapshot) (err error) { st, err = s.Stats(ctx, exact); return err })
	return st, err
}

// NodesAllIterator lists all terms.
func (s *Store) NodesAllIterator() iterator.Shape { return &nodesShape{src: s} }

// QuadsAllIterator lists all quads.
func (s *Store) QuadsAllIterator() iterator.Shape { return &quadsShape{src: s} }

// OptimizeShape is Snapshot.OptimizeShape for the newest state.
func (s *Store) OptimizeShape(ctx context.Context, sh shape.Shape) (shape.Shape, bool) {
	return optimize(ctx, s, sh)
}

// ApplyDeltas makes all changes in one transaction, in their order: the same
// quad may be added and removed. The first one that the options do not let
// pass is a *graph.DeltaError, and nothing is changed.
func (s *Store) ApplyDeltas(in []graph.Delta, opts graph.IgnoreOpts) error {
	return s.Update(context.Background(), func(tx *Tx) error {
		for _, d := range in {
			if err := tx.apply(d, opts); err != nil {
				return err
			}
		}
		return nil
	})
}

func (tx *Tx) apply(d graph.Delta, opts graph.IgnoreOpts) error {
	var changed bool
	var err, refused error
	switch d.Action {
	case graph.Add:
		changed, err = tx.Add(d.Quad)
		changed = changed || opts.IgnoreDup
		refused = graph.ErrQuadExists
	case graph.Delete:
		changed, err = tx.Remove(d.Quad)
		changed = changed || opts.IgnoreMissing
		refused = graph.ErrQuadNotExist
	default:
		refused = graph.ErrInvalidAction
	}
	if err == nil && !changed {
		return &graph.DeltaError{Delta: d, Err: refused}
	}
	return err
}

// NewQuadWriter returns a writer that adds quads, in transactions of up to
// writerBatch quads and a last one when it is closed. Quads that are there
// already are passed over.
func (s *Store) NewQuadWriter() (quad.WriteCloser, error) {
	if s.opts.ReadOnly {
		return nil, ErrReadOnly
	}
	return &quadWriter{store: s}, nil
}

const writerBatch = 1 << 16

type quadWriter struct {
	store *Store
	batch []quad.Quad
}

// WriteQuad adds one quad.
func (w *quadWriter) WriteQuad(q quad.Quad) error {
	_, err := w.WriteQuads([]quad.Quad{q})
	return err
}

// WriteQuads adds quads. An error may also be of quads written before, which
// were kept for one transaction.
func (w *quadWriter) WriteQuads(quads []quad.Quad) (int, error) {
	for i, q := range quads {
		if err := checkQuad(q); err != nil {
			return 0, fmt.Errorf("quad %d: %w", i, err)
		}
	}
	w.batch = append(w.batch, quads...)
	if len(w.batch) < writerBatch {
		return len(quads), nil
	}
	if err := w.flush(); err != nil {
		return 0, err
	}
	return len(quads), nil
}

// Close writes what is left.
func (w *quadWriter) Close() error { return w.flush() }

func (w *quadWriter) flush() error {
	batch := w.batch
	w.batch = nil
	if len(batch) == 0 {
		return nil
	}
	return w.store.Update(context.Background(), func(tx *Tx) error {
		_, err := tx.AddAll(batch)
		return err
	})
}
