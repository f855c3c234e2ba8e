package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup writes the store as the snapshot has it into a new file, which is a
// store itself, and leaves the room out that changes have left. All checksums of
// what is copied are checked; a store whose last change may be lost is ErrStale. A file that is there already is an error that
// wraps [fs.ErrExist]; nobody sees half of a backup.
func (s *Snapshot) Backup(ctx context.Context, path string) (err error) {
	if err := s.view.handle.loss; err != nil {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s: %w", path, fs.ErrExist)
	}
	f, err := os.CreateTemp(filepath.Dir(path), rewriteName(path, "*"))
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	tx := newTx(ctx, s.store, s.view)
	err = s.view.read(func() error { return tx.writeFile(f, s.view.state.generation) })
	if err == nil {
		err = errors.Join(f.Chmod(0o644), f.Sync())
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := linkNew(f.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// linkNew gives a file another name that nothing has.
func linkNew(from, path string) error {
	err := os.Link(from, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, err := os.Lstat(path); err == nil { // a file system without links
		return fmt.Errorf("%s: %w", path, fs.ErrExist)
	}
	return os.Rename(from, path)
}
