package export

import (
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
)

func example(t testing.TB) *graph.Graph {
	t.Helper()
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	in, err := loaders.Open("../../examples/us-china-2023", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.LoadInput(t.Context(), in, nil); err != nil {
		t.Fatal(err)
	}
	return g
}

// TestElementsAreWhole checks that ids are unique, that edges join nodes, that each
// value has a column, and that the edges with pair 1 and the facts without a pair are as
// many as the facts.
func TestElementsAreWhole(t *testing.T) {
	g := example(t)
	verb := &graph.Filter{Conditions: graph.Conditions{Verbs: g.Vocabulary().Group("contact")}}
	for _, filter := range []*graph.Filter{nil, verb} {
		for _, collapse := range []bool{false, true} {
			checkElements(t, Selection{Graph: g, Filter: filter}, Options{Collapse: collapse})
		}
	}
}

func checkElements(t *testing.T, s Selection, o Options) {
	t.Helper()
	e := newElements(s, o)
	ids, first, nodes, facts := map[string]bool{}, 0, 0, 0
	for n, err := range e.nodes(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		nodes++
		ids[string(n.id)] = true
		if len(n.values) != len(e.nodeColumns()) {
			t.Fatalf("%s has %d values", n.id, len(n.values))
		}
	}
	edges := 0
	for x, err := range e.edges(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		edges++
		if !ids[string(x.from)] || !ids[string(x.to)] {
			t.Errorf("%s joins %s and %s", x.id, x.from, x.to)
		}
		if len(x.values) != len(e.edgeColumns()) {
			t.Fatalf("%s has %d values", x.id, len(x.values))
		}
		if ids[x.id] && x.id != x.values[0].text || ids[x.id] && !o.Collapse {
			t.Errorf("%s is the id of two elements", x.id)
		}
		ids[x.id] = true
		if o.Collapse && x.values[4].text == "1" {
			first++
		}
	}
	for _, err := range s.facts(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		facts++
	}
	if o.Collapse && first+e.unlinked != facts {
		t.Errorf("%d first pairs and %d unlinked facts of %d", first, e.unlinked, facts)
	}
	if len(ids) != nodes+edges || edges == 0 || !o.Collapse && nodes <= facts {
		t.Errorf("%d ids of %d nodes and %d edges, %d facts", len(ids), nodes, edges, facts)
	}
}
