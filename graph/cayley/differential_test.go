package cayley_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/memstore"
	cpath "github.com/cayleygraph/cayley/query/path"
	"github.com/cayleygraph/cayley/query/shape"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/cayley"
	"github.com/entente-kg/entente/graph/store"
)

// asker makes random queries over a small random graph.
type asker struct {
	*rand.Rand
	nodes, predicates, values []quad.Value
	plain                     bool
}

func (a *asker) node() quad.Value      { return a.nodes[a.IntN(len(a.nodes))] }
func (a *asker) predicate() quad.Value { return a.predicates[a.IntN(len(a.predicates))] }

func newAsker(seed uint64) *asker {
	a := &asker{Rand: rand.New(rand.NewPCG(seed, 3))}
	for i := range 25 {
		a.nodes = append(a.nodes, quad.IRI(fmt.Sprintf("n%02d", i)))
	}
	for i := range 4 {
		a.predicates = append(a.predicates, quad.IRI(fmt.Sprint("p", i)))
	}
	for i := range 20 {
		a.values = append(a.values, quad.Int(i-10), quad.String(fmt.Sprintf("s%02d", i)), quad.Float(float64(i)-9.5))
	}
	return a
}

func (a *asker) graph() (quads []quad.Quad) {
	seen := map[quad.Quad]bool{}
	for range 160 {
		q := quad.Quad{Subject: a.node(), Predicate: a.predicate(), Object: a.node()}
		if a.IntN(3) == 0 {
			q.Object = a.values[a.IntN(len(a.values))]
		}
		if a.IntN(2) == 0 {
			q.Label = quad.IRI(fmt.Sprint("g", a.IntN(3)))
		}
		if !seen[q] {
			quads = append(quads, q)
			seen[q] = true
		}
	}
	return quads
}

// step is one part of a query.
type step struct {
	kind              int
	tag               string
	pred, node, value quad.Value
	label             quad.Value
	op                iterator.Operator
	branch            []step
}

// The first kinds are plain: eval knows them. The others are compared with
// memstore, by their nodes alone: which tags a branch leaves depends on the plan.
const (
	out = iota
	in
	both
	hasNode
	hasReverse
	tagged
	save
	hasFilter
	filter
	outAny
	recursive
	has
	plainKinds
	saveOptional = iota - 1
	labels
	and
	or
	except
	kinds
)

func (a *asker) step(tag string, depth int) step {
	s := step{kind: a.IntN(kinds), tag: tag, pred: a.predicate(), node: a.node(),
		value: a.values[a.IntN(len(a.values))], label: quad.IRI(fmt.Sprint("g", a.IntN(4))), op: iterator.Operator(a.IntN(4))}
	if a.plain {
		s.kind %= plainKinds
	} else if s.kind >= and && depth > 1 {
		s.kind = out
	}
	if s.kind >= and {
		s.branch = a.steps(2, tag+"x", depth+1)
	}
	return s
}

func (a *asker) steps(n int, tag string, depth int) (steps []step) {
	for i := range 1 + a.IntN(n) {
		steps = append(steps, a.step(fmt.Sprint(tag, i), depth))
	}
	return steps
}

// on returns the path with the step added.
func (s step) on(p *cpath.Path) *cpath.Path {
	compare := shape.Comparison{Op: s.op, Val: s.value}
	switch s.kind {
	case out:
		return p.Out(s.pred)
	case in:
		return p.In(s.pred)
	case both:
		return p.Both(s.pred)
	case hasNode:
		return p.Has(s.pred, s.node)
	case hasReverse:
		return p.HasReverse(s.pred, s.node)
	case tagged:
		return p.Tag(s.tag)
	case save:
		return p.Save(s.pred, s.tag)
	case hasFilter:
		return p.HasFilter(s.pred, false, compare)
	case filter:
		return p.Filters(compare)
	case outAny:
		return p.Out()
	case recursive:
		return p.FollowRecursive(cpath.StartMorphism().Out(s.pred), 3, nil)
	case has:
		return p.Has(s.pred)
	case saveOptional:
		return p.SaveOptional(s.pred, s.tag)
	case labels:
		return p.LabelContext(s.label).Out(s.pred)
	}
	return s.join(p)
}

func (s step) join(p *cpath.Path) *cpath.Path {
	other := cpath.StartMorphism(s.node)
	for _, b := range s.branch {
		other = b.on(other)
	}
	switch s.kind {
	case and:
		return p.And(other)
	case or:
		return p.Or(other)
	}
	return p.Except(other)
}

// state is a node that a query has reached, with its tags.
type state struct {
	at   quad.Value
	tags map[string]quad.Value
}

// eval returns the states that a plain step leads to, by looking at every quad.
func (s step) eval(quads []quad.Quad, from []state) (to []state) {
	for _, st := range from {
		for _, q := range quads {
			forth := q.Subject == st.at && (q.Predicate == s.pred || s.kind == outAny)
			back := q.Object == st.at && q.Predicate == s.pred
			switch {
			case (s.kind == out || s.kind == both || s.kind == outAny) && forth:
				to = append(to, state{q.Object, st.tags})
			case s.kind == save && forth:
				tags := maps.Clone(st.tags)
				tags[s.tag] = q.Object
				to = append(to, state{st.at, tags})
			case s.kind == hasNode && forth && q.Object == s.node, s.kind == has && forth,
				s.kind == hasFilter && forth && s.holds(q.Object), s.kind == hasReverse && back && q.Subject == s.node:
				to = append(to, st)
			}
			if (s.kind == in || s.kind == both) && back {
				to = append(to, state{q.Subject, st.tags})
			}
		}
		to = append(to, s.evalNode(quads, st)...)
	}
	return to
}

func (s step) evalNode(quads []quad.Quad, st state) (to []state) {
	switch s.kind {
	case tagged:
		tags := maps.Clone(st.tags)
		tags[s.tag] = st.at
		return []state{{st.at, tags}}
	case filter:
		if s.holds(st.at) {
			return []state{st}
		}
	case recursive:
		once, now := step{kind: out, pred: s.pred}, []state{st}
		for range 3 {
			now = unique(once.eval(quads, now))
			to = append(to, now...)
		}
	}
	return to
}

func unique(states []state) []state {
	slices.SortFunc(states, func(a, b state) int { return cmp.Compare(quad.StringOf(a.at), quad.StringOf(b.at)) })
	return slices.CompactFunc(states, func(a, b state) bool { return a.at == b.at })
}

// holds reports whether a value passes the comparison: only values of the same
// type do, as in Cayley.
func (s step) holds(v quad.Value) bool {
	c := 2
	switch want := s.value.(type) {
	case quad.Int:
		if v, ok := v.(quad.Int); ok {
			c = cmp.Compare(v, want)
		}
	case quad.Float:
		if v, ok := v.(quad.Float); ok {
			c = cmp.Compare(v, want)
		}
	case quad.String:
		if v, ok := v.(quad.String); ok {
			c = cmp.Compare(v, want)
		}
	}
	switch s.op {
	case iterator.CompareLT:
		return c == -1
	case iterator.CompareLTE:
		return c == -1 || c == 0
	case iterator.CompareGT:
		return c == 1
	}
	return c == 1 || c == 0
}

func line(tags map[string]quad.Value) string {
	var parts []string
	for tag, v := range tags {
		parts = append(parts, tag+"="+quad.StringOf(v))
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

// meant returns all correct answers of a plain query: the tags by node.
func meant(quads []quad.Quad, start []quad.Value, steps []step) map[string]map[string]bool {
	var now []state
	for _, v := range start {
		now = append(now, state{v, map[string]quad.Value{}})
	}
	for _, s := range steps {
		now = s.eval(quads, now)
	}
	lines := map[string]map[string]bool{}
	for _, st := range now {
		id := quad.StringOf(st.at)
		if lines[id] == nil {
			lines[id] = map[string]bool{}
		}
		lines[id][line(st.tags)] = true
	}
	return lines
}

// answers returns the results of a query: the tags by node.
func answers(t *testing.T, qs cgraph.QuadStore, start []quad.Value, steps []step) map[string]map[string]bool {
	p := cpath.StartPath(qs, start...)
	for _, s := range steps {
		p = s.on(p)
	}
	lines := map[string]map[string]bool{}
	err := p.Tag("id").Iterate(t.Context()).Paths(true).TagValues(qs, func(tags map[string]quad.Value) error {
		id := quad.StringOf(tags["id"])
		delete(tags, "id")
		if lines[id] == nil {
			lines[id] = map[string]bool{}
		}
		lines[id][line(tags)] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// tryAnswers is answers; ok is false if Cayley panics. With stores that do not
// rewrite shapes it panics on unions that have two empty parts.
func tryAnswers(t *testing.T, qs cgraph.QuadStore, start []quad.Value, steps []step) (_ map[string]map[string]bool, ok bool) {
	defer func() { ok = recover() == nil }()
	return answers(t, qs, start, steps), true
}

// differ describes how the answers of a query differ from the wanted ones.
// Cayley does not follow all combinations of several tags in any store, so that
// lines of a node may be missing, but no line may be wrong.
func differ(got, want map[string]map[string]bool, plain bool) string {
	for id := range want {
		if got[id] == nil {
			return "no " + id
		}
	}
	for id, lines := range got {
		if want[id] == nil {
			return "unexpected " + id
		}
		for l := range lines {
			if plain && !want[id][l] {
				return fmt.Sprintf("%s has the tags %q, not of %q", id, l, slices.Collect(maps.Keys(want[id])))
			}
		}
	}
	return ""
}

// wrapped embeds a quad store, as importers do to add methods.
type wrapped struct{ *cayley.QuadStore }

// TestQueries runs random queries over a live store, a snapshot, a type that
// embeds a quad store, and the engine in memory. It compares plain queries with
// a naive evaluation, and all queries with Cayley's own store in memory.
func TestQueries(t *testing.T) {
	for seed := range uint64(20) {
		a := newAsker(seed)
		quads := a.graph()
		s := openStore(t, t.TempDir(), &store.Options{NoSync: true})
		add(t, s, quads...)
		m := newMemory()
		if _, err := m.AddAll(quads); err != nil {
			t.Fatal(err)
		}
		state, err := m.State()
		if err != nil {
			t.Fatal(err)
		}
		stores := map[string]cgraph.QuadStore{
			"store": live(s), "snapshot": snapshot(t, s), "wrapped": wrapped{snapshot(t, s)},
			"memory": cayley.Live(m.State, m.Update), "state of memory": cayley.New(state),
		}
		for n := range 120 {
			a.plain = n%2 == 0
			start := []quad.Value{a.node(), a.node()}[:1+a.IntN(2)]
			steps := a.steps(4, "t", 0)
			want, ok := meant(quads, start, steps), true
			if !a.plain {
				want, ok = tryAnswers(t, memstore.New(quads...), start, steps)
			}
			if !ok {
				continue
			}
			for name, qs := range stores {
				if diff := differ(answers(t, qs, start, steps), want, a.plain); diff != "" {
					t.Errorf("seed %d, query %d of %s: %s\n%v %+v", seed, n, name, diff, start, steps)
				}
			}
		}
		s.Close()
	}
}
