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

// ErrHeld means that another open file, of this process or another, has the lock.
var ErrHeld = errors.New("locked")

// Sweep removes the unfinished files that killed processes left beside a path, and
// reports whether a process is writing such a file now. Files that are locked, or
// that belong to another user, stay.
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

// namesIn returns the names in a folder, none if the folder cannot be listed.
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

// sweepFile removes a file that is not locked.
func sweepFile(path string) (held bool, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|NoFollow|NoWait, 0)
	if errors.Is(err, fs.ErrPermission) { // the file that it would have replaced is read-only
		f, err = os.OpenFile(path, os.O_RDONLY|NoFollow|NoWait, 0)
	}
	if err != nil {
		return false, nil // removed meanwhile, or another user's
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || !ownedByUser(info) {
		return false, nil
	}
	if err := TryLock(f, false); err != nil || !SameFile(path, info) {
		return errors.Is(err, ErrHeld), nil
	}
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	return false, nil
}

// Folder is a private folder (0700) of one process, which holds a lock on it as
// long as the process lives.
type Folder struct {
	Path    string
	lock    *os.File
	removed sync.Once
}

// Prefixes of the names of temporary folders: of staged loads, and of all.
const (
	LoadPrefix = "entente-load-"
	AnyPrefix  = "entente-"
)

// TempFolder makes a folder in the system's folder for temporary files, and removes
// the folders that killed processes of this program left there.
func TempFolder(prefix string) (*Folder, error) {
	dir := os.TempDir()
	sweepFolders(dir, LoadPrefix, AnyPrefix)
	return MakeFolder(dir, prefix)
}

// FolderIn makes a folder, whose name has the prefix, in another folder, and removes
// the folders with that prefix that killed processes left there.
func FolderIn(dir, prefix string) (*Folder, error) {
	sweepFolders(dir, prefix)
	return MakeFolder(dir, prefix)
}

// MakeFolder makes a folder whose name is the prefix and a number.
func MakeFolder(dir, prefix string) (f *Folder, err error) {
	for range maxAttempts {
		f = &Folder{Path: filepath.Join(dir, prefix+unique())}
		if err = os.Mkdir(f.Path, 0o700); errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if f.lock, err = os.OpenFile(f.Path, os.O_RDONLY|NoFollow, 0); err == nil && lockNew(f.lock, f.Path) {
			return f, nil
		}
		if f.lock != nil {
			f.lock.Close()
		}
	}
	return nil, err
}

// Remove removes the folder with its files. It may be called twice.
func (f *Folder) Remove() (err error) {
	f.removed.Do(func() { err = errors.Join(os.RemoveAll(f.Path), f.lock.Close()) })
	return err
}

// Place moves the folder to a path that does not exist, or is an empty folder, and syncs
// the folder above it. Its permissions become 0777 less the umask. After it, Remove does
// not remove anything.
func (f *Folder) Place(path string) (err error) {
	perm, err := newDirPerm(f.Path)
	if err == nil {
		err = os.Chmod(f.Path, perm)
	}
	if err == nil {
		err = removeEmpty(path)
	}
	if err == nil {
		err = os.Rename(f.Path, path)
	}
	if err != nil {
		return err
	}
	f.removed.Do(func() { err = f.lock.Close() })
	return errors.Join(err, SyncDir(filepath.Dir(path)))
}

// removeEmpty removes an empty folder, if there is one at the path. Anything else is an
// error.
func removeEmpty(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil && !info.IsDir():
		return &fs.PathError{Op: "replace", Path: path, Err: fs.ErrExist}
	case err == nil:
		err = os.Remove(path)
	}
	return err
}

// newDirPerm returns the permissions of a new folder in another folder.
func newDirPerm(dir string) (fs.FileMode, error) {
	probe := filepath.Join(dir, ".perm")
	if err := os.Mkdir(probe, 0o777); err != nil {
		return 0, err
	}
	info, err := os.Stat(probe)
	if err == nil {
		err = os.Remove(probe)
	}
	if err != nil {
		return 0, err
	}
	return info.Mode().Perm(), nil
}

// folderFiles are the names of the files that this program makes in a folder of
// its own, apart from unfinished files. A folder that holds any other file is not
// swept.
var folderFiles = []string{"graph.db", "LOCK", "graph.paths", "graph.paths.new"}

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

// sweepFolder removes a folder that is not locked. It removes files relative to the
// opened folder, so that a link put in its place meanwhile is not followed.
func sweepFolder(path string) error {
	d, err := os.OpenFile(path, os.O_RDONLY|NoFollow|NoWait, 0)
	if err != nil {
		return err
	}
	defer d.Close()
	info, err := d.Stat()
	if err != nil || !info.IsDir() || !ownedByUser(info) || TryLock(d, false) != nil || !SameFile(path, info) {
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

// sweepable reports whether this program left a file in a folder of its own, and no
// process has the file open.
func sweepable(root *os.Root, name string) bool {
	pending := strings.HasPrefix(name, ".graph.") && strings.HasSuffix(name, ".new")
	if !pending && !slices.Contains(folderFiles, name) {
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
