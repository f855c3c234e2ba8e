package render_test

import (
	"reflect"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/loaders/synth"
)

// A list to which all facts are added at once, on all processors, is the list to which they
// are added one by one.
func TestListOfManyFacts(t *testing.T) {
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if _, err := g.Load(t.Context(), "synth", synth.Records(400, 1), nil); err != nil {
		t.Fatal(err)
	}
	facts, err := g.Timeline(t.Context(), graph.Filter{})
	if err != nil || len(facts) < 300 {
		t.Fatal(len(facts), err)
	}
	want, got := render.New(g).NewFactList(graph.Filter{}), render.New(g).NewFactList(graph.Filter{})
	var all []graph.Selected
	for _, f := range facts {
		all = append(all, graph.Selected{Fact: f})
		if err := want.Add(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	if err := got.AddAll(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Facts, want.Facts) || !reflect.DeepEqual(got.Table.Rows, want.Table.Rows) {
		t.Error("the lists differ")
	}
}
