package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// TestLibraryLoadsAsTheCommand loads the same inputs with the command and with
// graph.LoadInput: the digests and the lists of datasets are equal, and neither
// loads again what the other loaded.
func TestLibraryLoadsAsTheCommand(t *testing.T) {
	files := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(files, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	people := write("people.yaml", "about: {title: Officials}\nsources: [{key: s, title: A page, published: 2023-07-13}]\ndefaults: {source: s}\npeople: [Xie Feng, Ely Ratner]\nfacts:\n  - Xie Feng met Ely Ratner\n")
	more := write("more.yaml", "sources: [{key: s, title: A page, published: 2023-07-13}]\ndefaults: {source: s}\nfacts:\n  - {fact: Ely Ratner praised Xie Feng, when: 2023-07-14}\n")
	winks := write("winks.yaml", "sources: [{key: s, title: A page, published: 2023-07-13}]\ndefaults: {source: s}\npeople: [Xie Feng, Ely Ratner]\nfacts: [Xie Feng winked at Ely Ratner]\n")
	verbs := write("verbs.yaml", "verbs:\n  - {id: winked-at, kind: interaction, phrases: [winked at], subject: [Person], object: [Person], needs-object: true}\n")
	example := "../../examples/us-china-2023"

	for name, test := range map[string]struct {
		first, then []string
		with        []string
		verbs       string // a file
	}{
		"a folder":                         {then: []string{example}},
		"a file that uses an earlier one":  {then: []string{people, more}},
		"a file that uses a dataset there": {first: []string{example, people}, then: []string{more}, with: []string{"people"}},
		"a file of facts with own verbs":   {then: []string{winks}, verbs: verbs},
		"a graph that has own verbs":       {first: []string{winks}, then: []string{example, more}, with: []string{"winks"}, verbs: verbs},
	} {
		t.Run(name, func(t *testing.T) {
			command, library := filepath.Join(t.TempDir(), "g"), filepath.Join(t.TempDir(), "g")
			inputs, with := [][]string{test.first, test.then}, [][]string{nil, test.with}
			for i, paths := range inputs {
				if len(paths) > 0 {
					loadByCommand(t, command, paths, with[i], test.verbs)
					loadByLibrary(t, library, paths, with[i], test.verbs)
				}
			}
			for _, question := range []string{"verify", "datasets"} {
				if a, b := answer(t, question, "--graph", command), answer(t, question, "--graph", library); a != b {
					t.Errorf("%s of the command:\n%s\nof the library:\n%s", question, a, b)
				}
			}
			for _, r := range loadByLibrary(t, command, test.then, test.with, test.verbs) {
				if !r.Unchanged || r.Facts > 0 {
					t.Errorf("the library loads again what the command loaded: %+v", r)
				}
			}
			before := readFile(t, filepath.Join(library, graph.File))
			said := loadByCommand(t, library, test.then, test.with, test.verbs)
			if strings.Count(said, ",unchanged,") != len(test.then) || readFile(t, filepath.Join(library, graph.File)) != before {
				t.Errorf("the command loads again what the library loaded:\n%s", said)
			}
		})
	}
}

func loadByCommand(t *testing.T, dir string, paths, with []string, verbs string) string {
	t.Helper()
	args := slices.Concat([]string{"load"}, paths, []string{"--graph", dir, "--format", "csv"})
	for _, dataset := range with {
		args = append(args, "--with", dataset)
	}
	if verbs != "" {
		args = append(args, "--vocabulary", verbs)
	}
	return answer(t, args...)
}

func loadByLibrary(t *testing.T, dir string, paths, with []string, verbs string) (reports []graph.Report) {
	t.Helper()
	var vocabulary *schema.Vocabulary
	if verbs != "" {
		text, err := os.ReadFile(verbs)
		if err == nil {
			vocabulary, err = schema.DefaultVocabulary().Extend(verbs, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	g, err := graph.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	known := loaders.NewNames()
	for _, path := range paths {
		in, err := loaders.Open(path, &loaders.Options{Known: known, Vocabulary: vocabulary})
		if err != nil {
			t.Fatal(err)
		}
		report, err := g.LoadInput(t.Context(), in, &graph.LoadOptions{With: with})
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, report)
	}
	return reports
}

// answer runs a command that must succeed.
func answer(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(t.Context(), program, args, nil, &out, &errs); code != exitOK {
		t.Fatalf("entente %s: exit code %d: %s", strings.Join(args, " "), code, &errs)
	}
	return out.String()
}

// readFile returns the content of a file.
func readFile(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
