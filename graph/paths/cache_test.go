package paths_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// TestCache opens a view from its file, from a damaged file, and from the file of an
// earlier state of the graph. The answers always match the current graph.
func TestCache(t *testing.T) {
	dir := t.TempDir()
	g, err := graph.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	_, facts := world(rand.New(rand.NewPCG(3, 3)))
	chain := []schema.Fact{fact("person:a", "met", "person:b", "2021", ""), fact("person:b", "called", "person:c", "2022", "")}
	load(t, g, append(facts, chain...))
	views := paths.NewViews(g)
	hops := func(views *paths.Views) int {
		v, err := views.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		p, _, err := v.Shortest(t.Context(), "person:a", "person:c", paths.Query{})
		if err != nil {
			t.Fatal(err)
		}
		return len(p.Hops)
	}
	if n := hops(views); n != 2 {
		t.Fatalf("%d hops, not 2", n)
	}
	file := filepath.Join(dir, "graph.paths")
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := hops(paths.NewViews(g)); n != 2 {
		t.Errorf("from its file: %d hops", n)
	}
	for at := 0; at < len(good); at += 1 + len(good)/200 {
		bad := append([]byte(nil), good...)
		bad[at] ^= 0x10
		if err := os.WriteFile(file, bad, 0o644); err != nil {
			t.Fatal(err)
		}
		if n := hops(paths.NewViews(g)); n != 2 {
			t.Errorf("damaged at byte %d: %d hops", at, n)
		}
	}
	if err := os.WriteFile(file, good[:len(good)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	if n := hops(paths.NewViews(g)); n != 2 {
		t.Errorf("cut: %d hops", n)
	}
	before, err := views.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer before.Close()
	load(t, g, append(facts, append(chain, fact("person:a", "met", "person:c", "2023", ""))...))
	if err := os.WriteFile(file, good, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, views := range []*paths.Views{views, paths.NewViews(g)} {
		if n := hops(views); n != 1 {
			t.Errorf("after a load: %d hops, not 1", n)
		}
	}
	if p, _, err := before.Shortest(t.Context(), "person:a", "person:c", paths.Query{}); err != nil || len(p.Hops) != 2 {
		t.Errorf("a view that is held changed: %v, %v", p, err)
	}
}

func TestBadQuestions(t *testing.T) {
	v := viewOf(t, []schema.Fact{fact("person:a", "met", "person:b", "2023", "")})
	for name, q := range map[string]paths.Query{
		"rank": {Rank: "x"}, "hops": {Hops: 65}, "kind": {Through: []schema.Kind{"x"}}, "direction": {Direction: "x"},
		"sources":    {Conditions: &graph.Conditions{MinSources: -1}},
		"confidence": {Conditions: &graph.Conditions{MinConfidence: 2}},
		"disputed":   {Conditions: &graph.Conditions{Disputed: "x"}},
		"roles":      {Conditions: &graph.Conditions{Roles: "x"}},
		"status":     {Conditions: &graph.Conditions{Statuses: []schema.Status{"x"}}},
		"standing":   {Conditions: &graph.Conditions{Standings: []schema.Standing{"x"}}},
		"contained":  {Conditions: &graph.Conditions{Contained: true}},
	} {
		if _, _, err := v.Shortest(t.Context(), "person:a", "person:b", q); !errors.Is(err, paths.ErrQuery) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
