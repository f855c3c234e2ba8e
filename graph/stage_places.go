package graph

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// termSet is a set of ids of terms in a store, one bit for each id up to the greatest.
type termSet []uint64

func (s *termSet) add(id uint64) {
	if missing := int(id/64) + 1 - len(*s); missing > 0 {
		*s = append(*s, make([]uint64, missing)...)
	}
	(*s)[id/64] |= 1 << (id % 64)
}

func (s termSet) has(id uint64) bool { return id/64 < uint64(len(s)) && s[id/64]&(1<<(id%64)) != 0 }

// without returns the ids that another set lacks, sorted.
func (s termSet) without(other termSet) (ids []uint64) {
	for i, word := range s {
		if i < len(other) {
			word &^= other[i]
		}
		for ; word != 0; word &= word - 1 {
			ids = append(ids, uint64(i*64+bits.TrailingZeros64(word)))
		}
	}
	return ids
}

// recordPlaces are the ids of staged records, as terms of the staged store, and the
// position of the first record of each id.
type recordPlaces struct {
	declared termSet
	places   []recordPlace
	files    []string
	sorted   bool
}

// recordPlace is the position of a record in memory without pointers.
type recordPlace struct {
	term            uint64
	file, line, col uint32
}

func (p *recordPlaces) add(term uint64, pos schema.Position) {
	p.declared.add(term)
	last := len(p.files) - 1
	if last < 0 || p.files[last] != pos.File {
		p.files, last = append(p.files, pos.File), last+1
	}
	p.places = append(p.places, recordPlace{term: term, file: uint32(last), line: uint32(pos.Line), col: uint32(pos.Col)})
	p.sorted = false
}

// of returns the position of a record; ok is false if there is none of this id.
func (p *recordPlaces) of(term uint64) (pos schema.Position, ok bool) {
	if !p.declared.has(term) {
		return pos, false
	}
	if !p.sorted {
		slices.SortFunc(p.places, func(a, b recordPlace) int { return cmp.Compare(a.term, b.term) })
		p.sorted = true
	}
	i, _ := slices.BinarySearchFunc(p.places, term, func(at recordPlace, term uint64) int { return cmp.Compare(at.term, term) })
	at := p.places[i]
	return schema.Position{File: p.files[at.file], Line: int(at.line), Col: int(at.col)}, true
}
