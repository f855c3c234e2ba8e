// Package progress carries how far long work is, from the function that does the work to
// the program that shows it. Work that runs under a context with a [Meter] adds to a
// [Task]; the program asks the meter for the state as often as it wants to show it.
// Without a meter, tasks cost nothing.
package progress

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
)

// State is how far a task is.
type State struct {
	Task  string // what is done, such as "reading facts.jsonl"
	Unit  string // what Done and Total count, such as "facts", or [Bytes]
	Done  int64
	Total int64 // 0 if it is not known
}

// Bytes is the unit of work that is counted in bytes.
const Bytes = "bytes"

// Meter has the tasks of a context and of the contexts made from it.
type Meter struct {
	mu    sync.Mutex
	tasks []*Task // those that have not ended, in the order in which they began
}

// State returns the state of the task that began last and has not ended; ok is false if
// there is none.
func (m *Meter) State() (state State, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.tasks) == 0 {
		return State{}, false
	}
	t := m.tasks[len(m.tasks)-1]
	state = t.state
	state.Done = t.done.Load()
	return state, true
}

type meterKey struct{}

// With returns a context whose work a new meter measures.
func With(ctx context.Context) (context.Context, *Meter) {
	m := &Meter{}
	return context.WithValue(ctx, meterKey{}, m), m
}

// Of returns the meter of a context, or nil.
func Of(ctx context.Context) *Meter {
	m, _ := ctx.Value(meterKey{}).(*Meter)
	return m
}

// Task is a piece of work. The methods of a nil Task do nothing. All methods may be
// called from several goroutines.
type Task struct {
	meter *Meter
	state State // without Done
	done  atomic.Int64
}

// Begin begins a task, which the caller must end. Total is 0 if it is not known. Begin
// returns nil if the context has no meter.
func Begin(ctx context.Context, task, unit string, total int64) *Task {
	m := Of(ctx)
	if m == nil {
		return nil
	}
	t := &Task{meter: m, state: State{Task: task, Unit: unit, Total: total}}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tasks = append(m.tasks, t)
	return t
}

// Add adds to the work done.
func (t *Task) Add(n int64) {
	if t != nil {
		t.done.Add(n)
	}
}

// Set replaces the state of the task by another, such as that of a task in another
// process.
func (t *Task) Set(s State) {
	if t == nil {
		return
	}
	t.meter.mu.Lock()
	defer t.meter.mu.Unlock()
	t.state = s
	t.done.Store(s.Done)
}

// End ends the task. Ending it twice does nothing.
func (t *Task) End() {
	if t == nil {
		return
	}
	t.meter.mu.Lock()
	defer t.meter.mu.Unlock()
	t.meter.tasks = slices.DeleteFunc(t.meter.tasks, func(other *Task) bool { return other == t })
}
