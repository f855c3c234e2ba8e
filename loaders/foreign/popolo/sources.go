package popolo

import (
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
)

// sources declares the documents from which an object comes, and returns them as a list of
// evidence; nil for none.
func (o *objects) sources(n *mapping.Node) *mapping.Item {
	for s := range n.All("sources") {
		if item := source(s); item != nil {
			o.make(mapping.Source, item)
		}
	}
	return o.evidence(n, "sources")
}

// evidence returns the documents under some keys of an object as a list of evidence.
func (o *objects) evidence(n *mapping.Node, keys ...string) *mapping.Item {
	var all []*mapping.Item
	seen := make(map[string]bool)
	for _, key := range keys {
		for s := range n.All(key) {
			item := source(s)
			if item == nil || seen[address(s)] {
				continue
			}
			seen[address(s)] = true
			e := mapping.ItemAt(s)
			e.Put("source", item)
			all = append(all, e)
		}
	}
	return mapping.ListItem(all...)
}

// address returns the address of a source, which is an object with url, or an address
// alone.
func address(n *mapping.Node) string {
	if len(n.Children) == 0 {
		return n.Value()
	}
	return n.TextOf("url")
}

// source returns the document of a source or a link; nil without an address.
func source(n *mapping.Node) *mapping.Item {
	url := n
	if len(n.Children) > 0 {
		url = n.Child("url")
	}
	text := mapping.TextItem(url)
	if text == nil {
		return nil
	}
	item := mapping.ItemAt(n)
	item.Put("url", text)
	if note := mapping.TextItem(n.Child("note")); note != nil {
		note.Text = strings.Join(strings.Fields(note.Text), " ")
		item.Put("title", note)
	}
	return item
}

func orAround(own, around *mapping.Item) *mapping.Item {
	if own != nil {
		return own
	}
	return around
}
