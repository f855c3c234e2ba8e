package cayley

import (
	"context"
	"slices"

	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/cayley/query/shape"
)

// optimize rewrites one part of a query. Cayley calls it for each part,
// innermost first, after its own rewriting. A nil shape has no results.
func optimize(ctx context.Context, qs *QuadStore, sh shape.Shape) (shape.Shape, bool) {
	sh, wrapped := wrapRecursions(sh)
	out, changed := rewrite(ctx, qs, sh)
	return out, wrapped || changed
}

// rewrite applies the planner rule for a type of shape.
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

// dropMissing removes refs of values that are not stored, and repeated refs:
// whether Cayley returns a repeated node twice depends on its plan.
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

// dropNullParts removes the parts of a union that have no results: Cayley
// overlooks the second of two neighbouring ones and panics later.
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

// exceptWithoutTags hides the tags of the excluded shape: Cayley gives nodes of
// the result the tags of the node that it excluded last.
func exceptWithoutTags(e shape.Except) (shape.Shape, bool) {
	switch {
	case !shape.IsNull(e.Exclude):
		return inexactSize{shape.Except{Exclude: withoutTags{e.Exclude}, From: e.From}}, true
	case e.From == nil:
		return shape.AllNodes{}, true
	}
	return e.From, true
}
