package store

import (
	"context"
	"hash/maphash"
	"math/bits"
	"math/rand/v2"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// tally summarizes entries in any order: their number, and the sum of their
// hashes, which have a random seed.
type tally struct {
	n   int64
	sum uint64
}

func (y *tally) add(hash uint64, sign int64) {
	y.n += sign
	y.sum += uint64(sign) * hash
}

// tupleKeys are random numbers for the hashes of quads, one for each part.
type tupleKeys [4]uint64

func newTupleKeys() tupleKeys {
	return tupleKeys{rand.Uint64(), rand.Uint64(), rand.Uint64(), rand.Uint64()}
}

// in returns the keys in the order of an index, so that a quad has the same hash in all
// indexes.
func (k tupleKeys) in(index int) tupleKeys { return quadfile.IndexOrders[index].Pack(k) }

// hash returns the hash of a tuple.
func (k *tupleKeys) hash(t *quadfile.Tuple) (sum uint64) {
	for i, id := range t {
		high, low := bits.Mul64(id^k[i], k[i]|1)
		sum += high ^ low
	}
	sum = (sum ^ sum>>32) * 0xd6e8feb86659fd93
	return sum ^ sum>>32
}

func (c *check) hashTerm(id uint64, key []byte) uint64 {
	var scratch [quadfile.IDSize + quadfile.LongKey]byte
	return maphash.Bytes(c.seed, append(quadfile.AppendID(scratch[:0], id), key...))
}

// tallyLayers checks the tables of some layers. It tallies and visits the entries
// that are present when all layers are merged. The tables, with the removed
// entries subtracted, must have the same tally; otherwise a level adds an entry
// that is present below it, or removes an absent one.
func tallyLayers[E any, C quadfile.Coder[E]](c *check, l quadfile.Layers[E, C], hash func(*E) uint64, visit func(*E, uint64)) (sum tally) {
	_ = l.Tables(func(t *quadfile.Table[E, C], sign int64) error {
		checkTable(c, t, func(e *E) {
			h := hash(e)
			sum.add(h, sign)
			if visit != nil && len(l.Over) == 0 {
				visit(e, h)
			}
		})
		return nil
	})
	if len(l.Over) == 0 {
		return sum
	}
	var together tally
	readTogether(c, l, func(e *E) {
		h := hash(e)
		together.add(h, 1)
		if visit != nil {
			visit(e, h)
		}
	})
	if c.err == nil && together != sum {
		c.problem("bucket %s: its levels contradict each other", l.Base.Name)
	}
	return together
}

// checkBatch is the number of blocks that are read before the store may be closed
// in between.
const checkBatch = 256

// checkTable visits all entries of a table and checks blocks and their order.
func checkTable[E any, C quadfile.Coder[E]](c *check, t *quadfile.Table[E, C], visit func(*E)) {
	k := &tableCheck[E, C]{check: c, table: t, visit: visit}
	for more := true; more && c.err == nil; {
		err := c.reader.Read(func() (err error) {
			more, err = k.checkBlocks()
			return err
		})
		c.fail("bucket "+t.Name, err)
		more = more && err == nil
	}
	c.entries[t.Name] = k.n
}

type tableCheck[E any, C quadfile.Coder[E]] struct {
	check  *check
	table  *quadfile.Table[E, C]
	visit  func(*E)
	cursor quadfile.Cursor
	before quadfile.CheckedBlock // the previous block, if it was good
	begun  bool
	block  []E
	last   E
	n      int64
}

// checkBlocks checks the next blocks and reports whether there are more.
func (k *tableCheck[E, C]) checkBlocks() (more bool, err error) {
	if err := cause(k.check.ctx); err != nil || k.table == nil || k.table.Empty {
		return false, err
	}
	for range checkBatch {
		key, value := k.nextBlock()
		if key == nil {
			if k.before.Key != nil && !k.before.Last() {
				k.check.problem("bucket %s ends too early", k.table.Name)
			}
			return false, nil
		}
		k.checkBlock(key, value)
	}
	return true, nil
}

func (k *tableCheck[E, C]) nextBlock() (key, value []byte) {
	if k.begun {
		return k.cursor.Next()
	}
	k.cursor, k.begun = k.table.Cursor(), true
	if key, value = k.cursor.Floor(nil); key == nil {
		k.check.problem("bucket %s is empty", k.table.Name)
	}
	return key, value
}

func (k *tableCheck[E, C]) checkBlock(key, value []byte) {
	b, err := k.table.Open(key, value)
	switch {
	case err != nil:
	case k.before.Key == nil && k.n == 0 && !b.First, k.before.Key != nil && !k.before.LeadsTo(key):
		err = k.table.Damaged(key, "not where it belongs")
	default:
		k.block, err = k.table.Unpack(k.block[:0], &b)
	}
	if k.before = b; err != nil {
		k.before = quadfile.CheckedBlock{}
		k.check.fail("bucket "+k.table.Name, err)
		return
	}
	for i := range k.block {
		e := &k.block[i]
		if k.n > 0 && k.table.Code.Compare(k.last, *e) >= 0 {
			k.check.problem("bucket %s: entries out of order in block %x", k.table.Name, key[:min(len(key), 40)])
		}
		k.last = *e
		k.n++
		k.visit(e)
	}
}

// readTogether visits the entries that are present when all layers are merged.
func readTogether[E any, C quadfile.Coder[E]](c *check, l quadfile.Layers[E, C], visit func(*E)) {
	m := l.From(context.Background(), nil)
	for ended := false; !ended; {
		err := c.reader.Read(func() error {
			for range checkBatch {
				entries, err := m.Next()
				if ended = len(entries) == 0; err != nil || ended {
					return err
				}
				for i := range entries {
					visit(&entries[i])
				}
			}
			return cause(c.ctx)
		})
		if c.fail("bucket "+l.Base.Name, err); err != nil {
			return
		}
	}
}
