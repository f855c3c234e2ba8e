package store

import (
	"errors"
	"fmt"
	"os"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/safefile"
)

// spill writes the changes to a run: a file of its own, sorted like a store,
// which is read as a layer over the store until a rewrite merges all layers. The
// name of the file is removed when it is open, so that nothing of it is left
// after a crash.
func (s *staged) spill() error {
	path := s.path
	f, err := safefile.Begin(path, 0o600)
	if err != nil {
		return err
	}
	var r *quadfile.Layer
	err = s.reader.Read(func() error { return (&runWriter{s, quadfile.NewBoltFile(f.File)}).write() })
	if err == nil {
		r, err = quadfile.OpenRun(f.File)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, errors.Join(err, f.Discard()))
	}
	_ = os.Remove(f.Name()) // some systems do not remove an open file
	s.reader.AddRun(r)
	s.runs++
	return nil
}

// runWriter writes the changes and the new terms to the file of a run.
type runWriter struct {
	staged *staged
	out    *quadfile.BoltFile
}

func (w *runWriter) write() error {
	var plus, minus [quadfile.IndexCount]uint64
	var byID, byKey uint64 // root pages
	tasks := []func() error{
		func() (err error) { byKey, err = w.termsByKey(); return err },
		func() (err error) { byID, err = w.termsByID(); return err },
	}
	tasks = append(tasks, w.staged.indexTasks(func(i int, edits quadfile.SortedEdits) (err error) {
		plus[i], minus[i], err = w.index(i, edits)
		return err
	})...)
	if err := quadfile.RunParallel(tasks); err != nil {
		return err
	}
	roots := map[string]uint64{string(quadfile.BucketTerms): byID, string(quadfile.BucketKeys): byKey}
	for i, name := range quadfile.IndexNames {
		roots[name] = plus[i]
		if minus[i] != 0 {
			roots[name+quadfile.RunRemovedSuffix] = minus[i]
		}
	}
	w.out.BucketsFrom(roots)
	return w.out.Finish()
}

func (w *runWriter) termsByKey() (root uint64, err error) {
	to := w.out.Table()
	p := &quadfile.Packer[quadfile.KeyEntry, quadfile.KeyCoder]{Table: &quadfile.KeyTable{Name: "v"}, Put: to.Put}
	if err := p.AddSorted(w.staged.ctx, len(w.staged.terms.created), w.staged.terms.newByKey()); err != nil {
		return 0, err
	}
	return to.Close()
}

func (w *runWriter) termsByID() (root uint64, err error) {
	to := w.out.Table()
	p := &quadfile.Packer[quadfile.TermEntry, quadfile.TermCoder]{Table: &quadfile.TermTable{Name: "i"}, Put: to.Put}
	if err := p.AddSorted(w.staged.ctx, len(w.staged.terms.created), w.staged.terms.newByID); err != nil {
		return 0, err
	}
	return to.Close()
}

// index writes the added entries of an index and, if there are any, the removed
// ones.
func (w *runWriter) index(i int, edits quadfile.SortedEdits) (plus, minus uint64, err error) {
	if plus, err = w.table(quadfile.IndexNames[i], edits, false); err != nil {
		return 0, 0, err
	}
	for k := range edits.Count {
		if edits.At(k).Remove {
			minus, err = w.table(quadfile.IndexNames[i]+quadfile.RunRemovedSuffix, edits, true)
			break
		}
	}
	return plus, minus, err
}

func (w *runWriter) table(name string, edits quadfile.SortedEdits, remove bool) (root uint64, err error) {
	to := w.out.Table()
	p := &quadfile.Packer[quadfile.Tuple, quadfile.TupleCoder]{Table: &quadfile.TupleTable{Name: name}, Put: to.Put}
	err = p.AddSorted(w.staged.ctx, edits.Count, func(dst []quadfile.Tuple, from, to int) []quadfile.Tuple {
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
