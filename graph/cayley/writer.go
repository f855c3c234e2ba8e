package cayley

import (
	"context"
	"fmt"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/rdf"
)

// ApplyDeltas makes all changes in one transaction, in their order; the same
// quad may be added and removed. The first change that the options do not allow
// is returned as a *graph.DeltaError of Cayley, and nothing is changed.
func (s *QuadStore) ApplyDeltas(in []cgraph.Delta, opts cgraph.IgnoreOpts) error {
	if s.update == nil {
		return ErrReadOnly
	}
	return s.update(context.Background(), func(w Writer) error {
		for _, d := range in {
			if err := applyDelta(w, d, opts); err != nil {
				return err
			}
		}
		return nil
	})
}

// applyDelta makes one change in a transaction.
func applyDelta(w Writer, d cgraph.Delta, opts cgraph.IgnoreOpts) error {
	var changed bool
	var err, refused error
	switch d.Action {
	case cgraph.Add:
		changed, err = w.Add(d.Quad)
		changed = changed || opts.IgnoreDup
		refused = cgraph.ErrQuadExists
	case cgraph.Delete:
		changed, err = w.Remove(d.Quad)
		changed = changed || opts.IgnoreMissing
		refused = cgraph.ErrQuadNotExist
	default:
		refused = cgraph.ErrInvalidAction
	}
	if err == nil && !changed {
		return &cgraph.DeltaError{Delta: d, Err: refused}
	}
	return err
}

// NewQuadWriter returns a writer that adds quads, in transactions of up to
// writerBatch quads and a last one on Close. Quads that are stored already are
// skipped.
func (s *QuadStore) NewQuadWriter() (quad.WriteCloser, error) {
	if s.update == nil {
		return nil, ErrReadOnly
	}
	// an empty transaction finds out whether writing is allowed
	if err := s.update(context.Background(), func(Writer) error { return nil }); err != nil {
		return nil, err
	}
	return &quadWriter{qs: s}, nil
}

// writerBatch is the number of quads that a quadWriter collects for one
// transaction.
const writerBatch = 1 << 16

type quadWriter struct {
	qs    *QuadStore
	batch []quad.Quad
}

// WriteQuad adds one quad.
func (w *quadWriter) WriteQuad(q quad.Quad) error {
	_, err := w.WriteQuads([]quad.Quad{q})
	return err
}

// WriteQuads adds quads. The error may concern quads of an earlier call, which
// were waiting for their transaction.
func (w *quadWriter) WriteQuads(quads []quad.Quad) (int, error) {
	for i, q := range quads {
		if err := rdf.CheckQuad(q); err != nil {
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

// Close adds the quads that still wait for a transaction.
func (w *quadWriter) Close() error { return w.flush() }

func (w *quadWriter) flush() error {
	batch := w.batch
	w.batch = nil
	if len(batch) == 0 {
		return nil
	}
	return w.qs.update(context.Background(), func(w Writer) error {
		_, err := w.AddAll(batch)
		return err
	})
}
