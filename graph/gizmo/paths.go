package gizmo

import (
	"cmp"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"

	"github.com/entente-kg/entente/schema"
)

// A method reads its arguments and calls Cayley's method of that name.
type method struct {
	names []string // as Cayley has them; they all mean the same
	call  func(c *call, p *box) goja.Value
}

// methods lists all that a path can do in Cayley.
func methods() []method {
	return slices.Concat(steps(), joins(), saves(), results())
}

func steps() []method {
	return []method{
		{[]string{"is"}, (*call).is},
		{[]string{"out"}, (*call).walk},
		{[]string{"in"}, (*call).walk},
		{[]string{"both"}, (*call).fork},
		{[]string{"has"}, (*call).has},
		{[]string{"hasR"}, (*call).has},
		{[]string{"filter"}, (*call).filterNodes},
		{[]string{"labelContext"}, (*call).labelContext},
		{[]string{"followRecursive"}, (*call).followRecursive},
		{[]string{"limit"}, (*call).page},
		{[]string{"skip"}, (*call).page},
		{[]string{"unique"}, (*call).plain},
		{[]string{"order"}, (*call).plain},
		{[]string{"labels"}, (*call).labels},
		{[]string{"inPredicates"}, (*call).oneWay},
		{[]string{"outPredicates"}, (*call).oneWay},
	}
}

func joins() []method {
	return []method{
		{[]string{"follow"}, (*call).follow},
		{[]string{"followR"}, (*call).followR},
		{[]string{"intersect", "and"}, (*call).join},
		{[]string{"union", "or"}, (*call).join},
		{[]string{"except", "difference"}, (*call).join},
	}
}

func saves() []method {
	return []method{
		{[]string{"tag", "as"}, (*call).tag},
		{[]string{"back"}, (*call).back},
		{[]string{"save"}, (*call).save},
		{[]string{"saveR"}, (*call).save},
		{[]string{"saveOpt"}, (*call).save},
		{[]string{"saveOptR"}, (*call).save},
		{[]string{"saveInPredicates"}, (*call).savePredicates},
		{[]string{"saveOutPredicates"}, (*call).savePredicates},
	}
}

// apply calls Cayley's method and puts what it returns, a longer path, in a box.
func (c *call) apply(p *box, args ...goja.Value) *box {
	return c.applied(p, c.name, args...)
}

func (c *call) applied(p *box, method string, args ...goja.Value) *box {
	c.end()
	times := max(c.times, 1)
	b := &box{steps: p.steps*times + c.along + 1, forks: max(p.forks, 1) * times}
	if b.steps > maxSteps || b.forks > maxSteps {
		c.fail("the path has more than %d steps, counting twice what both and labels walk twice", maxSteps)
	}
	b.native = c.native(p.native, method, args...).(*goja.Object)
	b.tags, b.walls, b.wall = p.tags, p.walls, p.wall
	b.at, b.columns = p.at, p.columns
	return b
}

// named adds columns to the rows of a path. A name stands for one of them.
func (c *call) named(b *box, names ...string) {
	b.columns = slices.Clone(b.columns)
	for _, name := range names {
		switch {
		case name == "id":
			c.fail("the column id is taken: it is the node at the end of the path; choose another name")
		case slices.Contains(b.columns, name):
			c.fail("the column %q is taken by a step before; choose another name", name)
		}
		b.columns = append(b.columns, name)
	}
}

func (c *call) namedBy(b *box, tags []goja.Value) {
	for _, tag := range tags {
		c.named(b, tag.String())
	}
}

// built shows a box to the script.
func (q *run) built(b *box) goja.Value {
	o := q.vm.ToValue(b).(*goja.Object)
	if err := o.SetPrototype(q.paths); err != nil {
		panic(err)
	}
	return o
}

func (c *call) is(p *box) goja.Value {
	values := c.values(p.slot())
	if len(values) == 0 {
		c.next++
		c.failArg(aNode, jsNothing{})
	}
	return c.built(c.apply(p, values...))
}

// walk is out, in or both.
func (c *call) walk(p *box) goja.Value {
	via, predicates := c.via(aVia, c.predicate)
	out, in := c.name != "in", c.name != "out"
	c.walks(p, out, in, predicates...)
	tags := c.optionalTags()
	b := c.apply(p, append([]goja.Value{via}, tags...)...)
	c.namedBy(b, tags)
	switch objects := c.runner.objects(predicates...); {
	case !out:
		b.at = ids
	case !in:
		b.at = objects
	default:
		b.at = objects.or(ids)
	}
	return c.built(b)
}

// labelContext keeps the steps after it to edges with one of the labels.
func (c *call) labelContext(p *box) goja.Value {
	via, _ := c.via(aVia, c.label)
	tags := c.optionalTags()
	b := c.apply(p, append([]goja.Value{via}, tags...)...)
	c.namedBy(b, tags)
	return c.built(b)
}

// label refuses what labels no edge.
func (c *call) label(v quad.Value) quad.Value {
	iri, ok := v.(quad.IRI)
	kind := schema.KindOf(schema.ID(iri))
	if !ok || kind != "" && kind != schema.KindFact || schema.IsEvidence(schema.ID(iri)) {
		c.fail("argument %d is %s, and labels are facts and datasets, such as \"<data:name>\"", c.next, v)
	}
	return c.node(v)
}

// fork is a step for which Cayley walks the path before it twice.
func (c *call) fork(p *box) goja.Value {
	c.times = 2
	return c.walk(p)
}

func (c *call) labels(p *box) goja.Value {
	c.times = 2
	return c.oneWay(p)
}

func (c *call) plain(p *box) goja.Value { return c.built(c.apply(p)) }

func (c *call) page(p *box) goja.Value {
	least := int64(0)
	if c.name == "limit" {
		least = -1
	}
	return c.built(c.apply(p, c.whole(least)))
}

// oneWay is a step that Cayley cannot walk backwards.
func (c *call) oneWay(p *box) goja.Value {
	b := c.apply(p)
	b.block(c.name)
	b.at = ids
	return c.built(b)
}

// block marks a step that back and followR cannot cross.
func (b *box) block(step string) {
	walls := maps.Clone(b.walls)
	if walls == nil {
		walls = make(map[string]string)
	}
	for _, tag := range b.tags {
		if walls[tag] == "" {
			walls[tag] = step
		}
	}
	b.walls, b.wall = walls, step
}

func (c *call) followRecursive(p *box) goja.Value {
	via := c.peek()
	if via == nil || via == any(jsNothing{}) {
		c.next++
		c.failArg(aVia, via)
	}
	over, _ := via.(*box)
	if over != nil && over.forks > 1 {
		c.fail("cannot follow both or labels, which Cayley would answer wrongly; follow one direction at a time")
	}
	native, predicates := c.via(aVia, c.predicate)
	if predicates != nil {
		c.walks(p, true, false, predicates...)
	}
	args := []goja.Value{native}
	switch c.peek().(type) {
	case int64, float64:
		args = append(args, c.whole(-1))
	case nil:
		c.take()
	}
	tags := c.optionalTags()
	b := c.apply(p, append(args, tags...)...)
	b.at = c.runner.objects(predicates...)
	if over != nil {
		c.named(b, over.columns...)
	}
	c.namedBy(b, tags)
	if over != nil && over.wall != "" {
		b.block(over.wall)
	}
	return c.built(b)
}

func (c *call) follow(p *box) goja.Value {
	over := c.path()
	c.times = over.forks
	b := c.apply(p, over.native)
	b.at = over.at
	c.named(b, over.columns...)
	if over.wall != "" {
		b.block(over.wall)
	}
	return c.built(b)
}

func (c *call) followR(p *box) goja.Value {
	over := c.path()
	if over.wall != "" {
		c.fail("cannot walk %s backwards", over.wall)
	}
	c.times = over.forks
	b := c.apply(p, over.native)
	b.at = 0
	c.named(b, over.columns...)
	return c.built(b)
}

// join is and, or and except. The rows of or have the columns of one path or of
// the other, those of and of both.
func (c *call) join(p *box) goja.Value {
	other := c.path()
	b := c.apply(p, other.native)
	switch c.name {
	case "and", "intersect":
		if !p.at.meets(other.at) {
			c.fail("the paths never meet: one is at %s, the other at %s", p.at, other.at)
		}
		c.named(b, other.columns...)
	case "or", "union":
		b.at = p.at.or(other.at)
		b.columns = append(slices.Clone(p.columns), other.columns...)
	}
	return c.built(b)
}

func (c *call) tag(p *box) goja.Value {
	tags := c.tags()
	if len(tags) == 0 {
		c.next++
		c.failArg(aTag, jsNothing{})
	}
	b := c.apply(p, tags...)
	c.namedBy(b, tags)
	b.tags, b.walls = slices.Clone(b.tags), maps.Clone(b.walls)
	for _, tag := range tags {
		b.tags = append(b.tags, tag.String())
		delete(b.walls, tag.String())
	}
	return c.built(b)
}

// back refuses what Cayley would take for the start of the path.
func (c *call) back(p *box) goja.Value {
	tag := c.text(aTag)
	at := len(p.tags) - 1
	for at >= 0 && p.tags[at] != tag {
		at--
	}
	switch {
	case at < 0 && len(p.tags) == 0:
		c.fail("nothing on this path is tagged %q", tag)
	case at < 0:
		c.fail("nothing on this path is tagged %q, only %q", tag, p.tags)
	case p.walls[tag] != "":
		c.fail("cannot walk %s backwards, to %q", p.walls[tag], tag)
	}
	c.along = p.steps
	b := c.apply(p, c.vm.ToValue(tag))
	b.tags = slices.Clone(p.tags[:at+1])
	b.at = 0
	return c.built(b)
}

func (c *call) save(p *box) goja.Value {
	predicate := c.predicate(c.value("an IRI or a string"))
	reverse := c.name == "saveR" || c.name == "saveOptR"
	c.walks(p, !reverse, reverse, predicate)
	name := predicate.String()
	args := []goja.Value{c.vm.ToValue(predicate)}
	if c.more() {
		name = cmp.Or(c.text(aTag), name)
		args = append(args, c.vm.ToValue(name))
	}
	b := c.apply(p, args...)
	c.named(b, name)
	return c.built(b)
}

func (c *call) savePredicates(p *box) goja.Value {
	name := c.text(aTag)
	b := c.apply(p, c.vm.ToValue(name))
	c.named(b, name)
	return c.built(b)
}
