// Package paths finds how two entities are connected.
//
// It does not walk the store: a [View] is an adjacency built from one scan of
// the edges, with what a search asks of each: verb, dates and sources.
package paths

import (
	"context"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// View is what paths are searched in: the edges of a graph at one time. It may
// be used by several goroutines.
type View struct {
	vocabulary *schema.Vocabulary
	ids        []schema.ID // by node
	nodes      map[schema.ID]int32
	facts      []fact
	start      []int32 // arcs[start[n]:start[n+1]] leave or enter node n
	arcs       []arc
}

// fact is what a query may ask of the fact of an edge.
type fact struct {
	id       schema.ID
	verb     schema.Verb
	status   schema.Status
	from, to schema.Day
	dated    bool
	relation bool
	datasets []string
}

// arc is one edge seen from one of its ends.
type arc struct {
	to      int32
	fact    int32
	reverse bool // the edge points here
}

// NewView reads the edges of the graph, and what facts that did not happen
// would have linked, for queries that ask for those.
func NewView(ctx context.Context, g *graph.Graph) (*View, error) {
	snapshot, err := g.Snapshot()
	if err != nil {
		return nil, err
	}
	defer snapshot.Close()
	b := &builder{View: &View{vocabulary: g.Vocabulary(), nodes: map[schema.ID]int32{}}, snapshot: snapshot, facts: map[schema.ID]int32{}}
	if err := b.readEdges(ctx); err != nil {
		return nil, err
	}
	if err := b.readOthers(ctx, g); err != nil {
		return nil, err
	}
	if err := b.readFacts(ctx); err != nil {
		return nil, err
	}
	b.pack()
	return b.View, nil
}

type builder struct {
	*View
	snapshot *store.Snapshot
	facts    map[schema.ID]int32
	edges    []edge
}

type edge struct{ from, to, fact int32 }

func (b *builder) node(id schema.ID) int32 {
	n, ok := b.nodes[id]
	if !ok {
		n = int32(len(b.ids))
		b.nodes[id] = n
		b.ids = append(b.ids, id)
	}
	return n
}

func (b *builder) fact(id schema.ID, verb schema.Verb, status schema.Status) int32 {
	n, ok := b.facts[id]
	if !ok {
		n = int32(len(b.View.facts))
		b.facts[id] = n
		d, known := b.vocabulary.Lookup(verb)
		b.View.facts = append(b.View.facts, fact{id: id, verb: verb, status: status,
			from: schema.MaxDay, to: schema.MinDay, relation: known && d.Kind == schema.Relation})
	}
	return n
}

func (b *builder) readEdges(ctx context.Context) error {
	for _, verb := range b.vocabulary.Verbs() {
		for q, err := range b.snapshot.Match(ctx, store.Pattern{Predicate: schema.Term(verb)}) {
			if err != nil {
				return err
			}
			if id, ok := schema.FactOf(q.Label); ok {
				b.edges = append(b.edges, edge{b.node(idOf(q.Subject)), b.node(idOf(q.Object)), b.fact(id, verb, schema.Happened)})
			}
		}
	}
	return nil
}

func idOf(v quad.Value) schema.ID {
	iri, _ := v.(quad.IRI)
	return schema.ID(iri)
}

// readOthers adds who is involved in what was planned, refused, cancelled or
// supposed: such facts have no edges in the graph.
func (b *builder) readOthers(ctx context.Context, g *graph.Graph) error {
	others := slices.DeleteFunc(schema.Statuses(), func(s schema.Status) bool { return s == schema.Happened })
	for f, err := range g.Facts(ctx, graph.Filter{Statuses: others}) {
		if err != nil {
			return err
		}
		for _, e := range b.vocabulary.Pairs(f) {
			b.edges = append(b.edges, edge{b.node(e.From), b.node(e.To), b.fact(f.ID, f.Verb, f.Status)})
		}
	}
	return nil
}

// readFacts reads the dates and the datasets of the facts that edges have.
func (b *builder) readFacts(ctx context.Context) error {
	for _, bound := range []struct {
		predicate quad.IRI
		widen     func(f *fact, day schema.Day)
	}{
		{schema.FromTerm, func(f *fact, day schema.Day) { f.from = min(f.from, day) }},
		{schema.ToTerm, func(f *fact, day schema.Day) { f.to = max(f.to, day) }},
	} {
		err := b.eachFact(ctx, bound.predicate, func(f *fact, q quad.Quad) error {
			day, err := schema.DayOf(q.Object)
			f.dated = true
			bound.widen(f, day)
			return err
		})
		if err != nil {
			return err
		}
	}
	return b.eachFact(ctx, schema.EvidenceTerm, func(f *fact, q quad.Quad) error {
		name, _ := schema.DatasetName(q.Label)
		if !slices.Contains(f.datasets, name) {
			f.datasets = append(f.datasets, name)
		}
		return nil
	})
}

func (b *builder) eachFact(ctx context.Context, predicate quad.IRI, fn func(*fact, quad.Quad) error) error {
	for q, err := range b.snapshot.Match(ctx, store.Pattern{Predicate: predicate}) {
		if err != nil {
			return err
		}
		if n, ok := b.facts[idOf(q.Subject)]; ok {
			if err := fn(&b.View.facts[n], q); err != nil {
				return err
			}
		}
	}
	return nil
}

// pack lays the edges out by node, each once from either end.
func (b *builder) pack() {
	b.start = make([]int32, len(b.ids)+2)
	for _, e := range b.edges {
		b.start[e.from+2]++
		b.start[e.to+2]++
	}
	for n := 2; n < len(b.start); n++ {
		b.start[n] += b.start[n-1]
	}
	b.arcs = make([]arc, 2*len(b.edges))
	for _, e := range b.edges {
		b.arcs[b.start[e.from+1]] = arc{e.to, e.fact, false}
		b.start[e.from+1]++
		b.arcs[b.start[e.to+1]] = arc{e.from, e.fact, true}
		b.start[e.to+1]++
	}
}

func (v *View) leaving(node int32) []arc { return v.arcs[v.start[node]:v.start[node+1]] }
