package gizmo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/query"
	cgizmo "github.com/cayleygraph/cayley/query/gizmo"
	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
)

// grace is how long Run waits for a script that it stopped.
const grace = 5 * time.Second

// errReaderStopped ends a run whose reader stopped reading rows.
var errReaderStopped = errors.New("reader stopped")

// errStillRunning is wrapped by the error of a run whose script goes on.
var errStillRunning = errors.New("the script is still running")

// run is one run of one script. Cayley starts a goroutine for the script; rows,
// and the methods that it calls, run on the goroutine of the caller.
type run struct {
	ctx    context.Context
	runner *Runner
	script string
	handle *cgraph.Handle
	shared atomic.Pointer[goja.Runtime] // vm, for the goroutine of rows
	err    error                        // why the script ended

	vm        *goja.Runtime
	g         *goja.Object // Cayley's own g
	functions *goja.Object // Cayley's own functions by name: iri, lt and so on
	paths     *goja.Object // the prototype of paths
	sentRows  bool         // the script sent rows by itself

	keysOf, valueOf goja.Callable // Object.keys and Reflect.get, which the script cannot replace

	names map[quad.IRI]string // of the entities in rows
}

func newRun(ctx context.Context, r *Runner, script string) *run {
	q := &run{ctx: ctx, runner: r, script: script}
	q.handle = &cgraph.Handle{QuadStore: &bootStore{QuadStore: r.qs, start: q.start}}
	return q
}

// rows passes each row of the script to yield and returns why there are no more.
func (q *run) rows(l Limits, yield func(Row) bool) (err error) {
	if err := q.contextError(); err != nil {
		return err
	}
	it, err := cgizmo.NewSession(q.handle).Execute(q.ctx, bootScript, query.Options{Collation: query.Raw, Limit: -1})
	if err != nil {
		return err
	}
	fed := false
	defer func() {
		if !fed { // yield panicked
			_ = q.stop(it)
		}
	}()
	err = q.yieldRows(it, l, yield)
	fed = true
	stopped, failed := q.contextError(), it.Err() // before stop, which causes errors of its own
	if left := q.stop(it); left != nil {
		return fmt.Errorf("%w; %w", cmp.Or(stopped, err), left)
	}
	if stopped == nil {
		return cmp.Or(err, q.err, failed)
	}
	var interrupted *goja.InterruptedError
	if errors.As(q.err, &interrupted) {
		if at := scriptPosition(interrupted.Stack()); at.Line > 0 {
			return newScriptError(q.script, at, stopped)
		}
	}
	return stopped
}

// yieldRows passes rows to yield until there are no more, or more than the limits
// allow.
func (q *run) yieldRows(it query.Iterator, l Limits, yield func(Row) bool) error {
	size := int64(0)
	for n := 0; it.Next(q.ctx); n++ {
		if l.Rows > 0 && n == l.Rows {
			return fmt.Errorf("%w: %d", ErrRows, l.Rows)
		}
		row, err := q.rowOf(it.Result())
		if err != nil {
			return err
		}
		if l.Output > 0 {
			b, err := row.MarshalJSON()
			if err != nil {
				return err
			}
			if size += int64(len(b)) + 1; size > l.Output {
				return fmt.Errorf("%w: %d bytes", ErrOutput, l.Output)
			}
		}
		if !yield(row) {
			return errReaderStopped
		}
	}
	return nil
}

// contextError returns the error of a context that has ended, with its cause.
func (q *run) contextError() error {
	err, cause := q.ctx.Err(), context.Cause(q.ctx)
	switch {
	case err == nil:
		return nil
	case errors.Is(cause, err), errors.Is(cause, ErrTimeout), errors.Is(cause, ErrMemory):
		return fmt.Errorf("query stopped: %w", cause)
	}
	return fmt.Errorf("query stopped: %w: %w", err, cause)
}

// stop ends the script and waits for its goroutine. A callback of the store may
// hide an interrupt from the script, so the interrupt is repeated until the
// script ends.
func (q *run) stop(it query.Iterator) error {
	for deadline := time.Now().Add(grace); time.Now().Before(deadline); {
		it.Close()
		if vm := q.shared.Load(); vm != nil {
			vm.Interrupt(errReaderStopped)
		}
		wait, cancel := context.WithTimeout(context.Background(), 2*time.Millisecond)
		more := it.Next(wait)
		ended := !more && wait.Err() == nil
		cancel()
		if ended {
			return nil
		}
	}
	return fmt.Errorf("%w %v after it was stopped", errStillRunning, grace)
}

// start runs the script. The boot script calls it within Cayley's session. It
// recovers a panic, which would otherwise end the process.
func (q *run) start(_ goja.FunctionCall, vm *goja.Runtime) goja.Value {
	defer func() {
		if x := recover(); x != nil {
			q.err = fmt.Errorf("query: Cayley cannot run this: %v", x)
		}
	}()
	q.handle.QuadStore = q.runner.qs
	q.vm = vm
	q.shared.Store(vm)
	q.err = q.execute()
	return goja.Undefined()
}

func (q *run) execute() error {
	program, err := compile(q.script)
	if err != nil {
		return err
	}
	if err := q.install(); err != nil {
		return err
	}
	value, err := q.vm.RunProgram(program)
	if err == nil && !q.sentRows {
		err = q.sendValue(value)
	}
	return scriptError(q.script, err)
}
