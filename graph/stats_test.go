package graph_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

// readStats counts the facts of a graph by reading each of them.
func readStats(t *testing.T, g *graph.Graph) graph.Stats {
	t.Helper()
	v := g.Vocabulary()
	s := graph.Stats{Roles: map[schema.Verb]int{}, Verbs: map[schema.Verb]int{}, Statuses: map[schema.Status]int{}, Standings: map[schema.Standing]int{}}
	for _, f := range collect(t, g.Facts(t.Context(), graph.Filter{})) {
		s.Facts++
		s.Verbs[f.Verb]++
		standing := f.Standing()
		if s.Standings[standing]++; standing.Asserted() {
			s.Statuses[f.Status]++
		}
		s.Evidence += len(f.Evidence)
		for _, e := range v.Edges(f) {
			if e.Role == "" {
				s.Edges++
			} else {
				s.Roles[e.Verb]++
			}
		}
		if !f.When.Dated() {
			if f.Within == nil {
				s.Undated++
			}
			continue
		}
		span, err := f.When.Span(v.VerbKind(f.Verb))
		if err != nil {
			t.Fatal(err)
		}
		if day := span.From.String(); span.From != schema.MinDay && (s.First == "" || day < s.First) {
			s.First = day
		}
		if day := span.To.String(); span.To != schema.MaxDay && day > s.Last {
			s.Last = day
		}
	}
	return s
}

// compareStats compares Stats with what the facts, entities and datasets say.
func compareStats(t *testing.T, name string, g *graph.Graph) {
	t.Helper()
	got, err := g.Stats(t.Context())
	if err != nil {
		t.Fatal(name, err)
	}
	want := readStats(t, g)
	sets, err := g.Datasets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want.Datasets, want.Entities, want.Documents, want.Undeclared = len(sets), got.Entities, got.Documents, got.Undeclared
	v, err := g.Verify(t.Context())
	if err != nil || len(v.Problems) > 0 {
		t.Fatal(name, v.Problems, err)
	}
	if want.Quads = v.Quads; !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n%+v\nand by reading facts\n%+v", name, got, want)
	}
}

// TestStatsOfClaims counts facts of which several datasets, and several pieces of
// evidence of each, say different things.
func TestStatsOfClaims(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 16))
		g := open(t, "")
		for i := range 1 + r.IntN(3) {
			records := world()
			for range 1 + r.IntN(6) {
				records = append(records, randomClaim(r))
			}
			if _, err := g.Load(t.Context(), fmt.Sprint("d", i), sequence(records...), &graph.LoadOptions{MaxErrors: -1}); err != nil {
				t.Fatal(err)
			}
		}
		compareStats(t, fmt.Sprint("seed ", seed), g)
	}
}

// randomClaim returns one of a few facts, with some of the dates and stances that its
// sources may give it.
func randomClaim(r *rand.Rand) schema.Fact {
	starts := []string{"", "2020", "2021-03", ".."}
	ends := []string{"", "", "/", "/..", "/2022", "/2023-05-06"}
	f := schema.Fact{Verb: oneOf[schema.Verb](r, "met", "visited", "part-of", "praised"), When: schema.When{Written: oneOf(r, starts...)}}
	a, b := xie.ID, ratner.ID
	if f.Verb == "part-of" {
		a, b = china.ID, us.ID
	}
	f.Roles = []schema.Participant{{Role: schema.RoleActor, ID: a}, {Role: schema.RoleRecipient, ID: b}}
	f.Status = oneOf(r, schema.Happened, schema.Happened, schema.Planned)
	date := func() schema.When {
		w := schema.When{Written: f.When.Start() + oneOf(r, ends...)}
		if w.Written == ".." {
			w.Written = "../2024"
		}
		if r.IntN(5) == 0 {
			w.ToBy = "2025"
		}
		return w
	}
	f.When = date()
	for i := range 1 + r.IntN(3) {
		e := schema.Evidence{Source: oneOf(r, paper.ID, wire.ID), Quote: fmt.Sprint("quote ", i), Stance: oneOf(r, schema.Asserts, schema.Asserts, schema.Denies, schema.Doubts, schema.Hearsay)}
		if r.IntN(3) == 0 {
			e.When = date()
		}
		f.Evidence = append(f.Evidence, e)
	}
	return f
}

func TestStatsOfWorlds(t *testing.T) {
	g := open(t, "")
	for i, n := range []int{400, 300, 400, 200} {
		seed := uint64(1 + i%3)
		if _, err := g.Load(t.Context(), fmt.Sprint("world", i), synth.Records(n, seed), &graph.LoadOptions{MaxErrors: -1}); err != nil {
			t.Fatal(err)
		}
		compareStats(t, fmt.Sprint(i+1, " worlds"), g)
	}
	for i := range 3 {
		if _, err := g.Forget(t.Context(), fmt.Sprint("world", i)); err != nil {
			t.Fatal(err)
		}
		compareStats(t, fmt.Sprint("without world", i), g)
	}
}

// TestStatsOfEverything counts a graph in which each file is a dataset.
func TestStatsOfEverything(t *testing.T) {
	g := open(t, "")
	files, err := filepath.Glob("export/testdata/everything/*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		in, err := loaders.Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := g.LoadInput(t.Context(), in, nil); err != nil {
			t.Fatal(err)
		}
	}
	compareStats(t, "everything", g)
}
