package store

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/rdf"
	bolt "go.etcd.io/bbolt"
)

// view reads one bbolt transaction. Every access to the file goes through
// read, so that close never takes pages away from under a reader.
type view struct {
	mu     sync.RWMutex
	closed atomic.Bool
	handle *handle
	done   func() error // lets go of the handle
	tx     *bolt.Tx
	index  [indexes]*tupleTable
	names  *nameTable
	keys   *keyTable
	over   []*layer // the levels that hold something and the runs of a transaction, oldest first
	state  state
	blank  bool // there was nothing when the transaction began

	recall *recall
}

// newView opens all tables, which readers share.
func newView(tx *bolt.Tx) (v *view, err error) {
	v = &view{tx: tx}
	err = guarded(func() error {
		buckets := openBuckets(tx)
		if v.state, err = readState(buckets[string(bucketMeta)], lastTransaction(tx)); err != nil {
			return err
		}
		v.recall = &recall{state: v.state}
		main, err := openTables(buckets, "", v.state.main.stamp, v.state.main.plus)
		if err != nil {
			return err
		}
		main.fillIn()
		v.index, v.names, v.keys = main.index, main.names, main.keys
		for level := levels - 1; level >= 0; level-- {
			if err := v.openLevel(buckets, level); err != nil {
				return err
			}
		}
		v.blank = len(v.over) == 0 && v.index[spol].blank && v.names.blank
		return nil
	})
	return v, err
}

// read runs fn on the pages of the transaction. Calls must not nest.
func (v *view) read(fn func() error) error {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.closed.Load() {
		return ErrClosed
	}
	return guarded(fn)
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
		if l.close != nil {
			errs = append(errs, l.close())
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
func (v *view) may(id uint64) bool { return id != 0 && id < v.state.next }

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
func (v *view) quad(t tuple) (quad.Quad, error) { return quadOf(t, v.value) }

func quadOf(t tuple, value func(id uint64) (quad.Value, error)) (q quad.Quad, err error) {
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
func (v *view) openLevel(buckets map[string]*tree, level int) (err error) {
	set := v.state.over[level]
	if v.state.levels[level] == 0 && set.plus|set.minus == 0 {
		return nil
	}
	l := &layer{level: level}
	if l.plus, err = openTables(buckets, plusOf(level), set.stamp, set.plus); err != nil {
		return err
	}
	if l.minus, err = openTables(buckets, minusOf(level), set.stamp, set.minus); err != nil {
		return err
	}
	if l.firstName, err = firstName(l.plus.names); err != nil {
		return err
	}
	v.over = append(v.over, l)
	return nil
}

// quads are the layers of an index.
func (v *view) quads(i int) layers[tuple, tuples] {
	l := layers[tuple, tuples]{base: v.index[i]}
	for _, o := range v.over {
		l.over = append(l.over, o.quads(i))
	}
	return l
}

func (v *view) nameLayers() layers[named, names] {
	l := layers[named, names]{base: v.names}
	for _, o := range v.over {
		l.over = append(l.over, o.byID())
	}
	return l
}

func (v *view) keyLayers() layers[keyed, keys] {
	l := layers[keyed, keys]{base: v.keys}
	for _, o := range v.over {
		l.over = append(l.over, o.byKey())
	}
	return l
}
