// Package safefile writes files and folders so that nobody sees half of one, nobody
// else's file is touched, and nothing is left for ever of a process that was
// killed.
//
// What is being written has a hidden name beside the one that it is to get, is
// made there and never opened, so that no link is followed, and is locked
// (flock) for as long as its process lives: what is not locked was left by a
// process that has died, and is removed by [Sweep].
package safefile

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
)

// Pending is a file that is being written, until it is moved to its path.
type Pending struct {
	*os.File
	path  string
	like  os.FileInfo // of the file that it is to replace; nil for none
	moved bool
}

// Begin makes an empty Pending for a path. Its permissions are those of the file
// that is there, else those of perm that the umask leaves.
func Begin(path string, perm fs.FileMode) (*Pending, error) {
	p := &Pending{path: path}
	info, err := os.Lstat(path)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: %w", path, ErrKind)
	case err == nil:
		p.like, perm = info, 0o600 // until it is whole
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	return p.begin(perm)
}

func (p *Pending) begin(perm fs.FileMode) (_ *Pending, err error) {
	if p.File, err = createLocked(p.path, perm); err != nil {
		return nil, err
	}
	return p, nil
}

// attempts is how many names are tried: one may exist, or be swept before it is
// locked.
const attempts = 100

// createLocked makes a file with a name of its own beside another, and locks it.
func createLocked(beside string, perm fs.FileMode) (f *os.File, err error) {
	before, after := pendingName(beside)
	for range attempts {
		path := dirOf(beside) + before + unique() + after
		f, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL|NoFollow, perm)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if file := (*fs.PathError)(nil); errors.As(err, &file) {
			return nil, &fs.PathError{Op: "create", Path: beside, Err: file.Err}
		}
		if err != nil || holds(f, path) {
			return f, err
		}
		f.Close()
	}
	return nil, errors.Join(err, fmt.Errorf("%s: no new file stays beside it", beside))
}

// holds locks a new file or folder, and reports whether it is still there. Where
// the file system has no locks, nobody can sweep either.
func holds(f *os.File, path string) bool {
	if err := TryLock(f, false); errors.Is(err, ErrHeld) {
		return false
	}
	info, err := f.Stat()
	return err == nil && Is(path, info)
}

// Is reports whether a file stands at a path, which is not followed where it is a
// link.
func Is(path string, info os.FileInfo) bool {
	there, err := os.Lstat(path)
	return err == nil && os.SameFile(info, there)
}

func unique() string { return strconv.FormatUint(uint64(rand.Uint32()), 10) }

// longName is about how many bytes of a name fit into a longer one.
const longName = 200

// pendingName is what the name of a Pending of a path begins and ends with; a
// number is between.
func pendingName(path string) (before, after string) {
	_, base := filepath.Split(path)
	return "." + base[:min(len(base), longName)] + ".", ".new"
}

// dirOf is the folder of a path as the system sees it: filepath.Dir would take
// "link/.." out.
func dirOf(path string) string {
	dir, _ := filepath.Split(path)
	return cmp.Or(dir, "."+string(filepath.Separator))
}

// Finish gives the file its permissions, and writes it to disk if sync is set.
func (p *Pending) Finish(sync bool) (err error) {
	if p.like != nil {
		err = sameAccess(p.File, p.like)
	}
	if err == nil && sync {
		err = p.Sync()
	}
	return err
}

// Replace finishes the file and moves it to its path, over what is there.
func (p *Pending) Replace(sync bool) error {
	return p.move(sync, func() error { return os.Rename(p.Name(), p.path) })
}

// Place finishes the file and gives it its path, where nothing may be: an error
// wraps [fs.ErrExist].
func (p *Pending) Place(sync bool) error {
	return p.move(sync, func() error { return moveNew(p.Name(), p.path) })
}

func (p *Pending) move(sync bool, move func() error) error {
	if err := p.Finish(sync); err != nil {
		return err
	}
	if runtime.GOOS == "windows" { // where an open file cannot be moved
		if err := p.Close(); err != nil {
			return err
		}
	}
	if err := move(); err != nil {
		return err
	}
	p.moved = true
	if sync {
		if err := SyncDir(dirOf(p.path)); err != nil {
			return err
		}
	}
	return p.Discard()
}

// Discard closes the file, and removes it unless it was moved. It may be called
// twice.
func (p *Pending) Discard() error {
	if !p.moved {
		p.moved = true
		if err := os.Remove(p.Name()); !errors.Is(err, fs.ErrNotExist) && err != nil {
			return errors.Join(err, p.Close())
		}
	}
	if err := p.Close(); !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}

// BeginNew is Begin for a file that owes nothing to one that has its path: that
// is replaced whatever it is, unless it is a folder.
func BeginNew(path string, perm fs.FileMode) (*Pending, error) {
	return (&Pending{path: path}).begin(perm)
}
