package gizmo

import (
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
		{[]string{"is"}, (*call).is},
		{[]string{"out"}, (*call).walk},
		{[]string{"in"}, (*call).walk},
		{[]string{"both"}, (*call).fork},
		{[]string{"has"}, (*call).has},
		{[]string{"hasR"}, (*call).has},
		{[]string{"filter"}, (*call).filterNodes},
		{[]string{"labelContext"}, (*call).walk},
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
	return b
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
	values := c.values()
	if len(values) == 0 {
		c.next++
		c.failArg(aNode, jsNothing{})
	}
	return c.built(c.apply(p, values...))
}

func (c *call) walk(p *box) goja.Value {
	args := append([]goja.Value{c.via(aVia)}, c.optionalTags()...)
	return c.built(c.apply(p, args...))
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
	args := []goja.Value{c.via(aVia)}
	switch c.peek().(type) {
	case int64, float64:
		args = append(args, c.whole(-1))
	case nil:
		c.take()
	}
	b := c.apply(p, append(args, c.optionalTags()...)...)
	if over != nil && over.wall != "" {
		b.block(over.wall)
	}
	return c.built(b)
}

func (c *call) follow(p *box) goja.Value {
	over := c.path()
	c.times = over.forks
	b := c.apply(p, over.native)
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
	return c.built(c.apply(p, over.native))
}

func (c *call) join(p *box) goja.Value {
	return c.built(c.apply(p, c.path().native))
}

func (c *call) tag(p *box) goja.Value {
	tags := c.tags()
	if len(tags) == 0 {
		c.next++
		c.failArg(aTag, jsNothing{})
	}
	b := c.apply(p, tags...)
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
	return c.built(b)
}

func (c *call) save(p *box) goja.Value {
	args := []goja.Value{c.vm.ToValue(c.value("an IRI or a string"))}
	if c.more() {
		args = append(args, c.vm.ToValue(c.text(aTag)))
	}
	return c.built(c.apply(p, args...))
}

func (c *call) savePredicates(p *box) goja.Value {
	return c.built(c.apply(p, c.vm.ToValue(c.text(aTag))))
}
