// Package worker runs jobs in child processes: this program started again, with
// limits of memory, time and output. Jobs work on data that may be damaged or
// hostile. Whatever ends a child is an error of its parent, which goes on.
//
// A program that has workers calls [Main] first in its main function.
package worker

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"time"
)

// Job does the work of a request and returns the reply. It may send parts before
// the reply. Request, parts and reply are JSON between parent and child.
type Job func(ctx context.Context, request []byte, send func(part any) error) (reply any, err error)

// Call names the job to run and its limits, on systems that enforce them. Zero is
// no limit.
type Call struct {
	Job     string
	Request any
	CPU     time.Duration // processor time, in whole seconds
	Time    time.Duration
	Output  int64 // bytes of the parts and the reply
}

var (
	// ErrEnded is wrapped by the error of a child that ended without a reply.
	ErrEnded = errors.New("the process that ran it ended")
	// ErrMemory is also wrapped if the child exceeded its memory.
	ErrMemory = errors.New("out of memory")
	// ErrCPU is also wrapped if the child used up its processor time.
	ErrCPU = errors.New("out of processor time")
	// ErrTime is wrapped if the child did not reply in time.
	ErrTime = errors.New("out of time")
	// ErrOutput is also wrapped if the child sent more bytes than allowed.
	ErrOutput = errors.New("too much output")
	// ErrNoMain is the error of a program that did not call Main.
	ErrNoMain = errors.New("the program cannot start workers: gizmo.Main was not called first in its main function")
)

// Process describes what a child may use.
type Process struct {
	// Memory is how many bytes of data the child may have on top of its size at
	// its start. Mapped files do not count. Zero is no limit.
	Memory int64
	// Writes allows the child to write files.
	Writes bool
	// Env is the environment of the child, empty by default.
	Env []string
}

// Program starts this program again as workers.
type Program struct{ path string }

// childMark is the first argument of a child. The second is its memory in bytes,
// the third whether it may write files.
const (
	childMark = "entente-worker"
	mayRead   = "read"
	mayWrite  = "write"
)

// Main runs jobs and does not return if the process was started as a worker.
// Otherwise it returns the program whose Start starts this program again, with
// the given jobs by name.
func Main(jobs map[string]Job) Program {
	if len(os.Args) == 4 && os.Args[1] == childMark {
		os.Exit(serve(jobs, os.Args[2], os.Args[3] == mayWrite, os.Stdin, os.Stdout))
	}
	path, err := os.Executable()
	if err != nil {
		return Program{}
	}
	return Program{path}
}

// message is one line from the parent: a call, or the request to stop a call.
type message struct {
	Call    int64           // number of the call
	Job     string          `json:",omitempty"`
	Request json.RawMessage `json:",omitempty"`
	CPU     int64           `json:",omitempty"` // seconds
	Stop    bool            `json:",omitempty"`
}

// answer is one line from the child: a part, the reply or an error.
type answer struct {
	Part  json.RawMessage `json:",omitempty"`
	Reply json.RawMessage `json:",omitempty"`
	Error *string         `json:",omitempty"`
}
