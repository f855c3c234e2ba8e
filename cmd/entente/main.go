// Command entente builds a knowledge graph of who dealt with whom, when, and on
// what evidence, and answers questions about it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/completion"
	"github.com/entente-kg/entente/cmd/entente/internal/statusline"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/progress"
)

func main() {
	program := gizmo.Main(jobs()...)
	go schema.DefaultVocabulary() // most commands wait for it, after they have read flags and configuration
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// A run that does not end within a second may hang: the next signal kills it.
	context.AfterFunc(ctx, func() { time.AfterFunc(time.Second, stop) })
	code := run(ctx, program, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run runs the program with arguments and streams, and returns the exit code.
func run(ctx context.Context, program gizmo.Program, args []string, in io.Reader, out, errs io.Writer) int {
	ctx, meter := progress.With(ctx)
	a := &app{program: program, console: console{in: in, out: out, errs: errs, colored: hasColors(errs)}}
	if file, ok := errs.(*os.File); ok {
		a.line = statusline.Start(file, meter)
	}
	if a.line != nil {
		defer a.line.Stop()
		errs = a.line.Writer()
		a.console.errs = errs
	}
	a.collectAsUsual = collectLess()
	defer a.collectAsUsual()
	root := a.root()
	if len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd) {
		completion.Register(root, partialLine{&a.console}) // only here, since Cobra never frees what is registered
	}
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	return a.console.report(root.ExecuteContextC(ctx))
}

// jobs returns the jobs of child processes, which read files that may be damaged or
// hostile. To add a job, write a function and add a line here.
func jobs() []gizmo.Job {
	return []gizmo.Job{reportingJob("verify", verifyJob), reportingJob("restore", restoreJob)}
}

// jobFunc runs a JSON request and returns the reply, which is marshalled to JSON.
type jobFunc func(ctx context.Context, request []byte) (any, error)

// reportingJob returns a job whose reply contains its error with hint and exit code.
func reportingJob(name string, work jobFunc) gizmo.Job {
	return gizmo.Job{Name: name, Run: func(ctx context.Context, request []byte) (any, error) {
		reply, err := work(ctx, request)
		if err != nil && ctx.Err() != nil {
			return nil, err // the caller canceled the job
		}
		if err != nil {
			return jobResult{Error: err.Error(), Hint: schema.Hint(err), Code: exitCode(err)}, nil
		}
		body, err := json.Marshal(reply)
		return jobResult{Reply: body}, err
	}}
}

// jobResult is the JSON object that a child writes.
type jobResult struct {
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

// children runs jobs in child processes.
type children struct {
	program gizmo.Program
	wait    time.Duration // how long a job may wait for locks of other processes
}

// do runs a job in a child and unmarshals its reply.
func (c children) do(ctx context.Context, job string, limits gizmo.JobLimits, request, reply any) error {
	answer, err := c.program.Do(ctx, job, request, limits)
	if err != nil {
		return err
	}
	var o jobResult
	if err := json.Unmarshal(answer, &o); err != nil {
		return fmt.Errorf("%w: its answer is incomplete", gizmo.ErrEnded)
	}
	if o.Error != "" {
		return &childError{o.Error, o.Hint, o.Code}
	}
	return json.Unmarshal(o.Reply, reply)
}

// doOnUntrusted runs a job on a file or folder that may be damaged. If the child
// crashes or exceeds a limit, the file or folder counts as damaged.
func (c children) doOnUntrusted(ctx context.Context, job, path string, request, reply any) error {
	err := c.do(ctx, job, c.limits(path), request, reply)
	if errors.Is(err, gizmo.ErrEnded) || errors.Is(err, gizmo.ErrTimeout) {
		return fmt.Errorf("%s: %w: %w", path, errDamaged, err)
	}
	return err
}

// limits returns the limits of a job on a file or folder. A job on an undamaged graph
// stays far below them.
func (c children) limits(path string) gizmo.JobLimits {
	size := int64(0)
	_ = filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // the child reports the error
		}
		if info, err := d.Info(); err == nil {
			size += info.Size()
		}
		return nil
	})
	return gizmo.JobLimits{Memory: 1<<30 + size, Time: c.wait + 5*time.Minute + time.Duration(size>>20)*2*time.Second}
}

// How much of the live heap may become garbage before it is collected, in percent, as GOGC
// says it. The heap of a command that reads is small beside the graph, which it maps, so
// that fewer collections cost little memory: the first one is at a heap of 64 MB, which
// most commands do not reach.
const (
	readingGC = 200
	firstGC   = 1600 // of the least heap of Go, 4 MB
)

// collectLess collects garbage less often until the returned function is called, unless
// the environment says how often.
func collectLess() (restore func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	var mu sync.Mutex
	restored, before := false, debug.SetGCPercent(firstGC)
	collected := new([64]byte) // garbage, which the first collection finds
	runtime.AddCleanup(collected, func(percent int) {
		mu.Lock()
		defer mu.Unlock()
		if !restored {
			debug.SetGCPercent(percent)
		}
	}, readingGC)
	return func() {
		mu.Lock()
		defer mu.Unlock()
		if !restored {
			restored = true
			debug.SetGCPercent(before)
		}
	}
}
