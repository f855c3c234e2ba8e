package cayley_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/cayley"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// memory is a second engine: a graph in maps that implements [cayley.Reader] and
// [cayley.Writer] and nothing else.
type memory struct {
	mu    sync.Mutex
	ids   map[string]uint64 // by encoded term
	terms map[uint64]quad.Value
	uses  map[uint64]int // the number of quads with each term
	quads map[cayley.IDs]bool
	last  uint64
	undo  []func()
	state *memoryState // the newest state, nil after a change
}

func newMemory() *memory {
	return &memory{ids: map[string]uint64{}, terms: map[uint64]quad.Value{}, uses: map[uint64]int{}, quads: map[cayley.IDs]bool{}}
}

// Update runs fn as one transaction: after an error all its changes are undone.
func (m *memory) Update(ctx context.Context, fn func(*memory) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.undo = nil
	err := cmp.Or(fn(m), context.Cause(ctx))
	if err != nil {
		for _, step := range slices.Backward(m.undo) {
			step()
		}
	}
	return err
}

// Add stores a quad and reports whether it was new.
func (m *memory) Add(q quad.Quad) (bool, error) {
	if err := rdf.CheckQuad(q); err != nil {
		return false, err
	}
	var ids cayley.IDs
	for i, d := range quad.Directions {
		if v := q.Get(d); v != nil {
			term, err := rdf.AppendTerm(nil, v)
			if err != nil {
				return false, err
			}
			if ids[i] = m.ids[string(term)]; ids[i] == 0 {
				m.last++
				ids[i] = m.last
				m.ids[string(term)], m.terms[m.last] = m.last, rdf.Canonical(v)
			}
		}
	}
	return m.set(ids, true), nil
}

// AddAll stores quads and returns how many of them were new.
func (m *memory) AddAll(quads []quad.Quad) (n int, err error) {
	for _, q := range quads {
		added, err := m.Add(q)
		if err != nil {
			return n, err
		}
		if added {
			n++
		}
	}
	return n, nil
}

// Remove deletes a quad and reports whether it was there.
func (m *memory) Remove(q quad.Quad) (bool, error) {
	var ids cayley.IDs
	for i, d := range quad.Directions {
		if v := q.Get(d); v != nil {
			term, err := rdf.AppendTerm(nil, v)
			if ids[i] = m.ids[string(term)]; err != nil || ids[i] == 0 {
				return false, err
			}
		}
	}
	return m.set(ids, false), nil
}

// set stores or deletes a quad and reports whether that changed anything.
func (m *memory) set(ids cayley.IDs, there bool) bool {
	if m.quads[ids] == there {
		return false
	}
	m.state = nil
	m.undo = append(m.undo, func() { m.put(ids, !there) })
	m.put(ids, there)
	return true
}

func (m *memory) put(ids cayley.IDs, there bool) {
	m.state = nil
	delete(m.quads, ids)
	if there {
		m.quads[ids] = true
	}
	for _, id := range ids {
		if there {
			m.uses[id]++
		} else {
			m.uses[id]--
		}
	}
}

// State returns the newest state, which later changes do not affect.
func (m *memory) State() (*memoryState, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.state != nil {
		return m.state, nil
	}
	s := &memoryState{ids: map[string]uint64{}, terms: map[uint64]memoryTerm{}, quads: map[cayley.IDs]bool{}}
	for key, id := range m.ids {
		if m.uses[id] > 0 {
			s.ids[key] = id
			s.terms[id] = memoryTerm{[]byte(key), m.terms[id]}
			s.order = append(s.order, id)
		}
	}
	slices.SortFunc(s.order, func(a, b uint64) int { return bytes.Compare(s.terms[a].key, s.terms[b].key) })
	for ids := range m.quads {
		s.quads[ids] = true
		s.all = append(s.all, ids)
	}
	slices.SortFunc(s.all, func(a, b cayley.IDs) int { return slices.Compare(a[:], b[:]) })
	for i := range s.with {
		s.with[i] = map[uint64][]cayley.IDs{}
		for _, ids := range s.all {
			s.with[i][ids[i]] = append(s.with[i][ids[i]], ids)
		}
	}
	m.state = s
	return s, nil
}

// memoryState is one state of a memory and implements [cayley.Reader].
type memoryState struct {
	ids   map[string]uint64
	terms map[uint64]memoryTerm
	order []uint64 // the ids in the order of their terms
	quads map[cayley.IDs]bool
	all   []cayley.IDs
	with  [4]map[uint64][]cayley.IDs // the quads that have an id in a place
}

type memoryTerm struct {
	key   []byte
	value quad.Value
}

func (s *memoryState) Close() error { return nil }

func (s *memoryState) Sizes() (terms, quads int64, err error) {
	return int64(len(s.order)), int64(len(s.all)), nil
}

func (s *memoryState) Costs() (next, lookup, scan int64) { return 1, 1, 1 }

func (s *memoryState) ID(term quad.Value) (uint64, error) {
	key, err := rdf.AppendTerm(nil, term)
	if err != nil { // what cannot be stored is not
		return 0, nil
	}
	return s.ids[string(key)], nil
}

func (s *memoryState) Term(id uint64) (quad.Value, error) { return s.terms[id].value, nil }

func (s *memoryState) Quad(ids cayley.IDs) (q quad.Quad, err error) {
	for i, d := range quad.Directions {
		if ids[i] == 0 {
			continue
		}
		term, ok := s.terms[ids[i]]
		if !ok {
			return q, fmt.Errorf("no term has the id %d", ids[i])
		}
		q.Set(d, term.value)
	}
	return q, nil
}

func (s *memoryState) HasIDs(ids cayley.IDs) (bool, error) { return s.quads[ids], nil }

func (s *memoryState) CountIDs(ctx context.Context, pattern cayley.IDs) (int64, error) {
	n := int64(0)
	for range s.match(pattern) {
		n++
	}
	return n, context.Cause(ctx)
}

// match returns the quads that match a pattern.
func (s *memoryState) match(pattern cayley.IDs) iter.Seq[cayley.IDs] {
	from := s.all
	for i, id := range pattern {
		if id != 0 && len(s.with[i][id]) < len(from) {
			from = s.with[i][id]
		}
	}
	return func(yield func(cayley.IDs) bool) {
		for _, ids := range from {
			same := true
			for i, id := range pattern {
				same = same && (id == 0 || id == ids[i])
			}
			if same && !yield(ids) {
				return
			}
		}
	}
}

func (s *memoryState) NewScan() cayley.Scan { return &memoryScan{state: s} }

type memoryScan struct {
	state *memoryState
	next  func(context.Context) ([]cayley.IDs, error)
}

func (s *memoryScan) Begin(pattern cayley.IDs) {
	s.next = blocks(slices.Collect(s.state.match(pattern)))
}

func (s *memoryScan) Next(ctx context.Context) ([]cayley.IDs, error) { return s.next(ctx) }

func (s *memoryState) CountTerms(in cayley.Interval) (int64, bool, error) {
	ids, err := s.between(in)
	return int64(len(ids)), true, err
}

func (s *memoryState) ScanTerms(in cayley.Interval) func(context.Context) ([]uint64, error) {
	ids, err := s.between(in)
	if err != nil {
		return func(context.Context) ([]uint64, error) { return nil, err }
	}
	return blocks(ids)
}

func (s *memoryState) between(in cayley.Interval) (ids []uint64, err error) {
	r, err := in.Range()
	for _, id := range s.order {
		if r.Contains(s.terms[id].key) {
			ids = append(ids, id)
		}
	}
	return ids, err
}

// blocks returns a function that returns a few elements at each call, always in
// the same memory.
func blocks[E any](all []E) func(context.Context) ([]E, error) {
	var room [7]E
	return func(context.Context) ([]E, error) {
		clear(room[:])
		n := copy(room[:], all)
		all = all[n:]
		return room[:n], nil
	}
}
