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
	relation bool
	claims   []claim
}

// claim is what one dataset says of a fact.
type claim struct {
	dataset  string
	dated    bool
	from, to schema.Day
	asserts  bool
}

// by returns what a dataset says of the fact, to be filled in.
func (f *fact) by(dataset string) *claim {
	for i := range f.claims {
		if f.claims[i].dataset == dataset {
			return &f.claims[i]
		}
	}
	f.claims = append(f.claims, claim{dataset: dataset, from: schema.MaxDay, to: schema.MinDay})
	return &f.claims[len(f.claims)-1]
}

// span is the first and the last day that any of the claims allows.
func (f *fact) span(counts func(claim) bool) (from, to schema.Day, dated bool) {
	from, to = schema.MaxDay, schema.MinDay
	for _, c := range f.claims {
		if c.dated && counts(c) {
			from, to, dated = min(from, c.from), max(to, c.to), true
		}
	}
	return from, to, dated
}

func anyone(claim) bool { return true }

func (f *fact) begins() schema.Day {
	from, _, _ := f.span(anyone)
	return from
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
	if err := b.readOthers(ctx, g, snapshot); err != nil {
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
		b.View.facts = append(b.View.facts, fact{id: id, verb: verb, status: status, relation: known && d.Kind == schema.Relation})
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
func (b *builder) readOthers(ctx context.Context, g *graph.Graph, s *store.Snapshot) error {
	others := slices.DeleteFunc(schema.Statuses(), func(s schema.Status) bool { return s == schema.Happened })
	for f, err := range g.FactsAt(ctx, s, graph.Filter{Statuses: others}) {
		if err != nil {
			return err
		}
		for _, e := range b.vocabulary.Pairs(f) {
			b.edges = append(b.edges, edge{b.node(e.From), b.node(e.To), b.fact(f.ID, f.Verb, f.Status)})
		}
	}
	return nil
}

// readFacts reads what each dataset says of the facts.
func (b *builder) readFacts(ctx context.Context) error {
	asserting, err := b.asserting(ctx)
	if err != nil {
		return err
	}
	for _, part := range []struct {
		predicate quad.IRI
		read      func(f *fact, c *claim, q quad.Quad) error
	}{
		{schema.TypeTerm, func(f *fact, _ *claim, q quad.Quad) error {
			f.verb = schema.VerbOf(q.Object) // of many parties, edges say "attended"
			return nil
		}},
		{schema.EvidenceTerm, func(_ *fact, c *claim, q quad.Quad) error {
			c.asserts = c.asserts || asserting[q.Object]
			return nil
		}},
		{schema.FromTerm, func(_ *fact, c *claim, q quad.Quad) error {
			day, err := schema.DayOf(q.Object)
			c.dated, c.from = true, min(c.from, day)
			return err
		}},
		{schema.ToTerm, func(_ *fact, c *claim, q quad.Quad) error {
			day, err := schema.DayOf(q.Object)
			c.dated, c.to = true, max(c.to, day)
			return err
		}},
	} {
		if err := b.eachFact(ctx, part.predicate, part.read); err != nil {
			return err
		}
	}
	return nil
}

// asserting is the evidence that asserts its fact.
func (b *builder) asserting(ctx context.Context) (map[quad.Value]bool, error) {
	all := make(map[quad.Value]bool)
	for q, err := range b.snapshot.Match(ctx, store.Pattern{Predicate: schema.StanceTerm, Object: schema.Term(schema.Asserts)}) {
		if err != nil {
			return nil, err
		}
		all[q.Subject] = true
	}
	return all, nil
}

func (b *builder) eachFact(ctx context.Context, predicate quad.IRI, fn func(*fact, *claim, quad.Quad) error) error {
	for q, err := range b.snapshot.Match(ctx, store.Pattern{Predicate: predicate}) {
		if err != nil {
			return err
		}
		if n, ok := b.facts[idOf(q.Subject)]; ok {
			dataset, _ := schema.DatasetName(q.Label)
			f := &b.View.facts[n]
			if err := fn(f, f.by(dataset), q); err != nil {
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
