package store

import (
	"os"
	"slices"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/schema/progress"
)

// fileWriter writes a file with all tables.
type fileWriter struct {
	staged *staged
	out    *quadfile.BoltFile
	task   *progress.Task
	stamp  uint32
	roots  [quadfile.TableCount]uint64
	sizes  [quadfile.TableCount]int64 // entries by table
}

// writeFile writes the staged state to a new file. If terms may have lost their
// last quad, it writes the indexes before the dictionary, since the indexes show
// which terms are used.
func writeFile(s *staged, f *os.File, generation uint64) error {
	w := &fileWriter{staged: s, out: quadfile.NewBoltFile(f), stamp: quadfile.NewStamp()}
	entries := quadfile.IndexCount*s.reader.Record.Quads + 2*s.reader.Record.Terms
	w.task = progress.Begin(s.ctx, "writing the graph", "entries", entries)
	defer w.task.End()
	w.out.FirstTransaction = quadfile.NewFirstTransaction(s.reader.Record.Transaction)
	collectGarbage(s.terms.known.Count > collectFrom)
	var used [quadfile.IndexCount]quadfile.IDSet
	dropUnused := len(s.suspects.ids) > 0
	tasks := s.indexTasks(func(i int, edits quadfile.SortedEdits) (err error) {
		if dropUnused {
			used[i] = quadfile.NewIDSet(s.reader.Record.NextID)
		}
		return w.index(i, edits, used[i])
	})
	dictionary := []func() error{
		func() error { return w.termsByKey(used[0]) },
		func() error { return w.termsByID(used[0]) },
	}
	if !dropUnused {
		tasks, dictionary = slices.Insert(tasks, 1, dictionary...), nil
	}
	err := quadfile.RunParallel(tasks)
	s.changes = changes{clock: s.changes.clock}
	if err == nil && dropUnused {
		for _, set := range used[1:] {
			used[0].Add(set)
		}
		err = quadfile.RunParallel(dictionary)
	}
	if err != nil {
		return err
	}
	return w.finish(generation)
}

// finish writes the record and the list of tables, sorted by name.
func (w *fileWriter) finish(generation uint64) error {
	st := quadfile.Record{Quads: w.sizes[quadfile.SPOL], Terms: w.sizes[quadfile.TermTableNumber], NextID: w.staged.reader.Record.NextID, Generation: generation,
		Transaction: w.out.FirstTransaction + 1, Main: quadfile.TablesRecord{Stamp: w.stamp}}
	all := map[string]uint64{}
	for i, name := range quadfile.AllTables("") {
		all[name] = w.roots[i]
		if w.sizes[i] > 0 {
			st.Main.Plus |= 1 << i
		}
	}
	meta := w.out.Table()
	if err := st.Put(meta.Put); err != nil {
		return err
	}
	root, err := meta.Close()
	if err != nil {
		return err
	}
	all[string(quadfile.BucketMeta)] = root
	w.out.BucketsFrom(all)
	return w.out.Finish()
}

// index writes one index with the changes applied. If used is not nil, it adds
// the ids in the first place of the index to used.
func (w *fileWriter) index(i int, edits quadfile.SortedEdits, used quadfile.IDSet) error {
	return writeTable(w, i, &quadfile.TupleTable{Name: quadfile.IndexNames[i], Stamp: w.stamp}, func(add func(...quadfile.Tuple) error) error {
		return w.staged.reader.QuadLayers(i).WithEdits(w.staged.ctx, edits.Count, edits.At, func(entries ...quadfile.Tuple) error {
			if used != nil {
				for k := range entries {
					used.Put(entries[k][0])
				}
			}
			return add(entries...)
		})
	})
}

// termsByID writes the used terms by id.
func (w *fileWriter) termsByID(used quadfile.IDSet) error {
	s := w.staged
	return writeTable(w, quadfile.TermTableNumber, &quadfile.TermTable{Name: string(quadfile.BucketTerms), Stamp: w.stamp}, func(add func(...quadfile.TermEntry) error) error {
		return s.reader.TermLayers().WithEdits(s.ctx, len(s.terms.created), func(i int) quadfile.Edit[quadfile.TermEntry] {
			at := s.terms.created[i]
			return quadfile.Edit[quadfile.TermEntry]{Entry: quadfile.TermEntry{ID: s.terms.known.ID(at), Term: s.terms.known.Text(at)}}
		}, usedOnly(used, func(e quadfile.TermEntry) uint64 { return e.ID }, add))
	})
}

// termsByKey writes the used terms by key.
func (w *fileWriter) termsByKey(used quadfile.IDSet) error {
	s := w.staged
	entries, one := s.terms.newByKey(), []quadfile.KeyEntry(nil)
	return writeTable(w, quadfile.KeyTableNumber, &quadfile.KeyTable{Name: string(quadfile.BucketKeys), Stamp: w.stamp}, func(add func(...quadfile.KeyEntry) error) error {
		return s.reader.KeyLayers().WithEdits(s.ctx, len(s.terms.created), func(i int) quadfile.Edit[quadfile.KeyEntry] {
			one = entries(one[:0], i, i+1)
			return quadfile.Edit[quadfile.KeyEntry]{Entry: one[0]}
		}, usedOnly(used, func(e quadfile.KeyEntry) uint64 { return e.ID }, add))
	})
}

// usedOnly returns a function that passes the entries with ids in used on to add.
// A nil set passes all entries.
func usedOnly[E any](used quadfile.IDSet, id func(E) uint64, add func(...E) error) func(...E) error {
	if used == nil {
		return add
	}
	return func(entries ...E) error {
		for _, e := range entries {
			if used.Has(id(e)) {
				if err := add(e); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

// writeTable writes the entries that fill adds as one table.
func writeTable[E any, C quadfile.Coder[E]](w *fileWriter, i int, t *quadfile.Table[E, C], fill func(add func(...E) error) error) (err error) {
	to := w.out.Table()
	p := &quadfile.Packer[E, C]{Table: t, Put: to.Put}
	err = fill(func(entries ...E) error {
		w.sizes[i] += int64(len(entries))
		w.task.Add(int64(len(entries)))
		return p.Add(entries...)
	})
	if err == nil {
		err = p.Close()
	}
	if err == nil {
		w.roots[i], err = to.Close()
	}
	return err
}
