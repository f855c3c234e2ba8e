package worker

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// gracePeriod is how long the parent waits for a child that it asked to stop.
const gracePeriod = 500 * time.Millisecond

// Worker is a child process. It runs one call at a time.
type Worker struct {
	memory     int64
	cmd        *exec.Cmd
	in         io.WriteCloser
	out        *bufio.Reader
	calls      int64
	outputLeft int64 // bytes that the call may still send
	stderr     *errorOutput
	wait       func() error // waits for the end of the process and returns what ended it
}

// Start starts a child.
func (p Program) Start(with Process) (*Worker, error) {
	if p.path == "" {
		return nil, ErrNoMain
	}
	files := mayRead
	if with.Writes {
		files = mayWrite
	}
	cmd := exec.Command(p.path, childMark, strconv.FormatInt(with.Memory, 10), files)
	cmd.Env = append([]string{}, with.Env...)
	ownGroup(cmd)
	w := &Worker{memory: with.Memory, cmd: cmd, stderr: &errorOutput{}, wait: sync.OnceValue(cmd.Wait)}
	cmd.Stderr = w.stderr
	var err error
	if w.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	w.out = bufio.NewReaderSize(out, 1<<16)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return w, nil
}

// jobError is the text of an error that a job returned.
type jobError string

func (r jobError) Error() string { return string(r) }

// Do runs a job. It passes each part that the job sends to part, and returns the
// reply. When ctx ends, the time is up, or part returns an error, Do asks the job
// to stop. After an [ErrEnded] the worker can only be closed.
func (w *Worker) Do(ctx context.Context, c Call, part func([]byte) error) (reply []byte, err error) {
	call, err := w.message(c)
	if err != nil {
		return nil, err
	}
	if c.Time > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, c.Time, fmt.Errorf("%w after %v", ErrTime, c.Time))
		defer cancel()
	}
	w.outputLeft = cmp.Or(c.Output, math.MaxInt64)
	s := &cancellation{worker: w, number: w.calls, done: make(chan struct{})}
	defer func() { err = s.finish(err) }()
	defer context.AfterFunc(ctx, s.start)()
	// A failed write means that the child has ended; reading below returns that
	// error.
	_, _ = w.in.Write(call)
	var refused error
	for {
		a, err := w.read()
		switch {
		case err != nil:
			return nil, errors.Join(refused, w.endedError(ctx, c, err))
		case a.Part != nil && refused == nil:
			if refused = part(a.Part); refused != nil {
				s.start()
			}
		case a.Part != nil:
		case refused != nil:
			return nil, refused
		case a.Error != nil && ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case a.Error != nil:
			return nil, jobError(*a.Error)
		default:
			return a.Reply, nil
		}
	}
}

func (w *Worker) message(c Call) ([]byte, error) {
	body, err := json.Marshal(c.Request)
	if err != nil {
		return nil, err
	}
	w.calls++
	line, err := json.Marshal(message{Call: w.calls, Job: c.Job, Request: body, CPU: int64((c.CPU + time.Second - 1) / time.Second)})
	return append(line, '\n'), err
}

func (w *Worker) read() (a answer, err error) {
	var line []byte
	for more := true; more; {
		part, err := w.out.ReadSlice('\n')
		more = errors.Is(err, bufio.ErrBufferFull)
		if err != nil && !more {
			return a, err
		}
		if w.outputLeft -= int64(len(part)); w.outputLeft < 0 {
			return a, ErrOutput
		}
		line = append(line, part...)
	}
	return a, json.Unmarshal(line, &a)
}

// cancellation stops one call before it has ended.
type cancellation struct {
	worker *Worker
	number int64
	done   chan struct{} // closed when the call has ended
	once   sync.Once
	work   sync.WaitGroup
	killed atomic.Bool
}

// start asks the child to stop the call, and kills the child if the call goes on
// for longer than gracePeriod.
func (s *cancellation) start() {
	s.once.Do(func() {
		s.work.Go(func() {
			timer := time.NewTimer(gracePeriod)
			defer timer.Stop()
			go s.send() // in a goroutine, since a child that hangs may not read
			select {
			case <-s.done:
			case <-timer.C:
				s.killed.Store(true)
				s.worker.Kill()
			}
		})
	})
}

func (s *cancellation) send() {
	if line, err := json.Marshal(message{Call: s.number, Stop: true}); err == nil {
		_, _ = s.worker.in.Write(append(line, '\n'))
	}
}

// finish waits for the goroutine that start began, so that it cannot stop the
// next call.
func (s *cancellation) finish(err error) error {
	close(s.done)
	s.once.Do(func() {})
	s.work.Wait()
	if s.killed.Load() && !errors.Is(err, ErrEnded) {
		return errors.Join(err, fmt.Errorf("%w: it did not stop in time", ErrEnded))
	}
	return err
}

// Kill ends the child at once. It may be called during a call, which then returns
// an [ErrEnded].
func (w *Worker) Kill() { _ = w.cmd.Process.Kill() }

// endedError returns why a child ended before its reply.
func (w *Worker) endedError(ctx context.Context, c Call, err error) error {
	w.Kill()
	ended := w.wait()
	switch {
	case errors.Is(err, ErrOutput):
		return fmt.Errorf("%w: %w: more than %s", ErrEnded, ErrOutput, sizeText(c.Output))
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %w", ErrEnded, context.Cause(ctx))
	case ended == nil:
		return fmt.Errorf("%w: its answer is cut short", ErrEnded)
	}
	return fmt.Errorf("%w: %w", ErrEnded, w.stderr.cause(ended, w.memory, c.CPU))
}

// Close ends the child.
func (w *Worker) Close() error {
	w.in.Close()
	timer := time.AfterFunc(gracePeriod, w.Kill)
	defer timer.Stop()
	_, _ = io.Copy(io.Discard, w.out)
	_ = w.wait()
	return nil
}

// errorOutput keeps the beginning of the standard error of a child.
type errorOutput struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *errorOutput) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.b.Write(p[:min(len(p), max(0, 1<<14-o.b.Len()))])
	return len(p), nil
}

// memorySigns are the messages of Go and C about a lack of memory. Go's garbage
// collector crashes with SIGSEGV if it cannot allocate its own lists.
var memorySigns = []string{"out of memory", "cannot allocate memory", "pthread_create failed", "failed to create new OS thread",
	"SIGSEGV: segmentation violation\nPC="}

// cause returns what ended a child, in one line.
func (o *errorOutput) cause(err error, memory int64, cpu time.Duration) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	output := o.b.String()
	for _, sign := range memorySigns {
		if strings.Contains(output, sign) {
			return fmt.Errorf("%w: more than %s", ErrMemory, sizeText(memory))
		}
	}
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if line == outOfCPU {
			return fmt.Errorf("%w: more than %v", ErrCPU, cpu)
		}
		for _, prefix := range []string{"fatal error: ", "panic: ", "unexpected fault address", "SIG", "worker: "} {
			if strings.HasPrefix(line, prefix) {
				return errors.New(strings.TrimPrefix(line, "worker: "))
			}
		}
	}
	return err
}

// sizeText formats a number of bytes.
func sizeText(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}
