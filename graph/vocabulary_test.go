package graph_test

import (
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// A graph is read, checked and changed with the verbs of its loads, whatever
// vocabulary it is opened with.
func TestAGraphKeepsItsVerbs(t *testing.T) {
	const extension = "verbs:\n  - {id: winked-at, kind: interaction, phrases: [winked at], subject: [Person], object: [Person], needs-object: true}\n"
	v, err := schema.DefaultVocabulary().Extend("verbs.yaml", []byte(extension))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	g, err := graph.Open(t.Context(), dir, &graph.Options{Vocabulary: v})
	if err != nil {
		t.Fatal(err)
	}
	wink := meeting("2023", paper.ID)
	wink.Verb = "winked-at"
	load(t, g, "one", append(world(), wink)...)
	load(t, g, "two", append(world(), wink)...)
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	g = open(t, dir)
	if _, err := g.Stats(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := g.Forget(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	check, err := g.Verify(t.Context())
	if err != nil || len(check.Problems) > 0 || check.Edges != 1 {
		t.Errorf("%+v, %v", check, err)
	}
}
