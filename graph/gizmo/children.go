package gizmo

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/entente-kg/entente/graph/internal/worker"
	"github.com/entente-kg/entente/schema/progress"
)

// Errors of child processes. If a limit ended the child, the error also wraps
// [ErrMemory] or [ErrTimeout].
var (
	// ErrEnded is wrapped by the error of a job or script whose child process
	// ended before it replied.
	ErrEnded = worker.ErrEnded
	// ErrNoMain is the error of a program that starts a child without having
	// called [Main].
	ErrNoMain = worker.ErrNoMain
)

// MissingLimits names the limits of children that this operating system does not
// enforce. It is empty if all limits are enforced.
const MissingLimits = worker.MissingLimits

// Program starts this program again as child processes. [Main] returns it.
type Program struct {
	program worker.Program
	ofMain  bool
}

// Job is work that a child process does for [Program.Do].
type Job struct {
	Name string // any name but "gizmo"
	// Run reads a request in JSON and returns a reply that encoding/json can
	// encode.
	Run func(ctx context.Context, request []byte) (reply any, err error)
}

// Main must be called first in the main function of a program that runs scripts or
// jobs in child processes. In a child process it runs scripts and the given jobs, and
// does not return. In any other process it returns the [Program] that starts
// children. It panics if two jobs have one name, or a job has none or the name
// "gizmo", which is the job that runs scripts.
func Main(jobs ...Job) Program {
	all := map[string]worker.Job{scriptJob: runScript}
	for _, job := range jobs {
		if _, taken := all[job.Name]; taken || job.Name == "" || job.Run == nil {
			panic(fmt.Sprintf("gizmo.Main: the job %q: a job needs a function and a name that no other job has, and %q is the job that runs scripts", job.Name, scriptJob))
		}
		all[job.Name] = func(ctx context.Context, request []byte, send func(any) error) (any, error) {
			ctx, stop := sendProgress(ctx, send)
			defer stop()
			return job.Run(ctx, request)
		}
	}
	return Program{worker.Main(all), true}
}

// progressInterval is the time between two states that a child sends to its parent.
const progressInterval = 200 * time.Millisecond

// sendProgress returns a context whose [progress.State] is sent to the parent until stop
// is called.
func sendProgress(ctx context.Context, send func(any) error) (_ context.Context, stop func()) {
	ctx, meter := progress.With(ctx)
	quit := make(chan struct{})
	var sending sync.WaitGroup
	sending.Go(func() {
		ticker := time.NewTicker(progressInterval)
		defer ticker.Stop()
		for {
			select {
			case <-quit:
				return
			case <-ticker.C:
				if state, ok := meter.State(); ok && send(state) != nil {
					return
				}
			}
		}
	})
	return ctx, func() {
		close(quit)
		sending.Wait()
	}
}

// JobLimits bound the child process of one job, on systems that enforce limits
// (see [MissingLimits]). Zero is no limit.
type JobLimits struct {
	Memory int64 // bytes of data on top of the child's size at its start, without mapped files
	Time   time.Duration
}

// Do runs a job in a new child process and returns its reply in JSON. The child
// has the environment of this process and may write files. If ctx has a meter of
// [progress], it has the state of the job's work. An error of the job is
// returned as its text alone. The error of a child that ended wraps [ErrEnded];
// if the time is up, the error wraps [ErrTimeout].
func (p Program) Do(ctx context.Context, job string, request any, limits JobLimits) ([]byte, error) {
	child, err := p.program.Start(worker.Process{Memory: limits.Memory, Writes: true, Env: os.Environ()})
	if err != nil {
		return nil, err
	}
	defer child.Close()
	task := progress.Begin(ctx, job, "", 0)
	defer task.End()
	reply, err := child.Do(ctx, worker.Call{Job: job, Request: request, Time: limits.Time}, func(part []byte) error {
		var state progress.State
		if err := json.Unmarshal(part, &state); err != nil {
			return err
		}
		task.Set(state)
		return nil
	})
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return reply, err
}
