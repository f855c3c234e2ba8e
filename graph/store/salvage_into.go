package store

import (
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// maxNameless is how many quads without a name are told apart.
const maxNameless = 1 << 20

// newIDs gives the ids of the new store for those of the old one, 0 for none.
type newIDs map[uint64]*[1 << 10]uint64

func (m newIDs) of(old uint64) uint64 {
	if piece := m[old>>10]; piece != nil {
		return piece[old%(1<<10)]
	}
	return 0
}

func (m newIDs) set(old, id uint64) {
	piece := m[old>>10]
	if piece == nil {
		piece = new([1 << 10]uint64)
		m[old>>10] = piece
	}
	piece[old%(1<<10)] = id
}

// into stores what was found: the layers as they lie over each other, each of
// them from the first index of it that is whole, or from all.
func (s *salvage) into(tx *Tx) error {
	ids, err := s.terms(tx)
	if err != nil {
		return err
	}
	m := &moving{salvage: s, tx: tx, ids: ids, used: quadfile.NewIDSet(tx.view.state.NextID), damaged: !s.sound()}
	s.labels, s.nameless = map[uint64]quad.Value{}, map[quadfile.Tuple]struct{}{}
	for _, suffix := range s.suffixes() {
		sources, whole := s.sources(suffix)
		if !whole {
			s.report.Partial = true
			s.report.Revived = s.report.Revived || strings.HasPrefix(suffix, "-")
		}
		for _, i := range sources {
			if err := m.index(i, suffix); err != nil {
				return err
			}
		}
	}
	for id := uint64(1); id < tx.view.state.NextID; id++ {
		if !m.used.Has(id) {
			tx.staged.suspects.ids = append(tx.staged.suspects.ids, id)
		}
	}
	return s.nameLabels(tx, ids)
}

// sources are the indexes to read for a layer: one that is whole, or all.
func (s *salvage) sources(suffix string) (sources []int, whole bool) {
	for i := quadfile.SPOL; i <= quadfile.OSPL; i++ {
		if !s.tables[quadfile.IndexNames[i]+suffix].broken() {
			return []int{i}, true
		}
	}
	return []int{quadfile.SPOL, quadfile.POSL, quadfile.OSPL, quadfile.LSPO}, false
}

// terms gives the terms ids in the new store: from the table by id, and where
// that is damaged from the one by text, which has all of a term that is short.
func (s *salvage) terms(tx *Tx) (newIDs, error) {
	ids := newIDs{}
	var failed error
	add := func(old uint64, term []byte) {
		if failed != nil || ids.of(old) != 0 {
			return
		}
		if _, err := rdf.DecodeTerm(term); err != nil {
			return
		}
		id, _, err := tx.staged.terms.internTerm(term, tx.staged.terms.known.Hash(term), false)
		ids.set(old, id)
		failed = err
	}
	for _, suffix := range s.suffixes() {
		if strings.HasPrefix(suffix, "-") {
			continue
		}
		byID := string(quadfile.BucketTerms) + suffix
		eachEntry(s, &quadfile.TermTable{Name: byID}, func(e quadfile.TermEntry) { add(e.ID, e.Term) })
		if s.tables[byID].broken() {
			eachEntry(s, &quadfile.KeyTable{Name: string(quadfile.BucketKeys) + suffix}, func(e quadfile.KeyEntry) {
				if len(e.Key) <= quadfile.LongTerm {
					add(e.ID, e.Key)
				}
			})
		}
		if err := tx.usable(); err != nil {
			return nil, err
		}
	}
	return ids, failed
}

// eachEntry visits the entries of the good blocks of a table.
func eachEntry[E any, C quadfile.Coder[E]](s *salvage, t *quadfile.Table[E, C], visit func(E)) {
	var block []E
	formats := s.formats(t.Name)
	s.blocks(t.Name, func(key, value []byte) bool {
		err := quadfile.ErrEntry
		for i := 0; err != nil && i < len(formats); i++ {
			block, err = formatted(t, formats[i]).Decode(block[:0], key, value)
		}
		if err != nil {
			return false
		}
		for _, e := range block {
			visit(e)
		}
		return len(block) > 0
	})
}

// moving takes quads from the old file to the new store.
type moving struct {
	*salvage
	tx   *Tx
	ids  newIDs
	used quadfile.IDSet

	damaged bool // so that labels count
	n       int
	err     error
}

func (m *moving) index(i int, suffix string) error {
	o, add := quadfile.IndexOrders[i], !strings.HasPrefix(suffix, "-")
	eachEntry(m.salvage, &quadfile.TupleTable{Name: quadfile.IndexNames[i] + suffix}, func(t quadfile.Tuple) {
		if m.err == nil {
			m.err = m.quad(o.Unpack(t), add)
		}
	})
	return m.err
}

func (m *moving) quad(old quadfile.Tuple, add bool) error {
	if m.n++; m.n%(1<<12) == 0 {
		if err := m.tx.usable(); err != nil {
			return err
		}
	}
	if m.damaged {
		m.labels[old[3]] = nil
	}
	q, named := quadfile.Tuple{}, true
	for i, id := range old {
		if id == 0 {
			continue
		}
		if q[i] = m.ids.of(id); q[i] == 0 {
			named = false
		}
	}
	if !named {
		m.noteNameless(old, add)
		return nil
	}
	if q[0] == 0 || q[1] == 0 || q[2] == 0 {
		return nil // no quad, though its checksum is right: it was never stored by us
	}
	for _, id := range q {
		if id != 0 && add {
			m.used.Put(id)
		}
	}
	_, err := m.tx.staged.change(q, add, false)
	return err
}

func (s *salvage) noteNameless(q quadfile.Tuple, add bool) {
	switch {
	case !add:
		delete(s.nameless, q)
	case len(s.nameless) < maxNameless:
		s.nameless[q] = struct{}{}
	}
}

// nameLabels looks up the labels in which something may be missing.
func (s *salvage) nameLabels(tx *Tx, ids newIDs) error {
	nameless := map[uint64]bool{}
	for q := range s.nameless {
		nameless[q[3]] = true
	}
	for old := range s.labels {
		id := ids.of(old)
		if id == 0 || !nameless[old] && !s.mayMiss(old) {
			delete(s.labels, old)
			continue
		}
		value, err := tx.staged.terms.value(id)
		if err != nil {
			return err
		}
		s.labels[old] = value
	}
	return nil
}
