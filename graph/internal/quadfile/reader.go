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

// ErrClosed answers every use of a closed Store, Snapshot or Tx.
var ErrClosed = errors.New("store is closed")

// Reader reads the state of the file that one bbolt transaction sees. Every access
// to pages is inside Read, so that Close never unmaps pages during a read.
type Reader struct {
	mu     sync.RWMutex
	closed atomic.Bool
	done   func() error // lets go of the file
	Bolt   *bolt.Tx
	Index  [IndexCount]*TupleTable
	Terms  *TermTable
	Keys   *KeyTable
	Over   []*Layer // the levels that have entries and the runs of a transaction, oldest first
	Record Record
	Blank  bool // there was nothing when the transaction began

	Cache *Cache
}

// NewReader opens all tables. done is called when the reader is closed.
func NewReader(tx *bolt.Tx, done func() error) (v *Reader, err error) {
	v = &Reader{Bolt: tx, done: done}
	err = Guard(func() error {
		buckets := openBuckets(tx)
		if v.Record, err = readRecord(buckets[string(BucketMeta)], lastTransaction(tx)); err != nil {
			return err
		}
		v.Cache = &Cache{Record: v.Record}
		main, err := openTables(buckets, "", v.Record.Main.Stamp, v.Record.Main.Plus)
		if err != nil {
			return err
		}
		main.fillIn()
		v.Index, v.Terms, v.Keys = main.Index, main.Terms, main.Keys
		for level := LevelCount - 1; level >= 0; level-- {
			if err := v.openLevel(buckets, level); err != nil {
				return err
			}
		}
		v.Blank = len(v.Over) == 0 && v.Index[SPOL].Blank && v.Terms.Blank
		return nil
	})
	return v, err
}

// Share returns another reader of the same state. Closing it calls done and does
// not end the transaction.
func (v *Reader) Share(done func() error) *Reader {
	return &Reader{
		Index: v.Index, Terms: v.Terms, Keys: v.Keys, Over: v.Over,
		Record: v.Record, Blank: v.Blank, Cache: v.Cache, done: done,
	}
}

// Read runs fn, which reads pages of the transaction. Calls must not nest.
func (v *Reader) Read(fn func() error) error {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.closed.Load() {
		return ErrClosed
	}
	return Guard(fn)
}

// IsClosed reports whether the reader was closed.
func (v *Reader) IsClosed() bool { return v.closed.Load() }

// AddRun adds a run as the newest layer.
func (v *Reader) AddRun(l *Layer) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.Over = append(v.Over, l)
}

// PutRecord writes the record of the next generation.
func (v *Reader) PutRecord() error {
	v.Record.Generation++
	v.Record.Transaction = uint64(v.Bolt.ID())
	return v.Record.Put(v.Bolt.Bucket(BucketMeta).Put)
}

// Commit commits the transaction and closes the reader. After a successful commit
// it calls committed, before it releases the file.
func (v *Reader) Commit(committed func()) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed.Store(true)
	err := Guard(v.Bolt.Commit)
	if err != nil {
		_ = Guard(v.Bolt.Rollback) // does nothing when bbolt did it
	} else {
		committed()
	}
	return errors.Join(err, v.done())
}

// Close ends the transaction when no read is running; it returns false if the
// reader was closed before.
func (v *Reader) Close() (bool, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed.Swap(true) {
		return false, nil
	}
	var errs []error
	for _, l := range v.Over {
		if l.close != nil {
			errs = append(errs, l.close())
		}
	}
	if v.Bolt != nil { // nil for a reader that shares the transaction
		errs = append(errs, v.Bolt.Rollback())
	}
	return true, errors.Join(append(errs, v.done())...)
}

// IDOf returns the id of a value, 0 for none and for a value that cannot be
// stored.
func (v *Reader) IDOf(value quad.Value) (uint64, error) {
	if value == nil {
		return 0, nil
	}
	iri, isIRI := value.(quad.IRI)
	if isIRI && !v.closed.Load() {
		if id := v.Cache.iriIDs().get(iri); v.mayHaveID(id) {
			return id, nil
		}
	}
	var scratch [256]byte
	term, err := rdf.AppendTerm(scratch[:0], value)
	if err != nil {
		return 0, nil
	}
	id, err := v.IDOfTerm(term)
	if isIRI && err == nil {
		v.Cache.iriIDs().put(iri, id)
	}
	return id, err
}

// mayHaveID reports whether an id from the cache can be an id of this state. A
// later state, which may share the cache, has greater ids.
func (v *Reader) mayHaveID(id uint64) bool { return id != 0 && id < v.Record.NextID }

// Value returns the term of an id as a value, nil if there is none.
func (v *Reader) Value(id uint64) (value quad.Value, err error) {
	if value = v.Cache.terms().get(id); value != nil && v.mayHaveID(id) && !v.closed.Load() {
		return value, nil
	}
	err = v.Read(func() (err error) {
		n := termFinder{reader: v}
		value, err = n.value(id)
		return err
	})
	return value, err
}

// Quad returns the quad of a tuple.
func (v *Reader) Quad(t Tuple) (quad.Quad, error) { return QuadOf(t, v.Value) }

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
func (v *Reader) openLevel(buckets map[string]*tree, level int) (err error) {
	set := v.Record.Levels[level]
	if v.Record.LevelQuads[level] == 0 && set.Plus|set.Minus == 0 {
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
	v.Over = append(v.Over, l)
	return nil
}

// QuadLayers returns the layers of index i.
func (v *Reader) QuadLayers(i int) Layers[Tuple, TupleCoder] {
	l := Layers[Tuple, TupleCoder]{Base: v.Index[i]}
	for _, o := range v.Over {
		l.Over = append(l.Over, o.Quads(i))
	}
	return l
}

// TermLayers returns the layers of the table of terms by id.
func (v *Reader) TermLayers() Layers[TermEntry, TermCoder] {
	l := Layers[TermEntry, TermCoder]{Base: v.Terms}
	for _, o := range v.Over {
		l.Over = append(l.Over, o.ByID())
	}
	return l
}

// KeyLayers returns the layers of the table of ids by term key.
func (v *Reader) KeyLayers() Layers[KeyEntry, KeyCoder] {
	l := Layers[KeyEntry, KeyCoder]{Base: v.Keys}
	for _, o := range v.Over {
		l.Over = append(l.Over, o.ByKey())
	}
	return l
}
