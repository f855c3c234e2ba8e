package store

import (
	"context"
	"hash/maphash"
	"math/bits"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// IDValues is a number for each id of a snapshot.
type IDValues = quadfile.IDValues

// NewIDValues returns zeros for all ids of a snapshot.
func NewIDValues(s *Snapshot) IDValues { return quadfile.NewIDValues(s.reader.Record.NextID) }

// QuadHasher computes hashes of quads, with a random seed. The hash of a quad is the
// same by its values as by its ids, see Terms, so that quads can be compared with
// stored ones without looking up their terms.
type QuadHasher struct{ seed maphash.Seed }

// NewQuadHasher returns a hasher, which several goroutines may use.
func NewQuadHasher() *QuadHasher { return &QuadHasher{maphash.MakeSeed()} }

// Of returns the hash of a quad.
func (h *QuadHasher) Of(q quad.Quad) (hash uint64) {
	var scratch [256]byte
	for _, d := range quad.Directions {
		term := uint64(0)
		if value := q.Get(d); value != nil {
			if b, err := rdf.AppendTerm(scratch[:0], value); err == nil {
				term = maphash.Bytes(h.seed, b)
			}
		}
		hash = mix(hash, term)
	}
	return hash
}

// TermHashes has the hash of each term of a snapshot.
type TermHashes struct{ of IDValues }

// Terms reads all terms of a snapshot. It needs eight bytes of memory for each.
func (h *QuadHasher) Terms(ctx context.Context, s *Snapshot) (TermHashes, error) {
	all, terms := TermHashes{NewIDValues(s)}, s.reader.TermLayers().From(ctx, nil)
	for ended := false; !ended; {
		err := s.reader.Read(func() error {
			entries, err := terms.Next()
			for _, e := range entries {
				if e.ID >= s.reader.Record.NextID {
					return ErrDamaged
				}
				*all.of.Place(e.ID) = maphash.Bytes(h.seed, e.Term)
			}
			ended = len(entries) == 0
			return err
		})
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// Of returns the hash of a quad of the snapshot.
func (t TermHashes) Of(q IDs) (hash uint64) {
	for _, id := range q {
		hash = mix(hash, t.of.At(id))
	}
	return hash
}

// mix joins a hash with the hash of one more part.
func mix(hash, part uint64) uint64 {
	high, low := bits.Mul64(hash^0x9e3779b97f4a7c15, part^0xd6e8feb86659fd93)
	return bits.RotateLeft64(hash, 23) ^ high ^ low
}
