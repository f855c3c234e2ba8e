package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// Tx is a write transaction. It reads its own writes. It belongs to one
// goroutine and ends with the function given to Update.
type Tx struct {
	ctx   context.Context
	store *Store
	view  *view

	changes  changes // since the last flush
	bulk     bulk
	terms    quadfile.Lexicon     // those met
	complete bool                 // which are all that there are
	created  []quadfile.TermPlace // the terms since the last flush, by id
	firstNew uint64               // the id of the first of these
	suspects []uint64             // ids that may have lost their last quad
	tidyFrom int                  // how many of these are looked through for repetitions
	runs     int                  // how many were spilled
	loops    map[*txLoop]struct{}
	wrote    bool  // a flush changed a quad
	failed   error // of a flush that left the blocks half written
	stored   bool  // the blocks hold something
	scratch  []byte
	encoded  [2]encodedQuads
}

func newTx(ctx context.Context, s *Store, v *view) *Tx {
	return &Tx{ctx: ctx, store: s, view: v, stored: !v.blank, complete: v.state.Terms == 0, terms: quadfile.NewLexicon(), firstNew: v.state.NextID, loops: map[*txLoop]struct{}{}}
}

// usable is nil while the transaction may be read and written.
func (tx *Tx) usable() error {
	if tx.view.closed.Load() {
		return ErrClosed
	}
	if tx.failed != nil {
		return tx.failed
	}
	return cause(tx.ctx)
}

// Add stores a quad and reports whether it was new. A quad needs a subject, a
// predicate and an object.
func (tx *Tx) Add(q quad.Quad) (bool, error) {
	if err := tx.usable(); err != nil {
		return false, err
	}
	if err := checkQuad(q); err != nil {
		return false, err
	}
	var t quadfile.Tuple
	isNew := false
	for i, d := range quad.Directions {
		value := q.Get(d)
		if value == nil {
			continue
		}
		id, created, err := tx.intern(value)
		if err != nil {
			tx.suspectAll(t)
			return false, err
		}
		t[i], isNew = id, isNew || created
	}
	changed, err := tx.change(t, true, isNew)
	if err != nil {
		tx.suspectAll(t)
	}
	return changed, err
}

// suspectsKept is how many suspects are kept before they are looked through for
// repetitions.
const suspectsKept = 1 << 16

// suspectAll notes that the terms of a quad may have no other.
func (tx *Tx) suspectAll(t quadfile.Tuple) {
	last := tx.suspects[max(0, len(tx.suspects)-len(t)):]
	for _, id := range t {
		if id != 0 && !slices.Contains(last, id) {
			tx.suspects = append(tx.suspects, id)
		}
	}
	if len(tx.suspects) >= max(tx.tidyFrom, suspectsKept) {
		slices.Sort(tx.suspects)
		tx.suspects = slices.Compact(tx.suspects)
		tx.tidyFrom = 2 * len(tx.suspects)
	}
}

// Remove deletes a quad and reports whether it was there.
func (tx *Tx) Remove(q quad.Quad) (bool, error) {
	if err := tx.usable(); err != nil {
		return false, err
	}
	t, ok, err := tx.tuple(q)
	if err != nil || !ok {
		return false, err
	}
	return tx.change(t, false, false)
}

// Has reports whether the quad is stored.
func (tx *Tx) Has(q quad.Quad) (bool, error) {
	if err := tx.usable(); err != nil {
		return false, err
	}
	t, ok, err := tx.tuple(q)
	if err != nil || !ok {
		return false, err
	}
	return tx.has(t)
}

func checkQuad(q quad.Quad) error {
	if !q.IsValid() || q.Label != nil && !quad.IsValidValue(q.Label) {
		return fmt.Errorf("quad %v %v %v %v: a part is missing", q.Subject, q.Predicate, q.Object, q.Label)
	}
	return nil
}

// has looks at the changes first.
func (tx *Tx) has(t quadfile.Tuple) (bool, error) {
	if e := tx.changes.find(t); e != nil && e.is() != asBefore {
		return e.is() == added, nil
	}
	return tx.inBlocks(t)
}

// inBlocks looks at the blocks, unless a term is newer than they are.
func (tx *Tx) inBlocks(t quadfile.Tuple) (bool, error) {
	if !tx.stored || max(t[0], t[1], t[2], t[3]) >= tx.firstNew {
		return false, nil
	}
	return tx.view.has(t)
}

// change notes that a quad is to be there or not. A quad with a term that was
// just created cannot be stored yet.
func (tx *Tx) change(t quadfile.Tuple, add, isNew bool) (bool, error) {
	var e *change
	was := false
	if !isNew {
		if e = tx.changes.find(t); e != nil && e.is() != asBefore {
			was = e.is() == added
		} else {
			var err error
			if was, err = tx.inBlocks(t); err != nil {
				return false, err
			}
		}
	}
	if was == add {
		return false, nil
	}
	return true, tx.record(t, e, add)
}

// record notes that a quad is added, or one that is there removed; e is its entry
// or nil.
func (tx *Tx) record(t quadfile.Tuple, e *change, add bool) error {
	switch {
	case e != nil && e.is() != asBefore:
		tx.changes.set(t, e, asBefore)
	case add:
		tx.changes.set(t, e, added)
	default:
		tx.changes.set(t, e, removed)
	}
	if add {
		tx.view.state.Quads++
	} else {
		tx.view.state.Quads--
		tx.suspectAll(t)
	}
	if tx.full() {
		return tx.flush()
	}
	return nil
}

// tuple looks a quad up; ok is false when one of its terms is not stored.
func (tx *Tx) tuple(q quad.Quad) (t quadfile.Tuple, ok bool, err error) {
	if checkQuad(q) != nil {
		return t, false, nil
	}
	for i, d := range quad.Directions {
		value := q.Get(d)
		if value == nil {
			continue
		}
		if t[i], err = tx.lookup(value); err != nil || t[i] == 0 {
			return t, false, err
		}
	}
	return t, true, nil
}

// lookup returns the id of a value, 0 when it is not stored. The encoded term
// stays in scratch.
func (tx *Tx) lookup(value quad.Value) (id uint64, err error) {
	if tx.scratch, err = rdf.AppendTerm(tx.scratch[:0], value); err != nil {
		return 0, nil
	}
	hash := tx.terms.Hash(tx.scratch)
	if id = tx.terms.Find(tx.scratch, hash); id != 0 {
		return id, nil
	}
	if id, err = tx.view.id(tx.scratch); err == nil && id != 0 {
		tx.terms.Add(tx.scratch, hash, id)
	}
	return id, err
}

// intern is lookup, but gives an id to a value that has none.
func (tx *Tx) intern(value quad.Value) (id uint64, created bool, err error) {
	if tx.scratch, err = rdf.AppendTerm(tx.scratch[:0], value); err != nil {
		return 0, false, err
	}
	return tx.internTerm(tx.scratch, tx.terms.Hash(tx.scratch), false)
}

// internTerm is intern for an encoded term. A new one is not in the blocks.
func (tx *Tx) internTerm(term []byte, hash uint32, isNew bool) (id uint64, created bool, err error) {
	if id = tx.terms.Find(term, hash); id != 0 {
		return id, false, nil
	}
	if !tx.complete && !isNew { // else there is nothing to be found
		if id, err = tx.view.id(term); err != nil {
			return 0, false, err
		}
	}
	if created = id == 0; created {
		if id = tx.view.state.NextID; id > quadfile.MaxID {
			return 0, false, fmt.Errorf("more than %d terms", uint64(quadfile.MaxID))
		}
		tx.view.state.NextID++
		tx.view.state.Terms++
	}
	p := tx.terms.Add(term, hash, id)
	if created {
		tx.created = append(tx.created, p)
	}
	return id, created, nil
}

// value returns the term of an id as a value.
func (tx *Tx) value(id uint64) (quad.Value, error) {
	if id >= tx.firstNew && id-tx.firstNew < uint64(len(tx.created)) {
		return rdf.DecodeTerm(tx.terms.Text(tx.created[id-tx.firstNew]))
	}
	return tx.view.value(id)
}
