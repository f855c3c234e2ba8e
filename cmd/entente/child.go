package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema"
)

// jobs are what children do: work on what may be damaged or hostile. A new job is
// a function and a line here.
func jobs() []gizmo.Job {
	return []gizmo.Job{told("verify", verifyJob), told("restore", restoreJob)}
}

// job does what a request says and returns the reply.
type job func(ctx context.Context, request []byte) (any, error)

// told is a job whose errors are a part of its reply, with hint and exit code.
func told(name string, work job) gizmo.Job {
	return gizmo.Job{Name: name, Run: func(ctx context.Context, request []byte) (any, error) {
		reply, err := work(ctx, request)
		if err != nil && ctx.Err() != nil {
			return nil, err // who stopped it knows why
		}
		if err != nil {
			return outcome{Error: err.Error(), Hint: schema.Hint(err), Code: exitCode(err)}, nil
		}
		body, err := json.Marshal(reply)
		return outcome{Reply: body}, err
	}}
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

// inChild has a job done and reads its reply.
func (a *app) inChild(ctx context.Context, job string, limits gizmo.JobLimits, request, reply any) error {
	answer, err := a.program.Do(ctx, job, request, limits)
	if err != nil {
		return err
	}
	var o outcome
	if err := json.Unmarshal(answer, &o); err != nil {
		return fmt.Errorf("%w: its answer is cut short", gizmo.ErrEnded)
	}
	if o.Error != "" {
		return &childError{o.Error, o.Hint, o.Code}
	}
	return json.Unmarshal(o.Reply, reply)
}
