package export_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// everything is a temporary graph of testdata/everything, each file of which is one
// dataset: all that an export can meet, apart from control characters, which the
// loaders refuse. [noise] has those.
func everything(t *testing.T) *graph.Graph {
	t.Helper()
	files, err := filepath.Glob("testdata/everything/*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	slices.Sort(files)
	return loadFiles(t, files...)
}

// loadFiles is a temporary graph of the files, loaded in their order.
func loadFiles(t *testing.T, files ...string) *graph.Graph {
	t.Helper()
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	for _, file := range files {
		in, err := loaders.Open(file, nil)
		if err != nil {
			t.Fatal(err)
		}
		report, err := g.LoadInput(t.Context(), in, nil)
		if err != nil || report.Rejected > 0 {
			t.Fatalf("%s: %+v %v", file, report, err)
		}
	}
	return g
}

// The graph has every status, stance, kind of entity and form of date, so that a
// test over it leaves none of them out.
func TestEverythingHasEverything(t *testing.T) {
	t.Parallel()
	g := everything(t)
	seen := map[any]bool{}
	for f, err := range g.Facts(t.Context(), graph.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		seen[f.Status], seen[f.Standing()] = true, true
		for _, e := range f.Evidence {
			seen[e.Stance] = true
		}
		for _, l := range f.Links {
			seen[l.Type] = true
		}
		for _, r := range f.Roles {
			seen[r.Role] = true
		}
		seen["dateless"] = seen["dateless"] || f.When.IsZero() && f.Within == nil
		seen["within"] = seen["within"] || f.Within != nil
		days, _ := f.When.Span(schema.Interaction)
		seen["open start"] = seen["open start"] || days.From == schema.MinDay
		seen["open end"] = seen["open end"] || days.To == schema.MaxDay
	}
	for e, err := range g.Entities(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		seen[e.Kind] = true
	}
	for _, want := range wanted() {
		if !seen[want] {
			t.Errorf("no %T %v in testdata/everything", want, want)
		}
	}
}

// wanted lists what the graph must have.
func wanted() []any {
	all := []any{"dateless", "within", "open start", "open end"}
	for _, s := range schema.Statuses() {
		all = append(all, s)
	}
	for _, s := range schema.Standings() {
		all = append(all, s)
	}
	for _, s := range schema.Stances() {
		all = append(all, s)
	}
	for _, l := range schema.LinkTypes() {
		all = append(all, l)
	}
	for _, k := range schema.Kinds() {
		if k != schema.KindFact {
			all = append(all, k)
		}
	}
	for _, r := range schema.DefaultVocabulary().Roles() {
		if r != schema.RoleAt {
			all = append(all, r)
		}
	}
	return all
}
