package loaders

import (
	"context"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// parsingLoader is a loader that parses a whole file at once.
type parsingLoader interface {
	parse(ctx context.Context, p *parser) error
}

// rowLoader is a loader that parses a file in blocks of whole rows, so that the
// file is never in memory as a whole.
type rowLoader interface {
	// layout reads the beginning of a file: at least its first line. It returns nil
	// if it needs more lines.
	layout(v *schema.Vocabulary, head *source) (rowLayout, error)
}

// blockLayout says how to read a block. It is used by several goroutines.
type blockLayout interface {
	// parse reads the text of p.source. It returns an error if what follows cannot be
	// read; an error in a row or an item rejects that one alone.
	parse(p *parser) error
}

// rowLayout says how to divide one file into blocks of rows, and to read these.
type rowLayout interface {
	blockLayout

	// cut returns the length of the whole rows at the beginning of a text, and their
	// number. The text may be the first of the file; unless it is the last, more text
	// may follow.
	cut(text []byte, first, last bool) (size, rows int)
}

// nestedLayout is the layout of blocks that begin inside of what the blocks before
// leave open.
type nestedLayout interface {
	rowLayout
	// following returns the layout of the block after the one that cut found last.
	following() rowLayout
}

// draftSink receives what a parser reads.
type draftSink interface {
	setAbout(key, value string)
	// addEntity adds an entity, which is rejected if it has errors.
	addEntity(e entityDraft)

	// isMentioned reports whether a name was read beside a kind already, and remembers
	// that it is now.
	isMentioned(kind schema.Kind, name text, in *source) bool
	// addMention adds the entity of a name that was not mentioned before.
	addMention(e entityDraft, name string)
	// addBadMention notes a name that was not mentioned before and that is an error.
	addBadMention(kind schema.Kind, name string, at schema.Position)

	// addDocument adds a document, whose source key may be empty.
	addDocument(d documentDraft, key string) documentNumber
	// firstWithSourceKey returns the position of the first document with a key, if
	// that is not the one at the position at.
	firstWithSourceKey(key string, at schema.Position) (first schema.Position, again bool)
	// citedInCells returns the document that cells of a row describe. It calls read
	// if no row before has the same cells.
	citedInCells(cells string, read func() documentNumber) documentNumber

	newFact() *factDraft
	newEvidence() *evidenceDraft
	// firstWithKey returns the position of the local key of an earlier fact, if one has
	// it.
	firstWithKey(key text) (first schema.Position, again bool)
	// addFact adds a fact made by newFact, which is rejected if it has errors.
	addFact(f *factDraft)

	// addRejectedSource adds the title, the id and the key of a source with errors.
	// Evidence that cites it is rejected for that.
	addRejectedSource(names ...string)

	// addTally adds what a mapping counted.
	addTally(t *mapping.Tally)

	// reject adds an error and the text of the rejected item.
	reject(err error, row string)
	// rejectAt adds an error and the text of the rejected item, which begins at a
	// position and ends on line last.
	rejectAt(err error, s *source, begin schema.Position, last int32)
}

// parser reads the entities, sources and facts of a block or of a whole file into
// a collector.
type parser struct {
	vocabulary *schema.Vocabulary
	factKeys   map[string]factKey
	recent     [64]recentKey // of factKeys
	source     *source
	drafts     draftSink

	item     *item       // the item that is being read
	values   valueReader // reads the values of that item
	defaults *fileDefaults
	row      int           // the row of a table; 0 in other formats
	made     *mapping.Item // what a mapping made of the row for the record that is being read; nil without a mapping
	rowEnd   int32         // where a row of a table ends; 0 in other formats
	lastLine int32         // where the row ends that a mapping reads; 0 for other rows

	scanner jsonScanner
	nodes   nodeArena
	tree    treeNodes // of the row that a mapping reads
}

func newParser(v *schema.Vocabulary, keys map[string]factKey) *parser {
	i := &item{}
	return &parser{vocabulary: v, factKeys: keys, item: i, values: valueReader{item: i, memory: &textMemory{}}}
}

// recentKey is a key of a fact that was read lately.
type recentKey struct {
	name string
	read factKey
}

// factKey returns how to read a key of a fact; nil if facts have no such key.
func (p *parser) factKey(name string) factKey {
	if name == "" {
		return nil
	}
	recent := &p.recent[(int(name[0])+7*len(name))%len(p.recent)]
	if recent.name != name {
		read := p.factKeys[name]
		if read == nil {
			return nil
		}
		*recent = recentKey{strings.Clone(name), read}
	}
	return recent.read
}

// begin prepares the parser for the text of a source. It keeps nothing of the text
// before.
func (p *parser) begin(s *source, drafts draftSink) {
	p.source, p.item.source, p.drafts, p.defaults, p.row, p.lastLine, p.rowEnd = s, s, drafts, nil, 0, 0, 0
	p.nodes.free()
	p.scanner.nodes.free()
	p.tree.free()
	*p.values.memory = textMemory{}
	p.values.dates = s.file.dates
}

// readItem reads one entity, source or fact. Its errors reject this item alone.
func (p *parser) readItem(n *node, read func()) {
	if err := p.attempt(read); err != nil {
		p.drafts.rejectAt(err, p.source, p.source.position(n.text), n.lastLine())
	}
}

// attempt reads one item and returns its errors, which are [faults].
func (p *parser) attempt(read func()) error {
	outer := *p.item
	p.item.errs, p.item.field = nil, ""
	read()
	err := p.item.take().err()
	p.item.errs, p.item.field = outer.errs, outer.field
	return err
}

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

// mostReused is the number of nodes up to which their memory is kept for the next block.
const mostReused = 1 << 15

// free makes all nodes invalid, and keeps nothing of their texts.
func (a *nodeArena) free() {
	if cap(a.nodes)+cap(a.lists)+cap(a.keys) > 3*mostReused {
		*a = nodeArena{}
		return
	}
	clear(a.nodes[:cap(a.nodes)])
	clear(a.keys[:cap(a.keys)])
	clear(a.openKeys[:cap(a.openKeys)])
	a.reset()
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

// slab allocates values of one type in large pieces, and reuses them.
type slab[T any] struct {
	pieces [][]T
	piece  int // the piece from which the next value is taken
	used   int // the values that are taken from that piece
}

const slabPiece = 64

// add returns a value that is zero or was cleaned.
func (s *slab[T]) add() *T {
	if s.used == slabPiece {
		s.piece, s.used = s.piece+1, 0
	}
	if s.piece == len(s.pieces) {
		s.pieces = append(s.pieces, make([]T, slabPiece))
	}
	s.used++
	return &s.pieces[s.piece][s.used-1]
}

// reset takes all values back. Each that was used is cleaned, so that nothing of
// the block before stays in memory.
func (s *slab[T]) reset(clean func(*T)) {
	for i, piece := range s.pieces[:min(s.piece+1, len(s.pieces))] {
		if i == s.piece {
			piece = piece[:s.used]
		}
		for j := range piece {
			clean(&piece[j])
		}
	}
	s.piece, s.used = 0, 0
}
