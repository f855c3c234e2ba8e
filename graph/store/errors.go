package store

import (
	"context"
	"errors"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

var (
	// ErrLocked means that another process, or another Store of this process, has
	// the file open and did not close it within Options.Wait. If the LOCK file
	// names the process, the text of the error does, too.
	ErrLocked = errors.New("store is locked")
	// ErrOpenHere is wrapped together with ErrLocked if this process itself has
	// the file open.
	ErrOpenHere = errors.New("this process has it open already")
	// ErrVersion means that the file was written in another format version.
	ErrVersion = quadfile.ErrVersion
	// ErrDamaged means that the file is not a store, or that some of its bytes
	// are not the bytes that were written.
	ErrDamaged = quadfile.ErrDamaged
	// ErrStale means that the last change of the store may be lost: the meta
	// pages, which alternately name the newest state, are not as a commit leaves
	// them. Such a store is not opened for writing unless Options.AcceptLoss is
	// set: the next change would make the loss permanent, and [Rebuild] may still
	// find the newer state.
	ErrStale = quadfile.ErrStale
	// ErrLarge means that [SubjectReader.MaxBytes] does not allow what was read.
	ErrLarge = quadfile.ErrLarge
	// ErrClosed is the error of every use of a closed Store, Snapshot or Tx.
	ErrClosed = quadfile.ErrClosed
	// ErrReadOnly is the error of a write to a store that is open read-only, or
	// to a Snapshot.
	ErrReadOnly = errors.New("store is read-only")
)

// cause returns why ctx ended, nil if it has not ended.
func cause(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return context.Cause(ctx)
}
