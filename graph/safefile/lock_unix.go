//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package safefile

import (
	"errors"
	"os"
	"syscall"
)

// Flags for opening files: do not follow a link, and do not wait for a pipe.
const (
	NoFollow = syscall.O_NOFOLLOW
	NoWait   = syscall.O_NONBLOCK
)

// TryLock takes an exclusive or a shared lock on an open file or folder. The error is
// [ErrHeld] if another open file has a conflicting lock. The lock ends with the
// process, or when the file is closed.
func TryLock(f *os.File, shared bool) error {
	how := syscall.LOCK_EX | syscall.LOCK_NB
	if shared {
		how = syscall.LOCK_SH | syscall.LOCK_NB
	}
	for {
		err := syscall.Flock(int(f.Fd()), how)
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return ErrHeld
		default:
			return err
		}
	}
}

// ownedByUser reports whether a file belongs to the user of this process.
func ownedByUser(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

// sameAccess gives a new file the owner, group and permissions of another file.
// If it cannot have the group, the group has the permissions of all other users.
func sameAccess(f *os.File, other os.FileInfo) error {
	mode := other.Mode().Perm()
	mine, err := f.Stat()
	if err != nil {
		return err
	}
	is, ok1 := mine.Sys().(*syscall.Stat_t)
	was, ok2 := other.Sys().(*syscall.Stat_t)
	if ok1 && ok2 && is.Uid != was.Uid {
		_ = f.Chown(int(was.Uid), -1) // only root may
	}
	if ok1 && ok2 && is.Gid != was.Gid && f.Chown(-1, int(was.Gid)) != nil {
		mode = mode&^0o070 | mode&0o007<<3&mode
	}
	return f.Chmod(mode)
}
