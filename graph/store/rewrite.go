package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/rdf"
	"github.com/entente-kg/entente/graph/safefile"
)

// canRewrite reports whether an open file can be replaced by another.
const canRewrite = runtime.GOOS != "windows"

// ErrUnsupported means that the operating system cannot do this.
var ErrUnsupported = errors.New("not supported on " + runtime.GOOS)

// Compact writes the store to a new file, without the free pages that changes
// have left in the old one. Open snapshots keep reading the old file. Compact
// needs free disk space for the whole new file. On Windows, it returns
// ErrUnsupported.
func (s *Store) Compact(ctx context.Context) error {
	if !canRewrite {
		return fmt.Errorf("%s: compact: %w", s.path, ErrUnsupported)
	}
	if s.opts.ReadOnly {
		return ErrReadOnly
	}
	if err := s.acquireWriter(ctx); err != nil {
		return err
	}
	defer s.releaseWriter()
	tx, err := s.newTx(ctx)
	if err != nil {
		return err
	}
	defer tx.rollback()
	return tx.rewrite()
}

// rewriteFrom is the least number of changes that may lead to a new file.
const rewriteFrom = 1 << 16

// worthRewriting reports whether writing a new file is less work than changing
// the old one: it is if the changes are many compared with the stored quads.
func (tx *Tx) worthRewriting() bool {
	from := rewriteFrom
	if n := tx.store.opts.rewriteFrom; n > 0 {
		from = n
	}
	return canRewrite && tx.staged.changes.changed >= from && int64(4*tx.staged.changes.changed) >= tx.reader.Record.Quads
}

// rewrite commits by writing a new file, with the changes applied, and replacing
// the old file by it. The new file has no terms without quads.
func (tx *Tx) rewrite() error {
	f, err := safefile.Begin(tx.store.path, 0o600)
	if err != nil {
		return err
	}
	err = tx.reader.Read(func() error { return writeFile(&tx.staged, f.File, tx.reader.Record.Generation+1) })
	if err == nil {
		err = f.Finish(!tx.store.opts.NoSync)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", tx.store.path, errors.Join(err, f.Discard()))
	}
	return tx.store.install(tx, f)
}

// install opens the new file, which stays locked, and moves it over the old one.
func (s *Store) install(tx *Tx, f *safefile.Pending) error {
	h, err := s.openBolt(f.Name(), f.File)
	if err != nil {
		return fmt.Errorf("%s: %w", s.path, errors.Join(err, f.Discard()))
	}
	err = tx.usable()
	if err == nil {
		err = os.Rename(f.Name(), s.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()), h.db.Close())
	}
	if !s.opts.NoSync {
		err = safefile.SyncDir(filepath.Dir(s.path))
	}
	tx.rollback()
	return errors.Join(err, s.replaceFile(h))
}

// AddFirst adds a quad with a label whose new terms get the ids that Options.First
// left free.
func (tx *Tx) AddFirst(q quad.Quad) error {
	if err := tx.usable(); err != nil {
		return err
	}
	for i, value := range [...]quad.Value{q.Subject, q.Predicate, q.Object, q.Label} {
		term, err := rdf.AppendTerm(nil, value)
		if err == nil {
			_, err = tx.staged.terms.assign(term, uint64(i+1))
		}
		if err != nil {
			return err
		}
	}
	_, err := tx.Add(q)
	return err
}

// IsNew reports whether nothing was ever committed to the store of the transaction, and
// the transaction has changed nothing.
func (tx *Tx) IsNew() bool {
	return canRewrite && tx.reader.WasEmpty && tx.reader.Record.Generation == 0 && tx.reader.Record.NextID == 1
}

// ReplaceBy makes the commit replace the file of the store by a copy of the file of
// another store, as it is then. The transaction must be new, as [Tx.IsNew] reports, and
// must not be used any more.
func (tx *Tx) ReplaceBy(other *Store) { tx.replacement = other }

// replace commits by copying the file of the replacement.
func (tx *Tx) replace() error {
	snapshot, err := tx.replacement.Snapshot()
	if err != nil {
		return err
	}
	defer snapshot.Close()
	f, err := safefile.Begin(tx.store.path, 0o600)
	if err != nil {
		return err
	}
	if err = copyFile(f.File, snapshot); err == nil {
		err = f.Finish(!tx.store.opts.NoSync)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", tx.store.path, errors.Join(err, f.Discard()))
	}
	return tx.store.install(tx, f)
}

// copyFile copies the pages of a snapshot's file up to the last one in use. No
// transaction may write meanwhile.
func copyFile(to *os.File, s *Snapshot) error {
	return s.reader.Read(func() error {
		if _, err := s.handle.file.Seek(0, io.SeekStart); err != nil {
			return err
		}
		_, err := io.CopyN(to, s.handle.file, s.shared.reader.Bolt.Size())
		return err
	})
}
