package cayley

import (
	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/query/shape"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/rdf"
)

// comparisonsToRange turns the comparisons of a filter into a range of terms.
// Strings, IRIs, blank nodes, numbers and times compare as in Cayley. A typed
// string, such as an xsd:date, is compared only with typed strings of the same
// datatype; Cayley would compare the N-Quads text of every term.
func comparisonsToRange(f shape.Filter) (shape.Shape, bool) {
	if shape.IsNull(f.From) {
		return nil, true
	}
	var want *termRange
	var rest []shape.ValueFilter
	for _, filter := range f.Filters {
		r, ok := comparisonRange(filter)
		switch {
		case !ok:
			rest = append(rest, filter)
		case want == nil:
			want = &r
		default:
			both := want.intersect(r)
			want = &both
		}
	}
	if want == nil {
		return f, false
	}
	if _, all := f.From.(shape.AllNodes); all {
		f.From = termsInRange{*want}
	} else {
		rest = append(rest, rangeFilter{*want})
	}
	if len(rest) == 0 {
		return f.From, true
	}
	return shape.Filter{From: f.From, Filters: rest}, true
}

// comparisonRange returns the terms that pass a comparison; ok is false for
// other filters and for values without an order.
func comparisonRange(filter shape.ValueFilter) (r termRange, ok bool) {
	c, ok := filter.(shape.Comparison)
	if !ok {
		return r, false
	}
	switch rdf.Canonical(c.Val).(type) {
	case quad.IRI, quad.BNode, quad.String, quad.Int, quad.Float, quad.Time, quad.TypedString:
	default:
		return r, false
	}
	var in Interval
	switch c.Op {
	case iterator.CompareLT:
		in = Interval{High: c.Val, HighOpen: true}
	case iterator.CompareLTE:
		in = Interval{High: c.Val}
	case iterator.CompareGT:
		in = Interval{Low: c.Val, LowOpen: true}
	case iterator.CompareGTE:
		in = Interval{Low: c.Val}
	default:
		return r, false
	}
	encoded, err := in.Range()
	return termRange{in, encoded}, err == nil
}

// termRange is an interval with its bounds as encoded terms.
type termRange struct {
	Interval
	encoded rdf.Range
}

// intersect returns the terms of both ranges.
func (r termRange) intersect(o termRange) termRange {
	in, _ := r.Intersect(o.Interval) // no error, since both were encoded before
	return termRange{in, r.encoded.Intersect(o.encoded)}
}

// contains reports whether a term is in the range.
func (r termRange) contains(value quad.Value) bool {
	if r.All() {
		return true
	}
	var scratch [128]byte
	term, err := rdf.AppendTerm(scratch[:0], value)
	return err == nil && r.encoded.Contains(term)
}

// rangeFilter is a filter of values by a range of terms.
type rangeFilter struct{ want termRange }

// BuildIterator filters the values of another iterator.
func (f rangeFilter) BuildIterator(qs cgraph.QuadStore, it iterator.Shape) iterator.Shape {
	return iterator.NewValueFilter(qs, it, func(value quad.Value) (bool, error) {
		return value != nil && f.want.contains(value), nil
	})
}
