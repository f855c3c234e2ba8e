package gizmo

import (
	"slices"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	cpath "github.com/cayleygraph/cayley/query/path"
	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
)

// pathBuilder adds steps to paths by Cayley's methods, and records what later
// steps must know about them. A path that Cayley would answer wrongly is an
// error.
type pathBuilder struct {
	args     *arguments
	resolver *resolver
	engine   *engine

	argumentSteps int // total steps of the paths among the arguments
	repeats       int // how many times Cayley walks the path before this step; zero for once
}

// maxSteps bounds a path: Cayley plans paths by recursion, and some steps copy
// all steps before them.
const maxSteps = 4096

// start returns a path that starts at the given nodes, or at all nodes if none is
// given.
func (pb *pathBuilder) start(values ...goja.Value) *wrapper {
	b := &wrapper{native: pb.engine.callG("V", values...).(*goja.Object), steps: 1}
	for i, v := range values {
		end := v.Export().(quad.Value)
		b.startNodes = append(b.startNodes, end)
		if s := kindOf(end); i == 0 {
			b.kinds = s
		} else {
			b.kinds = b.kinds.union(s)
		}
	}
	return b
}

const wantVia = "an IRI, a string or a path"

// readVia reads what a step follows: predicates, a path that yields predicates,
// or null for all predicates. The predicates are nil if only running the path
// yields them.
func (pb *pathBuilder) readVia(want string, check func(quad.Value) quad.Value) (native goja.Value, predicates []quad.Value) {
	x := pb.args.read()
	switch x := x.(type) {
	case nil, jsNothing:
		return goja.Null(), nil
	case *wrapper:
		if x.filter == nil && x.verb == "" {
			for _, v := range x.startNodes {
				check(v)
			}
			pb.argumentSteps += x.steps
			return x.native, x.startNodes
		}
	case jsList:
		items := pb.args.items(x)
		list := make([]any, len(items))
		for i, item := range items {
			v := check(pb.args.asValue(classify(item), "a list of IRIs"))
			list[i], predicates = v, append(predicates, v)
		}
		return pb.args.vm.ToValue(list), predicates
	}
	v := check(pb.args.asValue(x, want))
	return pb.args.vm.ToValue(v), []quad.Value{v}
}

// readPath reads a path to follow, join or exclude.
func (pb *pathBuilder) readPath() *wrapper {
	x := pb.args.read()
	b, ok := x.(*wrapper)
	if !ok || b.filter != nil {
		pb.args.failArg("a path", x)
	}
	pb.argumentSteps += b.steps
	return b
}

// addStep calls the method of Cayley that the script called, and returns the
// longer path.
func (pb *pathBuilder) addStep(p *wrapper, args ...goja.Value) *wrapper {
	return pb.addMethod(p, pb.args.name, args...)
}

// addMethod calls a method of Cayley and returns the longer path.
func (pb *pathBuilder) addMethod(p *wrapper, method string, args ...goja.Value) *wrapper {
	b := pb.nextStep(p)
	b.native = pb.engine.call(p.native, method, args...).(*goja.Object)
	return b
}

// addPathStep returns a path with a step for which Cayley's Gizmo has no method.
func (pb *pathBuilder) addPathStep(p *wrapper, step func(*cpath.Path) *cpath.Path) *wrapper {
	b := pb.nextStep(p)
	b.native = pb.engine.withPath(p.native, step)
	return b
}

// nextStep returns a path with one more step, which the caller adds to the native
// object.
func (pb *pathBuilder) nextStep(p *wrapper) *wrapper {
	pb.args.refuseRest()
	times := max(pb.repeats, 1)
	b := &wrapper{steps: p.steps*times + pb.argumentSteps + 1, factor: max(p.factor, 1) * times}
	if b.steps > maxSteps || b.factor > maxSteps {
		pb.args.fail("the path has more than %d steps, counting twice what both and labels walk twice", maxSteps)
	}
	b.tags, b.blockedTags, b.irreversible = p.tags, p.blockedTags, p.irreversible
	b.kinds, b.columns, b.labelContext, b.pageStep = p.kinds, p.columns, p.labelContext, p.pageStep
	return b
}

// addColumns adds columns to the rows of a path. A name that is in use is an
// error.
func (pb *pathBuilder) addColumns(b *wrapper, names ...string) {
	b.columns = slices.Clone(b.columns)
	for _, name := range names {
		switch {
		case name == "id":
			pb.args.fail("the column id is taken: it is the node at the end of the path; choose another name")
		case slices.Contains(b.columns, name):
			pb.args.fail("the column %q is taken by a step before; choose another name", name)
		}
		b.columns = append(b.columns, name)
	}
}

func (pb *pathBuilder) addTagColumns(b *wrapper, tags []goja.Value) {
	for _, tag := range tags {
		pb.addColumns(b, tag.String())
	}
}

// withEmptyTag returns a path with a tag without a name, so that Cayley's planner
// does not recognize it as the path of all nodes: it would plan the intersection
// of two such paths as empty.
func (pb *pathBuilder) withEmptyTag(p *wrapper) *wrapper {
	tagged := *p
	tagged.native = pb.engine.withPath(p.native, func(p *cpath.Path) *cpath.Path { return p.Tag() })
	return &tagged
}

// refuseLabelContext refuses to follow a path under a label context, which Cayley
// would ignore there.
func (pb *pathBuilder) refuseLabelContext(p *wrapper) {
	if p.labelContext {
		pb.args.fail("a label context does not apply inside a followed path; write out the steps of that path, or end the context with labelContext(null)")
	}
}

// addOptionalColumn adds a column to the rows that have a value for it. Barriers
// on both sides keep Cayley from merging it with other steps, which would lose
// one of two such columns.
func (pb *pathBuilder) addOptionalColumn(p *wrapper, predicate quad.Value, name string, reverse bool) *wrapper {
	b := pb.addPathStep(p, func(p *cpath.Path) *cpath.Path {
		p = p.Filters(barrier{})
		if reverse {
			return p.SaveOptionalReverse(predicate, name).Filters(barrier{})
		}
		return p.SaveOptional(predicate, name).Filters(barrier{})
	})
	pb.addColumns(b, name)
	return b
}

// barrier is a filter that every node passes, and across which Cayley merges no
// steps.
type barrier struct{}

// BuildIterator returns the iterator unchanged.
func (barrier) BuildIterator(_ cgraph.QuadStore, it iterator.Shape) iterator.Shape { return it }
