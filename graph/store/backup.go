package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/entente-kg/entente/graph/safefile"
)

// Backup writes the state of the snapshot to a new file, which is a store itself,
// without the free pages that changes have left in the file. It checks the
// checksum of every block that it copies. If the last change of the store may be
// lost, the error is ErrStale; if the file already exists, the error wraps
// [fs.ErrExist]. The file appears at path only when it is complete. Users who can
// read the store can read the backup, unless the umask forbids it.
func (s *Snapshot) Backup(ctx context.Context, path string) (err error) {
	if err := s.handle.loss; err != nil {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s: %w", path, fs.ErrExist)
	}
	mode, err := s.store.fileMode()
	if err != nil {
		return err
	}
	if _, err := safefile.Sweep(path); err != nil {
		return err
	}
	f, err := safefile.Begin(path, mode)
	if err != nil {
		return err
	}
	defer f.Discard()
	nothing := newStaged(ctx, s.store.path, &s.store.opts, s.reader)
	err = s.reader.Read(func() error { return writeFile(&nothing, f.File, s.reader.Record.Generation) })
	if err == nil {
		err = f.Place(true)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s: %w", path, err)
	}
	return err
}

// Copy writes a copy of the store's file to a new file, which only its owner can read. It
// copies pages as they are and checks none; a store that opens the copy checks what it
// reads. No transaction writes meanwhile.
func (s *Store) Copy(ctx context.Context, path string) (err error) {
	if err := s.acquireWriter(ctx); err != nil {
		return err
	}
	defer s.releaseWriter()
	return s.View(ctx, func(snapshot *Snapshot) error {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		return errors.Join(copyFile(f, snapshot), f.Close())
	})
}
