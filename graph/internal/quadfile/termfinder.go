package quadfile

import (
	"fmt"
	"hash/maphash"
	"sync/atomic"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/rdf"
)

// Cache is the terms, ids and counts that the readers of one generation remember
// together.
type Cache struct {
	Record    Record
	termCache atomic.Pointer[termCache]
	ids       atomic.Pointer[idCache]
	counts    countCache[TuplePattern, int64]
	ranges    countCache[rangeKey, termCount]
}

// terms returns the cache from ids to terms.
func (r *Cache) terms() *termCache {
	if c := r.termCache.Load(); c != nil {
		return c
	}
	r.termCache.CompareAndSwap(nil, new(termCache))
	return r.termCache.Load()
}

// iriIDs returns the cache from IRIs to ids.
func (r *Cache) iriIDs() *idCache {
	if c := r.ids.Load(); c != nil {
		return c
	}
	r.ids.CompareAndSwap(nil, &idCache{seed: maphash.MakeSeed()})
	return r.ids.Load()
}

// After returns the cache of a later state. If no term was removed in between, it
// has the same terms and ids: an id is never assigned to another term.
func (r *Cache) After(st Record) *Cache {
	next := &Cache{Record: st}
	if uint64(st.Terms-r.Record.Terms) == st.NextID-r.Record.NextID {
		next.termCache.Store(r.termCache.Load())
		next.ids.Store(r.ids.Load())
	}
	return next
}

// termCache remembers terms in slots selected by the low bits of their ids.
type termCache [1 << 13]struct {
	id    atomic.Uint64 // saves reading the entry of another id
	entry atomic.Pointer[termCacheEntry]
}

type termCacheEntry struct {
	id    uint64
	value quad.Value
}

// maxRemembered is the maximum length in bytes of an encoded term in the cache.
const maxRemembered = 256

func (c *termCache) get(id uint64) quad.Value {
	slot := &c[id%uint64(len(c))]
	if slot.id.Load() != id {
		return nil
	}
	if e := slot.entry.Load(); e != nil && e.id == id {
		return e.value
	}
	return nil
}

func (c *termCache) put(id uint64, value quad.Value, size int) {
	if size <= maxRemembered {
		slot := &c[id%uint64(len(c))]
		slot.entry.Store(&termCacheEntry{id, value})
		slot.id.Store(id)
	}
}

// idCache remembers the ids of IRIs: queries use the same few IRIs many times.
type idCache struct {
	seed  maphash.Seed
	slots [1 << 10]atomic.Pointer[idEntry]
}

type idEntry struct {
	iri quad.IRI
	id  uint64
}

func (c *idCache) slot(iri quad.IRI) *atomic.Pointer[idEntry] {
	return &c.slots[maphash.String(c.seed, string(iri))%uint64(len(c.slots))]
}

func (c *idCache) get(iri quad.IRI) uint64 {
	if e := c.slot(iri).Load(); e != nil && e.iri == iri {
		return e.id
	}
	return 0
}

func (c *idCache) put(iri quad.IRI, id uint64) {
	if id != 0 && len(iri) <= maxRemembered {
		c.slot(iri).Store(&idEntry{iri, id})
	}
}

// termFinder looks up the terms of ids. For an id further on in the current block,
// it continues there.
type termFinder struct {
	reader *Reader
	block  termBlock
	cursor Cursor // in the table whose block was opened last
}

// value returns the term of an id as a value, nil if there is none. It reads pages
// and must be called inside Reader.Read.
func (n *termFinder) value(id uint64) (quad.Value, error) {
	var buffer [128]byte
	term, err := n.find(buffer[:0], id)
	if err != nil || term == nil {
		return nil, err
	}
	value, err := rdf.DecodeTerm(term)
	if err != nil {
		return nil, fmt.Errorf("%w: term %d: %w", ErrDamaged, id, err)
	}
	n.reader.Cache.terms().put(id, value, len(term))
	return value, nil
}

// find appends the encoded term of an id to dst; the result is nil if there is
// none. The newest layer that adds or removes the id decides.
func (n *termFinder) find(dst []byte, id uint64) (term []byte, err error) {
	oldestFirst := id <= n.reader.lastTermID && !n.reader.mayRemove(id)
	if oldestFirst { // at most one layer has the term, most often the oldest
		if term, err = n.findIn(n.reader.Terms, dst, id); term != nil || err != nil {
			return term, err
		}
	}
	for i := len(n.reader.Over) - 1; i >= 0; i-- {
		o := n.reader.Over[i]
		if id >= o.firstTermID {
			if term, err = n.findIn(o.Plus.Terms, dst, id); term != nil || err != nil {
				return term, err
			}
		}
		if gone, err := n.findIn(o.Minus.Terms, dst, id); gone != nil || err != nil {
			return nil, err
		}
	}
	if oldestFirst {
		return nil, nil
	}
	return n.findIn(n.reader.Terms, dst, id)
}

// lastTermID returns the last id of a table of terms, 0 if it has none.
func lastTermID(r *Reader, t *TermTable) (uint64, error) {
	const last = 1<<(8*IDSize) - 1
	n := termFinder{reader: r}
	if err := n.open(t, last); err != nil || n.block.table == nil {
		return 0, err
	}
	if _, ok := n.block.seek(last); !ok {
		return 0, t.Damaged(n.block.key[:], "entry")
	}
	return n.block.id, nil
}

func (n *termFinder) findIn(t *TermTable, dst []byte, id uint64) ([]byte, error) {
	if t == nil {
		return nil, nil
	}
	if n.block.table != t || !n.block.covers(id) {
		if err := n.open(t, id); err != nil || n.block.table == nil {
			return nil, err
		}
	}
	found, ok := n.block.seek(id)
	if !ok {
		n.block.table = nil
		return nil, t.Damaged(n.block.key[:], "entry")
	}
	if !found {
		return nil, nil
	}
	return n.block.appendTerm(dst), nil
}

// open opens the block of a table in which the id is or would be.
func (n *termFinder) open(t *TermTable, id uint64) error {
	n.block.table = nil
	if n.cursor.tree == nil || n.cursor.tree != t.tree {
		n.cursor = t.Cursor()
	}
	b, ok, err := t.seek(&n.cursor, AppendID(n.block.key[:0], id))
	if err != nil || !ok {
		return err
	}
	if !n.block.begin(b.count, b.Key, b.entries) {
		return t.Damaged(b.Key, "entry")
	}
	n.block.table = t
	return nil
}
