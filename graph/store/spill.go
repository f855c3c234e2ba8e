package store

import (
	"errors"
	"fmt"
	"os"

	"github.com/entente-kg/entente/graph/internal/quadfile"
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
	var r *quadfile.Layer
	err = tx.view.read(func() error { return tx.writeRun(quadfile.NewBoltFile(f.File)) })
	if err == nil {
		r, err = quadfile.OpenRun(f.File)
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
func (tx *Tx) writeRun(out *quadfile.BoltFile) error {
	var plus, minus [quadfile.IndexCount]uint64
	var names, keys uint64
	tasks := []func() error{
		func() (err error) { keys, err = tx.runKeys(out); return err },
		func() (err error) { names, err = tx.runNames(out); return err },
	}
	tasks = append(tasks, tx.indexTasks(func(i int, edits quadfile.SortedEdits) (err error) {
		plus[i], minus[i], err = tx.runIndex(out, i, edits)
		return err
	})...)
	if err := quadfile.RunParallel(tasks); err != nil {
		return err
	}
	roots := map[string]uint64{string(quadfile.BucketTerms): names, string(quadfile.BucketKeys): keys}
	for i, name := range quadfile.IndexNames {
		roots[name] = plus[i]
		if minus[i] != 0 {
			roots[name+quadfile.RunRemovedSuffix] = minus[i]
		}
	}
	out.BucketsFrom(roots)
	return out.Finish()
}

func (tx *Tx) runKeys(out *quadfile.BoltFile) (root uint64, err error) {
	to := out.Table()
	p := &quadfile.Packer[quadfile.KeyEntry, quadfile.KeyCoder]{Table: &quadfile.KeyTable{Name: "v"}, Put: to.Put}
	if err := p.AddSorted(tx.ctx, len(tx.created), tx.newKeys()); err != nil {
		return 0, err
	}
	return to.Close()
}

func (tx *Tx) runNames(out *quadfile.BoltFile) (root uint64, err error) {
	to := out.Table()
	p := &quadfile.Packer[quadfile.TermEntry, quadfile.TermCoder]{Table: &quadfile.TermTable{Name: "i"}, Put: to.Put}
	if err := p.AddSorted(tx.ctx, len(tx.created), tx.newNames); err != nil {
		return 0, err
	}
	return to.Close()
}

// runIndex writes what is added to an index, and what is removed if there is any.
func (tx *Tx) runIndex(out *quadfile.BoltFile, i int, edits quadfile.SortedEdits) (plus, minus uint64, err error) {
	if plus, err = tx.runTable(out, quadfile.IndexNames[i], edits, false); err != nil {
		return 0, 0, err
	}
	for k := range edits.Count {
		if edits.At(k).Remove {
			minus, err = tx.runTable(out, quadfile.IndexNames[i]+quadfile.RunRemovedSuffix, edits, true)
			break
		}
	}
	return plus, minus, err
}

func (tx *Tx) runTable(out *quadfile.BoltFile, name string, edits quadfile.SortedEdits, remove bool) (root uint64, err error) {
	to := out.Table()
	p := &quadfile.Packer[quadfile.Tuple, quadfile.TupleCoder]{Table: &quadfile.TupleTable{Name: name}, Put: to.Put}
	err = p.AddSorted(tx.ctx, edits.Count, func(dst []quadfile.Tuple, from, to int) []quadfile.Tuple {
		for i := from; i < to; i++ {
			if e := edits.At(i); e.Remove == remove {
				dst = append(dst, e.Entry)
			}
		}
		return dst
	})
	if err != nil {
		return 0, err
	}
	return to.Close()
}
