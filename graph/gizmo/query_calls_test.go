package gizmo_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// predicates returns, most of the time, predicates of edges at the end of the
// path.
func (a *queryMaker) predicate(p *randomPath, in bool) quad.Value {
	if len(p.answer.rows) > 0 && a.IntN(6) > 0 {
		v := pick(a, p.answer.rows).node
		var at []quad.Value
		for q := range a.graph.edges(v, in) {
			at = append(at, q.Predicate)
		}
		if len(at) > 0 {
			return pick(a, at)
		}
	}
	return pick(a, askPredicates)
}

// via writes what a step follows.
func (a *queryMaker) via(p *randomPath, in bool) (text string, along func(naive) []naiveRow) {
	one, two := a.predicate(p, in), pick(a, askPredicates)
	list := withoutDuplicates([]quad.Value{one, two})
	fixed := func(naive) []naiveRow { return starts(list) }
	switch a.IntN(8) {
	case 0:
		return "null", nil
	case 1:
		return "[" + scriptTexts([]quad.Value{one, two, one}) + "]", fixed
	case 2:
		return "g.V(" + scriptTexts(list) + ")", fixed
	case 3:
		name := a.name(p)
		return fmt.Sprintf("g.V(%s).tag(%q)", scriptTexts(list), name), func(n naive) []naiveRow {
			return tag(name)(n, answer{rows: starts(list)}).rows
		}
	}
	list = list[:1]
	return scriptText(one), fixed
}

func (a *queryMaker) walk(p *randomPath) *randomPath {
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

// neighbours returns values at the other end of the path's edges, and other
// values.
func (a *queryMaker) neighbours(p *randomPath, in bool, predicate quad.Value) []quad.Value {
	values := []quad.Value{a.id()}
	if !in {
		values = a.nodes(2)
	}
	for _, f := range p.answer.rows {
		for q, far := range a.graph.edges(f.node, in) {
			if q.Predicate == predicate && a.IntN(2) == 0 {
				return append(values, far)
			}
		}
	}
	return values
}

func (a *queryMaker) has(p *randomPath) *randomPath {
	name := pick(a, []string{"has", "has", "hasR"})
	in := name == "hasR"
	predicate := a.predicate(p, in)
	values := a.neighbours(p, in, predicate)
	switch a.IntN(3) {
	case 0:
		return a.add(*p, fmt.Sprintf("%s(%s)", name, scriptText(predicate)), has(predicate, in, func(quad.Value) bool { return true }))
	case 1:
		text, passes := a.filters(values[len(values)-1])
		return a.add(*p, fmt.Sprintf("%s(%s, %s)", name, scriptText(predicate), text), has(predicate, in, passes))
	}
	return a.add(*p, fmt.Sprintf("%s(%s, %s)", name, scriptText(predicate), scriptTexts(values)), has(predicate, in, oneOf(values)))
}

func oneOf(values []quad.Value) test {
	return func(v quad.Value) bool { return slices.Contains(values, v) }
}

func (a *queryMaker) is(p *randomPath) *randomPath {
	here := a.here(p)
	values := append(a.sameKind(here), here)
	return a.add(*p, "is("+scriptTexts(values)+")", keep(oneOf(values)))
}

// sameKind returns values of one kind. A value of another kind would be refused
// if the path cannot have it.
func (a *queryMaker) sameKind(v quad.Value) []quad.Value {
	return slices.DeleteFunc(a.nodes(4), func(w quad.Value) bool { return rank(v) != rank(w) })
}

func (a *queryMaker) here(p *randomPath) quad.Value {
	if len(p.answer.rows) > 0 {
		return pick(a, p.answer.rows).node
	}
	return pick(a, a.all)
}

func (a *queryMaker) filter(p *randomPath) *randomPath {
	text, passes := a.filters(a.here(p))
	return a.add(*p, "filter("+text+")", keep(passes))
}

// filters returns one or two filters that the given value may pass.
func (a *queryMaker) filters(v quad.Value) (string, test) {
	text, passes := a.oneFilter(v)
	if a.IntN(3) == 0 {
		more, too := a.oneFilter(v)
		return text + ", " + more, func(v quad.Value) bool { return passes(v) && too(v) }
	}
	return text, passes
}

func (a *queryMaker) oneFilter(v quad.Value) (string, test) {
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
		return fmt.Sprintf("like(%q)", pattern), func(v quad.Value) bool { return hasText(v) && matchWildcards(pattern, plainText(v)) }
	}
	if a.IntN(5) == 0 {
		v = pick(a, a.all)
	}
	operator := pick(a, []string{"lt", "lte", "gt", "gte"})
	return fmt.Sprintf("%s(%s)", operator, scriptText(v)), func(w quad.Value) bool {
		c := inOrder(w, v)
		return rank(v) == rank(w) && map[string]bool{"lt": c < 0, "lte": c <= 0, "gt": c > 0, "gte": c >= 0}[operator]
	}
}

func hasText(v quad.Value) bool { return rank(v) <= rank(quad.TypedString{}) }

// matchWildcards matches % with any text and ? with any character.
func matchWildcards(pattern, text string) bool {
	if pattern == "" {
		return text == ""
	}
	if pattern[0] == '%' {
		return matchWildcards(pattern[1:], text) || text != "" && matchWildcards(pattern, text[1:])
	}
	return text != "" && (pattern[0] == '?' || pattern[0] == text[0]) && matchWildcards(pattern[1:], text[1:])
}

func (a *queryMaker) tag(p *randomPath) *randomPath {
	q := *p
	names := []string{a.name(&q)}
	text := fmt.Sprintf("%q", names[0])
	if a.IntN(4) == 0 {
		names = append(names, a.name(&q))
		text += fmt.Sprintf(", %q", names[1])
	}
	if !q.inLabelContext {
		q.tags = append(slices.Clone(q.tags), names...)
	}
	r := a.add(q, pick(a, []string{"tag", "as"})+"("+text+")", tag(names...))
	if !r.inLabelContext {
		r.tagged = names
	}
	return r
}

// back returns to a tag and removes the tags after it.
func (a *queryMaker) back(p *randomPath) *randomPath {
	q := *p
	at := a.IntN(len(q.tags))
	name := q.tags[at]
	q.tags, q.inLabelContext = q.tags[:at+1], false
	return a.add(q, fmt.Sprintf("back(%q)", name), back(name))
}

func (a *queryMaker) save(p *randomPath) *randomPath {
	q := *p
	call := pick(a, []string{"save", "save", "saveR", "saveOpt", "saveOpt", "saveOptR"})
	in, optional := strings.HasSuffix(call, "R"), strings.Contains(call, "Opt")
	if optional && !slices.ContainsFunc(p.answer.rows, func(f naiveRow) bool { return rank(f.node) == 1 }) {
		return nil // refused: no edge leaves them
	}
	predicate := a.predicate(p, in)
	name := predicate.String()
	if a.IntN(5) > 0 || slices.Contains(q.names, name) || q.depth > 0 {
		name = a.name(&q)
		return a.add(q, fmt.Sprintf("%s(%s, %q)", call, scriptText(predicate), name), save(predicate, name, in, optional))
	}
	q.names = append(slices.Clone(q.names), name)
	return a.add(q, fmt.Sprintf("%s(%s)", call, scriptText(predicate)), save(predicate, name, in, optional))
}

func (a *queryMaker) savePredicates(p *randomPath) *randomPath {
	q := *p
	name := a.name(&q)
	call := pick(a, []string{"saveInPredicates", "saveOutPredicates"})
	return a.add(q, fmt.Sprintf("%s(%q)", call, name), savePredicates(name, call == "saveInPredicates"))
}
