package cayley

import (
	"context"
	"slices"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/cayley/query/shape"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/rdf"
)

// optimize is called by Cayley for each part of a query, innermost first, after
// its own rewriting. A nil shape is one without results.
func optimize(ctx context.Context, qs *QuadStore, sh shape.Shape) (shape.Shape, bool) {
	sh, mended := wrapRecursions(sh)
	out, changed := rewrite(ctx, qs, sh)
	return out, mended || changed
}

func rewrite(ctx context.Context, qs *QuadStore, sh shape.Shape) (shape.Shape, bool) {
	switch sh := sh.(type) {
	case shape.Fixed:
		return dropMissing(sh)
	case shape.Except:
		return exceptWithoutTags(sh)
	case shape.Intersect:
		return newIntersectAll(sh, nil), true
	case shape.IntersectOpt:
		return newIntersectAll(sh.Sub, sh.Opt), true
	case shape.Union:
		return dropNullParts(sh)
	case shape.Sort:
		return sortRows{sh.From}, true
	case shape.Page:
		if shape.IsNull(sh.From) {
			return nil, true
		}
		return pageRows{sh}, true
	case shape.NodesFrom:
		return dropMissingLabels(sh)
	case shape.Filter:
		out, changed := comparisonsToRange(sh)
		if f, ok := out.(shape.Filter); ok {
			return filterNodes{f}, true
		}
		return out, changed
	case shape.Quads:
		return joinFixed(qs, sh)
	case shape.QuadsAction:
		return scanQuadParts(qs, sh)
	case shape.Count:
		return countQuadParts(ctx, qs, sh)
	}
	return sh, false
}

// dropMissing leaves out the refs of values that are not stored, and those that
// stand twice: whether Cayley gives these twice depends on how it plans.
func dropMissing(f shape.Fixed) (shape.Shape, bool) {
	var kept shape.Fixed
	seen := make(map[any]bool, len(f))
	for _, ref := range f {
		if _, missing := ref.(missingRef); !missing && ref != nil && !seen[refs.ToKey(ref)] {
			seen[refs.ToKey(ref)] = true
			kept = append(kept, ref)
		}
	}
	switch len(kept) {
	case 0:
		return nil, true
	case len(f):
		return f, false
	}
	return kept, true
}

// dropNullParts leaves out the parts of a union that have no results: Cayley misses
// the second of two neighbours and then panics.
func dropNullParts(u shape.Union) (shape.Shape, bool) {
	kept := slices.DeleteFunc(slices.Clone(u), shape.IsNull)
	switch len(kept) {
	case 0:
		return nil, true
	case 1:
		return kept[0], true
	}
	return unionAll{kept}, true
}

// exceptWithoutTags leaves the columns of what is left out alone: Cayley gives the nodes
// that are kept those of the last node that it left out.
func exceptWithoutTags(e shape.Except) (shape.Shape, bool) {
	switch {
	case !shape.IsNull(e.Exclude):
		return inexactSize{shape.Except{Exclude: withoutTags{e.Exclude}, From: e.From}}, true
	case e.From == nil:
		return shape.AllNodes{}, true
	}
	return e.From, true
}

// comparisonsToRange turns comparisons into a range of the dictionary. Strings, IRIs,
// blank nodes, numbers and times compare as Cayley compares them. A typed
// string, such as an xsd:date, is compared with those of its own datatype;
// Cayley would compare the N-Quads text of every term there is.
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

func (r termRange) intersect(o termRange) termRange {
	in, _ := r.Intersect(o.Interval) // both were encoded before
	return termRange{in, r.encoded.Intersect(o.encoded)}
}

// contains reports whether a term is in the range.
func (r termRange) contains(value quad.Value) bool {
	if r.All() {
		return true
	}
	term, err := rdf.AppendTerm(nil, value)
	return err == nil && r.encoded.Contains(term)
}

// termsInRange is the terms in a range.
type termsInRange struct{ want termRange }

// BuildIterator scans the dictionary of the quad store that qs is or embeds.
func (n termsInRange) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	if of, ok := qs.(quadStoreOf); ok {
		return &nodesIterator{qs: of.itself(), want: n.want}
	}
	return rangeFilter(n).BuildIterator(qs, qs.NodesAllIterator())
}

// Optimize leaves the shape as it is.
func (n termsInRange) Optimize(ctx context.Context, r shape.Optimizer) (shape.Shape, bool) {
	if r != nil {
		return r.OptimizeShape(ctx, n)
	}
	return n, false
}

// rangeFilter filters values by a range.
type rangeFilter struct{ want termRange }

// BuildIterator filters the values of another iterator.
func (f rangeFilter) BuildIterator(qs cgraph.QuadStore, it iterator.Shape) iterator.Shape {
	return iterator.NewValueFilter(qs, it, func(value quad.Value) (bool, error) {
		return value != nil && f.want.contains(value), nil
	})
}

// joinFixed puts the fixed parts of quads into one pattern, which one index
// answers; Cayley would scan the quads of one part and check the others.
func joinFixed(qs *QuadStore, quads shape.Quads) (shape.Shape, bool) {
	var want pattern
	var rest shape.Quads
	for _, f := range quads {
		ref, one := shape.One(f.Values)
		id := uint64(0)
		if one && placeOf(f.Dir) >= 0 && want[placeOf(f.Dir)] == 0 {
			id, _ = qs.idOf(ref)
		}
		if id == 0 {
			rest = append(rest, f)
			continue
		}
		want[placeOf(f.Dir)] = id
	}
	if want.bound() < 2 {
		return quadsJoin{rest: quads}, true
	}
	if len(rest) == 0 {
		return matchingQuads{want}, true
	}
	return quadsJoin{&matchingQuads{want}, rest}, true
}

// matchingQuads is the quads that match a pattern.
type matchingQuads struct{ want pattern }

// BuildIterator scans one index of the store or snapshot that qs is or embeds.
func (q matchingQuads) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	if of, ok := qs.(quadStoreOf); ok {
		return &quadsIterator{qs: of.itself(), want: q.want}
	}
	var parts []iterator.Shape
	for i, id := range q.want {
		if id != 0 {
			parts = append(parts, qs.QuadIterator(quad.Directions[i], nodeRef(id)))
		}
	}
	return iterator.NewAnd(parts...)
}

// Optimize leaves the shape as it is.
func (q matchingQuads) Optimize(ctx context.Context, r shape.Optimizer) (shape.Shape, bool) {
	if r != nil {
		return r.OptimizeShape(ctx, q)
	}
	return q, false
}

// quadParts is one part of the quads that match a pattern, with tags for others.
type quadParts struct {
	want   pattern
	part   int
	save   [4][]string
	Action shape.QuadsAction // the same in Cayley's words
}

func scanQuadParts(qs *QuadStore, a shape.QuadsAction) (shape.Shape, bool) {
	l := quadParts{part: placeOf(a.Result), Action: a}
	if l.part < 0 {
		return a, false
	}
	for d, ref := range a.Filter {
		id, err := qs.idOf(ref)
		if err != nil || placeOf(d) < 0 {
			return a, false
		}
		if id == 0 {
			return nil, true
		}
		l.want[placeOf(d)] = id
	}
	for d, tags := range a.Save {
		if placeOf(d) < 0 {
			return a, false
		}
		l.save[placeOf(d)] = tags
	}
	return l, true
}

// BuildIterator scans one index of the store or snapshot that qs is or embeds.
func (l quadParts) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	if of, ok := qs.(quadStoreOf); ok {
		return &quadPartsIterator{qs: of.itself(), want: l.want, part: l.part, save: l.save}
	}
	return l.Action.BuildIterator(qs)
}

// Optimize leaves the shape as it is.
func (l quadParts) Optimize(ctx context.Context, r shape.Optimizer) (shape.Shape, bool) {
	if r != nil {
		return r.OptimizeShape(ctx, l)
	}
	return l, false
}

// countQuadParts answers a count from the heads of blocks. Only a snapshot stays
// as it is until the answer is used.
func countQuadParts(ctx context.Context, qs *QuadStore, c shape.Count) (shape.Shape, bool) {
	l, ok := c.Values.(quadParts)
	if !ok || qs.live || len(l.Action.Save) > 0 || l.part == placeOf(quad.Label) && l.want[l.part] == 0 {
		return c, false
	}
	n, _, err := qs.countMatches(ctx, l.want)
	if err != nil {
		return c, false
	}
	return shape.Fixed{refs.PreFetched(quad.Int(n))}, true
}
