package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/gizmo"
)

// faultyJobs returns jobs that answer, fail, crash, wait or hang.
func faultyJobs() []gizmo.Job {
	return []gizmo.Job{
		reportingJob("answer", func(_ context.Context, request []byte) (any, error) { return string(request), nil }),
		reportingJob("refuse", func(context.Context, []byte) (any, error) { return nil, fmt.Errorf("g: %w", graph.ErrNoGraph) }),
		reportingJob("overflow", func(context.Context, []byte) (any, error) {
			var deeper func(n int) int
			deeper = func(n int) int { return deeper(n+1) + n }
			return deeper(0), nil
		}),
		reportingJob("fault", func(context.Context, []byte) (any, error) { return readCutFile() }),
		reportingJob("wait", func(ctx context.Context, _ []byte) (any, error) { <-ctx.Done(); return nil, ctx.Err() }),
		reportingJob("hang", func(context.Context, []byte) (any, error) { select {} }),
	}
}

func TestChildAnswers(t *testing.T) {
	limits := gizmo.JobLimits{Time: time.Minute}
	var reply string
	if err := (children{program: program}).do(t.Context(), "answer", limits, []int{1, 2}, &reply); err != nil || reply != "[1,2]" {
		t.Errorf("got %q, %v", reply, err)
	}
	err := (children{program: program}).do(t.Context(), "refuse", limits, nil, &reply)
	if err == nil || err.Error() != "g: no graph here" || exitCode(err) != exitNotFound {
		t.Errorf("got %v", err)
	}
}

// TestChildFaults lets a child read a memory-mapped file that was truncated.
func TestChildFaults(t *testing.T) {
	var reply any
	err := (children{program: program}).do(t.Context(), "fault", gizmo.JobLimits{Time: time.Minute}, nil, &reply)
	if !errors.Is(err, gizmo.ErrEnded) || !strings.Contains(err.Error(), "unexpected fault address") || strings.Contains(err.Error(), "\n") {
		t.Error(err)
	}
}

// TestChildIsInterrupted cancels the caller's context.
func TestChildIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	err := (children{program: program}).do(ctx, "hang", gizmo.JobLimits{Time: time.Minute}, nil, nil)
	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, gizmo.ErrEnded) {
		t.Errorf("got %v", err)
	}
}

// TestChildIsLate runs a job that ends when its time limit cancels its context.
func TestChildIsLate(t *testing.T) {
	c := children{program: program}
	err := c.do(t.Context(), "wait", gizmo.JobLimits{Time: 100 * time.Millisecond}, nil, nil)
	if !errors.Is(err, gizmo.ErrTimeout) {
		t.Errorf("got %v", err)
	}
}

// TestVerifyOutlivesItsChild lets the child crash while it reads a graph: the graph
// counts as damaged.
func TestVerifyOutlivesItsChild(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "g")
	g, err := graph.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	g.Close()
	c := children{program: program}
	var v graph.Verification
	if err := c.doOnUntrusted(t.Context(), "overflow", dir, nil, &v); !errors.Is(err, errDamaged) || exitCode(err) != exitDamaged {
		t.Errorf("got %v", err)
	}
}
