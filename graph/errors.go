package graph

import "github.com/entente-kg/entente/graph/store"

// The errors of the store that a caller may branch on with [errors.Is].
var (
	// ErrLocked means that the graph is open elsewhere and was not closed within
	// Options.Wait. If ErrOpenHere is wrapped too, this process has it open.
	ErrLocked   = store.ErrLocked
	ErrOpenHere = store.ErrOpenHere
	// ErrReadOnly means that the graph was opened read-only, or is a graph at a
	// moment (see [Graph.At]).
	ErrReadOnly = store.ErrReadOnly
	// ErrDamaged means that the graph's file differs from what was written.
	// [Rebuild] copies what is readable.
	ErrDamaged = store.ErrDamaged
	// ErrVersion means that the graph's file has another format version.
	ErrVersion = store.ErrVersion
	// ErrStale means that the last change of the graph may be lost; see
	// [Graph.Stale] and Options.AcceptLoss.
	ErrStale = store.ErrStale
	// ErrClosed means that the graph, or the snapshot, was closed.
	ErrClosed = store.ErrClosed
)
