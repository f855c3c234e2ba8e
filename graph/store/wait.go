package store

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/entente-kg/entente/graph/safefile"
)

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
