package rdf_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/foreign/rdf"
	"github.com/entente-kg/entente/schema"
)

// read returns the entities and the facts of a file, in words: names and not ids, since
// JSON has no IRIs.
func read(t testing.TB, path string) (entities, facts []string, statements int, err error) {
	t.Helper()
	in, err := loaders.Open(path, &loaders.Options{Dataset: "d"})
	if err != nil {
		return nil, nil, 0, err
	}
	names := make(map[schema.ID]string)
	for record, err := range in.Records(t.Context()) {
		if err != nil {
			return nil, nil, 0, err
		}
		switch r := record.(type) {
		case schema.Entity:
			names[r.ID] = fmt.Sprint(r.Kind, " ", strings.ReplaceAll(r.Label, ",", ""))
			entities = append(entities, fmt.Sprint(names[r.ID], " born ", r.Born, " ", r.Description))
		case schema.Fact:
			var sides []string
			for _, p := range r.Roles {
				if names[p.ID] != "" { // not a fact
					sides = append(sides, fmt.Sprint(p.Role, " ", names[p.ID]))
				}
			}
			slices.Sort(sides)
			facts = append(facts, fmt.Sprint(r.Verb, " ", r.When.Written, " ", r.Key, " ", r.Evidence[0].Note, " ", sides))
		case schema.NQuads:
			b, _ := r.Open()
			var text bytes.Buffer
			if _, err := text.ReadFrom(b); err != nil {
				return nil, nil, 0, err
			}
			statements += strings.Count(text.String(), "\n")
		}
	}
	slices.Sort(entities)
	slices.Sort(facts)
	return entities, facts, statements, nil
}

const shared = "../../../../shared/data/popolo/spec-examples"

// The examples of Popolo's specification make the same entities and facts as JSON and as
// Turtle. Where the two files say different things, the test makes them say the same:
// person.ttl does not declare a prefix, and lacks a name; post.ttl has no dates, and the
// events have different organizers.
func TestSpecificationExamples(t *testing.T) {
	edits := map[string][]string{
		"person.ttl": {"@prefix ex:", "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n@prefix ex:"},
		"post.ttl":   {"org:postIn", "<http://schema.org/validFrom> '1950'; <http://schema.org/validUntil> '2010'; org:postIn"},
		"event.ttl":  {"house-of-commons", "parliament-of-canada"},
		"area.ttl":   {`"Corporation"`, `"ward"`},
	}
	for _, name := range []string{"area", "event", "membership", "organization", "person", "post", "name-component"} {
		data, err := os.ReadFile(filepath.Join(shared, name+".ttl"))
		if err != nil {
			t.Skip("no shared data: ", err)
		}
		text := string(data)
		if edit := edits[name+".ttl"]; len(edit) > 0 {
			text = strings.ReplaceAll(text, edit[0], edit[1])
		}
		path := filepath.Join(t.TempDir(), name+".ttl")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		entities, facts, statements, err := read(t, path)
		wantEntities, wantFacts, _, wantErr := read(t, filepath.Join(shared, name+".json"))
		if err != nil || wantErr != nil || statements == 0 {
			t.Errorf("%s: %v, %v, %d statements", name, err, wantErr, statements)
		}
		if !slices.Equal(facts, wantFacts) || !slices.Equal(entities, wantEntities) {
			t.Errorf("%s: as Turtle\n%s\n%s\nas JSON\n%s\n%s", name, strings.Join(entities, "\n"), strings.Join(facts, "\n"), strings.Join(wantEntities, "\n"), strings.Join(wantFacts, "\n"))
		}
	}
}

const sample = "../../../examples/formats/norway.ttl"

// Terms of schema.org, FOAF and ORG become entities and facts, and all statements are
// kept.
func TestVocabularies(t *testing.T) {
	entities, facts, statements, err := read(t, sample)
	if err != nil || statements != 25 {
		t.Fatal(err, statements)
	}
	wantEntities := `Institution Labour Party born  
Institution NATO born 1949-04-04 
Institution University of Oslo born  
Person Ingrid Schulerud born  
Person Jens Stoltenberg born 1959-03-16 
Post Secretary General of NATO born  `
	wantFacts := `holds-post 2014-10-01/2024-09-30   [actor Person Jens Stoltenberg recipient Post Secretary General of NATO]
member-of    [actor Person Jens Stoltenberg recipient Institution Labour Party]
post-at    [actor Post Secretary General of NATO recipient Institution NATO]
spouse-of    [actor Person Jens Stoltenberg recipient Person Ingrid Schulerud]
studied-at    [actor Person Jens Stoltenberg recipient Institution University of Oslo]`
	if got := strings.Join(entities, "\n"); got != wantEntities {
		t.Errorf("got %s\nwant %s", got, wantEntities)
	}
	if got := strings.Join(facts, "\n"); got != wantFacts {
		t.Errorf("got %s\nwant %s", got, wantFacts)
	}
}

func load(t *testing.T, path string) (*graph.Graph, error) {
	t.Helper()
	g, err := graph.Open(t.Context(), t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	in, err := loaders.Open(path, nil)
	if err == nil {
		_, err = g.LoadInput(t.Context(), in, nil)
	}
	return g, err
}

func exported(t *testing.T, g *graph.Graph, f export.Format, name string) string {
	t.Helper()
	var out bytes.Buffer
	if err := export.Write(t.Context(), &out, f, export.Selection{Graph: g}, export.Options{}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A graph is restored from its export with graphs, and from Turtle it is refused, since
// Turtle has none.
func TestRestore(t *testing.T) {
	g, err := load(t, sample)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(exported(t, g, export.NQuads, "a.nq"))
	if err != nil {
		t.Fatal(err)
	}
	for f, name := range restoring {
		again, err := load(t, exported(t, g, f, name))
		if err != nil {
			t.Fatal(f, err)
		}
		got, err := os.ReadFile(exported(t, again, export.NQuads, "b.nq"))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: the graph differs after its restoring", f)
		}
	}
	_, err = load(t, exported(t, g, export.Turtle, "t.ttl"))
	if !errors.Is(err, schema.ErrForeign) || !strings.Contains(schema.Hint(err), "export it as trig") {
		t.Errorf("Turtle: %v", err)
	}
}

var restoring = map[export.Format]string{export.TriG: "t.trig", export.JSONLD: "t.jsonld"}

// FuzzRows makes rows of texts: whatever they are, it ends.
func FuzzRows(f *testing.F) {
	paths, _ := filepath.Glob(shared + "/*.ttl")
	for _, path := range append(paths, sample) {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<16 {
			return
		}
		path := filepath.Join(t.TempDir(), "x.ttl")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, _, err := read(t, path)
		if err != nil && !strings.Contains(err.Error(), "x.ttl:") {
			t.Fatalf("an error without its file: %v", err)
		}
		if _, err := rdf.Rows(text, rdf.Turtle.Statements(text, nil)); err == nil {
			return
		}
	})
}
