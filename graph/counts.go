package graph

import (
	"context"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// countTerms are what a dataset says of itself: how many facts, entities and
// quads it has.
var countTerms = []quad.IRI{"dip:facts", "dip:entities", "dip:quads"}

// counter is what counts without reading.
type counter interface {
	Count(ctx context.Context, p store.Pattern) (int64, error)
}

// countsOf counts what a dataset has under its labels, the own one first.
func countsOf(ctx context.Context, c counter, labels []quad.Value) (counts [3]int64, err error) {
	count := func(p store.Pattern) (n int64) {
		if err == nil {
			n, err = c.Count(ctx, p)
		}
		return n
	}
	facts := count(store.Pattern{Predicate: schema.StatusTerm, Label: labels[0]})
	sets := count(store.Pattern{Subject: labels[0], Predicate: schema.TypeTerm, Label: labels[0]})
	typed := count(store.Pattern{Predicate: schema.TypeTerm, Label: labels[0]})
	quads := int64(0)
	for _, label := range labels {
		quads += count(store.Pattern{Label: label})
	}
	return [3]int64{facts, typed - facts - sets, quads}, err
}

// labelsOf are the labels of a dataset: its own, and those of its graphs of
// statements.
func (r reader) labelsOf(ctx context.Context, label quad.IRI) ([]quad.Value, error) {
	labels := []quad.Value{label}
	for q, err := range r.Match(ctx, store.Pattern{Predicate: schema.GraphTerm, Label: label}) {
		if err != nil {
			return nil, err
		}
		labels = append(labels, q.Subject)
	}
	return labels, nil
}

// countQuads say what a dataset has, themselves among it.
func countQuads(ctx context.Context, c counter, label quad.IRI, labels []quad.Value) ([]quad.Quad, error) {
	counts, err := countsOf(ctx, c, labels)
	counts[2] += int64(len(countTerms))
	var quads []quad.Quad
	for i, term := range countTerms {
		quads = append(quads, quad.Quad{Subject: label, Predicate: term, Object: quad.Int(counts[i]), Label: label})
	}
	return quads, err
}
