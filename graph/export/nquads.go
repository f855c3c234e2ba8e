package export

import (
	"context"
	"io"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/nquads"
)

// writeNQuads writes the quads of the selected facts, their evidence, their edges
// and their entities; collapsed, the edges and entities alone.
func writeNQuads(ctx context.Context, w io.Writer, s Selection, o Options) error {
	snapshot, err := s.Graph.Snapshot()
	if err != nil {
		return err
	}
	defer snapshot.Close()
	out := &quadWriter{snapshot: snapshot, w: nquads.NewWriter(w), collapse: o.Collapse, entities: map[schema.ID]bool{}}
	if s.Closed {
		out.members = s.members()
	}
	if s.isWholeGraph() && !o.Collapse {
		if err := out.writeAll(ctx); err != nil {
			return err
		}
		return out.w.Close()
	}
	for fact, err := range s.facts(ctx) {
		if err != nil {
			return err
		}
		if err := out.writeFact(ctx, fact); err != nil {
			return err
		}
	}
	for _, id := range s.Entities {
		out.entities[id] = true
	}
	if err := out.writeEntities(ctx, s.isWholeGraph()); err != nil {
		return err
	}
	return out.w.Close()
}

type quadWriter struct {
	snapshot *store.Snapshot
	w        *nquads.Writer
	collapse bool
	members  map[schema.ID]bool // the entities that collapsed edges may join; nil for all
	entities map[schema.ID]bool // written after the facts
}

// writeAll writes all quads of the graph except the notes of loads.
func (x *quadWriter) writeAll(ctx context.Context) error {
	for q, err := range x.snapshot.Ordered(ctx) {
		if err == nil && q.Label != graph.LoadsLabel {
			err = x.w.Write(q)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// writeMatches writes the quads of a pattern that keep accepts, in order.
func (x *quadWriter) writeMatches(ctx context.Context, p store.Pattern, keep func(quad.Quad) bool) error {
	var quads []quad.Quad
	for q, err := range x.snapshot.Match(ctx, p) {
		if err != nil {
			return err
		}
		if keep(q) {
			quads = append(quads, q)
		}
	}
	store.Sort(quads)
	for _, q := range quads {
		if err := x.w.Write(q); err != nil {
			return err
		}
	}
	return nil
}

// writeFact writes the edges of a fact. Unless collapsed, it also writes all
// quads whose subject is the fact or its evidence, including derived quads.
func (x *quadWriter) writeFact(ctx context.Context, f schema.Fact) error {
	isEdge := func(q quad.Quad) bool {
		return q.Subject != q.Label && (!x.collapse || x.joinsMembers(q)) && x.addEntities(q)
	}
	if err := x.writeMatches(ctx, store.Pattern{Label: f.ID.Value()}, isEdge); err != nil || x.collapse {
		return err
	}
	if err := x.writeMatches(ctx, store.Pattern{Subject: f.ID.Value()}, x.addEntities); err != nil {
		return err
	}
	for _, e := range f.Evidence {
		if err := x.writeMatches(ctx, store.Pattern{Subject: e.ID.Value()}, x.addEntities); err != nil {
			return err
		}
	}
	return nil
}

// joinsMembers reports whether an edge joins entities that edges may join.
func (x *quadWriter) joinsMembers(q quad.Quad) bool {
	from, _ := q.Subject.(quad.IRI)
	to, _ := q.Object.(quad.IRI)
	return x.members == nil || x.members[schema.ID(from)] && x.members[schema.ID(to)]
}

// addEntities adds the entities of a quad to the entities to write. It returns
// true.
func (x *quadWriter) addEntities(q quad.Quad) bool {
	for _, v := range []quad.Value{q.Subject, q.Object} {
		iri, _ := v.(quad.IRI)
		if kind := schema.KindOf(schema.ID(iri)); kind != "" && kind != schema.KindFact {
			x.entities[schema.ID(iri)] = true
		}
	}
	return true
}

// writeEntities writes the quads that datasets state of the entities, without the
// edges of facts.
func (x *quadWriter) writeEntities(ctx context.Context, all bool) error {
	if all {
		for _, kind := range schema.Kinds() {
			for q, err := range x.snapshot.Match(ctx, store.Pattern{Predicate: schema.TypeTerm, Object: schema.Term(kind)}) {
				if err != nil {
					return err
				}
				x.addEntities(quad.Quad{Subject: q.Subject})
			}
		}
	}
	stated := func(q quad.Quad) bool {
		_, ok := schema.DatasetName(q.Label)
		return ok
	}
	for _, id := range sortedIDs(x.entities) {
		if err := x.writeMatches(ctx, store.Pattern{Subject: id.Value()}, stated); err != nil {
			return err
		}
	}
	return nil
}
