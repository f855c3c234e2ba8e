package store

import (
	"sync"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// sizeCache remembers how many quads a pattern matches: Cayley's planner asks
// for the same few many times a query.
type sizeCache struct {
	sync.Mutex
	counts map[quadfile.TuplePattern]int64
}

const maxSizes = 1 << 12

func (c *sizeCache) get(p quadfile.TuplePattern) (n int64, ok bool) {
	c.Lock()
	defer c.Unlock()
	n, ok = c.counts[p]
	return n, ok
}

func (c *sizeCache) put(p quadfile.TuplePattern, n int64) {
	c.Lock()
	defer c.Unlock()
	if c.counts == nil || len(c.counts) >= maxSizes {
		c.counts = map[quadfile.TuplePattern]int64{}
	}
	c.counts[p] = n
}
