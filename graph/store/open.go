package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// Options say how to open a store. The zero value opens it for writing and
// does not wait.
type Options struct {
	// ReadOnly opens an existing file; any number of processes may do so at a
	// time.
	ReadOnly bool
	// NoSync leaves writing to disk to the operating system: faster, and a
	// crash of the machine may lose the file. For temporary stores.
	NoSync bool
	// Wait is how long to wait for another process to close the file.
	Wait time.Duration
	// AcceptLoss opens a store for writing also where its last change may be lost,
	// and gives that change up; see ErrStale.
	AcceptLoss bool

	// Memory is about how many bytes a transaction takes before what it changes
	// goes to sorted runs on disk, which are files without a name beside the
	// store; 0 is DefaultMemory. A load that does not need runs is faster.
	Memory int64

	rewriteFrom, spillFrom, levelRoom int // for tests; 0 is the constant
}

// levelCap is how many changed quads a level holds.
func (o *Options) levelCap(level int) int64 {
	if o.levelRoom > 0 {
		return int64(o.levelRoom) << (2 * level)
	}
	return levelCaps[level]
}

// DefaultMemory is enough for a load of about ten million quads.
const DefaultMemory = 768 << 20

// minMemory is the least that is of use.
const minMemory = 16 << 20

func (o *Options) memory() int {
	if o.Memory <= 0 {
		return DefaultMemory
	}
	return int(min(max(o.Memory, minMemory), math.MaxInt))
}

// lockPoll is how often a waiting opener looks.
const lockPoll = 10 * time.Millisecond

// Open opens the store in the file at path and creates it when it is missing,
// unless it is opened read-only; its folder must exist. The errors are
// ErrLocked, ErrVersion, ErrDamaged and those of the file system.
func Open(path string, opts *Options) (*Store, error) {
	s := &Store{path: path, live: map[*Snapshot]struct{}{}, writer: make(chan struct{}, 1)}
	if opts != nil {
		s.opts = *opts
	}
	if err := s.openFresh(); err != nil {
		return nil, err
	}
	if err := s.begin(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), s.unshare(false), s.current.db.Close())
	}
	return s, nil
}

// errRemoved says that the file was removed while its lock was waited for: what
// is written into it would be lost.
var errRemoved = errors.New("the store was removed meanwhile")

// openFresh opens the file that stands at the path when its lock is had.
func (s *Store) openFresh() (err error) {
	for range 10 {
		if err = s.prepare(); err != nil {
			return err
		}
		if s.current, err = s.openBolt(s.path, false); !errors.Is(err, errRemoved) {
			break
		}
	}
	switch {
	case errors.Is(err, ErrLocked):
		return lockedError(s.path)
	case err != nil:
		return fmt.Errorf("%s: %w", s.path, err)
	}
	return nil
}

// prepare makes sure that path is a file with something in it.
func (s *Store) prepare() error {
	info, err := os.Stat(s.path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !s.opts.ReadOnly:
		return create(s.path)
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s: %w: not a file", s.path, ErrDamaged)
	case info.Size() == 0:
		return fmt.Errorf("%s: %w: the file is empty", s.path, ErrDamaged)
	}
	return nil
}

// create makes an empty store under another name and moves it into place, so
// that nobody ever sees half of one.
func create(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), rewriteName(path, "*")) // see removeLeftovers
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := f.Close(); err != nil {
		return err
	}
	db, err := bolt.Open(f.Name(), 0o644, nil)
	if err != nil {
		return err
	}
	if err := errors.Join(db.Update(initialise), db.Close(), os.Chmod(f.Name(), 0o644)); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	err = os.Rename(f.Name(), path) // a file system without links
	if _, there := os.Stat(path); errors.Is(err, fs.ErrNotExist) && there == nil {
		return nil // who was faster has the lock, and has tidied up
	}
	return err
}

func initialise(tx *bolt.Tx) error {
	for _, name := range allTables("") {
		if _, err := tx.CreateBucket([]byte(name)); err != nil {
			return err
		}
	}
	meta, err := tx.CreateBucket(bucketMeta)
	if err != nil {
		return err
	}
	return errors.Join(
		meta.Put(keyFormat, []byte(formatMark+formatVersion)),
		meta.Put(keyState, state{next: 1, transaction: uint64(tx.ID())}.encode()))
}

// openBolt opens a file, smaller mappings after larger ones: a mapping that
// never has to grow lets a reader write within its own loop, but the address
// space may be limited.
//
// The pages of a file that was just written here are not looked at.
func (s *Store) openBolt(path string, written bool) (h *handle, err error) {
	for _, size := range s.mapSizes() {
		h = &handle{written: written}
		err = guarded(func() error { return s.tryBolt(h, path, size) })
		if err == nil {
			return h, nil
		}
		if h.file != nil {
			h.file.Close() // bbolt leaves it open when it panics
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
	case s.opts.ReadOnly, runtime.GOOS == "windows": // there the file would grow to this size
		return []int{0}
	case strconv.IntSize == 32:
		return []int{1 << 28, 0}
	}
	large := 1 << 30
	return []int{large << 10, large << 6, large << 2, 0}
}

func (s *Store) tryBolt(h *handle, path string, mapSize int) (err error) {
	h.db, err = bolt.Open(path, 0o644, &bolt.Options{
		Timeout:         max(s.opts.Wait, 1),
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
		h.db.AllocSize = 1 << 17 // the file grows by what a commit needs and this
	}
	return err
}

// openFile opens, locks and checks the file on behalf of bbolt.
func (s *Store) openFile(h *handle, path string, flag int) (*os.File, error) {
	f, err := os.OpenFile(path, flag&^os.O_CREATE, 0)
	if err != nil {
		return nil, err
	}
	if err = lockFile(f, s.opts.ReadOnly, s.opts.Wait); err == nil {
		h.loss, err = checkFile(f, path, !s.opts.ReadOnly && !h.written)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	h.file = f
	return f, nil
}

// checkFile makes sure that the file still stands at its path and can be opened.
func checkFile(f *os.File, path string, followed bool) (loss, err error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if there, err := os.Stat(path); err != nil || !os.SameFile(info, there) {
		return nil, errRemoved
	}
	return precheck(f, info.Size(), followed)
}

// begin checks the format and says in the LOCK file who writes.
func (s *Store) begin() error {
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
		if err := s.settle(); err != nil {
			return err
		}
	}
	return errors.Join(removeLeftovers(s.path), writeLock(s.path))
}

// Stale says why the last change of the store may be lost: an error that wraps
// ErrStale, or nil. What is read is then the state before that change.
func (s *Store) Stale() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current.loss
}

// settle commits the state that there is as the newest one, once for each meta
// page.
func (s *Store) settle() error {
	for range metaPages {
		if err := s.unshare(true); err != nil {
			return err
		}
		tx, err := s.newTx(context.Background())
		if err != nil {
			return err
		}
		tx.view.state.generation++ // what is lost may have had the next one
		err = tx.end()
		if tx.rollback(); err != nil {
			return err
		}
	}
	s.current.loss = nil
	return s.unshare(false)
}
