package mapping

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// path leads from a node to other nodes, as a small part of XPath: names separated
// by slashes, "*" for any name, ".." for the parent, "." for the node itself,
// "//" for any depth, "@name" for an attribute, and tests in brackets. The last step
// of a field may be "#key": the names of the nodes in place of their values.
type path struct {
	text     string // as written
	absolute bool   // from the root
	up       int    // parents before the first step
	steps    []step
	isKey    bool // the path ends with "#key"
}

type step struct {
	name  string // "*" for any
	deep  bool   // at any depth
	tests []test
}

// test is a condition in brackets.
type test struct {
	index int    // 1 for the first node; 0 for no index
	name  string // a child or an attribute; empty for the node itself
	value string
	is    string // "=", "!=", or empty: the child must be there
}

func parsePath(text string) (path, error) {
	p := path{text: text}
	rest := strings.TrimSpace(text)
	if rest == "" {
		return p, fmt.Errorf("an empty path")
	}
	if strings.HasPrefix(rest, "/") && !strings.HasPrefix(rest, "//") {
		p.absolute, rest = true, rest[1:]
	}
	for rest != "" {
		s, after, err := parseStep(rest)
		if err != nil {
			return p, fmt.Errorf("%w in the path %q", err, text)
		}
		rest = after
		switch {
		case strings.HasPrefix(s.name, "#"):
			if p.isKey = s.name == keyStep && rest == "" && !s.deep && len(s.tests) == 0; !p.isKey {
				return p, keyStepError(s.name, text)
			}
		case isFunction(s.name):
			return p, functionError(s.name, text)
		case s.name == ".":
		case s.name == ".." && len(p.steps) == 0:
			p.up++
		case s.name == "..":
			return p, fmt.Errorf("%q stands only at the beginning of a path: %q", "..", text)
		default:
			p.steps = append(p.steps, s)
		}
	}
	return p, nil
}

// parseStep reads a step and the slash after it.
func parseStep(text string) (s step, rest string, err error) {
	if after, deep := strings.CutPrefix(text, "//"); deep {
		s.deep, text = true, after
	}
	end := strings.IndexAny(text, "/[")
	if end < 0 {
		end = len(text)
	}
	s.name, rest = strings.TrimSpace(text[:end]), text[end:]
	if s.name == "" {
		return s, "", fmt.Errorf("a name is missing")
	}
	for strings.HasPrefix(rest, "[") {
		inside, after, closed := strings.Cut(rest[1:], "]")
		if !closed {
			return s, "", fmt.Errorf("a bracket is not closed")
		}
		t, err := parseTest(inside)
		if err != nil {
			return s, "", err
		}
		s.tests, rest = append(s.tests, t), after
	}
	if strings.HasPrefix(rest, "/") && !strings.HasPrefix(rest, "//") {
		if rest = rest[1:]; rest == "" {
			return s, "", fmt.Errorf("a name is missing")
		}
	}
	return s, rest, nil
}

func parseTest(text string) (test, error) {
	text = strings.TrimSpace(text)
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		return test{index: n}, nil
	}
	for _, is := range []string{"!=", "="} {
		if name, value, ok := strings.Cut(text, is); ok {
			value = strings.TrimSpace(value)
			if len(value) > 1 && (value[0] == '\'' || value[0] == '"') && value[len(value)-1] == value[0] {
				value = value[1 : len(value)-1]
			}
			return test{name: strings.Trim(strings.TrimSpace(name), "."), is: is, value: value}, nil
		}
	}
	if text == "" || strings.ContainsAny(text, "()<>") {
		return test{}, fmt.Errorf("want [name='value'], [name!='value'], [name] or [1], not [%s]", text)
	}
	return test{name: text}, nil
}

// find returns the nodes to which a path leads from a node. A child whose name is
// the whole path comes before all else: names of columns may have any character.
func (p *path) find(n *Node) []*Node {
	if n == nil {
		return nil
	}
	if p.isKey {
		return p.follow(n)
	}
	if whole := n.childrenNamed(p.text); len(whole) > 0 {
		return whole
	}
	return p.follow(n)
}

// follow returns the nodes to which the steps of a path lead from a node.
func (p *path) follow(n *Node) []*Node {
	if p.absolute {
		for n.Parent != nil {
			n = n.Parent
		}
		if n.Name != "" { // the root element of XML, which the first step names
			n = &Node{Children: []*Node{n}}
		}
	}
	for range p.up {
		if n = n.Parent; n == nil {
			return nil
		}
	}
	found := []*Node{n}
	for _, s := range p.steps {
		found = s.next(found)
	}
	return found
}

// column returns the column of a table to which a path leads; empty for the row
// itself.
func (p *path) column() string {
	switch {
	case len(p.steps) == 0:
		return ""
	case p.up > 0 || p.absolute:
		return p.steps[0].name
	}
	return p.text
}

func (n *Node) childrenNamed(name string) (found []*Node) {
	for _, c := range n.Children {
		if c.named(name) {
			found = append(found, c)
		}
	}
	return found
}

// next returns the nodes to which a step leads from some nodes.
func (s *step) next(from []*Node) (found []*Node) {
	for _, n := range from {
		here := s.children(n, nil)
		for _, t := range s.tests {
			here = t.filter(here)
		}
		found = append(found, here...)
	}
	return found
}

func (s *step) children(n *Node, found []*Node) []*Node {
	for _, c := range n.Children {
		if s.admits(c) {
			found = append(found, c)
		}
		if s.deep {
			found = s.children(c, found)
		}
	}
	return found
}

func (s *step) admits(n *Node) bool {
	return s.name == "*" && n.Name != "" && n.Name[0] != '@' || n.named(s.name)
}

func (t *test) filter(nodes []*Node) []*Node {
	if t.index > 0 {
		if t.index > len(nodes) {
			return nil
		}
		return nodes[t.index-1 : t.index]
	}
	return slices.DeleteFunc(nodes, func(n *Node) bool { return !t.admits(n) })
}

func (t *test) admits(n *Node) bool {
	values := []*Node{n}
	if t.name != "" {
		values = n.childrenNamed(t.name)
	}
	switch t.is {
	case "=":
		return slices.ContainsFunc(values, func(v *Node) bool { return v.Value() == t.value })
	case "!=":
		return !slices.ContainsFunc(values, func(v *Node) bool { return v.Value() == t.value })
	}
	return slices.ContainsFunc(values, func(v *Node) bool { return v.Value() != "" || len(v.Children) > 0 })
}

// covers reports whether a path may lead to the names below a row.
func (p *path) covers(names []string) bool {
	if p.isKey {
		return false
	}
	if len(names) == 1 && names[0] == p.text {
		return true
	}
	if p.up > 0 || p.absolute {
		return len(p.steps) > 0 && len(names) > 0 && coversNames(p.steps[len(p.steps)-1:], names[len(names)-1:])
	}
	return coversNames(p.steps, names)
}

// coversNames reports whether steps lead to names, or to a node above the last of
// them, whose text includes it.
func coversNames(steps []step, names []string) bool {
	if len(steps) == 0 {
		return !slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, "@") })
	}
	for i := range names {
		if i > 0 && !steps[0].deep {
			break
		}
		s := steps[0]
		if (s.name == "*" || s.name == names[i] || strings.HasSuffix(s.name, ":"+names[i])) && coversNames(steps[1:], names[i+1:]) {
			return true
		}
	}
	return false
}
