//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package safefile

import (
	"errors"
	"os"
)

// Flags for opening, which other systems do not have.
const (
	NoFollow = 0
	NoWait   = 0
)

// TryLock has no locks here.
func TryLock(*os.File, bool) error { return errors.ErrUnsupported }

// own is false where nothing can be known to be left by a process that has died.
func own(os.FileInfo) bool { return false }

func sameAccess(f *os.File, other os.FileInfo) error { return f.Chmod(other.Mode().Perm()) }
