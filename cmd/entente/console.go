package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/entente-kg/entente/cmd/entente/internal/shell"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/nquads"
)

// console is the standard streams of a run. It prints errors, hints and notes.
type console struct {
	in   io.Reader
	out  io.Writer // answers
	errs io.Writer // errors and notes

	colored bool // errs shows colours
}

// report prints an error and its hint, and returns the exit code.
func (c *console) report(cmd *cobra.Command, err error) int {
	if err == nil {
		return exitOK
	}
	code := exitCode(err)
	text := err.Error()
	if code == exitInterrupted {
		text = "interrupted"
	}
	if errors.As(err, new(shell.ReportedError)) || errors.Is(err, errDiffers) { // the answer says it
		return code
	}
	if all := loaders.Problems(err); len(all) > 1 && errors.Is(err, loaders.ErrInput) {
		for _, p := range all {
			c.complain(p.Error(), p.Hint())
		}
		return code
	}
	c.complain(text, schema.Hint(err))
	if code == exitUsage && schema.Hint(err) == "" {
		fmt.Fprintf(c.errs, "  hint: %s --help\n", cmd.CommandPath())
	}
	return code
}

func (c *console) complain(text, hint string) {
	fmt.Fprintln(c.errs, c.red("entente:")+" "+render.Clean(strings.TrimSpace(text)))
	if hint != "" {
		fmt.Fprintln(c.errs, "  hint: "+render.Clean(hint))
	}
}

// hasColors reports whether a writer is a terminal with colours.
func hasColors(w io.Writer) bool {
	return isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// red returns a text in red if errors go to a terminal with colours.
func (c *console) red(s string) string {
	if !c.colored {
		return s
	}
	return "\x1b[31m" + s + "\x1b[0m"
}

// warn prints a note.
func (c *console) warn(format string, args ...any) {
	fmt.Fprintln(c.errs, render.Clean("note: "+fmt.Sprintf(format, args...)))
}

// The exit codes. The README documents them.
const (
	exitOK          = 0
	exitFailure     = 1
	exitUsage       = 2
	exitRejected    = 3
	exitNotFound    = 4
	exitLocked      = 5
	exitDamaged     = 6
	exitQuery       = 7
	exitDiff        = 8
	exitInterrupted = 130
)

// errUsage is wrapped by errors of flags, arguments and configuration.
var errUsage = errors.New("usage")

// errDamaged is wrapped by errors of a damaged graph.
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
	{errDiffers, exitFailure}, {errDiff, exitDiff},
	{errUsage, exitUsage}, {graph.ErrDatasetName, exitUsage}, {paths.ErrQuery, exitUsage},
	{context.Canceled, exitInterrupted},
	{graph.ErrLocked, exitLocked},
	{graph.ErrDamaged, exitDamaged}, {graph.ErrVersion, exitDamaged}, {graph.ErrStale, exitDamaged}, {errDamaged, exitDamaged},
	{gizmo.ErrTimeout, exitQuery}, {gizmo.ErrMemory, exitQuery}, {gizmo.ErrOutput, exitQuery}, {gizmo.ErrEnded, exitQuery},
	{graph.ErrNotFound, exitNotFound}, {graph.ErrAmbiguous, exitNotFound}, {graph.ErrNoGraph, exitNotFound},
	{graph.ErrRejected, exitRejected}, {graph.ErrConflict, exitRejected}, {graph.ErrCycle, exitRejected}, {loaders.ErrInput, exitRejected}, {nquads.ErrSyntax, exitRejected},
	{graph.ErrElsewhere, exitRejected}, {graph.ErrEdited, exitRejected},
	{graph.ErrUndeclared, exitRejected}, {graph.ErrInUse, exitRejected}, {graph.ErrIdentity, exitRejected},
}

func exitCode(err error) int {
	if script := (*gizmo.ScriptError)(nil); errors.As(err, &script) && !errors.Is(err, context.Canceled) && !errors.Is(err, graph.ErrDamaged) {
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
	if row := (*schema.RowError)(nil); errors.As(err, &row) {
		return exitRejected
	}
	return exitFailure
}
