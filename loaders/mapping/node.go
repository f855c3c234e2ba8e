package mapping

import "strings"

// Node is one value of an input: a cell of a table, a value of JSON or YAML, or an
// element or attribute of XML. The items of a list are nodes with the name of the
// list. The name of an attribute begins with "@"; a text between the elements of
// XML has no name.
type Node struct {
	Name      string
	Space     string // the prefix of an XML name; usually empty
	Text      string // the value of a node without children
	Line, Col int32
	Last      int32 // the last line of an object in memory; 0 for others
	Children  []*Node
	Parent    *Node // nil for the root
}

// Add adds a child.
func (n *Node) Add(child *Node) {
	child.Parent = n
	n.Children = append(n.Children, child)
}

// Value returns the text of a node: for an XML element with children, all text in
// it, with single spaces.
func (n *Node) Value() string {
	if len(n.Children) == 0 {
		return n.Text
	}
	var out strings.Builder
	n.appendText(&out)
	return strings.Join(strings.Fields(out.String()), " ")
}

func (n *Node) appendText(out *strings.Builder) {
	for _, c := range n.Children {
		switch {
		case c.Name == "":
			out.WriteString(c.Text)
		case c.Name[0] == '@':
		case len(c.Children) > 0:
			c.appendText(out)
		case n.hasText():
			out.WriteString(c.Text)
		}
	}
}

// hasText reports whether there is text between the elements of a node. The fields
// of a JSON object are not a text.
func (n *Node) hasText() bool {
	for _, c := range n.Children {
		if c.Name == "" {
			return true
		}
	}
	return false
}

// Collapse makes the texts of an element without other children its own text, with
// single spaces.
func (n *Node) Collapse() {
	for _, c := range n.Children {
		if c.Name != "" {
			return
		}
	}
	n.Text, n.Children = n.Value(), nil
}

// named reports whether a node has a name, with or without its XML prefix.
func (n *Node) named(name string) bool {
	return n.Name == name || n.Space != "" && len(name) > len(n.Space) && name == n.Space+":"+n.Name
}

// Path returns the names from the root to a node, separated by slashes.
func (n *Node) Path() string {
	if n.Parent == nil || n.Parent.Name == "" && n.Parent.Parent == nil {
		return n.Name
	}
	return n.Parent.Path() + "/" + n.Name
}
