package store

import (
	"bytes"
	"context"
	"errors"
	"hash/maphash"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// Verify reads the whole store. It checks that every page of the file is in one
// place, the checksums and order of all blocks, both directions of the
// dictionary, that the four indexes hold the same quads, and the counts. The
// faults of the file are Problems; an error says why the check could not go on.
// In a store that is open for writing, Verify sees one state, and Updates wait.
//
// Verify uses two bits of memory for each term. It runs in the process of the
// caller: most damage becomes a Problem, but a file that is truncated while it is
// mapped, or a malicious file, may end the process. Therefore the command entente
// verify runs it in a process of its own.
func (s *Store) Verify(ctx context.Context) (Verification, error) { return s.verify(ctx, nil) }

// VerifyWithout is [Store.Verify] with a digest that leaves out the quads that
// match a pattern.
func (s *Store) VerifyWithout(ctx context.Context, p Pattern) (Verification, error) {
	return s.verify(ctx, &p)
}

func (s *Store) verify(ctx context.Context, without *Pattern) (Verification, error) {
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
	c := &check{ctx: ctx, without: without, snapshot: snapshot, reader: snapshot.reader, seed: maphash.MakeSeed(), entries: map[string]int64{}}
	c.pages()
	if !c.broken && c.err == nil {
		c.content()
	}
	if loss := snapshot.handle.loss; loss != nil {
		c.problem("%v", loss)
	}
	return c.found, c.err
}

// pages checks that every page of the file is in exactly one place: in the tree
// of one bucket, in the list of free pages, or a part of that list. bbolt
// overwrites a page that is both in use and free, and never uses a page that is
// neither.
func (c *check) pages() {
	var p *quadfile.PageFile
	err := c.reader.Read(func() error {
		file := c.snapshot.handle.file
		info, err := file.Stat()
		if err != nil {
			return err
		}
		p, err = quadfile.OpenPages(file, info.Size())
		return err
	})
	if c.fail("pages", err); err != nil {
		return
	}
	p.Stop = func() error { return cause(c.ctx) }
	c.fail("pages", c.reader.Read(p.Account))
}

// content checks the contents of the pages: dictionary, indexes and counts.
func (c *check) content() {
	names := c.dictionary()
	quads, used := c.indexes()
	c.levels()
	terms, missing := used.Count(), used.Without(names)
	if n := missing.Count(); n > 0 {
		c.problem("quads have %d terms that do not exist, such as %d", n, missing.First())
	}
	if n := names.Without(used).Count(); n > 0 {
		c.problem("%d terms have no quad", n)
	}
	c.found.Quads, c.found.Terms = quads, terms
	if st := c.reader.Record; st.Quads != quads || st.Terms != terms {
		c.problem("the record says %d quads and %d terms, there are %d and %d",
			st.Quads, st.Terms, quads, terms)
	}
	if c.err == nil && !c.broken {
		var err error
		c.found.Digest, err = c.digest()
		c.fail("digest", err)
	}
}

func (c *check) digest() (string, error) {
	if c.without == nil {
		return c.snapshot.Digest(c.ctx)
	}
	return c.snapshot.DigestWithout(c.ctx, *c.without)
}

// dictionary compares the two directions of the dictionary and returns the ids
// that have a term.
func (c *check) dictionary() quadfile.IDSet {
	ids := quadfile.NewIDSet(c.reader.Record.NextID)
	byID := tallyLayers(c, c.reader.TermLayers(), func(e quadfile.TermEntry) uint64 { return c.hashTerm(e.ID, quadfile.TermKey(e.Term)) },
		func(e quadfile.TermEntry) { c.term(e, ids) })
	byKey := tallyLayers(c, c.reader.KeyLayers(), func(e quadfile.KeyEntry) uint64 { return c.hashTerm(e.ID, e.Key) }, nil)
	if byID != byKey {
		c.problem("the dictionary has %d terms by id and %d by text, and they are not the same", byID.n, byKey.n)
	}
	return ids
}

// term checks a term and adds its id to ids.
func (c *check) term(e quadfile.TermEntry, ids quadfile.IDSet) {
	if e.ID == 0 || e.ID >= c.reader.Record.NextID {
		c.problem("the id %d is not among those given", e.ID)
		return
	}
	ids.Put(e.ID)
	value, err := rdf.DecodeTerm(e.Term)
	if err == nil {
		var again []byte
		if again, err = rdf.AppendTerm(nil, value); err == nil && !bytes.Equal(again, e.Term) {
			err = rdf.ErrTerm
		}
	}
	if err != nil {
		c.problem("the term %d: %v", e.ID, err)
	}
}

// indexes compares the four indexes. It returns the number of quads and the ids
// in use.
func (c *check) indexes() (quads int64, used quadfile.IDSet) {
	used = quadfile.NewIDSet(c.reader.Record.NextID)
	var all, labelled tally
	for i, name := range quadfile.IndexNames {
		o, withLabel := quadfile.IndexOrders[i], tally{}
		found := tallyLayers(c, c.reader.QuadLayers(i), func(t quadfile.Tuple) uint64 { return c.hashTuple(o.Unpack(t)) },
			func(t quadfile.Tuple) {
				q := o.Unpack(t)
				if q[0] == 0 || q[1] == 0 || q[2] == 0 || i == quadfile.LSPO && q[3] == 0 {
					c.problem("index %s: a quad lacks a part", name)
				}
				if i == quadfile.SPOL {
					c.noteIDs(q, used)
					if q[3] != 0 {
						withLabel.add(c.hashTuple(q), 1)
					}
				}
			})
		switch {
		case i == quadfile.SPOL:
			all, labelled = found, withLabel
		case i == quadfile.LSPO && found != labelled, i != quadfile.LSPO && found != all:
			c.problem("index %s does not hold the quads of spol", name)
		}
	}
	return all.n, used
}

// noteIDs adds the ids of a quad to ids.
func (c *check) noteIDs(q quadfile.Tuple, ids quadfile.IDSet) {
	for _, id := range q {
		switch {
		case id >= c.reader.Record.NextID:
			c.problem("a quad has the id %d, which is not among those given", id)
		case id != 0:
			ids.Put(id)
		}
	}
}

// levels compares the number of entries in each level with the record.
func (c *check) levels() {
	for level, want := range c.reader.Record.LevelQuads {
		n := c.entries[quadfile.IndexNames[quadfile.SPOL]+quadfile.AddedSuffix(level)] + c.entries[quadfile.IndexNames[quadfile.SPOL]+quadfile.RemovedSuffix(level)]
		if n != want {
			c.problem("the record says that level %d has %d quads, there are %d", level, want, n)
		}
	}
}
