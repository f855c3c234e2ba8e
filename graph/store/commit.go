package store

import (
	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// route returns where a commit writes: toMain, toNewFile, or the first level that
// has room for the changes and for the levels above it.
func (tx *Tx) route() int {
	st := tx.reader.Record
	switch {
	case tx.staged.runs > 0, tx.worthRewriting():
		return toNewFile
	case !tx.staged.stored:
		return toMain
	}
	n := int64(tx.staged.changes.changed)
	for level := range quadfile.LevelCount - 1 {
		if n += st.LevelQuads[level]; n <= tx.store.opts.levelCap(level) {
			return level
		}
	}
	n += st.LevelQuads[quadfile.LevelCount-1]
	if canRewrite && n > max(tx.store.opts.levelCap(quadfile.LevelCount-1), st.Quads/quadfile.LastLevel) {
		return toNewFile
	}
	return quadfile.LevelCount - 1
}

// commit writes all changes, frees the terms without quads and ends the
// transaction. Without changes, it writes nothing.
func (tx *Tx) commit() error {
	if err := tx.usable(); err != nil {
		return err
	}
	if tx.replacement != nil {
		return tx.replace()
	}
	if !tx.staged.wrote && tx.staged.changes.changed == 0 {
		return nil
	}
	level := tx.route()
	if level == toNewFile {
		return tx.rewrite()
	}
	if err := tx.staged.write(level, true); err != nil {
		return err
	}
	tx.staged.terms.known, tx.staged.changes, tx.staged.terms.created = quadfile.Lexicon{}, changes{}, nil
	return tx.end()
}

// end writes the record and commits.
func (tx *Tx) end() error {
	if err := tx.reader.Read(tx.reader.PutRecord); err != nil {
		return err
	}
	if err := tx.usable(); err != nil {
		return err
	}
	return tx.reader.Commit(func() {
		quadfile.WriteCommitNote(tx.handle.file, tx.handle.db.Info().PageSize, tx.reader.Record.Transaction)
	})
}

// rollback undoes all changes; after a commit it does nothing.
func (tx *Tx) rollback() {
	_ = quadfile.RecoverPanic(func() error {
		_, err := tx.reader.Close()
		return err
	})
}
