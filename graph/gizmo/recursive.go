package gizmo

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/cayley/query/path"
	"github.com/cayleygraph/cayley/query/shape"
	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
)

func followRecursive(c *call, p *box) goja.Value {
	c.paths.refuseLabelContext(p)
	step, at, names := recursive{}, sorts(0), []string(nil)
	switch via := c.args.peek().(type) {
	case nil, jsNothing:
		c.args.next++
		c.args.failArg(aVia, via)
	case *box:
		if via.filter == nil && via.verb == "" {
			over := c.paths.path()
			step.via, at, names = c.engine.pathOf(over.native), over.at, over.columns
			if over.cut != "" {
				c.args.fail("cannot follow %s again and again", over.cut)
			}
		}
	}
	if step.via == nil {
		_, predicates := c.paths.via(aVia, c.resolver.predicate)
		c.resolver.walks(p, true, false, predicates...)
		step.via, at = outOf(predicates), c.run.runner.objects(predicates...)
	}
	switch c.args.peek().(type) {
	case int64, float64:
		step.depth = int(c.args.whole(-1).ToInteger())
	case nil:
		c.args.take()
	}
	for _, tag := range c.args.optionalTags() {
		step.tags = append(step.tags, tag.String())
	}
	b := c.paths.extended(p, step.onto)
	b.at = at
	c.paths.addColumns(b, slices.Concat(names, step.tags)...)
	b.block(c.args.name)
	return c.wrap(b)
}

func outOf(predicates []quad.Value) *path.Path {
	via := make([]any, len(predicates))
	for i, p := range predicates {
		via[i] = p
	}
	return path.StartMorphism().Out(via...)
}

// recursive follows a path again and again. It stands in a path as a filter,
// whose place in Cayley is to replace one iterator by another: Cayley's own
// recursion gives the rows of several nodes that it begins at the columns of one
// of them, hides all before it from the planner, and stops after 50 times.
//
// Each node that can be reached has one row, with the columns of a shortest way
// to it. Where the rows before have columns, each node that they are at is gone
// from by itself, and what is reached has one row for each of its rows.
type recursive struct {
	via   *path.Path
	depth int      // at most; zero or less for no bound
	tags  []string // columns for the number of times
	bare  bool     // drops the columns of the rows before
}

// onto adds the step to a path. Cayley puts filters that stand together in an
// order of its own; a tag without a name keeps this one apart.
func (r recursive) onto(p *path.Path) *path.Path { return p.Tag().Filters(r).Tag() }

// BuildIterator follows from the nodes of another iterator.
func (r recursive) BuildIterator(qs graph.QuadStore, it iterator.Shape) iterator.Shape {
	if p, ok := qs.(*planner); ok {
		qs = p.QuadStore // what is planned from here on is part of a step
	}
	return &recursion{recursive: r, qs: qs, from: it}
}

type recursion struct {
	recursive
	qs   graph.QuadStore
	from iterator.Shape
}

func (r *recursion) String() string { return "Recursive" }

func (r *recursion) SubIterators() []iterator.Shape { return []iterator.Shape{r.from} }

func (r *recursion) Optimize(ctx context.Context) (iterator.Shape, bool) {
	from, changed := r.from.Optimize(ctx)
	return &recursion{r.recursive, r.qs, from}, changed
}

// fanOut and maxGuess are what a recursion counts on.
const (
	fanOut   = 100
	maxGuess = 1 << 20
)

// Stats guesses: a lookup runs all of the recursion once.
func (r *recursion) Stats(ctx context.Context) (iterator.Costs, error) {
	from, err := r.from.Stats(ctx)
	size := min(from.Size.Value, maxGuess) * fanOut
	next := min(from.NextCost, maxGuess) + fanOut
	return iterator.Costs{NextCost: next, ContainsCost: next, Size: refs.Size{Value: size}}, err
}

func (r *recursion) Iterate() iterator.Scanner { return &recursionScanner{of: r} }

func (r *recursion) Lookup() iterator.Index {
	return &recursionIndex{recursionScanner: recursionScanner{of: r}}
}

// columns are the named values of a row.
type columns = map[string]graph.Ref

// group is nodes that are gone from together, with their rows.
type group struct {
	nodes []graph.Ref
	rows  []columns
}

// recursionScanner walks level by level, those that are one step away first.
type recursionScanner struct {
	of    *recursion
	begun bool
	todo  []group

	now   group
	seen  map[any]bool
	depth int
	step  iterator.Scanner // of the level
	next  []graph.Ref      // the nodes of the next level

	node graph.Ref
	row  int // of the group
	err  error
}

func (r *recursionScanner) Next(ctx context.Context) bool {
	if !r.begun {
		r.begun = true
		r.todo, r.err = r.of.groups(ctx)
	}
	r.row, r.node = 0, nil
	for r.err == nil {
		if r.step == nil && !r.open(ctx) {
			return false
		}
		for r.step.Next(ctx) {
			if key := refs.ToKey(r.step.Result()); !r.seen[key] {
				r.seen[key] = true
				r.node = r.step.Result()
				r.next = append(r.next, r.node)
				return true
			}
		}
		r.err = cmp.Or(r.step.Err(), r.step.Close())
		r.step = nil
	}
	return false
}

// open begins the next level, or the next group.
func (r *recursionScanner) open(ctx context.Context) bool {
	r.depth++
	if len(r.next) == 0 || r.of.depth > 0 && r.depth > r.of.depth {
		if len(r.todo) == 0 {
			return false
		}
		r.now, r.todo = r.todo[0], r.todo[1:]
		r.next, r.seen, r.depth = r.now.nodes, make(map[any]bool), 1
	}
	level := shape.Fixed(r.next)
	r.next = nil
	it := shape.BuildIterator(ctx, r.of.qs, r.of.via.ShapeFrom(level))
	it, _ = it.Optimize(ctx)
	r.step = it.Iterate()
	return true
}

// groups reads where the recursion begins.
func (r *recursion) groups(ctx context.Context) (groups []group, err error) {
	it := r.from.Iterate()
	defer func() { err = errors.Join(err, it.Close()) }()
	at := make(map[any]int)
	named := false
	for it.Next(ctx) {
		key := refs.ToKey(it.Result())
		i, known := at[key]
		if !known {
			i = len(groups)
			at[key] = i
			groups = append(groups, group{nodes: []graph.Ref{it.Result()}})
		}
		for more := !r.bare; more; more = it.NextPath(ctx) {
			row := columns{}
			it.TagResults(row)
			named = named || len(row) > 0
			groups[i].rows = append(groups[i].rows, row)
		}
	}
	if err := it.Err(); err != nil || named || len(groups) == 0 {
		return groups, err
	}
	together := group{rows: []columns{{}}}
	for _, g := range groups {
		together.nodes = append(together.nodes, g.nodes...)
	}
	return []group{together}, ctx.Err()
}

func (r *recursionScanner) NextPath(context.Context) bool {
	if r.node == nil || r.row+1 >= len(r.now.rows) {
		return false
	}
	r.row++
	return true
}

func (r *recursionScanner) TagResults(dst columns) {
	if r.node == nil {
		return
	}
	r.step.TagResults(dst)
	maps.Copy(dst, r.now.rows[r.row])
	for _, tag := range r.of.tags {
		dst[tag] = refs.PreFetched(quad.Int(r.depth))
	}
}

func (r *recursionScanner) Result() graph.Ref { return r.node }
func (r *recursionScanner) Err() error        { return r.err }
func (r *recursionScanner) String() string    { return "Recursive" }

func (r *recursionScanner) Close() error {
	if r.step == nil {
		return nil
	}
	step := r.step
	r.step, r.node = nil, nil
	return step.Close()
}

// recursionIndex runs the recursion once and keeps its rows.
type recursionIndex struct {
	recursionScanner
	rows map[any][]columns // nil before that
	here []columns         // the first is the row
	at   graph.Ref
}

func (r *recursionIndex) Contains(ctx context.Context, ref graph.Ref) bool {
	if r.rows == nil {
		r.rows = make(map[any][]columns)
		for r.Next(ctx) {
			key := refs.ToKey(r.node)
			for more := true; more; more = r.recursionScanner.NextPath(ctx) {
				row := columns{}
				r.recursionScanner.TagResults(row)
				r.rows[key] = append(r.rows[key], row)
			}
		}
	}
	r.here, r.at = r.rows[refs.ToKey(ref)], ref
	return r.err == nil && len(r.here) > 0
}

func (r *recursionIndex) NextPath(context.Context) bool {
	if len(r.here) < 2 {
		return false
	}
	r.here = r.here[1:]
	return true
}

func (r *recursionIndex) TagResults(dst columns) {
	if len(r.here) > 0 {
		maps.Copy(dst, r.here[0])
	}
}

func (r *recursionIndex) Result() graph.Ref { return r.at }
