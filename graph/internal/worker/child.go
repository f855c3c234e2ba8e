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

// What a child may do to itself: its stack, how long a line of its parent is, and
// how many processors it has.
const (
	maxStack      = 64 << 20
	maxMessage    = 64 << 20
	maxProcessors = 2
)

// serve does the jobs that come on in until that ends, and returns the exit code
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
	signal.Ignore(os.Interrupt) // that of a terminal is for the parent
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
	number int64 // of the call that is being done
	stop   context.CancelFunc
}

// serve reads messages while a call is done, so that one can stop it. The end of
// them tells that the parent is gone, or wants no more.
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

// interrupt stops a call, unless it has ended.
func (c *child) interrupt(number int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.number == number {
		c.stop()
	}
}

// outOfCPU is what a child says as it ends for its processor time.
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
		_ = c.send("Error", err.Error()) // a parent that is gone ends this soon
	}
	releaseMemory()
}

// keepMemory is how much a child keeps between calls.
const keepMemory = 64 << 20

// releaseMemory gives memory back that a call has left.
func releaseMemory() {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/free:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Uint64()+sample[1].Value.Uint64() > keepMemory {
		debug.FreeOSMemory()
	}
}

func (c *child) send(name string, value any) error { return c.out.Encode(map[string]any{name: value}) }
