package format

import (
	"cmp"
	"slices"

	"gopkg.in/yaml.v3"
)

// arrange puts the keys and records of a document in their order. An alias must
// stand after its anchor: a document with anchors keeps its order.
func arrange(d *document, s *shape) {
	d.order = !hasAnchors(d.root.yaml)
	d.splitHeader()
	a := arranger{dates: dateOrder(d.root.text("dates")), order: d.order && !s.isFree}
	a.node(d.root, s)
}

// hasAnchors reports whether a tree has an anchor.
func hasAnchors(n *yaml.Node) bool {
	return n.Anchor != "" || slices.ContainsFunc(n.Content, hasAnchors)
}

// splitHeader moves the comments at the top that a blank line follows from the first
// key to the document.
func (d *document) splitHeader() {
	if len(d.root.entries) == 0 {
		return
	}
	first := d.root.entries[0]
	all := append(d.header, first.head...)
	end := len(all)
	for !first.spaced && end > 0 && (end == len(all) || !all[end].spaced) {
		end--
	}
	d.header, first.head, first.spaced = all[:end:end], all[end:], false
}

// arranger puts keys and records in their order.
type arranger struct {
	dates dateOrder
	order bool
}

func (a *arranger) node(n *node, s *shape) {
	for _, e := range n.entries {
		inner := s
		if n.isMapping() {
			inner = s.of(e.name())
		}
		a.node(e.value, inner)
	}
	switch {
	case n.isMapping() && a.order:
		slices.SortStableFunc(n.entries, func(x, y *entry) int { return cmp.Compare(s.rank(x.name()), s.rank(y.name())) })
	case n.isList():
		for _, e := range n.entries {
			hoist(e)
		}
		if a.order && s.sorted != nil {
			a.sort(n, s)
		}
	}
	n.joinFoot()
}

// joinFoot puts the comments below the last entry before those at the end.
func (n *node) joinFoot() {
	if len(n.entries) == 0 {
		return
	}
	last := n.entries[len(n.entries)-1]
	if len(last.tail) > 0 && len(n.foot) > 0 {
		n.foot[0].spaced = true
	}
	n.foot, last.tail = append(last.tail, n.foot...), nil
}

// hoist moves comments that have no line of their own when an item begins on the
// line of its hyphen: those above its first entry go above the item, and the one at
// the end of the item's line goes to the line of its first entry.
func hoist(item *entry) {
	if len(item.value.entries) == 0 || item.value.yaml.Anchor != "" {
		return
	}
	first := item.value.entries[0]
	if len(first.head) > 0 {
		item.head = append(item.head, first.head...)
		item.spaced, first.head, first.spaced = first.spaced, nil, false
	}
	if item.line == "" {
		return
	}
	if isLeaf := len(first.value.entries) == 0; isLeaf && first.line == "" {
		first.line = item.line
	} else {
		item.head = append(item.head, comment{text: item.line})
	}
	item.line = ""
}

// sort sorts records between those that a comment touches, which stay: a comment may
// head all records that follow.
func (a *arranger) sort(n *node, s *shape) {
	from := 0
	for i, e := range n.entries {
		if len(e.head) > 0 {
			a.sortRun(n.entries[from:i], s)
			from = i + 1
		}
		if len(e.tail) > 0 {
			a.sortRun(n.entries[min(from, i):i], s)
			from = i + 1
		}
	}
	end := len(n.entries)
	if len(n.foot) > 0 && end > from {
		end--
	}
	a.sortRun(n.entries[from:end], s)
}

func (a *arranger) sortRun(run []*entry, s *shape) {
	type keyed struct {
		key   sortKey
		entry *entry
	}
	all := make([]keyed, len(run))
	for i, e := range run {
		all[i] = keyed{s.sorted(e.value, a.dates), e}
	}
	slices.SortStableFunc(all, func(x, y keyed) int { return x.key.compare(y.key) })
	for i, k := range all {
		run[i] = k.entry
	}
}
