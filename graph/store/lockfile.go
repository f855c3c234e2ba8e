package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/entente-kg/entente/graph/safefile"
)

// LockName is the name of the text file beside a store that says which process
// has the store open for writing. It is for people; the lock itself is the lock
// of bbolt on the store.
const LockName = "LOCK"

func lockPath(path string) string { return filepath.Join(filepath.Dir(path), LockName) }

// lockText is the LOCK file of a writer. The writer also locks it, so a file that
// a dead process has left is recognized.
type lockText struct {
	file *os.File
	path string
}

// lockBegin is the beginning of the text of a LOCK file.
const lockBegin = "pid "

// errLockName means that something else has the name of the LOCK file.
var errLockName = errors.New("and not the LOCK file of a graph: move it away")

// checkLock checks that the name of the LOCK file is free or belongs to a LOCK
// file. Anything else with that name is an error; it is not followed, written to
// or removed.
func checkLock(path string) error {
	name := lockPath(path)
	info, err := os.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is %s, %w", name, kindOf(info.Mode()), errLockName)
	}
	if text, err := readLock(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	} else if strings.Trim(text, "\x00") != "" && !strings.HasPrefix(text, lockBegin) {
		return fmt.Errorf("%s is a file with another text, %w", name, errLockName)
	}
	return nil
}

func kindOf(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	}
	return "a device"
}

// writeLock writes a new LOCK file for this process. The caller holds the lock of
// the store, so an old LOCK file was left by a dead process.
func writeLock(path string, mode fs.FileMode) (*lockText, error) {
	if err := checkLock(path); err != nil {
		return nil, err
	}
	name := lockPath(path)
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL|safefile.NoFollow, mode)
	if err != nil {
		return nil, err
	}
	l := &lockText{f, name}
	_ = safefile.TryLock(f, false) // without the lock, other processes ignore the text
	_, err = fmt.Fprintf(f, lockBegin+"%d has %s open for writing since %s\n",
		os.Getpid(), filepath.Base(path), time.Now().UTC().Format(time.RFC3339))
	if err != nil {
		return nil, errors.Join(err, l.release())
	}
	return l, nil
}

// release removes the LOCK file. It is no error if the file is gone already, or
// if another file has its name.
func (l *lockText) release() error {
	if l == nil {
		return nil
	}
	info, err := l.file.Stat()
	if err == nil && safefile.SameFile(l.path, info) {
		if err = os.Remove(l.path); errors.Is(err, fs.ErrNotExist) {
			err = nil // the opener of a new store in this folder was faster
		}
	}
	return errors.Join(err, l.file.Close())
}

// maxLockText is the number of bytes of a LOCK file that are read.
const maxLockText = 200

// readLock returns the text of the LOCK file.
func readLock(path string) (string, error) {
	f, err := safefile.OpenRegular(lockPath(path))
	if err != nil {
		return "", err
	}
	defer f.Close()
	var b [maxLockText]byte
	n, _ := f.Read(b[:])
	return string(b[:n]), nil
}

// whoWrites returns the text of the LOCK file as one short line, empty if the
// process that wrote it has ended.
func whoWrites(path string) string {
	f, err := safefile.OpenRegular(lockPath(path))
	if err != nil {
		return ""
	}
	defer f.Close()
	if safefile.TryLock(f, true) == nil {
		return ""
	}
	var b [maxLockText]byte
	n, _ := f.Read(b[:])
	line, _, _ := strings.Cut(string(b[:n]), "\n")
	return strings.Map(printable, line)
}

func printable(r rune) rune {
	if r < ' ' || r > '~' {
		return -1
	}
	return r
}

// lockedError returns an ErrLocked that names the process which has the store at
// path open for writing, if there is one.
func lockedError(path string) error {
	text := whoWrites(path)
	_, since, _ := strings.Cut(text, " open ")
	switch here, known := openHere(path, text); {
	case here && text != "":
		return fmt.Errorf("%s: %w: %w, %s: use that, or close it first", path, ErrLocked, ErrOpenHere, since)
	case here:
		return fmt.Errorf("%s: %w: %w, for reading: close it first", path, ErrLocked, ErrOpenHere)
	case text != "":
		return fmt.Errorf("%s: %w: %s", path, ErrLocked, text)
	case known:
		return fmt.Errorf("%s: %w: another process is reading it", path, ErrLocked)
	}
	return fmt.Errorf("%s: %w: it is open for reading, here or in another process", path, ErrLocked)
}

// openHere reports whether this process has the store open, if that is known;
// text is the text of the LOCK file. On a system that does not list the open
// files of a process, only a writer is known, by its process id.
func openHere(path, text string) (here, known bool) {
	own := strings.HasPrefix(text, fmt.Sprintf(lockBegin+"%d ", os.Getpid()))
	open, err := os.ReadDir(openFiles)
	if err != nil {
		return own, text != ""
	}
	if text != "" && !own {
		return false, true
	}
	info, err := os.Stat(path)
	return err == nil && slices.ContainsFunc(open, func(e fs.DirEntry) bool {
		other, err := os.Stat(filepath.Join(openFiles, e.Name()))
		return err == nil && os.SameFile(info, other)
	}), true
}

// openFiles is the folder in which Linux lists the open files of a process.
const openFiles = "/proc/self/fd"

// lockPoll is the time between two attempts to lock a file.
const lockPoll = 10 * time.Millisecond

// maxRemoved is how often a file may be replaced just before it is locked, even
// if the time to wait is over.
const maxRemoved = 10

// errRemoved means that the file was removed, or replaced, before it was locked.
// Data written to it would be lost.
var errRemoved = errors.New("the store was removed meanwhile")

// waitForLock calls try until no other process has the file locked, for at most
// wait. When ctx ends, it returns the cause.
func waitForLock(ctx context.Context, wait time.Duration, try func() error) error {
	deadline, removed := time.Now().Add(wait), 0
	for {
		if err := cause(ctx); err != nil {
			return err
		}
		err := try()
		late := !time.Now().Before(deadline)
		switch {
		case errors.Is(err, errRemoved) && (removed < maxRemoved || !late):
			removed++
			continue
		case errors.Is(err, errRemoved):
			return ErrLocked // other processes replace the file again and again
		case !errors.Is(err, ErrLocked) || late:
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(lockPoll):
		}
	}
}

// lockFile locks a file with the lock that bbolt uses, so that the file can be
// checked before bbolt opens it. On a system without such locks, only bbolt locks
// it.
func lockFile(f *os.File, shared bool) error {
	switch err := safefile.TryLock(f, shared); {
	case errors.Is(err, safefile.ErrHeld):
		return ErrLocked
	case errors.Is(err, errors.ErrUnsupported):
		return nil
	default:
		return err
	}
}
