package format

import (
	"cmp"
	"strings"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/written"
	"gopkg.in/yaml.v3"
)

// dateOrder is the order of the numbers in the dates of a file.
type dateOrder string

// sortKey is what records are sorted by. Records with equal keys keep their order.
type sortKey struct {
	isLast bool // after all records that have a text
	text   string
}

func (k sortKey) compare(other sortKey) int {
	if k.isLast != other.isLast {
		if k.isLast {
			return 1
		}
		return -1
	}
	return cmp.Compare(k.text, other.text)
}

// entitySortKey is the name of an entity, folded.
func entitySortKey(n *node, _ dateOrder) sortKey {
	name := n.text("name")
	if n.yaml.Kind == yaml.ScalarNode {
		name = n.yaml.Value
	}
	key := schema.NameKey(name)
	return sortKey{key == "", key}
}

// sourceSortKey is the key of a source, or its title.
func sourceSortKey(n *node, _ dateOrder) sortKey {
	name := cmp.Or(n.text("key"), n.text("title"), n.text("name"), n.text("url"))
	if n.yaml.Kind == yaml.ScalarNode {
		name = n.yaml.Value
	}
	key := schema.NameKey(name)
	return sortKey{key == "", key}
}

// factSortKey is the start of a fact as written, which is a part of its identity:
// records of one fact, in any words, keep their order, so that the fact is shown as
// its first record writes it. A fact of unknown start is first, one without a date
// last.
func factSortKey(n *node, order dateOrder) sortKey {
	text := cmp.Or(n.text("since"), n.text("when"))
	if n.text("since") == "" && n.text("until") != "" {
		return sortKey{}
	}
	o, err := written.ParseOrder(string(order))
	if err != nil {
		o = written.AnyOrder
	}
	d, err := written.Parse(text, written.Options{Order: o})
	if text == "" || err != nil {
		return sortKey{isLast: true}
	}
	when, err := d.When(schema.Interaction)
	if err != nil || !when.Dated() {
		return sortKey{isLast: true}
	}
	start := strings.TrimRight(when.Start(), "~?")
	return sortKey{text: strings.Trim(start, ".")}
}
