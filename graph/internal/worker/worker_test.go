package worker_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph/internal/worker"
)

// program starts the test binary again as a worker.
var program worker.Program

func TestMain(m *testing.M) {
	program = worker.Main(jobs())
	os.Exit(m.Run())
}

// jobs are the jobs of the children in these tests: some end their process, some
// never end.
func jobs() map[string]worker.Job {
	alone := func(work func() any) worker.Job {
		return func(context.Context, []byte, func(any) error) (any, error) { return work(), nil }
	}
	return map[string]worker.Job{
		"answer": func(_ context.Context, request []byte, _ func(any) error) (any, error) { return string(request), nil },
		"refuse": func(context.Context, []byte, func(any) error) (any, error) { return nil, errors.New("not today") },
		"count": func(ctx context.Context, _ []byte, send func(any) error) (any, error) {
			for i := 0; ctx.Err() == nil; i++ {
				if err := send(i); err != nil {
					return nil, err
				}
			}
			return nil, ctx.Err()
		},
		"environment": alone(func() any { return os.Environ() }),
		"write": func(context.Context, []byte, func(any) error) (any, error) {
			return nil, os.WriteFile(os.TempDir()+"/entente-worker-test", []byte("x"), 0o600)
		},
		"process": alone(func() any { return os.Getpid() }),
		"panic":   alone(func() any { panic("out of order") }),
		"overflow": alone(func() any {
			var deeper func(n int) int
			deeper = func(n int) int { return deeper(n+1) + n }
			return deeper(0)
		}),
		"memory": alone(func() any {
			var kept [][]byte
			for range 1 << 10 {
				kept = append(kept, slices.Repeat([]byte{1}, 16<<20))
			}
			return len(kept)
		}),
		"burn": alone(func() any {
			for n := 0; ; n++ {
			}
		}),
		"hang": alone(func() any { select {} }),
		"wait": func(ctx context.Context, _ []byte, _ func(any) error) (any, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		},
		"silent": alone(func() any { os.Exit(0); return nil }),
		"killed": alone(func() any {
			self, err := os.FindProcess(os.Getpid())
			if err == nil {
				err = self.Kill()
			}
			return err
		}),
		"parent": func(context.Context, []byte, func(any) error) (any, error) { return grandchild() },
	}
}

// start starts a child that is closed at the end of the test.
func start(t *testing.T, with worker.Process) *worker.Worker {
	t.Helper()
	w, err := program.Start(with)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

func do[T any](t *testing.T, w *worker.Worker, c worker.Call) (reply T, err error) {
	t.Helper()
	answer, err := w.Do(t.Context(), c, nil)
	if err == nil {
		err = json.Unmarshal(answer, &reply)
	}
	return reply, err
}

func TestAnswers(t *testing.T) {
	w := start(t, worker.Process{Memory: ampleMemory})
	if got, err := do[string](t, w, worker.Call{Job: "answer", Request: []int{1, 2}}); err != nil || got != "[1,2]" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := do[any](t, w, worker.Call{Job: "refuse"}); err == nil || err.Error() != "not today" {
		t.Errorf("got %v", err)
	}
	if _, err := do[any](t, w, worker.Call{Job: "nonsense"}); err == nil || errors.Is(err, worker.ErrEnded) {
		t.Errorf("got %v", err)
	}
	first, err := do[int](t, w, worker.Call{Job: "process"})
	if second, again := do[int](t, w, worker.Call{Job: "process"}); err != nil || again != nil || first != second || first == os.Getpid() {
		t.Errorf("processes %d and %d, %v, %v", first, second, err, again)
	}
}

// TestParts stops reading parts early and makes another call.
func TestParts(t *testing.T) {
	w := start(t, worker.Process{Memory: ampleMemory})
	var got []string
	enough := errors.New("enough")
	_, err := w.Do(t.Context(), worker.Call{Job: "count"}, func(part []byte) error {
		if got = append(got, string(part)); len(got) == 3 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || strings.Join(got, " ") != "0 1 2" {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := do[string](t, w, worker.Call{Job: "answer", Request: 1}); err != nil || got != "1" {
		t.Errorf("after it: %q, %v", got, err)
	}
}

// TestDies ends children in every way that can end a process.
func TestDies(t *testing.T) {
	for _, c := range []struct {
		call worker.Call
		kind error
		want string
	}{
		{worker.Call{Job: "panic"}, nil, "panic: out of order"},
		{worker.Call{Job: "overflow"}, nil, "fatal error: stack overflow"},
		{worker.Call{Job: "memory"}, worker.ErrMemory, "more than 300 MiB"},
		{worker.Call{Job: "burn", CPU: time.Second}, worker.ErrCPU, "more than 1s"},
		{worker.Call{Job: "hang", Time: 100 * time.Millisecond}, worker.ErrTime, "after 100ms"},
		{worker.Call{Job: "count", Output: 1 << 20}, worker.ErrOutput, "more than 1 MiB"},
		{worker.Call{Job: "killed"}, nil, "signal: killed"},
		{worker.Call{Job: "silent"}, nil, "cut short"},
	} {
		memory := int64(300 << 20)
		if underRace {
			if memory = ampleMemory; c.kind == worker.ErrMemory {
				continue // .ci/run tests this without the race detector
			}
		}
		if (c.kind == worker.ErrMemory || c.kind == worker.ErrCPU) && worker.MissingLimits != "" {
			continue
		}
		w := start(t, worker.Process{Memory: memory})
		_, err := w.Do(t.Context(), c.call, func([]byte) error { return nil })
		if !errors.Is(err, worker.ErrEnded) || c.kind != nil && !errors.Is(err, c.kind) ||
			!strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", c.call.Job, err, c.want)
		}
	}
}

// TestStopped ends the caller's context. The process of a job that stops is kept,
// the process of a job that goes on is ended.
func TestStopped(t *testing.T) {
	cause := errors.New("the user left")
	stop := func(job string) (*worker.Worker, error) {
		w := start(t, worker.Process{Memory: ampleMemory})
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(50*time.Millisecond, func() { cancel(cause) })
		_, err := w.Do(ctx, worker.Call{Job: job}, nil)
		return w, err
	}
	w, err := stop("wait")
	if !errors.Is(err, cause) || errors.Is(err, worker.ErrEnded) {
		t.Errorf("got %v", err)
	}
	if got, err := do[string](t, w, worker.Call{Job: "answer", Request: 1}); err != nil || got != "1" {
		t.Errorf("after it: %q, %v", got, err)
	}
	if _, err := stop("hang"); !errors.Is(err, cause) || !errors.Is(err, worker.ErrEnded) {
		t.Errorf("got %v", err)
	}
}

// TestHasNothing checks the environment and the permissions of a child.
func TestHasNothing(t *testing.T) {
	t.Setenv("ENTENTE_SECRET", "1")
	w := start(t, worker.Process{Memory: ampleMemory})
	if got, err := do[[]string](t, w, worker.Call{Job: "environment"}); err != nil || len(got) > 0 {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := do[any](t, w, worker.Call{Job: "write"}); worker.MissingLimits == "" && err == nil {
		t.Error("it wrote a file")
	}
	w = start(t, worker.Process{Memory: ampleMemory, Writes: true, Env: []string{"A=1"}})
	if got, err := do[[]string](t, w, worker.Call{Job: "environment"}); err != nil || len(got) != 1 {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := do[any](t, w, worker.Call{Job: "write"}); err != nil {
		t.Error(err)
	}
	os.Remove(os.TempDir() + "/entente-worker-test")
}

func TestWithoutMain(t *testing.T) {
	if _, err := (worker.Program{}).Start(worker.Process{}); !errors.Is(err, worker.ErrNoMain) {
		t.Errorf("got %v", err)
	}
}

// grandchild starts a child of a child, which hangs, and returns its process.
func grandchild() (any, error) {
	cmd := exec.Command(os.Args[0], os.Args[1:]...)
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err == nil {
		_, err = in.Write([]byte(`{"Call":1,"Job":"hang"}` + "\n"))
	}
	if err != nil {
		return nil, err
	}
	return cmd.Process.Pid, nil
}

// TestEndsWithItsParent kills a process that has a child.
func TestEndsWithItsParent(t *testing.T) {
	if _, err := exec.LookPath("ps"); err != nil {
		t.Skip("no ps")
	}
	w := start(t, worker.Process{Writes: true})
	pid, err := do[json.Number](t, w, worker.Call{Job: "parent"})
	if err != nil {
		t.Fatal(err)
	}
	alive := func() bool { return exec.Command("ps", "-p", pid.String()).Run() == nil }
	if !alive() {
		t.Fatal("there is no such process")
	}
	_, _ = do[any](t, w, worker.Call{Job: "silent"})
	for deadline := time.Now().Add(20 * time.Second); alive(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the child lives on")
		}
	}
}
