package graph_test

import (
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

// ReadMentions has the facts, the dates, the roles and the documents of the facts that are
// read whole, also where several datasets claim a fact.
func TestMentionsAreTheFactsInShort(t *testing.T) {
	g := open(t, t.TempDir())
	records := collect(t, synth.Records(600, 1))
	load(t, g, "a", records...)
	load(t, g, "b", records[:len(records)*3/4]...)
	facts := 0
	for e, err := range g.Entities(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		want := readMentions(t, g, e.ID)
		got, err := graph.ReadMentions(t.Context(), g, e.ID)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(got.Facts, want.Facts, equalMentions) {
			t.Fatalf("%s is mentioned in\n%v, want\n%v", e.ID, got.Facts, want.Facts)
		}
		facts += len(got.Facts)
		if !slices.EqualFunc(sortedSources(got.Sources), sortedSources(want.Sources), equalSources) {
			t.Fatalf("the facts of %s cite\n%v, want\n%v", e.ID, got.Sources, want.Sources)
		}
	}
	if facts < 2000 {
		t.Errorf("only %d facts were compared", facts)
	}
}

// readMentions reads the facts of an entity whole.
func readMentions(t *testing.T, g *graph.Graph, id schema.ID) (m graph.Mentions) {
	stances := map[schema.ID][]schema.Stance{}
	for f, err := range g.Facts(t.Context(), graph.Filter{With: id}) {
		if err != nil {
			t.Fatal(err)
		}
		dated := f.Within != nil || slices.ContainsFunc(f.Dates(), schema.When.Dated)
		mention := graph.Mention{Fact: f.ID, Verb: f.Verb, Dated: dated}
		for _, r := range f.Roles {
			if r.ID == id {
				mention.Roles = append(mention.Roles, r.Role)
			}
		}
		m.Facts = append(m.Facts, mention)
		for _, e := range f.Evidence {
			if e.Source != "" {
				stances[e.Source] = append(stances[e.Source], e.Stance)
			}
		}
	}
	for source, list := range stances {
		m.Sources = append(m.Sources, graph.Cited{Source: source, Stances: list})
	}
	return m
}

func equalMentions(a, b graph.Mention) bool {
	return a.Fact == b.Fact && a.Verb == b.Verb && a.Dated == b.Dated && slices.Equal(sortedSet(a.Roles), sortedSet(b.Roles))
}

func sortedSources(list []graph.Cited) []graph.Cited {
	return slices.SortedFunc(slices.Values(list), func(a, b graph.Cited) int {
		if a.Source < b.Source {
			return -1
		}
		return 1
	})
}

func equalSources(a, b graph.Cited) bool {
	return a.Source == b.Source && slices.Equal(sortedSet(a.Stances), sortedSet(b.Stances))
}

func sortedSet[T ~string](list []T) []T {
	return slices.Compact(slices.Sorted(slices.Values(list)))
}
