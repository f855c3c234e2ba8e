package graph

import (
	"context"
	"iter"
	"math/bits"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
)

// quadSet is a set of quads in memory, with indexes of subjects and objects. Match
// yields quads in the order in which each was first added.
type quadSet struct {
	present map[quad.Quad]bool // false for a removed quad, which is still in the lists
	all     []quad.Quad
	indexed int // how many of all quads are in the indexes

	bySubject, byObject, byLabel quadIndex
}

// quadIndex is the positions of quads in a list, by one of their terms.
type quadIndex map[quad.Value][]int32

func newQuadSet() *quadSet {
	return &quadSet{present: map[quad.Quad]bool{}, bySubject: quadIndex{}, byObject: quadIndex{}, byLabel: quadIndex{}}
}

func (s *quadSet) add(quads ...quad.Quad) {
	for _, q := range quads {
		if _, listed := s.present[q]; !listed {
			s.all = append(s.all, q)
		}
		s.present[q] = true
	}
}

// index adds the quads to the indexes that were added since the last call.
func (s *quadSet) index() {
	for ; s.indexed < len(s.all); s.indexed++ {
		q, at := &s.all[s.indexed], int32(s.indexed)
		s.bySubject[q.Subject] = append(s.bySubject[q.Subject], at)
		s.byObject[q.Object] = append(s.byObject[q.Object], at)
		s.byLabel[q.Label] = append(s.byLabel[q.Label], at)
	}
}

func (s *quadSet) remove(quads ...quad.Quad) {
	for _, q := range quads {
		if s.present[q] {
			s.present[q] = false
		}
	}
}

// Match yields the quads that match a pattern. A loop does not see quads that are
// added while it runs.
func (s *quadSet) Match(ctx context.Context, p store.Pattern) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		for _, q := range s.candidates(p) {
			if !matches(p, q) || !s.present[q] {
				continue
			}
			if err := context.Cause(ctx); err != nil {
				yield(quad.Quad{}, err)
				return
			}
			if !yield(q, nil) {
				return
			}
		}
	}
}

// Count counts the quads that match a pattern.
func (s *quadSet) Count(_ context.Context, p store.Pattern) (n int64, err error) {
	for _, q := range s.candidates(p) {
		if matches(p, q) && s.present[q] {
			n++
		}
	}
	return n, nil
}

// candidates yields the positions and the quads of the shortest list that has all quads
// of a pattern.
func (s *quadSet) candidates(p store.Pattern) iter.Seq2[int, quad.Quad] {
	s.index()
	least, at := len(s.all), []int32(nil)
	for _, term := range []struct {
		value quad.Value
		index quadIndex
	}{{p.Subject, s.bySubject}, {p.Object, s.byObject}, {p.Label, s.byLabel}} {
		if term.value == nil {
			continue
		}
		if found := term.index[term.value]; len(found) < least {
			least, at = len(found), found
		}
	}
	if least == len(s.all) {
		return slices.All(s.all)
	}
	return func(yield func(int, quad.Quad) bool) {
		for i, k := range at {
			if !yield(i, s.all[k]) {
				return
			}
		}
	}
}

func matches(p store.Pattern, q quad.Quad) bool {
	return (p.Subject == nil || p.Subject == q.Subject) && (p.Predicate == nil || p.Predicate == q.Predicate) &&
		(p.Object == nil || p.Object == q.Object) && (p.Label == nil || p.Label == q.Label)
}

// idSet is a set of ids of terms in a store: a bitmap in pages, since the ids of a
// store are dense. The zero value is empty.
type idSet struct {
	pages []*idPage
	count int
}

// idPage has a bit for each of 4,096 neighbouring ids.
type idPage [64]uint64

const idsPerPage = 64 * 64

// add adds an id, and reports whether the set did not contain it.
func (s *idSet) add(id uint64) bool {
	n := int(id / idsPerPage)
	for n >= len(s.pages) {
		s.pages = append(s.pages, nil)
	}
	if s.pages[n] == nil {
		s.pages[n] = new(idPage)
	}
	word, bit := &s.pages[n][id%idsPerPage/64], uint64(1)<<(id%64)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	s.count++
	return true
}

func (s *idSet) has(id uint64) bool {
	page := s.page(int(id / idsPerPage))
	return page != nil && page[id%idsPerPage/64]&(1<<(id%64)) != 0
}

// page returns a page, or nil if it has no ids.
func (s *idSet) page(n int) *idPage {
	if n >= len(s.pages) {
		return nil
	}
	return s.pages[n]
}

// keep removes the ids that another set does not contain.
func (s *idSet) keep(other *idSet) {
	s.combine(other, func(word, theirs uint64) uint64 { return word & theirs })
}

// drop removes the ids that another set contains.
func (s *idSet) drop(other *idSet) {
	s.combine(other, func(word, theirs uint64) uint64 { return word &^ theirs })
}

// join adds the ids of another set.
func (s *idSet) join(other *idSet) {
	for n, page := range other.pages {
		for n >= len(s.pages) {
			s.pages = append(s.pages, nil)
		}
		if page != nil && s.pages[n] == nil {
			s.pages[n] = new(idPage)
		}
	}
	s.combine(other, func(word, theirs uint64) uint64 { return word | theirs })
}

// combine replaces each word of the bitmap by a function of it and of the same word of
// another set.
func (s *idSet) combine(other *idSet, fn func(word, theirs uint64) uint64) {
	none := new(idPage)
	s.count = 0
	for n, page := range s.pages {
		if page == nil {
			continue
		}
		theirs := other.page(n)
		if theirs == nil {
			theirs = none
		}
		for i, word := range page {
			page[i] = fn(word, theirs[i])
			s.count += bits.OnesCount64(page[i])
		}
	}
}

// all yields the ids in ascending order.
func (s *idSet) all() iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for n, page := range s.pages {
			if page == nil {
				continue
			}
			for i, word := range page {
				for ; word != 0; word &= word - 1 {
					if !yield(uint64(n*idsPerPage + i*64 + bits.TrailingZeros64(word))) {
						return
					}
				}
			}
		}
	}
}
