package store

import (
	"errors"
)

// Where a commit writes to: the main tables when there is nothing in the store
// yet, one of the levels, or a new file.
const (
	toMain    = -1
	toNewFile = levels
)

// route chooses the first level that has room for the changes and for the levels
// above it.
func (tx *Tx) route() int {
	st := tx.view.state
	switch {
	case tx.runs > 0, tx.worthRewriting():
		return toNewFile
	case !tx.stored:
		return toMain
	}
	n := int64(tx.changes.live)
	for level := range levels - 1 {
		if n += st.levels[level]; n <= tx.store.opts.levelCap(level) {
			return level
		}
	}
	n += st.levels[levels-1]
	if canRewrite && n > max(tx.store.opts.levelCap(levels-1), st.quads/lastLevel) {
		return toNewFile
	}
	return levels - 1
}

// commit writes everything, frees the terms without quads and ends the
// transaction. Without changes nothing is written.
func (tx *Tx) commit() error {
	if err := tx.usable(); err != nil {
		return err
	}
	if !tx.wrote && tx.changes.live == 0 {
		return nil
	}
	level := tx.route()
	if level == toNewFile {
		return tx.rewrite()
	}
	if err := tx.write(level, true); err != nil {
		return err
	}
	tx.terms, tx.changes, tx.created = lexicon{}, changes{}, nil
	return tx.end()
}

// end writes the record and commits.
func (tx *Tx) end() error {
	if err := tx.view.read(tx.finish); err != nil {
		return err
	}
	if err := tx.usable(); err != nil {
		return err
	}
	tx.view.mu.Lock()
	defer tx.view.mu.Unlock()
	tx.view.closed.Store(true)
	err := guarded(tx.view.tx.Commit)
	if err != nil {
		_ = guarded(tx.view.tx.Rollback) // does nothing when bbolt did it
	} else {
		h := tx.view.handle
		writeNote(h.file, h.db.Info().PageSize, tx.view.state.transaction)
	}
	return errors.Join(err, tx.view.done())
}

// finish writes the record.
func (tx *Tx) finish() error {
	st := &tx.view.state
	st.generation++
	st.transaction = uint64(tx.view.tx.ID())
	return st.put(tx.view.tx.Bucket(bucketMeta).Put)
}

// rollback undoes everything; after a commit it does nothing.
func (tx *Tx) rollback() {
	_ = guarded(func() error {
		_, err := tx.view.close()
		return err
	})
}
