package gizmo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"runtime/metrics"
	"sync"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// scriptJob is the name of the job that runs a script.
const scriptJob = "gizmo"

// scriptRequest is a script to run, with its graph and limits.
type scriptRequest struct {
	Graph      folder
	Vocabulary []string // extensions of the built-in vocabulary
	Wait       time.Duration
	Memory     int64 // bytes of the process
	Script     string
	Limits     Limits
	Names      bool
	Explain    bool
}

// scriptOutcome is how a script ended, after all its rows.
type scriptOutcome struct {
	Failure *scriptFailure `json:",omitempty"`
	Plan    *Explanation   `json:",omitempty"`
}

// scriptFailure is the error of a run.
type scriptFailure struct {
	Kinds        []string
	Text, Hint   string
	Script       bool // the error is a ScriptError
	Line, Column int
	Running      bool // the script is still running
}

// errorKinds are the errors that callers tell apart, by their names between
// processes.
func errorKinds() map[string]error {
	return map[string]error{
		"time": ErrTimeout, "rows": ErrRows, "output": ErrOutput, "memory": ErrMemory, "stopped": context.Canceled,
		"locked": store.ErrLocked, "damaged": store.ErrDamaged, "version": store.ErrVersion, "no graph": graph.ErrNoGraph,
		"not found": graph.ErrNotFound, "ambiguous": graph.ErrAmbiguous, "verb": schema.ErrUnknownVerb,
		"unrun": ErrNotRun,
	}
}

// runScript is the job that opens the graph, runs the script, and closes the
// graph.
func runScript(ctx context.Context, body []byte, send func(part any) error) (any, error) {
	var r scriptRequest
	if err := json.Unmarshal(body, &r); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if r.Memory > 0 {
		go watchMemory(ctx, r.Memory, cancel)
	}
	plan, err := r.run(ctx, &rowSender{send: send})
	return scriptOutcome{newFailure(err), plan}, nil
}

func (r *scriptRequest) run(ctx context.Context, to *rowSender) (plan *Explanation, err error) {
	v := schema.DefaultVocabulary()
	for i, added := range r.Vocabulary {
		if v, err = v.ExtendStored(fmt.Sprint("vocabulary ", i+1), []byte(added)); err != nil {
			return nil, err
		}
	}
	g, err := graph.Open(ctx, r.Graph.Path, &graph.Options{Vocabulary: v, ReadOnly: true, Wait: r.Wait})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	snapshot, err := g.Snapshot()
	if err != nil {
		return nil, err
	}
	defer snapshot.Close()
	if r.Graph.Mark != 0 && r.Graph.Mark != snapshot.Mark() {
		return nil, errReplaced
	}
	if err := to.send(nil); err != nil { // tells the parent that the graph is open
		return nil, err
	}
	runner := runnerAt(g, snapshot, r.Names)
	if r.Explain {
		return runner.Explain(ctx, r.Script, r.Limits)
	}
	for row, err := range runner.Run(ctx, r.Script, r.Limits) {
		if err != nil {
			return nil, errors.Join(to.flush(), err)
		}
		if err := to.add(row); err != nil {
			return nil, err
		}
	}
	return nil, to.flush()
}

// finder returns a function that resolves names as the graph does.
func finder(g *graph.Graph) func(context.Context, string) ([]schema.ID, error) {
	return func(ctx context.Context, name string) ([]schema.ID, error) {
		matches, err := g.Find(ctx, name)
		if err != nil {
			return nil, err
		}
		var ids []schema.ID
		for _, m := range matches {
			if m.Exact {
				ids = append(ids, m.ID)
			}
		}
		if len(ids) > 0 {
			return ids, nil
		}
		_, err = g.Resolve(ctx, name) // for its error, which suggests names
		return nil, err
	}
}

// rowSender sends rows in batches, without a delay that a reader would notice.
type rowSender struct {
	send func(part any) error

	mu    sync.Mutex
	rows  []wireRow
	timer *time.Timer // set while rows wait
	err   error
}

const (
	sendRows  = 256
	sendAfter = 20 * time.Millisecond
)

func (s *rowSender) add(r Row) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rows = append(s.rows, r.encode()); len(s.rows) >= sendRows {
		s.sendAll()
	} else if s.timer == nil {
		s.timer = time.AfterFunc(sendAfter, func() { _ = s.flush() }) // add or flush returns the error
	}
	return s.err
}

func (s *rowSender) flush() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sendAll()
	return s.err
}

func (s *rowSender) sendAll() {
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	if len(s.rows) > 0 && s.err == nil {
		s.err = s.send(s.rows)
	}
	s.rows = s.rows[:0]
}

func newFailure(err error) *scriptFailure {
	if err == nil {
		return nil
	}
	f := &scriptFailure{Text: err.Error(), Hint: schema.Hint(err), Running: errors.Is(err, errStillRunning)}
	var script *ScriptError
	if f.Script = errors.As(err, &script); f.Script {
		f.Text, f.Line, f.Column = script.Err.Error(), script.Line, script.Column
	}
	for name, kind := range errorKinds() {
		if errors.Is(err, kind) {
			f.Kinds = append(f.Kinds, name)
		}
	}
	return f
}

// childError is an error of a script in the parent process, with the reason why
// the parent stopped the script, if it did.
type childError struct {
	text, hint string
	kinds      []string
	cause      error
}

func (t *childError) Error() string { return t.text }
func (t *childError) Hint() string  { return t.hint }
func (t *childError) Unwrap() error { return t.cause }

func (t *childError) Is(target error) bool {
	for _, name := range t.kinds {
		if errorKinds()[name] == target {
			return true
		}
	}
	return false
}

// asError returns the error of a failure. The cause is the reason why the
// parent's context ended, which the child does not know; it is nil if the context
// has not ended.
func (f *scriptFailure) asError(cause error) error {
	err := &childError{f.Text, f.Hint, f.Kinds, nil}
	if cause != nil && err.Is(context.Canceled) {
		err.text, err.cause = fmt.Sprintf("query stopped: %v", cause), cause
		if errors.Is(cause, ErrTimeout) {
			err.kinds = nil
		}
	}
	if f.Script {
		return &ScriptError{Line: f.Line, Column: f.Column, Err: err}
	}
	return err
}

// watchMemory ends a run before the process has no memory left, if memory grows
// slowly enough to be noticed. The error then has the place in the script.
func watchMemory(ctx context.Context, limit int64, end context.CancelCauseFunc) {
	most := uint64(limit) / 8 * 5
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	objects := func() uint64 { metrics.Read(sample); return sample[0].Value.Uint64() }
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if objects() > most {
			if runtime.GC(); objects() > most {
				end(fmt.Errorf("%w: more than %d MiB", ErrMemory, limit>>20))
				return
			}
		}
	}
}
