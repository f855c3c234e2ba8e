package quadfile

import (
	"cmp"
	"context"
	"slices"
	"sync"
)

// Count counts the quads that match a pattern of ids. If these quads are one span
// of an index, it reads little more than the heads of blocks.
func (r *Reader) Count(ctx context.Context, p TuplePattern) (n int64, err error) {
	if p == (TuplePattern{}) {
		return r.Record.Quads, r.Read(func() error { return nil })
	}
	s, err := planWith(p, r.smallerOfAny)
	if err != nil {
		return 0, err
	}
	if s.Fixed == p.fixed() {
		return r.CountSpan(s, 0)
	}
	scan := &Scan{reader: r, span: s, filter: p}
	for !scan.done {
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		if err := scan.load(); err != nil {
			return 0, err
		}
		n += int64(len(scan.block))
	}
	return n, nil
}

// CountOnce is Count with a cache that the readers of one state share.
func (r *Reader) CountOnce(ctx context.Context, p TuplePattern) (int64, error) {
	if n, ok := r.Cache.counts.get(p); ok {
		return n, nil
	}
	n, err := r.Count(ctx, p)
	if err == nil {
		r.Cache.counts.put(p, n)
	}
	return n, err
}

// EachLabelled calls fn with the quads of the labels for which want returns true, in the
// order of their labels. It asks once for each label, and passes over the quads of others.
func (r *Reader) EachLabelled(ctx context.Context, want func(label uint64) bool, fn func(q Tuple)) error {
	m := r.QuadLayers(LSPO).From(ctx, nil)
	var label, from uint64
	wanted, ended := true, false
	for !ended {
		err := r.Read(func() error {
			block, err := m.Next()
			if ended = len(block) == 0; err != nil || ended {
				return err
			}
			for i := range block {
				if id := block[i][0]; id != label && id >= from {
					label, wanted = id, want(id)
				}
				if wanted {
					fn(IndexOrders[LSPO].Unpack(block[i]))
				}
			}
			if !wanted && from <= label {
				from = label + 1
				m.Seek(TupleKey(Tuple{from}))
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// LabelFrom returns the lowest label id that is at least from, 0 for none.
func (r *Reader) LabelFrom(from uint64) (id uint64, err error) {
	err = r.Read(func() error {
		m := r.QuadLayers(LSPO).From(context.Background(), TupleKey(Tuple{from}))
		for id == 0 {
			block, err := m.Next()
			if err != nil || len(block) == 0 {
				return err
			}
			at, _ := slices.BinarySearchFunc(block, from, func(t Tuple, from uint64) int { return cmp.Compare(t[0], from) })
			if at < len(block) {
				id = block[at][0]
			}
		}
		return nil
	})
	return id, err
}

// countCache remembers counts by what was counted: Cayley's planner asks for the same
// few patterns and ranges many times in a query.
type countCache[K comparable, V any] struct {
	sync.Mutex
	counts map[K]V
}

const maxCounts = 1 << 12

func (c *countCache[K, V]) get(k K) (n V, ok bool) {
	c.Lock()
	defer c.Unlock()
	n, ok = c.counts[k]
	return n, ok
}

func (c *countCache[K, V]) put(k K, n V) {
	c.Lock()
	defer c.Unlock()
	if c.counts == nil || len(c.counts) >= maxCounts {
		c.counts = map[K]V{}
	}
	c.counts[k] = n
}
