package loaders

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
)

// jsonWalk reads a part of a JSON document.
type jsonWalk struct {
	*visitor
	s          jsonScanner
	open       openNodes
	afterComma bool // another item must follow
}

// scanJSON is a [documentScan] of JSON. The document counts as the one item of a
// list.
func scanJSON(s *source, open openNodes, v *visitor) bool {
	w := &jsonWalk{visitor: v, open: open, afterComma: len(open) > 0}
	w.s.reset(s.text, s.firstLine)
	if len(open) == 0 {
		w.open = openNodes{{node: &mapping.Node{}, isList: true}}
		if !w.value(nil, "") {
			return false
		}
	}
	for len(w.open) > 1 {
		if w.s.atEnd() {
			return !s.last
		}
		if !w.entry() {
			return false
		}
	}
	return w.s.atEnd()
}

// entry reads the next item of the innermost list or object, or its end.
func (w *jsonWalk) entry() bool {
	top := w.open[len(w.open)-1]
	more := w.afterComma
	w.afterComma = false
	switch {
	case top.isList && w.s.next(']'), !top.isList && w.s.next('}'):
		if more {
			return false
		}
		w.open = w.open[:len(w.open)-1]
		return w.afterItem()
	case top.isList:
		return w.value(top.path, "")
	}
	key, ok := w.s.key()
	return ok && w.value(append(slices.Clip(top.path), key.value), key.value)
}

// afterItem reads the comma after an item, which may end a block. It returns false
// if neither a comma nor the end of the list or object follows.
func (w *jsonWalk) afterItem() bool {
	if len(w.open) < 2 {
		return true
	}
	if !w.s.next(',') {
		return w.s.i < len(w.s.text) && w.s.text[w.s.i] == "}]"[btoi(w.open[len(w.open)-1].isList)]
	}
	w.afterComma = true
	n := lineBreak([]byte(w.s.text[w.s.i:min(len(w.s.text), w.s.i+100)]))
	if n > 0 && w.between != nil {
		w.between(w.s.i+n, w.open)
	}
	return true
}

// value reads a value to which names lead. The name is its key, or empty in a list.
func (w *jsonWalk) value(names []string, name string) bool {
	w.s.skipSpace()
	if w.s.i >= len(w.s.text) || len(w.open) > maxDepth {
		return false
	}
	parent := w.open[len(w.open)-1].node
	isRow, isAbove := w.rows.Is(names, false), w.rows.IsAbove(names, false)
	switch b := w.s.text[w.s.i]; {
	case b == '[' && (isRow || isAbove):
		w.s.i++
		w.open = append(w.open, openNode{node: parent, path: names, isList: true})
		return true
	case b == '{' && !isRow && isAbove:
		node := &mapping.Node{Name: name, Line: w.s.line, Col: int32(w.s.i - w.s.start + 1), Parent: parent}
		w.s.i++
		w.open = append(w.open, openNode{node: node, path: names})
		return true
	}
	begin := w.s.i
	w.s.nodes.reset()
	n := w.s.value(len(w.open))
	if n == nil {
		return false
	}
	w.read(n, parent, names, begin)
	return w.afterItem()
}

// read passes on a value that is a row, or that is outside of rows.
func (w *jsonWalk) read(n *node, parent *mapping.Node, names []string, begin int) {
	isRow := w.rows.Is(names, false)
	name := ""
	if len(names) > 0 {
		name = names[len(names)-1]
	}
	outside := !isRow && slices.Contains(w.keep, name)
	if !isRow && !outside && w.other == nil || isRow && w.row == nil {
		return
	}
	holder := &mapping.Node{}
	addTree(nil, holder, name, n)
	for _, value := range holder.Children {
		value.Parent = parent
		switch {
		case isRow && w.rows.Admits(value):
			w.row(value, w.s.line, begin, w.s.i)
		case outside:
			parent.Children = append(parent.Children, value)
		case w.other != nil:
			w.other(value, names)
		}
	}
}

// Span is where a row is in a text: the bytes from Begin to End, exclusive.
type Span struct{ Begin, End int }

// RowSpans returns where the rows of a document of JSON or XML are, in order. The text
// is as far as it is well-formed.
func RowSpans(m *mapping.Mapping, text string, isXML bool) (rows []Span) {
	scan := scanJSON
	if isXML {
		scan = scanXML
	}
	v := &visitor{rows: m.Rows, row: func(_ *mapping.Node, _ int32, begin, end int) { rows = append(rows, Span{begin, end}) }}
	scan(&source{text: text, firstLine: 1, last: true}, nil, v)
	return rows
}

// xmlWalk reads a part of an XML document.
type xmlWalk struct {
	*visitor
	text   string
	line   int // the line of the byte at seen
	start  int // where that line begins
	seen   int
	dec    *xml.Decoder
	open   openNodes
	row    *mapping.Node // the row that is being read, or a value outside of rows; nil for none
	in     *mapping.Node // the innermost element of it
	begin  int           // where it begins
	isRow  bool
	hasRun bool // the root has been read
}

// scanXML is a [documentScan] of XML. Only the predefined entities of XML
// are known; nothing is fetched.
func scanXML(s *source, open openNodes, v *visitor) bool {
	return newXMLWalk(s, open, v).run(s.last) == nil
}

func newXMLWalk(s *source, open openNodes, v *visitor) *xmlWalk {
	w := &xmlWalk{visitor: v, text: s.text, line: s.firstLine, dec: xml.NewDecoder(strings.NewReader(s.text)), open: open, hasRun: len(open) > 0}
	w.dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // the text is UTF-8 by now
	return w
}

// run reads to the end of the text. Last reports whether the document ends there.
func (w *xmlWalk) run(last bool) error {
	for {
		begin := int(w.dec.InputOffset())
		token, err := w.dec.RawToken()
		switch {
		case errors.Is(err, io.EOF) && (!last || w.hasRun && len(w.open) == 0 && w.row == nil):
			return nil
		case errors.Is(err, io.EOF):
			return errors.New("not XML: ends too early")
		case err != nil:
			return err
		}
		if err := w.token(token, begin); err != nil {
			return err
		}
	}
}

func (w *xmlWalk) token(token xml.Token, begin int) error {
	switch t := token.(type) {
	case xml.StartElement:
		return w.startElement(t, begin)
	case xml.EndElement:
		return w.endElement(t)
	case xml.CharData:
		if text := string(t); w.row != nil && strings.TrimSpace(text) != "" {
			line, col := w.place(begin)
			w.in.Add(&mapping.Node{Text: text, Line: line, Col: col})
		} else if w.row == nil && len(w.open) > 0 && w.between != nil && bytes.IndexByte(t, '\n') >= 0 {
			w.between(begin+strings.IndexByte(w.text[begin:], '\n')+1, w.open)
		}
	}
	return nil
}

// place returns the line and the column of a byte.
func (w *xmlWalk) place(i int) (line, col int32) {
	for ; w.seen < i; w.seen++ {
		if w.text[w.seen] == '\n' {
			w.line++
			w.start = w.seen + 1
		}
	}
	return int32(w.line), int32(i - w.start + 1)
}

func (w *xmlWalk) startElement(t xml.StartElement, begin int) error {
	if len(w.open)+depthOf(w.in, w.row) > maxDepth {
		return errDeep
	}
	n := &mapping.Node{Name: t.Name.Local, Space: t.Name.Space}
	n.Line, n.Col = w.place(begin)
	for _, a := range t.Attr {
		n.Add(&mapping.Node{Name: "@" + a.Name.Local, Text: strings.TrimSpace(a.Value), Line: n.Line, Col: n.Col})
	}
	if w.row != nil {
		w.in.Add(n)
		w.in = n
		return nil
	}
	var path []string
	if len(w.open) > 0 {
		top := w.open[len(w.open)-1]
		n.Parent, path = top.node, slices.Clip(top.path)
	} else if w.hasRun {
		return fmt.Errorf("not XML: a second root: <%s>", n.Name)
	}
	w.hasRun = true
	if path = append(path, n.Name); !w.rows.Is(path, true) && w.rows.IsAbove(path, true) {
		w.open = append(w.open, openNode{node: n, path: path})
		return nil
	}
	w.row, w.in, w.begin, w.isRow = n, n, begin, w.rows.Is(path, true)
	return nil
}

// depthOf counts the elements from a row to an element in it.
func depthOf(in, row *mapping.Node) (depth int) {
	for ; in != nil && in != row; in = in.Parent {
		depth++
	}
	return depth
}

func (w *xmlWalk) endElement(t xml.EndElement) error {
	n := w.in
	if w.row == nil && len(w.open) > 0 {
		n = w.open[len(w.open)-1].node
	}
	if n == nil || n.Name != t.Name.Local || n.Space != t.Name.Space {
		return fmt.Errorf("not XML: </%s> closes nothing", t.Name.Local)
	}
	if w.row == nil {
		w.open = w.open[:len(w.open)-1]
		return nil
	}
	n.Collapse()
	if w.in = n.Parent; n == w.row {
		w.finish(n)
		w.row, w.in = nil, nil
	}
	return nil
}

// finish passes on a row, or a value outside of rows.
func (w *xmlWalk) finish(n *mapping.Node) {
	end := int(w.dec.InputOffset())
	last, _ := w.place(end)
	switch {
	case w.isRow:
		if w.visitor.row != nil && w.rows.Admits(n) {
			w.visitor.row(n, last, w.begin, end)
		}
	case slices.Contains(w.keep, n.Name):
		n.Parent.Children = append(n.Parent.Children, n)
	case w.other != nil && len(w.open) > 0:
		w.other(n, append(slices.Clip(w.open[len(w.open)-1].path), n.Name))
	}
}

// xmlError returns the error of a document that is not well-formed.
func xmlError(s *source) error {
	w := newXMLWalk(s, nil, &visitor{rows: &mapping.RowPath{}})
	err := w.run(true)
	if err == nil {
		return fmt.Errorf("%s: not XML", s.path)
	}
	message := strings.TrimSuffix(err.Error(), ": EOF")
	if syntax := (*xml.SyntaxError)(nil); errors.As(err, &syntax) {
		message = "not XML: " + syntax.Msg
	}
	line, col := w.place(min(int(w.dec.InputOffset()), len(s.text)))
	at := text{line: line, col: col}
	return &positionedError{s.position(at), fmt.Errorf("%s: %q", message, shorten(strings.TrimSpace(s.lineText(int(line)))))}
}

// treeNodes allocates the nodes of the tree of one document, and uses their memory again
// for the next one. Nil allocates each by itself.
type treeNodes struct{ slab[mapping.Node] }

func (t *treeNodes) add() *mapping.Node {
	if t == nil {
		return &mapping.Node{}
	}
	return t.slab.add()
}

// reset makes all nodes invalid.
func (t *treeNodes) reset() {
	t.slab.reset(func(n *mapping.Node) { *n = mapping.Node{Children: n.Children[:0]} })
}

// free makes all nodes invalid, and keeps nothing of their texts.
func (t *treeNodes) free() {
	if t.reset(); len(t.pieces)*slabPiece > mostReused {
		t.slab = slab[mapping.Node]{}
	}
}

// addTree adds a node to a tree: the items of a list as children of the same name. It
// returns the last line of the node.
func addTree(t *treeNodes, parent *mapping.Node, name string, n *node) (last int32) {
	switch n.kind {
	case nullNode:
		return n.line
	case listNode:
		last = n.line
		for _, item := range n.items {
			last = max(last, addTree(t, parent, name, item))
		}
		return last
	}
	child := t.add()
	child.Name, child.Line, child.Col = name, n.line, n.col
	parent.Add(child)
	last = fillTree(t, child, n)
	if n.kind == mapNode {
		child.Last = last
	}
	return last
}

// fillTree gives a node of a tree its text or its children. It returns its last line.
func fillTree(t *treeNodes, into *mapping.Node, n *node) (last int32) {
	last = n.line
	switch n.kind {
	case mapNode:
		children := 0
		for _, item := range n.items {
			if children++; item.kind == listNode {
				children += len(item.items) - 1
			}
		}
		into.Children = slices.Grow(into.Children, max(children, 0))
		for i, key := range n.keys {
			last = max(last, addTree(t, into, key.value, n.items[i]))
		}
	case listNode:
		last = addTree(t, into, "", n)
	default:
		into.Text = strings.TrimSpace(n.value)
	}
	return last
}
