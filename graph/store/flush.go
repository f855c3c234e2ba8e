package store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
)

// parallelFrom is how many changes are worth several goroutines.
const parallelFrom = 500

// collectFrom is how many terms are worth a collection of garbage.
const collectFrom = 1 << 18

// collect frees memory at the two moments of a large load when much of it has
// no use any more: else its peak would be half as high again.
func collect(large bool) {
	if large {
		runtime.GC()
	}
}

// flush writes the changes into the blocks.
func (tx *Tx) flush() error {
	if tx.changes.live == 0 && len(tx.created) == 0 {
		return nil
	}
	for loop := range tx.loops {
		if err := loop.detach(); err != nil {
			return err
		}
	}
	collect(tx.terms.n > collectFrom)
	if err := tx.flushTo(); err != nil {
		tx.failed = err
		return err
	}
	tx.wrote = tx.wrote || tx.changes.live > 0
	tx.stored = true
	tx.firstNew, tx.created = tx.view.state.next, nil
	tx.changes = changes{clock: tx.changes.clock}
	if tx.terms.n > maxCached {
		tx.terms, tx.complete = lexicon{seed: tx.terms.seed}, false
	}
	return nil
}

// flushTo writes the changes into a run where many are to be expected, and else
// into the blocks. Blocks under a run cannot change.
func (tx *Tx) flushTo() error {
	if canRewrite && (len(tx.view.runs) > 0 || tx.changes.n >= tx.store.opts.maxChanges()) {
		return tx.spill()
	}
	return tx.view.read(func() error {
		run := oneByOne
		if tx.changes.live+len(tx.created) >= parallelFrom {
			run = inParallel
		}
		return run(append(tx.flushTerms(), tx.flushQuads()...))
	})
}

// flushTerms writes the new terms, in both directions.
func (tx *Tx) flushTerms() []func() error {
	if len(tx.created) == 0 {
		return nil
	}
	return []func() error{tx.flushKeys, tx.flushNames}
}

func (tx *Tx) flushKeys() error {
	return addAll(tx.ctx, tx.view.keys, len(tx.created), tx.newKeys())
}

func (tx *Tx) flushNames() error {
	return addAll(tx.ctx, tx.view.names, len(tx.created), tx.newNames)
}

// newKeys sorts the new terms by key and returns what gives them out.
func (tx *Tx) newKeys() func(dst []keyed, from, to int) []keyed {
	sorter, items := newTermSorter(&tx.terms, tx.created)
	sorter.sort(items, 0)
	return func(dst []keyed, from, to int) []keyed {
		for _, item := range items[from:to] {
			dst = append(dst, keyed{sorter.key(item.term), tx.terms.id(item.term)})
		}
		return dst
	}
}

// newNames gives out the new terms by id.
func (tx *Tx) newNames(dst []named, from, to int) []named {
	for _, p := range tx.created[from:to] {
		dst = append(dst, named{tx.terms.id(p), tx.terms.text(p)})
	}
	return dst
}

// addAll puts n sorted entries, that are not there yet, into a table.
func addAll[E any, C coder[E]](ctx context.Context, t *table[E, C], n int, entries func(dst []E, from, to int) []E) error {
	if t.empty() {
		return t.build(ctx, n, entries)
	}
	edits := make([]edit[E], n)
	for i, e := range entries(make([]E, 0, n), 0, n) {
		edits[i].entry = e
	}
	return editAll(ctx, t, edits)
}

// flushQuads writes the changed quads, in each index.
func (tx *Tx) flushQuads() (tasks []func() error) {
	if tx.changes.live == 0 {
		return nil
	}
	for i := range indexOrders {
		tasks = append(tasks, func() error {
			if tx.view.state.next > maxNarrow {
				return tx.flushWide(i)
			}
			return tx.flushIndex(i)
		})
	}
	return tasks
}

func (tx *Tx) flushIndex(i int) error {
	t, keys := tx.view.index[i], tx.narrowEdits(i)
	if t.empty() {
		return t.build(tx.ctx, len(keys), func(dst []tuple, from, to int) []tuple {
			for k := range keys[from:to] {
				dst = append(dst, keys[from+k].tuple())
			}
			return dst
		})
	}
	edits := make([]edit[tuple], len(keys))
	for i := range keys {
		edits[i] = edit[tuple]{keys[i].tuple(), keys[i].removed()}
	}
	return t.applyEdits(tx.ctx, edits, tx.emptied[i])
}

// narrowEdits are the changes in the order of an index, where all ids are below
// maxNarrow.
func (tx *Tx) narrowEdits(i int) []sortKey {
	keys, o := make([]sortKey, 0, tx.changes.live), &indexOrders[i]
	tx.changes.all(func(e *change) {
		if i != lspo || e.low[3] != 0 {
			keys = append(keys, e.sortKey(o))
		}
	})
	sortKeys(keys, make([]sortKey, len(keys)), 0)
	return keys
}

// flushWide is flushIndex where ids take more than 31 bits.
func (tx *Tx) flushWide(i int) error {
	return tx.view.index[i].applyEdits(tx.ctx, tx.wideEdits(i), tx.emptied[i])
}

// wideEdits is narrowEdits for ids of any size.
func (tx *Tx) wideEdits(i int) []edit[tuple] {
	edits := make([]edit[tuple], 0, tx.changes.live)
	tx.changes.all(func(e *change) {
		if t := e.tuple(); i != lspo || t[3] != 0 {
			edits = append(edits, edit[tuple]{indexOrders[i].pack(t), e.is() == removed})
		}
	})
	slices.SortFunc(edits, func(a, b edit[tuple]) int { return compareTuples(a.entry, b.entry) })
	return edits
}

// commit writes everything, frees the terms without quads and ends the
// transaction. Without changes nothing is written.
func (tx *Tx) commit() error {
	if err := tx.usable(); err != nil {
		return err
	}
	if !tx.wrote && tx.changes.live == 0 {
		return nil
	}
	if len(tx.view.runs) > 0 || tx.worthRewriting() {
		return tx.rewrite()
	}
	if err := tx.flush(); err != nil {
		return err
	}
	large := tx.terms.n > collectFrom
	tx.terms, tx.changes, tx.created = lexicon{}, changes{}, nil
	collect(large)
	if err := tx.freeTerms(); err != nil {
		return err
	}
	if err := tx.view.read(tx.finish); err != nil {
		return err
	}
	if err := tx.usable(); err != nil {
		return err
	}
	tx.view.mu.Lock()
	defer tx.view.mu.Unlock()
	tx.view.closed = true
	err := guarded(tx.view.tx.Commit)
	if err != nil {
		_ = guarded(tx.view.tx.Rollback) // does nothing when bbolt did it
	}
	return errors.Join(err, tx.view.done())
}

// finish drops the emptied blocks and writes the state.
func (tx *Tx) finish() error {
	for i, t := range tx.view.index {
		if err := t.dropEmptied(tx.emptied[i]); err != nil {
			return err
		}
	}
	tx.view.state.generation++
	return tx.view.tx.Bucket(bucketMeta).Put(keyState, tx.view.state.encode())
}

// freeTerms removes the terms that no quad has any more. The emptied blocks
// are still in place, see applyEdits.
func (tx *Tx) freeTerms() error {
	dead, err := tx.dead()
	if err != nil || len(dead) == 0 {
		return err
	}
	byID := make([]edit[named], len(dead))
	byKey := make([]edit[keyed], len(dead))
	for i, id := range dead {
		if err := cause(tx.ctx); err != nil {
			return err
		}
		term, err := tx.view.term(id)
		if err != nil {
			return err
		}
		if term == nil {
			return fmt.Errorf("%w: no term has the id %d", ErrDamaged, id)
		}
		byID[i] = edit[named]{named{id: id}, true}
		byKey[i] = edit[keyed]{keyed{key: termKey(term)}, true}
	}
	tx.view.state.terms -= int64(len(dead))
	slices.SortFunc(byKey, func(a, b edit[keyed]) int { return bytes.Compare(a.entry.key, b.entry.key) })
	return tx.view.read(func() error {
		run := oneByOne
		if len(dead) >= parallelFrom {
			run = inParallel
		}
		return run([]func() error{
			func() error { return editAll(tx.ctx, tx.view.names, byID) },
			func() error { return editAll(tx.ctx, tx.view.keys, byKey) },
		})
	})
}

// editAll is applyEdits and what has to follow it.
func editAll[E any, C coder[E]](ctx context.Context, t *table[E, C], edits []edit[E]) error {
	emptied := map[string]struct{}{}
	if err := t.applyEdits(ctx, edits, emptied); err != nil {
		return err
	}
	return t.dropEmptied(emptied)
}

// dead returns the suspects that no index has, by number.
func (tx *Tx) dead() ([]uint64, error) {
	slices.Sort(tx.suspects)
	dead := slices.Compact(tx.suspects)
	for i := range indexOrders {
		if err := cause(tx.ctx); err != nil {
			return nil, err
		}
		walk := walker{table: tx.view.index[i]}
		err := tx.view.read(func() (err error) {
			kept := dead[:0]
			for _, id := range dead {
				live, failed := walk.has(id)
				if failed != nil {
					return failed
				}
				if !live {
					kept = append(kept, id)
				}
			}
			dead = kept
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return dead, nil
}

// walker looks for ids in the first place of an index. For ids in their order
// it reads each block once.
type walker struct {
	table *tupleTable
	block []tuple
}

func (w *walker) has(id uint64) (bool, error) {
	if n := len(w.block); n > 0 && w.block[0][0] <= id && id <= w.block[n-1][0] {
		return w.inBlock(id), nil
	}
	c := w.table.bucket.Cursor()
	for k, value := floor(c, tupleKey(tuple{id})); k != nil; k, value = c.Next() {
		if len(k) == 4*idSize && keyTuple(k)[0] > id {
			return false, nil
		}
		var err error
		if w.block, err = w.table.decode(w.block[:0], k, value); err != nil {
			return false, err
		}
		if n := len(w.block); n > 0 && w.block[n-1][0] >= id {
			return w.inBlock(id), nil
		}
	}
	return false, nil
}

func (w *walker) inBlock(id uint64) bool {
	at, _ := slices.BinarySearchFunc(w.block, id, func(t tuple, id uint64) int { return cmp.Compare(t[0], id) })
	return at < len(w.block) && w.block[at][0] == id
}

// rollback undoes everything; after a commit it does nothing.
func (tx *Tx) rollback() {
	_ = guarded(func() error {
		_, err := tx.view.close()
		return err
	})
}
