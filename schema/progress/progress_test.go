package progress_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/entente-kg/entente/schema/progress"
)

// A meter has the task that began last, and the one before it once that has ended.
func TestStateIsOfTheLastTask(t *testing.T) {
	ctx, meter := progress.With(t.Context())
	want := func(task string, done int64) {
		t.Helper()
		s, ok := meter.State()
		if s.Task != task || s.Done != done || ok != (task != "") {
			t.Errorf("state %+v %v, want %q %d", s, ok, task, done)
		}
	}
	want("", 0)
	outer := progress.Begin(ctx, "outer", "facts", 10)
	outer.Add(3)
	want("outer", 3)
	inner := progress.Begin(ctx, "inner", "quads", 0)
	outer.Add(1)
	want("inner", 0)
	inner.Set(progress.State{Task: "elsewhere", Done: 7})
	want("elsewhere", 7)
	inner.End()
	inner.End()
	want("outer", 4)
	outer.End()
	want("", 0)
}

// Work under a context without a meter has nil tasks.
func TestWithoutMeter(t *testing.T) {
	task := progress.Begin(t.Context(), "alone", "facts", 1)
	task.Add(1)
	task.Set(progress.State{})
	task.End()
	if task != nil || progress.Of(t.Context()) != nil {
		t.Error("a context without a meter has a task")
	}
}

func TestTasksOfSeveralGoroutines(t *testing.T) {
	ctx, meter := progress.With(t.Context())
	all := progress.Begin(ctx, "all", "steps", 800)
	var work sync.WaitGroup
	for range 8 {
		work.Go(func() {
			for range 100 {
				part := progress.Begin(ctx, "part", "steps", 1)
				part.Add(1)
				_, _ = meter.State()
				part.End()
				all.Add(1)
			}
		})
	}
	work.Wait()
	if s, ok := meter.State(); !ok || s.Task != "all" || s.Done != 800 || s.Total != 800 {
		t.Errorf("state %+v %v", s, ok)
	}
}

func Example() {
	ctx, meter := progress.With(context.Background())
	task := progress.Begin(ctx, "reading facts.jsonl", progress.Bytes, 2000)
	task.Add(500)
	fmt.Println(meter.State())
	task.End()
	// Output: {reading facts.jsonl bytes 500 2000} true
}
