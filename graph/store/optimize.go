package store

import (
	"context"
	"slices"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/cayley/query/shape"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/rdf"
)

// optimize is called by Cayley for each part of a query, innermost first, after
// its own rewriting. A nil shape is one without results.
func optimize(ctx context.Context, src source, sh shape.Shape) (shape.Shape, bool) {
	sh, mended := mend(sh)
	out, changed := rewrite(ctx, src, sh)
	return out, mended || changed
}

func rewrite(ctx context.Context, src source, sh shape.Shape) (shape.Shape, bool) {
	switch sh := sh.(type) {
	case shape.Fixed:
		return dropMissing(sh)
	case shape.Except:
		return except(sh)
	case shape.Intersect:
		return intersect(sh, nil), true
	case shape.IntersectOpt:
		return intersect(sh.Sub, sh.Opt), true
	case shape.Union:
		return dropNull(sh)
	case shape.Sort:
		return sorted{sh.From}, true
	case shape.Page:
		if shape.IsNull(sh.From) {
			return nil, true
		}
		return someRows{sh}, true
	case shape.NodesFrom:
		return labelled(sh)
	case shape.Filter:
		out, changed := rangeOf(sh)
		if f, ok := out.(shape.Filter); ok {
			return filtered{f}, true
		}
		return out, changed
	case shape.Quads:
		return joinFixed(src, sh)
	case shape.QuadsAction:
		return scanLinks(src, sh)
	case shape.Count:
		return countLinks(ctx, src, sh)
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

// dropNull leaves out the parts of a union that have no results: Cayley misses
// the second of two neighbours and then panics.
func dropNull(u shape.Union) (shape.Shape, bool) {
	kept := slices.DeleteFunc(slices.Clone(u), shape.IsNull)
	switch len(kept) {
	case 0:
		return nil, true
	case 1:
		return kept[0], true
	}
	return either{kept}, true
}

// except leaves the columns of what is left out alone: Cayley gives the nodes
// that are kept those of the last node that it left out.
func except(e shape.Except) (shape.Shape, bool) {
	switch {
	case !shape.IsNull(e.Exclude):
		return atMost{shape.Except{Exclude: untagged{e.Exclude}, From: e.From}}, true
	case e.From == nil:
		return shape.AllNodes{}, true
	}
	return e.From, true
}

// rangeOf turns comparisons into a range of the dictionary. Strings, IRIs,
// blank nodes, numbers and times compare as Cayley compares them. A typed
// string, such as an xsd:date, is compared with those of its own datatype;
// Cayley would compare the N-Quads text of every term there is.
func rangeOf(f shape.Filter) (shape.Shape, bool) {
	if shape.IsNull(f.From) {
		return nil, true
	}
	var want *rdf.Range
	var rest []shape.ValueFilter
	for _, filter := range f.Filters {
		r, ok := comparisonRange(filter)
		switch {
		case !ok:
			rest = append(rest, filter)
		case want == nil:
			want = &r
		default:
			both := want.Intersect(r)
			want = &both
		}
	}
	if want == nil {
		return f, false
	}
	if _, all := f.From.(shape.AllNodes); all {
		f.From = nodesIn{*want}
	} else {
		rest = append(rest, inRange{*want})
	}
	if len(rest) == 0 {
		return f.From, true
	}
	return shape.Filter{From: f.From, Filters: rest}, true
}

func comparisonRange(filter shape.ValueFilter) (r rdf.Range, ok bool) {
	c, ok := filter.(shape.Comparison)
	if !ok {
		return r, false
	}
	switch rdf.Canonical(c.Val).(type) {
	case quad.IRI, quad.BNode, quad.String, quad.Int, quad.Float, quad.Time, quad.TypedString:
	default:
		return r, false
	}
	term, err := rdf.AppendTerm(nil, c.Val)
	if err != nil || c.Val == nil {
		return r, false
	}
	r = rdf.Family(c.Val, term)
	switch c.Op {
	case iterator.CompareLT:
		return r.Intersect(rdf.Range{High: term}), true
	case iterator.CompareLTE:
		return r.Intersect(rdf.Range{High: append(term, 0)}), true
	case iterator.CompareGT:
		return r.Intersect(rdf.Range{Low: append(term, 0)}), true
	case iterator.CompareGTE:
		return r.Intersect(rdf.Range{Low: term}), true
	}
	return rdf.Range{}, false
}

// nodesIn is the terms in a range.
type nodesIn struct{ want rdf.Range }

// BuildIterator scans the dictionary of the store or snapshot that qs is or
// embeds.
func (n nodesIn) BuildIterator(qs graph.QuadStore) iterator.Shape {
	if src, ok := qs.(source); ok {
		return &nodesShape{src: src, want: &n.want}
	}
	return inRange(n).BuildIterator(qs, qs.NodesAllIterator())
}

// Optimize leaves the shape as it is.
func (n nodesIn) Optimize(ctx context.Context, r shape.Optimizer) (shape.Shape, bool) {
	if r != nil {
		return r.OptimizeShape(ctx, n)
	}
	return n, false
}

// inRange filters values by a range.
type inRange struct{ want rdf.Range }

// BuildIterator filters the values of another iterator.
func (f inRange) BuildIterator(qs graph.QuadStore, it iterator.Shape) iterator.Shape {
	return iterator.NewValueFilter(qs, it, func(value quad.Value) (bool, error) {
		if value == nil {
			return false, nil
		}
		term, err := rdf.AppendTerm(nil, value)
		return err == nil && f.want.Contains(term), nil
	})
}

// joinFixed puts the fixed parts of quads into one pattern, which one index
// answers; Cayley would scan the quads of one part and check the others.
func joinFixed(src source, quads shape.Quads) (shape.Shape, bool) {
	var want pattern
	var rest shape.Quads
	for _, f := range quads {
		ref, one := shape.One(f.Values)
		id := uint64(0)
		if one && part(f.Dir) >= 0 && want[part(f.Dir)] == 0 {
			_ = with(src, func(s *Snapshot) (err error) { id, err = s.view.idOfRef(ref); return err })
		}
		if id == 0 {
			rest = append(rest, f)
			continue
		}
		want[part(f.Dir)] = id
	}
	if want.Fixed() < 2 {
		return joined{rest: quads}, true
	}
	if len(rest) == 0 {
		return quadsOf{want}, true
	}
	return joined{&quadsOf{want}, rest}, true
}

// quadsOf is the quads that match a pattern.
type quadsOf struct{ want pattern }

// BuildIterator scans one index of the store or snapshot that qs is or embeds.
func (q quadsOf) BuildIterator(qs graph.QuadStore) iterator.Shape {
	if src, ok := qs.(source); ok {
		return &quadsShape{src: src, want: q.want}
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
func (q quadsOf) Optimize(ctx context.Context, r shape.Optimizer) (shape.Shape, bool) {
	if r != nil {
		return r.OptimizeShape(ctx, q)
	}
	return q, false
}

// linksOf is one part of the quads that match a pattern, with tags for others.
type linksOf struct {
	want   pattern
	part   int
	save   [4][]string
	Action shape.QuadsAction // the same in Cayley's words
}

func scanLinks(src source, a shape.QuadsAction) (shape.Shape, bool) {
	l := linksOf{part: part(a.Result), Action: a}
	if l.part < 0 {
		return a, false
	}
	for d, ref := range a.Filter {
		id := uint64(0)
		err := with(src, func(s *Snapshot) (err error) { id, err = s.view.idOfRef(ref); return err })
		if err != nil || part(d) < 0 {
			return a, false
		}
		if id == 0 {
			return nil, true
		}
		l.want[part(d)] = id
	}
	for d, tags := range a.Save {
		if part(d) < 0 {
			return a, false
		}
		l.save[part(d)] = tags
	}
	return l, true
}

// BuildIterator scans one index of the store or snapshot that qs is or embeds.
func (l linksOf) BuildIterator(qs graph.QuadStore) iterator.Shape {
	if src, ok := qs.(source); ok {
		return &linksShape{src: src, want: l.want, part: l.part, save: l.save}
	}
	return l.Action.BuildIterator(qs)
}

// Optimize leaves the shape as it is.
func (l linksOf) Optimize(ctx context.Context, r shape.Optimizer) (shape.Shape, bool) {
	if r != nil {
		return r.OptimizeShape(ctx, l)
	}
	return l, false
}

// countLinks answers a count from the heads of blocks. Only a snapshot stays
// as it is until the answer is used.
func countLinks(ctx context.Context, src source, c shape.Count) (shape.Shape, bool) {
	l, ok := c.Values.(linksOf)
	if _, isStore := src.(*Store); !ok || isStore || len(l.Action.Save) > 0 || l.part == part(quad.Label) && l.want[l.part] == 0 {
		return c, false
	}
	var n int64
	err := with(src, func(s *Snapshot) (err error) { n, err = s.size(ctx, l.want); return err })
	if err != nil {
		return c, false
	}
	return shape.Fixed{refs.PreFetched(quad.Int(n))}, true
}
