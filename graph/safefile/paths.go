package safefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// MoveNew renames a file to a path that does not exist, and syncs the folder. The
// error wraps [fs.ErrExist] if the path exists.
func MoveNew(from, to string) error {
	if err := moveNew(from, to); err != nil {
		return err
	}
	return SyncDir(dirOf(to))
}

func moveNew(from, to string) error {
	err := os.Link(from, to)
	switch {
	case err == nil:
		return os.Remove(from)
	case errors.Is(err, fs.ErrExist):
		return err
	}
	if _, err := os.Lstat(to); err == nil { // a file system without links
		return fmt.Errorf("%s: %w", to, fs.ErrExist)
	}
	return os.Rename(from, to)
}

// SyncDir syncs a folder to disk, so that renamed files keep their names.
func SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if errors.Is(err, fs.ErrPermission) {
		return nil // a folder may be writable and not readable
	}
	if err != nil {
		return err
	}
	if err = d.Sync(); errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil // on a file system that does not sync folders
	}
	return errors.Join(err, d.Close())
}

// Resolve follows the symbolic links in the last element of a path. The file itself
// need not exist.
func Resolve(path string) (string, error) {
	at := path
	for range maxLinks {
		to, err := os.Readlink(at)
		if err != nil {
			return at, nil // no link
		}
		if !filepath.IsAbs(to) {
			dir, _ := filepath.Split(at)
			to = dir + to // as the system follows it, whatever ".." is in it
		}
		at = to
	}
	return "", &fs.PathError{Op: "follow", Path: path, Err: errors.New("too many links")}
}

const maxLinks = 40

// MakeDir makes a folder and its missing parents with the permissions 0777 less the
// umask, and syncs them to disk.
func MakeDir(dir string) error {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	parent := filepath.Dir(dir)
	if parent != dir {
		if err := MakeDir(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o777); err != nil {
		info, statErr := os.Stat(dir)
		if statErr == nil && info.IsDir() {
			return nil // another process was faster
		}
		if to, linkErr := os.Readlink(dir); linkErr == nil {
			return fmt.Errorf("%s: a link to %s, which is no folder", dir, to)
		}
		switch {
		case errors.Is(err, fs.ErrExist) && errors.Is(statErr, fs.ErrNotExist):
			return MakeDir(dir) // another process has just removed it
		case errors.Is(err, fs.ErrExist):
			err = &fs.PathError{Op: "mkdir", Path: dir, Err: syscall.ENOTDIR}
		}
		return err
	}
	return SyncDir(parent)
}

// OpenRegular opens a regular file for reading. A link, a pipe, a folder and a device
// are refused with [ErrKind]; it never waits for a pipe.
func OpenRegular(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|NoFollow|NoWait, 0)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, fmt.Errorf("%s: %w", path, ErrKind), f.Close())
	}
	return f, nil
}

// ErrKind means that a path is not a regular file.
var ErrKind = errors.New("not a regular file")

// Exists reports whether a path exists, even as a link to nothing.
func Exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
