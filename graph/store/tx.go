package store

import (
	"context"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// Tx is a write transaction. It reads its own writes. It belongs to one goroutine
// and ends with the function passed to Update.
type Tx struct {
	ctx    context.Context
	store  *Store
	handle *handle
	reader *quadfile.Reader

	staged  staged
	encoded [2]encodedQuads

	replacement *Store // see ReplaceBy
}

func newTx(ctx context.Context, s *Store, h *handle, r *quadfile.Reader) *Tx {
	return &Tx{ctx: ctx, store: s, handle: h, reader: r, staged: newStaged(ctx, s.path, &s.opts, r)}
}

// usable returns nil while the transaction may be read and written.
func (tx *Tx) usable() error {
	if tx.reader.IsClosed() {
		return ErrClosed
	}
	if tx.staged.failed != nil {
		return tx.staged.failed
	}
	return cause(tx.ctx)
}

// Add stores a quad and reports whether it was new. A quad needs a subject, a
// predicate and an object.
func (tx *Tx) Add(q quad.Quad) (bool, error) {
	if err := tx.usable(); err != nil {
		return false, err
	}
	if err := rdf.CheckQuad(q); err != nil {
		return false, err
	}
	var t quadfile.Tuple
	isNew := false
	for i, d := range quad.Directions {
		value := q.Get(d)
		if value == nil {
			continue
		}
		id, created, err := tx.staged.terms.intern(value)
		if err != nil {
			tx.staged.suspects.add(t)
			return false, err
		}
		t[i], isNew = id, isNew || created
	}
	changed, err := tx.staged.change(t, true, isNew)
	if err != nil {
		tx.staged.suspects.add(t)
	}
	return changed, err
}

// Remove deletes a quad and reports whether it was stored.
func (tx *Tx) Remove(q quad.Quad) (bool, error) {
	if err := tx.usable(); err != nil {
		return false, err
	}
	t, ok, err := tx.staged.terms.tuple(q)
	if err != nil || !ok {
		return false, err
	}
	return tx.staged.change(t, false, false)
}

// ID returns the id of a term, 0 if the store does not have it; then no stored quad has it.
// A term that lost its last quad may still have an id.
func (tx *Tx) ID(term quad.Value) (uint64, error) {
	if err := tx.usable(); err != nil {
		return 0, err
	}
	return tx.staged.terms.lookup(term)
}

// SubjectReader returns a reader of the quads that were committed before the transaction.
// It is for reading before the transaction makes its first change.
func (tx *Tx) SubjectReader() *SubjectReader { return newSubjectReader(tx.reader) }

// Has reports whether the quad is stored.
func (tx *Tx) Has(q quad.Quad) (bool, error) {
	if err := tx.usable(); err != nil {
		return false, err
	}
	t, ok, err := tx.staged.terms.tuple(q)
	if err != nil || !ok {
		return false, err
	}
	return tx.staged.has(t)
}
