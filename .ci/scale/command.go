package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// cost is what a command took.
type cost struct {
	elapsed   time.Duration
	processor time.Duration // user and system time of the process and its children
	peak      int64         // the largest resident memory in bytes
	out       int64         // bytes of its answer
	lines     int           // lines of its answer
}

// least returns the smallest of each cost.
func (c cost) least(d cost) cost {
	return cost{min(c.elapsed, d.elapsed), min(c.processor, d.processor), min(c.peak, d.peak), d.out, d.lines}
}

// run runs the program in a new process, with its answer in a file.
func (b *bench) run(args ...string) (cost, error) { return b.runAs(b.program, args...) }

func (b *bench) runAs(program string, args ...string) (cost, error) {
	answer, err := os.Create(b.path("answer"))
	if err != nil {
		return cost{}, err
	}
	defer answer.Close()
	var errs bytes.Buffer
	cmd := exec.CommandContext(b.ctx, program, args...)
	cmd.Stdout, cmd.Stderr = answer, &errs
	start := time.Now()
	err = cmd.Run()
	took := time.Since(start)
	if err != nil {
		return cost{}, fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, &errs)
	}
	state := cmd.ProcessState
	c := cost{elapsed: took, processor: state.UserTime() + state.SystemTime(), peak: peakOf(state)}
	c.out, c.lines, err = count(answer)
	return c, err
}

// count returns the number of bytes and of lines of a file.
func count(f *os.File) (size int64, lines int, err error) {
	buffer := make([]byte, 1<<16)
	for {
		n, err := f.ReadAt(buffer, size)
		size, lines = size+int64(n), lines+bytes.Count(buffer[:n], []byte("\n"))
		if errors.Is(err, io.EOF) {
			return size, lines, nil
		} else if err != nil {
			return 0, 0, err
		}
	}
}

func peakOf(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	size := int64(usage.Maxrss)
	if runtime.GOOS == "linux" { // in kilobytes, elsewhere in bytes
		size *= 1024
	}
	return size
}

// answer returns what the program answers as JSON.
func (b *bench) answer(to any, args ...string) error {
	if _, err := b.run(append(args, "--format", "json")...); err != nil {
		return err
	}
	text, err := os.ReadFile(b.path("answer"))
	if err != nil {
		return err
	}
	return json.Unmarshal(text, to)
}

// verified is what `entente verify` says of a graph.
type verified struct {
	Digest string
	Quads  int
	Facts  int
}

// verify proves a graph.
func (b *bench) verify(graph string) (v verified, err error) {
	if err = b.answer(&v, "verify", "--graph", graph); err == nil && v.Digest == "" {
		err = errors.New("verify printed no digest")
	}
	return v, err
}
