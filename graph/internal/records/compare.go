package records

import (
	"iter"
	"runtime"
	"sync"

	"github.com/entente-kg/entente/schema"
)

// Found is a record of an input, with its digest.
type Found struct {
	Record schema.Record
	Digest [12]byte
	Place  int // of its entry in the set; -1 if it has none
}

// Compare looks for each record in the set. Goroutines compute the digests; the records
// come in their order. An error of the sequence is the last pair.
func (s *Set) Compare(all iter.Seq2[schema.Record, error]) iter.Seq2[Found, error] {
	return func(yield func(Found, error) bool) {
		c := &comparison{set: s, yield: yield}
		defer c.working.Wait()
		for record, err := range all {
			if err != nil {
				if c.send() && c.finish() {
					yield(Found{}, err)
				}
				return
			}
			if !c.add(record) {
				return
			}
		}
		if c.send() {
			c.finish()
		}
	}
}

// comparison computes the digests of batches of records side by side.
type comparison struct {
	set     *Set
	yield   func(Found, error) bool
	current *batch
	queue   []*batch
	idle    []*batch
	working sync.WaitGroup
}

// batch is a few records that are compared together.
type batch struct {
	found  []Found
	hasher Hasher
	done   chan struct{}
}

const batchSize = 128

// add adds a record. It reports whether the caller wants more.
func (c *comparison) add(record schema.Record) bool {
	if c.current == nil {
		c.current = c.emptyBatch()
	}
	c.current.found = append(c.current.found, Found{Record: record})
	return len(c.current.found) < batchSize || c.send()
}

func (c *comparison) emptyBatch() *batch {
	n := len(c.idle)
	if n == 0 {
		return &batch{}
	}
	b := c.idle[n-1]
	c.idle = c.idle[:n-1]
	clear(b.found) // records may be large
	b.found = b.found[:0]
	return b
}

// send starts to compare the current batch, and yields the oldest one if there are enough
// to keep all processors busy.
func (c *comparison) send() bool {
	b := c.current
	if b == nil {
		return true
	}
	b.done = make(chan struct{})
	c.current, c.queue = nil, append(c.queue, b)
	c.working.Go(func() {
		defer close(b.done)
		b.compare(c.set)
	})
	return len(c.queue) <= runtime.GOMAXPROCS(0) || c.yieldOldest()
}

func (b *batch) compare(set *Set) {
	for i := range b.found {
		f, ok := &b.found[i], false
		if f.Digest, ok = b.hasher.Digest(f.Record); ok {
			f.Place = set.Find(f.Digest)
		} else {
			f.Place = -1
		}
	}
}

func (c *comparison) yieldOldest() bool {
	b := c.queue[0]
	c.queue = c.queue[1:]
	<-b.done
	for _, f := range b.found {
		if !c.yield(f, nil) {
			return false
		}
	}
	c.idle = append(c.idle, b)
	return true
}

func (c *comparison) finish() bool {
	for len(c.queue) > 0 {
		if !c.yieldOldest() {
			return false
		}
	}
	return true
}
