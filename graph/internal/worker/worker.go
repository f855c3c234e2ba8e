// Package worker runs jobs in children: this program started again, with limits
// of memory, time and output, for work on what may be damaged or hostile. What
// ends a child is an error of its parent, which lives on.
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

// Job does what a request says and returns the reply. It may send parts before.
// All three are JSON between parent and child.
type Job func(ctx context.Context, request []byte, send func(part any) error) (reply any, err error)

// Call is one job to do, and its limits, on systems that have them. Zero is no
// limit.
type Call struct {
	Job     string
	Request any
	CPU     time.Duration // processor time, in whole seconds
	Time    time.Duration
	Output  int64 // bytes of what it sends
}

var (
	// ErrEnded is wrapped where a child ended without a reply.
	ErrEnded = errors.New("the process that ran it ended")
	// ErrMemory is wrapped too where it wanted more memory than it may have.
	ErrMemory = errors.New("out of memory")
	// ErrCPU is wrapped too where it used up its processor time.
	ErrCPU = errors.New("out of processor time")
	// ErrTime is wrapped too where it did not reply in time.
	ErrTime = errors.New("out of time")
	// ErrOutput is wrapped too where it sent more than it may.
	ErrOutput = errors.New("too much output")
	// ErrNoMain answers a program that did not call Main.
	ErrNoMain = errors.New("the program cannot start workers: gizmo.Main was not called first in its main function")
)

// Process says what a child is given.
type Process struct {
	// Memory is how many bytes of data it may have on top of what it starts with;
	// mapped files do not count. Zero is no limit.
	Memory int64
	// Writes says that it may write files.
	Writes bool
	// Env is its environment, empty unless set.
	Env []string
}

// Program is this program, which answers as a worker.
type Program struct{ path string }

// childMark is the first argument of a child; the second is its memory in bytes, the
// third what it may do with files.
const (
	childMark = "entente-worker"
	mayRead   = "read"
	mayWrite  = "write"
)

// Main makes the process a worker where it was started as one: then it does jobs
// and does not return. Else it returns the program that [Program.Start] starts,
// again with these jobs, by name.
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

// message is what a parent writes: a call, or that it is to be stopped.
type message struct {
	Call    int64           // its number
	Job     string          `json:",omitempty"`
	Request json.RawMessage `json:",omitempty"`
	CPU     int64           `json:",omitempty"` // seconds
	Stop    bool            `json:",omitempty"`
}

// answer is what a child writes: parts, then a reply or an error.
type answer struct {
	Part  json.RawMessage `json:",omitempty"`
	Reply json.RawMessage `json:",omitempty"`
	Error *string         `json:",omitempty"`
}
