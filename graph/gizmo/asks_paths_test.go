package gizmo_test

import (
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"
)

// wall is a step that back() cannot cross.
func (p *asked) wall() { p.tags, p.oneWay = nil, true }

// labelContext keeps the steps after it to edges of some labels. Only a tag right
// before it can be gone back to.
func (a *asker) labelContext(p *asked) *asked {
	q := *p
	q.tags, q.oneWay = nil, q.oneWay || len(p.steps) > 0
	if !p.labelled {
		q.tags = p.tagged
	}
	if q.labelled && a.IntN(2) == 0 {
		q.labelled = false
		return a.add(q, "labelContext(null)", labelContext(nil, nil))
	}
	q.labelled = true
	labels := once([]quad.Value{pick(a, askLabels), pick(a, askLabels)})
	switch a.IntN(5) {
	case 0:
		return a.labelColumn(q)
	case 1, 2:
		return a.add(q, "labelContext(["+writtenAll(labels)+"])", labelContext(func(naive) []found { return starts(labels) }, nil))
	}
	return a.add(q, "labelContext("+written(labels[0])+")", labelContext(func(naive) []found { return starts(labels[:1]) }, nil))
}

// labelColumn names the label of one step.
func (a *asker) labelColumn(q asked) *asked {
	name := a.name(&q)
	p := a.add(q, fmt.Sprintf("labelContext(g.V(), %q)", name), labelContext(func(n naive) []found { return starts(n.nodes()) }, []string{name}))
	for _, move := range []func(*asked) *asked{a.walk, a.has, a.save} {
		if next := move(p); next != nil && a.IntN(2) == 0 {
			p = next
			break
		}
	}
	q = *p
	q.labelled, q.tags, q.oneWay = false, nil, true
	return a.add(q, "labelContext(null)", labelContext(nil, nil))
}

func (a *asker) parts(p *asked) *asked {
	q := *p
	q.wall()
	switch a.IntN(3) {
	case 0:
		return a.add(q, "labels()", parts([]bool{true, false}, quad.Label))
	case 1:
		return a.add(q, "inPredicates()", parts([]bool{true}, quad.Predicate))
	}
	return a.add(q, "outPredicates()", parts([]bool{false}, quad.Predicate))
}

func (a *asker) unique(p *asked) *asked {
	q := *p
	q.wall()
	return a.add(q, "unique()", distinct)
}

func (a *asker) sorted(p *asked) *asked {
	q := *p
	if q.follows {
		return nil
	}
	if a.IntN(2) == 0 {
		return a.add(q, "order()", func(n naive, a answer) answer { return a })
	}
	q.wall()
	n := 1 + a.IntN(len(p.now.rows)+2)
	call, cut := "limit", func(rows []found) []found { return rows[:min(n, len(rows))] }
	if a.IntN(2) == 0 {
		call, cut = "skip", func(rows []found) []found { return rows[min(n, len(rows)):] }
	}
	return a.add(q, fmt.Sprintf("order().%s(%d)", call, n), func(_ naive, a answer) answer {
		rows := slices.Clone(a.rows)
		slices.SortStableFunc(rows, func(f, g found) int { return inOrder(f.node, g.node) })
		return a.loosen().then(cut(rows))
	})
}

// join is and, or or except with a path of its own.
func (a *asker) join(p *asked) *asked {
	other := a.grow(a.start(p.deep+1), 1+a.IntN(3))
	if len(p.now.rows) > 0 && a.IntN(2) == 0 {
		other = a.grow(a.startAt(p.deep+1, a.here(p), a.here(p)), a.IntN(2))
	}
	q := *p
	switch a.IntN(4) {
	case 0:
		q.names = slices.Concat(q.names, other.names)
		return a.add(q, pick(a, []string{"and", "intersect"})+"("+other.text+")", and(other.answerTo()))
	case 1:
		q.wall()
		q.names = slices.Concat(q.names, other.names)
		return a.add(q, pick(a, []string{"or", "union"})+"("+other.text+")", or(other.answerTo()))
	}
	return a.add(q, pick(a, []string{"except", "difference"})+"("+other.text+")", except(other.answerTo()))
}

func (a *asker) startAt(deep int, nodes ...quad.Value) *asked {
	nodes = once(nodes)
	p := &asked{deep: deep, text: "g.V(" + writtenAll(nodes) + ")"}
	p.steps = []step{func(naive, answer) answer { return answer{rows: starts(nodes)} }}
	p.now = all(a.graph, p.steps, answer{})
	return p
}

// morphism is a path to follow from where another path is.
func (a *asker) morphism(p *asked, calls int) *asked {
	m := &asked{text: "g.M()", now: p.now, follows: true, deep: p.deep + 1}
	return a.grow(m, calls)
}

func (a *asker) follow(p *asked) *asked {
	if p.labelled {
		return nil
	}
	q := *p
	m := a.morphism(p, 1+a.IntN(3))
	q.names = slices.Concat(q.names, m.names)
	if m.oneWay {
		q.wall()
	}
	if a.IntN(2) == 0 && !m.oneWay {
		return a.add(q, "followR("+m.text+")", followBack(m.steps))
	}
	return a.add(q, "follow("+m.text+")", func(n naive, a answer) answer {
		return follow(m.steps)(n, a).unlabelled()
	})
}

// unlabelled is the answer without a label context: that of a followed path ends
// with it.
func (a answer) unlabelled() answer {
	a.labels, a.tags = nil, nil
	return a
}

func (a *asker) followRecursive(p *asked) *asked {
	if p.labelled {
		return nil
	}
	q := *p
	q.wall()
	predicate := a.predicate(p, false)
	text, steps := written(predicate), []step{walk([]bool{false}, func(naive) []found { return starts([]quad.Value{predicate}) }, nil)}
	if a.IntN(2) == 0 && p.deep < 2 {
		m := a.morphism(p, 1+a.IntN(2))
		q.names = slices.Concat(q.names, m.names)
		text, steps = m.text, []step{func(n naive, a answer) answer { return all(n, m.steps, a).unlabelled() }}
	}
	depth := a.IntN(5) - 1
	if depth > 0 {
		text += fmt.Sprintf(", %d", depth)
	}
	var tags []string
	if a.IntN(2) == 0 {
		tags = []string{a.name(&q)}
		text += fmt.Sprintf(", %q", tags[0])
	}
	return a.add(q, "followRecursive("+text+")", closure(steps, depth, tags))
}
