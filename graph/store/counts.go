package store

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// countIDs counts the quads that match a pattern of ids. Where an index has
// them in one span it reads little more than the heads of the blocks.
func (v *view) countIDs(ctx context.Context, p quadfile.TuplePattern) (n int64, err error) {
	if p == (quadfile.TuplePattern{}) {
		return v.state.Quads, v.read(func() error { return nil })
	}
	s, err := v.plan(p)
	if err != nil {
		return 0, err
	}
	if s.Fixed == p.Fixed() {
		return v.countSpan(s, 0)
	}
	scan := &scan{view: v, span: s, filter: p}
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

// countOnce is countIDs, once for all readers of one state.
func (v *view) countOnce(ctx context.Context, p quadfile.TuplePattern) (int64, error) {
	if n, ok := v.recall.sizes.get(p); ok {
		return n, nil
	}
	n, err := v.countIDs(ctx, p)
	if err == nil {
		v.recall.sizes.put(p, n)
	}
	return n, err
}

// labelFrom is the first label with this id or a later one, 0 for none.
func (v *view) labelFrom(from uint64) (id uint64, err error) {
	err = v.read(func() error {
		m := v.quads(quadfile.LSPO).From(context.Background(), quadfile.TupleKey(quadfile.Tuple{from}))
		for id == 0 {
			block, err := m.Next()
			if err != nil || len(block) == 0 {
				return err
			}
			at, _ := slices.BinarySearchFunc(block, from, func(t quadfile.Tuple, from uint64) int { return cmp.Compare(t[0], from) })
			if at < len(block) {
				id = block[at][0]
			}
		}
		return nil
	})
	return id, err
}

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
