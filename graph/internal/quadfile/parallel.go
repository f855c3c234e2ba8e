package quadfile

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// MaxWorkers is the maximum number of tables that are written at once, since each
// needs memory.
const MaxWorkers = 4

// RunParallel runs tasks, each of which changes a bucket of its own, in several
// goroutines, and returns the first error in the order of the tasks. In one
// transaction of bbolt, buckets can be changed concurrently as long as none is
// created and the transaction does not end.
func RunParallel(tasks []func() error) error {
	errs := make([]error, len(tasks))
	var next atomic.Int32
	work := func() {
		for i := next.Add(1) - 1; int(i) < len(tasks); i = next.Add(1) - 1 {
			errs[i] = RecoverPanic(tasks[i])
		}
	}
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(tasks), MaxWorkers) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// RunInTurn is RunParallel without goroutines, for small tasks.
func RunInTurn(tasks []func() error) error {
	for _, task := range tasks {
		if err := task(); err != nil {
			return err
		}
	}
	return nil
}
