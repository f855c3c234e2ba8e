package loaders

// nodeKind is what a node holds.
type nodeKind uint8

const (
	nullNode nodeKind = iota
	textNode
	numberNode
	boolNode
	listNode
	mapNode
)

// String names the kind as an error does.
func (k nodeKind) String() string {
	return [...]string{"nothing", "text", "a number", "true or false", "a list", "a mapping"}[k]
}

// node is one value of any of the formats, with its place. Every format is
// brought into this shape, and one decoder reads it.
type node struct {
	text
	kind  nodeKind
	keys  []text  // of a mapping
	items []*node // of a list, or the values of a mapping
}

// text is a scalar and where it begins. The column counts runes in YAML and
// bytes elsewhere: see [source.position].
type text struct {
	value     string
	line, col int32
}

func (t text) isSet() bool { return t.value != "" }

// size counts the bytes of the texts of the node.
func (n *node) size() int {
	size := len(n.value)
	for _, item := range n.items {
		size += item.size()
	}
	return size
}

// lastLine is the highest line that the node reaches.
func (n *node) lastLine() int32 {
	last := n.line
	for _, item := range n.items {
		last = max(last, item.lastLine())
	}
	return last
}
