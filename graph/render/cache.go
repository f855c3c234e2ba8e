package render

import (
	"cmp"
	"sync"
)

// cache remembers the values of up to about twice as many keys as its size, or
// cacheSize: those that were used last. It may be used by several goroutines at once.
type cache[K comparable, V any] struct {
	size   int // if it is not 0
	mu     sync.RWMutex
	recent map[K]V
	older  map[K]V // was recent until that was full
}

// How many values make the map of recent values full. Names are short, and a long list
// names most entities of a graph.
const (
	cacheSize = 1 << 15
	labelSize = 1 << 17
)

// get returns the value of a key; ok is false if it is not remembered.
func (c *cache[K, V]) get(key K) (value V, ok bool) {
	c.mu.RLock()
	value, ok = c.recent[key]
	c.mu.RUnlock()
	if ok {
		return value, true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if value, ok = c.older[key]; ok {
		c.add(key, value)
	}
	return value, ok
}

// has reports whether the value of a key is remembered.
func (c *cache[K, V]) has(key K) bool {
	_, ok := c.get(key)
	return ok
}

// put remembers a value.
func (c *cache[K, V]) put(key K, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add(key, value)
}

func (c *cache[K, V]) add(key K, value V) {
	if c.recent == nil || len(c.recent) >= cmp.Or(c.size, cacheSize) {
		c.recent, c.older = map[K]V{}, c.recent
	}
	c.recent[key] = value
}
