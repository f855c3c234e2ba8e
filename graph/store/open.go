package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strconv"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/safefile"
)

// Open is [OpenContext] without a context, so nothing cancels its wait.
func Open(path string, opts *Options) (*Store, error) {
	return OpenContext(context.Background(), path, opts)
}

// OpenContext opens the store in the file at path. Unless opts.ReadOnly is set,
// it creates a missing file; the folder must exist. If path is a link, the store
// is the file that the link leads to. The errors are ErrLocked, ErrVersion,
// ErrDamaged, ErrStale, errors of the file system and, if ctx ends while
// OpenContext waits for another process, the cause of ctx.
func OpenContext(ctx context.Context, path string, opts *Options) (*Store, error) {
	s := &Store{path: path, live: map[*Snapshot]struct{}{}, writer: make(chan struct{}, 1)}
	if opts != nil {
		s.opts = *opts
	}
	if err := waitForLock(ctx, s.opts.Wait, s.openFresh); err != nil {
		return nil, s.wrapOpenError(err)
	}
	if err := s.checkAndLock(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), s.dropShared(false), s.lock.release(), s.current.db.Close())
	}
	return s, nil
}

// wrapOpenError adds the path of the store to an error of opening that does not
// name it.
func (s *Store) wrapOpenError(err error) error {
	switch {
	case errors.Is(err, ErrLocked):
		return lockedError(s.path)
	case errors.As(err, new(*fs.PathError)), errors.Is(err, context.Canceled), errors.Is(err, errDangling), errors.Is(err, errLockName):
		return err
	}
	return fmt.Errorf("%s: %w", s.path, err)
}

// errDangling means that path is a link to a missing file, through which no store
// is created.
var errDangling = errors.New("a link that leads to no file")

// openFresh opens the file at the path. It returns errRemoved if the file is
// removed or replaced before it is locked.
func (s *Store) openFresh() (err error) {
	if err = s.prepareFile(); err != nil {
		return err
	}
	s.current, err = s.openBolt(s.path, nil)
	if errors.Is(err, fs.ErrNotExist) && !s.opts.ReadOnly {
		return errRemoved
	}
	return err
}

// prepareFile follows path if it is a link, creates a missing store, and checks
// that the path is a regular file that is not empty.
func (s *Store) prepareFile() error {
	path, err := safefile.Resolve(s.path)
	if err != nil {
		return err
	}
	if !s.opts.ReadOnly {
		if err := checkLock(path); err != nil {
			return err
		}
	}
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && s.path != path && !s.opts.ReadOnly:
		return fmt.Errorf("%s: %w: %s", s.path, errDangling, path)
	case errors.Is(err, fs.ErrNotExist) && !s.opts.ReadOnly:
		return s.createEmpty()
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%w: not a file", ErrDamaged)
	case info.Size() == 0:
		return fmt.Errorf("%w: the file is empty", ErrDamaged)
	}
	s.path = path
	return nil
}

// createEmpty writes an empty store under another name and moves it to the path,
// so that the file at the path is always complete. If another process creates the
// store first, that store stays.
func (s *Store) createEmpty() error {
	f, err := safefile.Begin(s.path, cmp.Or(s.opts.Mode, 0o666))
	if err != nil {
		return err
	}
	defer f.Discard()
	if err := quadfile.WriteEmpty(f.File); err != nil {
		return err
	}
	if err := f.Place(!s.opts.NoSync); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// openBolt opens a file in bbolt. It tries large mappings first, then smaller
// ones: with a mapping that never has to grow, a reader can write within its own
// loop, but the address space may be limited.
//
// If written is not nil, it is the open file, which this process has just
// written; its pages are not checked.
func (s *Store) openBolt(path string, written *os.File) (h *handle, err error) {
	for _, size := range s.mapSizes() {
		h = &handle{written: written != nil, file: written}
		written = nil // if bbolt fails, it closes the file
		err = quadfile.RecoverPanic(func() error { return s.tryBolt(h, path, size) })
		if err == nil {
			return h, nil
		}
		if h.file != nil {
			h.file.Close() // if bbolt panics, it leaves the file open
		}
		if !outOfSpace(err) {
			break
		}
	}
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		err = ErrLocked
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum),
		errors.Is(err, bolterrors.ErrVersionMismatch):
		err = fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil, err
}

func (s *Store) mapSizes() []int {
	switch {
	case s.opts.ReadOnly, runtime.GOOS == "windows": // Windows would grow the file to this size
		return []int{0}
	case strconv.IntSize == 32:
		return []int{1 << 28, 0}
	}
	large := 1 << 30
	return []int{large << 10, large << 6, large << 2, 0}
}

func (s *Store) tryBolt(h *handle, path string, mapSize int) (err error) {
	h.db, err = bolt.Open(path, 0o644, &bolt.Options{
		Timeout:         1, // waitForLock waits
		ReadOnly:        s.opts.ReadOnly,
		NoSync:          s.opts.NoSync,
		FreelistType:    bolt.FreelistMapType,
		InitialMmapSize: mapSize,
		NoStatistics:    true,
		OpenFile: func(path string, flag int, _ fs.FileMode) (*os.File, error) {
			return s.openFile(h, path, flag)
		},
	})
	if err == nil {
		h.db.AllocSize = 1 << 17 // bytes by which the file grows beyond the need of a commit
	}
	return err
}

// openFile opens, locks and checks the file for bbolt.
func (s *Store) openFile(h *handle, path string, flag int) (*os.File, error) {
	if h.file != nil {
		return h.file, nil
	}
	f, err := os.OpenFile(path, flag&^os.O_CREATE|safefile.NoFollow|safefile.NoWait, 0)
	if err != nil {
		return nil, err
	}
	if err = lockFile(f, s.opts.ReadOnly); err == nil {
		h.loss, err = checkFile(f, path, !s.opts.ReadOnly && !h.written)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	h.file = f
	return f, nil
}

// checkFile checks that the file is still at its path and that bbolt can open it
// safely. followed and loss are as in quadfile.Precheck.
func checkFile(f *os.File, path string, followed bool) (loss, err error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !safefile.SameFile(path, info) {
		return nil, errRemoved
	}
	return quadfile.Precheck(f, info.Size(), followed)
}

// checkAndLock checks the format. If the store is open for writing, it also gives
// up a lost change if Options.AcceptLoss is set, and writes the LOCK file.
func (s *Store) checkAndLock() error {
	snapshot, err := s.Snapshot()
	if err != nil {
		return err
	}
	if err := snapshot.Close(); err != nil || s.opts.ReadOnly {
		return err
	}
	if err := s.Stale(); err != nil {
		if !s.opts.AcceptLoss {
			return err
		}
		if err := s.acceptLoss(); err != nil {
			return err
		}
	}
	if _, err := safefile.Sweep(s.path); err != nil {
		return err
	}
	mode, err := s.fileMode()
	if err != nil {
		return err
	}
	s.lock, err = writeLock(s.path, mode)
	return err
}

// fileMode returns the permissions for files with the contents of the store: its
// own permissions to read and write, where the owner always has both.
func (s *Store) fileMode() (fs.FileMode, error) {
	h, done, err := s.acquireFile()
	if err != nil {
		return 0, err
	}
	info, err := h.file.Stat()
	if err = errors.Join(err, done()); err != nil {
		return 0, err
	}
	return info.Mode().Perm()&0o666 | 0o600, nil
}

// Stale returns why the last change of the store may be lost, as an error that
// wraps ErrStale, or nil. If the change is lost, readers see the state before it.
func (s *Store) Stale() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current.loss
}

// acceptLoss commits the present state as the newest one, once for each meta
// page.
func (s *Store) acceptLoss() error {
	for range quadfile.MetaPages {
		if err := s.dropShared(true); err != nil {
			return err
		}
		tx, err := s.newTx(context.Background())
		if err != nil {
			return err
		}
		tx.reader.Record.Generation++ // the lost change may have this number
		err = tx.end()
		if tx.rollback(); err != nil {
			return err
		}
	}
	s.current.loss = nil
	return s.dropShared(false)
}

// IsFile reports whether a file begins like a store or a backup. A damaged file
// also counts if one of its two meta pages has the magic number. Links are not
// followed.
func IsFile(path string) bool {
	f, err := safefile.OpenRegular(path)
	if err != nil {
		return false
	}
	defer f.Close()
	return quadfile.HasMagic(f)
}
