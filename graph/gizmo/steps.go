package gizmo

import (
	"cmp"
	"maps"
	"slices"

	"github.com/dop251/goja"
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
		{[]string{"is"}, keepNodes},
		{[]string{"out"}, walk},
		{[]string{"in"}, walk},
		{[]string{"both"}, walkBoth},
		{[]string{"has"}, keepHaving},
		{[]string{"hasR"}, keepHaving},
		{[]string{"filter"}, keepFiltered},
		{[]string{"labelContext"}, setLabelContext},
		{[]string{"followRecursive"}, followRecursive},
		{[]string{"limit"}, keepPage},
		{[]string{"skip"}, keepPage},
		{[]string{"unique"}, keepUnique},
		{[]string{"order"}, orderNodes},
		{[]string{"labels"}, walkLabels},
		{[]string{"inPredicates"}, walkPredicates},
		{[]string{"outPredicates"}, walkPredicates},
	}
}

func joins() []method {
	return []method{
		{[]string{"follow"}, followPath},
		{[]string{"followR"}, followReverse},
		{[]string{"intersect", "and"}, joinPaths},
		{[]string{"union", "or"}, joinPaths},
		{[]string{"except", "difference"}, joinPaths},
	}
}

func saves() []method {
	return []method{
		{[]string{"tag", "as"}, tagNodes},
		{[]string{"back"}, goBack},
		{[]string{"save"}, saveValue},
		{[]string{"saveR"}, saveValue},
		{[]string{"saveOpt"}, saveValue},
		{[]string{"saveOptR"}, saveValue},
		{[]string{"saveInPredicates"}, savePredicates},
		{[]string{"saveOutPredicates"}, savePredicates},
	}
}

// keepNodes is the step is(nodes).
func keepNodes(c *call, p *box) goja.Value {
	values := c.resolver.values(p.slot())
	if len(values) == 0 {
		c.args.next++
		c.args.failArg(aNode, jsNothing{})
	}
	return c.wrap(c.paths.apply(p, values...))
}

// walk is the step out, in or both.
func walk(c *call, p *box) goja.Value {
	via, predicates := c.paths.via(aVia, c.resolver.predicate)
	out, in := c.args.name != "in", c.args.name != "out"
	c.resolver.walks(p, out, in, predicates...)
	tags := c.args.optionalTags()
	b := c.paths.apply(p, append([]goja.Value{via}, tags...)...)
	c.paths.addTagColumns(b, tags)
	switch objects := c.run.runner.objects(predicates...); {
	case !out:
		b.at = ids
	case !in:
		b.at = objects
	default:
		b.at = objects.or(ids)
	}
	return c.wrap(b)
}

// setLabelContext keeps the steps after it to edges with one of the labels. Cayley
// cannot walk back from under a label context but to a tag right before it.
func setLabelContext(c *call, p *box) goja.Value {
	via, _ := c.paths.via(aVia, c.resolver.label)
	tags := c.args.optionalTags()
	b := c.paths.apply(p, append([]goja.Value{via}, tags...)...)
	c.paths.addTagColumns(b, tags)
	b.context = !goja.IsNull(via)
	if p.steps > 0 {
		b.block(c.args.name, p.tagged...)
	}
	return c.wrap(b)
}

// walkBoth is the step both, for which Cayley walks the path before it twice.
func walkBoth(c *call, p *box) goja.Value {
	c.paths.times = 2
	return walk(c, p)
}

// walkLabels is the step labels, for which Cayley walks the path before it twice.
func walkLabels(c *call, p *box) goja.Value {
	c.paths.times = 2
	return walkPredicates(c, p)
}

func orderNodes(c *call, p *box) goja.Value { return c.wrap(c.paths.apply(p)) }

// keepUnique is the step unique. It cannot be walked backwards, since what it keeps
// depends on its place in the path.
func keepUnique(c *call, p *box) goja.Value {
	b := c.paths.apply(p)
	b.block(c.args.name)
	return c.wrap(b)
}

// keepPage is the step skip or limit. To Cayley, limit(0) is no limit.
func keepPage(c *call, p *box) goja.Value {
	least := int64(0)
	if c.args.name == "limit" {
		least = c.args.refuseZero()
	}
	b := c.paths.apply(p, c.args.whole(least))
	b.block(c.args.name)
	b.cut = c.args.name
	return c.wrap(b)
}

// walkPredicates is the step inPredicates, outPredicates or labels, which Cayley
// cannot walk backwards.
func walkPredicates(c *call, p *box) goja.Value {
	b := c.paths.apply(p)
	b.block(c.args.name)
	b.at = ids
	return c.wrap(b)
}

func followPath(c *call, p *box) goja.Value {
	c.paths.refuseLabelContext(p)
	over := c.paths.path()
	c.paths.times = over.forks
	b := c.paths.apply(p, over.native)
	b.at = over.at
	b.cut = cmp.Or(over.cut, p.cut)
	c.paths.addColumns(b, over.columns...)
	if over.wall != "" {
		b.block(over.wall)
	}
	return c.wrap(b)
}

func followReverse(c *call, p *box) goja.Value {
	c.paths.refuseLabelContext(p)
	over := c.paths.path()
	if over.wall != "" {
		c.args.fail("cannot walk %s backwards", over.wall)
	}
	c.paths.times = over.forks
	b := c.paths.apply(p, over.native)
	b.at = 0
	c.paths.addColumns(b, over.columns...)
	return c.wrap(b)
}

// joinPaths is the step and, or or except. A row of "or" has the columns of one of
// the paths, a row of "and" has the columns of both.
func joinPaths(c *call, p *box) goja.Value {
	other := c.paths.path()
	b := c.paths.apply(c.paths.withEmptyTag(p), other.native)
	switch c.args.name {
	case "and", "intersect":
		if !p.at.meets(other.at) {
			c.args.fail("the paths never meet: one is at %s, the other at %s", p.at, other.at)
		}
		c.paths.addColumns(b, other.columns...)
	case "or", "union":
		b.at = p.at.or(other.at)
		b.block(c.args.name)
		b.columns = append(slices.Clone(p.columns), other.columns...)
	}
	return c.wrap(b)
}

func tagNodes(c *call, p *box) goja.Value {
	tags := c.args.tags()
	if len(tags) == 0 {
		c.args.next++
		c.args.failArg(aTag, jsNothing{})
	}
	b := c.paths.apply(p, tags...)
	c.paths.addTagColumns(b, tags)
	b.tags, b.walls = slices.Clone(b.tags), maps.Clone(b.walls)
	for _, tag := range tags {
		b.tags, b.tagged = append(b.tags, tag.String()), append(b.tagged, tag.String())
		delete(b.walls, tag.String())
	}
	if p.context {
		b.walls = withWalls(b.walls, "labelContext", b.tagged)
	}
	return c.wrap(b)
}

// goBack is the step back. A tag that the path does not have is an error: Cayley
// would go to the start of the path.
func goBack(c *call, p *box) goja.Value {
	tag := c.args.text(aTag)
	at := len(p.tags) - 1
	for at >= 0 && p.tags[at] != tag {
		at--
	}
	switch {
	case at < 0 && len(p.tags) == 0:
		c.args.fail("nothing on this path is tagged %q", tag)
	case at < 0:
		c.args.fail("nothing on this path is tagged %q, only %q", tag, p.tags)
	case p.walls[tag] != "":
		c.args.fail("cannot walk %s backwards, to %q", p.walls[tag], tag)
	}
	c.paths.along = p.steps
	b := c.paths.apply(c.paths.withEmptyTag(p), c.vm.ToValue(tag))
	b.tags = slices.Clone(p.tags[:at+1])
	b.at, b.context = 0, false
	return c.wrap(b)
}

func saveValue(c *call, p *box) goja.Value {
	predicate := c.resolver.predicate(c.args.value("an IRI or a string"))
	reverse := c.args.name == "saveR" || c.args.name == "saveOptR"
	c.resolver.walks(p, !reverse, reverse, predicate)
	name := predicate.String()
	if c.args.more() {
		name = cmp.Or(c.args.text(aTag), name)
	}
	if c.args.name == "saveOpt" || c.args.name == "saveOptR" {
		return c.wrap(c.paths.saveOptional(p, predicate, name, reverse))
	}
	b := c.paths.apply(p, c.vm.ToValue(predicate), c.vm.ToValue(name))
	c.paths.addColumns(b, name)
	return c.wrap(b)
}

func savePredicates(c *call, p *box) goja.Value {
	name := c.args.text(aTag)
	b := c.paths.apply(p, c.vm.ToValue(name))
	c.paths.addColumns(b, name)
	return c.wrap(b)
}
