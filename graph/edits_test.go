package graph_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// A load does not undo what updates have changed, unless it is to.
func TestLoadsKeepEdits(t *testing.T) {
	g := open(t, "")
	met, later := normal(meeting("2023-07-12", paper.ID)), normal(meeting("2023-07-14", paper.ID))
	hand := normal(meeting("2024", wire.ID))
	options := func(input string, replace bool) *graph.LoadOptions {
		return &graph.LoadOptions{Input: input, Origin: "/tmp/facts.yaml", Replace: replace}
	}
	put := func(input string, replace bool, facts ...schema.Record) (graph.Report, error) {
		return g.Load(t.Context(), "d", sequence(append(world(), facts...)...), options(input, replace))
	}
	if _, err := put("1", false, met, later); err != nil {
		t.Fatal(err)
	}
	loaded := digest(t, g)
	edit := func() {
		update(t, g, "d", func(tx *graph.Tx) error {
			f, err := tx.Fact(later.ID)
			if err != nil {
				return err
			}
			f.Evidence[0].Note = "noted"
			return errors.Join(tx.Add(hand), tx.Remove(met.ID), tx.Put(f))
		})
	}
	edit()
	want := graph.Edits{Added: []schema.ID{hand.ID}, Changed: []schema.ID{later.ID}, Removed: []schema.ID{met.ID}}
	if want.String() != "1 fact added, 1 fact changed, 1 fact removed" {
		t.Error(want)
	}
	edited := digest(t, g)
	report, err := put("1", false, met, later)
	if err != nil || !report.Unchanged || !reflect.DeepEqual(report.Edits, want) || digest(t, g) != edited {
		t.Errorf("the same input: %+v, %v", report, err)
	}
	report, err = put("2", false, met, later, meeting("2021", paper.ID))
	refused := (*graph.EditsError)(nil)
	if !errors.Is(err, graph.ErrEdited) || !errors.As(err, &refused) || !reflect.DeepEqual(refused.Undone, want) || digest(t, g) != edited {
		t.Errorf("another input: %+v, %v", report, err)
	}
	noted := later
	noted.Evidence = slices.Clone(noted.Evidence)
	noted.Evidence[0].Note = "noted"
	if report, err = put("3", false, noted, hand, meeting("2021", paper.ID)); err != nil || report.Undone.Len() > 0 {
		t.Errorf("an input with all changes: %+v, %v", report, err)
	}
	if edits, err := g.Edits(t.Context(), "d"); err != nil || edits.Len() > 0 {
		t.Errorf("edits are left: %+v, %v", edits, err)
	}
	if _, err = put("1", true, met, later); err != nil || digest(t, g) != loaded {
		t.Fatal(err)
	}
	edit()
	report, err = put("1", true, met, later)
	if err != nil || report.Unchanged || !reflect.DeepEqual(report.Undone, want) || digest(t, g) != loaded {
		t.Errorf("the same input with Replace: %+v, %v", report, err)
	}
	edit()
	report, err = g.Forget(t.Context(), "d")
	if want.Removed = nil; err != nil || !reflect.DeepEqual(report.Undone, want) {
		t.Errorf("forgotten: %+v, %v", report, err)
	}
	if edits, err := g.Edits(t.Context(), "d"); err != nil || edits.Len() > 0 {
		t.Errorf("edits of a forgotten dataset: %+v, %v", edits, err)
	}
}

// A dataset that updates have made is not replaced by a load of its name, unless the
// load has all of it.
func TestLoadsKeepWhatUpdatesMade(t *testing.T) {
	g := open(t, "")
	met := normal(meeting("2023-07-12", paper.ID))
	update(t, g, "d", func(tx *graph.Tx) error { return tx.Add(append(world(), met)...) })
	options := &graph.LoadOptions{Input: "1", Origin: "/tmp/facts.yaml"}
	if _, err := g.Load(t.Context(), "d", sequence(world()...), options); !errors.Is(err, graph.ErrEdited) {
		t.Errorf("a load with less: %v", err)
	}
	if _, err := g.Load(t.Context(), "d", sequence(append(world(), met, meeting("2021", wire.ID))...), options); err != nil {
		t.Errorf("a load with more: %v", err)
	}
	options.Origin, options.Input = "/tmp/other.yaml", "2"
	if _, err := g.Load(t.Context(), "d", sequence(world()...), options); !errors.Is(err, graph.ErrElsewhere) {
		t.Errorf("from elsewhere: %v", err)
	}
}

// Backups, exports and rebuilt graphs are as those of any graph.
func TestEditsAreKept(t *testing.T) {
	dir := t.TempDir()
	g, err := graph.Open(t.Context(), dir+"/g", nil)
	if err != nil {
		t.Fatal(err)
	}
	met := normal(meeting("2023-07-12", paper.ID))
	load(t, g, "d", world()...)
	update(t, g, "d", func(tx *graph.Tx) error { return tx.Add(met) })
	want := digest(t, g)
	h := open(t, "")
	load(t, h, "in", nquadsText(exported(t, g)))
	if digest(t, h) != want {
		t.Error("the export is another graph")
	}
	if edits, err := h.Edits(t.Context(), "d"); err != nil || edits.Len() > 0 {
		t.Errorf("an export has edits: %+v, %v", edits, err)
	}
	load(t, g, "in", nquadsText(exported(t, g)))
	check := func(g *graph.Graph) {
		t.Helper()
		edits, err := g.Edits(t.Context(), "d")
		if err != nil || !slices.Equal(edits.Added, []schema.ID{met.ID}) || digest(t, g) != want {
			t.Errorf("%+v, %v", edits, err)
		}
	}
	check(g)
	if err := errors.Join(g.Backup(t.Context(), dir+"/backup"), g.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := graph.Restore(t.Context(), dir+"/backup", dir+"/restored", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := graph.Rebuild(t.Context(), dir+"/g", dir+"/rebuilt", nil); err != nil {
		t.Fatal(err)
	}
	check(open(t, dir+"/restored"))
	check(open(t, dir+"/rebuilt"))
}
