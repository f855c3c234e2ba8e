package store

import (
	"context"
	"errors"
	"hash/fnv"
	"iter"
	"sync"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// Pattern selects quads. A nil part matches anything; a nil Label also matches
// quads without a label.
type Pattern struct {
	Subject, Predicate, Object, Label quad.Value
}

// Snapshot is the state of a store at one moment, read-only. It is a Reader of
// graph/cayley. All methods may be called from several goroutines; after the
// Snapshot or its Store is closed, they return ErrClosed.
type Snapshot struct {
	store  *Store
	shared *shared
	handle *handle
	reader *quadfile.Reader

	digest struct {
		sync.Mutex
		hex string
	}
}

// shared is a read transaction for all snapshots of one state. When its last
// snapshot is closed, it stays open until the next write, so that another
// snapshot is cheap.
type shared struct {
	handle *handle
	reader *quadfile.Reader
	users  int  // snapshots; guarded by Store.mu
	stale  bool // there may be a newer state; guarded by Store.mu
}

// Close releases the pages that only this state of the store uses. Closing twice
// is not an error.
func (s *Snapshot) Close() error {
	s.store.mu.Lock()
	delete(s.store.live, s)
	s.store.mu.Unlock()
	_, err := s.reader.Close()
	return err
}

// Generation returns a number that grows with each committed change of the store.
func (s *Snapshot) Generation() uint64 { return s.reader.Record.Generation }

// Mark returns a hash that distinguishes this state of the store from other
// states and from other stores.
func (s *Snapshot) Mark() uint64 {
	sum := fnv.New64a()
	sum.Write(s.reader.Record.Encode())
	return sum.Sum64()
}

// errStopped means that the body of the caller's loop has left the loop.
var errStopped = errors.New("stopped")

// Match yields the quads that match a pattern, in the order of the index used.
// That order is the same each time, but it is not the order of the terms. An
// error is the last pair; when ctx ends, the error is context.Cause(ctx).
func (s *Snapshot) Match(ctx context.Context, p Pattern) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		scan, err := s.scanPattern(p)
		if err == nil && scan != nil {
			err = s.emit(ctx, scan, yield)
		}
		if err != nil && err != errStopped {
			yield(quad.Quad{}, err)
		}
	}
}

// Count counts the quads that match a pattern.
func (s *Snapshot) Count(ctx context.Context, p Pattern) (int64, error) {
	ids, ok, err := s.pattern(p)
	if err != nil || !ok {
		return 0, err
	}
	return s.reader.Count(ctx, ids)
}

// Has reports whether the quad is stored. A nil label means a quad without a
// label.
func (s *Snapshot) Has(q quad.Quad) (bool, error) {
	t, ok, err := s.tuple(q)
	if err != nil || !ok {
		return false, err
	}
	return s.reader.Has(t)
}

// Labels yields the distinct labels, in the order in which they were first
// stored. An error is the last pair.
func (s *Snapshot) Labels(ctx context.Context) iter.Seq2[quad.Value, error] {
	return func(yield func(quad.Value, error) bool) {
		for id := uint64(1); ; id++ {
			var err error
			if err = cause(ctx); err == nil {
				id, err = s.reader.LabelFrom(id) // skips to the next label in the index
			}
			var value quad.Value
			if err == nil && id != 0 {
				value, err = s.reader.Value(id)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if id == 0 || !yield(value, nil) {
				return
			}
		}
	}
}

// pattern looks up the ids of a pattern; ok is false if a term is not stored.
func (s *Snapshot) pattern(p Pattern) (ids quadfile.TuplePattern, ok bool, err error) {
	for i, value := range [...]quad.Value{p.Subject, p.Predicate, p.Object, p.Label} {
		if value == nil {
			continue
		}
		if ids[i], err = s.reader.IDOf(value); err != nil || ids[i] == 0 {
			return ids, false, err
		}
	}
	return ids, true, nil
}

// scanPattern starts a scan of the quads that match a pattern; the scan is nil if
// no quad can match.
func (s *Snapshot) scanPattern(p Pattern) (*quadfile.Scan, error) {
	ids, ok, err := s.pattern(p)
	if err == nil && !ok {
		// returns an error if the snapshot is closed
		return nil, s.reader.Read(func() error { return nil })
	}
	if err != nil {
		return nil, err
	}
	scan, err := s.reader.Scan(ids)
	return &scan, err
}

// tuple looks up the ids of a quad; ok is false if a term is not stored.
func (s *Snapshot) tuple(q quad.Quad) (quadfile.Tuple, bool, error) {
	if rdf.CheckQuad(q) != nil {
		return quadfile.Tuple{}, false, nil
	}
	ids, ok, err := s.pattern(Pattern(q))
	return quadfile.Tuple(ids), ok, err
}

// emit yields the quads of a scan. It returns errStopped when yield returns
// false.
func (s *Snapshot) emit(ctx context.Context, scan *quadfile.Scan, yield func(quad.Quad, error) bool) error {
	var b quadfile.QuadBatch
	for size := 1; ; size = min(8*size, quadfile.MaxBatch) { // many loops only need the first quad
		if err := cause(ctx); err != nil {
			return err
		}
		tuples, err := scan.NextBatch(size)
		if err != nil || len(tuples) == 0 {
			return err
		}
		quads, err := b.Fill(s.reader, tuples)
		if err != nil {
			return err
		}
		for _, q := range quads {
			if err := cause(ctx); err != nil {
				return err
			}
			if !yield(q, nil) {
				return errStopped
			}
		}
	}
}
