package format

import (
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// dataOf returns a text that is equal for equal data: for the same keys with the same
// values, in any order, and the same items. Only the lists of a dataset may have their
// items in another order.
func dataOf(n *yaml.Node, s *shape, isDate bool) string {
	var b strings.Builder
	b.WriteString("&" + n.Anchor + " ")
	switch n.Kind {
	case yaml.ScalarNode, yaml.AliasNode:
		tag := n.Tag
		if isDate && tag == "!!int" || tag == "!!timestamp" {
			tag = "!!str"
		}
		if isEmptyNode(n) { // with a tag or without
			tag = "!!null"
		}
		b.WriteString(strconv.Itoa(int(n.Kind)) + tag + strconv.Quote(n.Value))
	case yaml.MappingNode:
		var entries []string
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i].Value
			entries = append(entries, dataOf(n.Content[i], &shape{}, false)+":"+dataOf(n.Content[i+1], s.of(key), s.isDate(key)))
		}
		if !s.isFree {
			slices.Sort(entries)
		}
		b.WriteString("{" + strings.Join(entries, ",") + "}")
	case yaml.SequenceNode:
		var items []string
		for _, item := range n.Content {
			data := dataOf(item, s, isDate)
			if s.sorted != nil { // there may be many
				sum := sha256.Sum256([]byte(data))
				data = string(sum[:])
			}
			items = append(items, data)
		}
		if s.sorted != nil {
			slices.Sort(items)
		}
		b.WriteString("[" + strings.Join(items, ",") + "]")
	}
	return b.String()
}

// sortedComments returns the texts of all comments of a document, sorted.
func (d *document) sortedComments() []string {
	all := d.root.comments()
	for _, c := range d.header {
		all = append(all, c.text)
	}
	slices.Sort(all)
	return all
}
