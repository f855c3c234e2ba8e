package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/entente-kg/entente/graph/safefile"
)

// Backup writes the store as the snapshot has it into a new file, which is a
// store itself, and leaves the room out that changes have left. All checksums of
// what is copied are checked; a store whose last change may be lost is ErrStale. A
// file that is there already is an error that wraps [fs.ErrExist]; nobody sees half
// of a backup. It can be read by those who can read the store, as far as the umask
// lets them.
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
