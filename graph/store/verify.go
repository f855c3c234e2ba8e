package store

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"maps"
	"slices"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
	"github.com/entente-kg/entente/schema/progress"
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
	c := &check{ctx: ctx, snapshot: snapshot, reader: snapshot.reader, seed: maphash.MakeSeed(), keys: newTupleKeys(), entries: map[string]int64{}}
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
	names, used := quadfile.NewIDSet(c.reader.Record.NextID), quadfile.NewIDSet(c.reader.Record.NextID)
	var byID, byKey, labelled tally
	var indexes [quadfile.IndexCount]tally
	tasks := []func(*check){
		func(c *check) { indexes[quadfile.SPOL], labelled = c.subjects(used) },
		func(c *check) { byID = c.termsByID(names) },
		func(c *check) { byKey = c.termsByKey() },
	}
	for i := quadfile.POSL; i < quadfile.IndexCount; i++ {
		tasks = append(tasks, func(c *check) { indexes[i] = c.index(i, nil) })
	}
	c.inParallel(tasks)
	c.compare(byID, byKey, labelled, indexes)
	c.levels()
	terms, missing := used.Count(), used.Without(names)
	if n := missing.Count(); n > 0 {
		c.problem("quads have %d terms that do not exist, such as %d", n, missing.First())
	}
	if n := names.Without(used).Count(); n > 0 {
		c.problem("%d terms have no quad", n)
	}
	quads := indexes[quadfile.SPOL].n
	c.found.Quads, c.found.Terms = quads, terms
	if st := c.reader.Record; st.Quads != quads || st.Terms != terms {
		c.problem("the record says %d quads and %d terms, there are %d and %d",
			st.Quads, st.Terms, quads, terms)
	}
	if c.err == nil && !c.broken {
		var err error
		c.found.Digest, err = c.snapshot.Digest(c.ctx)
		c.fail("digest", err)
	}
}

// inParallel runs tasks on all processors, each with a check of its own, and adds what
// they find in their order.
func (c *check) inParallel(tasks []func(*check)) {
	task := progress.Begin(c.ctx, "checking tables", "", int64(len(tasks)))
	defer task.End()
	parts, run := make([]*check, len(tasks)), make([]func() error, len(tasks))
	for i := range tasks {
		parts[i] = &check{ctx: c.ctx, reader: c.reader, seed: c.seed, keys: c.keys, entries: map[string]int64{}}
		run[i] = func() error {
			tasks[i](parts[i])
			task.Add(1)
			return nil
		}
	}
	c.fail("tables", quadfile.RunParallel(run))
	for _, part := range parts {
		for _, problem := range part.found.Problems {
			c.problem("%s", problem)
		}
		c.err = errors.Join(c.err, part.err)
		maps.Copy(c.entries, part.entries)
	}
}

// compare compares the two directions of the dictionary, and the four indexes.
func (c *check) compare(byID, byKey, labelled tally, indexes [quadfile.IndexCount]tally) {
	if byID != byKey {
		c.problem("the dictionary has %d terms by id and %d by text, and they are not the same", byID.n, byKey.n)
	}
	for i, found := range indexes {
		if i == quadfile.LSPO && found != labelled || i != quadfile.LSPO && found != indexes[quadfile.SPOL] {
			c.problem("index %s does not hold the quads of spol", quadfile.IndexNames[i])
		}
	}
}

// termsByID checks the table of terms by id, and adds the ids that have a term to ids.
func (c *check) termsByID(ids quadfile.IDSet) tally {
	hash := func(e *quadfile.TermEntry) uint64 { return c.hashTerm(e.ID, quadfile.TermKey(e.Term)) }
	return tallyLayers(c, c.reader.TermLayers(), hash, func(entries []quadfile.TermEntry) {
		for i := range entries {
			c.term(&entries[i], ids)
		}
	})
}

func (c *check) termsByKey() tally {
	return tallyLayers(c, c.reader.KeyLayers(), func(e *quadfile.KeyEntry) uint64 { return c.hashTerm(e.ID, e.Key) }, nil)
}

// term checks a term and adds its id to ids.
func (c *check) term(e *quadfile.TermEntry, ids quadfile.IDSet) {
	if e.ID == 0 || e.ID >= c.reader.Record.NextID {
		c.problem("the id %d is not among those given", e.ID)
		return
	}
	ids.Put(e.ID)
	if err := rdf.CheckTerm(e.Term); err != nil {
		c.problem("the term %d: %v", e.ID, err)
	}
}

// index checks the table of an index, and visits its tuples if visit is not nil.
func (c *check) index(i int, visit func([]quadfile.Tuple)) tally {
	keys, needed := c.keys.in(i), 3 // no label is 0, which is the last place in all indexes but lspo
	if i == quadfile.LSPO {
		needed = 4
	}
	return tallyLayers(c, c.reader.QuadLayers(i), keys.hash, func(tuples []quadfile.Tuple) {
		for j := range tuples {
			if slices.Contains(tuples[j][:needed], 0) {
				c.problem("index %s: a quad lacks a part", quadfile.IndexNames[i])
			}
		}
		if visit != nil {
			visit(tuples)
		}
	})
}

// subjects is index for spol. It also tallies the quads with a label, and adds the ids
// of all quads to ids.
func (c *check) subjects(ids quadfile.IDSet) (all, labelled tally) {
	var last quadfile.Tuple
	all = c.index(quadfile.SPOL, func(quads []quadfile.Tuple) {
		for i := range quads {
			if quads[i][3] != 0 {
				labelled.add(c.keys.hash(&quads[i]))
			}
			c.noteIDs(&quads[i], &last, ids)
			last = quads[i]
		}
	})
	return all, labelled
}

// noteIDs adds the ids of a quad to ids, except those at the same place of the quad
// before it.
func (c *check) noteIDs(q, before *quadfile.Tuple, ids quadfile.IDSet) {
	for i, id := range q {
		switch {
		case id == before[i]:
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

// Verification is the result of Verify.
type Verification struct {
	Quads, Terms int64    // counted, not read from the record
	Digest       string   // as by Snapshot.Digest; empty if there are problems
	Problems     []string // none if the store is sound; after maxProblems, "and more"
}

const maxProblems = 100

// check is one run of Verify.
type check struct {
	ctx      context.Context
	snapshot *Snapshot
	reader   *quadfile.Reader
	seed     maphash.Seed
	keys     tupleKeys
	entries  map[string]int64 // the number of entries by table
	found    Verification
	broken   bool  // a problem was found
	err      error // ctx or the store ended
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

// fail records an error. It is the end of the check if the store is closed or ctx
// has ended, and otherwise a problem of the file.
func (c *check) fail(what string, err error) {
	switch {
	case err == nil:
	case errors.Is(err, ErrClosed), c.ctx.Err() != nil:
		c.err = errors.Join(c.err, err)
	default:
		c.problem("%s: %v", what, err)
	}
}
