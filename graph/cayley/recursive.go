package cayley

import (
	"context"
	"maps"
	"reflect"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/cayley/query/shape"
)

// Cayley's recursive iterator keeps the tags of an earlier hit when it is asked
// whether it contains a node (recursiveContains.tags is never cleared), so that
// with honest sizes, which make the planner ask, nodes come with the tags of
// others. Its scan is right. The shapes here answer from a scan.

// mend wraps a recursion, the only shape of Cayley that is a function, wherever
// it is part of another shape.
func mend(sh shape.Shape) (shape.Shape, bool) {
	switch sh := sh.(type) {
	case shape.Intersect:
		parts, ok := mendAll(sh)
		return shape.Intersect(parts), ok
	case shape.IntersectOpt:
		sub, ok1 := mendAll(sh.Sub)
		opt, ok2 := mendAll(sh.Opt)
		return shape.IntersectOpt{Sub: sub, Opt: opt}, ok1 || ok2
	case shape.Union:
		parts, ok := mendAll(sh)
		return shape.Union(parts), ok
	case shape.Quads:
		return mendQuads(sh)
	case shape.Except:
		ok1, ok2 := mendOne(&sh.From), mendOne(&sh.Exclude)
		return sh, ok1 || ok2
	}
	return mendFrom(sh)
}

// mendFrom is mend for the shapes that have one source.
func mendFrom(sh shape.Shape) (out shape.Shape, ok bool) {
	switch sh := sh.(type) {
	case shape.Save:
		ok = mendOne(&sh.From)
		return sh, ok
	case shape.FixedTags:
		ok = mendOne(&sh.On)
		return sh, ok
	case shape.Filter:
		ok = mendOne(&sh.From)
		return sh, ok
	case shape.Unique:
		ok = mendOne(&sh.From)
		return sh, ok
	case shape.Page:
		ok = mendOne(&sh.From)
		return sh, ok
	case shape.Sort:
		ok = mendOne(&sh.From)
		return sh, ok
	case shape.Materialize:
		ok = mendOne(&sh.Values)
		return sh, ok
	}
	return sh, false
}

func mendOne(sh *shape.Shape) bool {
	if *sh == nil || reflect.TypeOf(*sh).Kind() != reflect.Func {
		return false
	}
	*sh = recursion{*sh}
	return true
}

func mendAll(in []shape.Shape) (out []shape.Shape, changed bool) {
	out = append(out, in...)
	for i := range out {
		changed = mendOne(&out[i]) || changed
	}
	return out, changed
}

func mendQuads(in shape.Quads) (out shape.Quads, changed bool) {
	out = append(out, in...)
	for i := range out {
		changed = mendOne(&out[i].Values) || changed
	}
	return out, changed
}

// recursion builds what another shape builds, with a lookup that is right.
type recursion struct{ Of shape.Shape }

// BuildIterator wraps the iterator when it is recursive.
func (r recursion) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	it := r.Of.BuildIterator(qs)
	if rec, ok := it.(*iterator.Recursive); ok {
		return &recursiveShape{rec}
	}
	return it
}

// Optimize leaves the shape as it is.
func (r recursion) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return r, false }

type recursiveShape struct{ *iterator.Recursive }

func (r *recursiveShape) Optimize(ctx context.Context) (iterator.Shape, bool) {
	r.Recursive.Optimize(ctx) // works in place
	return r, false
}

func (r *recursiveShape) Lookup() iterator.Index {
	return &recursiveIndex{Scanner: r.Iterate(), found: map[any]*hit{}}
}

// recursiveIndex runs the recursion as far as it is asked for and remembers
// the tags of each result.
type recursiveIndex struct {
	iterator.Scanner
	found map[any]*hit
	now   *hit
	path  int
}

// hit is a result with the tags of each path to it.
type hit struct {
	ref   cgraph.Ref
	paths []map[string]cgraph.Ref
}

// Contains runs the recursion until it meets the node.
func (r *recursiveIndex) Contains(ctx context.Context, ref cgraph.Ref) bool {
	key := refs.ToKey(ref)
	r.now, r.path = r.found[key], 0
	for r.now == nil && r.Next(ctx) {
		h := &hit{ref: r.Scanner.Result()}
		h.paths = append(h.paths, r.tags())
		for r.Scanner.NextPath(ctx) {
			h.paths = append(h.paths, r.tags())
		}
		at := refs.ToKey(h.ref)
		r.found[at] = h
		if at == key {
			r.now = h
		}
	}
	return r.now != nil
}

func (r *recursiveIndex) tags() map[string]cgraph.Ref {
	tags := map[string]cgraph.Ref{}
	r.Scanner.TagResults(tags)
	return tags
}

// NextPath goes to the next path to the same node.
func (r *recursiveIndex) NextPath(context.Context) bool {
	if r.now == nil || r.path+1 >= len(r.now.paths) {
		return false
	}
	r.path++
	return true
}

func (r *recursiveIndex) Result() cgraph.Ref {
	if r.now == nil {
		return nil
	}
	return r.now.ref
}

func (r *recursiveIndex) TagResults(dst map[string]cgraph.Ref) {
	if r.now != nil {
		maps.Copy(dst, r.now.paths[r.path])
	}
}
