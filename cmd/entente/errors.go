package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema/nquads"
)

// The exit codes, as the README lists them.
const (
	exitOK          = 0
	exitFailure     = 1
	exitUsage       = 2
	exitRejected    = 3
	exitNotFound    = 4
	exitLocked      = 5
	exitDamaged     = 6
	exitQuery       = 7
	exitInterrupted = 130
)

// errUsage is wrapped by errors of flags, arguments and configuration.
var errUsage = errors.New("usage")

// errDamaged is wrapped where verify finds problems.
var errDamaged = errors.New("the graph is damaged")

type usageError struct{ error }

func (e usageError) Is(target error) bool { return target == errUsage }
func (e usageError) Unwrap() error        { return e.error }

func usage(err error) error { return usageError{err} }

func usagef(format string, args ...any) error { return usage(fmt.Errorf(format, args...)) }

// exitCodes is searched in order.
var exitCodes = []struct {
	err  error
	code int
}{
	{errUsage, exitUsage}, {graph.ErrDatasetName, exitUsage}, {paths.ErrQuery, exitUsage},
	{context.Canceled, exitInterrupted},
	{store.ErrLocked, exitLocked},
	{store.ErrDamaged, exitDamaged}, {store.ErrVersion, exitDamaged}, {store.ErrStale, exitDamaged}, {errDamaged, exitDamaged},
	{gizmo.ErrTimeout, exitQuery}, {gizmo.ErrMemory, exitQuery}, {gizmo.ErrOutput, exitQuery}, {gizmo.ErrEnded, exitQuery},
	{graph.ErrNotFound, exitNotFound}, {graph.ErrAmbiguous, exitNotFound}, {graph.ErrNoGraph, exitNotFound},
	{graph.ErrRejected, exitRejected}, {graph.ErrConflict, exitRejected}, {graph.ErrCycle, exitRejected}, {errInput, exitRejected}, {nquads.ErrSyntax, exitRejected},
	{graph.ErrElsewhere, exitRejected},
}

func exitCode(err error) int {
	if script := (*gizmo.ScriptError)(nil); errors.As(err, &script) && !errors.Is(err, context.Canceled) && !errors.Is(err, store.ErrDamaged) {
		return exitQuery
	}
	if child := (*childError)(nil); errors.As(err, &child) {
		return child.code
	}
	for _, known := range exitCodes {
		if errors.Is(err, known.err) {
			return known.code
		}
	}
	return exitFailure
}
