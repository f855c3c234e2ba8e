package gizmo

import (
	"slices"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"

	"github.com/entente-kg/entente/schema"
)

// comparison is a filter: lt, lte, gt, gte, regex or like and what it was given.
type comparison struct {
	operator string
	value    quad.Value // for lt, lte, gt and gte
}

// dated reports whether the filter compares with a date of the graph.
func (f *comparison) dated() bool { return f.value != nil && isDate(f.value) }

var dateType = schema.Day(0).Date().(quad.TypedString).Type

func isDate(v quad.Value) bool {
	t, ok := v.(quad.TypedString)
	return ok && t.Type == dateType
}

// isDatePredicate tells the predicates whose objects are all dates.
func isDatePredicate(v quad.Value) bool { return v == schema.FromTerm || v == schema.ToTerm }

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
	return c.built(&box{native: native, filter: &comparison{operator: c.name, value: v}})
}

func (c *call) match() goja.Value {
	x := c.take()
	pattern, isString := x.(string)
	iri, isIRI := x.(quad.IRI)
	node, isBNode := x.(quad.BNode)
	if !isString && (c.name == "like" || !isIRI && !isBNode) || pattern+string(iri)+string(node) == "" {
		c.failArg("a pattern: a string that is not empty", x)
	}
	args := []goja.Value{c.args[0]}
	if c.more() && c.name == "regex" {
		x := c.take()
		if _, ok := x.(bool); !ok {
			c.failArg("true, to match IRIs too, or false", x)
		}
		args = append(args, c.args[1])
	}
	c.end()
	native := c.native(c.env, c.name, args...).(*goja.Object)
	return c.built(&box{native: native, filter: &comparison{operator: c.name}})
}

// has filters by a predicate's values: nodes, or filters that they pass.
func (c *call) has(p *box) goja.Value {
	predicate := c.value("an IRI or a string")
	args := []goja.Value{c.vm.ToValue(predicate)}
	if b, ok := c.peek().(*box); ok && b.filter != nil {
		return c.built(c.apply(p, append(args, c.filters(predicate)...)...))
	}
	for c.more() {
		if b, ok := c.peek().(*box); ok && b.filter != nil {
			c.next++
			c.failArg("a node, as those before it; filters stand alone", b)
		}
		args = append(args, c.hasValues(predicate)...)
	}
	return c.built(c.apply(p, args...))
}

func (c *call) hasValues(predicate quad.Value) []goja.Value {
	one := *c
	one.args = c.args[:c.next+1]
	values := one.values()
	c.next = one.next
	for _, v := range values {
		if value, ok := v.Export().(quad.Value); ok && isDatePredicate(predicate) && !isDate(value) {
			c.fail(`argument %d is %s, and %s holds dates: write date("2023-07-01")`, c.next, value, predicate)
		}
	}
	return values
}

func (c *call) filterNodes(p *box) goja.Value {
	return c.built(c.apply(p, c.filters(nil)...))
}

// filters reads all arguments that are left as filters on a predicate's values,
// or on nodes where the predicate is nil.
func (c *call) filters(predicate quad.Value) []goja.Value {
	var all []goja.Value
	for first := true; first || c.more(); first = false {
		x := c.take()
		b, ok := x.(*box)
		if !ok || b.filter == nil {
			c.failArg("a filter: lt, lte, gt, gte, regex or like", x)
		}
		all = append(all, c.exact(b, predicate)...)
	}
	return all
}

// exact is a filter as Cayley must be given it to answer what was asked.
func (c *call) exact(b *box, predicate quad.Value) []goja.Value {
	f := b.filter
	switch {
	case isDatePredicate(predicate):
		if !f.dated() {
			c.fail(`argument %d: %s holds dates: compare with date("2023-07-01")`, c.next, predicate)
		}
	case f.dated():
		return append([]goja.Value{b.native}, c.onlyDates(f.operator)...)
	case predicate == schema.ConfidenceTerm:
		if n, ok := f.value.(quad.Int); ok { // confidences are stored as quad.Float
			return []goja.Value{c.native(c.env, f.operator, c.vm.ToValue(quad.Float(n)))}
		}
	}
	return []goja.Value{b.native}
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
