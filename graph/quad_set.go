package graph

import (
	"context"
	"iter"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
)

// quadSet is a set of quads in memory, with indexes of subjects and objects. Match
// yields quads in the order in which each was first added.
type quadSet struct {
	present   map[quad.Quad]bool // false for a removed quad, which is still in the lists
	all       []quad.Quad
	bySubject map[quad.Value][]quad.Quad
	byObject  map[quad.Value][]quad.Quad
	byLabel   map[quad.Value][]quad.Quad
}

func newQuadSet() *quadSet {
	return &quadSet{present: map[quad.Quad]bool{}, bySubject: map[quad.Value][]quad.Quad{},
		byObject: map[quad.Value][]quad.Quad{}, byLabel: map[quad.Value][]quad.Quad{}}
}

func (s *quadSet) add(quads ...quad.Quad) {
	for _, q := range quads {
		if _, listed := s.present[q]; !listed {
			s.all = append(s.all, q)
			s.bySubject[q.Subject] = append(s.bySubject[q.Subject], q)
			s.byObject[q.Object] = append(s.byObject[q.Object], q)
			s.byLabel[q.Label] = append(s.byLabel[q.Label], q)
		}
		s.present[q] = true
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
			if !s.present[q] || !matches(p, q) {
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
		if s.present[q] && matches(p, q) {
			n++
		}
	}
	return n, nil
}

// candidates returns the shortest list that has all quads of a pattern.
func (s *quadSet) candidates(p store.Pattern) []quad.Quad {
	list := s.all
	for _, index := range []struct {
		value quad.Value
		quads map[quad.Value][]quad.Quad
	}{{p.Subject, s.bySubject}, {p.Object, s.byObject}, {p.Label, s.byLabel}} {
		if index.value != nil && len(index.quads[index.value]) < len(list) {
			list = index.quads[index.value]
		}
	}
	return list
}

func matches(p store.Pattern, q quad.Quad) bool {
	return (p.Subject == nil || p.Subject == q.Subject) && (p.Predicate == nil || p.Predicate == q.Predicate) &&
		(p.Object == nil || p.Object == q.Object) && (p.Label == nil || p.Label == q.Label)
}
