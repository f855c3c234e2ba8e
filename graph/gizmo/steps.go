package gizmo

import (
	"cmp"
	"maps"
	"slices"

	"github.com/dop251/goja"
)

// pathMethod is a method of paths. Its call reads the arguments and calls a
// method of Cayley.
type pathMethod struct {
	names []string // Cayley's names of the method
	call  func(c *call, p *wrapper) goja.Value
}

// allMethods returns all methods of paths.
func allMethods() []pathMethod {
	return slices.Concat(stepMethods(), joinMethods(), saveMethods(), resultMethods())
}

func stepMethods() []pathMethod {
	return []pathMethod{
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

func joinMethods() []pathMethod {
	return []pathMethod{
		{[]string{"follow"}, followPath},
		{[]string{"followR"}, followReverse},
		{[]string{"intersect", "and"}, joinPaths},
		{[]string{"union", "or"}, joinPaths},
		{[]string{"except", "difference"}, joinPaths},
	}
}

func saveMethods() []pathMethod {
	return []pathMethod{
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
func keepNodes(c *call, p *wrapper) goja.Value {
	values := c.resolver.values(p.place())
	if len(values) == 0 {
		c.args.next++
		c.args.failArg(wantNode, jsNothing{})
	}
	return c.wrap(c.paths.addStep(p, values...))
}

// walk is the step out, in or both.
func walk(c *call, p *wrapper) goja.Value {
	via, predicates := c.paths.readVia(wantVia, c.resolver.predicate)
	out, in := c.args.name != "in", c.args.name != "out"
	c.resolver.checkWalk(p, out, in, predicates...)
	tags := c.args.optionalTags()
	b := c.paths.addStep(p, append([]goja.Value{via}, tags...)...)
	c.paths.addTagColumns(b, tags)
	switch objects := c.run.runner.objectKinds(predicates...); {
	case !out:
		b.kinds = kindID
	case !in:
		b.kinds = objects
	default:
		b.kinds = objects.union(kindID)
	}
	return c.wrap(b)
}

// setLabelContext is the step labelContext: it restricts the steps after it to
// edges with the given labels. Cayley cannot walk back from a label context
// except to a tag right before it.
func setLabelContext(c *call, p *wrapper) goja.Value {
	via, _ := c.paths.readVia(wantVia, c.resolver.label)
	tags := c.args.optionalTags()
	b := c.paths.addStep(p, append([]goja.Value{via}, tags...)...)
	c.paths.addTagColumns(b, tags)
	b.labelContext = !goja.IsNull(via)
	if p.steps > 0 {
		b.markIrreversible(c.args.name, p.lastTags...)
	}
	return c.wrap(b)
}

// walkBoth is the step both, for which Cayley walks the path before it twice.
func walkBoth(c *call, p *wrapper) goja.Value {
	c.paths.repeats = 2
	return walk(c, p)
}

// walkLabels is the step labels, for which Cayley walks the path before it twice.
func walkLabels(c *call, p *wrapper) goja.Value {
	c.paths.repeats = 2
	return walkPredicates(c, p)
}

func orderNodes(c *call, p *wrapper) goja.Value { return c.wrap(c.paths.addStep(p)) }

// keepUnique is the step unique. It cannot be walked backwards, since its result
// depends on its place in the path.
func keepUnique(c *call, p *wrapper) goja.Value {
	b := c.paths.addStep(p)
	b.markIrreversible(c.args.name)
	return c.wrap(b)
}

// keepPage is the step skip or limit. For Cayley, limit(0) is no limit.
func keepPage(c *call, p *wrapper) goja.Value {
	least := int64(0)
	if c.args.name == "limit" {
		least = c.args.refuseZero()
	}
	b := c.paths.addStep(p, c.args.wholeNumber(least))
	b.markIrreversible(c.args.name)
	b.pageStep = c.args.name
	return c.wrap(b)
}

// walkPredicates is the step inPredicates, outPredicates or labels, which Cayley
// cannot walk backwards.
func walkPredicates(c *call, p *wrapper) goja.Value {
	b := c.paths.addStep(p)
	b.markIrreversible(c.args.name)
	b.kinds = kindID
	return c.wrap(b)
}

func followPath(c *call, p *wrapper) goja.Value {
	c.paths.refuseLabelContext(p)
	over := c.paths.readPath()
	c.paths.repeats = over.factor
	b := c.paths.addStep(p, over.native)
	b.kinds = over.kinds
	b.pageStep = cmp.Or(over.pageStep, p.pageStep)
	c.paths.addColumns(b, over.columns...)
	if over.irreversible != "" {
		b.markIrreversible(over.irreversible)
	}
	return c.wrap(b)
}

func followReverse(c *call, p *wrapper) goja.Value {
	c.paths.refuseLabelContext(p)
	over := c.paths.readPath()
	if over.irreversible != "" {
		c.args.fail("cannot walk %s backwards", over.irreversible)
	}
	c.paths.repeats = over.factor
	b := c.paths.addStep(p, over.native)
	b.kinds = 0
	c.paths.addColumns(b, over.columns...)
	return c.wrap(b)
}

// joinPaths is the step and, or or except. A row of "or" has the columns of one of
// the paths, a row of "and" has the columns of both.
func joinPaths(c *call, p *wrapper) goja.Value {
	other := c.paths.readPath()
	b := c.paths.addStep(c.paths.withEmptyTag(p), other.native)
	switch c.args.name {
	case "and", "intersect":
		if !p.kinds.overlaps(other.kinds) {
			c.args.fail("the paths never meet: one is at %s, the other at %s", p.kinds, other.kinds)
		}
		c.paths.addColumns(b, other.columns...)
	case "or", "union":
		b.kinds = p.kinds.union(other.kinds)
		b.markIrreversible(c.args.name)
		b.columns = append(slices.Clone(p.columns), other.columns...)
	}
	return c.wrap(b)
}

func tagNodes(c *call, p *wrapper) goja.Value {
	tags := c.args.tags()
	if len(tags) == 0 {
		c.args.next++
		c.args.failArg(wantTag, jsNothing{})
	}
	b := c.paths.addStep(p, tags...)
	c.paths.addTagColumns(b, tags)
	b.tags, b.blockedTags = slices.Clone(b.tags), maps.Clone(b.blockedTags)
	for _, tag := range tags {
		b.tags, b.lastTags = append(b.tags, tag.String()), append(b.lastTags, tag.String())
		delete(b.blockedTags, tag.String())
	}
	if p.labelContext {
		b.blockedTags = blockTags(b.blockedTags, "labelContext", b.lastTags)
	}
	return c.wrap(b)
}

// goBack is the step back. A tag that the path does not have is an error: Cayley
// would go to the start of the path.
func goBack(c *call, p *wrapper) goja.Value {
	tag := c.args.text(wantTag)
	at := len(p.tags) - 1
	for at >= 0 && p.tags[at] != tag {
		at--
	}
	switch {
	case at < 0 && len(p.tags) == 0:
		c.args.fail("nothing on this path is tagged %q", tag)
	case at < 0:
		c.args.fail("nothing on this path is tagged %q, only %q", tag, p.tags)
	case p.blockedTags[tag] != "":
		c.args.fail("cannot walk %s backwards, to %q", p.blockedTags[tag], tag)
	}
	c.paths.argumentSteps = p.steps
	b := c.paths.addStep(c.paths.withEmptyTag(p), c.vm.ToValue(tag))
	b.tags = slices.Clone(p.tags[:at+1])
	b.kinds, b.labelContext = 0, false
	return c.wrap(b)
}

func saveValue(c *call, p *wrapper) goja.Value {
	predicate := c.resolver.predicate(c.args.value("an IRI or a string"))
	reverse := c.args.name == "saveR" || c.args.name == "saveOptR"
	c.resolver.checkWalk(p, !reverse, reverse, predicate)
	name := predicate.String()
	if c.args.more() {
		name = cmp.Or(c.args.text(wantTag), name)
	}
	if c.args.name == "saveOpt" || c.args.name == "saveOptR" {
		return c.wrap(c.paths.addOptionalColumn(p, predicate, name, reverse))
	}
	b := c.paths.addStep(p, c.vm.ToValue(predicate), c.vm.ToValue(name))
	c.paths.addColumns(b, name)
	return c.wrap(b)
}

func savePredicates(c *call, p *wrapper) goja.Value {
	name := c.args.text(wantTag)
	b := c.paths.addStep(p, c.vm.ToValue(name))
	c.paths.addColumns(b, name)
	return c.wrap(b)
}
