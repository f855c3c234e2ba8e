package export_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/schema/nquads"
)

// The formats of RDF have the same dataset, blank nodes included, for every selection;
// Turtle has its triples. A damaged file has another one.
func TestFormatsOfRDFAreIsomorphic(t *testing.T) {
	t.Parallel()
	canonical := []string{node(t, "jsonld"), filepath.Join(scripts, "rdf_canonical.mjs")}
	all := everything(t)
	contacts := &graph.Filter{Conditions: graph.Conditions{Verbs: all.Vocabulary().Group("contact")}}
	selections := map[string]export.Selection{
		"everything": {Graph: all}, "contacts": {Graph: all, Filter: contacts}, "control characters": {Graph: world(t)},
		"blank nodes": {Graph: blankNodes(t)},
	}
	if g := suite(t); g != nil {
		selections["suite"] = export.Selection{Graph: g}
	}
	folder := t.TempDir()
	var files []string
	add := func(name string, f export.Format, data []byte) {
		files = append(files, filepath.Join(folder, fmt.Sprintf("%02d %s.%s", len(files), name, f)))
		if err := os.WriteFile(files[len(files)-1], data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range sortedKeys(selections) {
		for _, collapse := range []bool{false, true} {
			data := map[export.Format][]byte{}
			for _, f := range []export.Format{export.NQuads, export.TriG, export.JSONLD, export.Turtle} {
				var out bytes.Buffer
				if err := export.Write(t.Context(), &out, f, selections[name], export.Options{Collapse: collapse}); err != nil {
					t.Fatalf("%s as %s: %v", name, f, err)
				}
				data[f] = out.Bytes()
			}
			add(name, export.NQuads, data[export.NQuads])
			add(name, export.TriG, data[export.TriG])
			add(name, export.JSONLD, data[export.JSONLD])
			add(name+" damaged", export.TriG, append(data[export.TriG], "_:x { _:x <x:z> _:x . }"...))
			add(name+" triples", export.NQuads, withoutLabels(t, data[export.NQuads]))
			add(name, export.Turtle, data[export.Turtle])
		}
	}
	answers := run(t, canonical, files)
	for i, of := range []int{0, 0, 0, 0, 4, 4} {
		for at := i; at < len(files); at += 6 {
			same := answers[at-i+of].Error == "" && len(answers[at].differences(answers[at-i+of].Value)) == 0
			if damaged := i == 3; same == damaged {
				t.Errorf("%s is equal: %v\n%v", files[at], same, answers[at].differences(answers[at-i+of].Value))
			}
		}
	}
}

// withoutLabels returns lines of N-Quads as N-Triples.
func withoutLabels(t *testing.T, lines []byte) []byte {
	t.Helper()
	var out []byte
	for r := nquads.NewReader(bytes.NewReader(lines), "in.nq"); ; {
		s, err := r.Read()
		if err != nil {
			return out
		}
		for _, term := range []nquads.Term{s.Subject, s.Predicate, s.Object} {
			out = append(nquads.AppendTerm(out, term), ' ')
		}
		out = append(out, ".\n"...)
	}
}

// blankNodes is a graph of foreign statements about blank nodes, which are subjects,
// objects, types and graphs, and of which some differ only by what they lead to.
func blankNodes(t *testing.T) *graph.Graph {
	t.Helper()
	var text strings.Builder
	for i := range 5 {
		fmt.Fprintf(&text, "_:a%d <http://example.org/p> _:a%d <http://example.org/g> .\n", i, (i+1)%4)
		fmt.Fprintf(&text, "_:a%d <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> _:b%d .\n", i, i%2)
		fmt.Fprintf(&text, "_:a%d <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> \"a literal\"@en _:g%d .\n", i, i%2)
		fmt.Fprintf(&text, "<http://example.org/%d> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/t> _:g%d .\n", i%3, i%2)
	}
	text.WriteString("_:a0 <http://example.org/p> \"the first\" .\n")
	return loadText(t, map[string]string{"blank.nq": text.String()})
}

// suite is a graph of the files of the W3C's test suites that are valid, nil where they
// are absent.
func suite(t *testing.T) *graph.Graph {
	t.Helper()
	texts := map[string]string{}
	for _, folder := range []string{"nquads", "ntriples"} {
		files, _ := filepath.Glob("../../../shared/data/" + folder + "/*.n?")
		for _, file := range files {
			if strings.Contains(file, "-bad-") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(nonEmpty(string(text))) > 0 {
				texts[folder+"-"+strings.ToLower(filepath.Base(file))] = string(text)
			}
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return loadText(t, texts)
}

// nonEmpty returns the lines of a text that are no comments.
func nonEmpty(text string) (lines []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			lines = append(lines, line)
		}
	}
	return lines
}

// loadText is a temporary graph of files with these names and texts.
func loadText(t *testing.T, texts map[string]string) *graph.Graph {
	t.Helper()
	folder := t.TempDir()
	var files []string
	for _, name := range sortedKeys(texts) {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(texts[name]), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, path)
	}
	return loadFiles(t, files...)
}
