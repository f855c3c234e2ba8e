package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
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
	path, err := filepath.EvalSymlinks(tx.store.path)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), rewriteName(path, "*"))
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	err = tx.view.read(func() error { return tx.writeFile(f, tx.view.state.generation+1) })
	if err == nil {
		err = sameMode(f, path)
	}
	if err == nil && !tx.store.opts.NoSync {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return tx.store.install(tx, f.Name(), path)
}

// rewriteName is the name of a file that is to replace the one at path.
func rewriteName(path, unique string) string {
	return "." + filepath.Base(path) + "." + unique + ".new"
}

func sameMode(f *os.File, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return f.Chmod(info.Mode().Perm())
}

// install opens the new file, which locks it, and moves it over the old one.
func (s *Store) install(tx *Tx, from, path string) error {
	h, err := s.openBolt(from, true)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := tx.usable(); err != nil {
		return errors.Join(err, h.db.Close())
	}
	if err := os.Rename(from, path); err != nil {
		return errors.Join(err, h.db.Close())
	}
	if !s.opts.NoSync {
		err = syncDir(filepath.Dir(path))
	}
	tx.rollback()
	return errors.Join(err, s.replace(h))
}

// syncDir makes a renaming last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// removeLeftovers removes what rewrites that were killed have left. The caller
// has the lock.
func removeLeftovers(path string) error {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil // a folder that cannot be listed has no files of ours
	}
	var errs []error
	for _, e := range entries {
		if ok, _ := filepath.Match(rewriteName(path, "*"), e.Name()); !ok {
			continue
		}
		if err := os.Remove(filepath.Join(filepath.Dir(path), e.Name())); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// writeFile writes the new file. Where terms may have lost their last quad, the
// indexes, which tell what terms are used, come before the dictionary.
func (tx *Tx) writeFile(f *os.File, generation uint64) error {
	out := newBoltFile(f)
	collect(tx.terms.n > collectFrom)
	var used [indexes]idSet
	var roots [indexes + 2]uint64
	var counts [indexes]int64
	var terms int64
	choosy := len(tx.suspects) > 0
	tasks := tx.indexTasks(func(i int, edits sortedEdits) (err error) {
		if choosy {
			used[i] = newIDSet(tx.view.state.next)
		}
		roots[i], counts[i], err = tx.writeIndex(out, i, edits, used[i])
		return err
	})
	dictionary := []func() error{
		func() (err error) { roots[indexes+1], err = tx.writeKeys(out, used[0]); return err },
		func() (err error) { roots[indexes], terms, err = tx.writeNames(out, used[0]); return err },
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
	return finishFile(out, roots, state{quads: counts[spol], terms: terms, next: tx.view.state.next, generation: generation})
}

// finishFile writes the record and the list of tables, by name.
func finishFile(out *boltFile, roots [indexes + 2]uint64, st state) error {
	meta := out.table()
	if err := errors.Join(meta.put(keyFormat, []byte(formatMark+formatVersion)),
		meta.put(keyState, st.encode())); err != nil {
		return err
	}
	root, err := meta.close()
	if err != nil {
		return err
	}
	all := map[string]uint64{string(bucketMeta): root, string(bucketNames): roots[indexes], string(bucketKeys): roots[indexes+1]}
	for i, name := range indexNames {
		all[name] = roots[i]
	}
	out.bucketsFrom(all)
	return out.finish()
}

// writeIndex writes one index with the changes, and notes the ids that it has
// in the first place where there is a set for them.
func (tx *Tx) writeIndex(out *boltFile, i int, edits sortedEdits, used idSet) (root uint64, n int64, err error) {
	to := out.table()
	p := &packer[tuple, tuples]{table: &tupleTable{name: indexNames[i]}, put: to.put}
	err = tx.view.quads(i).withEdits(tx.ctx, edits.n, edits.at, func(entries ...tuple) error {
		if used != nil {
			for k := range entries {
				used.put(entries[k][0])
			}
		}
		n += int64(len(entries))
		return p.add(entries...)
	})
	if err == nil {
		err = p.close()
	}
	if err != nil {
		return 0, 0, err
	}
	root, err = to.close()
	return root, n, err
}

// writeNames writes the used terms by id.
func (tx *Tx) writeNames(out *boltFile, used idSet) (root uint64, n int64, err error) {
	to := out.table()
	p := &packer[named, names]{table: &nameTable{name: "i"}, put: to.put}
	err = tx.view.nameLayers().withEdits(tx.ctx, len(tx.created), func(i int) edit[named] {
		at := tx.created[i]
		return edit[named]{entry: named{tx.terms.id(at), tx.terms.text(at)}}
	}, func(entries ...named) error {
		for _, e := range entries {
			if used.has(e.id) {
				n++
				if err := p.add(e); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err == nil {
		err = p.close()
	}
	if err != nil {
		return 0, 0, err
	}
	root, err = to.close()
	return root, n, err
}

// writeKeys writes the used terms by key.
func (tx *Tx) writeKeys(out *boltFile, used idSet) (root uint64, err error) {
	to := out.table()
	p := &packer[keyed, keys]{table: &keyTable{name: "v"}, put: to.put}
	entries, one := tx.newKeys(), []keyed(nil)
	err = tx.view.keyLayers().withEdits(tx.ctx, len(tx.created), func(i int) edit[keyed] {
		one = entries(one[:0], i, i+1)
		return edit[keyed]{entry: one[0]}
	}, func(entries ...keyed) error {
		for _, e := range entries {
			if used.has(e.id) {
				if err := p.add(e); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err == nil {
		err = p.close()
	}
	if err != nil {
		return 0, err
	}
	return to.close()
}

// idSet is a set of ids below a bound, in pieces that are made when needed. A nil
// one has all ids.
type idSet [][]uint64

const idPiece = 20 // bits of an id within a piece

func newIDSet(bound uint64) idSet { return make(idSet, bound>>idPiece+1) }

func (s idSet) put(id uint64) {
	piece := s[id>>idPiece]
	if piece == nil {
		piece = make([]uint64, 1<<idPiece/64)
		s[id>>idPiece] = piece
	}
	piece[id%(1<<idPiece)/64] |= 1 << (id % 64)
}

func (s idSet) has(id uint64) bool {
	if s == nil {
		return true
	}
	piece := s[id>>idPiece]
	return piece != nil && piece[id%(1<<idPiece)/64]&(1<<(id%64)) != 0
}

// add takes over the ids of another set, which is not used any more.
func (s idSet) add(other idSet) {
	for i, piece := range other {
		if s[i] == nil {
			s[i] = piece
			continue
		}
		for k, word := range piece {
			s[i][k] |= word
		}
	}
}

// bucketsFrom records buckets in the order of their names.
func (b *boltFile) bucketsFrom(roots map[string]uint64) {
	names := make([]string, 0, len(roots))
	for name := range roots {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b.bucket(name, roots[name])
	}
}
