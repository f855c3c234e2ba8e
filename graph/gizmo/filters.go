package gizmo

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// filter is lt, lte, gt, gte, regex or like with its arguments.
type filter struct {
	operator string
	value    quad.Value // of lt, lte, gt and gte
	kinds    valueKinds // of the values that may pass
}

// comparesDate reports whether the filter compares with a date of the graph.
func (f *filter) comparesDate() bool { return f.value != nil && isDate(f.value) }

var dateType = schema.Day(0).Date().(quad.TypedString).Type

func isDate(v quad.Value) bool {
	t, ok := v.(quad.TypedString)
	return ok && t.Type == dateType
}

// makeComparison is the function lt, lte, gt or gte. Cayley compares a value only
// with values of its own type and silently drops all others, so a value whose
// type the graph does not have is an error.
func makeComparison(c *call) goja.Value {
	switch x := c.args.peek().(type) {
	case time.Time:
		c.args.fail(`a JavaScript Date compares with no date of the graph; write date("%s")`, x.Format(time.DateOnly))
	case string:
		if dateLike().MatchString(x) {
			c.args.fail(`the string %q compares with no date of the graph; write date("2023-07-01")`, x)
		}
	}
	v := c.args.value("a date, a number, a string or an IRI")
	switch v := v.(type) {
	case quad.Bool, quad.LangString:
		c.args.fail("cannot compare with %s", v)
	case quad.TypedString:
		if !isDate(v) {
			c.args.fail("cannot compare with %s, only with dates, numbers, strings and IRIs", v)
		}
		if _, err := schema.ParseDay(string(v.Value)); err != nil {
			c.args.fail("%w", err)
		}
	}
	c.args.refuseRest()
	native := c.engine.callFunction(c.args.name, c.vm.ToValue(v)).(*goja.Object)
	return c.wrap(&wrapper{native: native, filter: &filter{operator: c.args.name, value: v, kinds: kindOf(v)}})
}

func makePattern(c *call) goja.Value {
	x := c.args.read()
	pattern, isString := x.(string)
	iri, isIRI := x.(quad.IRI)
	node, isBNode := x.(quad.BNode)
	if !isString && (c.args.name == "like" || !isIRI && !isBNode) || pattern+string(iri)+string(node) == "" {
		c.args.failArg("a pattern: a string that is not empty", x)
	}
	name, args := "regex", []goja.Value{c.args.list[0]}
	passes := kindText | kindLangText | kindDate | kindOther
	if c.args.name == "like" {
		passes |= kindID
		args = []goja.Value{c.vm.ToValue(likeRegexp(pattern)), c.vm.ToValue(true)}
	}
	if c.args.more() && c.args.name == "regex" {
		x := c.args.read()
		refs, ok := x.(bool)
		if !ok {
			c.args.failArg("true, to match IRIs too, or false", x)
		}
		if refs {
			passes |= kindID
		}
		args = append(args, c.args.list[1])
	}
	c.args.refuseRest()
	native := c.engine.callFunction(name, args...).(*goja.Object)
	return c.wrap(&wrapper{native: native, filter: &filter{operator: c.args.name, kinds: passes}})
}

// likeRegexp returns a pattern of like as a regular expression. In Cayley's own
// version, % ends at the end of a line.
func likeRegexp(pattern string) string {
	return "(?s)^" + strings.NewReplacer("%", ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern)) + "$"
}

// keepHaving is the step has or hasR: it keeps nodes by the values of a
// predicate, which are nodes or filters. hasR follows the predicate backwards.
func keepHaving(c *call, p *wrapper) goja.Value {
	predicate := c.resolver.predicate(c.args.value("an IRI or a string"))
	at := c.resolver.objectPlace(predicate)
	if c.resolver.checkWalk(p, c.args.name == "has", c.args.name == "hasR", predicate); c.args.name == "hasR" {
		at = valuePlace{kindID, predicate.String() + " leaves"}
	}
	args := []goja.Value{c.vm.ToValue(predicate)}
	if b, ok := c.args.peek().(*wrapper); ok && b.filter != nil {
		return c.wrap(c.paths.addStep(p, append(args, readFilters(c, at)...)...))
	}
	for c.args.more() {
		if b, ok := c.args.peek().(*wrapper); ok && b.filter != nil {
			c.args.next++
			c.args.failArg("a node, since the arguments before it are nodes; write filters in a call of their own", b)
		}
		args = append(args, c.resolver.nextValues(at)...)
	}
	return c.wrap(c.paths.addStep(p, args...))
}

func keepFiltered(c *call, p *wrapper) goja.Value {
	return c.wrap(c.paths.addStep(p, readFilters(c, p.place())...))
}

// readFilters reads all further arguments as filters of the values at a place.
func readFilters(c *call, at valuePlace) []goja.Value {
	var all []goja.Value
	for first := true; first || c.args.more(); first = false {
		x := c.args.read()
		b, ok := x.(*wrapper)
		if !ok || b.filter == nil {
			c.args.failArg("a filter: lt, lte, gt, gte, regex or like", x)
		}
		all = append(all, exactFilter(c, b, at)...)
	}
	return all
}

// exactFilter returns the filters that make Cayley answer a filter of the script
// exactly.
func exactFilter(c *call, b *wrapper, at valuePlace) []goja.Value {
	f := b.filter
	if n, ok := f.value.(quad.Int); ok && at.kinds == kindDecimal {
		return []goja.Value{c.engine.callFunction(f.operator, c.vm.ToValue(quad.Float(n)))}
	}
	switch {
	case f.kinds.overlaps(at.kinds):
	case f.value == nil:
		c.args.fail("argument %d: %s %s, which %s does not match%s", c.args.next, at.phrase, at.kinds, f.operator, f.regexHint(at.kinds))
	default:
		c.args.fail("argument %d: %s %s%s", c.args.next, at.phrase, at.kinds, c.resolver.correction(f.value, at.kinds, "compare with"))
	}
	if f.comparesDate() && at.kinds != kindDate {
		return append([]goja.Value{b.native}, dateBounds(c, f.operator)...)
	}
	return []goja.Value{b.native}
}

// regexHint explains how a regular expression matches ids.
func (f *filter) regexHint(at valueKinds) string {
	if f.operator == "regex" && at.overlaps(kindID) {
		return "; for ids write regex(pattern, true)"
	}
	return ""
}

// dateBounds returns filters that only dates pass. Cayley compares dates as text,
// so ids and other strings would pass a comparison with a date.
func dateBounds(c *call, operator string) []goja.Value {
	bound, other := schema.MaxDay, "lte"
	if slices.Contains([]string{"lt", "lte"}, operator) {
		bound, other = schema.MinDay, "gte"
	}
	return []goja.Value{
		c.engine.callFunction(other, c.vm.ToValue(bound.Date())),
		c.engine.callFunction("regex", c.vm.ToValue(`^\d{4}-\d{2}-\d{2}$`)),
	}
}

// makeDate is the function date. It makes a date of the graph from a full date.
func makeDate(c *call) goja.Value {
	s := c.args.text("a date such as \"2023-07-01\"")
	day, err := schema.ParseDay(s)
	if err != nil {
		if _, _, windowErr := schema.Window(s); windowErr == nil && s != "" {
			c.args.fail("%q is not a single day; write between(%q) for the whole period", s, s)
		}
		c.args.fail("%w", err)
	}
	c.args.refuseRest()
	return c.vm.ToValue(day.Date())
}

// makeWindow is the function between. It makes a path to follow that keeps the
// facts whose interval overlaps the window, including facts with an open or
// unknown end.
func makeWindow(c *call) goja.Value {
	since, until := readWindow(c)
	if c.args.more() {
		_, until = readWindow(c)
	}
	c.args.refuseRest()
	if since > until {
		c.args.fail("%s comes after %s", since, until)
	}
	m := c.engine.callG("M")
	for _, bound := range (&graph.Period{Since: since, Until: until}).Bounds() {
		operator := "gte"
		if bound.AtMost {
			operator = "lte"
		}
		filter := c.engine.callFunction(operator, c.vm.ToValue(bound.Day.Date()))
		m = c.engine.call(m.(*goja.Object), "has", c.vm.ToValue(bound.Predicate), filter)
	}
	return c.wrap(&wrapper{native: m.(*goja.Object), steps: 2})
}

// readWindow reads one end of a window: a written date, or null or ".." for an
// open end.
func readWindow(c *call) (since, until schema.Day) {
	x := c.args.read()
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
	if written == ".." && len(c.args.list) == 2 {
		return schema.MinDay, schema.MaxDay
	}
	if written == "" {
		c.args.failArg(`a date such as "2023-07-01", "2023-07" or "2023", or null for an open end`, x)
	}
	since, until, err := schema.Window(written)
	if err != nil {
		c.args.fail("%w", err)
	}
	return since, until
}
