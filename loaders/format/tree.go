package format

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// node is a value with the comments in it.
type node struct {
	yaml    *yaml.Node
	lines   []string // of a folded text: its lines in the file, without indentation
	entries []*entry // of a mapping or a list
	foot    []comment
}

// entry is a key and its value, or an item of a list.
type entry struct {
	key    *yaml.Node // nil for an item
	value  *node
	head   []comment // the lines above it
	spaced bool      // a blank line is directly above it
	line   string    // the comment at the end of its line; empty for none
	tail   []comment // lines directly below it, before a blank line
}

// comment is a line with only a comment.
type comment struct {
	text   string
	spaced bool // a blank line is above it
	column int  // from zero
}

// addLine adds a comment at the end of a line of the entry. The second such
// comment goes above the entry.
func (e *entry) addLine(text string) {
	if e.line == "" {
		e.line = text
		return
	}
	e.head = append(e.head, comment{text: text})
}

// name returns the key of an entry of a mapping.
func (e *entry) name() string { return e.key.Value }

// find returns the entry of a key, or nil.
func (n *node) find(key string) *entry {
	for _, e := range n.entries {
		if e.key != nil && e.key.Kind == yaml.ScalarNode && e.name() == key {
			return e
		}
	}
	return nil
}

// text returns the text of a scalar under a key; empty for none.
func (n *node) text(key string) string {
	e := n.find(key)
	if e == nil || e.value.yaml.Kind != yaml.ScalarNode {
		return ""
	}
	return strings.TrimSpace(e.value.yaml.Value)
}

func (n *node) isMapping() bool { return n.yaml.Kind == yaml.MappingNode }
func (n *node) isList() bool    { return n.yaml.Kind == yaml.SequenceNode }
func (n *node) isFlow() bool    { return n.yaml.Style&yaml.FlowStyle != 0 }

// isEmpty reports whether the value is a null without any text.
func (n *node) isEmpty() bool { return isEmptyNode(n.yaml) }

func isEmptyNode(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
}

// comments returns the texts of all comments in a node, in any order.
func (n *node) comments() (all []string) {
	add := func(list []comment) {
		for _, c := range list {
			all = append(all, c.text)
		}
	}
	add(n.foot)
	for _, e := range n.entries {
		add(e.head)
		add(e.tail)
		if e.line != "" {
			all = append(all, e.line)
		}
		all = append(all, e.value.comments()...)
	}
	return all
}
