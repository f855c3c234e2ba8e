package store

import (
	"context"
	"errors"
)

var (
	// ErrLocked means that another process, or another Store of this one, has
	// the file open and Options.Wait went by. The error's text holds what the
	// LOCK file says about who it is.
	ErrLocked = errors.New("store is locked")
	// ErrReadOnly answers a write to a store opened read-only, or to a Snapshot.
	ErrReadOnly = errors.New("store is read-only")
	// ErrClosed answers every use of a closed Store, Snapshot or Tx.
	ErrClosed = errors.New("store is closed")
)

// cause is why ctx ended, nil while it has not.
func cause(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return context.Cause(ctx)
}
