package gizmo_test

import (
	"maps"
	"slices"

	"github.com/cayleygraph/quad"
)

// naive evaluates paths by checking every quad at every step. It shares no code
// with Gizmo, the stores or Cayley's iterators.
type naive []quad.Quad

// nodes returns all values of the quads.
func (n naive) nodes() (all []quad.Value) {
	seen := map[quad.Value]bool{}
	for _, q := range n {
		for _, v := range []quad.Value{q.Subject, q.Predicate, q.Object, q.Label} {
			if v != nil && !seen[v] {
				seen[v] = true
				all = append(all, v)
			}
		}
	}
	return all
}

// naiveRow is one row: its node and its columns.
type naiveRow struct {
	node    quad.Value
	columns map[string]quad.Value
}

func (f naiveRow) at(node quad.Value) naiveRow { return naiveRow{node, f.columns} }

func (f naiveRow) with(v quad.Value, names ...string) naiveRow {
	if v == nil || len(names) == 0 {
		return f
	}
	columns := maps.Clone(f.columns)
	if columns == nil {
		columns = map[string]quad.Value{}
	}
	for _, name := range names {
		columns[name] = v
	}
	return naiveRow{f.node, columns}
}

func (f naiveRow) join(g naiveRow) naiveRow {
	for name, v := range g.columns {
		f = f.with(v, name)
	}
	return f
}

// answer is the result of a path so far: its rows, the columns for which several
// values are right, and the labels that later edges must have.
type answer struct {
	rows   []naiveRow
	loose  map[string]bool
	labels []naiveRow // nil for all labels, including none
	tags   []string
}

// withRows returns the answer with other rows.
func (a answer) withRows(rows []naiveRow) answer {
	a.rows = rows
	return a
}

// loosen marks the columns so far as loose: one of several rows was kept.
func (a answer) loosen() answer {
	loose := maps.Clone(a.loose)
	if loose == nil {
		loose = map[string]bool{}
	}
	for _, f := range a.rows {
		for name := range f.columns {
			loose[name] = true
		}
	}
	a.loose = loose
	return a
}

func starts(nodes []quad.Value) (rows []naiveRow) {
	for _, v := range nodes {
		rows = append(rows, naiveRow{node: v})
	}
	return rows
}

// step is one call on a path.
type step func(n naive, a answer) answer

func all(n naive, steps []step, a answer) answer {
	for _, s := range steps {
		a = s(n, a)
	}
	return a
}

// labelled returns the row once for each allowed label that is the label of a
// quad.
func (a answer) labelled(f naiveRow, label quad.Value) []naiveRow {
	if a.labels == nil {
		return []naiveRow{f}
	}
	var rows []naiveRow
	for _, l := range a.labels {
		if l.node == label {
			rows = append(rows, f.with(label, a.tags...))
		}
	}
	return rows
}

// edges yields each quad from a node, or to it, with the node at the other end.
func (n naive) edges(v quad.Value, in bool) func(func(quad.Quad, quad.Value) bool) {
	return func(yield func(quad.Quad, quad.Value) bool) {
		for _, q := range n {
			near, far := q.Subject, q.Object
			if in {
				near, far = far, near
			}
			if near == v && !yield(q, far) {
				return
			}
		}
	}
}

// walk is in, out or both. The predicates are given with their columns; nil
// stands for all.
func walk(directions []bool, via func(naive) []naiveRow, tags []string) step {
	return func(n naive, a answer) answer {
		var preds, rows []naiveRow
		if via != nil {
			preds = via(n)
		}
		for _, f := range a.rows {
			for _, in := range directions {
				for q, far := range n.edges(f.node, in) {
					ways := []naiveRow{{}}
					if via != nil {
						ways = slices.DeleteFunc(slices.Clone(preds), func(p naiveRow) bool { return p.node != q.Predicate })
					}
					for _, way := range ways {
						rows = append(rows, a.labelled(f.at(far).join(way).with(q.Predicate, tags...), q.Label)...)
					}
				}
			}
		}
		return a.withRows(rows)
	}
}

// test reports whether a value passes.
type test func(quad.Value) bool

func has(predicate quad.Value, in bool, passes test) step {
	return func(n naive, a answer) answer {
		var rows []naiveRow
		for _, f := range a.rows {
			for q, far := range n.edges(f.node, in) {
				if q.Predicate == predicate && passes(far) {
					rows = append(rows, a.labelled(f, q.Label)...)
				}
			}
		}
		return a.withRows(rows)
	}
}

func save(predicate quad.Value, name string, in, optional bool) step {
	return func(n naive, a answer) answer {
		var rows []naiveRow
		for _, f := range a.rows {
			before := len(rows)
			for q, far := range n.edges(f.node, in) {
				if q.Predicate == predicate {
					rows = append(rows, a.labelled(f.with(far, name), q.Label)...)
				}
			}
			if optional && len(rows) == before {
				rows = append(rows, f)
			}
		}
		return a.withRows(rows)
	}
}

func savePredicates(name string, in bool) step {
	return func(n naive, a answer) answer {
		var rows []naiveRow
		for _, f := range a.rows {
			for q := range n.edges(f.node, in) {
				rows = append(rows, f.with(q.Predicate, name))
			}
		}
		return a.withRows(rows)
	}
}

func keep(passes test) step {
	return func(n naive, a answer) answer {
		return a.withRows(slices.DeleteFunc(slices.Clone(a.rows), func(f naiveRow) bool { return !passes(f.node) }))
	}
}

func tag(names ...string) step {
	return func(n naive, a answer) answer {
		rows := slices.Clone(a.rows)
		for i, f := range rows {
			rows[i] = f.with(f.node, names...)
		}
		return a.withRows(rows)
	}
}

// back also ends a label context that began after its tag.
func back(name string) step {
	return func(n naive, a answer) answer {
		a.labels, a.tags = nil, nil
		rows := slices.Clone(a.rows)
		for i, f := range rows {
			rows[i] = f.at(f.columns[name])
		}
		return a.withRows(rows)
	}
}

// distinct keeps one row of each node.
func distinct(n naive, a answer) answer {
	seen := map[quad.Value]bool{}
	return a.loosen().withRows(slices.DeleteFunc(slices.Clone(a.rows), func(f naiveRow) bool {
		was := seen[f.node]
		seen[f.node] = true
		return was
	}))
}

// incidentTerms is inPredicates, outPredicates or labels.
func incidentTerms(directions []bool, part quad.Direction) step {
	return func(n naive, a answer) answer {
		var rows []naiveRow
		for _, f := range a.rows {
			for _, in := range directions {
				for q := range n.edges(f.node, in) {
					if v := q.Get(part); v != nil {
						rows = append(rows, f.at(v))
					}
				}
			}
		}
		return distinct(n, a.withRows(rows))
	}
}

func and(other func(naive) answer) step {
	return func(n naive, a answer) answer {
		o := other(n)
		var rows []naiveRow
		for _, f := range a.rows {
			for _, g := range o.rows {
				if f.node == g.node {
					rows = append(rows, f.join(g))
				}
			}
		}
		return a.addLoose(o).withRows(rows)
	}
}

// addLoose adds the loose columns of another answer.
func (a answer) addLoose(o answer) answer {
	a = a.withRows(a.rows)
	loose := maps.Clone(a.loose)
	if loose == nil {
		loose = map[string]bool{}
	}
	maps.Copy(loose, o.loose)
	a.loose = loose
	return a
}

func or(other func(naive) answer) step {
	return func(n naive, a answer) answer {
		o := other(n)
		return a.addLoose(o).withRows(slices.Concat(a.rows, o.rows))
	}
}

func except(other func(naive) answer) step {
	return func(n naive, a answer) answer {
		gone := map[quad.Value]bool{}
		for _, f := range other(n).rows {
			gone[f.node] = true
		}
		return keep(func(v quad.Value) bool { return !gone[v] })(n, a)
	}
}
