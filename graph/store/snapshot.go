package store

import (
	"context"
	"hash/fnv"
	"iter"
	"sync"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// Pattern selects quads. A nil part matches anything; a nil Label also matches
// quads without one.
type Pattern struct {
	Subject, Predicate, Object, Label quad.Value
}

// Snapshot is the store at one moment, read-only. It is a Reader of
// graph/cayley. All methods may be called from several goroutines; once it
// or its Store is closed they return ErrClosed.
type Snapshot struct {
	store  *Store
	handle *handle
	reader *quadfile.Reader

	digest struct {
		sync.Mutex
		hex string
	}
}

// Close lets go of the old pages. Closing twice is not an error.
func (s *Snapshot) Close() error {
	s.store.mu.Lock()
	delete(s.store.live, s)
	s.store.mu.Unlock()
	_, err := s.reader.Close()
	return err
}

// Generation is a number that grows with each committed change of the store.
func (s *Snapshot) Generation() uint64 { return s.reader.Record.Generation }

// Mark is a number that tells a state of a store from other ones, also of other
// stores.
func (s *Snapshot) Mark() uint64 {
	sum := fnv.New64a()
	sum.Write(s.reader.Record.Encode())
	return sum.Sum64()
}

// Match yields the quads that match a pattern, in the order of the index used:
// it is the same each time, but not that of the terms. An error is the last
// pair; when ctx ends it is context.Cause(ctx).
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

// Has reports whether the quad is stored. A nil label stands for a quad
// without one.
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
