package paths

import (
	"context"
	"runtime"
	"slices"
	"sync"
)

// runParallel runs tasks on all processors. The first error cancels the other tasks
// and is returned.
func runParallel(ctx context.Context, tasks []func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	next := make(chan func(context.Context) error, len(tasks))
	for _, task := range tasks {
		next <- task
	}
	close(next)
	for range min(runtime.GOMAXPROCS(0), len(tasks)) {
		wg.Go(func() {
			for task := range next {
				if err := task(ctx); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// runRanges runs fn over n items in equal ranges, in parallel.
func runRanges(ctx context.Context, n int, fn func(low, high int) error) error {
	const least = 1 << 12
	count := max(1, min(32*runtime.GOMAXPROCS(0), n/least))
	var tasks []func(context.Context) error
	for i := range count {
		tasks = append(tasks, func(ctx context.Context) error {
			if err := context.Cause(ctx); err != nil {
				return err
			}
			return fn(i*n/count, (i+1)*n/count)
		})
	}
	return runParallel(ctx, tasks)
}

// eachRange runs fn over n items in ranges, in order, and checks the context between
// them.
func eachRange(ctx context.Context, n int, fn func(low, high int)) error {
	const most = 1 << 12
	for low := 0; low < n && context.Cause(ctx) == nil; low += most {
		fn(low, min(low+most, n))
	}
	return context.Cause(ctx)
}

// distribute puts a list in the order of its buckets, and keeps the order within each. It
// also returns the start of each bucket.
func distribute[T any](ctx context.Context, list []T, buckets int, bucket func(*T) uint32) (sorted []T, start []uint32, err error) {
	start = make([]uint32, buckets+2)
	err = eachRange(ctx, len(list), func(low, high int) {
		for i := low; i < high; i++ {
			start[bucket(&list[i])+2]++
		}
	})
	if err != nil {
		return nil, nil, err
	}
	for i := 2; i < len(start); i++ {
		start[i] += start[i-1]
	}
	sorted = make([]T, len(list))
	err = eachRange(ctx, len(list), func(low, high int) {
		for i := low; i < high; i++ {
			at := &start[bucket(&list[i])+1]
			sorted[*at] = list[i]
			*at++
		}
	})
	return sorted, start[:buckets+1], err
}

// sortIntoBuckets sorts a list by bucket, and within each bucket by compare, in
// parallel. It also returns the start of each bucket.
func sortIntoBuckets[T any](ctx context.Context, list []T, buckets int, bucket func(*T) uint32, compare func(x, y T) int) (sorted []T, start []uint32, err error) {
	if sorted, start, err = distribute(ctx, list, buckets, bucket); err != nil {
		return nil, nil, err
	}
	err = runRanges(ctx, len(list), func(low, high int) error { // the buckets that start in the range
		i, _ := slices.BinarySearch(start[:buckets], uint32(low))
		for ; i < buckets && int(start[i]) < high; i++ {
			slices.SortFunc(sorted[start[i]:start[i+1]], compare)
		}
		return nil
	})
	return sorted, start, err
}
