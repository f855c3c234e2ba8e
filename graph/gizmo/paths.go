package gizmo

import (
	"cmp"
	"maps"
	"slices"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/query/path"
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
		{[]string{"unique"}, (*call).unique},
		{[]string{"order"}, (*call).order},
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
	b := c.longer(p)
	b.native = c.native(p.native, method, args...).(*goja.Object)
	return b
}

// longer is a path with one more step, which is yet to be made.
func (c *call) longer(p *box) *box {
	c.end()
	times := max(c.times, 1)
	b := &box{steps: p.steps*times + c.along + 1, forks: max(p.forks, 1) * times}
	if b.steps > maxSteps || b.forks > maxSteps {
		c.fail("the path has more than %d steps, counting twice what both and labels walk twice", maxSteps)
	}
	b.tags, b.walls, b.wall = p.tags, p.walls, p.wall
	b.at, b.columns, b.context, b.cut = p.at, p.columns, p.context, p.cut
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

// labelContext keeps the steps after it to edges with one of the labels. Cayley
// cannot walk back from under a label context but to a tag right before it.
func (c *call) labelContext(p *box) goja.Value {
	via, _ := c.via(aVia, c.label)
	tags := c.optionalTags()
	b := c.apply(p, append([]goja.Value{via}, tags...)...)
	c.namedBy(b, tags)
	b.context = !goja.IsNull(via)
	if p.steps > 0 {
		b.block(c.name, p.tagged...)
	}
	return c.built(b)
}

// unlabelled refuses to follow a path under a label context, which Cayley would
// not heed there.
func (c *call) unlabelled(p *box) {
	if p.context {
		c.fail("a label context does not reach into what is followed; write its steps out, or end the context with labelContext(null)")
	}
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

func (c *call) order(p *box) goja.Value { return c.built(c.apply(p)) }

// unique cannot be walked backwards: what it keeps depends on where it stands.
func (c *call) unique(p *box) goja.Value {
	b := c.apply(p)
	b.block(c.name)
	return c.built(b)
}

// page is skip or limit. Cayley takes limit(0) for no limit.
func (c *call) page(p *box) goja.Value {
	least := int64(0)
	if c.name == "limit" {
		least = c.noZero()
	}
	b := c.apply(p, c.whole(least))
	b.block(c.name)
	b.cut = c.name
	return c.built(b)
}

// noZero refuses the limit 0, and gives the least one.
func (c *call) noZero() (least int64) {
	if x := c.peek(); x == any(int64(0)) || x == any(float64(0)) {
		c.fail("0 rows are no answer; write -1 for all of them")
	}
	return -1
}

// oneWay is a step that Cayley cannot walk backwards.
func (c *call) oneWay(p *box) goja.Value {
	b := c.apply(p)
	b.block(c.name)
	b.at = ids
	return c.built(b)
}

// block marks a step that followR cannot cross, and back to no tags but some.
func (b *box) block(step string, but ...string) {
	b.wall = step
	b.walls = withWalls(b.walls, step, slices.DeleteFunc(slices.Clone(b.tags), func(tag string) bool { return slices.Contains(but, tag) }))
}

// withWalls adds a step before tags that have none before them.
func withWalls(walls map[string]string, step string, tags []string) map[string]string {
	walls = maps.Clone(walls)
	if walls == nil {
		walls = make(map[string]string)
	}
	for _, tag := range tags {
		if walls[tag] == "" {
			walls[tag] = step
		}
	}
	return walls
}

func (c *call) follow(p *box) goja.Value {
	c.unlabelled(p)
	over := c.path()
	c.times = over.forks
	b := c.apply(p, over.native)
	b.at = over.at
	b.cut = cmp.Or(over.cut, p.cut)
	c.named(b, over.columns...)
	if over.wall != "" {
		b.block(over.wall)
	}
	return c.built(b)
}

func (c *call) followR(p *box) goja.Value {
	c.unlabelled(p)
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
	b := c.apply(c.some(p), other.native)
	switch c.name {
	case "and", "intersect":
		if !p.at.meets(other.at) {
			c.fail("the paths never meet: one is at %s, the other at %s", p.at, other.at)
		}
		c.named(b, other.columns...)
	case "or", "union":
		b.at = p.at.or(other.at)
		b.block(c.name)
		b.columns = append(slices.Clone(p.columns), other.columns...)
	}
	return c.built(b)
}

// some is a path that Cayley does not take for all nodes: all nodes that are also
// all nodes are none to it. A tag without a name does that.
func (c *call) some(p *box) *box {
	q := *p
	q.native = c.with(p.native, func(p *path.Path) *path.Path { return p.Tag() })
	return &q
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
		b.tags, b.tagged = append(b.tags, tag.String()), append(b.tagged, tag.String())
		delete(b.walls, tag.String())
	}
	if p.context {
		b.walls = withWalls(b.walls, "labelContext", b.tagged)
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
	b := c.apply(c.some(p), c.vm.ToValue(tag))
	b.tags = slices.Clone(p.tags[:at+1])
	b.at, b.context = 0, false
	return c.built(b)
}

func (c *call) save(p *box) goja.Value {
	predicate := c.predicate(c.value("an IRI or a string"))
	reverse := c.name == "saveR" || c.name == "saveOptR"
	c.walks(p, !reverse, reverse, predicate)
	name := predicate.String()
	if c.more() {
		name = cmp.Or(c.text(aTag), name)
	}
	if c.name == "saveOpt" || c.name == "saveOptR" {
		return c.built(c.saveOptional(p, predicate, name, reverse))
	}
	b := c.apply(p, c.vm.ToValue(predicate), c.vm.ToValue(name))
	c.named(b, name)
	return c.built(b)
}

// saveOptional adds a column to the rows that have one. Cayley would merge it
// with the steps on both sides, and lose one of two such columns.
func (c *call) saveOptional(p *box, predicate quad.Value, name string, reverse bool) *box {
	b := c.extended(p, func(p *path.Path) *path.Path {
		p = p.Filters(seal{})
		if reverse {
			return p.SaveOptionalReverse(predicate, name).Filters(seal{})
		}
		return p.SaveOptional(predicate, name).Filters(seal{})
	})
	c.named(b, name)
	return b
}

// seal is a filter that all pass, and that Cayley merges no steps across.
type seal struct{}

// BuildIterator is the iterator itself.
func (seal) BuildIterator(_ graph.QuadStore, it iterator.Shape) iterator.Shape { return it }

func (c *call) savePredicates(p *box) goja.Value {
	name := c.text(aTag)
	b := c.apply(p, c.vm.ToValue(name))
	c.named(b, name)
	return c.built(b)
}
