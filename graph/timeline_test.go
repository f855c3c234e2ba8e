package graph_test

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Of facts that begin on one day, the fact that ends first comes first. Undated facts
// come last, whatever the order in which facts were loaded.
func TestTimeline(t *testing.T) {
	g := open(t, "")
	want := []string{"../2021", "2020", "2023-01-01", "2023-01", "2023", "2023-01-02", "undated"}
	records := world()
	for _, written := range []string{"2023", "", "2023-01-02", "2020", "2023-01", "../2021", "2023-01-01"} {
		records = append(records, meeting(written, paper.ID))
	}
	load(t, g, "d", records...)
	facts, err := g.Timeline(t.Context(), graph.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range facts {
		got = append(got, f.When.String())
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if _, err := g.Timeline(t.Context(), graph.Filter{Conditions: graph.Conditions{Until: "soon"}}); !errors.Is(err, schema.ErrDate) {
		t.Errorf("a bad date: %v", err)
	}
}

// Facts at the same time come in the order of their ids.
func TestTimelineIsInOrderOfIDs(t *testing.T) {
	g := open(t, "")
	records := world()
	for i := range 100 {
		f := meeting([]string{"2023", "2023-01"}[i%2], paper.ID)
		f.Key = strconv.Itoa(i)
		records = append(records, f)
	}
	load(t, g, "d", records...)
	facts, err := g.Timeline(t.Context(), graph.Filter{With: xie.ID})
	if err != nil || len(facts) != 100 {
		t.Fatalf("%d facts: %v", len(facts), err)
	}
	byID := func(a, b schema.Fact) int { return cmp.Compare(a.ID, b.ID) }
	if !slices.IsSortedFunc(facts[:50], byID) || !slices.IsSortedFunc(facts[50:], byID) {
		t.Errorf("ids are out of order")
	}
}
