package store

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/entente-kg/entente/graph/safefile"
)

// lockPoll is how often a waiting opener looks.
const lockPoll = 10 * time.Millisecond

// maxRemoved is how often a file may be replaced just before it is locked until
// one that does not wait gives up.
const maxRemoved = 10

// errRemoved says that the file was removed, or replaced, before its lock was
// had: what is written into it would be lost.
var errRemoved = errors.New("the store was removed meanwhile")

// waitForLock tries to open a file until nobody else has it, up to wait. It returns the
// cause of ctx as soon as that ends.
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
			return ErrLocked // others change it all the time
		case !errors.Is(err, ErrLocked) || late:
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(lockPoll):
		}
	}
}

// lockFile takes the lock that bbolt takes on the same file, so that the file
// can be checked before bbolt opens it. Where a system has no such locks that is
// left to bbolt.
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
