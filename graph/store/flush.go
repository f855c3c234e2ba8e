package store

import (
	"bytes"
	"context"
	"slices"
)

// flushFor makes the blocks hold all that was written, for a read with ctx.
func (tx *Tx) flushFor(ctx context.Context) error {
	if err := tx.usable(); err != nil {
		return err
	}
	if err := cause(ctx); err != nil {
		return err
	}
	return tx.flush()
}

// flush writes the pending changes into the blocks.
func (tx *Tx) flush() error {
	if len(tx.pending) == 0 && len(tx.created) == 0 {
		return nil
	}
	for loop := range tx.loops {
		if err := loop.detach(); err != nil {
			return err
		}
	}
	return tx.view.read(func() error {
		if err := tx.flushTerms(); err != nil {
			return err
		}
		return tx.flushQuads()
	})
}

func (tx *Tx) flushTerms() error {
	if len(tx.created) == 0 {
		return nil
	}
	byID := make([]edit[named], len(tx.created))
	byKey := make([]edit[keyed], len(tx.created))
	for i, e := range tx.created {
		byID[i] = edit[named]{entry: e}
		byKey[i] = edit[keyed]{entry: keyed{termKey(e.term), e.id}}
	}
	tx.created = nil
	return tx.editTerms(byID, byKey)
}

// editTerms changes both directions of the dictionary at once. The edits by id
// are sorted already.
func (tx *Tx) editTerms(byID []edit[named], byKey []edit[keyed]) error {
	emptied := map[string]struct{}{}
	if err := tx.view.names.applyEdits(tx.ctx, byID, emptied); err != nil {
		return err
	}
	if err := tx.view.names.dropEmptied(emptied); err != nil {
		return err
	}
	slices.SortFunc(byKey, func(a, b edit[keyed]) int { return bytes.Compare(a.entry.key, b.entry.key) })
	if err := tx.view.keys.applyEdits(tx.ctx, byKey, emptied); err != nil {
		return err
	}
	return tx.view.keys.dropEmptied(emptied)
}

func (tx *Tx) flushQuads() error {
	if len(tx.pending) == 0 {
		return nil
	}
	tx.changed = true
	edits := make([]edit[tuple], len(tx.pending))
	for i, o := range indexOrders {
		edits = edits[:0]
		for t, added := range tx.pending {
			if i != lspo || t[3] != 0 {
				edits = append(edits, edit[tuple]{o.pack(t), !added})
			}
		}
		slices.SortFunc(edits, func(a, b edit[tuple]) int { return compareTuples(a.entry, b.entry) })
		if err := tx.view.index[i].applyEdits(tx.ctx, edits, tx.emptied[i]); err != nil {
			return err
		}
	}
	clear(tx.pending)
	return nil
}

// commit writes everything, frees the terms without quads and ends the
// transaction. Without changes nothing is written.
func (tx *Tx) commit() error {
	if err := tx.usable(); err != nil {
		return err
	}
	if !tx.changed && len(tx.pending) == 0 {
		return nil
	}
	if err := tx.flush(); err != nil {
		return err
	}
	if err := tx.freeTerms(); err != nil {
		return err
	}
	if err := tx.view.read(tx.finish); err != nil {
		return err
	}
	if err := tx.usable(); err != nil {
		return err
	}
	tx.view.mu.Lock()
	defer tx.view.mu.Unlock()
	tx.view.closed = true
	err := guarded(tx.view.tx.Commit)
	if err != nil {
		_ = guarded(tx.view.tx.Rollback) // does nothing when bbolt did it
	}
	return err
}

// finish drops the emptied blocks and writes the state.
func (tx *Tx) finish() error {
	for i, t := range tx.view.index {
		if err := t.dropEmptied(tx.emptied[i]); err != nil {
			return err
		}
	}
	tx.view.state.generation++
	return tx.view.tx.Bucket(bucketMeta).Put(keyState, tx.view.state.encode())
}

// freeTerms removes the terms that no quad has any more. The emptied blocks
// are still in place, see applyEdits.
func (tx *Tx) freeTerms() error {
	var byID []edit[named]
	var byKey []edit[keyed]
	for id := range tx.suspect {
		term, err := tx.deadTerm(id)
		if err != nil {
			return err
		}
		if term != nil {
			byID = append(byID, edit[named]{named{id: id}, true})
			byKey = append(byKey, edit[keyed]{keyed{key: termKey(term)}, true})
		}
	}
	tx.view.state.terms -= int64(len(byID))
	slices.SortFunc(byID, func(a, b edit[named]) int { return names{}.compare(a.entry, b.entry) })
	return tx.view.read(func() error { return tx.editTerms(byID, byKey) })
}

// deadTerm returns the term of an id that no quad has, nil when one does.
func (tx *Tx) deadTerm(id uint64) ([]byte, error) {
	if err := cause(tx.ctx); err != nil {
		return nil, err
	}
	for i := range indexOrders {
		live, err := tx.view.any(span{index: i, prefix: tuple{id}, n: 1})
		if err != nil || live {
			return nil, err
		}
	}
	return tx.view.term(id)
}

// rollback undoes everything; after a commit it does nothing.
func (tx *Tx) rollback() {
	_ = guarded(func() error {
		_, err := tx.view.close()
		return err
	})
}
