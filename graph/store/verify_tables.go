package store

import (
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
	check  *check
	table  *table[E, C]
	visit  func(E)
	cursor cursor
	before openBlock // the block before the next one, if that was good
	begun  bool
	block  []E
	last   E
	n      int64
}

// some checks the next blocks and says whether there are more.
func (k *tableCheck[E, C]) some() (more bool, err error) {
	if err := cause(k.check.ctx); err != nil || k.table == nil || k.table.blank {
		return false, err
	}
	for range checkBatch {
		key, value := k.move()
		if key == nil {
			if k.before.key != nil && !k.before.last() {
				k.check.problem("bucket %s ends too early", k.table.name)
			}
			return false, nil
		}
		k.one(key, value)
	}
	return true, nil
}

func (k *tableCheck[E, C]) move() (key, value []byte) {
	if k.begun {
		return k.cursor.next()
	}
	k.cursor, k.begun = k.table.cursor(), true
	if key, value = k.cursor.floor(nil); key == nil {
		k.check.problem("bucket %s is empty", k.table.name)
	}
	return key, value
}

func (k *tableCheck[E, C]) one(key, value []byte) {
	b, err := k.table.open(key, value)
	switch {
	case err != nil:
	case k.before.key == nil && k.n == 0 && !b.first, k.before.key != nil && !k.before.leadsTo(key):
		err = k.table.damaged(key, "not where it belongs")
	default:
		k.block, err = k.table.unpack(k.block[:0], &b)
	}
	if k.before = b; err != nil {
		k.before = openBlock{}
		k.check.fail("bucket "+k.table.name, err)
		return
	}
	for _, e := range k.block {
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
