package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"time"

	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/graph/worker"
	"github.com/entente-kg/entente/schema"
)

// jobs are what children do: work on what may be damaged or hostile. A new job is
// a function and a line here.
func jobs() map[string]worker.Job {
	all := map[string]worker.Job{"verify": told(verifyJob), "restore": told(restoreJob)}
	maps.Copy(all, gizmo.Jobs())
	return all
}

// job does what a request says and returns the reply.
type job func(ctx context.Context, request []byte) (any, error)

// told is a job whose errors are a part of its reply, with hint and exit code.
func told(work job) worker.Job {
	return func(ctx context.Context, request []byte, _ func(any) error) (any, error) {
		reply, err := work(ctx, request)
		if err != nil && ctx.Err() != nil {
			return nil, err // who stopped it knows why
		}
		if err != nil {
			return outcome{Error: err.Error(), Hint: schema.Hint(err), Code: exitCode(err)}, nil
		}
		body, err := json.Marshal(reply)
		return outcome{Reply: body}, err
	}
}

// outcome is what a child writes.
type outcome struct {
	Reply json.RawMessage `json:",omitempty"`
	Error string          `json:",omitempty"`
	Hint  string          `json:",omitempty"`
	Code  int             `json:",omitempty"`
}

// childError is an error that a child returned.
type childError struct {
	text, hint string
	code       int
}

func (e *childError) Error() string { return e.text }
func (e *childError) Hint() string  { return e.hint }

// childLimits bound a child.
type childLimits struct {
	Memory int64 // bytes of data
	Time   time.Duration
}

// inChild has a job done and reads its reply.
func (a *app) inChild(ctx context.Context, job string, limits childLimits, request, reply any) (err error) {
	w, err := a.program.Start(worker.Process{Memory: limits.Memory, Writes: true, Env: os.Environ()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	answer, err := w.Do(ctx, worker.Call{Job: job, Request: request, Time: limits.Time}, nil)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return err
	}
	var o outcome
	if err := json.Unmarshal(answer, &o); err != nil {
		return fmt.Errorf("%w: its answer is cut short", worker.ErrEnded)
	}
	if o.Error != "" {
		return &childError{o.Error, o.Hint, o.Code}
	}
	return json.Unmarshal(o.Reply, reply)
}
