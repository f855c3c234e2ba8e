package store

import "math/bits"

// count is how many ids are in the set.
func (s idSet) count() (n int64) {
	for _, piece := range s {
		for _, word := range piece {
			n += int64(bits.OnesCount64(word))
		}
	}
	return n
}

// without is the ids that are not in another set of the same bound.
func (s idSet) without(other idSet) idSet {
	left := make(idSet, len(s))
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

// first is the lowest id, 0 when there is none.
func (s idSet) first() uint64 {
	for i, piece := range s {
		for k, word := range piece {
			if word != 0 {
				return uint64(i<<idPiece + k*64 + bits.TrailingZeros64(word))
			}
		}
	}
	return 0
}
