package quadfile

import (
	"iter"
	"math/bits"
)

// IDSet is a set of ids below a bound, in pieces that are allocated when needed. A
// nil IDSet contains all ids.
type IDSet [][]uint64

const idPiece = 20 // bits of an id within a piece

// NewIDSet returns an empty set for ids up to bound.
func NewIDSet(bound uint64) IDSet { return make(IDSet, bound>>idPiece+1) }

// Put adds an id.
func (s IDSet) Put(id uint64) {
	piece := s[id>>idPiece]
	if piece == nil {
		piece = make([]uint64, 1<<idPiece/64)
		s[id>>idPiece] = piece
	}
	piece[id%(1<<idPiece)/64] |= 1 << (id % 64)
}

// Has reports whether the set contains an id.
func (s IDSet) Has(id uint64) bool {
	if s == nil {
		return true
	}
	piece := s[id>>idPiece]
	return piece != nil && piece[id%(1<<idPiece)/64]&(1<<(id%64)) != 0
}

// Fits reports whether the set may contain an id.
func (s IDSet) Fits(id uint64) bool { return id>>idPiece < uint64(len(s)) }

// All yields the ids in ascending order.
func (s IDSet) All() iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for i, piece := range s {
			for k, word := range piece {
				for ; word != 0; word &= word - 1 {
					if !yield(uint64(i<<idPiece + k*64 + bits.TrailingZeros64(word))) {
						return
					}
				}
			}
		}
	}
}

// Add adds the ids of another set, which must not be used any more.
func (s IDSet) Add(other IDSet) {
	for i, piece := range other {
		if s[i] == nil {
			s[i] = piece
			continue
		}
		for k, word := range piece {
			s[i][k] |= word
		}
	}
}

// Count returns the number of ids in the set.
func (s IDSet) Count() (n int64) {
	for _, piece := range s {
		for _, word := range piece {
			n += int64(bits.OnesCount64(word))
		}
	}
	return n
}

// Without returns the ids that are not in another set of the same bound.
func (s IDSet) Without(other IDSet) IDSet {
	left := make(IDSet, len(s))
	for i, piece := range s {
		if other[i] == nil || piece == nil {
			left[i] = piece
			continue
		}
		left[i] = make([]uint64, len(piece))
		for k, word := range piece {
			left[i][k] = word &^ other[i][k]
		}
	}
	return left
}

// First returns the lowest id, 0 if the set is empty.
func (s IDSet) First() uint64 {
	for i, piece := range s {
		for k, word := range piece {
			if word != 0 {
				return uint64(i<<idPiece + k*64 + bits.TrailingZeros64(word))
			}
		}
	}
	return 0
}

// IDValues is a number for each id below a bound, in pieces that are allocated when
// needed.
type IDValues [][]uint64

const valuePiece = 14 // bits of an id within a piece

// NewIDValues returns zeros for ids up to bound.
func NewIDValues(bound uint64) IDValues { return make(IDValues, bound>>valuePiece+1) }

// At returns the number of an id.
func (v IDValues) At(id uint64) uint64 {
	piece := v[id>>valuePiece]
	if piece == nil {
		return 0
	}
	return piece[id%(1<<valuePiece)]
}

// Place returns where the number of an id is.
func (v IDValues) Place(id uint64) *uint64 {
	piece := v[id>>valuePiece]
	if piece == nil {
		piece = make([]uint64, 1<<valuePiece)
		v[id>>valuePiece] = piece
	}
	return &piece[id%(1<<valuePiece)]
}
