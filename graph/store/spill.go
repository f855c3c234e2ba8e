package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	bolt "go.etcd.io/bbolt"
)

// run is changes of a transaction that did not fit into memory: a file of its
// own, sorted as a store is, which is read as a layer over it until a rewrite
// takes all layers together.
type run struct {
	db          *bolt.DB
	tx          *bolt.Tx
	plus, minus [indexes]*tupleTable // minus is nil where nothing is removed
	names       *nameTable
	keys        *keyTable
}

func minusName(i int) string { return "-" + indexNames[i] }

func (r *run) close() error {
	if r.tx == nil {
		return r.db.Close()
	}
	return errors.Join(r.tx.Rollback(), r.db.Close())
}

// quads are the layers of an index.
func (v *view) quads(i int) layers[tuple, tuples] {
	l := layers[tuple, tuples]{base: v.index[i]}
	for _, r := range v.runs {
		l.over = append(l.over, signedTable[tuple, tuples]{r.plus[i], r.minus[i]})
	}
	return l
}

func (v *view) nameLayers() layers[named, names] {
	l := layers[named, names]{base: v.names}
	for _, r := range v.runs {
		l.over = append(l.over, signedTable[named, names]{plus: r.names})
	}
	return l
}

func (v *view) keyLayers() layers[keyed, keys] {
	l := layers[keyed, keys]{base: v.keys}
	for _, r := range v.runs {
		l.over = append(l.over, signedTable[keyed, keys]{plus: r.keys})
	}
	return l
}

// spill writes the changes into a run. The file has no name once it is open, so
// that nothing of it stays whatever happens.
func (tx *Tx) spill() error {
	path, err := filepath.EvalSymlinks(tx.store.path)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), rewriteName(path, "*"))
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	err = tx.view.read(func() error { return tx.writeRun(newBoltFile(f)) })
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	r, err := openRun(f.Name())
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	tx.view.mu.Lock()
	defer tx.view.mu.Unlock()
	tx.view.runs = append(tx.view.runs, r)
	return nil
}

func openRun(path string) (r *run, err error) {
	r = &run{}
	err = guarded(func() (err error) {
		if r.db, err = bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true}); err != nil {
			return err
		}
		if r.tx, err = r.db.Begin(false); err != nil {
			return err
		}
		for i, name := range indexNames {
			r.plus[i] = r.table(name)
			r.minus[i] = r.table(minusName(i))
		}
		r.names = &nameTable{name: "i", bucket: r.tx.Bucket(bucketNames)}
		r.keys = &keyTable{name: "v", bucket: r.tx.Bucket(bucketKeys)}
		return nil
	})
	if err != nil && r.db != nil {
		err = errors.Join(err, r.close())
	}
	return r, err
}

func (r *run) table(name string) *tupleTable {
	bucket := r.tx.Bucket([]byte(name))
	if bucket == nil {
		return nil
	}
	return &tupleTable{name: name, bucket: bucket}
}

// writeRun writes the changes and the new terms as a file.
func (tx *Tx) writeRun(out *boltFile) error {
	var plus, minus [indexes]uint64
	var names, keys uint64
	tasks := []func() error{
		func() (err error) { keys, err = tx.runKeys(out); return err },
		func() (err error) { names, err = tx.runNames(out); return err },
	}
	for i := range indexOrders {
		tasks = append(tasks, func() (err error) { plus[i], minus[i], err = tx.runIndex(out, i); return err })
	}
	if err := inParallel(tasks); err != nil {
		return err
	}
	roots := map[string]uint64{string(bucketNames): names, string(bucketKeys): keys}
	for i, name := range indexNames {
		roots[name] = plus[i]
		if minus[i] != 0 {
			roots[minusName(i)] = minus[i]
		}
	}
	out.bucketsFrom(roots)
	return out.finish()
}

func (tx *Tx) runKeys(out *boltFile) (root uint64, err error) {
	to := out.table()
	p := &packer[keyed, keys]{table: &keyTable{name: "v"}, put: to.put}
	if err := p.addSorted(tx.ctx, len(tx.created), tx.newKeys()); err != nil {
		return 0, err
	}
	return to.close()
}

func (tx *Tx) runNames(out *boltFile) (root uint64, err error) {
	to := out.table()
	p := &packer[named, names]{table: &nameTable{name: "i"}, put: to.put}
	if err := p.addSorted(tx.ctx, len(tx.created), tx.newNames); err != nil {
		return 0, err
	}
	return to.close()
}

// runIndex writes what is added to an index, and what is removed if there is any.
func (tx *Tx) runIndex(out *boltFile, i int) (plus, minus uint64, err error) {
	n, at := tx.sortedEdits(i)
	if plus, err = tx.runTable(out, indexNames[i], n, at, false); err != nil {
		return 0, 0, err
	}
	for k := range n {
		if at(k).remove {
			minus, err = tx.runTable(out, minusName(i), n, at, true)
			break
		}
	}
	return plus, minus, err
}

func (tx *Tx) runTable(out *boltFile, name string, n int, at func(i int) edit[tuple], remove bool) (root uint64, err error) {
	to := out.table()
	p := &packer[tuple, tuples]{table: &tupleTable{name: name}, put: to.put}
	err = p.addSorted(tx.ctx, n, func(dst []tuple, from, to int) []tuple {
		for i := from; i < to; i++ {
			if e := at(i); e.remove == remove {
				dst = append(dst, e.entry)
			}
		}
		return dst
	})
	if err != nil {
		return 0, err
	}
	return to.close()
}
