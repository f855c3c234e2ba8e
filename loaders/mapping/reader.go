package mapping

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
)

// Reader makes records of the rows of a format whose meaning the language of mappings
// cannot say. Several goroutines use it at once.
type Reader interface {
	// Row calls do for each record that a row makes.
	Row(r *Run, row *Node, do func(Made))

	// Reads reports whether Row reads the values to which the names below a row lead. The
	// values that it does not read are counted as left out.
	// For no names it reports whether Row counts what it leaves out by itself.
	Reads(names []string) bool
}

// ErrRefused is wrapped by the error of a value for which a whole file is refused, however
// many bad rows a load accepts.
var ErrRefused = errors.New("the whole file is refused")

// ByCode returns a mapping whose records a reader makes. The name is of the format. Rows is
// the path of rows in a document; empty for the whole document, or each element of a list.
// The version must rise when the reader makes other records of the same rows: a graph
// loads a file again that another version has read.
func ByCode(name string, version int, rows string, r Reader) (*Mapping, error) {
	path := &RowPath{}
	if rows != "" {
		var err error
		if path, err = parseRows(rows); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", name, version))
	return &Mapping{Name: name, SHA256: hex.EncodeToString(sum[:]), Rows: path, reader: r}, nil
}

// Child returns the first child of a name; nil if there is none. It may be called for nil.
func (n *Node) Child(name string) *Node {
	for c := range n.All(name) {
		return c
	}
	return nil
}

// All yields the children of a name: the items of the list, or the one value. It may be
// called for nil.
func (n *Node) All(name string) iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		if n == nil {
			return
		}
		for _, c := range n.Children {
			if c.Name == name && !yield(c) {
				return
			}
		}
	}
}

// TextOf returns the text of a child of a name; empty if there is none. It may be called
// for nil.
func (n *Node) TextOf(name string) string {
	if c := n.Child(name); c != nil {
		return c.Value()
	}
	return ""
}

// ItemAt returns an empty mapping, which stands where a node stands.
func ItemAt(n *Node) *Item { return &Item{Kind: Map, Line: n.Line, Col: n.Col} }

// TextItem returns the text of a node, with the field from which it comes; nil for no text.
func TextItem(n *Node) *Item {
	if n == nil || n.Value() == "" {
		return nil
	}
	return &Item{Text: n.Value(), Line: n.Line, Col: n.Col, Field: n.Path()}
}

// ListItem returns a list of the items that are not nil; nil if there is none.
func ListItem(items ...*Item) *Item {
	list := &Item{Kind: List}
	for _, i := range items {
		if i != nil {
			list.Items = append(list.Items, i)
		}
	}
	if len(list.Items) == 0 {
		return nil
	}
	list.Line, list.Col = list.Items[0].Line, list.Items[0].Col
	return list
}

// Put adds a key to a mapping, unless the value is nil.
func (i *Item) Put(key string, value *Item) {
	if value != nil {
		i.Keys, i.Items = append(i.Keys, key), append(i.Items, value)
	}
}

// PutText adds a key with a text that stands where the mapping stands, unless the text is
// empty.
func (i *Item) PutText(key, text string) {
	if text != "" {
		i.Put(key, &Item{Text: text, Line: i.Line, Col: i.Col})
	}
}
