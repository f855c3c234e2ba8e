package loaders

import (
	"context"
	"iter"
	"runtime"
	"sync"
)

// inOrder calls work for each item of a sequence on all processors, and done for
// the results, in the order of the items, in the goroutine of the caller. Each
// processor has a function of its own from newWork. inOrder stops at the first
// error of the sequence, of done and of the context, and returns it. No goroutine
// outlives the call.
func inOrder[T, R any](ctx context.Context, items iter.Seq2[T, error], newWork func() func(T) R, done func(R) error) error {
	type task struct {
		item   T
		err    error
		result chan R
	}
	workers := runtime.GOMAXPROCS(0)
	tasks, order := make(chan task), make(chan task, 2*workers)
	stop := make(chan struct{})
	var running sync.WaitGroup
	defer running.Wait()
	defer close(stop)
	running.Go(func() {
		defer close(order)
		defer close(tasks)
		for item, err := range items {
			t := task{item, err, make(chan R, 1)}
			select {
			case order <- t:
			case <-stop:
				return
			}
			if err != nil {
				return
			}
			select {
			case tasks <- t:
			case <-stop:
				return
			}
		}
	})
	for range workers {
		running.Go(func() {
			work := newWork()
			for t := range tasks {
				t.result <- work(t.item)
			}
		})
	}
	for t := range order {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if t.err != nil {
			return t.err
		}
		if err := done(<-t.result); err != nil {
			return err
		}
	}
	return nil
}
