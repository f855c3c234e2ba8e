package loaders

// nodeKind is the type of a node's value.
type nodeKind uint8

const (
	nullNode nodeKind = iota
	textNode
	numberNode
	boolNode
	listNode
	mapNode
)

// String names the kind for error messages.
func (k nodeKind) String() string {
	return [...]string{"nothing", "text", "a number", "true or false", "a list", "a mapping"}[k]
}

// node is one value and its position. Every format is parsed into nodes, so that
// one parser reads them all.
type node struct {
	text
	kind  nodeKind
	keys  []text  // the keys of a mapping
	items []*node // the items of a list, or the values of a mapping
}

// text is a scalar and the position where it begins. The column counts runes in
// YAML and bytes in other formats: see [source.position].
type text struct {
	value     string
	line, col int32
}

func (t text) isSet() bool { return t.value != "" }

// size counts the bytes of all texts in the node.
func (n *node) size() int {
	size := len(n.value)
	for _, item := range n.items {
		size += item.size()
	}
	return size
}

// lastLine returns the last line of the node.
func (n *node) lastLine() int32 {
	last := n.line
	for _, item := range n.items {
		last = max(last, item.lastLine())
	}
	return last
}
