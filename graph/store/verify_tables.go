package store

import (
	"cmp"
	"hash/maphash"
	"math/bits"
	"math/rand/v2"
	"slices"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// tally summarizes entries in any order: their number, and the sum of their
// hashes, which have a random seed.
type tally struct {
	n   int64
	sum uint64
}

func (y *tally) add(hash uint64) {
	y.n++
	y.sum += hash
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

// tallyLayers checks the tables of some layers in one walk along all of them. It tallies
// and visits the entries that are present when the layers are merged, a few at a time.
// Where a layer adds an entry that is present below it, or removes one that is not, the
// layers contradict each other.
func tallyLayers[E any, C quadfile.Coder[E]](c *check, l quadfile.Layers[E, C], hash func(*E) uint64, visit func([]E)) tally {
	k := &layersCheck[E, C]{check: c, compare: l.Base.Code.Compare, hash: hash, visit: visit}
	k.tables = append(k.tables, &tableCheck[E, C]{check: c, table: l.Base})
	for _, layer := range l.Over {
		added, removed := layer.Both()
		if removed != nil {
			k.tables = append(k.tables, &tableCheck[E, C]{check: c, table: removed, removes: true})
		}
		if added != nil {
			k.tables = append(k.tables, &tableCheck[E, C]{check: c, table: added})
		}
	}
	for more := true; more && c.err == nil; {
		err := c.reader.Read(func() (err error) {
			more, err = k.steps()
			return err
		})
		c.fail("bucket "+l.Base.Name, err)
		more = more && err == nil
	}
	for _, t := range k.tables {
		c.entries[t.table.Name] = t.n
	}
	if k.contradict {
		c.problem("bucket %s: its levels contradict each other", l.Base.Name)
	}
	return k.found
}

// layersCheck is one call of tallyLayers.
type layersCheck[E any, C quadfile.Coder[E]] struct {
	check      *check
	compare    func(a, b E) int
	hash       func(*E) uint64
	visit      func([]E)           // may be nil
	tables     []*tableCheck[E, C] // in the order in which they apply, beginning with the base table
	changes    []layerChange[E]
	merged     []E
	found      tally
	contradict bool
}

// layerChange is an entry of a table over the base table.
type layerChange[E any] struct {
	entry   E
	table   int
	removes bool
}

// checkSteps is the number of steps before the store may be closed in between.
const checkSteps = 256

// steps checks the next blocks and reports whether there are more.
func (k *layersCheck[E, C]) steps() (more bool, err error) {
	if err := cause(k.check.ctx); err != nil {
		return false, err
	}
	for range checkSteps {
		bound, ok := k.bound()
		if !ok {
			return false, nil
		}
		entries := k.tables[0].popUpTo(bound)
		if k.collect(bound); len(k.changes) > 0 {
			entries = k.merge(entries)
		}
		for i := range entries {
			k.found.add(k.hash(&entries[i]))
		}
		if k.visit != nil {
			k.visit(entries)
		}
	}
	return true, nil
}

// bound returns the greatest entry up to which all tables have read their entries.
func (k *layersCheck[E, C]) bound() (bound E, ok bool) {
	for _, t := range k.tables {
		if !t.fill() {
			continue
		}
		if last := t.rest[len(t.rest)-1]; !ok || k.compare(last, bound) < 0 {
			bound, ok = last, true
		}
	}
	return bound, ok
}

// collect collects the changes up to an entry, in the order in which they apply.
func (k *layersCheck[E, C]) collect(bound E) {
	k.changes = k.changes[:0]
	for i, t := range k.tables[1:] {
		for _, e := range t.popUpTo(bound) {
			k.changes = append(k.changes, layerChange[E]{e, i, t.removes})
		}
	}
	slices.SortFunc(k.changes, func(a, b layerChange[E]) int {
		return cmp.Or(k.compare(a.entry, b.entry), cmp.Compare(a.table, b.table))
	})
}

// merge applies the changes to entries of the base table.
func (k *layersCheck[E, C]) merge(entries []E) []E {
	k.merged = k.merged[:0]
	for from, to := 0, 0; from < len(k.changes); from = to {
		e := k.changes[from].entry
		for to = from + 1; to < len(k.changes) && k.compare(k.changes[to].entry, e) == 0; {
			to++
		}
		at, found := slices.BinarySearchFunc(entries, e, k.compare)
		k.merged, entries = append(k.merged, entries[:at]...), entries[at:]
		var present *E
		if found {
			present, entries = &entries[0], entries[1:]
		}
		if present = k.apply(present, k.changes[from:to]); present != nil {
			k.merged = append(k.merged, *present)
		}
	}
	return append(k.merged, entries...)
}

// apply returns the entry that is present after the changes of one key, nil for none.
func (k *layersCheck[E, C]) apply(present *E, changes []layerChange[E]) *E {
	for i := range changes {
		switch c := &changes[i]; {
		case c.removes && (present == nil || k.hash(present) != k.hash(&c.entry)), !c.removes && present != nil:
			k.contradict = true
		case c.removes:
			present = nil
		default:
			present = &c.entry
		}
	}
	return present
}

// tableCheck walks the entries of a table, and checks blocks and their order.
type tableCheck[E any, C quadfile.Coder[E]] struct {
	check   *check
	table   *quadfile.Table[E, C]
	removes bool // the table has removed entries
	cursor  quadfile.Cursor
	before  quadfile.CheckedBlock // the previous block, if it was good
	begun   bool
	ended   bool
	block   []E
	rest    []E // of the block
	last    E
	n       int64
}

// fill checks blocks until rest has an entry. It returns false at the end.
func (k *tableCheck[E, C]) fill() bool {
	for len(k.rest) == 0 && !k.ended {
		key, value := k.nextBlock()
		if k.ended = key == nil; k.ended {
			if k.before.Key != nil && !k.before.Last() {
				k.check.problem("bucket %s ends too early", k.table.Name)
			}
			break
		}
		k.rest = k.checkBlock(key, value)
	}
	return !k.ended
}

// popUpTo removes the entries up to bound from rest and returns them. They are valid until
// the next fill.
func (k *tableCheck[E, C]) popUpTo(bound E) []E {
	n := len(k.rest)
	if n > 0 && k.table.Code.Compare(k.rest[n-1], bound) > 0 {
		at, found := slices.BinarySearchFunc(k.rest, bound, k.table.Code.Compare)
		if n = at; found {
			n++
		}
	}
	entries := k.rest[:n]
	k.rest = k.rest[n:]
	return entries
}

func (k *tableCheck[E, C]) nextBlock() (key, value []byte) {
	switch {
	case k.begun:
		return k.cursor.Next()
	case k.table.Empty:
		return nil, nil
	}
	k.cursor, k.begun = k.table.Cursor(), true
	if key, value = k.cursor.Floor(nil); key == nil {
		k.check.problem("bucket %s is empty", k.table.Name)
	}
	return key, value
}

// checkBlock returns the entries of a block, none if it is damaged.
func (k *tableCheck[E, C]) checkBlock(key, value []byte) []E {
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
		return nil
	}
	if k.n > 0 && k.table.Code.Compare(k.last, k.block[0]) >= 0 || !k.table.Code.Ascend(k.block) {
		k.check.problem("bucket %s: entries out of order in block %x", k.table.Name, key[:min(len(key), 40)])
	}
	k.last = k.block[len(k.block)-1]
	k.n += int64(len(k.block))
	return k.block
}
