package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"

	bolt "go.etcd.io/bbolt"
)

// Verification is what Verify found.
type Verification struct {
	Quads, Terms int64    // counted, not taken from the record
	Digest       string   // as Snapshot.Digest
	Problems     []string // empty when all is well; at most maxProblems and a last line
}

const maxProblems = 100

// Verify reads the whole store and checks the tree of pages, the checksums and
// order of all blocks, both directions of the dictionary, that the four indexes
// hold the same quads, and the counts. What is wrong with the file comes as
// Problems; the error says why the check could not go on. Of a store open for
// writing it also checks the free pages, so that Updates wait.
func (s *Store) Verify(ctx context.Context) (Verification, error) {
	if !s.opts.ReadOnly {
		if err := s.acquireWriter(ctx); err != nil {
			return Verification{}, err
		}
		defer s.releaseWriter()
	}
	snapshot, err := s.Snapshot()
	if errors.Is(err, ErrDamaged) {
		return Verification{Problems: []string{err.Error()}}, nil
	}
	if err != nil {
		return Verification{}, err
	}
	defer snapshot.Close()
	c := &check{ctx: ctx, snapshot: snapshot, view: snapshot.view, seed: maphash.MakeSeed()}
	c.pages(s)
	if !c.broken && c.err == nil {
		c.content()
	}
	if snapshot.view.handle.lostMeta {
		c.problem("one of the two meta pages is not valid: the last change may be lost")
	}
	return c.found, c.err
}

// check is one run of Verify.
type check struct {
	ctx      context.Context
	snapshot *Snapshot
	view     *view
	seed     maphash.Seed
	found    Verification
	broken   bool  // there are problems
	err      error // of ctx, or of a closed store
}

func (c *check) problem(format string, args ...any) {
	c.broken = true
	switch len(c.found.Problems) {
	case maxProblems:
		c.found.Problems = append(c.found.Problems, "and more")
	case maxProblems + 1:
	default:
		c.found.Problems = append(c.found.Problems, fmt.Sprintf(format, args...))
	}
}

func (c *check) hash(b []byte) uint64 { return maphash.Bytes(c.seed, b) }

// fail sorts an error into a problem of the file or an end of the check.
func (c *check) fail(what string, err error) {
	switch {
	case err == nil:
	case errors.Is(err, ErrClosed), c.ctx.Err() != nil:
		c.err = errors.Join(c.err, err)
	default:
		c.problem("%s: %v", what, err)
	}
}

// pages checks the tree of pages of each bucket, and that none of them is free.
func (c *check) pages(s *Store) {
	var p *pageFile
	err := c.view.read(func() error {
		h := c.view.handle
		pageSize := int64(h.db.Info().PageSize)
		p = &pageFile{file: h.file, pageSize: pageSize, seen: map[uint64]bool{},
			high: uint64(c.view.tx.Size() / pageSize)}
		return c.view.tx.ForEach(func(name []byte, b *bolt.Bucket) error {
			if root := uint64(b.Root()); root != 0 {
				if err := p.walk(root, nil, nil, 0); err != nil {
					return fmt.Errorf("bucket %s: %w", name, err)
				}
			}
			return cause(c.ctx)
		})
	})
	c.fail("pages", err)
	if err == nil && !s.opts.ReadOnly {
		c.fail("free pages", guarded(func() error { return checkFreed(c.view.handle.db, p.seen) }))
	}
}

// checkFreed looks for pages in use that bbolt would give away. It needs a
// write transaction, which is undone.
func checkFreed(db *bolt.DB, used map[uint64]bool) error {
	tx, err := db.Begin(true)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for id := range used {
		info, err := tx.Page(int(id))
		if err != nil {
			return err
		}
		if info == nil || info.Type == "free" {
			return fmt.Errorf("page %d is in use and free", id)
		}
	}
	return nil
}

// content checks what is in the pages.
func (c *check) content() {
	names := c.names()
	c.keys(names)
	quads, used := c.indexes()
	c.levels()
	for id := range used {
		if _, ok := names[id]; !ok {
			c.problem("a quad has the term %d, which does not exist", id)
		}
		delete(names, id)
	}
	if len(names) > 0 {
		c.problem("%d terms have no quad", len(names))
	}
	c.found.Quads, c.found.Terms = quads, int64(len(used))
	if st := c.view.state; st.quads != quads || st.terms != int64(len(used)) {
		c.problem("the record says %d quads and %d terms, there are %d and %d",
			st.quads, st.terms, quads, len(used))
	}
	if c.err == nil && !c.broken {
		var err error
		c.found.Digest, err = c.snapshot.Digest(c.ctx)
		c.fail("digest", err)
	}
}

// checkTable visits all entries of a table and checks blocks and their order.
func checkTable[E any, C coder[E]](c *check, t *table[E, C], visit func(E)) {
	var last *E
	var from []byte
	for {
		var entries []E
		err := c.view.read(func() (err error) {
			if err := cause(c.ctx); err != nil {
				return err
			}
			k, value := t.bucket.Cursor().Seek(from)
			if k == nil {
				from = nil
				return nil
			}
			from = append(bytes.Clone(k), 0)
			if len(value) == 0 {
				return t.damaged(k, "empty")
			}
			entries, err = t.decode(nil, k, value)
			return err
		})
		c.fail("bucket "+t.name, err)
		if from == nil || c.err != nil {
			return
		}
		for i := range entries {
			if last != nil && t.code.compare(*last, entries[i]) >= 0 {
				c.problem("bucket %s: entries out of order at %x", t.name, from)
			}
			last = &entries[i]
			visit(entries[i])
		}
	}
}

// names reads the terms by id, layer by layer. It keeps a hash of each.
func (c *check) names() map[uint64]uint64 {
	found := map[uint64]uint64{}
	_ = c.view.nameLayers().tables(func(t *nameTable, sign int64) error {
		checkTable(c, t, func(e named) {
			c.sign("the term", t.name, e.id, c.hash(termKey(e.term)), sign, found)
			if sign > 0 {
				c.term(e)
			}
		})
		return nil
	})
	return found
}

// sign adds a term to those found, or takes it away.
func (c *check) sign(what, table string, id, hash uint64, sign int64, found map[uint64]uint64) {
	have, ok := found[id]
	switch {
	case sign > 0 && ok:
		c.problem("bucket %s: %s %d is there already", table, what, id)
	case sign > 0:
		found[id] = hash
	case !ok || have != hash:
		c.problem("bucket %s: %s %d, which is taken away, is not there", table, what, id)
	default:
		delete(found, id)
	}
}

func (c *check) term(e named) {
	if e.id == 0 || e.id >= c.view.state.next {
		c.problem("the id %d is not among those given", e.id)
	}
	value, err := decodeTerm(e.term)
	if err == nil {
		var again []byte
		if again, err = appendTerm(nil, value); err == nil && !bytes.Equal(again, e.term) {
			err = errTerm
		}
	}
	if err != nil {
		c.problem("the term %d: %v", e.id, err)
	}
}

// keys checks the dictionary's other direction.
func (c *check) keys(names map[uint64]uint64) {
	found := make(map[uint64]uint64, len(names))
	_ = c.view.keyLayers().tables(func(t *keyTable, sign int64) error {
		checkTable(c, t, func(e keyed) {
			c.sign("the key of term", t.name, e.id, c.hash(e.key), sign, found)
		})
		return nil
	})
	for id, sum := range found {
		if names[id] != sum {
			c.problem("the dictionary gives the id %d to another term", id)
		}
	}
	if len(found) != len(names) {
		c.problem("the dictionary has %d terms by id and %d by text", len(names), len(found))
	}
}

// tally is what the tuples of an index come to, without regard to order.
type tally struct {
	quads, labelled       int64
	sum, labelledChecksum uint64
}

func (y *tally) add(q tuple, hash uint64, sign int64) {
	y.quads += sign
	y.sum += uint64(sign) * hash
	if q[3] != 0 {
		y.labelled += sign
		y.labelledChecksum += uint64(sign) * hash
	}
}

// index tallies the tuples of an index by its tables. The sum is that of what a
// reader of all of them together finds, or some table adds what is there or
// takes away what is not.
func (c *check) index(i int, used map[uint64]bool) (sum tally) {
	_ = c.view.quads(i).tables(func(t *tupleTable, sign int64) error {
		checkTable(c, t, func(t tuple) {
			q := indexOrders[i].unpack(t)
			sum.add(q, c.hash(tupleKey(q)), sign)
			if q[0] == 0 || q[1] == 0 || q[2] == 0 || i == lspo && q[3] == 0 {
				c.problem("index %s: a quad lacks a part", indexNames[i])
			}
		})
		return nil
	})
	if together := c.together(i, used); c.err == nil && together != sum {
		c.problem("index %s: its levels contradict each other", indexNames[i])
	}
	return sum
}

// together tallies what a reader of an index finds, and collects the ids where
// asked for.
func (c *check) together(i int, used map[uint64]bool) (sum tally) {
	scan := &scan{view: c.view, span: span{index: i}}
	for {
		q, ok, err := scan.next()
		if err == nil {
			err = cause(c.ctx)
		}
		c.fail("index "+indexNames[i], err)
		if err != nil || !ok {
			break
		}
		sum.add(q, c.hash(tupleKey(q)), 1)
		if used != nil {
			for _, id := range q {
				used[id] = true
			}
		}
	}
	delete(used, 0)
	return sum
}

// indexes compares the indexes with each other and returns the ids in use.
func (c *check) indexes() (quads int64, used map[uint64]bool) {
	used = map[uint64]bool{}
	want := c.index(spol, used)
	for i := posl; i < indexes; i++ {
		got := c.index(i, nil)
		if i == lspo {
			want.quads, want.sum = want.labelled, want.labelledChecksum
		} else {
			quads = want.quads
		}
		if got != want {
			c.problem("index %s does not hold the quads of spol", indexNames[i])
		}
	}
	return quads, used
}

// levels checks how much the levels are said to hold.
func (c *check) levels() {
	st := c.view.state
	for level := range levels {
		n := int64(0)
		for _, suffix := range []string{plusOf(level), minusOf(level)} {
			var tables tableSet
			c.fail("levels", c.view.read(func() error {
				tables = openTables(c.view.tx, suffix)
				return nil
			}))
			if tables.index[spol] != nil {
				checkTable(c, tables.index[spol], func(tuple) { n++ })
			}
		}
		if n != st.levels[level] {
			c.problem("the record says that level %d has %d quads, there are %d", level, st.levels[level], n)
		}
	}
}
