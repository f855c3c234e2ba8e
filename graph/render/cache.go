package render

import (
	"cmp"
	"hash/maphash"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/entente-kg/entente/schema"
)

// cache remembers the values of up to about twice as many keys as its size, or
// cacheSize: those that were used last. It may be used by several goroutines at once;
// reading a value that was used lately takes no lock.
type cache[K comparable, V any] struct {
	size   int                          // if it is not 0
	hash   func(maphash.Seed, K) uint64 // if it is not nil
	recent atomic.Pointer[cacheTable[K, V]]

	mu    sync.Mutex        // of all below, and of changes of recent
	older *cacheTable[K, V] // was recent until that was full
}

// How many values make the table of recent values full. Names are short, and a long list
// names most entities of a graph.
const (
	cacheSize = 1 << 15
	labelSize = 1 << 17
)

// get returns the value of a key; ok is false if it is not remembered.
func (c *cache[K, V]) get(key K) (value V, ok bool) {
	if e := c.recent.Load().find(key); e != nil {
		return e.value, true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.older.find(key); e != nil {
		c.add(e)
		return e.value, true
	}
	return value, false
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
	c.add(&cached[K, V]{key, value})
}

func (c *cache[K, V]) add(e *cached[K, V]) {
	recent := c.recent.Load()
	switch {
	case recent == nil:
		recent = newCacheTable[K, V](1<<8, c.hash)
	case recent.used >= cmp.Or(c.size, cacheSize):
		c.older, recent = recent, newCacheTable[K, V](len(recent.slots), c.hash)
	case 2*recent.used >= len(recent.slots):
		recent = recent.grown()
	}
	recent.add(e)
	c.recent.Store(recent)
}

// cached is a value and its key.
type cached[K comparable, V any] struct {
	key   K
	value V
}

// cacheTable is a hash table with linear probing, at most half full. One goroutine may
// add to it while others look for keys.
type cacheTable[K comparable, V any] struct {
	seed  maphash.Seed
	hash  func(maphash.Seed, K) uint64
	slots []atomic.Pointer[cached[K, V]]
	used  int
}

// newCacheTable returns an empty table of a power of two slots. The hash of a key is the one
// of all of it if hash is nil.
func newCacheTable[K comparable, V any](slots int, hash func(maphash.Seed, K) uint64) *cacheTable[K, V] {
	if hash == nil {
		hash = maphash.Comparable[K]
	}
	return &cacheTable[K, V]{seed: maphash.MakeSeed(), hash: hash, slots: make([]atomic.Pointer[cached[K, V]], slots)}
}

// grown returns a larger table with the same values.
func (t *cacheTable[K, V]) grown() *cacheTable[K, V] {
	larger := newCacheTable[K, V](4*len(t.slots), t.hash)
	for i := range t.slots {
		if e := t.slots[i].Load(); e != nil {
			larger.add(e)
		}
	}
	return larger
}

// find returns the entry of a key, nil if the table, which may be nil, does not have it.
func (t *cacheTable[K, V]) find(key K) *cached[K, V] {
	if t == nil {
		return nil
	}
	_, e := t.slot(key)
	return e
}

// add adds an entry, or replaces the one of the same key.
func (t *cacheTable[K, V]) add(e *cached[K, V]) {
	slot, old := t.slot(e.key)
	if old == nil {
		t.used++
	}
	slot.Store(e)
}

// slot returns the slot of a key and its entry. If the table does not have the key, that
// is nil in the free slot in which the key belongs. The slot must not be read again:
// another key may be in it by then.
func (t *cacheTable[K, V]) slot(key K) (*atomic.Pointer[cached[K, V]], *cached[K, V]) {
	mask := uint64(len(t.slots) - 1)
	for i := t.hash(t.seed, key) & mask; ; i = (i + 1) & mask {
		if e := t.slots[i].Load(); e == nil || e.key == key {
			return &t.slots[i], e
		}
	}
}

// ownID returns an id in memory of its own: texts of a fact may share memory, all of which
// a remembered one would keep.
func ownID(id schema.ID) schema.ID { return schema.ID(strings.Clone(string(id))) }
