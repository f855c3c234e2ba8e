package store

import (
	"context"
	"errors"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

var (
	// ErrLocked means that another process, or another Store of this one, has
	// the file open and Options.Wait went by. The error's text holds what the
	// LOCK file says about who it is.
	ErrLocked = errors.New("store is locked")
	// ErrOpenHere is wrapped beside ErrLocked where it is this process that has the
	// file open.
	ErrOpenHere = errors.New("this process has it open already")
	// ErrVersion means that the file was written in another format version.
	ErrVersion = quadfile.ErrVersion
	// ErrDamaged means that the file is not a store, or that bytes of it are
	// not what was written.
	ErrDamaged = quadfile.ErrDamaged
	// ErrStale means that the last change of the store may be lost: the meta pages,
	// which name the newest state in turns, are not as a commit leaves them. A store
	// is not opened for writing then, unless Options.AcceptLoss allows it: the next
	// change would make the loss permanent, and [Rebuild] may still find the newer
	// state.
	ErrStale = quadfile.ErrStale
	// ErrClosed answers every use of a closed Store, Snapshot or Tx.
	ErrClosed = quadfile.ErrClosed
	// ErrReadOnly answers a write to a store opened read-only, or to a Snapshot.
	ErrReadOnly = errors.New("store is read-only")
)

// cause is why ctx ended, nil while it has not.
func cause(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return context.Cause(ctx)
}
