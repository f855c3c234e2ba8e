//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package store

import (
	"os"
	"time"
)

// lockFile leaves locking to bbolt.
func lockFile(*os.File, bool, time.Duration) error { return nil }
