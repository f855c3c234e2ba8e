package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// lockName is the text file beside a store that says which process has it
// open for writing. It is for people: the lock itself is bbolt's, on the file.
const lockName = "LOCK"

func lockPath(path string) string { return filepath.Join(filepath.Dir(path), lockName) }

// writeLock says that this process has the store open. It is written after the
// lock was got, so a text left by a process that died is replaced.
func writeLock(path string) error {
	text := fmt.Sprintf("pid %d has %s open for writing since %s\n",
		os.Getpid(), filepath.Base(path), time.Now().UTC().Format(time.RFC3339))
	return os.WriteFile(lockPath(path), []byte(text), 0o644)
}

// removeLock takes the LOCK file away. That it is gone already is no error.
func removeLock(path string) error {
	if err := os.Remove(lockPath(path)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// readLock returns the text of the LOCK file, at most one short line.
func readLock(path string) string {
	f, err := os.Open(lockPath(path))
	if err != nil {
		return ""
	}
	defer f.Close()
	var b [200]byte
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

// lockedError explains who holds the store at path.
func lockedError(path string) error {
	if text := readLock(path); text != "" {
		return fmt.Errorf("%s: %w: %s", path, ErrLocked, text)
	}
	return fmt.Errorf("%s: %w: another process is reading it", path, ErrLocked)
}
