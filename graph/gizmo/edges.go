package gizmo

import (
	"context"
	"regexp"
	"slices"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/query/path"
	"github.com/cayleygraph/cayley/query/shape"
	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"

	"github.com/entente-kg/entente/schema"
)

// edges is a path of facts: those that label the edges from one node to
// another along a verb. Any of the three may be null; one end may be a path.
func (c *call) edges() goja.Value {
	from, fromNodes := c.side()
	step := labelsOf{near: quad.Subject, far: quad.Object}
	if c.more() {
		step.predicates = c.predicates()
	}
	to, toNodes := (*box)(nil), []quad.Value(nil)
	if c.more() {
		to, toNodes = c.side()
	}
	switch {
	case from == nil && to == nil:
		c.fail("name at least one end of the edges")
	case from == nil:
		from, step.near, step.far = to, quad.Object, quad.Subject
	case to == nil:
	case toNodes != nil:
		step.others = toNodes
	case fromNodes != nil:
		from, step.near, step.far, step.others = to, quad.Object, quad.Subject, fromNodes
	default:
		c.fail("one of the two ends must be a name or an IRI; both are paths")
	}
	if step.predicates == nil && from.ends == nil {
		step.predicates = c.anyVerb() // a path may end in facts, whose standing they label too
	}
	once := recursive{via: path.StartMorphism().Filters(step), depth: 1, bare: true}
	facts := c.extended(&box{native: from.native, steps: from.steps}, once.onto)
	facts.block(c.name)
	facts.at = ids
	return c.built(facts)
}

// evidence is a path of the evidence of facts, with what one asks of it.
func (c *call) evidence() goja.Value {
	b := c.facts()
	b = c.applied(b, "tag", c.vm.ToValue("fact"))
	c.named(b, "fact")
	b = c.applied(b, "out", c.vm.ToValue(schema.EvidenceTerm))
	b.at = ids
	b = c.saveOptional(b, schema.QuoteTerm, "quote", false)
	b = c.saveOptional(b, schema.SourceTerm, "source", false)
	b = c.saveOptional(b, schema.StanceTerm, "stance", false)
	return c.built(b)
}

// facts reads a path of facts, or their ids.
func (c *call) facts() *box {
	const want = "a path of facts, or the id of a fact"
	fact := func(v quad.Value) goja.Value {
		if iri, _ := v.(quad.IRI); schema.KindOf(schema.ID(iri)) != schema.KindFact {
			c.failArg(want, v)
		}
		return c.vm.ToValue(c.node(v))
	}
	switch x := c.take().(type) {
	case *box:
		if x.filter != nil || x.verb != "" {
			c.failArg(want, x)
		}
		c.walks(x, true, false)
		return x
	case jsList:
		var nodes []goja.Value
		for _, item := range c.items(x) {
			nodes = append(nodes, fact(c.checked(classify(item), want)))
		}
		return c.nodes(nodes...)
	default:
		return c.nodes(fact(c.checked(x, want)))
	}
}

// side reads one end of the edges: a name, an IRI, a list of these, a path or
// null. The nodes are nil where only running the path tells them.
func (c *call) side() (*box, []quad.Value) {
	var nodes []quad.Value
	switch x := c.take().(type) {
	case nil, jsNothing:
		return nil, nil
	case *box:
		if x.filter != nil || x.verb != "" {
			c.failArg("a name, an IRI, a path or null", x)
		}
		c.walks(x, true, false)
		return x, x.ends
	case jsList:
		for _, item := range c.items(x) {
			nodes = append(nodes, c.entityOf(classify(item)))
		}
	default:
		nodes = append(nodes, c.entityOf(x))
	}
	values := make([]goja.Value, len(nodes))
	for i, v := range nodes {
		values[i] = c.vm.ToValue(v)
	}
	return c.nodes(values...), nodes
}

// entityOf is a node that may have edges.
func (c *call) entityOf(x any) quad.Value {
	v := c.nodeOf(x)
	if iri, _ := v.(quad.IRI); isThing(iri) && !slices.Contains(schema.Kinds(), schema.KindOf(schema.ID(iri))) || prefixOf(iri) == "dip" {
		c.fail("argument %d is %s, and verbs link entities alone", c.next, v)
	}
	return v
}

// predicates reads the verbs of the edges; none for every verb.
func (c *call) predicates() []quad.Value {
	var all []quad.Value
	switch x := c.take().(type) {
	case nil, jsNothing:
	case jsList:
		for _, item := range c.items(x) {
			all = append(all, c.verb(c.checked(classify(item), "a list of verbs"))...)
		}
	default:
		all = append(all, c.verb(c.checked(x, "a verb"))...)
	}
	return all
}

// anyVerb is the predicates of all verbs, and of the edges of roles.
func (c *call) anyVerb() []quad.Value {
	var all []quad.Value
	for _, verb := range c.runner.opts.Vocabulary.Predicates() {
		all = append(all, schema.Term(verb))
	}
	return all
}

// verb reads a verb's id, or one of the words for it, as its predicate; it knows
// those of roles' edges too. A phrase may stand for one of either.
func (c *call) verb(v quad.Value) (all []quad.Value) {
	vocabulary := c.runner.opts.Vocabulary
	switch v := v.(type) {
	case quad.String:
		found, inverse := vocabulary.ResolvePredicates(string(v))
		switch {
		case len(found) == 0:
			c.fail("argument %d: %w %q%s", c.next, schema.ErrUnknownVerb, string(v), verbs{c.run}.hint(string(v)))
		case inverse:
			c.fail("argument %d: %s is %q from the other side; write that, and the ends the other way round", c.next, v, found[0])
		}
		for _, predicate := range found {
			all = append(all, schema.Term(predicate))
		}
		return all
	case quad.IRI:
		isVerb := vocabulary.IsPredicate(schema.Verb(localOf(v)))
		if _, known := c.runner.predicates[v]; known && !(isVerb && prefixOf(v) == "dip") {
			c.fail("argument %d: %s is no verb, and facts label the edges of verbs alone", c.next, v)
		}
		return []quad.Value{c.predicate(v)}
	}
	c.failArg("a verb", v)
	return nil
}

// labelsOf maps nodes to the facts that label their edges. It stands in a path
// as a filter, whose place in Cayley is to replace one iterator by another.
type labelsOf struct {
	near, far  quad.Direction // where the nodes stand in the edge, and the others
	predicates []quad.Value   // nil for any
	others     []quad.Value   // nil for any
}

var facts = regexp.MustCompile(`^fact:`)

func (f labelsOf) BuildIterator(qs graph.QuadStore, it iterator.Shape) iterator.Shape {
	quads := shape.Quads{{Dir: f.near, Values: built{it}}}
	if f.predicates != nil {
		quads = append(quads, shape.QuadFilter{Dir: quad.Predicate, Values: resolved(qs, f.predicates)})
	}
	if f.others != nil {
		quads = append(quads, shape.QuadFilter{Dir: f.far, Values: resolved(qs, f.others)})
	}
	labels := shape.NodesFrom{Dir: quad.Label, Quads: quads}.BuildIterator(qs)
	return shape.Regexp{Re: facts, Refs: true}.BuildIterator(qs, labels)
}

// resolved looks values up, so that one that is found costs no scan.
func resolved(qs graph.QuadStore, values []quad.Value) shape.Shape {
	s, _ := shape.Optimize(context.Background(), shape.Lookup(values), qs)
	return s
}

// built is a shape that has been built already.
type built struct{ it iterator.Shape }

func (b built) BuildIterator(graph.QuadStore) iterator.Shape { return b.it }

func (b built) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return b, false }
