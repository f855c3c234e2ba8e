package store

import (
	"bytes"
	"context"
	"hash/maphash"
)

// tally is what entries come to, without regard to their order: their number
// and the sum of their hashes, whose seed nobody knows.
type tally struct {
	n   int64
	sum uint64
}

func (y *tally) add(hash uint64, sign int64) {
	y.n += sign
	y.sum += uint64(sign) * hash
}

func (c *check) hashTuple(q tuple) uint64 {
	var scratch [4 * idSize]byte
	return maphash.Bytes(c.seed, tuples{}.appendKey(scratch[:0], q))
}

func (c *check) hashTerm(id uint64, key []byte) uint64 {
	var scratch [idSize + longKey]byte
	return maphash.Bytes(c.seed, append(appendID(scratch[:0], id), key...))
}

// tallyLayers checks the tables of some layers, tallies what is there when all
// are taken together, and visits each entry of that. Where there are levels, the
// sum over the tables must be that of what a reader of them finds, or some level
// adds what is there or takes away what is not.
func tallyLayers[E any, C coder[E]](c *check, l layers[E, C], hash func(E) uint64, visit func(E)) (sum tally) {
	_ = l.tables(func(t *table[E, C], sign int64) error {
		checkTable(c, t, func(e E) {
			sum.add(hash(e), sign)
			if visit != nil && len(l.over) == 0 {
				visit(e)
			}
		})
		return nil
	})
	if len(l.over) == 0 {
		return sum
	}
	var together tally
	readTogether(c, l, func(e E) {
		together.add(hash(e), 1)
		if visit != nil {
			visit(e)
		}
	})
	if c.err == nil && together != sum {
		c.problem("bucket %s: its levels contradict each other", l.base.name)
	}
	return together
}

// checkBatch is how many blocks are read before others may close the store.
const checkBatch = 256

// checkTable visits all entries of a table and checks blocks and their order.
func checkTable[E any, C coder[E]](c *check, t *table[E, C], visit func(E)) {
	k := &tableCheck[E, C]{check: c, table: t, visit: visit}
	for more := true; more && c.err == nil; {
		err := c.view.read(func() (err error) {
			more, err = k.some()
			return err
		})
		c.fail("bucket "+t.name, err)
		more = more && err == nil
	}
	c.entries[t.name] = k.n
}

type tableCheck[E any, C coder[E]] struct {
	check *check
	table *table[E, C]
	visit func(E)
	from  []byte // the key of the next block, nil for the first
	block []E
	last  E
	n     int64
}

// some checks the next blocks and says whether there are more.
func (k *tableCheck[E, C]) some() (more bool, err error) {
	if err := cause(k.check.ctx); err != nil {
		return false, err
	}
	cursor := k.table.bucket.Cursor()
	key, value := cursor.Seek(k.from)
	for range checkBatch {
		if key == nil {
			return false, nil
		}
		k.one(key, value)
		key, value = cursor.Next()
	}
	k.from = bytes.Clone(key)
	return key != nil, nil
}

func (k *tableCheck[E, C]) one(key, value []byte) {
	if len(value) == 0 {
		k.check.fail("bucket "+k.table.name, k.table.damaged(key, "empty"))
		return
	}
	block, err := k.table.decode(k.block[:0], key, value)
	if k.block = block; err != nil {
		k.check.fail("bucket "+k.table.name, err)
		return
	}
	for _, e := range block {
		if k.n > 0 && k.table.code.compare(k.last, e) >= 0 {
			k.check.problem("bucket %s: entries out of order in block %x", k.table.name, key[:min(len(key), 40)])
		}
		k.last = e
		k.n++
		k.visit(e)
	}
}

// readTogether visits what a reader of all layers finds.
func readTogether[E any, C coder[E]](c *check, l layers[E, C], visit func(E)) {
	m := l.from(context.Background(), nil)
	for ended := false; !ended; {
		err := c.view.read(func() error {
			for range checkBatch {
				entries, err := m.next()
				if ended = len(entries) == 0; err != nil || ended {
					return err
				}
				for _, e := range entries {
					visit(e)
				}
			}
			return cause(c.ctx)
		})
		if c.fail("bucket "+l.base.name, err); err != nil {
			return
		}
	}
}
