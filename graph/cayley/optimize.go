package cayley

import (
	"context"
	"slices"

	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/cayley/query/shape"
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
