package popolo_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/foreign"
	"github.com/entente-kg/entente/loaders/foreign/popolo"
	"github.com/entente-kg/entente/schema"
)

// shared is the folder of files that others have written.
const shared = "../../../../shared/data/popolo"

// A file of Popolo is recognized, and no file of entente or of another program is.
func TestLooks(t *testing.T) {
	for text, want := range map[string]bool{
		`{"persons": [], "posts": []}`:                                                               true,
		`{"posts": [], "memberships": [{"person_id": "a"`:                                            true,
		`{"id": "a", "name": "A", "birth_date": "1950"}`:                                             true,
		`[{"person_id": "a", "organization_id": "b"}]`:                                               true,
		`{"id": "a", "label": "Chair", "organization_id": "b"}`:                                      true,
		`{"id": "a", "name": "A", "memberships": [{"organization_id": "b"}]}`:                        true,
		`{"id": "a", "name": "A", "memberships": [{"person_id": "b"}]}`:                              true,
		`{"people": ["Ann"], "posts": [{"name": "Chair"}]}`:                                          false,
		`{"people": [], "facts": []}`:                                                                false,
		`{"posts": []}`:                                                                              false,
		`[{"kind": "Person", "name": "Ann", "born": "1950"}]`:                                        false,
		`[{"verb": "met", "actor": "Ann", "recipient": "Bob"}]`:                                      false,
		`{"id": "Q42", "type": "item", "labels": {}, "claims": {}}`:                                  false,
		`{"id": "a", "schema": "Person", "properties": {"name": ["A"], "birthDate": ["1950"]}}`:      false,
		`{"id": "a", "name": "A"}`:                                                                   false,
		`{"id": "a", "name": "A", "birth_date": "1950", "salary": 5}`:                                false,
		`{"text": "A met B", "mentions": []}`:                                                        false,
		`{"id": "a", "name": "A", "created_at": "2000", "sources": [{"url": "http://example.com"}]}`: false,
		`["persons"]`: false, `"persons"`: false, ``: false, `{`: false, `{"persons"`: false,
	} {
		if got := popolo.Looks("x.json", []byte(text)); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}

// No file of entente's own examples and tests is read as Popolo.
func TestLooksLeavesOwnFiles(t *testing.T) {
	n := 0
	for _, root := range []string{"../../../examples", "../../testdata", "../../../cmd/entente/testdata"} {
		err := fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".json" || strings.Contains(path, ".popolo.") {
				return err
			}
			data, err := os.ReadFile(filepath.Join(root, path))
			if n++; popolo.Looks(path, data[:min(len(data), foreign.HeadSize)]) {
				t.Errorf("%s is read as Popolo", path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

type records struct {
	entities  []schema.Entity
	documents int
	facts     []schema.Fact
	rows      []*loaders.RowError
	left      map[string]int
}

func read(t testing.TB, path, from string) (r records, err error) {
	t.Helper()
	in, err := loaders.Open(path, &loaders.Options{Dataset: "d", From: from})
	if err != nil {
		return r, err
	}
	for record, err := range in.Records(t.Context()) {
		row, isRow := err.(*loaders.RowError)
		switch rec := record.(type) {
		case schema.Entity:
			r.entities = append(r.entities, rec)
		case schema.Document:
			r.documents++
		case schema.Fact:
			r.facts = append(r.facts, rec)
		}
		if isRow {
			r.rows = append(r.rows, row)
		} else if err != nil {
			return r, err
		}
	}
	r.left = in.Tally.Unmapped
	return r, nil
}

func readText(t testing.TB, text string) (records, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return read(t, path, "popolo")
}

// The numbers of EveryPolitician's file of Burundi are those that jq counts:
//
//	jq '[.persons, .organizations, .areas, .events | length] | add' gives 269, one of which is the party "-"
//	jq '.memberships | length' gives 227, and each of the 11 events is a fact too
func TestEveryPolitician(t *testing.T) {
	path := filepath.Join(shared, "burundi-ep-popolo-v1.0.json")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skip("no shared data: ", err)
	}
	var doc map[string][]map[string]any
	if err := json.Unmarshal(bytes.Replace(data, []byte(`"meta": {`), []byte(`"meta": [{`), 1), &doc); err != nil {
		doc = countable(t, data)
	}
	r, err := read(t, path, "")
	if err != nil || len(r.rows) > 0 {
		t.Fatal(err, r.rows)
	}
	entities := len(doc["persons"]) + len(doc["organizations"]) + len(doc["areas"]) + len(doc["events"]) - 1
	facts := len(doc["memberships"]) + len(doc["events"])
	if len(r.entities) != entities || len(r.facts) != facts {
		t.Errorf("%d entities of %d, %d facts of %d", len(r.entities), entities, len(r.facts), facts)
	}
	if r.left["organizations without a name"] != 1 || r.left["gender"] != 121 {
		t.Errorf("left out: %v", r.left)
	}
	roundTrip(t, path)
}

// countable returns the lists of a document.
func countable(t *testing.T, data []byte) map[string][]map[string]any {
	t.Helper()
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatal(err)
	}
	doc := make(map[string][]map[string]any)
	for key, value := range raw {
		var list []map[string]any
		if json.Unmarshal(value, &list) == nil {
			doc[key] = list
		}
	}
	return doc
}

// roundTrip loads a file, exports it as N-Quads, and loads these into a new graph.
func roundTrip(t *testing.T, path string) {
	t.Helper()
	first := load(t, path)
	var out bytes.Buffer
	if err := export.Write(t.Context(), &out, export.NQuads, export.Selection{Graph: first}, export.Options{}); err != nil {
		t.Fatal(err)
	}
	exported := filepath.Join(t.TempDir(), "out.nq")
	if err := os.WriteFile(exported, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if a, b := digest(t, first), digest(t, load(t, exported)); a != b {
		t.Errorf("digest %s, after an export %s", a, b)
	}
}

// The events of a term give days to memberships that have none.
func TestMembershipsInATerm(t *testing.T) {
	r, err := read(t, "../../../examples/formats/norway.popolo.json", "")
	if err != nil || len(r.rows) > 0 || len(r.facts) != 8 || len(r.entities) != 9 {
		t.Fatal(err, r.rows, len(r.facts), len(r.entities))
	}
	var verbs []string
	for _, f := range r.facts {
		verbs = append(verbs, fmt.Sprint(f.Verb, " ", f.When.Written))
	}
	want := "post-at , involved-in 2009-10-01/2013-09-30, member-of , holds-post 2005-10-17/2013-10-16, post-at , holds-post 2013-10-16/2021-10-14, post-at , member-of 2004/"
	if got := strings.Join(verbs, ", "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Ids that only their file gives a meaning are apart in two datasets, and ids of
// Wikidata are not.
func TestIDs(t *testing.T) {
	r, err := readText(t, `{"events": [{"id": "term/2010", "name": "T"}, {"id": "Q42", "name": "E"}],
		"persons": [{"id": "7a4b7901-cdea-48d6-856b-7e283a0c1109", "name": "P", "identifiers": [{"scheme": "wikidata", "identifier": "Q7"}]}],
		"organizations": [{"id": "a’b c", "name": "O"}]}`)
	if err != nil || len(r.rows) > 0 {
		t.Fatal(err, r.rows)
	}
	var got []string
	for _, e := range r.entities {
		got = append(got, strings.TrimSpace(string(e.ID)+" "+strings.Join(e.Identifiers, " ")))
	}
	want := "gathering:d/term/2010, gathering:Q42 wikidata:Q42, person:7a4b7901-cdea-48d6-856b-7e283a0c1109 wikidata:Q7, institution:d/a~2019~b~20~c"
	if strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
}

func load(t *testing.T, path string) *graph.Graph {
	t.Helper()
	g, err := graph.Open(t.Context(), t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	in, err := loaders.Open(path, &loaders.Options{Dataset: "d"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.LoadInput(t.Context(), in, nil); err != nil {
		t.Fatal(err)
	}
	return g
}

// digest returns all quads, in the order of their terms.
func digest(t *testing.T, g *graph.Graph) string {
	t.Helper()
	var out bytes.Buffer
	if err := export.Write(t.Context(), &out, export.NQuads, export.Selection{Graph: g}, export.Options{}); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(out.Bytes()))
}

// Each malformed input is an error with its place.
func TestMalformed(t *testing.T) {
	list := func(name, object string) string { return fmt.Sprintf("{%q: [\n%s]}", name, object) }
	for _, c := range []struct{ text, want string }{
		{``, "is empty"},
		{`{`, "ends too early"},
		{`{"persons": [`, "ends too early"},
		{`{"persons": [{]}`, "not JSON"},
		{`{"persons": [{"name": "A"}}`, "not JSON"},
		{`{"persons": [{"name": "A"}]} x`, "more after the value"},
		{`{"persons": [{"name": "A" "id": "b"}]}`, "not JSON"},
		{`{"persons": [{'name': 'A'}]}`, "not JSON"},
		{`{"persons": [{"name": "A\x"}]}`, "not JSON"},
		{"{\"persons\": [{\"name\": \"A\xff\"}]}", "not UTF-8"},
		{"{\"persons\": [{\"name\": \"A\x00\"}]}", "1:25: is binary"},
		{`{"a": 1}`, "1:1: no class"},
		{`[{"a": 1}]`, "1:2: no class"},
		{`{"id": "a", "name": "A", "sources": []}`, "1:1: no class"},
		{`[1]`, "1:2: no class"},
		{`["a"]`, "1:2: no class"},
		{list("persons", `{}`), "2:1: an object without an id and without a name"},
		{list("persons", `{"name": ""}`), "2:1: an object without an id"},
		{list("persons", `{"name": "???!"}`), "2:1: an object without an id"},
		{list("persons", `{"id": "a", "name": "A", "birth_date": "x"}`), "2:40: {/persons/birth_date}: bad date"},
		{list("persons", `{"id": "a", "name": "A", "birth_date": "1950-13"}`), "2:40: {/persons/birth_date}: bad date"},
		{list("persons", `{"id": "a", "name": "A", "birth_date": "1950-02-30"}`), "2:40: {/persons/birth_date}: bad date"},
		{list("persons", `{"id": "a", "name": "A", "death_date": "soon"}`), "2:40: {/persons/death_date}: bad date"},
		{list("persons", `{"id": "a", "name": "A\u0007"}`), "2:23: "},
		{list("persons", `{"id": "a", "name": "A", "memberships": [{}]}`), "2:42: a membership without its member"},
		{list("persons", `{"id": "a", "name": "A", "memberships": [{"role": "x"}]}`), "2:42: a membership without its member"},
		{list("persons", `{"id": "a", "name": "A", "death_date": "1950/1940"}`), "2:40: "},
		{list("persons", `{"id": "`+strings.Repeat("x", 600)+`", "name": "A"}`), "bad id"},
		{list("organizations", `{"id": "a", "name": "A", "founding_date": "long ago"}`), "2:43: {/organizations/founding_date}: bad date"},
		{list("organizations", `{"classification": "party"}`), "2:1: an object without an id"},
		{list("organizations", `{"id": "a", "name": "A", "parent_id": "a"}`), "2:1: "},
		{list("organizations", `{"id": "a", "name": "A", "parent": {"classification": "x"}}`), "2:36: an object without an id"},
		{list("posts", `{"organization_id": "a"}`), "2:1: an object without an id"},
		{list("posts", `{"id": "p", "label": "P", "organization_id": "a", "start_date": "19x"}`), "bad date"},
		{list("posts", `{"id": "p", "label": "P", "organization_id": "a", "start_date": "1990", "end_date": "1980"}`), "2:"},
		{list("memberships", `{}`), "2:1: a membership without its member"},
		{list("memberships", `{"person_id": "a"}`), "2:1: a membership without its member"},
		{list("memberships", `{"organization_id": "a"}`), "2:1: a membership without its member"},
		{list("memberships", `{"person_id": "a", "organization_id": "b", "start_date": "2000-99"}`), "2:58: {/memberships/start_date}: bad date"},
		{list("memberships", `{"person_id": "a", "organization_id": "b", "start_date": "2001", "end_date": "2000"}`), "2:"},
		{list("memberships", `{"person_id": "a", "organization_id": "b", "end_date": "maybe"}`), "2:56: {/memberships/end_date}: bad date"},
		{list("memberships", `{"person_id": {"x": 1}, "organization_id": "b"}`), "2:1: "},
		{list("memberships", `{"person": {}, "organization_id": "b"}`), "2:1: a membership without its member"},
		{list("areas", `{"classification": "x"}`), "2:1: an object without an id"},
		{list("areas", `{"id": "a", "name": "A", "parent_id": "a"}`), "2:1: "},
		{list("events", `{"classification": "x"}`), "2:1: an object without an id"},
		{list("events", `{"id": "e", "name": "E", "start_date": "when"}`), "2:40: {/events/start_date}: bad date"},
		{list("events", `{"id": "e", "name": "E", "attendees": [{}]}`), "2:40: an attendee without an id"},
		{list("events", `{"id": "e", "name": "E", "start_date": "2000"}, {"id": "e", "name": "E", "start_date": "2001"}`), "given twice"},
	} {
		r, err := readText(t, c.text)
		got := fmt.Sprint(err)
		if err == nil && len(r.rows) > 0 {
			got = r.rows[0].Error()
		}
		if !strings.Contains(got, c.want) && !strings.Contains(field.ReplaceAllString(got, ""), c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.text[:min(len(c.text), 90)], got, c.want)
		}
	}
}

// field is the field that an error names.
var field = regexp.MustCompile(`\{/[a-z_/]*\}: `)

// FuzzPopolo reads files: whatever they are, reading ends with records, or with errors at
// positions.
func FuzzPopolo(f *testing.F) {
	paths, _ := filepath.Glob(shared + "/spec-examples/*.json")
	for _, path := range append(paths, "../../../examples/formats/norway.popolo.json") {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		popolo.Looks("x.json", []byte(text))
		r, err := readText(t, text)
		for _, row := range r.rows {
			if row.Pos.Line < 1 || row.Err == nil {
				t.Fatalf("row error %+v", row)
			}
		}
		if err != nil && !strings.Contains(err.Error(), "x.json") {
			t.Fatalf("an error without its file: %v", err)
		}
	})
}
