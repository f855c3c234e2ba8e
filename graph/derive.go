package graph

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// isDerived reports whether a quad is derived from a fact and belongs to no dataset.
func isDerived(q quad.Quad) bool {
	_, ok := schema.FactOf(q.Label)
	return ok
}

// isEdge reports whether a derived quad is an edge between two entities.
func isEdge(q quad.Quad) bool { return isDerived(q) && q.Subject != q.Label }

func countEdges(quads []quad.Quad) (n int) {
	for _, q := range quads {
		if isEdge(q) {
			n++
		}
	}
	return n
}

// factsOfOtherStanding finds the staged facts that are in the graph with another
// standing. If both standings are equal, the merged evidence has the same standing.
func (c *changeSet) factsOfOtherStanding() error {
	some, err := c.transaction.readBefore().has(c.ctx, store.Pattern{Predicate: schema.StandingTerm})
	if err != nil || !some || c.snapshot == nil {
		return err
	}
	for q, err := range c.newQuads(schema.StandingTerm) {
		if err != nil {
			return err
		}
		for before, err := range c.transaction.tx.Match(c.ctx, store.Pattern{Subject: q.Subject, Predicate: schema.StandingTerm}) {
			if err != nil {
				return err
			}
			if before != q {
				c.facts[subjectOf(q)] = true
			}
		}
	}
	return nil
}

// newQuads yields the staged quads with a predicate. It may leave out those that the
// graph has.
func (c *changeSet) newQuads(predicate quad.IRI) iter.Seq2[quad.Quad, error] {
	if c.difference == nil {
		return c.snapshot.Match(c.ctx, store.Pattern{Predicate: predicate})
	}
	return func(yield func(quad.Quad, error) bool) {
		for _, q := range c.difference.Added {
			if q.Predicate == predicate && !yield(q, nil) {
				return
			}
		}
	}
}

// derive updates the derived quads of facts that lose or change a statement. The
// derived quads of other facts are staged with the facts.
func (c *changeSet) derive() error {
	if err := errors.Join(c.factsOfOtherStanding(), c.notePartsWithDerivedDates()); err != nil {
		return err
	}
	if c.transaction.gone == nil {
		c.transaction.gone = map[quad.Quad]bool{}
	}
	facts, err := c.newFactsReader()
	if err != nil {
		return err
	}
	wholes := newWholes(c.reader)
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(c.facts)), factsTogether) {
		if err := facts.read(ids); err != nil {
			return err
		}
		for i, id := range ids {
			f, have, err := facts.fact(i)
			if errors.Is(err, ErrNotFound) {
				err = c.findDangling(id)
			}
			if err == nil {
				err = c.deriveFact(f, id, have, wholes)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// deriveFact updates the derived quads of a fact. The fact has no verb if no dataset
// states it after the change.
func (c *changeSet) deriveFact(f schema.Fact, id schema.ID, have []quad.Quad, wholes *wholeDates) (err error) {
	if _, ok := c.reader.vocabulary.Lookup(f.Verb); !ok && f.Verb != "" {
		return fmt.Errorf("%s: %w %q", id, schema.ErrUnknownVerb, f.Verb)
	}
	if f.Within, err = wholes.within(c.ctx, f); err != nil {
		return err
	}
	fresh, stale := difference(c.reader.vocabulary.Derived(f), have)
	c.fresh, c.stale = append(c.fresh, fresh...), append(c.stale, stale...)
	if c.edited != nil {
		c.edited.add(fresh...)
	}
	return c.removeDerived(stale)
}

// factsTogether is how many changed facts are read together.
const factsTogether = 512

// factsReader reads changed facts as they are after the change, with the derived quads
// that are there. It reads many facts together, except those that are staged.
type factsReader struct {
	change       *changeSet
	staged       *reader // nil if nothing is staged
	own, edges   *store.SubjectReader
	evidenceTerm uint64
	ids          []schema.ID
	terms        []uint64
}

func (c *changeSet) newFactsReader() (r *factsReader, err error) {
	tx := c.transaction.tx
	own := tx.SubjectReader()
	r = &factsReader{change: c, own: own, edges: tx.SubjectReader().ByLabel().Sharing(own)}
	switch {
	case c.snapshot != nil:
		r.staged = &reader{c.snapshot, c.reader.vocabulary}
	case c.edited != nil:
		r.staged = &reader{c.edited, c.reader.vocabulary}
	}
	r.evidenceTerm, err = tx.ID(schema.EvidenceTerm)
	return r, err
}

// read reads what the graph has of some facts before the change.
func (r *factsReader) read(ids []schema.ID) error {
	r.ids, r.terms = ids, r.terms[:0]
	for _, id := range ids {
		term, err := r.change.transaction.tx.ID(id.Value())
		if err != nil {
			return err
		}
		r.terms = append(r.terms, term)
	}
	return errors.Join(r.own.Read(r.terms, r.evidenceTerm), r.edges.Read(r.terms, 0))
}

// fact returns the fact at a position of the facts that were read, after the change, with
// the derived quads that are there. If no dataset states it, the error is [ErrNotFound],
// and the quads are there all the same. The quads are valid until the next read.
func (r *factsReader) fact(i int) (f schema.Fact, derived []quad.Quad, err error) {
	c, id := r.change, r.ids[i]
	if f, ok := c.created[id]; ok {
		return f, nil, nil
	}
	if isStaged, err := r.isStaged(id); err != nil {
		return f, nil, err
	} else if isStaged {
		if derived, err = c.reader.collect(c.ctx, store.Pattern{Label: id.Value()}); err == nil {
			f, err = c.reader.fact(c.ctx, id)
		}
		return f, derived, err
	}
	derived, _ = r.edges.Quads(i)
	f, err = r.remaining(i)
	return f, slices.DeleteFunc(derived, c.transaction.isGone), err
}

func (r *factsReader) isStaged(id schema.ID) (bool, error) {
	if r.staged == nil {
		return false, nil
	}
	for _, p := range []store.Pattern{{Subject: id.Value()}, {Label: id.Value()}} {
		if has, err := r.staged.has(r.change.ctx, p); has || err != nil {
			return has, err
		}
	}
	return false, nil
}

// remaining decodes a fact from the quads that the change does not remove.
func (r *factsReader) remaining(i int) (f schema.Fact, err error) {
	own, all := r.own.Quads(i)
	cited := map[quad.Value]bool{}
	for _, q := range own {
		if !isDerived(q) && !r.change.transaction.isGone(q) {
			cited[q.Subject] = true
			if q.Predicate == schema.EvidenceTerm {
				cited[q.Object] = true
			}
		}
	}
	if len(cited) == 0 {
		return f, fmt.Errorf("%w: %s", ErrNotFound, r.ids[i])
	}
	all = slices.DeleteFunc(all, func(q quad.Quad) bool { return !cited[q.Subject] || isDerived(q) || r.change.transaction.isGone(q) })
	return r.change.reader.vocabulary.DecodeFact(r.ids[i], all)
}

// removeDerived records the derived quads to remove. It counts the quads that the
// graph does not have: they are added from the staged data and removed again, which is
// not a change.
func (c *changeSet) removeDerived(stale []quad.Quad) error {
	for _, q := range stale {
		c.transaction.gone[q] = true
		if c.snapshot == nil && c.edited == nil { // nothing is staged
			continue
		}
		before, err := c.transaction.tx.Has(q)
		if err != nil {
			return err
		}
		if !before {
			c.transient++
		}
	}
	return nil
}

// ErrCycle is wrapped if an acyclic relation would lead back to its start.
var ErrCycle = errors.New("leads back to itself")

// checkCycles searches for a cycle through the loaded edges of acyclic relations.
func (c *changeSet) checkCycles() error {
	walks := map[schema.Verb]*cycleSearch{}
	for _, d := range c.transaction.datasets {
		for _, edge := range d.acyclic {
			if walks[edge.Verb] == nil {
				walks[edge.Verb] = &cycleSearch{changes: c, verb: edge.Verb, onPath: map[quad.Value]bool{}}
			}
			if err := walks[edge.Verb].searchFrom(edge.From.Value()); err != nil {
				return err
			}
		}
	}
	return nil
}

// cycleSearch searches the edges of one relation depth first. It follows each edge
// once over all starts: otherwise long chains would need quadratic time.
type cycleSearch struct {
	changes *changeSet
	verb    schema.Verb
	onPath  map[quad.Value]bool // the nodes reached, and whether each is still on the path
	path    []pathNode
}

// pathNode is a node on the path of a search, with the neighbours left to visit.
type pathNode struct {
	at   quad.Value
	next []quad.Value
}

func (w *cycleSearch) searchFrom(start quad.Value) error {
	if _, met := w.onPath[start]; met {
		return nil
	}
	err := w.enter(start)
	for err == nil && len(w.path) > 0 {
		top := &w.path[len(w.path)-1]
		if len(top.next) == 0 {
			w.onPath[top.at] = false
			w.path = w.path[:len(w.path)-1]
			continue
		}
		next := top.next[0]
		top.next = top.next[1:]
		if onPath, met := w.onPath[next]; !met {
			err = w.enter(next)
		} else if onPath {
			err = w.cycle(next)
		}
	}
	return err
}

func (w *cycleSearch) enter(at quad.Value) error {
	w.onPath[at] = true
	node := pathNode{at: at}
	for q, err := range w.changes.reader.Match(w.changes.ctx, store.Pattern{Subject: at, Predicate: schema.Term(w.verb)}) {
		if err != nil {
			return err
		}
		node.next = append(node.next, q.Object)
	}
	w.path = append(w.path, node)
	return nil
}

// cycle returns an error at the first loaded edge of the cycle that closes at a node
// of the path. It returns nil if the graph had all edges of the cycle before the load.
func (w *cycleSearch) cycle(back quad.Value) error {
	start := slices.IndexFunc(w.path, func(node pathNode) bool { return node.at == back })
	leads := map[quad.Value]quad.Value{w.path[len(w.path)-1].at: back}
	for i := start; i+1 < len(w.path); i++ {
		leads[w.path[i].at] = w.path[i+1].at
	}
	for _, d := range w.changes.transaction.datasets {
		for _, edge := range d.acyclic {
			if edge.Verb == w.verb && leads[edge.From.Value()] == edge.To.Value() {
				return &schema.RowError{Pos: edge.pos, Kind: schema.Circle, Err: fmt.Errorf("%s %s %s: %w", edge.From, edge.Verb, edge.To, ErrCycle)}
			}
		}
	}
	return nil
}
