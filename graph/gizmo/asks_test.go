package gizmo_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// predicates are some of those of the edges at hand, most of the time.
func (a *asker) predicate(p *asked, in bool) quad.Value {
	if len(p.now.rows) > 0 && a.IntN(6) > 0 {
		v := pick(a, p.now.rows).node
		var at []quad.Value
		for q := range a.graph.along(v, in) {
			at = append(at, q.Predicate)
		}
		if len(at) > 0 {
			return pick(a, at)
		}
	}
	return pick(a, askPredicates)
}

// via writes what to walk along.
func (a *asker) via(p *asked, in bool) (text string, along func(naive) []found) {
	one, two := a.predicate(p, in), pick(a, askPredicates)
	list := once([]quad.Value{one, two})
	fixed := func(naive) []found { return starts(list) }
	switch a.IntN(8) {
	case 0:
		return "null", nil
	case 1:
		return "[" + writtenAll([]quad.Value{one, two, one}) + "]", fixed
	case 2:
		return "g.V(" + writtenAll(list) + ")", fixed
	case 3:
		name := a.name(p)
		return fmt.Sprintf("g.V(%s).tag(%q)", writtenAll(list), name), func(n naive) []found {
			return tag(name)(n, answer{rows: starts(list)}).rows
		}
	}
	list = list[:1]
	return written(one), fixed
}

func (a *asker) walk(p *asked) *asked {
	q := *p
	name := pick(a, []string{"out", "out", "in", "in", "both"})
	directions := map[string][]bool{"out": {false}, "in": {true}, "both": {true, false}}[name]
	text, along := a.via(&q, name == "in")
	var tags []string
	if a.IntN(4) == 0 {
		tags = append(tags, a.name(&q))
		text += fmt.Sprintf(", %q", tags[0])
		if a.IntN(4) == 0 {
			tags = append(tags, a.name(&q))
			text = text[:strings.LastIndex(text, ",")] + fmt.Sprintf(", [%q, %q]", tags[0], tags[1])
		}
	}
	return a.add(q, name+"("+text+")", walk(directions, along, tags))
}

// far are values that edges from the path lead to, and others.
func (a *asker) far(p *asked, in bool, predicate quad.Value) []quad.Value {
	values := []quad.Value{a.id()}
	if !in {
		values = a.nodes(2)
	}
	for _, f := range p.now.rows {
		for q, far := range a.graph.along(f.node, in) {
			if q.Predicate == predicate && a.IntN(2) == 0 {
				return append(values, far)
			}
		}
	}
	return values
}

func (a *asker) has(p *asked) *asked {
	name := pick(a, []string{"has", "has", "hasR"})
	in := name == "hasR"
	predicate := a.predicate(p, in)
	values := a.far(p, in, predicate)
	switch a.IntN(3) {
	case 0:
		return a.add(*p, fmt.Sprintf("%s(%s)", name, written(predicate)), has(predicate, in, func(quad.Value) bool { return true }))
	case 1:
		text, passes := a.filters(values[len(values)-1])
		return a.add(*p, fmt.Sprintf("%s(%s, %s)", name, written(predicate), text), has(predicate, in, passes))
	}
	return a.add(*p, fmt.Sprintf("%s(%s, %s)", name, written(predicate), writtenAll(values)), has(predicate, in, oneOf(values)))
}

func oneOf(values []quad.Value) test {
	return func(v quad.Value) bool { return slices.Contains(values, v) }
}

func (a *asker) is(p *asked) *asked {
	here := a.here(p)
	values := append(a.alike(here), here)
	return a.add(*p, "is("+writtenAll(values)+")", keep(oneOf(values)))
}

// alike are some values of the same kind: others would be refused where the path
// is sure to have none of them.
func (a *asker) alike(v quad.Value) []quad.Value {
	return slices.DeleteFunc(a.nodes(4), func(w quad.Value) bool { return rank(v) != rank(w) })
}

func (a *asker) here(p *asked) quad.Value {
	if len(p.now.rows) > 0 {
		return pick(a, p.now.rows).node
	}
	return pick(a, a.all)
}

func (a *asker) filter(p *asked) *asked {
	text, passes := a.filters(a.here(p))
	return a.add(*p, "filter("+text+")", keep(passes))
}

// filters are one or two that a value like the one given may pass.
func (a *asker) filters(v quad.Value) (string, test) {
	text, passes := a.oneFilter(v)
	if a.IntN(3) == 0 {
		more, too := a.oneFilter(v)
		return text + ", " + more, func(v quad.Value) bool { return passes(v) && too(v) }
	}
	return text, passes
}

func (a *asker) oneFilter(v quad.Value) (string, test) {
	switch a.IntN(4) {
	case 0:
		pattern := pick(a, []string{"a", "^a", "b$", "^n:1", "[0-9]", "2021", ".", "a.c"})
		re := regexp.MustCompile(pattern)
		refs := rank(v) == 1 || a.IntN(2) == 0
		text := fmt.Sprintf("regex(%q)", pattern)
		if refs {
			text = fmt.Sprintf("regex(%q, true)", pattern)
		}
		return text, func(v quad.Value) bool {
			_, isID := v.(quad.IRI)
			return hasText(v) && (refs || !isID) && re.MatchString(plainText(v))
		}
	case 1:
		pattern := pick(a, []string{"a%", "%b", "%a%", "n:?", "?", "a?c", "2021%", "n:1%", "%:%", "c%b"})
		return fmt.Sprintf("like(%q)", pattern), func(v quad.Value) bool { return hasText(v) && wild(pattern, plainText(v)) }
	}
	if a.IntN(5) == 0 {
		v = pick(a, a.all)
	}
	operator := pick(a, []string{"lt", "lte", "gt", "gte"})
	return fmt.Sprintf("%s(%s)", operator, written(v)), func(w quad.Value) bool {
		c := inOrder(w, v)
		return rank(v) == rank(w) && map[string]bool{"lt": c < 0, "lte": c <= 0, "gt": c > 0, "gte": c >= 0}[operator]
	}
}

func hasText(v quad.Value) bool { return rank(v) <= rank(quad.TypedString{}) }

// wild matches % for any text and ? for any character.
func wild(pattern, text string) bool {
	if pattern == "" {
		return text == ""
	}
	if pattern[0] == '%' {
		return wild(pattern[1:], text) || text != "" && wild(pattern, text[1:])
	}
	return text != "" && (pattern[0] == '?' || pattern[0] == text[0]) && wild(pattern[1:], text[1:])
}

func (a *asker) tag(p *asked) *asked {
	q := *p
	names := []string{a.name(&q)}
	text := fmt.Sprintf("%q", names[0])
	if a.IntN(4) == 0 {
		names = append(names, a.name(&q))
		text += fmt.Sprintf(", %q", names[1])
	}
	if !q.labelled {
		q.tags = append(slices.Clone(q.tags), names...)
	}
	r := a.add(q, pick(a, []string{"tag", "as"})+"("+text+")", tag(names...))
	if !r.labelled {
		r.tagged = names
	}
	return r
}

// back goes to a tag, and forgets those after it.
func (a *asker) back(p *asked) *asked {
	q := *p
	at := a.IntN(len(q.tags))
	name := q.tags[at]
	q.tags, q.labelled = q.tags[:at+1], false
	return a.add(q, fmt.Sprintf("back(%q)", name), back(name))
}

func (a *asker) save(p *asked) *asked {
	q := *p
	call := pick(a, []string{"save", "save", "saveR", "saveOpt", "saveOpt", "saveOptR"})
	in, optional := strings.HasSuffix(call, "R"), strings.Contains(call, "Opt")
	if optional && !slices.ContainsFunc(p.now.rows, func(f found) bool { return rank(f.node) == 1 }) {
		return nil // refused, as no edge leaves them
	}
	predicate := a.predicate(p, in)
	name := predicate.String()
	if a.IntN(5) > 0 || slices.Contains(q.names, name) || q.deep > 0 {
		name = a.name(&q)
		return a.add(q, fmt.Sprintf("%s(%s, %q)", call, written(predicate), name), save(predicate, name, in, optional))
	}
	q.names = append(slices.Clone(q.names), name)
	return a.add(q, fmt.Sprintf("%s(%s)", call, written(predicate)), save(predicate, name, in, optional))
}

func (a *asker) savePredicates(p *asked) *asked {
	q := *p
	name := a.name(&q)
	call := pick(a, []string{"saveInPredicates", "saveOutPredicates"})
	return a.add(q, fmt.Sprintf("%s(%q)", call, name), savePredicates(name, call == "saveInPredicates"))
}
