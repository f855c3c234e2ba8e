package store

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
	bolt "go.etcd.io/bbolt"
)

// ErrClosed answers every use of a closed Store, Snapshot or Tx.
var ErrClosed = errors.New("store is closed")

// view reads one bbolt transaction. Every access to the file goes through
// read, so that close never takes pages away from under a reader.
type view struct {
	mu     sync.RWMutex
	closed atomic.Bool
	done   func() error // lets go of the file
	tx     *bolt.Tx
	index  [quadfile.IndexCount]*quadfile.TupleTable
	names  *quadfile.TermTable
	keys   *quadfile.KeyTable
	over   []*quadfile.Layer // the levels that hold something and the runs of a transaction, oldest first
	state  quadfile.Record
	blank  bool // there was nothing when the transaction began

	recall *recall
}

// newView opens all tables, which readers share.
func newView(tx *bolt.Tx, done func() error) (v *view, err error) {
	v = &view{tx: tx, done: done}
	err = quadfile.Guard(func() error {
		buckets := quadfile.OpenBuckets(tx)
		if v.state, err = quadfile.ReadRecord(buckets[string(quadfile.BucketMeta)], quadfile.LastTransaction(tx)); err != nil {
			return err
		}
		v.recall = &recall{state: v.state}
		main, err := quadfile.OpenTables(buckets, "", v.state.Main.Stamp, v.state.Main.Plus)
		if err != nil {
			return err
		}
		main.FillIn()
		v.index, v.names, v.keys = main.Index, main.Terms, main.Keys
		for level := quadfile.LevelCount - 1; level >= 0; level-- {
			if err := v.openLevel(buckets, level); err != nil {
				return err
			}
		}
		v.blank = len(v.over) == 0 && v.index[quadfile.SPOL].Blank && v.names.Blank
		return nil
	})
	return v, err
}

// share returns another reader of the same state, which does not end the
// transaction: done is called when it is closed.
func (v *view) share(done func() error) *view {
	return &view{
		index: v.index, names: v.names, keys: v.keys, over: v.over,
		state: v.state, blank: v.blank, recall: v.recall, done: done,
	}
}

// read runs fn on the pages of the transaction. Calls must not nest.
func (v *view) read(fn func() error) error {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.closed.Load() {
		return ErrClosed
	}
	return quadfile.Guard(fn)
}

// isClosed reports whether the reader was closed.
func (v *view) isClosed() bool { return v.closed.Load() }

// addRun lays a run over all layers.
func (v *view) addRun(l *quadfile.Layer) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.over = append(v.over, l)
}

// putRecord writes the record as that of the next generation.
func (v *view) putRecord() error {
	v.state.Generation++
	v.state.Transaction = uint64(v.tx.ID())
	return v.state.Put(v.tx.Bucket(quadfile.BucketMeta).Put)
}

// commit closes the reader and keeps what its transaction has written; committed is
// called once it has, before the reader lets go of the file.
func (v *view) commit(committed func()) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed.Store(true)
	err := quadfile.Guard(v.tx.Commit)
	if err != nil {
		_ = quadfile.Guard(v.tx.Rollback) // does nothing when bbolt did it
	} else {
		committed()
	}
	return errors.Join(err, v.done())
}

// close ends the transaction once no read is running; it returns false when
// that was done before.
func (v *view) close() (bool, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed.Swap(true) {
		return false, nil
	}
	var errs []error
	for _, l := range v.over {
		if l.Close != nil {
			errs = append(errs, l.Close())
		}
	}
	if v.tx != nil { // not of a snapshot that shares it
		errs = append(errs, v.tx.Rollback())
	}
	return true, errors.Join(append(errs, v.done())...)
}

// idOf is id for a value; a value that cannot be stored has none.
func (v *view) idOf(value quad.Value) (uint64, error) {
	if value == nil {
		return 0, nil
	}
	iri, isIRI := value.(quad.IRI)
	if isIRI && !v.closed.Load() {
		if id := v.recall.idsOf().get(iri); v.may(id) {
			return id, nil
		}
	}
	var scratch [256]byte
	term, err := rdf.AppendTerm(scratch[:0], value)
	if err != nil {
		return 0, nil
	}
	id, err := v.id(term)
	if isIRI && err == nil {
		v.recall.idsOf().put(iri, id)
	}
	return id, err
}

// may reports whether an id that is remembered may be one of this state: a later
// one, which remembers in the same place, has more.
func (v *view) may(id uint64) bool { return id != 0 && id < v.state.NextID }

// value returns the term of an id as a value, nil when there is none.
func (v *view) value(id uint64) (value quad.Value, err error) {
	if value = v.recall.names().get(id); value != nil && v.may(id) && !v.closed.Load() {
		return value, nil
	}
	err = v.read(func() (err error) {
		n := namer{view: v}
		value, err = n.value(id)
		return err
	})
	return value, err
}

// quad turns an unpacked tuple into values.
func (v *view) quad(t quadfile.Tuple) (quad.Quad, error) { return quadOf(t, v.value) }

func quadOf(t quadfile.Tuple, value func(id uint64) (quad.Value, error)) (q quad.Quad, err error) {
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

// openLevel opens a level if it holds something.
func (v *view) openLevel(buckets map[string]*quadfile.Tree, level int) (err error) {
	set := v.state.Levels[level]
	if v.state.LevelQuads[level] == 0 && set.Plus|set.Minus == 0 {
		return nil
	}
	l := &quadfile.Layer{Level: level}
	if l.Plus, err = quadfile.OpenTables(buckets, quadfile.AddedSuffix(level), set.Stamp, set.Plus); err != nil {
		return err
	}
	if l.Minus, err = quadfile.OpenTables(buckets, quadfile.RemovedSuffix(level), set.Stamp, set.Minus); err != nil {
		return err
	}
	if l.FirstTermID, err = quadfile.FirstTermID(l.Plus.Terms); err != nil {
		return err
	}
	v.over = append(v.over, l)
	return nil
}

// quads are the layers of an index.
func (v *view) quads(i int) quadfile.Layers[quadfile.Tuple, quadfile.TupleCoder] {
	l := quadfile.Layers[quadfile.Tuple, quadfile.TupleCoder]{Base: v.index[i]}
	for _, o := range v.over {
		l.Over = append(l.Over, o.Quads(i))
	}
	return l
}

func (v *view) nameLayers() quadfile.Layers[quadfile.TermEntry, quadfile.TermCoder] {
	l := quadfile.Layers[quadfile.TermEntry, quadfile.TermCoder]{Base: v.names}
	for _, o := range v.over {
		l.Over = append(l.Over, o.ByID())
	}
	return l
}

func (v *view) keyLayers() quadfile.Layers[quadfile.KeyEntry, quadfile.KeyCoder] {
	l := quadfile.Layers[quadfile.KeyEntry, quadfile.KeyCoder]{Base: v.keys}
	for _, o := range v.over {
		l.Over = append(l.Over, o.ByKey())
	}
	return l
}
