package mapping

import (
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// condition is what must hold, and what must not.
type condition struct{ all, none []choice }

// choice holds if one of several sets of demands is fulfilled.
type choice [][]demand

// demand is what the values of a field must be.
type demand struct {
	field   expr
	present bool     // it has a value
	absent  bool     // it has none
	texts   []string // it has at least one of these texts
	match   *regexp.Regexp
	same    expr // it has at least one text that this has too; nil for none
}

// addCondition reads a condition: a mapping of fields to what they must be, a list
// of such mappings of which one must hold, or a field that must have a value.
func (c *compiler) addCondition(to *condition, key string, n *yaml.Node) error {
	var any choice
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		nodes = n.Content
	}
	for _, node := range nodes {
		demands, err := c.demands(node)
		if err != nil {
			return err
		}
		any = append(any, demands)
	}
	if key == "unless" {
		to.none = append(to.none, any)
	} else {
		to.all = append(to.all, any)
	}
	return nil
}

func (c *compiler) demands(n *yaml.Node) (all []demand, err error) {
	if n.Kind == yaml.ScalarNode {
		t, err := c.template(n, n.Value)
		if err == nil && len(t.parts) == 0 || err == nil && t.parts[0].field == nil {
			err = c.fail(n, withHint(errNoField, `write if: {Column: value}, or if: "{Column}"`))
		}
		return []demand{{field: t, present: true}}, err
	}
	err = c.pairs(n, "a condition", func(key, value *yaml.Node) error {
		name := key.Value
		if !strings.Contains(name, "{") {
			name = "{" + name + "}"
		}
		field, err := c.template(key, name)
		if err != nil {
			return err
		}
		d, err := c.demand(field, value)
		all = append(all, d)
		return err
	})
	return all, err
}

func (c *compiler) demand(field expr, n *yaml.Node) (d demand, err error) {
	d.field = field
	if isNull(n) {
		d.present = true
		return d, nil
	}
	if d.texts, err = c.texts(n, "a text or a list of texts"); err != nil {
		return d, err
	}
	only := strings.Join(d.texts, "")
	switch {
	case n.Kind != yaml.ScalarNode:
	case only != "" && only[0] != '/' && strings.Contains(only, "{"):
		d.same, err = c.template(n, only)
		return d, err
	case only == "":
		d.absent = true
	case len(only) > 2 && only[0] == '/' && only[len(only)-1] == '/':
		if d.match, err = regexp.Compile(only[1 : len(only)-1]); err != nil {
			return d, c.failf(n, "%w", err)
		}
	}
	return d, nil
}

func (f *condition) holds(c *context) bool {
	for _, any := range f.all {
		if !any.holds(c) {
			return false
		}
	}
	return !slices.ContainsFunc(f.none, func(any choice) bool { return any.holds(c) })
}

func (any choice) holds(c *context) bool {
	return slices.ContainsFunc(any, func(all []demand) bool {
		return !slices.ContainsFunc(all, func(d demand) bool { return !d.holds(c) })
	})
}

func (d *demand) holds(c *context) bool {
	values, err := d.field.eval(c)
	switch {
	case err != nil:
		return false
	case d.present:
		return len(values) > 0
	case d.absent:
		return len(values) == 0
	case d.same != nil:
		others, err := d.same.eval(c)
		return err == nil && slices.ContainsFunc(values, func(v Value) bool {
			return slices.ContainsFunc(others, func(o Value) bool { return o.Text == v.Text })
		})
	}
	return slices.ContainsFunc(values, func(v Value) bool {
		return d.match != nil && d.match.MatchString(v.Text) || d.match == nil && slices.Contains(d.texts, v.Text)
	})
}
