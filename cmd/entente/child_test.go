package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/worker"
)

// mishaps are jobs that end their process, or do not end.
func mishaps() map[string]worker.Job {
	all := make(map[string]worker.Job)
	for name, work := range map[string]job{
		"answer": func(_ context.Context, request []byte) (any, error) { return string(request), nil },
		"refuse": func(context.Context, []byte) (any, error) { return nil, fmt.Errorf("g: %w", graph.ErrNoGraph) },
		"panic":  func(context.Context, []byte) (any, error) { panic("out of order") },
		"overflow": func(context.Context, []byte) (any, error) {
			var deeper func(n int) int
			deeper = func(n int) int { return deeper(n+1) + n }
			return deeper(0), nil
		},
		"memory": func(context.Context, []byte) (any, error) {
			var kept [][]byte
			for range 1 << 10 {
				kept = append(kept, slices.Repeat([]byte{1}, 16<<20))
			}
			return len(kept), nil
		},
		"fault": func(context.Context, []byte) (any, error) { return readCutFile() },
		"hang": func(context.Context, []byte) (any, error) {
			for {
				time.Sleep(time.Hour)
			}
		},
		"killed": func(context.Context, []byte) (any, error) {
			self, err := os.FindProcess(os.Getpid())
			if err != nil {
				return nil, err
			}
			return nil, self.Kill()
		},
		"silent": func(context.Context, []byte) (any, error) { os.Exit(0); return nil, nil },
	} {
		all[name] = told(work)
	}
	return all
}

func TestChildAnswers(t *testing.T) {
	limits := childLimits{Memory: 1 << 30, Time: time.Minute}
	var reply string
	if err := (&app{program: program}).inChild(t.Context(), "answer", limits, []int{1, 2}, &reply); err != nil || reply != "[1,2]" {
		t.Errorf("got %q, %v", reply, err)
	}
	err := (&app{program: program}).inChild(t.Context(), "refuse", limits, nil, &reply)
	if err == nil || err.Error() != "g: no graph here" || exitCode(err) != exitNotFound {
		t.Errorf("got %v", err)
	}
}

// TestChildDies has children meet all that can end a process, and lives on.
func TestChildDies(t *testing.T) {
	for name, want := range map[string]string{
		"panic": "panic: out of order", "overflow": "fatal error: stack overflow", "memory": "out of memory",
		"fault": "unexpected fault address", "hang": "out of time after 200ms", "killed": "signal: killed", "silent": "cut short",
	} {
		limits := childLimits{Memory: 400 << 20, Time: time.Minute}
		if underRace && name == "memory" {
			continue // .ci/run has a run without the race detector
		}
		if underRace {
			limits.Memory = 1 << 40
		}
		if name == "hang" {
			limits.Time = 200 * time.Millisecond
		}
		var reply any
		err := (&app{program: program}).inChild(t.Context(), name, limits, nil, &reply)
		if !errors.Is(err, worker.ErrEnded) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}

// TestChildIsInterrupted ends the caller's context.
func TestChildIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	err := (&app{program: program}).inChild(ctx, "hang", childLimits{Memory: 1 << 30, Time: time.Minute}, nil, nil)
	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, worker.ErrEnded) {
		t.Errorf("got %v", err)
	}
}

// TestVerifyOutlivesItsChild is about what verify makes of it.
func TestVerifyOutlivesItsChild(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "g")
	g, err := graph.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	g.Close()
	a := &app{program: program}
	var v graph.Verification
	if err := a.guarded(t.Context(), "overflow", dir, nil, &v); !errors.Is(err, errDamaged) || exitCode(err) != exitDamaged {
		t.Errorf("got %v", err)
	}
}
