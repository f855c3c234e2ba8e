package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
)

var (
	// ErrLocked means that another process, or another Store of this one, has
	// the file open and Options.Wait went by. The error's text holds what the
	// LOCK file says about who it is.
	ErrLocked = errors.New("store is locked")
	// ErrVersion means that the file was written in another format version.
	ErrVersion = errors.New("unknown format version")
	// ErrDamaged means that the file is not a store, or that bytes of it are
	// not what was written.
	ErrDamaged = errors.New("store is damaged")
	// ErrReadOnly answers a write to a store opened read-only, or to a Snapshot.
	ErrReadOnly = errors.New("store is read-only")
	// ErrClosed answers every use of a closed Store, Snapshot or Tx.
	ErrClosed = errors.New("store is closed")
)

// guarded runs fn, which touches pages of the mapped file. bbolt trusts these,
// so that a damaged page can end in a panic or in a read outside the file: both
// become ErrDamaged.
func guarded(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, p)
		}
	}()
	return fn()
}

// cause is why ctx ended, nil while it has not.
func cause(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return context.Cause(ctx)
}
