package graph_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

var francis = entity("person:francis", "Pope Francis")

// agreement returns a fact with a mediator, from one document.
func agreement(stance schema.Stance) []schema.Record {
	f := schema.Fact{Verb: "agreed-with", When: schema.When{Written: "2014-12-17"}, Evidence: []schema.Evidence{{Source: paper.ID, Stance: stance}},
		Roles: []schema.Participant{{Role: "party", ID: us.ID}, {Role: "party", ID: china.ID}, {Role: "mediator", ID: francis.ID}}}
	return []schema.Record{us, china, francis, paper, f}
}

func mediations(t *testing.T, g *graph.Graph) (n int) {
	t.Helper()
	s, err := g.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for q, err := range s.Match(t.Context(), store.Pattern{Subject: francis.ID.Value(), Predicate: schema.Term("mediated-for")}) {
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := schema.FactOf(q.Label); !ok {
			t.Errorf("%v is labelled with no fact", q)
		}
		n++
	}
	return n
}

// Edges of roles exist while a source asserts the fact.
func TestRoleEdgesFollowTheirFact(t *testing.T) {
	g := open(t, "")
	load(t, g, "one", agreement(schema.Asserts)...)
	load(t, g, "two", agreement(schema.Denies)...)
	for _, step := range []struct {
		do   func() error
		want int
	}{
		{func() error { return nil }, 2},
		{func() error { _, err := g.Forget(t.Context(), "one"); return err }, 0},
		{func() error { load(t, g, "one", agreement(schema.Asserts)...); return nil }, 2},
		{func() error { load(t, g, "one", agreement(schema.Doubts)...); return nil }, 0},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		if n := mediations(t, g); n != step.want {
			t.Errorf("%d edges of the mediator, want %d", n, step.want)
		}
		if v, err := g.Verify(t.Context()); err != nil || len(v.Problems) > 0 {
			t.Errorf("%v %v", v.Problems, err)
		}
	}
}

func TestRoleEdgesAreCountedAndFoundApart(t *testing.T) {
	g := open(t, "")
	load(t, g, "one", agreement(schema.Asserts)...)
	s, err := g.Stats(t.Context())
	if err != nil || s.Edges != 2 || len(s.Roles) != 1 || s.Roles["mediated-for"] != 2 {
		t.Errorf("%d edges, of roles %v, %v", s.Edges, s.Roles, err)
	}
	for _, test := range []struct {
		verbs []schema.Verb
		want  int
	}{{[]schema.Verb{"mediated-for"}, 1}, {[]schema.Verb{"was-host-to"}, 0}, {[]schema.Verb{"agreed-with"}, 1}, {[]schema.Verb{"met", "mediated-for"}, 1}} {
		n := 0
		for _, err := range g.Facts(t.Context(), graph.Filter{Conditions: graph.Conditions{Verbs: test.verbs}}) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != test.want {
			t.Errorf("%v: %d facts", test.verbs, n)
		}
	}
}

// older makes a graph as the previous version would have: without role edges.
func older(t *testing.T, dir string) {
	t.Helper()
	s, err := store.Open(filepath.Join(dir, graph.File), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.RemoveMatching(context.Background(), store.Pattern{Predicate: schema.Term("mediated-for")})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOlderGraphsGetTheEdgesOfRoles(t *testing.T) {
	dir := t.TempDir()
	g := open(t, dir)
	load(t, g, "one", agreement(schema.Asserts)...)
	want := digest(t, g)
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	older(t, dir)

	g = open(t, dir)
	v, err := g.Verify(t.Context())
	if err != nil || v.Outdated != 1 || len(v.Problems) != 1 || !strings.Contains(v.Problems[0], "load the datasets again, or rebuild the graph") {
		t.Errorf("verify: %+v, %v", v, err)
	}
	text := exported(t, g)
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}

	restored := open(t, "")
	load(t, restored, "in", nquadsText(text))
	if digest(t, restored) != want {
		t.Error("an export of an older version is restored without the edges of roles")
	}

	to := t.TempDir()
	r, err := graph.Rebuild(t.Context(), dir, filepath.Join(to, "new"), nil)
	if err != nil || !r.Complete() || r.EdgesAdded != 2 || r.EdgesRemoved != 0 || r.Graph.Digest != want || len(r.Incomplete) != 0 {
		t.Errorf("rebuild: %+v, %v", r, err)
	}

	g = open(t, dir)
	load(t, g, "one", agreement(schema.Asserts)...)
	if digest(t, g) != want {
		t.Error("loading again does not bring the edges of roles")
	}
}

// Verify reports a role edge that does not follow from its fact, and one missing edge
// of several.
func TestVerifyKnowsTheEdgesOfRoles(t *testing.T) {
	for _, change := range []func(tx *store.Tx, q quad.Quad) error{
		func(tx *store.Tx, q quad.Quad) error { _, err := tx.RemoveAll([]quad.Quad{q}); return err },
		func(tx *store.Tx, q quad.Quad) error {
			q.Predicate = schema.Term("was-host-to")
			_, err := tx.Add(q)
			return err
		},
	} {
		dir := t.TempDir()
		g := open(t, dir)
		load(t, g, "one", agreement(schema.Asserts)...)
		var edges []schema.Edge
		for f, err := range g.Facts(t.Context(), graph.Filter{}) {
			if err != nil {
				t.Fatal(err)
			}
			edges = slices.DeleteFunc(g.Vocabulary().Edges(f), func(e schema.Edge) bool { return e.Role == "" })
		}
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(filepath.Join(dir, graph.File), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Update(t.Context(), func(tx *store.Tx) error { return change(tx, edges[0].Quad()) }); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		g = open(t, dir)
		if v, err := g.Verify(t.Context()); err != nil || len(v.Problems) != 1 || v.Outdated != 0 {
			t.Errorf("%+v %v", v, err)
		}
	}
}
