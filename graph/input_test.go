package graph_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

const (
	winking = "verbs:\n  - {id: winked-at, kind: interaction, phrases: [winked at], subject: [Person], object: [Person], needs-object: true}\n"
	nodding = "verbs:\n  - {id: nodded-to, kind: interaction, phrases: [nodded to], subject: [Person], object: [Person], needs-object: true}\n"

	source    = "sources: [{key: s, title: A page, published: 2023-07-13}]\ndefaults: {source: s}\n"
	officials = source + "about: {title: Officials}\npeople: [Xie Feng, Ely Ratner]\n"
)

// writeInput writes a file and returns its path.
func writeInput(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func openInput(t *testing.T, path string, opts *loaders.Options) *loaders.Input {
	t.Helper()
	in, err := loaders.Open(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func loadInput(t *testing.T, g *graph.Graph, in graph.Input, opts *graph.LoadOptions) graph.Report {
	t.Helper()
	report, err := g.LoadInput(t.Context(), in, opts)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// notRead reports whether an input was found to be loaded without being read: the
// report of an input that was read has its facts.
func notRead(r graph.Report) bool { return r.Unchanged && r.Facts == 0 && r.Entities == 0 }

func extended(t *testing.T, text string) *schema.Vocabulary {
	t.Helper()
	v, err := schema.DefaultVocabulary().Extend("verbs.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The graph stores the hash, the origin and the title of an input, and reads only a
// changed input again.
func TestLoadInputNotesTheInput(t *testing.T) {
	g := open(t, t.TempDir())
	path := writeInput(t, "people.yaml", officials+"facts: [Xie Feng met Ely Ratner]\n")
	in := openInput(t, path, nil)
	if r := loadInput(t, g, in, nil); notRead(r) || r.Facts != 1 || r.Entities != 2 {
		t.Errorf("first: %+v", r)
	}
	sets, err := g.Datasets(t.Context())
	if err != nil || len(sets) != 1 || sets[0].Name != "people" || sets[0].Input != in.SHA256 || sets[0].About["title"] != "Officials" {
		t.Errorf("%+v, %v", sets, err)
	}
	if real, _ := filepath.EvalSymlinks(path); sets[0].Origin != real {
		t.Errorf("origin %s", sets[0].Origin)
	}
	if r := loadInput(t, g, in, nil); !notRead(r) {
		t.Errorf("the same input: %+v", r)
	}
	if r := loadInput(t, g, openInput(t, path, nil), nil); !notRead(r) {
		t.Errorf("the same file, opened again: %+v", r)
	}
	if err := os.WriteFile(path, []byte(officials+"facts: [Ely Ratner met Xie Feng]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := loadInput(t, g, openInput(t, path, nil), nil); r.Unchanged {
		t.Errorf("another file: %+v", r)
	}
	other := openInput(t, writeInput(t, "people.yaml", officials), nil)
	if _, err := g.LoadInput(t.Context(), other, nil); !errors.Is(err, graph.ErrElsewhere) {
		t.Errorf("a file of another place: %v", err)
	}
	loadInput(t, g, other, &graph.LoadOptions{Replace: true})
}

// An input is read with the verbs of the graph and with its caller's verbs.
func TestLoadInputUsesTheVerbsOfTheGraph(t *testing.T) {
	dir := t.TempDir()
	g, err := graph.Open(t.Context(), dir, &graph.Options{Vocabulary: extended(t, winking)})
	if err != nil {
		t.Fatal(err)
	}
	wink := writeInput(t, "wink.yaml", officials+"facts: [Xie Feng winked at Ely Ratner]\n")
	loadInput(t, g, openInput(t, wink, nil), nil)
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}

	g = open(t, dir)
	if r := loadInput(t, g, openInput(t, wink, nil), nil); !notRead(r) {
		t.Errorf("with the vocabulary of the graph: %+v", r)
	}
	both := writeInput(t, "both.yaml", officials+"facts:\n - Xie Feng winked at Ely Ratner\n - Xie Feng nodded to Ely Ratner\n")
	in := openInput(t, both, &loaders.Options{Vocabulary: extended(t, nodding)})
	if r := loadInput(t, g, in, nil); r.Facts != 2 {
		t.Errorf("with both: %+v", r)
	}
	if r := loadInput(t, g, in, nil); !notRead(r) {
		t.Errorf("again: %+v", r)
	}
	if _, ok := g.Vocabulary().Lookup("nodded-to"); !ok {
		t.Error("the graph has not learnt the verb")
	}
	clash := extended(t, "verbs:\n  - {id: winked-at, kind: interaction, phrases: [winked at], subject: [Person]}\n")
	if _, err := g.LoadInput(t.Context(), openInput(t, wink, &loaders.Options{Vocabulary: clash}), nil); err == nil {
		t.Error("a vocabulary that contradicts the graph's is accepted")
	}
}

// Names of other datasets come from the datasets of With and from inputs read before.
func TestLoadInputUsesNamesOfOthers(t *testing.T) {
	first := writeInput(t, "first.yaml", officials)
	then := writeInput(t, "then.yaml", source+"people: [Qin Gang]\nfacts: [Xie Feng met Ely Ratner]\n")
	g := open(t, t.TempDir())
	loadInput(t, g, openInput(t, first, nil), nil)

	var rows int
	_, err := g.LoadInput(t.Context(), openInput(t, then, nil), &graph.LoadOptions{OnReject: func(error) { rows++ }})
	if !errors.Is(err, graph.ErrRejected) || rows == 0 {
		t.Errorf("without names: %d rows rejected, %v", rows, err)
	}
	if _, err := g.LoadInput(t.Context(), openInput(t, then, nil), &graph.LoadOptions{With: []string{"nobody"}}); !errors.Is(err, graph.ErrNotFound) || schema.Hint(err) != "loaded datasets: first" {
		t.Errorf("with a dataset that is not there: %v", err)
	}
	in, with := openInput(t, then, nil), &graph.LoadOptions{With: []string{"first"}}
	if r := loadInput(t, g, in, with); r.Facts != 1 {
		t.Errorf("%+v", r)
	}
	if r := loadInput(t, g, in, with); !notRead(r) {
		t.Errorf("again: %+v", r)
	}

	shared := &loaders.Options{Known: loaders.NewNames()}
	if r := loadInput(t, g, openInput(t, first, shared), nil); !notRead(r) {
		t.Errorf("%+v", r)
	}
	in = openInput(t, then, shared)
	loadInput(t, g, in, nil)
	if r := loadInput(t, g, in, nil); !notRead(r) {
		t.Errorf("with the names of an input: %+v", r)
	}
}

// The datasets that an input restores are known to the inputs after it.
func TestLoadInputLearnsWhatWasRestored(t *testing.T) {
	from := open(t, t.TempDir())
	loadInput(t, from, openInput(t, writeInput(t, "people.yaml", officials), nil), nil)
	shared := &loaders.Options{Known: loaders.NewNames()}
	text := openInput(t, writeInput(t, "export.nq", exported(t, from)), shared)

	g := open(t, t.TempDir())
	if r := loadInput(t, g, text, nil); len(r.Restored) != 1 || r.Restored[0].Dataset != "people" {
		t.Errorf("%+v", r)
	}
	loadInput(t, g, openInput(t, writeInput(t, "then.yaml", source+"people: [Qin Gang]\nfacts: [Xie Feng met Ely Ratner]\n"), shared), nil)
}

// Errors of inputs are distinct from errors of the graph.
func TestLoadInputBlamesTheInput(t *testing.T) {
	g := open(t, t.TempDir())
	if _, err := loaders.Open(filepath.Join(t.TempDir(), "none.yaml"), nil); !errors.Is(err, loaders.ErrInput) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	broken := openInput(t, writeInput(t, "broken.yaml", "facts: [\n"), nil)
	if _, err := g.LoadInput(t.Context(), broken, nil); !errors.Is(err, loaders.ErrInput) {
		t.Errorf("a broken file: %v", err)
	}
}
