package store

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// buildWindow is how many entries build packs at a time. A block has at most
// blockSize entries.
const buildWindow = 8 * blockSize

// empty reports whether a table has no block.
func (t *table[E, C]) empty() bool {
	k, _ := t.bucket.Cursor().First()
	return k == nil
}

// build fills an empty table with n sorted entries; entries appends those from
// one number up to another to dst.
func (t *table[E, C]) build(ctx context.Context, n int, entries func(dst []E, from, to int) []E) error {
	t.bucket.FillPercent = 1
	buf := make([]E, 0, min(n, buildWindow))
	for done := 0; done < n || len(buf) > 0; {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		more := min(n-done, buildWindow-len(buf))
		buf = entries(buf, done, done+more)
		done += more
		at := 0
		for len(buf)-at > blockSize || done == n && at < len(buf) {
			b, packed := t.packOne(buf[at:], blockSize)
			if err := t.bucket.Put(b.key, b.value); err != nil {
				return err
			}
			at += packed
		}
		buf = buf[:copy(buf, buf[at:])]
	}
	return nil
}

// maxWorkers bounds how many tables are written at once: each takes memory.
const maxWorkers = 4

// inParallel runs tasks, each of which touches one bucket of its own, and
// returns the first error in their order. bbolt lets buckets of one transaction
// be changed side by side as long as none is created nor the transaction ended.
func inParallel(tasks []func() error) error {
	errs := make([]error, len(tasks))
	var next atomic.Int32
	work := func() {
		for i := next.Add(1) - 1; int(i) < len(tasks); i = next.Add(1) - 1 {
			errs[i] = guarded(tasks[i])
		}
	}
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(tasks), maxWorkers) - 1 {
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

// oneByOne is inParallel where starting goroutines would cost more.
func oneByOne(tasks []func() error) error {
	for _, task := range tasks {
		if err := task(); err != nil {
			return err
		}
	}
	return nil
}
