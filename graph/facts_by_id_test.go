package graph_test

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

// MapFacts selects the same facts as Facts, in the order of their ids, and reports the
// same facts as left out.
func TestMapFactsSelectsAsFactsDoes(t *testing.T) {
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	for seed, name := range []string{"b", "a"} { // two datasets with facts in common
		if _, err := g.Load(t.Context(), name, synth.Records(300+seed, 1), nil); err != nil {
			t.Fatal(err)
		}
	}
	filters := map[string]graph.Filter{
		"all": {}, "happened": {Conditions: graph.Happened()}, "about": {About: []schema.ID{"country:synth-1"}},
		"with": {With: "person:synth-3"}, "period": {Conditions: graph.Conditions{Since: "2005", Until: "2010"}},
		"dataset": {Conditions: graph.Conditions{Datasets: []string{"a"}}}, "verb": {Conditions: graph.Conditions{Verbs: []schema.Verb{"met"}}},
		"disputed": {Conditions: graph.Conditions{Standings: []schema.Standing{schema.StandingDisputed}}},
	}
	for name, f := range filters {
		for _, processors := range []int{1, 2} {
			before := runtime.GOMAXPROCS(processors)
			checkMapFacts(t, g, name, f)
			runtime.GOMAXPROCS(before)
		}
	}
}

func checkMapFacts(t *testing.T, g *graph.Graph, name string, f graph.Filter) {
	t.Helper()
	through, omitted := map[schema.ID][]schema.ID{}, 0
	f.OnThrough = func(fact schema.Fact, ids []schema.ID) { through[fact.ID] = ids }
	f.OnUndated = func(schema.Fact) { omitted++ }
	f.OnUnasserted = f.OnUndated
	var want []graph.Selected
	for fact, err := range g.Facts(t.Context(), f) {
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, graph.Selected{Fact: fact, Through: through[fact.ID]})
	}
	slices.SortFunc(want, func(a, b graph.Selected) int { return compareIDs(a.ID, b.ID) })
	wantOmitted := omitted
	omitted = 0
	var got []graph.Selected
	for part, err := range graph.MapFacts(t.Context(), g, f, func(part []graph.Selected) ([]graph.Selected, error) { return part, nil }) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, part...)
	}
	if len(got) != len(want) || len(got) == 0 || omitted != wantOmitted {
		t.Fatalf("%s: %d facts and %d omitted, want %d and %d", name, len(got), omitted, len(want), wantOmitted)
	}
	rows := collect(t, graph.MapFactRows(t.Context(), g, f, func(part []graph.Selected) ([]schema.ID, error) { return idsOfSelected(part), nil }))
	if !slices.Equal(rows, idsOfSelected(want)) || omitted != 2*wantOmitted {
		t.Fatalf("%s: %d rows, want %d, or in another order", name, len(rows), len(want))
	}
	for i := range got {
		if !reflect.DeepEqual(got[i].Fact, want[i].Fact) || !slices.Equal(got[i].Through, want[i].Through) {
			t.Fatalf("%s: got\n%+v\nwant\n%+v", name, got[i], want[i])
		}
	}
}

func idsOfSelected(facts []graph.Selected) (ids []schema.ID) {
	for i := range facts {
		ids = append(ids, facts[i].ID)
	}
	return ids
}

// MapFactRows yields the rows of several batches in the order of MapFacts, until its loop
// ends, which ends all goroutines.
func TestMapFactRowsOfManyFacts(t *testing.T) {
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if _, err := g.Load(t.Context(), "d", synth.Records(6000, 1), nil); err != nil {
		t.Fatal(err)
	}
	ids := func(part []graph.Selected) ([]schema.ID, error) { return idsOfSelected(part), nil }
	for _, f := range []graph.Filter{{}, {Conditions: graph.Conditions{Verbs: []schema.Verb{"met"}}}} {
		want := slices.Concat(collect(t, graph.MapFacts(t.Context(), g, f, ids))...)
		if got := collect(t, graph.MapFactRows(t.Context(), g, f, ids)); !slices.Equal(got, want) {
			t.Errorf("%d rows, want %d, or in another order", len(got), len(want))
		}
	}
	before, n := runtime.NumGoroutine(), 0
	for _, err := range graph.MapFactRows(t.Context(), g, graph.Filter{}, ids) {
		if n++; err != nil || n == 5000 {
			break
		}
	}
	checkEnded(t, before)
	bad := func([]graph.Selected) ([]int, error) { return nil, graph.ErrQuery }
	if err := last(graph.MapFactRows(t.Context(), g, graph.Filter{}, bad)); err != graph.ErrQuery {
		t.Errorf("error %v", err)
	}
}

func compareIDs(a, b schema.ID) int {
	if a < b {
		return -1
	}
	return 1
}

// checkEnded waits until there are no more goroutines than before: one that has done its
// work may not have ended yet.
func checkEnded(t *testing.T, before int) {
	t.Helper()
	for range 500 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

// Leaving the loop, an error of fn and the end of a context end all goroutines.
func TestMapFactsEnds(t *testing.T) {
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if _, err := g.Load(t.Context(), "d", synth.Records(1500, 1), nil); err != nil {
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	keep := func(part []graph.Selected) (int, error) { return len(part), nil }
	for n, err := range graph.MapFacts(t.Context(), g, graph.Filter{}, keep) {
		if err != nil || n == 0 {
			t.Fatal(n, err)
		}
		break
	}
	checkEnded(t, before)
	bad := func([]graph.Selected) (int, error) { return 0, graph.ErrQuery }
	if err := last(graph.MapFacts(t.Context(), g, graph.Filter{}, bad)); err != graph.ErrQuery {
		t.Errorf("error %v", err)
	}
	if err := last(graph.MapFacts(t.Context(), g, graph.Filter{Facts: []schema.ID{"fact:none"}}, keep)); err == nil {
		t.Error("no error of an unknown fact")
	}
}

// Leaving a list of facts, and the end of its context, end all goroutines at once.
func TestFactsEnd(t *testing.T) {
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if _, err := g.Load(t.Context(), "d", synth.Records(3000, 1), nil); err != nil {
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	for range 20 {
		for _, err := range g.Facts(t.Context(), graph.Filter{}) {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	checkEnded(t, before)
	stop := errors.New("stop")
	for _, after := range []int{0, 1, 300} {
		ctx, cancel := context.WithCancelCause(t.Context())
		n, err := 0, error(nil)
		for _, err = range g.Facts(ctx, graph.Filter{}) {
			if err != nil {
				break
			}
			if n++; n > after {
				cancel(stop)
			}
		}
		cancel(nil)
		if err != stop || n != after+1 {
			t.Errorf("cancelled after %d facts: %d came, error %v", after, n, err)
		}
	}
	checkEnded(t, before)
}

func last[T any](seq func(func(T, error) bool)) (err error) {
	for _, err = range seq {
	}
	return err
}

// Facts with long quotes, which are too large to be read together, are read in parts.
func TestMapFactsReadsLargeFacts(t *testing.T) {
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	quote := strings.Repeat("A long quote. ", 3000)
	records := func(yield func(schema.Record, error) bool) {
		for r, err := range synth.Records(800, 1) {
			if f, ok := r.(schema.Fact); ok {
				for i := range f.Evidence {
					f.Evidence[i].Quote = quote + string(f.ID) + f.Evidence[i].Quote
				}
			}
			if !yield(r, err) {
				return
			}
		}
	}
	if _, err := g.Load(t.Context(), "d", records, nil); err != nil {
		t.Fatal(err)
	}
	checkMapFacts(t, g, "large facts", graph.Filter{})
}
