package render

import (
	"sync"
	"testing"
)

// A cache forgets what was not used for long, and never gives the value of another key.
func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	c := &cache[int, int]{}
	var working sync.WaitGroup
	for range 4 {
		working.Go(func() {
			for i := range 3 * cacheSize {
				c.put(i, -i)
				if v, ok := c.get(0); !ok || v != 0 {
					t.Errorf("0 has %d, %v", v, ok)
					return
				}
				if v, ok := c.get(i / 2); ok && v != -i/2 {
					t.Errorf("%d has %d", i/2, v)
				}
			}
		})
	}
	working.Wait()
	if n := c.recent.Load().used + c.older.used; n > 2*cacheSize {
		t.Errorf("%d values are remembered", n)
	}
	if _, ok := c.get(1); ok {
		t.Error("a value that nobody used is remembered")
	}
}
