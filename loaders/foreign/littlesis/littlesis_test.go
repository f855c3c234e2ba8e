package littlesis_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/foreign/foreigntest"
	"github.com/entente-kg/entente/loaders/foreign/littlesis"
	"github.com/entente-kg/entente/schema"
)

const sample = "../../../examples/formats/harbour.littlesis.json"

func TestLooks(t *testing.T) {
	for text, want := range map[string]bool{
		`[{"type":"entities","id":1,"attributes":{"id":1,"name":"A","primary_ext":"Org"`:         true,
		`[{"type":"relationships","id":1,"attributes":{"id":1,"entity1_id":1,"category_id":5}}]`: true,
		`{"meta":{},"data":{"type":"entities","id":1,"attributes":{"primary_ext":"Person"}}}`:    true,
		`{"data":[{"type":"relationships","id":1,"attributes":{"category_id":1}}]}`:              true,
		`{"type":"entities","id":1,"attributes":{"primary_ext":"Person"}}`:                       true,
		`{"errors":[{"title":"Record Deleted"}],"meta":{"apiVersion":"2.0"}}`:                    true,
		`{"errors":[{"title":"Record Deleted"}]}`:                                                false,
		`{"data":[{"type":"articles","id":1,"attributes":{"primary_ext":1}}]}`:                   false,
		`{"data":[{"type":"entities","id":1,"attributes":{"name":"A"}}]}`:                        false,
		`{"data":[],"meta":{}}`: false, `[]`: false, `{}`: false, ``: false, `[`: false, `"entities"`: false,
		strings.Repeat("[", 60_000):        false,
		strings.Repeat(`{"data":`, 10_000): false,
	} {
		if got := littlesis.Looks("x.json", []byte(text)); got != want {
			t.Errorf("%.100s: %t", text, got)
		}
	}
	foreigntest.LeavesOtherFiles(t, littlesis.Looks, ".json", ".littlesis.")
}

func TestSample(t *testing.T) {
	r, err := foreigntest.Read(t, sample, "")
	if err != nil || len(r.Rows) > 0 || r.Format != "littlesis" {
		t.Fatal(err, r.Rows, r.Format)
	}
	want := []string{
		"1999/2011 part-of institution:littlesis/7004 institution:littlesis/7003",
		"2014-06/.. director-of person:littlesis/7001 institution:littlesis/7003",
		"2018-03-01/2018-10 paid institution:littlesis/7003 institution:littlesis/7005",
		"parent-of person:littlesis/7001 person:littlesis/7002",
	}
	if got := foreigntest.Shown(r.Facts); !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	quill := r.Entity("person:littlesis/7001")
	if quill.Label != "Ada Quill" || quill.Born != "1951-02" || quill.Description != "Chair of Harbour Bank\ntypes: Business Person" ||
		!slices.Equal(quill.Identifiers, []string{"littlesis:7001"}) || len(quill.Aliases) != 1 {
		t.Errorf("got %+v", quill)
	}
	if tom := r.Entity("person:littlesis/7002"); tom.Label != "Tom Quill" || !slices.Equal(tom.Identifiers, []string{"littlesis:7002"}) {
		t.Errorf("an entity that only an address names: %+v", tom)
	}
	if r.Unmapped["attributes/updated_at"] != 1 {
		t.Errorf("left out: %v", r.Unmapped)
	}
	foreigntest.RoundTrip(t, sample)
}

// object returns an object of the API; more are its attributes.
func object(kind, more string) string {
	return fmt.Sprintf(`{"type":%q,"id":90,"attributes":{"id":90,%s},"self":"https://littlesis.org/%s/90"}`, kind, more, kind)
}

// tie returns a document of a relationship between two persons, bodies, or one of each, as
// "po" says.
func tie(sides string, category int, more string) string {
	paths := map[byte]string{'p': "person", 'o': "org"}
	text := object("relationships", fmt.Sprintf(`"entity1_id":1,"entity2_id":2,"category_id":%d%s`, category, more))
	return fmt.Sprintf(`{"data":%s,"entity":"https://littlesis.org/%s/1-Ann_Lee","related":"https://littlesis.org/%s/2-Bo_Ltd"}}`, strings.TrimSuffix(text, "}"), paths[sides[0]], paths[sides[1]])
}

// Each category has its verb, in the direction of LittleSis, and both descriptions are kept:
// what the subject is as the topic, what the other is as a note.
func TestCategories(t *testing.T) {
	words := func(first, second string) string {
		return fmt.Sprintf(`,"description1":%q,"description2":%q`, first, second)
	}
	for _, c := range []struct {
		sides    string
		category int
		more     string
		want     string // the verb, who, whom, topic, note
	}{
		{"po", 1, words("Analyst", ""), "works-at 1 2 | Analyst | "},
		{"po", 1, words("Analyst", "Employer"), "works-at 1 2 | Analyst | description2: Employer"},
		{"pp", 1, words("Chief of staff", ""), "works-at 1 2 | Chief of staff | "},
		{"po", 1, words("", "") + `,"category_attributes":{"is_board":true}`, "director-of 1 2 |  | is_board: true"},
		{"po", 1, words("Trustee", ""), "director-of 1 2 | Trustee | "},
		{"po", 1, words("Fellow", "") + `,"category_attributes":{"is_employee":false}`, "had-role-at 1 2 | Fellow | "},
		{"po", 1, words("CEO", "") + `,"category_attributes":{"is_executive":true,"compensation":5}`, "works-at 1 2 | CEO | is_executive: true; compensation: 5"},
		{"po", 2, words("Undergraduate", "School"), "studied-at 1 2 | Undergraduate | description2: School"},
		{"po", 2, words("Student", ""), "studied-at 1 2 |  | "},
		{"po", 3, words("Fellow", "Club"), "member-of 1 2 | Fellow | description2: Club"},
		{"oo", 3, words("Member", ""), "member-of 1 2 |  | "},
		{"pp", 4, words("Mother", "Son"), "parent-of 1 2 |  | description1: Mother; description2: Son"},
		{"pp", 4, words("Son", "Mother"), "parent-of 2 1 |  | description1: Son; description2: Mother"},
		{"pp", 4, words("", "Father"), "parent-of 2 1 |  | description2: Father"},
		{"pp", 4, words("", "daughter"), "parent-of 1 2 |  | description2: daughter"},
		{"pp", 4, words("Husband", "Wife"), "spouse-of 1 2 |  | description1: Husband; description2: Wife"},
		{"pp", 4, words("Mother", "Mother"), "relative-of 1 2 | Mother | "},
		{"pp", 4, words("Stepfather", "Son"), "relative-of 1 2 | Stepfather | description2: Son"},
		{"pp", 4, words("Uncle", "Niece"), "relative-of 1 2 | Uncle | description2: Niece"},
		{"pp", 4, "", "relative-of 1 2 |  | "},
		{"po", 5, words("Grant", "Grantee") + `,"amount":500,"currency":"usd","goods":"cash","filings":3`, "paid 1 2 | Grant 500 USD | description2: Grantee; goods: cash; filings: 3"},
		{"po", 5, `,"amount":500,"currency":"eur"`, "paid 1 2 | donation 500 EUR | "},
		{"oo", 6, words("Contractor", "Client") + `,"amount":7000`, "linked-with 1 2 | Contractor 7000 | description2: Client"},
		{"oo", 6, "", "linked-with 1 2 | transaction | "},
		{"oo", 7, words("", "Agency"), "linked-with 1 2 | lobbying | description2: Agency"},
		{"pp", 8, words("friend", "friend"), "associate-of 1 2 | friend | "},
		{"pp", 8, "", "associate-of 1 2 | social | "},
		{"pp", 9, words("Lawyer", "Client"), "associate-of 1 2 | Lawyer | description2: Client"},
		{"pp", 9, "", "associate-of 1 2 | professional | "},
		{"po", 10, words("Investor", "Holding") + `,"category_attributes":{"percent_stake":12.5,"shares":10}`, "owns 1 2 | Investor | description2: Holding; percent_stake: 12.5; shares: 10"},
		{"po", 10, words("Owner", ""), "owns 1 2 |  | "},
		{"oo", 11, words("Branch", "Headquarters"), "part-of 1 2 | Branch | description2: Headquarters"},
		{"oo", 11, words("Child Org", ""), "part-of 1 2 |  | "},
		{"po", 12, words("Renter", "Landlord"), "linked-with 1 2 | Renter | description2: Landlord"},
		{"oo", 12, "", "linked-with 1 2 |  | "},
		// Kinds that a verb does not allow give way to a wider one.
		{"oo", 2, "", "linked-with 1 2 |  | "},
		{"oo", 4, "", "linked-with 1 2 |  | "},
		{"pp", 10, "", "linked-with 1 2 |  | "},
	} {
		r, err := foreigntest.ReadText(t, "x.json", tie(c.sides, c.category, c.more), "")
		if err != nil || len(r.Rows) > 0 || len(r.Facts) != 1 {
			t.Errorf("%v: %v %v %d facts", c, err, r.Rows, len(r.Facts))
			continue
		}
		f := r.Facts[0]
		got := string(f.Verb)
		for _, p := range f.Roles {
			got += " " + string(p.ID[strings.LastIndexByte(string(p.ID), '/')+1:])
		}
		if got = fmt.Sprintf("%s | %s | %s", got, f.Topic, f.Evidence[0].Note); got != c.want {
			t.Errorf("category %d %s\n got %s\nwant %s", c.category, c.more, got, c.want)
		}
		if f.Key != "littlesis:90" || r.Documents[0].URL != "https://littlesis.org/relationships/90" || f.Evidence[0].Locator != "relationship 90" {
			t.Errorf("key %q, source %+v, %q", f.Key, r.Documents, f.Evidence[0].Locator)
		}
	}
}

// Dates are as precise as LittleSis knows them, and an end that nobody knows is not open.
func TestDates(t *testing.T) {
	dates := func(start, end, current string) string {
		return fmt.Sprintf(`,"start_date":%s,"end_date":%s,"is_current":%s`, start, end, current)
	}
	for _, c := range []struct {
		category          int
		more, want, noted string
	}{
		{1, dates("null", "null", "null"), "", ""},
		{1, dates(`"2001-00-00"`, "null", "null"), "2001/", ""},
		{1, dates(`"2001-04-00"`, "null", "true"), "2001-04/..", ""},
		{1, dates(`"2001-04-03"`, "null", "false"), "2001-04-03/", "ended on an unknown day"},
		{1, dates("null", "null", "false"), "", "ended on an unknown day"},
		{1, dates("null", "null", "true"), "", "began on an unknown day and is current"},
		{1, dates("null", `"2004-00-00"`, "null"), "/2004", ""},
		{1, dates("null", `"2004-00-00"`, "true"), "/2004", "is_current: true"},
		{1, dates(`"2001"`, `"2004-05"`, "false"), "2001/2004-05", ""},
		{1, dates(`"0000-00-00"`, `""`, "null"), "", ""},
		{5, dates(`"2011-08-15"`, `"2011-08-15"`, "false"), "2011-08-15", ""},
		{5, dates(`"2011-00-00"`, "null", "null"), "2011", ""},
		{5, dates(`"2011-00-00"`, `"2014-00-00"`, "null"), "2011/2014", ""},
	} {
		r, err := foreigntest.ReadText(t, "x.json", tie("po", c.category, c.more), "")
		if err != nil || len(r.Rows) > 0 || len(r.Facts) != 1 {
			t.Errorf("%v: %v %v", c, err, r.Rows)
			continue
		}
		if f := r.Facts[0]; f.When.Written != c.want || f.Evidence[0].Note != c.noted {
			t.Errorf("%s: %q, note %q", c.more, f.When.Written, f.Evidence[0].Note)
		}
	}
}

// Entities have their kinds, and what ends and contains them; deleted ones and other
// objects are counted.
func TestEntities(t *testing.T) {
	r, err := foreigntest.ReadText(t, "x.json", `[`+strings.Join([]string{
		`{"type":"entities","id":1,"attributes":{"name":"Ann","primary_ext":"Person","start_date":"1920-05-00","end_date":"1999-00-00"}}`,
		`{"type":"entities","id":2,"attributes":{"name":"Dock  Co","primary_ext":"Org","end_date":"1999-00-00","parent_id":3,"website":"https://dock.example","aliases":["Dock Co","DC"],"tags":["oil"]}}`,
		`{"type":"entities","id":3,"attributes":{"name":"Gone","primary_ext":"Org","is_deleted":true}}`,
		`{"type":"lists","id":4,"attributes":{"name":"L"}}`,
		`{"type":"entities","id":5,"attributes":{"name":"A and B","primary_ext":"Couple"}}`,
	}, ",\n")+`]`, "littlesis")
	if err != nil || len(r.Rows) > 0 {
		t.Fatal(err, r.Rows)
	}
	want := []string{"1999 died person:littlesis/1", "part-of institution:littlesis/2 institution:littlesis/3"}
	if got := foreigntest.Shown(r.Facts); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	dock := r.Entity("institution:littlesis/2")
	if dock.Label != "Dock Co" || len(dock.Aliases) != 1 || dock.Description != "ended: 1999" || !slices.Equal(dock.Identifiers, []string{"littlesis:2", "website:https://dock.example"}) {
		t.Errorf("got %+v", dock)
	}
	if r.Entity("institution:littlesis/3").Label != "littlesis:3" || r.Entity("group:littlesis/5").Kind != schema.Group || len(r.Entities) != 4 {
		t.Errorf("entities %+v", r.Entities)
	}
	if r.Unmapped["deleted entities"] != 1 || r.Unmapped["lists (objects)"] != 1 || r.Unmapped["attributes/tags"] != 1 || r.LeftOut != 2 {
		t.Errorf("left out: %d %v", r.LeftOut, r.Unmapped)
	}
}

// The bulk data are two files: together, the entities have their names, whichever is read
// first.
func TestBulkData(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"entities.json":      `[{"type":"entities","id":1,"attributes":{"name":"Ann Lee","primary_ext":"Person"}},{"type":"entities","id":2,"attributes":{"name":"Bo","primary_ext":"Org"}}]`,
		"relationships.json": `[` + object("relationships", `"entity1_id":1,"entity2_id":2,"category_id":12`) + `]`,
	} {
		if err := os.WriteFile(dir+"/"+name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in, err := loaders.Open(dir, &loaders.Options{Dataset: "d"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for record, err := range in.Records(t.Context()) {
		switch r := record.(type) {
		case schema.Entity:
			got = append(got, fmt.Sprint(r.ID, " ", r.Label))
		case schema.Fact:
			got = append(got, fmt.Sprint(r.Verb, " ", r.Roles[0].ID, " ", r.Roles[1].ID))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	want := "person:littlesis/1 Ann Lee, institution:littlesis/2 Bo, linked-with person:littlesis/1 institution:littlesis/2"
	if strings.Join(got, ", ") != want {
		t.Errorf("got %v", got)
	}
}

func TestMalformed(t *testing.T) {
	data := func(o string) string { return "{\"data\": [\n" + o + "]}" }
	entity := func(more string) string { return data(object("entities", more)) }
	tied := func(more string) string { return data(object("relationships", more)) }
	sides := `"entity1_id":1,"entity2_id":2,"category_id":1`
	foreigntest.Malformed(t, "x.json", "littlesis", []foreigntest.Bad{
		{Text: ``, Want: "is empty"}, {Text: `{`, Want: "ends too early"}, {Text: `[`, Want: "ends too early"}, {Text: `{"data": [`, Want: "ends too early"},
		{Text: `{"data": [{]}`, Want: "not JSON"}, {Text: `{"data": [{"type": "entities"}}`, Want: "not JSON"}, {Text: `{"data": []} x`, Want: "more after the value"},
		{Text: `{"data": [{'type': 1}]}`, Want: "not JSON"}, {Text: `{"data": [{"type": "\x"}]}`, Want: "not JSON"},
		{Text: "{\"data\": [{\"type\": \"\xff\"}]}", Want: "not UTF-8"}, {Text: "{\"data\": [{\"type\": \"\x00\"}]}", Want: "is binary"},
		{Text: `{"errors":[{"title":"Record Deleted"}],"meta":{"apiVersion":"2.0"}}`, Want: "1:21: an answer of LittleSis without data: Record Deleted"},
		{Text: `{"errors":[{}]}`, Want: "1:12: an answer of LittleSis without data"},
		{Text: `{"a": 1}`, Want: "1:7: an object without a type"}, {Text: `[1]`, Want: "1:2: an object without a type"}, {Text: `["entities"]`, Want: "1:2: an object without a type"},
		{Text: data(`{}`), Want: "2:1: an object without a type"}, {Text: data(`{"id": 1}`), Want: "2:1: an object without a type"}, {Text: data(`7`), Want: "2:1: an object without a type"},
		{Text: data(`{"type":"entities"}`), Want: "2:1: an object without the number"},
		{Text: data(`{"type":"entities","id":"x7"}`), Want: "2:25: an object without the number"},
		{Text: data(`{"type":"entities","id":-7}`), Want: "2:25: an object without the number"},
		{Text: data(`{"type":"relationships","id":0}`), Want: "2:30: an object without the number"},
		{Text: data(`{"type":"relationships","id":[1,2]}`), Want: "x.json"},
		{Text: entity(`"name":"A"`), Want: "2:1: an entity whose primary_ext"},
		{Text: entity(`"name":"A","primary_ext":"Robot"`), Want: "an entity whose primary_ext"},
		{Text: entity(`"name":"A","primary_ext":{"x":1}`), Want: "2:75: an entity whose primary_ext"},
		{Text: entity(`"primary_ext":"Org"`), Want: "2:1: an entity without a name"},
		{Text: entity(`"name":" ","primary_ext":"Org"`), Want: "an entity without a name"},
		{Text: entity(`"name":"A\u0007","primary_ext":"Org"`), Want: "control character"},
		{Text: entity(`"name":"A","primary_ext":"Person","start_date":"soon"`), Want: "2:97: bad date"},
		{Text: entity(`"name":"A","primary_ext":"Person","start_date":"2001-13-00"`), Want: "bad date"},
		{Text: entity(`"name":"A","primary_ext":"Person","end_date":"2001-02-30"`), Want: "bad date"},
		{Text: entity(`"name":"A","primary_ext":"Org","parent_id":90`), Want: "2:1: "},
		{Text: entity(`"name":"` + strings.Repeat("x", 20_000) + `","primary_ext":"Org"`), Want: "2:"},
		{Text: tied(`"category_id":1`), Want: "2:1: a relationship without both of its entities"},
		{Text: tied(`"entity1_id":1,"category_id":1`), Want: "2:1: a relationship without both of its entities"},
		{Text: tied(`"entity1_id":1,"entity2_id":"Bo","category_id":1`), Want: "2:1: a relationship without both of its entities"},
		{Text: tied(`"entity1_id":1,"entity2_id":2`), Want: "2:1: a relationship whose category_id"},
		{Text: tied(`"entity1_id":1,"entity2_id":2,"category_id":13`), Want: "2:99: a relationship whose category_id"},
		{Text: tied(`"entity1_id":1,"entity2_id":2,"category_id":0`), Want: "a relationship whose category_id"},
		{Text: tied(`"entity1_id":1,"entity2_id":2,"category_id":"Family"`), Want: "a relationship whose category_id"},
		{Text: tied(sides + `,"start_date":"2001-99-00"`), Want: "bad date"},
		{Text: tied(sides + `,"end_date":"yesterday"`), Want: "bad date"},
		{Text: tied(sides + `,"start_date":"2004-00-00","end_date":"2001-00-00"`), Want: "2:"},
		{Text: tied(`"entity1_id":1,"entity2_id":1,"category_id":11`), Want: "2:1: "},
		{Text: tied(sides + `,"start_date":"2001-00-15"`), Want: "bad date"},
		{Text: tied(sides + `,"description1":"a\u0007"`), Want: "control character"},
	})
}

func FuzzLittleSis(f *testing.F) {
	data, err := os.ReadFile(sample)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data))
	f.Add(`[` + object("entities", `"name":"A","primary_ext":"Org"`) + `]`)
	f.Add(tie("pp", 4, `,"description1":"Son"`))
	f.Fuzz(func(t *testing.T, text string) {
		littlesis.Looks("x.json", []byte(text))
		foreigntest.CheckErrors(t, "x.json", text, "littlesis")
	})
}
