package safefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// ErrHeld says that another process, or another opener in this one, has a lock.
var ErrHeld = errors.New("locked")

// Sweep removes what processes that were killed have left of files for a path,
// and reports whether a process is writing one now. What is locked, or belongs to
// another user, stays.
func Sweep(path string) (busy bool, err error) {
	dir := dirOf(path)
	before, after := pendingName(path)
	var errs []error
	for _, name := range namesIn(dir) {
		if len(name) <= len(before)+len(after) || !strings.HasPrefix(name, before) || !strings.HasSuffix(name, after) ||
			!isNumber(name[len(before):len(name)-len(after)]) {
			continue
		}
		held, err := sweepFile(dir + name)
		busy = busy || held
		errs = append(errs, err)
	}
	return busy, errors.Join(errs...)
}

// namesIn lists a folder; one that cannot be listed has no files of ours.
func namesIn(dir string) []string {
	d, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer d.Close()
	names, _ := d.Readdirnames(-1)
	return names
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// sweepFile removes a file that nobody has locked.
func sweepFile(path string) (held bool, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|NoFollow|NoWait, 0)
	if errors.Is(err, fs.ErrPermission) { // it was to replace a file that must not be written to
		f, err = os.OpenFile(path, os.O_RDONLY|NoFollow|NoWait, 0)
	}
	if err != nil {
		return false, nil // gone meanwhile, or not ours
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || !own(info) {
		return false, nil
	}
	if err := TryLock(f, false); err != nil || !Is(path, info) {
		return errors.Is(err, ErrHeld), nil
	}
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	return false, nil
}

// Folder is a folder for one process, which nobody else can read: it is locked
// for as long as the process lives.
type Folder struct {
	Path string
	lock *os.File
	gone sync.Once
}

// What the names of temporary folders begin with: those of staged loads, and all.
const (
	LoadPrefix = "entente-load-"
	AnyPrefix  = "entente-"
)

// TempFolder makes a folder in the system's folder for temporary files, and
// removes those that processes of this program have left there that were killed.
func TempFolder(prefix string) (*Folder, error) {
	dir := os.TempDir()
	sweepFolders(dir, LoadPrefix, AnyPrefix)
	return MakeFolder(dir, prefix)
}

// FolderIn makes a folder of a prefix in another folder, and removes those of
// that prefix that were left there.
func FolderIn(dir, prefix string) (*Folder, error) {
	sweepFolders(dir, prefix)
	return MakeFolder(dir, prefix)
}

// MakeFolder makes a folder whose name is the prefix and a number.
func MakeFolder(dir, prefix string) (f *Folder, err error) {
	for range attempts {
		f = &Folder{Path: filepath.Join(dir, prefix+unique())}
		if err = os.Mkdir(f.Path, 0o700); errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if f.lock, err = os.OpenFile(f.Path, os.O_RDONLY|NoFollow, 0); err == nil && holds(f.lock, f.Path) {
			return f, nil
		}
		if f.lock != nil {
			f.lock.Close()
		}
	}
	return nil, err
}

// Remove removes the folder and all that is in it. It may be called twice.
func (f *Folder) Remove() (err error) {
	f.gone.Do(func() { err = errors.Join(os.RemoveAll(f.Path), f.lock.Close()) })
	return err
}

// parts are the files that this program puts into a folder of its own, but for
// those that are being written. A folder with anything else in it is not swept.
var parts = []string{"graph.db", "LOCK", "graph.paths", "graph.paths.new"}

func sweepFolders(dir string, prefixes ...string) {
	for _, name := range namesIn(dir) {
		if slices.ContainsFunc(prefixes, func(prefix string) bool {
			number, ok := strings.CutPrefix(name, prefix)
			return ok && isNumber(number)
		}) {
			_ = sweepFolder(filepath.Join(dir, name)) // the next sweep tries again
		}
	}
}

// sweepFolder removes a folder that nobody has locked. What is removed is in the
// folder that was looked at, wherever its name leads meanwhile.
func sweepFolder(path string) error {
	d, err := os.OpenFile(path, os.O_RDONLY|NoFollow|NoWait, 0)
	if err != nil {
		return err
	}
	defer d.Close()
	info, err := d.Stat()
	if err != nil || !info.IsDir() || !own(info) || TryLock(d, false) != nil || !Is(path, info) {
		return err
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return err
	}
	defer root.Close()
	if inside, err := root.Stat("."); err != nil || !os.SameFile(inside, info) {
		return err
	}
	names, err := d.Readdirnames(-1)
	if err != nil || slices.ContainsFunc(names, func(name string) bool { return !sweepable(root, name) }) {
		return err
	}
	for _, name := range names {
		if err := root.Remove(name); err != nil {
			return err
		}
	}
	return os.Remove(path)
}

// sweepable reports whether a file is one that this program has left in a folder
// of its own, and that nobody has open.
func sweepable(root *os.Root, name string) bool {
	pending := strings.HasPrefix(name, ".graph.") && strings.HasSuffix(name, ".new")
	if !pending && !slices.Contains(parts, name) {
		return false
	}
	info, err := root.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := root.OpenFile(name, os.O_RDONLY|NoFollow|NoWait, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	return TryLock(f, false) == nil
}
