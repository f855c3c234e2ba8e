package popolo_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders/foreign/foreigntest"
	"github.com/entente-kg/entente/loaders/foreign/popolo"
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
	foreigntest.LeavesOtherFiles(t, popolo.Looks, ".json", ".popolo.")
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
	r, err := foreigntest.Read(t, path, "")
	if err != nil || len(r.Rows) > 0 {
		t.Fatal(err, r.Rows)
	}
	entities := len(doc["persons"]) + len(doc["organizations"]) + len(doc["areas"]) + len(doc["events"]) - 1
	facts := len(doc["memberships"]) + len(doc["events"])
	if len(r.Entities) != entities || len(r.Facts) != facts {
		t.Errorf("%d entities of %d, %d facts of %d", len(r.Entities), entities, len(r.Facts), facts)
	}
	if r.Unmapped["organizations without a name"] != 1 || r.Unmapped["gender"] != 121 {
		t.Errorf("left out: %v", r.Unmapped)
	}
	foreigntest.RoundTrip(t, path)
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

// The events of a term give days to memberships that have none.
func TestMembershipsInATerm(t *testing.T) {
	r, err := foreigntest.Read(t, "../../../examples/formats/norway.popolo.json", "")
	if err != nil || len(r.Rows) > 0 || len(r.Facts) != 8 || len(r.Entities) != 9 {
		t.Fatal(err, r.Rows, len(r.Facts), len(r.Entities))
	}
	var verbs []string
	for _, f := range r.Facts {
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
	r, err := foreigntest.ReadText(t, "x.json", `{"events": [{"id": "term/2010", "name": "T"}, {"id": "Q42", "name": "E"}],
		"persons": [{"id": "7a4b7901-cdea-48d6-856b-7e283a0c1109", "name": "P", "identifiers": [{"scheme": "wikidata", "identifier": "Q7"}]}],
		"organizations": [{"id": "a’b c", "name": "O"}]}`, "popolo")
	if err != nil || len(r.Rows) > 0 {
		t.Fatal(err, r.Rows)
	}
	var got []string
	for _, e := range r.Entities {
		got = append(got, strings.TrimSpace(string(e.ID)+" "+strings.Join(e.Identifiers, " ")))
	}
	want := "gathering:d/term/2010, gathering:Q42 wikidata:Q42, person:7a4b7901-cdea-48d6-856b-7e283a0c1109 wikidata:Q7, institution:d/a~2019~b~20~c"
	if strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
}

// Each malformed input is an error with its place.
func TestMalformed(t *testing.T) {
	list := func(name, object string) string { return fmt.Sprintf("{%q: [\n%s]}", name, object) }
	foreigntest.Malformed(t, "x.json", "popolo", []foreigntest.Bad{
		{Text: ``, Want: "is empty"},
		{Text: `{`, Want: "ends too early"},
		{Text: `{"persons": [`, Want: "ends too early"},
		{Text: `{"persons": [{]}`, Want: "not JSON"},
		{Text: `{"persons": [{"name": "A"}}`, Want: "not JSON"},
		{Text: `{"persons": [{"name": "A"}]} x`, Want: "more after the value"},
		{Text: `{"persons": [{"name": "A" "id": "b"}]}`, Want: "not JSON"},
		{Text: `{"persons": [{'name': 'A'}]}`, Want: "not JSON"},
		{Text: `{"persons": [{"name": "A\x"}]}`, Want: "not JSON"},
		{Text: "{\"persons\": [{\"name\": \"A\xff\"}]}", Want: "not UTF-8"},
		{Text: "{\"persons\": [{\"name\": \"A\x00\"}]}", Want: "1:25: is binary"},
		{Text: `{"a": 1}`, Want: "1:1: no class"},
		{Text: `[{"a": 1}]`, Want: "1:2: no class"},
		{Text: `{"id": "a", "name": "A", "sources": []}`, Want: "1:1: no class"},
		{Text: `[1]`, Want: "1:2: no class"},
		{Text: `["a"]`, Want: "1:2: no class"},
		{Text: list("persons", `{}`), Want: "2:1: an object without an id and without a name"},
		{Text: list("persons", `{"name": ""}`), Want: "2:1: an object without an id"},
		{Text: list("persons", `{"name": "???!"}`), Want: "2:1: an object without an id"},
		{Text: list("persons", `{"id": "a", "name": "A", "birth_date": "x"}`), Want: "2:40: {/persons/birth_date}: bad date"},
		{Text: list("persons", `{"id": "a", "name": "A", "birth_date": "1950-13"}`), Want: "2:40: {/persons/birth_date}: bad date"},
		{Text: list("persons", `{"id": "a", "name": "A", "birth_date": "1950-02-30"}`), Want: "2:40: {/persons/birth_date}: bad date"},
		{Text: list("persons", `{"id": "a", "name": "A", "death_date": "soon"}`), Want: "2:40: {/persons/death_date}: bad date"},
		{Text: list("persons", `{"id": "a", "name": "A\u0007"}`), Want: "2:23: "},
		{Text: list("persons", `{"id": "a", "name": "A", "memberships": [{}]}`), Want: "2:42: a membership without its member"},
		{Text: list("persons", `{"id": "a", "name": "A", "memberships": [{"role": "x"}]}`), Want: "2:42: a membership without its member"},
		{Text: list("persons", `{"id": "a", "name": "A", "death_date": "1950/1940"}`), Want: "2:40: "},
		{Text: list("persons", `{"id": "`+strings.Repeat("x", 600)+`", "name": "A"}`), Want: "bad id"},
		{Text: list("organizations", `{"id": "a", "name": "A", "founding_date": "long ago"}`), Want: "2:43: {/organizations/founding_date}: bad date"},
		{Text: list("organizations", `{"classification": "party"}`), Want: "2:1: an object without an id"},
		{Text: list("organizations", `{"id": "a", "name": "A", "parent_id": "a"}`), Want: "2:1: "},
		{Text: list("organizations", `{"id": "a", "name": "A", "parent": {"classification": "x"}}`), Want: "2:36: an object without an id"},
		{Text: list("posts", `{"organization_id": "a"}`), Want: "2:1: an object without an id"},
		{Text: list("posts", `{"id": "p", "label": "P", "organization_id": "a", "start_date": "19x"}`), Want: "bad date"},
		{Text: list("posts", `{"id": "p", "label": "P", "organization_id": "a", "start_date": "1990", "end_date": "1980"}`), Want: "2:"},
		{Text: list("memberships", `{}`), Want: "2:1: a membership without its member"},
		{Text: list("memberships", `{"person_id": "a"}`), Want: "2:1: a membership without its member"},
		{Text: list("memberships", `{"organization_id": "a"}`), Want: "2:1: a membership without its member"},
		{Text: list("memberships", `{"person_id": "a", "organization_id": "b", "start_date": "2000-99"}`), Want: "2:58: {/memberships/start_date}: bad date"},
		{Text: list("memberships", `{"person_id": "a", "organization_id": "b", "start_date": "2001", "end_date": "2000"}`), Want: "2:"},
		{Text: list("memberships", `{"person_id": "a", "organization_id": "b", "end_date": "maybe"}`), Want: "2:56: {/memberships/end_date}: bad date"},
		{Text: list("memberships", `{"person_id": {"x": 1}, "organization_id": "b"}`), Want: "2:1: "},
		{Text: list("memberships", `{"person": {}, "organization_id": "b"}`), Want: "2:1: a membership without its member"},
		{Text: list("areas", `{"classification": "x"}`), Want: "2:1: an object without an id"},
		{Text: list("areas", `{"id": "a", "name": "A", "parent_id": "a"}`), Want: "2:1: "},
		{Text: list("events", `{"classification": "x"}`), Want: "2:1: an object without an id"},
		{Text: list("events", `{"id": "e", "name": "E", "start_date": "when"}`), Want: "2:40: {/events/start_date}: bad date"},
		{Text: list("events", `{"id": "e", "name": "E", "attendees": [{}]}`), Want: "2:40: an attendee without an id"},
		{Text: list("events", `{"id": "e", "name": "E", "start_date": "2000"}, {"id": "e", "name": "E", "start_date": "2001"}`), Want: "given twice"},
	})
}

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
		foreigntest.CheckErrors(t, "x.json", text, "popolo")
	})
}
