package gizmo

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"

	"github.com/entente-kg/entente/schema"
)

// comparison is a filter: lt, lte, gt, gte, regex or like and what it was given.
type comparison struct {
	operator string
	value    quad.Value // for lt, lte, gt and gte
	sorts    sorts      // of the values that may pass
}

// dated reports whether the filter compares with a date of the graph.
func (f *comparison) dated() bool { return f.value != nil && isDate(f.value) }

var dateType = schema.Day(0).Date().(quad.TypedString).Type

func isDate(v quad.Value) bool {
	t, ok := v.(quad.TypedString)
	return ok && t.Type == dateType
}

// compare makes lt, lte, gt or gte. Cayley compares a value with those of its
// own type alone and says nothing about the rest, so what can equal no value of
// the graph is refused.
func (c *call) compare() goja.Value {
	switch x := c.peek().(type) {
	case time.Time:
		c.fail(`a JavaScript Date compares with no date of the graph; write date("%s")`, x.Format(time.DateOnly))
	case string:
		if dateLike.MatchString(x) {
			c.fail(`the string %q compares with no date of the graph; write date("2023-07-01")`, x)
		}
	}
	v := c.value("a date, a number, a string or an IRI")
	switch v := v.(type) {
	case quad.Bool, quad.LangString:
		c.fail("cannot compare with %s", v)
	case quad.TypedString:
		if !isDate(v) {
			c.fail("cannot compare with %s, only with dates, numbers, strings and IRIs", v)
		}
		if _, err := schema.ParseDay(string(v.Value)); err != nil {
			c.fail("%w", err)
		}
	}
	c.end()
	native := c.native(c.env, c.name, c.vm.ToValue(v)).(*goja.Object)
	return c.built(&box{native: native, filter: &comparison{operator: c.name, value: v, sorts: sortOf(v)}})
}

func (c *call) match() goja.Value {
	x := c.take()
	pattern, isString := x.(string)
	iri, isIRI := x.(quad.IRI)
	node, isBNode := x.(quad.BNode)
	if !isString && (c.name == "like" || !isIRI && !isBNode) || pattern+string(iri)+string(node) == "" {
		c.failArg("a pattern: a string that is not empty", x)
	}
	name, args := "regex", []goja.Value{c.args[0]}
	passes := texts | tongues | dates | others
	if c.name == "like" {
		passes |= ids
		args = []goja.Value{c.vm.ToValue(likeRegexp(pattern)), c.vm.ToValue(true)}
	}
	if c.more() && c.name == "regex" {
		x := c.take()
		refs, ok := x.(bool)
		if !ok {
			c.failArg("true, to match IRIs too, or false", x)
		}
		if refs {
			passes |= ids
		}
		args = append(args, c.args[1])
	}
	c.end()
	native := c.native(c.env, name, args...).(*goja.Object)
	return c.built(&box{native: native, filter: &comparison{operator: c.name, sorts: passes}})
}

// likeRegexp is a pattern of like as a regular expression. In Cayley's, % ends at
// the end of a line.
func likeRegexp(pattern string) string {
	return "(?s)^" + strings.NewReplacer("%", ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern)) + "$"
}

// has filters by a predicate's values: nodes, or filters that they pass. hasR
// takes the predicate backwards.
func (c *call) has(p *box) goja.Value {
	predicate := c.predicate(c.value("an IRI or a string"))
	at := c.objectsOf(predicate)
	if c.walks(p, c.name == "has", c.name == "hasR", predicate); c.name == "hasR" {
		at = slot{ids, predicate.String() + " leaves"}
	}
	args := []goja.Value{c.vm.ToValue(predicate)}
	if b, ok := c.peek().(*box); ok && b.filter != nil {
		return c.built(c.apply(p, append(args, c.filters(at)...)...))
	}
	for c.more() {
		if b, ok := c.peek().(*box); ok && b.filter != nil {
			c.next++
			c.failArg("a node, as those before it; filters stand alone", b)
		}
		args = append(args, c.hasValues(at)...)
	}
	return c.built(c.apply(p, args...))
}

// hasValues reads one argument.
func (c *call) hasValues(at slot) []goja.Value {
	one := *c
	one.args = c.args[:c.next+1]
	values := one.values(at)
	c.next = one.next
	return values
}

func (c *call) filterNodes(p *box) goja.Value {
	return c.built(c.apply(p, c.filters(p.slot())...))
}

// filters reads all arguments that are left as filters on the values at a place.
func (c *call) filters(at slot) []goja.Value {
	var all []goja.Value
	for first := true; first || c.more(); first = false {
		x := c.take()
		b, ok := x.(*box)
		if !ok || b.filter == nil {
			c.failArg("a filter: lt, lte, gt, gte, regex or like", x)
		}
		all = append(all, c.exact(b, at)...)
	}
	return all
}

// exact is a filter as Cayley must be given it to answer what was asked.
func (c *call) exact(b *box, at slot) []goja.Value {
	f := b.filter
	if n, ok := f.value.(quad.Int); ok && at.sorts == decimals {
		return []goja.Value{c.native(c.env, f.operator, c.vm.ToValue(quad.Float(n)))}
	}
	switch {
	case f.sorts.meets(at.sorts):
	case f.value == nil:
		c.fail("argument %d: %s %s, which %s does not match%s", c.next, at.name, at.sorts, f.operator, f.refs(at.sorts))
	default:
		c.fail("argument %d: %s %s%s", c.next, at.name, at.sorts, c.advice(f.value, at.sorts, "compare with"))
	}
	if f.dated() && at.sorts != dates {
		return append([]goja.Value{b.native}, c.onlyDates(f.operator)...)
	}
	return []goja.Value{b.native}
}

// refs says how a pattern matches ids.
func (f *comparison) refs(at sorts) string {
	if f.operator == "regex" && at.meets(ids) {
		return "; for ids write regex(pattern, true)"
	}
	return ""
}

// onlyDates keeps Cayley, which compares dates by how they are spelled, from
// taking ids and other strings for dates.
func (c *call) onlyDates(operator string) []goja.Value {
	bound, other := schema.MaxDay, "lte"
	if slices.Contains([]string{"lt", "lte"}, operator) {
		bound, other = schema.MinDay, "gte"
	}
	return []goja.Value{
		c.native(c.env, other, c.vm.ToValue(bound.Date())),
		c.native(c.env, "regex", c.vm.ToValue(`^\d{4}-\d{2}-\d{2}$`)),
	}
}

// date makes a date of the graph from a full date.
func (c *call) date() goja.Value {
	s := c.text("a date such as \"2023-07-01\"")
	day, err := schema.ParseDay(s)
	if err != nil {
		if _, _, windowErr := schema.Window(s); windowErr == nil && s != "" {
			c.fail("%q is no single day; write between(%q) for all of it", s, s)
		}
		c.fail("%w", err)
	}
	c.end()
	return c.vm.ToValue(day.Date())
}

// between makes a path to follow: it keeps the facts that may have been going
// on within the window, those with an open or unknown end among them.
func (c *call) between() goja.Value {
	since, until := c.window()
	if c.more() {
		_, until = c.window()
	}
	c.end()
	if since > until {
		c.fail("%s comes after %s", since, until)
	}
	m := c.native(c.cayley, "M")
	for _, bound := range []struct {
		term     quad.IRI
		operator string
		day      schema.Day
	}{{schema.FromTerm, "lte", until}, {schema.ToTerm, "gte", since}} {
		filter := c.native(c.env, bound.operator, c.vm.ToValue(bound.day.Date()))
		m = c.native(m.(*goja.Object), "has", c.vm.ToValue(bound.term), filter)
	}
	return c.built(&box{native: m.(*goja.Object), steps: 2})
}

// window reads one end of a window: a written date, or null or ".." for an
// open end.
func (c *call) window() (since, until schema.Day) {
	x := c.take()
	var written string
	switch x := x.(type) {
	case nil:
		written = ".."
	case string:
		written = x
	case quad.TypedString:
		if isDate(x) {
			written = string(x.Value)
		}
	}
	if written == ".." && len(c.args) == 2 {
		return schema.MinDay, schema.MaxDay
	}
	if written == "" {
		c.failArg(`a date such as "2023-07-01", "2023-07" or "2023", or null for an open end`, x)
	}
	since, until, err := schema.Window(written)
	if err != nil {
		c.fail("%w", err)
	}
	return since, until
}
