package store

import (
	"errors"
	"fmt"
	"os"

	"github.com/entente-kg/entente/graph/safefile"
)

// spill writes the changes into a run: a file of its own, sorted as a store is,
// which is read as a layer over it until a rewrite takes all layers together. It
// has no name once it is open, so that nothing stays of it whatever happens.
func (tx *Tx) spill() error {
	path := tx.store.path
	f, err := safefile.Begin(path, 0o600)
	if err != nil {
		return err
	}
	var r *layer
	err = tx.view.read(func() error { return tx.writeRun(newBoltFile(f.File)) })
	if err == nil {
		r, err = openRun(f.File)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, errors.Join(err, f.Discard()))
	}
	_ = os.Remove(f.Name()) // some systems keep files that are open
	tx.view.mu.Lock()
	defer tx.view.mu.Unlock()
	tx.view.over = append(tx.view.over, r)
	tx.runs++
	return nil
}

// writeRun writes the changes and the new terms as a file.
func (tx *Tx) writeRun(out *boltFile) error {
	var plus, minus [indexes]uint64
	var names, keys uint64
	tasks := []func() error{
		func() (err error) { keys, err = tx.runKeys(out); return err },
		func() (err error) { names, err = tx.runNames(out); return err },
	}
	tasks = append(tasks, tx.indexTasks(func(i int, edits sortedEdits) (err error) {
		plus[i], minus[i], err = tx.runIndex(out, i, edits)
		return err
	})...)
	if err := inParallel(tasks); err != nil {
		return err
	}
	roots := map[string]uint64{string(bucketNames): names, string(bucketKeys): keys}
	for i, name := range indexNames {
		roots[name] = plus[i]
		if minus[i] != 0 {
			roots[name+removals] = minus[i]
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
func (tx *Tx) runIndex(out *boltFile, i int, edits sortedEdits) (plus, minus uint64, err error) {
	if plus, err = tx.runTable(out, indexNames[i], edits, false); err != nil {
		return 0, 0, err
	}
	for k := range edits.n {
		if edits.at(k).remove {
			minus, err = tx.runTable(out, indexNames[i]+removals, edits, true)
			break
		}
	}
	return plus, minus, err
}

func (tx *Tx) runTable(out *boltFile, name string, edits sortedEdits, remove bool) (root uint64, err error) {
	to := out.table()
	p := &packer[tuple, tuples]{table: &tupleTable{name: name}, put: to.put}
	err = p.addSorted(tx.ctx, edits.n, func(dst []tuple, from, to int) []tuple {
		for i := from; i < to; i++ {
			if e := edits.at(i); e.remove == remove {
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
