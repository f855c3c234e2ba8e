package gizmo_test

import (
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"
)

// wall adds a step that back() cannot cross.
func (p *randomPath) wall() { p.tags, p.irreversible = nil, true }

// labelContext restricts the steps after it to edges with some labels. Only a tag
// right before it can be returned to.
func (a *queryMaker) labelContext(p *randomPath) *randomPath {
	q := *p
	q.tags, q.irreversible = nil, q.irreversible || len(p.steps) > 0
	if !p.inLabelContext {
		q.tags = p.tagged
	}
	if q.inLabelContext && a.IntN(2) == 0 {
		q.inLabelContext = false
		return a.add(q, "labelContext(null)", labelContext(nil, nil))
	}
	q.inLabelContext = true
	labels := withoutDuplicates([]quad.Value{pick(a, askLabels), pick(a, askLabels)})
	switch a.IntN(5) {
	case 0:
		return a.labelColumn(q)
	case 1, 2:
		return a.add(q, "labelContext(["+scriptTexts(labels)+"])", labelContext(func(naive) []naiveRow { return starts(labels) }, nil))
	}
	return a.add(q, "labelContext("+scriptText(labels[0])+")", labelContext(func(naive) []naiveRow { return starts(labels[:1]) }, nil))
}

// labelColumn names the label of one step.
func (a *queryMaker) labelColumn(q randomPath) *randomPath {
	name := a.name(&q)
	p := a.add(q, fmt.Sprintf("labelContext(g.V(), %q)", name), labelContext(func(n naive) []naiveRow { return starts(n.nodes()) }, []string{name}))
	for _, move := range []func(*randomPath) *randomPath{a.walk, a.has, a.save} {
		if next := move(p); next != nil && a.IntN(2) == 0 {
			p = next
			break
		}
	}
	q = *p
	q.inLabelContext, q.tags, q.irreversible = false, nil, true
	return a.add(q, "labelContext(null)", labelContext(nil, nil))
}

func (a *queryMaker) parts(p *randomPath) *randomPath {
	q := *p
	q.wall()
	switch a.IntN(3) {
	case 0:
		return a.add(q, "labels()", incidentTerms([]bool{true, false}, quad.Label))
	case 1:
		return a.add(q, "inPredicates()", incidentTerms([]bool{true}, quad.Predicate))
	}
	return a.add(q, "outPredicates()", incidentTerms([]bool{false}, quad.Predicate))
}

func (a *queryMaker) unique(p *randomPath) *randomPath {
	q := *p
	q.wall()
	return a.add(q, "unique()", distinct)
}

func (a *queryMaker) sorted(p *randomPath) *randomPath {
	q := *p
	if q.followed {
		return nil
	}
	if a.IntN(2) == 0 {
		return a.add(q, "order()", func(n naive, a answer) answer { return a })
	}
	q.wall()
	n := 1 + a.IntN(len(p.answer.rows)+2)
	call, cut := "limit", func(rows []naiveRow) []naiveRow { return rows[:min(n, len(rows))] }
	if a.IntN(2) == 0 {
		call, cut = "skip", func(rows []naiveRow) []naiveRow { return rows[min(n, len(rows)):] }
	}
	return a.add(q, fmt.Sprintf("order().%s(%d)", call, n), func(_ naive, a answer) answer {
		rows := slices.Clone(a.rows)
		slices.SortStableFunc(rows, func(f, g naiveRow) int { return inOrder(f.node, g.node) })
		return a.loosen().withRows(cut(rows))
	})
}

// join is and, or or except with another path.
func (a *queryMaker) join(p *randomPath) *randomPath {
	other := a.addCalls(a.start(p.depth+1), 1+a.IntN(3))
	if len(p.answer.rows) > 0 && a.IntN(2) == 0 {
		other = a.addCalls(a.startAt(p.depth+1, a.here(p), a.here(p)), a.IntN(2))
	}
	q := *p
	switch a.IntN(4) {
	case 0:
		q.names = slices.Concat(q.names, other.names)
		return a.add(q, pick(a, []string{"and", "intersect"})+"("+other.text+")", and(other.evaluate()))
	case 1:
		q.wall()
		q.names = slices.Concat(q.names, other.names)
		return a.add(q, pick(a, []string{"or", "union"})+"("+other.text+")", or(other.evaluate()))
	}
	return a.add(q, pick(a, []string{"except", "difference"})+"("+other.text+")", except(other.evaluate()))
}

func (a *queryMaker) startAt(deep int, nodes ...quad.Value) *randomPath {
	nodes = withoutDuplicates(nodes)
	p := &randomPath{depth: deep, text: "g.V(" + scriptTexts(nodes) + ")"}
	p.steps = []step{func(naive, answer) answer { return answer{rows: starts(nodes)} }}
	p.answer = all(a.graph, p.steps, answer{})
	return p
}

// morphism is a path that another path can follow.
func (a *queryMaker) morphism(p *randomPath, calls int) *randomPath {
	m := &randomPath{text: "g.M()", answer: p.answer, followed: true, depth: p.depth + 1}
	return a.addCalls(m, calls)
}

func (a *queryMaker) follow(p *randomPath) *randomPath {
	if p.inLabelContext {
		return nil
	}
	q := *p
	m := a.morphism(p, 1+a.IntN(3))
	q.names = slices.Concat(q.names, m.names)
	if m.irreversible {
		q.wall()
	}
	if a.IntN(2) == 0 && !m.irreversible {
		return a.add(q, "followR("+m.text+")", followBack(m.steps))
	}
	return a.add(q, "follow("+m.text+")", func(n naive, a answer) answer {
		return follow(m.steps)(n, a).unlabelled()
	})
}

// unlabelled returns the answer without a label context: the context of a
// followed path ends with that path.
func (a answer) unlabelled() answer {
	a.labels, a.tags = nil, nil
	return a
}

func (a *queryMaker) followRecursive(p *randomPath) *randomPath {
	if p.inLabelContext {
		return nil
	}
	q := *p
	q.wall()
	predicate := a.predicate(p, false)
	text, steps := scriptText(predicate), []step{walk([]bool{false}, func(naive) []naiveRow { return starts([]quad.Value{predicate}) }, nil)}
	if a.IntN(2) == 0 && p.depth < 2 {
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
