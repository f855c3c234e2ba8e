package store

import (
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// maxNameless is the maximum number of distinct quads with a lost term that are
// counted.
const maxNameless = 1 << 20

// newIDs maps ids of the old store to ids of the new store, 0 for none.
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

// restorer stores the quads found in a damaged file in a new store.
type restorer struct {
	from    *salvage
	damaged bool // collect labels
	tx      *Tx
	ids     newIDs         // by ids of the file
	used    quadfile.IDSet // new ids in quads

	labels   map[uint64]quad.Value       // labels seen, by ids of the file
	nameless map[quadfile.Tuple]struct{} // quads with a lost term, as ids of the file
	n        int
	err      error
}

// restore stores the found quads in tx. It applies the layers, the oldest first; it
// reads each from its first whole index, or from all indexes if none is whole.
func (r *restorer) restore(tx *Tx) error {
	r.tx = tx
	if err := r.terms(); err != nil {
		return err
	}
	r.used = quadfile.NewIDSet(tx.reader.Record.NextID)
	s := r.from
	for _, suffix := range s.suffixes() {
		sources, whole := r.sources(suffix)
		if !whole {
			s.report.Partial = true
			s.report.Revived = s.report.Revived || strings.HasPrefix(suffix, "-")
		}
		for _, i := range sources {
			if err := r.index(i, suffix); err != nil {
				return err
			}
		}
	}
	for id := uint64(1); id < tx.reader.Record.NextID; id++ {
		if !r.used.Has(id) {
			tx.staged.suspects.ids = append(tx.staged.suspects.ids, id)
		}
	}
	return r.nameLabels()
}

// sources returns the indexes to read for a layer: one that is whole, or all.
func (r *restorer) sources(suffix string) (sources []int, whole bool) {
	for i := quadfile.SPOL; i <= quadfile.OSPL; i++ {
		if !r.from.tables[quadfile.IndexNames[i]+suffix].damaged() {
			return []int{i}, true
		}
	}
	return []int{quadfile.SPOL, quadfile.POSL, quadfile.OSPL, quadfile.LSPO}, false
}

// terms assigns ids of the new store to the terms. It reads the table of terms by
// id and, if that is damaged, also the table of ids by key, which has the whole
// text of each short term.
func (r *restorer) terms() error {
	var failed error
	add := func(old uint64, term []byte) {
		if failed != nil || r.ids.of(old) != 0 {
			return
		}
		if _, err := rdf.DecodeTerm(term); err != nil {
			return
		}
		id, _, err := r.tx.staged.terms.internTerm(term, r.tx.staged.terms.known.Hash(term), false)
		r.ids.set(old, id)
		failed = err
	}
	for _, suffix := range r.from.suffixes() {
		if strings.HasPrefix(suffix, "-") {
			continue
		}
		byID := string(quadfile.BucketTerms) + suffix
		eachEntry(r.from, &quadfile.TermTable{Name: byID}, func(e quadfile.TermEntry) { add(e.ID, e.Term) })
		if r.from.tables[byID].damaged() {
			eachEntry(r.from, &quadfile.KeyTable{Name: string(quadfile.BucketKeys) + suffix}, func(e quadfile.KeyEntry) {
				if len(e.Key) <= quadfile.LongTerm {
					add(e.ID, e.Key)
				}
			})
		}
		if err := r.tx.usable(); err != nil {
			return err
		}
	}
	return failed
}

func (r *restorer) index(i int, suffix string) error {
	o, add := quadfile.IndexOrders[i], !strings.HasPrefix(suffix, "-")
	eachEntry(r.from, &quadfile.TupleTable{Name: quadfile.IndexNames[i] + suffix}, func(t quadfile.Tuple) {
		if r.err == nil {
			r.err = r.quad(o.Unpack(t), add)
		}
	})
	return r.err
}

func (r *restorer) quad(old quadfile.Tuple, add bool) error {
	if r.n++; r.n%(1<<12) == 0 {
		if err := r.tx.usable(); err != nil {
			return err
		}
	}
	if r.damaged {
		r.labels[old[3]] = nil
	}
	q, named := quadfile.Tuple{}, true
	for i, id := range old {
		if id == 0 {
			continue
		}
		if q[i] = r.ids.of(id); q[i] == 0 {
			named = false
		}
	}
	if !named {
		r.noteNameless(old, add)
		return nil
	}
	if q[0] == 0 || q[1] == 0 || q[2] == 0 {
		return nil // not a quad: no store wrote it, although the checksum is correct
	}
	for _, id := range q {
		if id != 0 && add {
			r.used.Put(id)
		}
	}
	_, err := r.tx.staged.change(q, add, false)
	return err
}

func (r *restorer) noteNameless(q quadfile.Tuple, add bool) {
	switch {
	case !add:
		delete(r.nameless, q)
	case len(r.nameless) < maxNameless:
		r.nameless[q] = struct{}{}
	}
}

// nameLabels looks up the labels of which quads may be missing.
func (r *restorer) nameLabels() error {
	nameless := map[uint64]bool{}
	for q := range r.nameless {
		nameless[q[3]] = true
	}
	for old := range r.labels {
		id := r.ids.of(old)
		if id == 0 || !nameless[old] && !r.from.mayMiss(old) {
			delete(r.labels, old)
			continue
		}
		value, err := r.tx.staged.terms.value(id)
		if err != nil {
			return err
		}
		r.labels[old] = value
	}
	return nil
}

// eachEntry visits the entries of the good blocks of a table.
func eachEntry[E any, C quadfile.Coder[E]](s *salvage, t *quadfile.Table[E, C], visit func(E)) {
	var block []E
	formats := s.formats(t.Name)
	s.eachBlock(t.Name, func(key, value []byte) bool {
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
