package mapping

import (
	"errors"
	"slices"

	"gopkg.in/yaml.v3"
)

// RowPath says which nodes of a document are rows. The zero RowPath is the whole
// document, or each element of a document that is a list.
type RowPath struct {
	path  path
	tests []test // of the row itself
}

func (c *compiler) rowPath(n *yaml.Node) (*RowPath, error) {
	text, err := c.text(n, "a path")
	if err != nil {
		return nil, err
	}
	r, err := parseRows(text)
	if err != nil {
		return nil, c.fail(n, err)
	}
	return r, nil
}

// parseRows parses the path of rows.
func parseRows(text string) (*RowPath, error) {
	p, err := parsePath(text)
	if err == nil && p.up > 0 {
		err = errors.New("the path of rows begins at the document, so it has no \"..\"")
	}
	if err == nil {
		err = p.checkPlaces()
	}
	r := &RowPath{path: p}
	for i := range p.steps {
		s := &p.steps[i]
		if i == len(p.steps)-1 {
			r.tests, s.tests = s.tests, nil
		}
		if len(s.tests) > 0 || slices.ContainsFunc(r.tests, func(t test) bool { return t.index > 0 }) {
			err = withHint(errors.New("the path of rows has a test only at its end, and no numbers"), "choose rows by if:")
		}
	}
	return r, err
}

// String returns the path as written.
func (r *RowPath) String() string { return r.path.text }

// Is reports whether the names from the root lead to a row. If the root has a name,
// as in XML, a path that does not begin with a slash may begin below it, and does so
// if its first step is "*".
func (r *RowPath) Is(names []string, isRootNamed bool) bool {
	return r.leads(names, isRootNamed, false)
}

func (r *RowPath) leads(names []string, isRootNamed, more bool) bool {
	isBelow := isRootNamed && !r.path.absolute
	if steps := r.path.steps; !(isBelow && len(steps) > 0 && steps[0].name == "*" && !steps[0].deep) && leads(steps, names, more) {
		return true
	}
	return isBelow && len(names) > 0 && leads(r.path.steps, names[1:], more)
}

// IsAbove reports whether rows may be below the node to which the names lead.
func (r *RowPath) IsAbove(names []string, isRootNamed bool) bool {
	return r.leads(names, isRootNamed, true)
}

// leads reports whether steps match names exactly, or with more names after them.
func leads(steps []step, names []string, more bool) bool {
	switch {
	case len(names) == 0:
		return len(steps) == 0 && !more || more && len(steps) > 0
	case len(steps) == 0:
		return false
	}
	s := steps[0]
	if s.deep && leads(steps, names[1:], more) {
		return true
	}
	return (s.name == "*" || s.name == names[0] || hasLocalName(s.name, names[0])) && leads(steps[1:], names[1:], more)
}

// hasLocalName reports whether a step with an XML prefix has a name after the prefix.
func hasLocalName(step, name string) bool {
	n := len(step) - len(name)
	return n > 1 && step[n-1] == ':' && step[n:] == name
}

// Admits reports whether a node at the place of a row fulfils the tests of the path.
func (r *RowPath) Admits(n *Node) bool {
	return !slices.ContainsFunc(r.tests, func(t test) bool { return !t.admits(n) })
}

// In calls do for each row of a document that is in memory.
func (r *RowPath) In(root *Node, do func(*Node)) { r.walk(root, nil, do) }

func (r *RowPath) walk(n *Node, names []string, do func(*Node)) {
	if r.Is(names, false) {
		if r.Admits(n) {
			do(n)
		}
		return
	}
	if !r.IsAbove(names, false) {
		return
	}
	for _, c := range n.Children {
		r.walk(c, append(names[:len(names):len(names)], c.Name), do)
	}
}

// FromParents returns the names of the fields that items take from the parents of
// their row: "territory-id" for {../territory-id}.
func (m *Mapping) FromParents() (names []string) {
	for _, use := range m.fields {
		for _, p := range use.field.cover {
			if (p.up > 0 || p.absolute) && len(p.steps) > 0 {
				names = append(names, p.steps[0].name)
			}
			if p.absolute {
				for _, s := range p.steps {
					names = append(names, s.name)
				}
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
