//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package safefile

import (
	"errors"
	"os"
)

// Flags for opening files, which these systems do not have.
const (
	NoFollow = 0
	NoWait   = 0
)

// TryLock does nothing: these systems have no flock.
func TryLock(*os.File, bool) error { return errors.ErrUnsupported }

// ownedByUser is false: without locks, no file is known to be left by a killed
// process.
func ownedByUser(os.FileInfo) bool { return false }

func sameAccess(f *os.File, other os.FileInfo) error { return f.Chmod(other.Mode().Perm()) }
