package gizmo_test

import (
	"cmp"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"
)

func labelContext(labels func(naive) []naiveRow, tags []string) step {
	return func(n naive, a answer) answer {
		a.labels, a.tags = nil, tags
		if labels != nil {
			a.labels = append([]naiveRow{}, labels(n)...)
		}
		return a
	}
}

func follow(steps []step) step {
	return func(n naive, a answer) answer {
		return all(n, steps, a)
	}
}

// followBack moves rows to the nodes from which the steps lead to them.
func followBack(steps []step) step {
	return func(n naive, a answer) answer {
		var rows []naiveRow
		for _, v := range n.nodes() {
			from := all(n, steps, answer{rows: starts([]quad.Value{v})})
			a = a.addLoose(from)
			for _, g := range from.rows {
				for _, f := range a.rows {
					if f.node == g.node {
						rows = append(rows, f.at(v).join(g))
					}
				}
			}
		}
		return a.withRows(rows)
	}
}

// closure repeats the steps. If rows have columns, it starts from each of their
// nodes separately.
func closure(steps []step, depth int, tags []string) step {
	return func(n naive, a answer) answer {
		columns := false
		groups := map[quad.Value][]naiveRow{}
		for _, f := range a.rows {
			groups[f.node] = append(groups[f.node], f)
			columns = columns || len(f.columns) > 0
		}
		if !columns {
			return n.reach(steps, depth, tags, a, slices.Collect(maps.Keys(groups)), []naiveRow{{}})
		}
		out := a.withRows(nil)
		for v, group := range groups {
			part := n.reach(steps, depth, tags, a, []quad.Value{v}, group)
			out = out.addLoose(part).withRows(append(out.rows, part.rows...))
		}
		return out
	}
}

func (n naive) reach(steps []step, depth int, tags []string, a answer, level []quad.Value, from []naiveRow) answer {
	var rows []naiveRow
	inner := answer{}
	seen := map[quad.Value]bool{}
	for d := 1; len(level) > 0 && (depth <= 0 || d <= depth); d++ {
		next := all(n, steps, answer{rows: starts(level)}).loosen()
		inner, level = inner.addLoose(next), nil
		for _, g := range next.rows {
			if seen[g.node] {
				continue
			}
			seen[g.node] = true
			level = append(level, g.node)
			for _, f := range from {
				rows = append(rows, f.at(g.node).join(g).with(quad.Int(d), tags...))
			}
		}
	}
	return a.addLoose(inner).withRows(rows)
}

// inOrder compares values in the order of order(): ids, texts, dates, whole
// numbers, decimals.
func inOrder(a, b quad.Value) int {
	if c := cmp.Compare(rank(a), rank(b)); c != 0 {
		return c
	}
	switch a := a.(type) {
	case quad.Int:
		return cmp.Compare(a, b.(quad.Int))
	case quad.Float:
		return cmp.Compare(a, b.(quad.Float))
	}
	return cmp.Compare(plainText(a), plainText(b))
}

func rank(v quad.Value) int {
	switch v.(type) {
	case quad.IRI:
		return 1
	case quad.String:
		return 2
	case quad.TypedString:
		return 3
	case quad.Int:
		return 4
	}
	return 5
}

func plainText(v quad.Value) string {
	switch v := v.(type) {
	case quad.IRI:
		return string(v)
	case quad.String:
		return string(v)
	case quad.TypedString:
		return string(v.Value)
	}
	return v.String()
}
