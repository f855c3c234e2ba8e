// Package safefile writes files and folders so that no reader sees an unfinished
// file, no other program's file is changed, and a killed process leaves nothing
// behind for ever.
//
// An unfinished file has a hidden name beside its final path. It is created there
// with O_EXCL, so that no link is followed, and locked (flock) as long as its
// process lives. An unlocked one was left by a killed process, and [Sweep] removes
// it.
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

// Pending is an unfinished file, which is moved to its path once it is whole.
type Pending struct {
	*os.File
	path     string
	replaced os.FileInfo // the file that it will replace; nil for none
	moved    bool
}

// Begin makes an empty Pending for a path. It has the permissions of the file at the
// path, or perm less the umask if there is none.
func Begin(path string, perm fs.FileMode) (*Pending, error) {
	p := &Pending{path: path}
	info, err := os.Lstat(path)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: %w", path, ErrKind)
	case err == nil:
		p.replaced, perm = info, 0o600 // until it is finished
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

// maxAttempts is how many names are tried at most: a name may exist, or the new
// file may be swept before it is locked.
const maxAttempts = 100

// createLocked creates and locks a file with a new name beside a path.
func createLocked(beside string, perm fs.FileMode) (f *os.File, err error) {
	before, after := pendingName(beside)
	for range maxAttempts {
		path := dirOf(beside) + before + unique() + after
		f, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL|NoFollow, perm)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if file := (*fs.PathError)(nil); errors.As(err, &file) {
			return nil, &fs.PathError{Op: "create", Path: beside, Err: file.Err}
		}
		if err != nil || lockNew(f, path) {
			return f, err
		}
		f.Close()
	}
	return nil, errors.Join(err, fmt.Errorf("%s: no new file stays beside it", beside))
}

// lockNew locks a new file or folder, and reports whether it still exists. On a
// file system without locks no process sweeps files either.
func lockNew(f *os.File, path string) bool {
	if err := TryLock(f, false); errors.Is(err, ErrHeld) {
		return false
	}
	info, err := f.Stat()
	return err == nil && SameFile(path, info)
}

// SameFile reports whether the file at a path is the given one. A link is not followed.
func SameFile(path string, info os.FileInfo) bool {
	there, err := os.Lstat(path)
	return err == nil && os.SameFile(info, there)
}

func unique() string { return strconv.FormatUint(uint64(rand.Uint32()), 10) }

// longName is how many bytes of a name the name of an unfinished file repeats.
const longName = 200

// pendingName returns the start and the end of the names of unfinished files for a
// path. A number is between them.
func pendingName(path string) (before, after string) {
	_, base := filepath.Split(path)
	return "." + base[:min(len(base), longName)] + ".", ".new"
}

// dirOf returns the folder of a path. filepath.Dir would drop "link/..", which the
// system follows.
func dirOf(path string) string {
	dir, _ := filepath.Split(path)
	return cmp.Or(dir, "."+string(filepath.Separator))
}

// Finish sets the permissions of the file, and syncs it to disk if sync is set.
func (p *Pending) Finish(sync bool) (err error) {
	if p.replaced != nil {
		err = sameAccess(p.File, p.replaced)
	}
	if err == nil && sync {
		err = p.Sync()
	}
	return err
}

// Replace finishes the file and renames it to its path, replacing the file there.
func (p *Pending) Replace(sync bool) error {
	return p.move(sync, func() error { return os.Rename(p.Name(), p.path) })
}

// Place finishes the file and renames it to its path. The error wraps [fs.ErrExist] if
// the path exists.
func (p *Pending) Place(sync bool) error {
	return p.move(sync, func() error { return moveNew(p.Name(), p.path) })
}

func (p *Pending) move(sync bool, move func() error) error {
	if err := p.Finish(sync); err != nil {
		return err
	}
	if runtime.GOOS == "windows" { // which cannot rename an open file
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

// Discard closes the file, and removes it unless it has its path. It may be called
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

// BeginNew is Begin for a file that does not inherit the permissions of the file
// at its path. Anything at the path is replaced, unless it is a folder.
func BeginNew(path string, perm fs.FileMode) (*Pending, error) {
	return (&Pending{path: path}).begin(perm)
}
