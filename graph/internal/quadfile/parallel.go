package quadfile

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// MaxWorkers bounds how many tables are written at once: each takes memory.
const MaxWorkers = 4

// RunParallel runs tasks, each of which touches one bucket of its own, and
// returns the first error in their order. bbolt lets buckets of one transaction
// be changed side by side as long as none is created nor the transaction ended.
func RunParallel(tasks []func() error) error {
	errs := make([]error, len(tasks))
	var next atomic.Int32
	work := func() {
		for i := next.Add(1) - 1; int(i) < len(tasks); i = next.Add(1) - 1 {
			errs[i] = Guard(tasks[i])
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

// RunInTurn is inParallel where starting goroutines would cost more.
func RunInTurn(tasks []func() error) error {
	for _, task := range tasks {
		if err := task(); err != nil {
			return err
		}
	}
	return nil
}
