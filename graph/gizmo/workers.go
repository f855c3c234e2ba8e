package gizmo

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"path/filepath"
	"sync"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/internal/worker"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// DefaultMemory is the memory of a worker in bytes by default.
const DefaultMemory = 512 << 20

// WorkerOptions are options of [NewWorkers]. The zero value is valid.
type WorkerOptions struct {
	Vocabulary *schema.Vocabulary // nil is the built-in vocabulary
	Wait       time.Duration      // how long to wait for a graph that another process writes
	Memory     int64              // bytes of data of each process; zero is [DefaultMemory]
	Names      bool               // adds the names of the entities in rows
}

// Workers run scripts over a graph in child processes. A script can end its own
// process but not the program: a child that ended is the error of one script.
// Each script opens the graph for reading and closes it, so other processes may
// write between scripts. Several goroutines may run scripts at a time, each
// script in a process of its own. Processes are kept for the next scripts.
type Workers struct {
	program Program
	source  source
	opts    WorkerOptions

	mu     sync.Mutex
	idle   []*worker.Worker
	busy   map[*worker.Worker]bool
	closed bool
}

// NewWorkers returns workers for the graph in a folder. The program is the result
// of [Main]. The first process starts at once, others when they are needed.
func NewWorkers(program Program, dir string, opts *WorkerOptions) (*Workers, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if opts == nil {
		opts = &WorkerOptions{}
	}
	return newWorkers(program, fixedFolder(dir), *opts)
}

func newWorkers(program Program, from source, opts WorkerOptions) (*Workers, error) {
	w := &Workers{program: program, source: from, opts: opts, busy: make(map[*worker.Worker]bool)}
	w.opts.Memory = cmp.Or(w.opts.Memory, DefaultMemory)
	first, err := program.program.Start(worker.Process{Memory: w.opts.Memory})
	if err != nil {
		return nil, err
	}
	w.idle = append(w.idle, first)
	return w, nil
}

// Close ends the processes, and scripts that still run.
func (w *Workers) Close() error {
	w.mu.Lock()
	idle := w.idle
	w.idle, w.closed = nil, true
	for child := range w.busy {
		child.Kill()
	}
	w.mu.Unlock()
	var errs []error
	for _, child := range idle {
		errs = append(errs, child.Close())
	}
	return errors.Join(append(errs, w.source.close())...)
}

// maxIdle is how many idle processes are kept.
const maxIdle = 2

var errClosed = errors.New("no script can run: it was closed")

func (w *Workers) acquire() (child *worker.Worker, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil, errClosed
	}
	if n := len(w.idle); n > 0 {
		child, w.idle = w.idle[n-1], w.idle[:n-1]
	} else if child, err = w.program.program.Start(worker.Process{Memory: w.opts.Memory}); err != nil {
		return nil, err
	}
	w.busy[child] = true
	return child, nil
}

// release keeps a worker for the next script, or ends a worker that is not fit
// for another. If no idle worker is left then, it starts one.
func (w *Workers) release(child *worker.Worker, fit bool) {
	w.mu.Lock()
	delete(w.busy, child)
	keep := fit && !w.closed && len(w.idle) < maxIdle
	if keep {
		w.idle = append(w.idle, child)
	}
	replace := !fit && !w.closed && len(w.idle) == 0
	w.mu.Unlock()
	if keep {
		return
	}
	_ = child.Close()
	if replace {
		if next, err := w.program.program.Start(worker.Process{Memory: w.opts.Memory}); err == nil {
			w.release(next, true)
		}
	}
}

// Run is [Runner.Run] in a child process. If the process ended, the error wraps
// [ErrEnded].
func (w *Workers) Run(ctx context.Context, script string, l Limits) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		_, err := w.runInChild(ctx, scriptRequest{Script: script, Limits: l}, func(rows []wireRow) error {
			for _, wired := range rows {
				row, err := wired.decode()
				if err != nil {
					return err
				}
				if !yield(row, nil) {
					return errReaderStopped
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, errReaderStopped) {
			yield(Row{}, err)
		}
	}
}

// Explain is [Runner.Explain] in a child process.
func (w *Workers) Explain(ctx context.Context, script string, l Limits) (*Explanation, error) {
	return w.runInChild(ctx, scriptRequest{Script: script, Limits: l, Explain: true}, nil)
}

func (w *Workers) runInChild(ctx context.Context, r scriptRequest, rows func([]wireRow) error) (*Explanation, error) {
	if err := checkSize(r.Script); err != nil {
		return nil, err
	}
	from, release, err := w.source.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	r.Graph, r.Wait, r.Memory, r.Names = from, w.opts.Wait, w.opts.Memory, w.opts.Names
	if w.opts.Vocabulary != nil {
		r.Vocabulary = w.opts.Vocabulary.Extensions()
	}
	child, err := w.acquire()
	if err != nil {
		return nil, err
	}
	fit := false // remains false if the reader of the rows panics
	defer func() { w.release(child, fit) }()
	timed, end := context.WithCancelCause(ctx)
	defer end(nil)
	timer := w.timer(r.Limits, end)
	defer timer.Stop()
	reply, err := child.Do(timed, w.call(r), func(part []byte) error {
		var list []wireRow
		if err := json.Unmarshal(part, &list); err != nil {
			return err
		}
		if list == nil { // the graph is open
			timer.Reset(r.Limits.timeout() + childGrace)
			return nil
		}
		return rows(list)
	})
	fit = !errors.Is(err, ErrEnded)
	switch {
	case errors.Is(err, errReaderStopped):
		return nil, errReaderStopped
	case err != nil:
		return nil, w.endedError(err, r.Limits)
	}
	var o scriptOutcome
	if err := json.Unmarshal(reply, &o); err != nil {
		return nil, err
	}
	if o.Failure == nil {
		return o.Plan, nil
	}
	err = o.Failure.asError(context.Cause(timed))
	fit = !o.Failure.Running && !errors.Is(err, ErrMemory) // its heap is still near the limit
	return o.Plan, openHere(from, err)
}

// openHere returns the error of a script. If the child cannot open the graph since
// this program itself has it open, the error says so.
func openHere(from folder, err error) error {
	if !errors.Is(err, store.ErrLocked) {
		return err
	}
	s, here := store.Open(filepath.Join(from.Path, graph.File), &store.Options{ReadOnly: true})
	switch {
	case here == nil:
		_ = s.Close() // the lock was released meanwhile
	case errors.Is(here, store.ErrOpenHere):
		return fmt.Errorf("%w; gizmo.Open runs scripts over an open graph", here)
	}
	return err
}

// childGrace is how much longer than the script its process may run.
const childGrace = 500 * time.Millisecond

// timer ends a script whose process does not end it in time. At first the time
// includes the wait for the graph.
func (w *Workers) timer(l Limits, end context.CancelCauseFunc) *time.Timer {
	if l.timeout() < 0 {
		return time.NewTimer(math.MaxInt64)
	}
	return time.AfterFunc(w.opts.Wait+l.timeout()+childGrace, func() { end(fmt.Errorf("%w after %v", ErrTimeout, l.timeout())) })
}

// call returns the call with the limits of the process, which are wider than the
// limits of the script: the script's own error has more detail.
func (w *Workers) call(r scriptRequest) worker.Call {
	c := worker.Call{Job: scriptJob, Request: r}
	if timeout := r.Limits.timeout(); timeout > 0 {
		c.CPU = 2*timeout + childGrace // two processors
	}
	if r.Limits.Output > 0 {
		c.Output = 64*r.Limits.Output + 16<<20 // rows with kinds and names, even of a single digit
	}
	return c
}

// endedError describes what ended a process, by the limits of the script.
func (w *Workers) endedError(err error, l Limits) error {
	switch {
	case errors.Is(err, worker.ErrMemory):
		return fmt.Errorf("query stopped: %w: more than %d MiB; %w", ErrMemory, w.opts.Memory>>20, ErrEnded)
	case errors.Is(err, ErrTimeout):
		return fmt.Errorf("query stopped: %w after %v, within one step; %w", ErrTimeout, l.timeout(), ErrEnded)
	case errors.Is(err, worker.ErrCPU):
		return fmt.Errorf("query stopped: %w: %w", ErrTimeout, err)
	case errors.Is(err, worker.ErrOutput):
		return fmt.Errorf("query stopped: %w; %w", ErrOutput, ErrEnded)
	case errors.Is(err, ErrEnded), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("query stopped: %w", err)
	}
	return err
}
