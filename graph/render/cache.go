package render

import "sync"

// cache remembers the values of up to about twice cacheSize keys: those that were used
// last. It may be used by several goroutines at once.
type cache[K comparable, V any] struct {
	mu     sync.RWMutex
	recent map[K]V
	older  map[K]V // was recent until that was full
}

// cacheSize is how many values make the map of recent values full.
const cacheSize = 1 << 15

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
	if c.recent == nil || len(c.recent) == cacheSize {
		c.recent, c.older = map[K]V{}, c.recent
	}
	c.recent[key] = value
}
