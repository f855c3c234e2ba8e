package gizmo

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	cpath "github.com/cayleygraph/cayley/query/path"
	"github.com/cayleygraph/cayley/query/shape"
	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
)

func followRecursive(c *call, p *wrapper) goja.Value {
	c.paths.refuseLabelContext(p)
	step, at, names := recursiveStep{}, valueKinds(0), []string(nil)
	switch via := c.args.peek().(type) {
	case nil, jsNothing:
		c.args.next++
		c.args.failArg(wantVia, via)
	case *wrapper:
		if via.filter == nil && via.verb == "" {
			over := c.paths.readPath()
			step.via, at, names = c.engine.pathOf(over.native), over.kinds, over.columns
			if over.pageStep != "" {
				c.args.fail("cannot follow %s again and again", over.pageStep)
			}
		}
	}
	if step.via == nil {
		_, predicates := c.paths.readVia(wantVia, c.resolver.predicate)
		c.resolver.checkWalk(p, true, false, predicates...)
		step.via, at = outPath(predicates), c.run.runner.objectKinds(predicates...)
	}
	switch c.args.peek().(type) {
	case int64, float64:
		step.depth = int(c.args.wholeNumber(-1).ToInteger())
	case nil:
		c.args.read()
	}
	for _, tag := range c.args.optionalTags() {
		step.tags = append(step.tags, tag.String())
	}
	b := c.paths.addPathStep(p, step.addTo)
	b.kinds = at
	c.paths.addColumns(b, slices.Concat(names, step.tags)...)
	b.markIrreversible(c.args.name)
	return c.wrap(b)
}

func outPath(predicates []quad.Value) *cpath.Path {
	via := make([]any, len(predicates))
	for i, p := range predicates {
		via[i] = p
	}
	return cpath.StartMorphism().Out(via...)
}

// recursiveStep follows a path repeatedly. In a path it is a filter, since Cayley
// lets filters replace one iterator by another. Cayley's own recursion is not
// used: from several start nodes it gives all rows the columns of a single node, it
// hides the steps before it from the planner, and it stops after 50 repetitions.
//
// Each reachable node has one row, with the columns of a shortest path to it. If
// the rows before have columns, the recursion runs once for each of their nodes,
// and a reachable node has one row for each row of its start node.
type recursiveStep struct {
	via         *cpath.Path
	depth       int      // the largest number of repetitions; zero or less for no bound
	tags        []string // columns for the number of repetitions
	dropColumns bool     // leaves out the columns of the rows before
}

// addTo adds the step to a path. Cayley reorders adjacent filters; tags without a
// name separate this filter from others.
func (r recursiveStep) addTo(p *cpath.Path) *cpath.Path { return p.Tag().Filters(r).Tag() }

// BuildIterator follows the path from the nodes of another iterator.
func (r recursiveStep) BuildIterator(qs cgraph.QuadStore, it iterator.Shape) iterator.Shape {
	if p, ok := qs.(*planRecorder); ok {
		qs = p.QuadStore // plans within this step are not recorded
	}
	return &recursiveShape{step: r, qs: qs, from: it}
}

type recursiveShape struct {
	step recursiveStep
	qs   cgraph.QuadStore
	from iterator.Shape
}

func (r *recursiveShape) String() string { return "Recursive" }

func (r *recursiveShape) SubIterators() []iterator.Shape { return []iterator.Shape{r.from} }

func (r *recursiveShape) Optimize(ctx context.Context) (iterator.Shape, bool) {
	from, changed := r.from.Optimize(ctx)
	return &recursiveShape{r.step, r.qs, from}, changed
}

// fanOut and maxGuess bound the guesses of the cost of a recursion.
const (
	fanOut   = 100
	maxGuess = 1 << 20
)

// Stats guesses the cost. A lookup runs the whole recursion once.
func (r *recursiveShape) Stats(ctx context.Context) (iterator.Costs, error) {
	from, err := r.from.Stats(ctx)
	size := min(from.Size.Value, maxGuess) * fanOut
	next := min(from.NextCost, maxGuess) + fanOut
	return iterator.Costs{NextCost: next, ContainsCost: next, Size: refs.Size{Value: size}}, err
}

func (r *recursiveShape) Iterate() iterator.Scanner { return &recursiveScanner{shape: r} }

func (r *recursiveShape) Lookup() iterator.Index {
	return &recursiveIndex{recursiveScanner: recursiveScanner{shape: r}}
}

// columns are the named values of a row.
type columns = map[string]cgraph.Ref

// startGroup is a set of nodes from which one recursion starts, with the rows of
// the nodes.
type startGroup struct {
	nodes []cgraph.Ref
	rows  []columns
}

// recursiveScanner walks breadth first: nodes at one repetition first.
type recursiveScanner struct {
	shape   *recursiveShape
	started bool
	groups  []startGroup

	group startGroup
	seen  map[any]bool
	depth int
	step  iterator.Scanner // over the current level
	next  []cgraph.Ref     // nodes from which the next level starts

	node cgraph.Ref
	row  int // index in the rows of the group
	err  error
}

func (r *recursiveScanner) Next(ctx context.Context) bool {
	if !r.started {
		r.started = true
		r.groups, r.err = r.shape.startGroups(ctx)
	}
	r.row, r.node = 0, nil
	for r.err == nil {
		if r.step == nil && !r.openLevel(ctx) {
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

// openLevel starts the next level, or the next group.
func (r *recursiveScanner) openLevel(ctx context.Context) bool {
	r.depth++
	if len(r.next) == 0 || r.shape.step.depth > 0 && r.depth > r.shape.step.depth {
		if len(r.groups) == 0 {
			return false
		}
		r.group, r.groups = r.groups[0], r.groups[1:]
		r.next, r.seen, r.depth = r.group.nodes, make(map[any]bool), 1
	}
	level := shape.Fixed(r.next)
	r.next = nil
	it := shape.BuildIterator(ctx, r.shape.qs, r.shape.step.via.ShapeFrom(level))
	it, _ = it.Optimize(ctx)
	r.step = it.Iterate()
	return true
}

// startGroups reads the nodes from which the recursion starts.
func (r *recursiveShape) startGroups(ctx context.Context) (groups []startGroup, err error) {
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
			groups = append(groups, startGroup{nodes: []cgraph.Ref{it.Result()}})
		}
		for more := !r.step.dropColumns; more; more = it.NextPath(ctx) {
			row := columns{}
			it.TagResults(row)
			named = named || len(row) > 0
			groups[i].rows = append(groups[i].rows, row)
		}
	}
	if err := it.Err(); err != nil || named || len(groups) == 0 {
		return groups, err
	}
	together := startGroup{rows: []columns{{}}}
	for _, g := range groups {
		together.nodes = append(together.nodes, g.nodes...)
	}
	return []startGroup{together}, ctx.Err()
}

func (r *recursiveScanner) NextPath(context.Context) bool {
	if r.node == nil || r.row+1 >= len(r.group.rows) {
		return false
	}
	r.row++
	return true
}

func (r *recursiveScanner) TagResults(dst columns) {
	if r.node == nil {
		return
	}
	r.step.TagResults(dst)
	maps.Copy(dst, r.group.rows[r.row])
	for _, tag := range r.shape.step.tags {
		dst[tag] = refs.PreFetched(quad.Int(r.depth))
	}
}

func (r *recursiveScanner) Result() cgraph.Ref { return r.node }
func (r *recursiveScanner) Err() error         { return r.err }
func (r *recursiveScanner) String() string     { return "Recursive" }

func (r *recursiveScanner) Close() error {
	if r.step == nil {
		return nil
	}
	step := r.step
	r.step, r.node = nil, nil
	return step.Close()
}

// recursiveIndex runs the recursion once and keeps its rows.
type recursiveIndex struct {
	recursiveScanner
	rows  map[any][]columns // nil before the recursion has run
	found []columns         // rows of the node; the first is the current row
	at    cgraph.Ref
}

func (r *recursiveIndex) Contains(ctx context.Context, ref cgraph.Ref) bool {
	if r.rows == nil {
		r.rows = make(map[any][]columns)
		for r.Next(ctx) {
			key := refs.ToKey(r.node)
			for more := true; more; more = r.recursiveScanner.NextPath(ctx) {
				row := columns{}
				r.recursiveScanner.TagResults(row)
				r.rows[key] = append(r.rows[key], row)
			}
		}
	}
	r.found, r.at = r.rows[refs.ToKey(ref)], ref
	return r.err == nil && len(r.found) > 0
}

func (r *recursiveIndex) NextPath(context.Context) bool {
	if len(r.found) < 2 {
		return false
	}
	r.found = r.found[1:]
	return true
}

func (r *recursiveIndex) TagResults(dst columns) {
	if len(r.found) > 0 {
		maps.Copy(dst, r.found[0])
	}
}

func (r *recursiveIndex) Result() cgraph.Ref { return r.at }
