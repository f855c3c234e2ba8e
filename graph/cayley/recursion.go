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

// The index of Cayley's recursive iterator keeps the tags of an earlier result
// (recursiveContains.tags is never cleared), so that nodes get the tags of other
// nodes. Exact sizes make the planner use the index. The scanner is correct, so the
// index here answers from a scan.

// wrapRecursions wraps each recursion that is part of a shape. A recursion is
// the only shape of Cayley that is a function.
func wrapRecursions(sh shape.Shape) (shape.Shape, bool) {
	switch sh := sh.(type) {
	case shape.Intersect:
		parts, ok := wrapEachRecursion(sh)
		return shape.Intersect(parts), ok
	case shape.IntersectOpt:
		sub, ok1 := wrapEachRecursion(sh.Sub)
		opt, ok2 := wrapEachRecursion(sh.Opt)
		return shape.IntersectOpt{Sub: sub, Opt: opt}, ok1 || ok2
	case shape.Union:
		parts, ok := wrapEachRecursion(sh)
		return shape.Union(parts), ok
	case shape.Quads:
		return wrapRecursionsOfQuads(sh)
	case shape.Except:
		ok1, ok2 := wrapRecursion(&sh.From), wrapRecursion(&sh.Exclude)
		return sh, ok1 || ok2
	}
	return wrapRecursionsFrom(sh)
}

// wrapRecursionsFrom is wrapRecursions for shapes with one source.
func wrapRecursionsFrom(sh shape.Shape) (out shape.Shape, ok bool) {
	switch sh := sh.(type) {
	case shape.Save:
		ok = wrapRecursion(&sh.From)
		return sh, ok
	case shape.FixedTags:
		ok = wrapRecursion(&sh.On)
		return sh, ok
	case shape.Filter:
		ok = wrapRecursion(&sh.From)
		return sh, ok
	case shape.Unique:
		ok = wrapRecursion(&sh.From)
		return sh, ok
	case shape.Page:
		ok = wrapRecursion(&sh.From)
		return sh, ok
	case shape.Sort:
		ok = wrapRecursion(&sh.From)
		return sh, ok
	case shape.Materialize:
		ok = wrapRecursion(&sh.Values)
		return sh, ok
	}
	return sh, false
}

// wrapRecursion wraps a shape if it is a recursion, and reports whether it is.
func wrapRecursion(sh *shape.Shape) bool {
	if *sh == nil || reflect.TypeOf(*sh).Kind() != reflect.Func {
		return false
	}
	*sh = scannedRecursion{*sh}
	return true
}

func wrapEachRecursion(in []shape.Shape) (out []shape.Shape, changed bool) {
	out = append(out, in...)
	for i := range out {
		changed = wrapRecursion(&out[i]) || changed
	}
	return out, changed
}

func wrapRecursionsOfQuads(in shape.Quads) (out shape.Quads, changed bool) {
	out = append(out, in...)
	for i := range out {
		changed = wrapRecursion(&out[i].Values) || changed
	}
	return out, changed
}

// scannedRecursion is a recursion whose index answers from a scan.
type scannedRecursion struct{ Of shape.Shape }

// BuildIterator builds the iterator of the shape, and wraps it if it is
// recursive.
func (r scannedRecursion) BuildIterator(qs cgraph.QuadStore) iterator.Shape {
	it := r.Of.BuildIterator(qs)
	if rec, ok := it.(*iterator.Recursive); ok {
		return &scannedRecursionIterator{rec}
	}
	return it
}

// Optimize leaves the shape as it is.
func (r scannedRecursion) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) {
	return r, false
}

// scannedRecursionIterator is Cayley's recursive iterator with an index of its
// own.
type scannedRecursionIterator struct{ *iterator.Recursive }

func (r *scannedRecursionIterator) Optimize(ctx context.Context) (iterator.Shape, bool) {
	r.Recursive.Optimize(ctx) // works in place
	return r, false
}

func (r *scannedRecursionIterator) Lookup() iterator.Index {
	return &scannedRecursionIndex{Scanner: r.Iterate(), found: map[any]*recursionResult{}}
}

// scannedRecursionIndex runs the recursion until it has found the node that is
// looked up, and remembers the tags of each result.
type scannedRecursionIndex struct {
	iterator.Scanner
	found   map[any]*recursionResult
	current *recursionResult
	path    int
}

// recursionResult is a node with the tags of each path to it.
type recursionResult struct {
	node  cgraph.Ref
	paths []map[string]cgraph.Ref
}

// Contains runs the recursion until it finds the node.
func (r *scannedRecursionIndex) Contains(ctx context.Context, ref cgraph.Ref) bool {
	key := refs.ToKey(ref)
	r.current, r.path = r.found[key], 0
	for r.current == nil && r.Next(ctx) {
		h := &recursionResult{node: r.Scanner.Result()}
		h.paths = append(h.paths, r.tags())
		for r.Scanner.NextPath(ctx) {
			h.paths = append(h.paths, r.tags())
		}
		at := refs.ToKey(h.node)
		r.found[at] = h
		if at == key {
			r.current = h
		}
	}
	return r.current != nil
}

func (r *scannedRecursionIndex) tags() map[string]cgraph.Ref {
	tags := map[string]cgraph.Ref{}
	r.Scanner.TagResults(tags)
	return tags
}

// NextPath moves to the next path to the same node.
func (r *scannedRecursionIndex) NextPath(context.Context) bool {
	if r.current == nil || r.path+1 >= len(r.current.paths) {
		return false
	}
	r.path++
	return true
}

func (r *scannedRecursionIndex) Result() cgraph.Ref {
	if r.current == nil {
		return nil
	}
	return r.current.node
}

func (r *scannedRecursionIndex) TagResults(dst map[string]cgraph.Ref) {
	if r.current != nil {
		maps.Copy(dst, r.current.paths[r.path])
	}
}
