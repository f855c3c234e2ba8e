package gizmo_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/voc/xsd"
)

// queryMaker makes random queries over a small random graph, as text and as steps
// of the naive evaluation. It continues from the rows that a path has so far, so
// that most queries find something.
type queryMaker struct {
	*rand.Rand
	graph   naive
	all     []quad.Value // all nodes
	columns int
}

var (
	askPredicates = []quad.Value{quad.IRI("x:p"), quad.IRI("x:q"), quad.IRI("x:r"), quad.IRI("x:s"), quad.IRI("x:t")}
	askLabels     = []quad.Value{quad.IRI("g:a"), quad.IRI("g:b"), quad.IRI("g:c")}
)

func newAsker(seed uint64) *queryMaker {
	a := &queryMaker{Rand: rand.New(rand.NewPCG(seed, 1))}
	for len(a.graph) < 90 {
		q := quad.Quad{Subject: a.id(), Predicate: pick(a, askPredicates[:4]), Object: a.id(), Label: pick(a, askLabels)}
		if a.IntN(5) < 2 {
			q.Predicate, q.Object = pick(a, askPredicates[2:]), a.literal()
		}
		if a.IntN(6) == 0 {
			q.Label = nil
		}
		if a.IntN(25) == 0 {
			q.Object = pick(a, askPredicates)
		}
		if !slices.Contains(a.graph, q) {
			a.graph = append(a.graph, q)
		}
		if other := (quad.Quad{Subject: q.Subject, Predicate: q.Predicate, Object: q.Object, Label: pick(a, askLabels)}); a.IntN(8) == 0 && !slices.Contains(a.graph, other) {
			a.graph = append(a.graph, other)
		}
	}
	a.all = a.graph.nodes()
	return a
}

func pick[T any](a *queryMaker, from []T) T { return from[a.IntN(len(from))] }

func (a *queryMaker) id() quad.Value { return quad.IRI(fmt.Sprintf("n:%d", a.IntN(18))) }

func (a *queryMaker) literal() quad.Value {
	switch a.IntN(4) {
	case 0:
		return quad.Int(a.IntN(14) - 3)
	case 1:
		return quad.Float(float64(a.IntN(30))/4 - 2.125)
	case 2:
		return quad.TypedString{Value: quad.String(fmt.Sprintf("202%d-0%d-1%d", a.IntN(3), 1+a.IntN(3), a.IntN(3))), Type: xsd.Prefix + "date"}
	}
	return quad.String(pick(a, []string{"a", "ab", "abc", "b", "ba", "cab\nab", "2021", "n:1", "%", "a.c"}))
}

// scriptText returns a value as scripts write it.
func scriptText(v quad.Value) string {
	switch v := v.(type) {
	case quad.TypedString:
		return fmt.Sprintf("date(%q)", string(v.Value))
	case quad.Int:
		return fmt.Sprint(int64(v))
	case quad.Float:
		return fmt.Sprint(float64(v))
	case quad.String:
		return fmt.Sprintf("%q", string(v))
	}
	return fmt.Sprintf("%q", v.String())
}

func scriptTexts(values []quad.Value) string {
	var all []string
	for _, v := range values {
		all = append(all, scriptText(v))
	}
	return strings.Join(all, ", ")
}

// randomPath is a path that is being made.
type randomPath struct {
	text   string
	steps  []step
	answer answer // rows so far; for a followed path, the rows from its start in the other path
	names  []string
	tags   []string // that back can return to

	tagged []string // by the last call

	followed       bool // to be followed by another path
	inLabelContext bool // a label context is in force
	irreversible   bool // it cannot be walked backwards
	depth          int  // number of paths that contain this one
}

// evaluate returns the evaluation of the whole path as part of another one.
func (p *randomPath) evaluate() func(naive) answer {
	return func(n naive) answer { return all(n, p.steps, answer{}) }
}

func (a *queryMaker) nodes(most int) (nodes []quad.Value) {
	for range 1 + a.IntN(most) {
		nodes = append(nodes, pick(a, a.all))
	}
	return nodes
}

// start is V() with some nodes.
func (a *queryMaker) start(deep int) *randomPath {
	p := &randomPath{depth: deep}
	nodes := a.all
	if p.text = "g.V()"; a.IntN(3) > 0 {
		nodes = a.nodes(4)
		for i := range nodes {
			if a.IntN(4) > 0 {
				nodes[i] = a.id()
			}
		}
		p.text = "g.V(" + scriptTexts(nodes) + ")"
	}
	nodes = a.known(nodes)
	p.steps = []step{func(naive, answer) answer { return answer{rows: starts(nodes)} }}
	p.answer = all(a.graph, p.steps, answer{})
	return p
}

// withoutDuplicates returns each value once.
func withoutDuplicates(values []quad.Value) (kept []quad.Value) {
	for _, v := range values {
		if !slices.Contains(kept, v) {
			kept = append(kept, v)
		}
	}
	return kept
}

// known returns the values that the quads have.
func (a *queryMaker) known(values []quad.Value) []quad.Value {
	return slices.DeleteFunc(withoutDuplicates(values), func(v quad.Value) bool { return !slices.Contains(a.all, v) })
}

// add returns the path with one more call.
func (a *queryMaker) add(p randomPath, call string, s step) *randomPath {
	p.text += "." + call
	p.steps = append(slices.Clone(p.steps), s)
	p.answer = s(a.graph, p.answer)
	p.tagged = nil
	return &p
}

func (a *queryMaker) name(p *randomPath) string {
	a.columns++
	name := fmt.Sprint("c", a.columns)
	p.names = append(slices.Clone(p.names), name)
	return name
}

// most bounds the rows of a path.
const most = 300

// addCalls adds a number of random calls, most of which leave rows. Calls within
// other paths always do, and no call follows one that leaves no row: a path
// without rows may be refused although the whole query has rows.
func (a *queryMaker) addCalls(p *randomPath, calls int) *randomPath {
	for range calls {
		if len(p.answer.rows) == 0 && !p.followed {
			return p
		}
		for try := range 8 {
			next := pick(a, a.possibleCalls(p))(p)
			if next == nil || len(next.answer.rows) > most || len(next.answer.rows) == 0 && (try < 7 || p.depth > 0) {
				continue
			}
			p = next
			break
		}
	}
	return p
}

// possibleCalls lists what can be called, some of it several times to have it more often.
func (a *queryMaker) possibleCalls(p *randomPath) []func(*randomPath) *randomPath {
	moves := []func(*randomPath) *randomPath{
		a.walk, a.walk, a.walk, a.walk, a.has, a.has, a.is, a.filter, a.tag, a.tag, a.save, a.save, a.save, a.savePredicates,
		a.labelContext, a.parts, a.unique, a.followRecursive, a.sorted,
	}
	if p.depth < 2 {
		moves = append(moves, a.join, a.join, a.follow, a.follow)
	}
	if len(p.tags) > 0 {
		moves = append(moves, a.back, a.back)
	}
	return moves
}
