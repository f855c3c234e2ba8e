package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/entente-kg/entente/graph/safefile"
)

// canRewrite says whether an open file can be replaced by another.
const canRewrite = runtime.GOOS != "windows"

// ErrUnsupported answers what the operating system cannot do.
var ErrUnsupported = errors.New("not supported on " + runtime.GOOS)

// Compact writes the store anew, without the room that changes have left in it.
// Snapshots that are open keep reading the old file. It needs as much free disk
// as the store then takes. On Windows it is ErrUnsupported.
func (s *Store) Compact(ctx context.Context) error {
	if !canRewrite {
		return fmt.Errorf("%s: compact: %w", s.path, ErrUnsupported)
	}
	if s.opts.ReadOnly {
		return ErrReadOnly
	}
	if err := s.acquireWriter(ctx); err != nil {
		return err
	}
	defer s.releaseWriter()
	tx, err := s.newTx(ctx)
	if err != nil {
		return err
	}
	defer tx.rollback()
	return tx.rewrite()
}

// rewriteFrom is how many changes may be worth a new file.
const rewriteFrom = 1 << 16

// worthRewriting reports whether a new file is less work than changing the
// blocks: when there are many changes for what there is.
func (tx *Tx) worthRewriting() bool {
	from := rewriteFrom
	if n := tx.store.opts.rewriteFrom; n > 0 {
		from = n
	}
	return canRewrite && tx.changes.live >= from && int64(4*tx.changes.live) >= tx.view.state.quads
}

// rewrite commits by writing a new file with all that there is after the
// changes, and putting it in the place of the old one. Terms without quads do
// not get into it.
func (tx *Tx) rewrite() error {
	f, err := safefile.Begin(tx.store.path, 0o600)
	if err != nil {
		return err
	}
	err = tx.view.read(func() error { return tx.writeFile(f.File, tx.view.state.generation+1) })
	if err == nil {
		err = f.Finish(!tx.store.opts.NoSync)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", tx.store.path, errors.Join(err, f.Discard()))
	}
	return tx.store.install(tx, f)
}

// install opens the new file, which stays locked, and moves it over the old one.
func (s *Store) install(tx *Tx, f *safefile.Pending) error {
	h, err := s.openBolt(f.Name(), f.File)
	if err != nil {
		return fmt.Errorf("%s: %w", s.path, errors.Join(err, f.Discard()))
	}
	err = tx.usable()
	if err == nil {
		err = os.Rename(f.Name(), s.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()), h.db.Close())
	}
	if !s.opts.NoSync {
		err = safefile.SyncDir(filepath.Dir(s.path))
	}
	tx.rollback()
	return errors.Join(err, s.replace(h))
}

// newFile is a file with all tables that is being written.
type newFile struct {
	tx    *Tx
	out   *boltFile
	stamp uint32
	roots [tables]uint64
	sizes [tables]int64 // entries
}

// writeFile writes the new file. Where terms may have lost their last quad, the
// indexes, which tell what terms are used, come before the dictionary.
func (tx *Tx) writeFile(f *os.File, generation uint64) error {
	w := &newFile{tx: tx, out: newBoltFile(f), stamp: newStamp()}
	w.out.first = firstTransaction(tx.view.state.transaction)
	collect(tx.terms.n > collectFrom)
	var used [indexes]idSet
	choosy := len(tx.suspects) > 0
	tasks := tx.indexTasks(func(i int, edits sortedEdits) (err error) {
		if choosy {
			used[i] = newIDSet(tx.view.state.next)
		}
		return w.index(i, edits, used[i])
	})
	dictionary := []func() error{
		func() error { return w.keys(used[0]) },
		func() error { return w.names(used[0]) },
	}
	if !choosy {
		tasks, dictionary = slices.Insert(tasks, 1, dictionary...), nil
	}
	err := inParallel(tasks)
	tx.changes = changes{clock: tx.changes.clock}
	if err == nil && choosy {
		for _, set := range used[1:] {
			used[0].add(set)
		}
		err = inParallel(dictionary)
	}
	if err != nil {
		return err
	}
	return w.finish(generation)
}

// finish writes the record and the list of tables, by name.
func (w *newFile) finish(generation uint64) error {
	st := state{quads: w.sizes[spol], terms: w.sizes[namesBit], next: w.tx.view.state.next, generation: generation,
		transaction: w.out.first + 1, main: tableSetState{stamp: w.stamp}}
	all := map[string]uint64{}
	for i, name := range allTables("") {
		all[name] = w.roots[i]
		if w.sizes[i] > 0 {
			st.main.plus |= 1 << i
		}
	}
	meta := w.out.table()
	if err := st.put(meta.put); err != nil {
		return err
	}
	root, err := meta.close()
	if err != nil {
		return err
	}
	all[string(bucketMeta)] = root
	w.out.bucketsFrom(all)
	return w.out.finish()
}

// index writes one index with the changes, and notes the ids that it has in the
// first place where there is a set for them.
func (w *newFile) index(i int, edits sortedEdits, used idSet) error {
	return writeTable(w, i, &tupleTable{name: indexNames[i], stamp: w.stamp}, func(add func(...tuple) error) error {
		return w.tx.view.quads(i).withEdits(w.tx.ctx, edits.n, edits.at, func(entries ...tuple) error {
			if used != nil {
				for k := range entries {
					used.put(entries[k][0])
				}
			}
			return add(entries...)
		})
	})
}

// names writes the used terms by id.
func (w *newFile) names(used idSet) error {
	tx := w.tx
	return writeTable(w, namesBit, &nameTable{name: string(bucketNames), stamp: w.stamp}, func(add func(...named) error) error {
		return tx.view.nameLayers().withEdits(tx.ctx, len(tx.created), func(i int) edit[named] {
			at := tx.created[i]
			return edit[named]{entry: named{tx.terms.id(at), tx.terms.text(at)}}
		}, usedOnly(used, func(e named) uint64 { return e.id }, add))
	})
}

// keys writes the used terms by key.
func (w *newFile) keys(used idSet) error {
	tx := w.tx
	entries, one := tx.newKeys(), []keyed(nil)
	return writeTable(w, keysBit, &keyTable{name: string(bucketKeys), stamp: w.stamp}, func(add func(...keyed) error) error {
		return tx.view.keyLayers().withEdits(tx.ctx, len(tx.created), func(i int) edit[keyed] {
			one = entries(one[:0], i, i+1)
			return edit[keyed]{entry: one[0]}
		}, usedOnly(used, func(e keyed) uint64 { return e.id }, add))
	})
}

// usedOnly passes on the entries whose ids are in a set; all for no set.
func usedOnly[E any](used idSet, id func(E) uint64, add func(...E) error) func(...E) error {
	if used == nil {
		return add
	}
	return func(entries ...E) error {
		for _, e := range entries {
			if used.has(id(e)) {
				if err := add(e); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

// writeTable writes what fill adds as one table.
func writeTable[E any, C coder[E]](w *newFile, i int, t *table[E, C], fill func(add func(...E) error) error) (err error) {
	to := w.out.table()
	p := &packer[E, C]{table: t, put: to.put}
	err = fill(func(entries ...E) error {
		w.sizes[i] += int64(len(entries))
		return p.add(entries...)
	})
	if err == nil {
		err = p.close()
	}
	if err == nil {
		w.roots[i], err = to.close()
	}
	return err
}
