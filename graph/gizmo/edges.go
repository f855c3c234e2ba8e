package gizmo

import (
	"context"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	cpath "github.com/cayleygraph/cayley/query/path"
	"github.com/cayleygraph/cayley/query/shape"
	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
)

// edgeFacts is the function edges. It returns the path of the facts that label
// the edges between two ends along verbs. Each argument may be null; one of the
// ends may be a path.
func edgeFacts(c *call) goja.Value {
	from, fromNodes := readEnd(c)
	step := edgeLabels{near: quad.Subject, far: quad.Object}
	if c.args.more() {
		step.predicates = c.resolver.verbs()
	}
	to, toNodes := (*wrapper)(nil), []quad.Value(nil)
	if c.args.more() {
		to, toNodes = readEnd(c)
	}
	switch {
	case from == nil && to == nil:
		c.args.fail("name at least one end of the edges")
	case from == nil:
		from, step.near, step.far = to, quad.Object, quad.Subject
	case to == nil:
	case toNodes != nil:
		step.farNodes = toNodes
	case fromNodes != nil:
		from, step.near, step.far, step.farNodes = to, quad.Object, quad.Subject, fromNodes
	default:
		c.args.fail("one of the two ends must be a name or an IRI; both are paths")
	}
	if step.predicates == nil && from.startNodes == nil {
		step.predicates = c.resolver.allVerbs() // a path may end in facts, and facts label the quads of their standing too
	}
	once := recursiveStep{via: cpath.StartMorphism().Filters(step), depth: 1, dropColumns: true}
	facts := c.paths.addPathStep(&wrapper{native: from.native, steps: from.steps}, once.addTo)
	facts.markIrreversible(c.args.name)
	facts.kinds = kindID
	return c.wrap(facts)
}

// factEvidence is the function evidence. It returns the path of the evidence of
// facts, with columns for the fact, the quote, the source and the stance.
func factEvidence(c *call) goja.Value {
	b := readFacts(c)
	b = c.paths.addMethod(b, "tag", c.vm.ToValue("fact"))
	c.paths.addColumns(b, "fact")
	b = c.paths.addMethod(b, "out", c.vm.ToValue(schema.EvidenceTerm))
	b.kinds = kindID
	b = c.paths.addOptionalColumn(b, schema.QuoteTerm, "quote", false)
	b = c.paths.addOptionalColumn(b, schema.SourceTerm, "source", false)
	b = c.paths.addOptionalColumn(b, schema.StanceTerm, "stance", false)
	return c.wrap(b)
}

// readFacts reads a path of facts, or the ids of facts.
func readFacts(c *call) *wrapper {
	const want = "a path of facts, or the id of a fact"
	fact := func(v quad.Value) goja.Value {
		if iri, _ := v.(quad.IRI); schema.KindOf(schema.ID(iri)) != schema.KindFact {
			c.args.failArg(want, v)
		}
		return c.vm.ToValue(c.resolver.node(v))
	}
	switch x := c.args.read().(type) {
	case *wrapper:
		if x.filter != nil || x.verb != "" {
			c.args.failArg(want, x)
		}
		c.resolver.checkWalk(x, true, false)
		return x
	case jsList:
		var nodes []goja.Value
		for _, item := range c.args.items(x) {
			nodes = append(nodes, fact(c.args.asValue(classify(item), want)))
		}
		return c.paths.start(nodes...)
	default:
		return c.paths.start(fact(c.args.asValue(x, want)))
	}
}

// readEnd reads one end of edges: a name, an IRI, a list of these, a path or
// null. The nodes are nil if only running the path yields them.
func readEnd(c *call) (*wrapper, []quad.Value) {
	var nodes []quad.Value
	switch x := c.args.read().(type) {
	case nil, jsNothing:
		return nil, nil
	case *wrapper:
		if x.filter != nil || x.verb != "" {
			c.args.failArg("a name, an IRI, a path or null", x)
		}
		c.resolver.checkWalk(x, true, false)
		return x, x.startNodes
	case jsList:
		for _, item := range c.args.items(x) {
			nodes = append(nodes, c.resolver.linkedEntity(classify(item)))
		}
	default:
		nodes = append(nodes, c.resolver.linkedEntity(x))
	}
	values := make([]goja.Value, len(nodes))
	for i, v := range nodes {
		values[i] = c.vm.ToValue(v)
	}
	return c.paths.start(values...), nodes
}

// edgeLabels maps nodes to the facts that label their edges. In a path it is a
// filter, since Cayley lets filters replace one iterator by another.
type edgeLabels struct {
	near, far  quad.Direction // the directions of the nodes and of the other ends
	predicates []quad.Value   // nil for all
	farNodes   []quad.Value   // nil for all
}

var factPattern = pattern.New(`^fact:`)

func (f edgeLabels) BuildIterator(qs cgraph.QuadStore, it iterator.Shape) iterator.Shape {
	quads := shape.Quads{{Dir: f.near, Values: builtShape{it}}}
	if f.predicates != nil {
		quads = append(quads, shape.QuadFilter{Dir: quad.Predicate, Values: lookupShape(qs, f.predicates)})
	}
	if f.farNodes != nil {
		quads = append(quads, shape.QuadFilter{Dir: f.far, Values: lookupShape(qs, f.farNodes)})
	}
	labels := shape.NodesFrom{Dir: quad.Label, Quads: quads}.BuildIterator(qs)
	return shape.Regexp{Re: factPattern(), Refs: true}.BuildIterator(qs, labels)
}

// lookupShape resolves values to the ids of the store, so that a query of them
// needs no scan.
func lookupShape(qs cgraph.QuadStore, values []quad.Value) shape.Shape {
	s, _ := shape.Optimize(context.Background(), shape.Lookup(values), qs)
	return s
}

// builtShape is the shape of an iterator that exists already.
type builtShape struct{ it iterator.Shape }

func (b builtShape) BuildIterator(cgraph.QuadStore) iterator.Shape { return b.it }

func (b builtShape) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return b, false }
