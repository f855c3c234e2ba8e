package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/safefile"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// rdfSyntax is a syntax of RDF, with the text before and after all quads.
type rdfSyntax struct {
	store.Syntax
	head, tail string
	comma      bool // each text begins with a comma, which the first one loses
}

// writeQuads writes the quads of a selection in the order of their terms.
func writeQuads(ctx context.Context, w io.Writer, s Selection, o Options, x rdfSyntax) error {
	snapshot, err := s.Graph.Snapshot()
	if err != nil {
		return err
	}
	defer snapshot.Close()
	x.Omit = graph.LoadsLabel
	if s.isWholeGraph() && !o.Collapse {
		return writeOrdered(ctx, w, snapshot, x)
	}
	return withSelected(ctx, s, o, snapshot, func(selected *store.Snapshot) error {
		return writeOrdered(ctx, w, selected, x)
	})
}

func writeOrdered(ctx context.Context, w io.Writer, snapshot *store.Snapshot, x rdfSyntax) error {
	if _, err := io.WriteString(w, x.head); err != nil {
		return err
	}
	trim := x.comma
	for text, err := range snapshot.OrderedText(ctx, x.Syntax) {
		if err != nil {
			return err
		}
		if trim && len(text) > 0 {
			text, trim = text[1:], false
		}
		if _, err := w.Write(text); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, x.tail)
	return err
}

// withSelected calls fn with a snapshot of the selected quads alone, in a temporary
// store, so that memory does not grow with their number.
func withSelected(ctx context.Context, s Selection, o Options, from *store.Snapshot, fn func(*store.Snapshot) error) (err error) {
	folder, err := safefile.TempFolder(safefile.AnyPrefix)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.Remove()) }()
	selected, err := store.OpenContext(ctx, filepath.Join(folder.Path, graph.File), &store.Options{NoSync: true, Memory: selectionMemory})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, selected.Close()) }()
	err = selected.Update(ctx, func(tx *store.Tx) error {
		c := &collector{from: from, to: tx, collapse: o.Collapse, entities: map[schema.ID]bool{}}
		if s.Closed {
			c.members = s.members()
		}
		err := c.collect(ctx, s)
		o.noteEdgeless(c.edgeless)
		return err
	})
	if err != nil {
		return err
	}
	snapshot, err := selected.Snapshot()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, snapshot.Close()) }()
	return fn(snapshot)
}

// noteEdgeless notes how many collapsed facts the file lacks.
func (o Options) noteEdgeless(n int) {
	const why = "no edge and %s not in the file: only what happened, as some source asserts, and links two entities has one"
	switch {
	case n == 1:
		o.note(fmt.Sprintf("1 fact has "+why, "is"))
	case n > 1:
		o.note(fmt.Sprintf("%d facts have "+why, n, "are"))
	}
}

// selectionMemory is the memory in bytes from which selected quads are sorted on
// disk.
const selectionMemory = 16 << 20

// collector copies the quads of a selection: those of the selected facts, their
// evidence, their edges and their entities; collapsed, of the edges, the standing of
// disputed facts, and the entities alone.
type collector struct {
	from     *store.Snapshot
	to       *store.Tx
	collapse bool
	members  map[schema.ID]bool // the entities that collapsed edges may join; nil for all
	entities map[schema.ID]bool // copied after the facts
	quads    []quad.Quad        // to be copied
	edgeless int                // collapsed facts without an edge
}

func (c *collector) collect(ctx context.Context, s Selection) error {
	for fact, err := range s.facts(ctx) {
		if err != nil {
			return err
		}
		if err := c.addFact(ctx, fact); err != nil {
			return err
		}
	}
	for _, id := range s.Entities {
		c.entities[id] = true
	}
	if s.isWholeGraph() {
		if err := c.addAllEntities(ctx); err != nil {
			return err
		}
	}
	for _, id := range sortedIDs(c.entities) {
		if err := c.add(ctx, store.Pattern{Subject: id.Value()}, isStated); err != nil {
			return err
		}
	}
	return c.flush()
}

// add copies the quads of a pattern that keep accepts.
func (c *collector) add(ctx context.Context, p store.Pattern, keep func(quad.Quad) bool) error {
	for q, err := range c.from.Match(ctx, p) {
		if err != nil {
			return err
		}
		if keep(q) {
			c.quads = append(c.quads, q)
		}
	}
	if len(c.quads) >= quadsPerCopy {
		return c.flush()
	}
	return nil
}

// quadsPerCopy is how many quads are copied together.
const quadsPerCopy = 1 << 14

func (c *collector) flush() error {
	_, err := c.to.AddAll(c.quads)
	c.quads = c.quads[:0]
	return err
}

// addFact copies the edges of a fact; collapsed, also its standing if it is disputed.
// Else it copies all quads whose subject is the fact or its evidence, including
// derived quads.
func (c *collector) addFact(ctx context.Context, f schema.Fact) error {
	hasEdge := false
	isEdge := func(q quad.Quad) bool {
		edge := q.Subject != q.Label && (!c.collapse || c.joinsMembers(q)) && c.addEntities(q)
		hasEdge = hasEdge || edge
		return edge
	}
	err := c.add(ctx, store.Pattern{Label: f.ID.Value()}, isEdge)
	if c.collapse && !hasEdge {
		c.edgeless++
	}
	if err == nil && c.collapse && hasEdge && f.Standing() == schema.StandingDisputed {
		// Without its standing, the edges would look as if nobody denied them.
		err = c.add(ctx, store.Pattern{Subject: f.ID.Value(), Predicate: schema.StandingTerm}, c.addEntities)
	}
	if err != nil || c.collapse {
		return err
	}
	if err := c.add(ctx, store.Pattern{Subject: f.ID.Value()}, c.addEntities); err != nil {
		return err
	}
	for _, e := range f.Evidence {
		if err := c.add(ctx, store.Pattern{Subject: e.ID.Value()}, c.addEntities); err != nil {
			return err
		}
	}
	return nil
}

// joinsMembers reports whether an edge joins entities that edges may join.
func (c *collector) joinsMembers(q quad.Quad) bool {
	from, _ := q.Subject.(quad.IRI)
	to, _ := q.Object.(quad.IRI)
	return c.members == nil || c.members[schema.ID(from)] && c.members[schema.ID(to)]
}

// addEntities adds the entities of a quad to the entities to copy. It returns
// true.
func (c *collector) addEntities(q quad.Quad) bool {
	for _, v := range []quad.Value{q.Subject, q.Object} {
		iri, _ := v.(quad.IRI)
		if kind := schema.KindOf(schema.ID(iri)); kind != "" && kind != schema.KindFact {
			c.entities[schema.ID(iri)] = true
		}
	}
	return true
}

func (c *collector) addAllEntities(ctx context.Context) error {
	for _, kind := range schema.Kinds() {
		for q, err := range c.from.Match(ctx, store.Pattern{Predicate: schema.TypeTerm, Object: schema.Term(kind)}) {
			if err != nil {
				return err
			}
			c.addEntities(quad.Quad{Subject: q.Subject})
		}
	}
	return nil
}

// isStated reports whether a dataset states a quad. Edges are derived.
func isStated(q quad.Quad) bool {
	_, ok := schema.DatasetName(q.Label)
	return ok
}
