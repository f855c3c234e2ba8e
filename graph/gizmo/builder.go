package gizmo

import (
	"slices"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/query/path"
	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
)

// pathBuilder adds steps to paths by Cayley's methods, and keeps count of what
// Cayley will do for them. Paths that Cayley would answer wrongly are errors.
type pathBuilder struct {
	args     *arguments
	resolver *resolver
	engine   *engine

	along int // steps of the paths among the arguments
	times int // how often Cayley walks the path before this step; zero for once
}

// maxSteps bounds a path: Cayley plans paths by recursion, and some steps take
// a copy of all before them.
const maxSteps = 4096

// start returns a path that starts at nodes, or at all nodes where there are none.
func (pb *pathBuilder) start(values ...goja.Value) *box {
	b := &box{native: pb.engine.callG("V", values...).(*goja.Object), steps: 1}
	for i, v := range values {
		end := v.Export().(quad.Value)
		b.ends = append(b.ends, end)
		if s := sortOf(end); i == 0 {
			b.at = s
		} else {
			b.at = b.at.or(s)
		}
	}
	return b
}

const aVia = "an IRI, a string or a path"

// via reads what to walk along: predicates, a path whose nodes they are, or
// null for all of them. The predicates are nil where only running tells them.
func (pb *pathBuilder) via(want string, check func(quad.Value) quad.Value) (native goja.Value, predicates []quad.Value) {
	x := pb.args.take()
	switch x := x.(type) {
	case nil, jsNothing:
		return goja.Null(), nil
	case *box:
		if x.filter == nil && x.verb == "" {
			for _, v := range x.ends {
				check(v)
			}
			pb.along += x.steps
			return x.native, x.ends
		}
	case jsList:
		items := pb.args.items(x)
		list := make([]any, len(items))
		for i, item := range items {
			v := check(pb.args.checked(classify(item), "a list of IRIs"))
			list[i], predicates = v, append(predicates, v)
		}
		return pb.args.vm.ToValue(list), predicates
	}
	v := check(pb.args.checked(x, want))
	return pb.args.vm.ToValue(v), []quad.Value{v}
}

// path reads a path to follow, join or leave out.
func (pb *pathBuilder) path() *box {
	x := pb.args.take()
	b, ok := x.(*box)
	if !ok || b.filter != nil {
		pb.args.failArg("a path", x)
	}
	pb.along += b.steps
	return b
}

// apply calls the method of Cayley that the script called, and returns the longer
// path.
func (pb *pathBuilder) apply(p *box, args ...goja.Value) *box {
	return pb.applied(p, pb.args.name, args...)
}

// applied calls a method of Cayley and returns the longer path.
func (pb *pathBuilder) applied(p *box, method string, args ...goja.Value) *box {
	b := pb.longer(p)
	b.native = pb.engine.call(p.native, method, args...).(*goja.Object)
	return b
}

// extended returns a path with a step for which Cayley's Gizmo has no method.
func (pb *pathBuilder) extended(p *box, step func(*path.Path) *path.Path) *box {
	b := pb.longer(p)
	b.native = pb.engine.withPath(p.native, step)
	return b
}

// longer returns a path with one more step, which the caller adds to its native
// object.
func (pb *pathBuilder) longer(p *box) *box {
	pb.args.end()
	times := max(pb.times, 1)
	b := &box{steps: p.steps*times + pb.along + 1, forks: max(p.forks, 1) * times}
	if b.steps > maxSteps || b.forks > maxSteps {
		pb.args.fail("the path has more than %d steps, counting twice what both and labels walk twice", maxSteps)
	}
	b.tags, b.walls, b.wall = p.tags, p.walls, p.wall
	b.at, b.columns, b.context, b.cut = p.at, p.columns, p.context, p.cut
	return b
}

// addColumns adds columns to the rows of a path. A name that is in use is an
// error.
func (pb *pathBuilder) addColumns(b *box, names ...string) {
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

func (pb *pathBuilder) addTagColumns(b *box, tags []goja.Value) {
	for _, tag := range tags {
		pb.addColumns(b, tag.String())
	}
}

// withEmptyTag returns a path with a tag without a name, which Cayley's planner
// cannot take for the path of all nodes: it would plan the intersection of two such
// paths as an empty one.
func (pb *pathBuilder) withEmptyTag(p *box) *box {
	tagged := *p
	tagged.native = pb.engine.withPath(p.native, func(p *path.Path) *path.Path { return p.Tag() })
	return &tagged
}

// refuseLabelContext refuses to follow a path under a label context, which Cayley would
// not heed there.
func (pb *pathBuilder) refuseLabelContext(p *box) {
	if p.context {
		pb.args.fail("a label context does not reach into what is followed; write its steps out, or end the context with labelContext(null)")
	}
}

// saveOptional adds a column to the rows that have one. Cayley would merge it
// with the steps on both sides, and lose one of two such columns.
func (pb *pathBuilder) saveOptional(p *box, predicate quad.Value, name string, reverse bool) *box {
	b := pb.extended(p, func(p *path.Path) *path.Path {
		p = p.Filters(seal{})
		if reverse {
			return p.SaveOptionalReverse(predicate, name).Filters(seal{})
		}
		return p.SaveOptional(predicate, name).Filters(seal{})
	})
	pb.addColumns(b, name)
	return b
}

// seal is a filter that all pass, and that Cayley merges no steps across.
type seal struct{}

// BuildIterator is the iterator itself.
func (seal) BuildIterator(_ graph.QuadStore, it iterator.Shape) iterator.Shape { return it }
