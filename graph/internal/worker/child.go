package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"sync"
)

// Limits that a child sets on itself: its stack, the length of one line from its
// parent, and its processors.
const (
	maxStack      = 64 << 20
	maxMessage    = 64 << 20
	maxProcessors = 2
)

// serve runs the jobs that arrive on in until in ends, and returns the exit code
// of the process.
func serve(jobs map[string]Job, memory string, writes bool, in io.Reader, out io.Writer) int {
	bytes, err := strconv.ParseInt(memory, 10, 64)
	if err == nil && bytes > 0 {
		debug.SetMemoryLimit(bytes / 8 * 7)
		err = limitMemory(bytes)
	}
	if err == nil && !writes {
		err = forbidWriting()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		return 1
	}
	signal.Ignore(os.Interrupt) // a terminal's interrupt is for the parent
	runtime.GOMAXPROCS(min(maxProcessors, runtime.GOMAXPROCS(0)))
	debug.SetMaxStack(maxStack)
	watchCPU()
	c := &child{jobs: jobs, out: json.NewEncoder(out)}
	c.out.SetEscapeHTML(false)
	c.serve(in)
	return 0
}

type child struct {
	jobs map[string]Job
	out  *json.Encoder

	mu     sync.Mutex
	number int64 // of the current call
	stop   context.CancelFunc
}

// serve reads messages while a call runs, so that a message can stop the call.
// The end of the messages means that the parent has ended or has no more calls.
func (c *child) serve(in io.Reader) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxMessage)
	for lines.Scan() {
		var m message
		if json.Unmarshal(lines.Bytes(), &m) != nil {
			return
		}
		if m.Stop {
			c.interrupt(m.Call)
			continue
		}
		ctx, cancel := context.WithCancel(context.Background())
		c.begin(m.Call, cancel)
		go func() {
			defer cancel()
			c.runJob(ctx, m)
		}()
	}
}

func (c *child) begin(number int64, stop context.CancelFunc) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.number, c.stop = number, stop
}

// interrupt stops a call unless the call has ended.
func (c *child) interrupt(number int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.number == number {
		c.stop()
	}
}

// outOfCPU is the line on standard error of a child that used up its processor
// time.
const outOfCPU = "worker: out of processor time"

var errNoJob = errors.New("no such job")

func (c *child) runJob(ctx context.Context, m message) {
	limitCPU(m.CPU)
	job, ok := c.jobs[m.Job]
	var reply any
	err := errNoJob
	if ok {
		reply, err = job(ctx, m.Request, func(part any) error { return c.send("Part", part) })
	}
	if err == nil {
		err = c.send("Reply", reply)
	}
	if err != nil {
		_ = c.send("Error", err.Error()) // if the parent has ended, in ends too and stops this process
	}
	releaseMemory()
}

// keepMemory is how many bytes a child keeps between calls.
const keepMemory = 64 << 20

// releaseMemory returns memory that a call no longer uses to the system.
func releaseMemory() {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/free:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Uint64()+sample[1].Value.Uint64() > keepMemory {
		debug.FreeOSMemory()
	}
}

func (c *child) send(name string, value any) error { return c.out.Encode(map[string]any{name: value}) }
