package quadfile

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/rdf"
	bolt "go.etcd.io/bbolt"
)

// ErrClosed is the error of every use of a closed Store, Snapshot or Tx.
var ErrClosed = errors.New("store is closed")

// Reader reads the state of the file that one bbolt transaction sees. Every access
// to pages is inside Read, so that Close never unmaps pages during a read.
type Reader struct {
	mu       sync.RWMutex
	closed   atomic.Bool
	done     func() error // releases the file
	Bolt     *bolt.Tx
	Index    [IndexCount]*TupleTable
	Terms    *TermTable
	Keys     *KeyTable
	Over     []*Layer // the levels that have entries and the runs of a transaction, oldest first
	Record   Record
	WasEmpty bool // the store was empty when the transaction began

	lastTermID uint64 // the last id of Terms, if there were levels over it when the reader was opened

	Cache *Cache
}

// NewReader opens all tables. done is called when the reader is closed.
func NewReader(tx *bolt.Tx, done func() error) (r *Reader, err error) {
	r = &Reader{Bolt: tx, done: done}
	err = RecoverPanic(func() error {
		buckets := openBuckets(tx, tx.DB().NoSync)
		if r.Record, err = readRecord(buckets[string(BucketMeta)], lastTransaction(tx)); err != nil {
			return err
		}
		r.Cache = &Cache{Record: r.Record}
		main, err := openTables(buckets, "", r.Record.Main.Stamp, r.Record.Main.Plus)
		if err != nil {
			return err
		}
		main.fillIn()
		r.Index, r.Terms, r.Keys = main.Index, main.Terms, main.Keys
		for level := LevelCount - 1; level >= 0; level-- {
			if err := r.openLevel(buckets, level); err != nil {
				return err
			}
		}
		r.WasEmpty = len(r.Over) == 0 && r.Index[SPOL].Empty && r.Terms.Empty
		if len(r.Over) > 0 {
			r.lastTermID, err = lastTermID(r, r.Terms)
		}
		return err
	})
	return r, err
}

// Share returns another reader of the same state. Closing it calls done and does
// not end the transaction.
func (r *Reader) Share(done func() error) *Reader {
	return &Reader{
		Index: r.Index, Terms: r.Terms, Keys: r.Keys, Over: r.Over,
		Record: r.Record, WasEmpty: r.WasEmpty, lastTermID: r.lastTermID, Cache: r.Cache, done: done,
	}
}

// Read runs fn, which reads pages of the transaction. Calls must not nest.
func (r *Reader) Read(fn func() error) error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.closed.Load() {
		return ErrClosed
	}
	return RecoverPanic(fn)
}

// IsClosed reports whether the reader was closed.
func (r *Reader) IsClosed() bool { return r.closed.Load() }

// AddRun adds a run as the newest layer.
func (r *Reader) AddRun(l *Layer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Over = append(r.Over, l)
}

// PutRecord writes the record of the next generation.
func (r *Reader) PutRecord() error {
	r.Record.Generation++
	r.Record.Transaction = uint64(r.Bolt.ID())
	return r.Record.Put(r.Bolt.Bucket(BucketMeta).Put)
}

// Commit commits the transaction and closes the reader. After a successful commit
// it calls committed, before it releases the file.
func (r *Reader) Commit(committed func()) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed.Store(true)
	err := RecoverPanic(r.Bolt.Commit)
	if err != nil {
		_ = RecoverPanic(r.Bolt.Rollback) // does nothing when bbolt did it
	} else {
		committed()
	}
	return errors.Join(err, r.done())
}

// Close ends the transaction when no read is running; it returns false if the
// reader was closed before.
func (r *Reader) Close() (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed.Swap(true) {
		return false, nil
	}
	var errs []error
	for _, l := range r.Over {
		if l.close != nil {
			errs = append(errs, l.close())
		}
	}
	if r.Bolt != nil { // nil for a reader that shares the transaction
		errs = append(errs, r.Bolt.Rollback())
	}
	return true, errors.Join(append(errs, r.done())...)
}

// IDOf returns the id of a value, 0 for none and for a value that cannot be
// stored.
func (r *Reader) IDOf(value quad.Value) (uint64, error) {
	if value == nil {
		return 0, nil
	}
	iri, isIRI := value.(quad.IRI)
	if isIRI && !r.closed.Load() {
		if id := r.Cache.iriIDs().get(iri); r.mayHaveID(id) {
			return id, nil
		}
	}
	var scratch [256]byte
	term, err := rdf.AppendTerm(scratch[:0], value)
	if err != nil {
		return 0, nil
	}
	id, err := r.IDOfTerm(term)
	if isIRI && err == nil {
		r.Cache.iriIDs().put(iri, id)
	}
	return id, err
}

// mayHaveID reports whether an id from the cache can be an id of this state. A
// later state, which may share the cache, has greater ids.
func (r *Reader) mayHaveID(id uint64) bool { return id != 0 && id < r.Record.NextID }

// Value returns the term of an id as a value, nil if there is none.
func (r *Reader) Value(id uint64) (value quad.Value, err error) {
	if value = r.Cache.terms().get(id); value != nil && r.mayHaveID(id) && !r.closed.Load() {
		return value, nil
	}
	err = r.Read(func() (err error) {
		n := termFinder{reader: r}
		value, err = n.value(id)
		return err
	})
	return value, err
}

// Quad returns the quad of a tuple.
func (r *Reader) Quad(t Tuple) (quad.Quad, error) { return QuadOf(t, r.Value) }

// QuadOf returns the quad of a tuple; value returns the term of an id.
func QuadOf(t Tuple, value func(id uint64) (quad.Value, error)) (q quad.Quad, err error) {
	for i, d := range quad.Directions {
		if t[i] == 0 {
			continue
		}
		v, err := value(t[i])
		if err != nil {
			return quad.Quad{}, err
		}
		if v == nil {
			return quad.Quad{}, fmt.Errorf("%w: no term has the id %d", ErrDamaged, t[i])
		}
		q.Set(d, v)
	}
	return q, nil
}

// openLevel opens a level if it has entries.
func (r *Reader) openLevel(buckets map[string]*tree, level int) (err error) {
	set := r.Record.Levels[level]
	if r.Record.LevelQuads[level] == 0 && set.Plus|set.Minus == 0 {
		return nil
	}
	l := &Layer{Level: level}
	if l.Plus, err = openTables(buckets, AddedSuffix(level), set.Stamp, set.Plus); err != nil {
		return err
	}
	if l.Minus, err = openTables(buckets, RemovedSuffix(level), set.Stamp, set.Minus); err != nil {
		return err
	}
	if l.firstTermID, err = firstTermID(l.Plus.Terms); err != nil {
		return err
	}
	if l.Minus.Terms != nil {
		l.removed = listIDs(l.Minus.Terms)
	}
	r.Over = append(r.Over, l)
	return nil
}

// QuadLayers returns the layers of index i.
func (r *Reader) QuadLayers(i int) Layers[Tuple, TupleCoder] {
	l := Layers[Tuple, TupleCoder]{Base: r.Index[i]}
	for _, o := range r.Over {
		l.Over = append(l.Over, o.Quads(i))
	}
	return l
}

// TermLayers returns the layers of the table of terms by id.
func (r *Reader) TermLayers() Layers[TermEntry, TermCoder] {
	l := Layers[TermEntry, TermCoder]{Base: r.Terms}
	for _, o := range r.Over {
		l.Over = append(l.Over, o.ByID())
	}
	return l
}

// KeyLayers returns the layers of the table of ids by term key.
func (r *Reader) KeyLayers() Layers[KeyEntry, KeyCoder] {
	l := Layers[KeyEntry, KeyCoder]{Base: r.Keys}
	for _, o := range r.Over {
		l.Over = append(l.Over, o.ByKey())
	}
	return l
}
