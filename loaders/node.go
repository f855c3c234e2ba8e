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

// nodeArena allocates the nodes of one item, and reuses their memory for the next
// item.
type nodeArena struct {
	nodes []node
	lists []*node
	keys  []text
	// What is read of collections that are not closed yet.
	openItems []*node
	openKeys  []text
}

// reset makes all nodes invalid.
func (a *nodeArena) reset() {
	a.nodes, a.lists, a.keys = a.nodes[:0], a.lists[:0], a.keys[:0]
	a.openItems, a.openKeys = a.openItems[:0], a.openKeys[:0]
}

// add returns a new node.
func (a *nodeArena) add() *node {
	if len(a.nodes) == cap(a.nodes) {
		a.nodes = make([]node, 0, max(64, 2*cap(a.nodes)))
	}
	a.nodes = append(a.nodes, node{})
	return &a.nodes[len(a.nodes)-1]
}

// arenaMark is a moment at which a collection begins.
type arenaMark struct{ items, keys int }

func (a *nodeArena) begin() arenaMark { return arenaMark{len(a.openItems), len(a.openKeys)} }

func (a *nodeArena) push(item *node) { a.openItems = append(a.openItems, item) }

func (a *nodeArena) pushKey(key text, item *node) {
	a.openKeys = append(a.openKeys, key)
	a.openItems = append(a.openItems, item)
}

// pushed returns the items that were pushed since a mark.
func (a *nodeArena) pushed(m arenaMark) []*node {
	a.lists = withRoom(a.lists, len(a.openItems)-m.items)
	from := len(a.lists)
	a.lists = append(a.lists, a.openItems[m.items:]...)
	a.openItems = a.openItems[:m.items]
	return a.lists[from:len(a.lists):len(a.lists)]
}

// pushedKeys returns the keys and items that were pushed since a mark.
func (a *nodeArena) pushedKeys(m arenaMark) ([]text, []*node) {
	a.keys = withRoom(a.keys, len(a.openKeys)-m.keys)
	from := len(a.keys)
	a.keys = append(a.keys, a.openKeys[m.keys:]...)
	a.openKeys = a.openKeys[:m.keys]
	return a.keys[from:len(a.keys):len(a.keys)], a.pushed(m)
}

// withRoom returns s, or an empty slice if s has no room for n more: slices of s
// that were returned stay as they are.
func withRoom[T any](s []T, n int) []T {
	if cap(s)-len(s) >= n {
		return s
	}
	return make([]T, 0, max(64, 2*cap(s), n))
}
