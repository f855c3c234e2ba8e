package export

import (
	"context"
	"iter"
	"maps"
	"strconv"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// elements reads a selection as a property graph. It yields the nodes first, then the
// edges; it reads the facts once for each. Nodes come in the order of their kinds and
// ids, and all edges of a fact one after another. A yielded node or edge is valid until
// the next one. Both nodes of every edge are among the nodes.
type elements struct {
	shape
	selection Selection
	reader    factReader

	// unlinked is the number of facts that link no two entities, after the edges were
	// read. A collapsed graph does not contain them.
	unlinked int

	facts map[schema.ID]bool // the selected facts; nil if all facts are selected

	links func(schema.Fact) []schema.Edge // the edges of a collapsed fact
}

// newElements returns the elements of a selection.
func newElements(s Selection, o Options) *elements {
	return &elements{shape: shape{o.Collapse}, selection: s, reader: newFactReader(s.Graph), links: s.linker()}
}

// nodes yields the nodes: all entities of the selection, then its facts if these are
// nodes.
func (e *elements) nodes(ctx context.Context) iter.Seq2[*node, error] {
	return func(yield func(*node, error) bool) {
		if err := e.eachNode(ctx, func(n *node) bool { return yield(n, nil) }); err != nil {
			yield(nil, err)
		}
	}
}

// eachNode calls fn for each node until fn returns false.
func (e *elements) eachNode(ctx context.Context, fn func(*node) bool) error {
	for entity, err := range e.entities(ctx) {
		if err != nil {
			return err
		}
		values, err := e.reader.entityValues(ctx, entity)
		if err != nil {
			return err
		}
		if !e.collapsed {
			values = append(values, make([]value, len(factColumns()))...)
		}
		if !fn(&node{entity.ID, entity.Label, values}) {
			return nil
		}
	}
	if e.collapsed {
		return nil
	}
	for nodes, err := range mapRows(ctx, e, e.factNodes) {
		if err != nil {
			return err
		}
		for _, n := range nodes {
			if !fn(n) {
				return nil
			}
		}
	}
	return nil
}

func (e *elements) factNodes(rows []*factRow) (nodes []*node, err error) {
	for _, row := range rows {
		nodes = append(nodes, e.factNode(row))
	}
	return nodes, nil
}

// factNode returns the node of a fact.
func (e *elements) factNode(row *factRow) *node {
	values := make([]value, len(e.nodeColumns())-len(factColumns()))
	values[0] = text(factKind)
	return &node{row.fact.ID, row.words.Sentence, append(values, row.values...)}
}

// rows yields the rows of the selected facts, in the order of their ids.
func (e *elements) rows(ctx context.Context) iter.Seq2[*factRow, error] {
	return func(yield func(*factRow, error) bool) {
		for rows, err := range mapRows(ctx, e, func(rows []*factRow) ([]*factRow, error) { return rows, nil }) {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

// mapRows calls fn with the rows of some of the selected facts at a time, on several
// goroutines, and yields what fn returns, in the order of the ids of the facts.
func mapRows[T any](ctx context.Context, e *elements, fn func([]*factRow) (T, error)) iter.Seq2[T, error] {
	return graph.MapFacts(ctx, e.selection.Graph, e.selection.filter(), func(facts []graph.Selected) (result T, err error) {
		if err := e.reader.words.Prepare(ctx, facts); err != nil {
			return result, err
		}
		rows := make([]*factRow, len(facts))
		for i, f := range facts {
			if rows[i], err = e.reader.read(ctx, f.Fact); err != nil {
				return result, err
			}
		}
		return fn(rows)
	})
}

// edges yields the edges, each fact's one after another.
func (e *elements) edges(ctx context.Context) iter.Seq2[*edge, error] {
	return func(yield func(*edge, error) bool) {
		if err := e.eachEdge(ctx, func(x *edge) bool { return yield(x, nil) }); err != nil {
			yield(nil, err)
		}
	}
}

// eachEdge calls fn for each edge until fn returns false.
func (e *elements) eachEdge(ctx context.Context, fn func(*edge) bool) error {
	for edges, err := range mapEdges(ctx, e, func(edges []*edge) ([]*edge, error) { return edges, nil }) {
		if err != nil {
			return err
		}
		for _, x := range edges {
			if !fn(x) {
				return nil
			}
		}
	}
	return nil
}

// mapEdges calls fn with the edges of some of the selected facts at a time, on several
// goroutines, and yields what fn returns, in the order of the ids of the facts.
func mapEdges[T any](ctx context.Context, e *elements, fn func([]*edge) (T, error)) iter.Seq2[T, error] {
	type part struct {
		result   T
		unlinked int
	}
	edgesOf := func(rows []*factRow) (p part, err error) {
		var edges []*edge
		for _, row := range rows {
			before := len(edges)
			if edges = append(edges, e.edgesOf(row)...); len(edges) == before {
				p.unlinked++
			}
		}
		p.result, err = fn(edges)
		return p, err
	}
	return func(yield func(T, error) bool) {
		e.unlinked = 0
		if err := e.listFacts(ctx); err != nil {
			yield(*new(T), err)
			return
		}
		for p, err := range mapRows(ctx, e, edgesOf) {
			e.unlinked += p.unlinked
			if !yield(p.result, err) {
				return
			}
		}
	}
}

// listFacts lists the selected facts, to which facts may link, if these are not all.
func (e *elements) listFacts(ctx context.Context) error {
	if e.collapsed || e.selection.isWholeGraph() || e.facts != nil {
		return nil
	}
	facts := make(map[schema.ID]bool)
	for ids, err := range e.mapIDs(ctx, func(f schema.Fact, add func(schema.ID)) { add(f.ID) }) {
		if err != nil {
			return err
		}
		maps.Copy(facts, ids)
	}
	e.facts = facts
	return nil
}

func (e *elements) edgesOf(row *factRow) []*edge {
	if e.collapsed {
		return e.pairs(row)
	}
	return e.parts(row)
}

// parts returns the edges of a fact that is a node: to its participants, to linked facts
// that are selected too, and to the places and the document of each piece of evidence.
func (e *elements) parts(row *factRow) []*edge {
	var edges []*edge
	add := func(to schema.ID, relation string, rest ...value) {
		if to == "" || e.isOutside(to) {
			return
		}
		values := make([]value, len(e.edgeColumns()))
		values[0], values[1] = text(string(row.fact.ID)), text(relation)
		copy(values[2:5], row.values[2:5]) // status, standing, established
		copy(values[5:], rest)
		id := string(row.fact.ID) + "/" + strconv.Itoa(len(edges)+1)
		edges = append(edges, &edge{id: id, from: row.fact.ID, to: to, label: edgeWord(relation, rest), values: values, first: row.first, last: row.last})
	}
	for _, p := range row.fact.Roles {
		add(p.ID, string(p.Role))
	}
	for _, l := range row.fact.Links {
		add(l.Fact, string(l.Type))
	}
	for _, claim := range row.words.Evidence {
		values := evidenceValues(claim)
		for _, place := range claim.At {
			add(place.ID, "at", values...)
		}
		add(claim.Source.ID, "source", values...)
	}
	return edges
}

// isOutside reports whether an id is a fact that is not selected.
func (e *elements) isOutside(id schema.ID) bool {
	return e.facts != nil && schema.KindOf(id) == schema.KindFact && !e.facts[id]
}

// edgeWord returns the label of an edge of a fact that is a node. Evidence that does not
// assert the fact names its stance.
func edgeWord(relation string, evidence []value) string {
	if len(evidence) == 0 || evidence[0].text == string(schema.Asserts) {
		return relation
	}
	stance := schema.Stance(evidence[0].text).By()
	if relation == "source" {
		return stance
	}
	return relation + " (" + string(evidence[0].text) + ")"
}

// evidenceValues returns the values of evidence in the edge columns after established.
func evidenceValues(e render.Evidence) []value {
	said, confidence := "", ""
	if e.SaidBy != nil {
		said = e.SaidBy.Name
	}
	if e.Confidence != 0 {
		confidence = strconv.FormatFloat(e.Confidence, 'g', -1, 64)
	}
	var via []string
	for _, v := range e.Via {
		via = append(via, v.Name)
	}
	return []value{text(string(e.Stance)), text(e.When.Text), text(e.Quote), text(e.Locator), text(said), {list: via},
		text(e.MethodWords()), text(confidence), text(e.Note), text(e.Dataset), text(string(e.ID))}
}

// entities yields the entities of the selection by kind and id.
func (e *elements) entities(ctx context.Context) iter.Seq2[schema.Entity, error] {
	if e.selection.isWholeGraph() {
		return e.selection.Graph.Entities(ctx)
	}
	return func(yield func(schema.Entity, error) bool) {
		ids, err := e.members(ctx)
		if err != nil {
			yield(schema.Entity{}, err)
			return
		}
		for _, id := range ids {
			entity, err := e.reader.words.Record(ctx, id)
			if !yield(entity, err) || err != nil {
				return
			}
		}
	}
}

// members returns the ids of the entities of a selection: those that the edges of its
// facts reach, and its own entities. It also lists the selected facts.
func (e *elements) members(ctx context.Context) ([]schema.ID, error) {
	ids := make(map[schema.ID]bool)
	for _, id := range e.selection.Entities {
		ids[id] = true
	}
	for some, err := range e.mapIDs(ctx, e.addMembers) {
		if err != nil {
			return nil, err
		}
		maps.Copy(ids, some)
	}
	delete(ids, "")
	return sortedByKind(ids), nil
}

// mapIDs yields the ids that fn adds for the selected facts, those of some facts at a
// time.
func (e *elements) mapIDs(ctx context.Context, fn func(f schema.Fact, add func(schema.ID))) iter.Seq2[map[schema.ID]bool, error] {
	return graph.MapFacts(ctx, e.selection.Graph, e.selection.filter(), func(facts []graph.Selected) (map[schema.ID]bool, error) {
		ids := make(map[schema.ID]bool)
		for _, f := range facts {
			fn(f.Fact, func(id schema.ID) { ids[id] = true })
		}
		return ids, nil
	})
}

// addMembers adds the entities that the edges of a fact reach.
func (e *elements) addMembers(f schema.Fact, add func(schema.ID)) {
	if !e.collapsed {
		addParts(f, add)
		return
	}
	for _, p := range e.links(f) {
		add(p.From)
		add(p.To)
	}
}

// addParts adds the entities to which a fact that is a node has edges.
func addParts(f schema.Fact, add func(schema.ID)) {
	for _, p := range f.Roles {
		if schema.KindOf(p.ID) != schema.KindFact {
			add(p.ID)
		}
	}
	for _, c := range f.Evidence {
		add(c.Source)
		for _, place := range c.At {
			add(place)
		}
	}
}
