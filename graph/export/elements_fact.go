package export

import (
	"context"
	"slices"
	"strconv"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// factReader puts facts into the columns of property graphs.
type factReader struct {
	graph   *graph.Graph
	words   *render.Renderer
	columns int // how many columns facts have
}

func newFactReader(g *graph.Graph) factReader {
	return factReader{g, render.New(g), len(factColumns())}
}

// factRow is a fact with its values in the [factColumns].
type factRow struct {
	fact        schema.Fact
	words       *render.Fact
	values      []value
	edge        []value // the same values, after room for the columns of an edge
	first, last string  // see [edge]
}

// read returns the row of a fact.
func (r *factReader) read(ctx context.Context, f schema.Fact) (*factRow, error) {
	words, err := r.words.Fact(ctx, f)
	if err != nil {
		return nil, err
	}
	row := &factRow{fact: f, words: words}
	if row.first, row.last, err = words.Days(); err != nil {
		return nil, err
	}
	within := ""
	if words.Within != nil {
		within = words.Within.Text
	}
	claims := words.ClaimLists()
	row.edge = append(make([]value, pairColumns, pairColumns+r.columns),
		text(string(f.Verb)), text(string(r.graph.Vocabulary().VerbKind(f.Verb))), text(string(f.Status)), text(string(words.Standing)), boolean(isEstablished(f)),
		text(render.Dates(f)), text(row.first), text(row.last), text(words.Widenings()), text(within),
		text(f.Topic), value{list: words.Places()}, integer(assertingSources(f)), value{list: claims.Sources}, value{list: claims.Words},
		value{list: claims.Others}, value{list: datasets(f)}, text(f.Key))
	row.values = row.edge[pairColumns:]
	return row, nil
}

// isEstablished reports whether a fact happened or holds and at least one source asserts
// it.
func isEstablished(f schema.Fact) bool { return f.Status == schema.Happened && f.Asserted() }

// datasets returns the names of the datasets with evidence of a fact, sorted.
func datasets(f schema.Fact) []string {
	var names []string
	for _, e := range f.Evidence {
		names = append(names, e.Dataset)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func text(s string) value { return value{text: s} }

func integer(n int) value { return value{text: strconv.Itoa(n)} }

func boolean(b bool) value { return value{text: strconv.FormatBool(b)} }

// entityValues returns the values of an entity in the first of the node columns.
func (r *factReader) entityValues(ctx context.Context, e schema.Entity) ([]value, error) {
	country := ""
	if e.Country != "" {
		var err error
		if country, err = r.words.Name(ctx, e.Country); err != nil {
			return nil, err
		}
	}
	var aliases []string
	for _, a := range e.Aliases {
		aliases = append(aliases, a.Value)
	}
	return []value{text(string(e.Kind)), text(country), text(string(e.Country)), text(e.Born), {list: aliases}, {list: e.Identifiers}, text(e.Description)}, nil
}

// assertingSources returns the number of documents that assert a fact.
func assertingSources(f schema.Fact) int {
	if !f.Asserted() {
		return 0
	}
	return f.Sources()
}

// pairs returns an edge for each pair of entities that a fact links. A pair that is
// linked both ways is one edge, marked as symmetric.
func (e *elements) pairs(row *factRow) []*edge {
	all := e.links(row.fact)
	edges := make([]*edge, 0, len(all))
	isLinked := linkedBy(all)
	for _, p := range all {
		both := len(all) > 1 && isLinked(schema.Edge{From: p.To, Verb: p.Verb, To: p.From, Fact: p.Fact, Role: p.Role})
		if both && p.To < p.From {
			continue
		}
		values := row.edge
		if len(edges) > 0 {
			values = slices.Clone(values)
		}
		edges = append(edges, e.pair(row, p, both, values))
	}
	for i, x := range edges {
		if len(edges) > 1 {
			x.id += "/" + strconv.Itoa(i+1)
		}
		x.values[4], x.values[5] = integer(i+1), integer(len(edges))
	}
	return edges
}

// linkedBy returns a function that reports whether edges have an edge.
func linkedBy(edges []schema.Edge) func(schema.Edge) bool {
	const few = 16
	if len(edges) <= few {
		return func(e schema.Edge) bool { return slices.Contains(edges, e) }
	}
	has := make(map[schema.Edge]bool, len(edges))
	for _, e := range edges {
		has[e] = true
	}
	return func(e schema.Edge) bool { return has[e] }
}

// pair returns the edge of a pair of entities, before pairs are counted, with values that
// have room for its columns.
func (e *elements) pair(row *factRow, p schema.Edge, both bool, values []value) *edge {
	values = append(values[:0], text(string(row.fact.ID)), text(string(p.Verb)), text(string(p.Role)), boolean(both), value{}, value{}, text(row.words.Sentence))[:len(values)]
	label := e.reader.words.PredicateLabel(row.fact, p.Verb)
	return &edge{id: string(row.fact.ID), from: p.From, to: p.To, label: label, values: values, first: row.first, last: row.last}
}
