package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/entente-kg/entente/graph/safefile"
)

// canRewrite says whether an open file can be replaced by another.
const canRewrite = runtime.GOOS != "windows"

// ErrUnsupported answers what the operating system cannot do.
var ErrUnsupported = errors.New("not supported on " + runtime.GOOS)

// Compact writes the store anew, without the room that changes have left in it.
// Snapshots that are open keep reading the old file. It needs as much free disk
// as the store then takes. On Windows it is ErrUnsupported.
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

// rewriteFrom is how many changes may be worth a new file.
const rewriteFrom = 1 << 16

// worthRewriting reports whether a new file is less work than changing the
// blocks: when there are many changes for what there is.
func (tx *Tx) worthRewriting() bool {
	from := rewriteFrom
	if n := tx.store.opts.rewriteFrom; n > 0 {
		from = n
	}
	return canRewrite && tx.staged.changes.changed >= from && int64(4*tx.staged.changes.changed) >= tx.reader.Record.Quads
}

// rewrite commits by writing a new file with all that there is after the
// changes, and putting it in the place of the old one. Terms without quads do
// not get into it.
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
