package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"time"

	"github.com/entente-kg/entente/schema"
)

// A job is work on what may be damaged or hostile, which can end its process:
// it is done in a child, this program started again, that reads the request from
// its standard input and writes the reply to its output, both JSON. What ends a
// child is an error of its parent.

// childVariable is set in a child, to the name of its job.
const childVariable = "ENTENTE_CHILD"

// job does what a request says and returns the reply.
type job func(ctx context.Context, request []byte) (any, error)

// jobs are what children do. A new job is a function and a line here.
func jobs() map[string]job {
	return map[string]job{"verify": verifyJob, "restore": restoreJob}
}

// childLimits bound a child.
type childLimits struct {
	Memory int64 // bytes of data
	Time   time.Duration
}

// order is what the parent writes.
type order struct {
	Memory  int64
	Request json.RawMessage
}

// outcome is what the child writes.
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

// errChild is wrapped where a child ended without an answer.
var errChild = errors.New("the process that read it ended")

// inChild has a job done and reads its reply.
func inChild(ctx context.Context, job string, limits childLimits, request, reply any) error {
	body, err := json.Marshal(request)
	if err != nil {
		return err
	}
	message, err := json.Marshal(order{Memory: limits.Memory, Request: body})
	if err != nil {
		return err
	}
	timed, cancel := context.WithTimeout(ctx, limits.Time)
	defer cancel()
	cmd, err := childCommand(timed, job)
	if err != nil {
		return err
	}
	answer, words := &bytes.Buffer{}, &head{}
	cmd.Stdout, cmd.Stderr = answer, words
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	// The pipe stays open: its end tells the child that its parent is gone. A
	// child that cannot be written to has ended, which Wait tells.
	_, _ = in.Write(append(message, '\n'))
	err = cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case timed.Err() != nil:
		return fmt.Errorf("%w: it took longer than %v", errChild, limits.Time)
	case err != nil:
		return fmt.Errorf("%w: %s", errChild, words.ending(err))
	}
	return readOutcome(answer.Bytes(), reply)
}

// childCommand is this program again. It is interrupted when ctx ends, and
// killed where that does not help.
func childCommand(ctx context.Context, job string) (*exec.Cmd, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program)
	cmd.Args = os.Args[:1:1]
	cmd.Env = append(os.Environ(), childVariable+"="+job, "GOTRACEBACK=single")
	cmd.Cancel = func() error {
		if cmd.Process.Signal(os.Interrupt) == nil {
			return nil
		}
		return cmd.Process.Kill()
	}
	cmd.WaitDelay = 3 * time.Second
	return cmd, nil
}

func readOutcome(answer []byte, reply any) error {
	var o outcome
	if err := json.Unmarshal(answer, &o); err != nil {
		return fmt.Errorf("%w: its answer is cut short", errChild)
	}
	if o.Error != "" {
		return &childError{o.Error, o.Hint, o.Code}
	}
	return json.Unmarshal(o.Reply, reply)
}

// head keeps the beginning of what a child says as it dies.
type head struct{ bytes.Buffer }

func (h *head) Write(p []byte) (int, error) {
	h.Buffer.Write(p[:min(len(p), max(0, 1<<14-h.Len()))])
	return len(p), nil
}

// ending is what ended a child, in few words.
func (h *head) ending(err error) string {
	for line := range strings.Lines(h.String()) {
		line = strings.TrimSpace(line)
		for _, start := range []string{"fatal error: ", "panic: ", "runtime: out of memory", "unexpected fault address", "SIG"} {
			if strings.HasPrefix(line, start) {
				return line
			}
		}
	}
	return err.Error()
}

// child does one of the jobs and returns the exit code of the process.
func child(ctx context.Context, work job, in io.Reader, out io.Writer) int {
	_ = os.Unsetenv(childVariable)
	var o order
	decoder := json.NewDecoder(in)
	if err := decoder.Decode(&o); err != nil || work == nil {
		return exitUsage
	}
	go endWithParent(decoder.Buffered(), in)
	debug.SetMemoryLimit(o.Memory / 8 * 7)
	debug.SetMaxStack(64 << 20)
	if err := limitMemory(o.Memory); err != nil {
		return exitFailure
	}
	var answer outcome
	reply, err := work(ctx, o.Request)
	if err == nil {
		answer.Reply, err = json.Marshal(reply)
	}
	if err != nil {
		answer = outcome{Error: err.Error(), Hint: schema.Hint(err), Code: exitCode(err)}
	}
	if err := json.NewEncoder(out).Encode(answer); err != nil {
		return exitFailure
	}
	return exitOK
}

// endWithParent ends a child whose parent was killed.
func endWithParent(rest ...io.Reader) {
	_, _ = io.Copy(io.Discard, io.MultiReader(rest...))
	os.Exit(exitFailure)
}
