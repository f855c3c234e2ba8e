package wikidata_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/foreign"
	"github.com/entente-kg/entente/schema"
)

// Files that others have written, and our own.
const (
	shared = "../../../../shared/data/wikidata/Q7747.json"
	sample = "../../../examples/formats/adams.wikidata.json"
)

// world is what was read of a file.
type world struct {
	format   string
	entities map[schema.ID]schema.Entity
	facts    []schema.Fact
	rows     []*loaders.RowError
	unread   map[string]int
}

func read(t testing.TB, path, from string) (w world, err error) {
	t.Helper()
	w.entities = make(map[schema.ID]schema.Entity)
	in, err := loaders.Open(path, &loaders.Options{Dataset: "d", From: from})
	if err != nil {
		return w, err
	}
	if len(in.Recognized) == 1 {
		w.format = in.Recognized[0].Format.Name
	}
	for record, err := range in.Records(t.Context()) {
		row, isRow := err.(*loaders.RowError)
		switch r := record.(type) {
		case schema.Fact:
			w.facts = append(w.facts, r)
		case schema.Entity:
			w.entities[r.ID] = r
		}
		if isRow {
			w.rows = append(w.rows, row)
		} else if err != nil {
			return w, err
		}
	}
	w.unread = in.Tally.Unmapped
	return w, nil
}

func readText(t testing.TB, name, text string) (world, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return read(t, path, "")
}

// shown lists facts with their dates, verbs and participants.
func shown(facts []schema.Fact) (all []string) {
	for _, f := range facts {
		text := string(f.Verb)
		for _, p := range f.Roles {
			text += " " + string(p.ID)
		}
		all = append(all, strings.TrimSpace(text+" "+f.When.Written))
	}
	slices.Sort(all)
	return all
}

func TestSample(t *testing.T) {
	w, err := read(t, sample, "")
	if err != nil || len(w.rows) > 0 || w.format != "wikidata" {
		t.Fatal(err, w.rows, w.format)
	}
	want := []string{
		"citizen-of person:Q42 country:Q145",
		"member-of person:Q42 group:Q36180",
		"spouse-of person:Q42 person:Q14623681 1991-11-25/",
		"studied-at person:Q42 institution:Q691283 1971/1974",
	}
	if got := shown(w.facts); !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	adams := w.entities["person:Q42"]
	if adams.Label != "Douglas Adams" || adams.Born != "1952-03-11" || len(adams.Aliases) != 3 || !slices.Equal(adams.Identifiers, []string{"wikidata:Q42", "viaf:113230702"}) {
		t.Errorf("got %+v", adams)
	}
	if other := w.entities["country:Q145"]; other.Label != "Q145" || !slices.Equal(other.Identifiers, []string{"wikidata:Q145"}) {
		t.Errorf("an item that the file does not give: %+v", other)
	}
	if w.unread["claims/P140"] != 1 {
		t.Errorf("unread: %v", w.unread)
	}
}

// statement returns a statement as JSON.
func statement(property, value, rank, rest string) string {
	return fmt.Sprintf(`{"mainsnak":{"snaktype":"value","property":%q,"datavalue":{"value":{"id":%q},"type":"wikibase-entityid"}},"id":"Q1$%s","rank":%q%s}`, property, value, property+value, rank, rest)
}

func date(time string, precision int) string {
	return fmt.Sprintf(`[{"snaktype":"value","datavalue":{"value":{"time":%q,"precision":%d,"calendarmodel":"http://www.wikidata.org/entity/Q1985727"},"type":"time"}}]`, time, precision)
}

// entity returns an entity with statements of one property.
func entity(id, property string, statements ...string) string {
	return fmt.Sprintf(`{"type":"item","id":%q,"labels":{"en":{"language":"en","value":"Name %s"}},"claims":{"P31":[%s],%q:[%s]}}`, id, id, statement("P31", "Q5", "normal", ""), property, strings.Join(statements, ","))
}

// Qualifiers, ranks and references are kept as they are.
func TestStatements(t *testing.T) {
	two := strings.Replace(date("+2001-00-00T00:00:00Z", 9), "]", ","+date("+2002-00-00T00:00:00Z", 9)[1:], 1)
	for _, c := range []struct {
		qualifiers, want, note string
	}{
		{``, "", ""},
		{`"P580":` + date("+2001-05-00T00:00:00Z", 10), "2001-05/", ""},
		{`"P580":` + date("+2001-05-03T00:00:00Z", 11) + `,"P582":` + date("+2004-00-00T00:00:00Z", 9), "2001-05-03/2004", ""},
		{`"P585":` + date("+2001-05-03T00:00:00Z", 11), "2001-05-03", ""},
		{`"P582":[{"snaktype":"somevalue"}]`, "", "ended on an unknown day"},
		{`"P580":` + date("+1970-00-00T00:00:00Z", 8), "", "P580: +1970-00-00T00:00:00Z (a decade)"},
		{`"P580":` + date("-0044-03-15T00:00:00Z", 11), "", "P580: -0044-03-15T00:00:00Z"},
		{`"P580":[{"snaktype":"value","datavalue":{"value":{"time":"+1500-01-01T00:00:00Z","precision":11,"calendarmodel":"http://www.wikidata.org/entity/Q1985786"}}}]`, "1500-01-10/", "P580: +1500-01-01T00:00:00Z in the Julian calendar"},
		{`"P580":[{"snaktype":"value","datavalue":{"value":{"time":"+1500-01-01T00:00:00Z","precision":11,"calendarmodel":"http://www.wikidata.org/entity/Q12"}}}]`, "", "P580: +1500-01-01T00:00:00Z in the calendar Q12"},
		{`"P585":` + date("+1970-00-00T00:00:00Z", 8), "1970/1979", "P585: +1970-00-00T00:00:00Z (a decade)"},
		{`"P585":` + date("+1900-00-00T00:00:00Z", 7), "1801/1900", "P585: +1900-00-00T00:00:00Z (a century)"},
		{`"P585":` + date("+1801-00-00T00:00:00Z", 7), "1801/1900", "P585: +1801-00-00T00:00:00Z (a century)"},
		{`"P585":` + date("+1500-00-00T00:00:00Z", 6), "1001/2000", "P585: +1500-00-00T00:00:00Z (a millennium)"},
		{`"P585":` + date("+5000-00-00T00:00:00Z", 5), "", "P585: +5000-00-00T00:00:00Z (to 10000 years)"},
		{`"P585":` + date("+5000-00-00T00:00:00Z", 0), "", "P585: +5000-00-00T00:00:00Z (to 1000000000 years)"},
		{`"P580":` + date("+2001-00-00T00:00:00Z", 9) + `,"P582":[{"snaktype":"novalue"}]`, "2001/..", ""},
		{`"P580":` + date("+2001-00-00T00:00:00Z", 9) + `,"P582":[{"snaktype":"somevalue"}]`, "2001/", "ended on an unknown day"},
		{`"P580":[{"snaktype":"somevalue"}],"P582":` + date("+2004-00-00T00:00:00Z", 9), "/2004", "began on an unknown day"},
		{`"P580":` + date("+2001-00-00T00:00:00Z", 9) + `,"P585":` + date("+2003-00-00T00:00:00Z", 9), "2001/", "P585: +2003-00-00T00:00:00Z"},
		{`"P580":` + two, "2001/", "P580: +2002-00-00T00:00:00Z"},
		{`"P585":` + two, "2001", "P585: +2002-00-00T00:00:00Z"},
		{`"P1545":[{"snaktype":"value","datavalue":{"value":"4"}}],"P642":[{"snaktype":"value","datavalue":{"value":{"id":"Q9"}}}]`, "", "ordinal: 4; of: Q9"},
	} {
		w, err := readText(t, "x.json", entity("Q1", "P39", statement("P39", "Q2", "normal", `,"qualifiers":{`+c.qualifiers+`}`)))
		if err != nil || len(w.rows) > 0 || len(w.facts) != 1 {
			t.Errorf("%s: %v %v %d facts", c.qualifiers, err, w.rows, len(w.facts))
			continue
		}
		if f := w.facts[0]; f.When.Written != c.want || f.Evidence[0].Note != c.note || f.Evidence[0].Locator != "statement Q1$P39Q2" {
			t.Errorf("%s: %q, note %q, %q", c.qualifiers, f.When.Written, f.Evidence[0].Note, f.Evidence[0].Locator)
		}
	}
	w, err := readText(t, "x.json", entity("Q1", "P39",
		statement("P39", "Q2", "deprecated", `,"qualifiers":{"P2241":[{"snaktype":"value","datavalue":{"value":{"id":"Q8"}}}]}`),
		statement("P39", "Q3", "preferred", `,"qualifiers":{"P1365":[{"snaktype":"value","datavalue":{"value":{"id":"Q4"}}}],"P1366":[{"snaktype":"value","datavalue":{"value":{"id":"Q5"}}}]}`),
		strings.Replace(statement("P39", "Q6", "normal", ""), `"snaktype":"value"`, `"snaktype":"somevalue"`, 1)))
	want := []string{"holds-post person:Q1 post:Q2", "holds-post person:Q1 post:Q3", "predecessor-of person:Q1 post:Q3 person:Q5", "predecessor-of person:Q4 post:Q3 person:Q1"}
	if got := shown(w.facts); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v %v, got\n%s", err, w.rows, strings.Join(got, "\n"))
	}
	for _, f := range w.facts {
		e := f.Evidence[0]
		if isDeprecated := slices.ContainsFunc(f.Roles, func(p schema.Participant) bool { return p.ID == "post:Q2" }); isDeprecated != (e.Stance == schema.Doubts) || isDeprecated && !strings.Contains(e.Note, "deprecated rank; reason for the deprecated rank: Q8") {
			t.Errorf("%v: %+v", f.Roles, e)
		}
	}
	if w.unread["claims/P39 without a value"] != 1 {
		t.Errorf("unread: %v", w.unread)
	}
}

// Who leads was preceded by a person, never the country or organization that is led. Other
// statements and deprecated ones have a note of it.
func TestSuccessions(t *testing.T) {
	replaces := `,"qualifiers":{"P1365":[{"snaktype":"value","datavalue":{"value":{"id":"Q4"}}}]}`
	for _, c := range []struct{ property, rank, want, note string }{
		{"P35", "normal", "leads person:Q2 institution:Q1|predecessor-of person:Q4 person:Q2", ""},
		{"P488", "normal", "leads person:Q2 institution:Q1|predecessor-of person:Q4 person:Q2", ""},
		{"P488", "deprecated", "leads person:Q2 institution:Q1", "deprecated rank; P1365: Q4"},
		{"P127", "normal", "owns institution:Q2 institution:Q1", "P1365: Q4"},
	} {
		text := strings.Replace(entity("Q1", c.property, statement(c.property, "Q2", c.rank, replaces)), `"id":"Q5"`, `"id":"Q43229"`, 1)
		w, err := readText(t, "x.json", text)
		if got := strings.Join(shown(w.facts), "|"); err != nil || len(w.rows) > 0 || got != c.want {
			t.Errorf("%+v: %v %v, got %s", c, err, w.rows, got)
			continue
		}
		for _, f := range w.facts {
			if f.Verb == "predecessor-of" && !strings.HasSuffix(f.Topic, " of Q1") || f.Verb != "predecessor-of" && f.Evidence[0].Note != c.note {
				t.Errorf("%+v: topic %q, note %q", c, f.Topic, f.Evidence[0].Note)
			}
		}
	}
}

// A death is a fact, and no date of birth is lost without a count.
func TestBirthsAndDeaths(t *testing.T) {
	stated := func(property, snak, rank string) string {
		return fmt.Sprintf(`{"mainsnak":%s,"id":"Q1$%s%s","rank":%q}`, snak, property, rank, rank)
	}
	day := func(time string) string { return strings.Trim(date(time, 11), "[]") }
	for _, c := range []struct {
		property, statements, facts, born string
		leftOut                           int
	}{
		{"P570", stated("P570", day("+1970-05-06T00:00:00Z"), "normal"), "died person:Q1 1970-05-06", "", 0},
		{"P570", stated("P570", `{"snaktype":"somevalue"}`, "normal"), "died person:Q1", "", 0},
		{"P570", stated("P570", `{"snaktype":"novalue"}`, "normal"), "", "", 0},
		{"P569", stated("P569", day("+1900-01-01T00:00:00Z"), "normal") + "," + stated("P569", day("+1901-01-01T00:00:00Z"), "deprecated"), "", "1900-01-01", 1},
		{"P569", stated("P569", day("+1900-01-01T00:00:00Z"), "normal") + "," + stated("P569", day("+1901-01-01T00:00:00Z"), "preferred"), "", "1901-01-01", 1},
		{"P569", stated("P569", day("+1900-01-01T00:00:00Z"), "normal") + "," + stated("P569", day("+1901-01-01T00:00:00Z"), "normal"), "", "", 2},
		{"P569", stated("P569", strings.Replace(day("+1533-09-07T00:00:00Z"), "Q1985727", "Q1985786", 1), "normal"), "", "1533-09-17", 0},
		{"P569", stated("P569", strings.Replace(day("+1533-00-00T00:00:00Z"), `11,"calendarmodel":"http://www.wikidata.org/entity/Q1985727`, `9,"calendarmodel":"http://www.wikidata.org/entity/Q1985786`, 1), "normal"), "", "1533-01-11/1534-01-10", 0},
		{"P570", stated("P570", strings.Replace(day("+1603-03-24T00:00:00Z"), "Q1985727", "Q1985786", 1), "normal"), "died person:Q1 1603-04-03", "", 0},
		{"P570", stated("P570", strings.Replace(day("+1603-03-00T00:00:00Z"), `11,"calendarmodel":"http://www.wikidata.org/entity/Q1985727`, `10,"calendarmodel":"http://www.wikidata.org/entity/Q1985786`, 1), "normal"), "died person:Q1 1603-03-11/1603-04-10", "", 0},
		{"P570", stated("P570", day("+1970-05-06T00:00:00Z"), "normal") + "," + stated("P570", day("+1970-05-07T00:00:00Z"), "preferred"), "died person:Q1 1970-05-07", "", 1},
	} {
		w, err := readText(t, "x.json", entity("Q1", c.property, c.statements))
		if got := strings.Join(shown(w.facts), "|"); err != nil || len(w.rows) > 0 || got != c.facts || string(w.entities["person:Q1"].Born) != c.born || w.unread["claims/"+c.property] != c.leftOut {
			t.Errorf("%s: %v %v, got %q, born %q, unread %v", c.statements, err, w.rows, got, w.entities["person:Q1"].Born, w.unread)
		}
	}
}

// Days of the Julian calendar are other days in the Gregorian one: known pairs, and what is
// no day of it.
func TestJulian(t *testing.T) {
	for _, c := range []struct{ time, want string }{
		{"+1917-10-25", "died person:Q1 1917-11-07"}, {"+1582-10-04", "died person:Q1 1582-10-14"}, {"+1700-02-28", "died person:Q1 1700-03-10"},
		{"+1700-02-29", "died person:Q1 1700-03-11"}, {"+1700-03-01", "died person:Q1 1700-03-12"}, {"+1900-02-29", "died person:Q1 1900-03-13"},
		{"+1066-10-14", "died person:Q1 1066-10-20"}, {"+0001-01-03", "died person:Q1 0001-01-01"}, {"+0001-01-02", "died person:Q1"},
		{"+0325-06-19", "died person:Q1 0325-06-20"}, {"+1999-12-31", "died person:Q1 2000-01-13"},
		{"+1701-02-29", "bad date"}, {"+1700-02-30", "bad date"}, {"+1700-13-01", "bad date"}, {"+1700-00-01", "bad date"}, {"+1700-01-00", "bad date"},
	} {
		snak := strings.Replace(strings.Trim(date(c.time+"T00:00:00Z", 11), "[]"), "Q1985727", "Q1985786", 1)
		w, err := readText(t, "x.json", entity("Q1", "P570", fmt.Sprintf(`{"mainsnak":%s,"id":"Q1$x","rank":"normal"}`, snak)))
		got := strings.Join(shown(w.facts), "|")
		if len(w.rows) > 0 {
			got = w.rows[0].Error()
		}
		if err != nil || got != c.want && !(c.want == "bad date" && strings.Contains(got, c.want)) {
			t.Errorf("%s: %v, got %s, want %s", c.time, err, got, c.want)
		}
		if len(w.facts) == 1 && !strings.Contains(w.facts[0].Evidence[0].Note, "P570: "+c.time+"T00:00:00Z in the Julian calendar") {
			t.Errorf("%s: note %q", c.time, w.facts[0].Evidence[0].Note)
		}
	}
}

// A bound on an unknown day of several had been reached by the last of them.
func TestVagueBounds(t *testing.T) {
	w, err := readText(t, "x.json", entity("Q1", "P39", statement("P39", "Q2", "normal", `,"qualifiers":{"P580":`+date("+1970-00-00T00:00:00Z", 8)+`,"P582":`+date("+1900-00-00T00:00:00Z", 7)+`}`),
		statement("P39", "Q3", "normal", `,"qualifiers":{"P580":`+date("+1970-00-00T00:00:00Z", 8)+`,"P582":`+date("+1975-06-00T00:00:00Z", 10)+`}`)))
	if err != nil || len(w.rows) > 0 || len(w.facts) != 2 {
		t.Fatal(err, w.rows, w.facts)
	}
	for i, want := range []schema.When{{FromBy: "1979", ToBy: "1900"}, {Written: "/1975-06", FromBy: "1979"}} {
		if w.facts[i].When != want {
			t.Errorf("got %+v, want %+v", w.facts[i].When, want)
		}
	}
}

// Preferred statements come first: the kind is of the preferred class.
func TestPreferredClass(t *testing.T) {
	text := strings.Replace(entity("Q1", "P39", statement("P39", "Q2", "normal", "")), statement("P31", "Q5", "normal", ""),
		statement("P31", "Q5", "deprecated", "")+","+statement("P31", "Q43229", "normal", "")+","+statement("P31", "Q4164871", "preferred", ""), 1)
	w, err := readText(t, "x.json", text)
	if _, ok := w.entities["post:Q1"]; err != nil || !ok {
		t.Errorf("%v %v, entities %v", err, w.rows, w.entities)
	}
}

// Lines longer than the text by which a file is recognized are lines by the extension.
func TestLongLines(t *testing.T) {
	long := strings.Repeat(`{"value":"x"},`, foreign.HeadSize/10)
	line := func(id string) string {
		return strings.Replace(entity(id, "P39", statement("P39", "Q3", "normal", "")), `"claims"`, `"unread":[`+long+`1],"claims"`, 1)
	}
	for _, name := range []string{"x.jsonl", "x.ndjson"} {
		w, err := readText(t, name, line("Q1")+"\n"+line("Q2")+"\n")
		if err != nil || len(w.rows) > 0 || len(w.facts) != 2 || w.format != "wikidata-lines" {
			t.Errorf("%s: %v %v, %d facts, read as %q", name, err, w.rows, len(w.facts), w.format)
		}
	}
	if w, err := readText(t, "x.json", line("Q1")); err != nil || len(w.facts) != 1 || w.format != "wikidata" {
		t.Errorf("one entity: %v, %d facts, read as %q", err, len(w.facts), w.format)
	}
}

// A document, an entity, a list and lines of entities give the same facts.
func TestShapes(t *testing.T) {
	a, b := entity("Q1", "P26", statement("P26", "Q2", "normal", "")), entity("Q2", "P39", statement("P39", "Q3", "normal", ""))
	want := []string{"holds-post person:Q2 post:Q3", "spouse-of person:Q1 person:Q2"}
	for name, text := range map[string]string{
		"document.json": `{"entities":{"Q1":` + a + `,"Q2":` + b + `}}`,
		"list.json":     "[\n" + a + ",\n" + b + "\n]\n",
		"lines.json":    a + "\n" + b + "\n",
		"lines.jsonl":   a + "\n" + b + "\n",
	} {
		w, err := readText(t, name, text)
		if got := shown(w.facts); err != nil || len(w.rows) > 0 || !slices.Equal(got, want) || !strings.HasPrefix(w.format, "wikidata") {
			t.Errorf("%s: %v %v, read as %q\n%s", name, err, w.rows, w.format, strings.Join(got, "\n"))
		}
		if e := w.entities["person:Q2"]; e.Label != "Name Q2" {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

// The real item has a fact for each statement of the properties that are read and that has
// an item as its value, and for each qualifier "replaces" and "replaced by" of them, as
// encoding/json counts them.
func TestRealItem(t *testing.T) {
	data, err := os.ReadFile(shared)
	if err != nil {
		t.Skip("Q7747.json is absent")
	}
	type snak struct {
		Snaktype  string
		Datavalue struct{ Value json.RawMessage }
	}
	var doc struct {
		Entities map[string]struct {
			Claims map[string][]struct {
				Mainsnak   snak
				Rank       string
				Qualifiers map[string][]snak
			}
		}
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	properties := strings.Fields("P39 P463 P102 P27 P106 P108 P69 P1037 P35 P6 P488 P169 P1346 P26 P22 P25 P40 P3373 P1038 P127 P1830 P361 P749 P159 P131 P1344")
	want, posts := 0, 0
	for property, statements := range doc.Entities["Q7747"].Claims {
		if !slices.Contains(properties, property) {
			continue
		}
		for _, s := range statements {
			if s.Mainsnak.Snaktype != "value" {
				continue
			}
			if want++; property == "P39" {
				posts++
			}
			if s.Rank == "deprecated" {
				continue
			}
			for _, q := range append(s.Qualifiers["P1365"], s.Qualifiers["P1366"]...) {
				if q.Snaktype == "value" {
					want++
				}
			}
		}
	}
	w, err := read(t, shared, "")
	if err != nil || len(w.rows) > 0 || len(w.facts) != want || want < 100 {
		t.Errorf("%d facts, want %d; %v %v", len(w.facts), want, err, w.rows)
	}
	held := 0
	for _, f := range w.facts {
		if f.Verb == "holds-post" {
			held++
		}
	}
	if n := w.unread["references without an address or a work"]; n == 0 {
		t.Error("no reference is counted as left out")
	}
	if held != posts || posts != 22 {
		t.Errorf("%d posts held, want %d", held, posts)
	}
}

// An export as N-Quads restores the same graph.
func TestRoundTrip(t *testing.T) {
	for _, path := range []string{sample, shared} {
		if _, err := os.Stat(path); err != nil {
			t.Logf("%s is absent", path)
			continue
		}
		before := nquads(t, path)
		copied := filepath.Join(t.TempDir(), "copy.nq")
		if err := os.WriteFile(copied, []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		if after := nquads(t, copied); after != before || before == "" {
			t.Errorf("%s: another graph after its export", path)
		}
	}
}

// nquads loads a file into a graph, and returns the graph as N-Quads.
func nquads(t *testing.T, path string) string {
	t.Helper()
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	in, err := loaders.Open(path, &loaders.Options{Dataset: "d"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.LoadInput(t.Context(), in, nil); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := export.Write(t.Context(), &out, export.NQuads, export.Selection{Graph: g}, export.Options{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// No file of entente's own examples and tests is read as one of Wikidata.
func TestLooksLeavesOthers(t *testing.T) {
	n := 0
	for _, root := range []string{"../../../examples", "../../testdata", "../../../cmd/entente/testdata"} {
		err := fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.Contains(path, ".json") || strings.Contains(path, ".wikidata.") {
				return err
			}
			data, err := os.ReadFile(filepath.Join(root, path))
			if f := foreign.Recognize(path, data[:min(len(data), foreign.HeadSize)]); f != nil && strings.HasPrefix(f.Name, "wikidata") {
				t.Errorf("%s is read as Wikidata", path)
			}
			n++
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, text := range []string{`{"entities": [{"kind": "Person", "name": "Q1"}]}`, `{"entities": {}}`, `{"type": "item", "id": "a1"}`, `{"id": "Q1", "schema": "Person", "properties": {}}`} {
		if f := foreign.Recognize("x.json", []byte(text)); f != nil && strings.HasPrefix(f.Name, "wikidata") {
			t.Errorf("%s is read as %s", text, f.Name)
		}
	}
	if n == 0 {
		t.Fatal("no file was tried")
	}
}

// Malformed input is an error with its place.
func TestMalformed(t *testing.T) {
	good := entity("Q1", "P39", statement("P39", "Q2", "normal", ""))
	bad := []string{
		`{"type":"item","id":"Q1","claims":{"P39":[{]}}`, `{"type":"item","id":"Q1","claims":{"P39":[`, `{"type":"item","id":"Q1",}`, `{"type":"item" "id":"Q1"}`,
		`{"type":"item","id":"Q1"} x`, `{"type":"item","id":"Q1","labels":{"en":{"value":"a\x"}}}`, `{"type":"item","id":"Q1","labels":{"en":{"value":"a` + "\xff" + `"}}}`,
		`{"type":"item","id":"Q1","labels":{"en":{"value":"a` + "\x00" + `"}}}`, `{"type":"item","id":"Q1","labels":{"en":{"value":"\ud800"}}}`,
		`{"type":"item","id":"Q1","labels":{"en":{"value":"a\u0007"}}}`, `{"type":"item","id":"Q1","aliases":{"en":[{"value":"a\u0007b"}]}}`,
		`{"type":"item","id":"Q1","descriptions":{"en":{"value":"a\u0000b"}}}`,
		`{"entities":{"Q1":` + good, `{"entities":{"Q1":` + good + `}`, `{"entities":{"Q1":` + good + `,}}`, "[\n" + good, "[\n" + good + ",\n", "[\n" + good + "\n" + good + "\n]",
		strings.Replace(good, `"rank":"normal"`, `"rank":`, 1), strings.Replace(good, `"id":"Q2"`, `"id":"Q2`, 1), strings.Replace(good, "}", "", 1), strings.Replace(good, "[", "", 1),
		strings.Replace(good, "Name Q1", "Name\u0001", 1), strings.Replace(good, "Name Q1", strings.Repeat("x", 70_000), 1),
	}
	for _, time := range []string{"+2001-13-01T00:00:00Z", "+2001-02-30T00:00:00Z", "+2001-00-00T00:00:00Z", "+20x1-01-01T00:00:00Z", "+    -01-01T00:00:00Z"} {
		for _, property := range []string{"P580", "P582", "P585"} {
			bad = append(bad, entity("Q1", "P39", statement("P39", "Q2", "normal", `,"qualifiers":{"`+property+`":`+date(time, 11)+`}`)))
		}
	}
	bad = append(bad, entity("Q1", "P39", statement("P39", "Q2", "normal", `,"qualifiers":{"P580":`+date("+2001-13-00T00:00:00Z", 10)+`}`)))
	bad = append(bad, entity("Q1", "P39", statement("P39", "Q2", "normal", `,"qualifiers":{"P580":`+date("+2004-01-01T00:00:00Z", 11)+`,"P582":`+date("+2001-01-01T00:00:00Z", 11)+`}`)),
		entity("Q1", "P40", statement("P40", "Q1", "normal", "")))
	if len(bad) < 40 {
		t.Fatal(len(bad))
	}
	for _, text := range bad {
		path := filepath.Join(t.TempDir(), "x.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		w, err := read(t, path, "wikidata")
		got := fmt.Sprint(err)
		if err == nil && len(w.rows) > 0 {
			got = w.rows[0].Error()
		}
		if err == nil && len(w.rows) == 0 {
			t.Errorf("no error for %.150q", text)
		} else if !strings.Contains(got, "x.json") {
			t.Errorf("an error without its place: %s", got)
		}
	}
}

func FuzzWikidata(f *testing.F) {
	data, err := os.ReadFile(sample)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data))
	f.Add(entity("Q1", "P39", statement("P39", "Q2", "normal", `,"qualifiers":{"P580":`+date("+2001-05-00T00:00:00Z", 10)+`}`)))
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "x.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, from := range []string{"", "wikidata", "wikidata-lines"} {
			w, err := read(t, path, from)
			for _, row := range w.rows {
				if row.Pos.Line < 1 || row.Err == nil {
					t.Fatalf("row error %+v", row)
				}
			}
			if err != nil && !strings.Contains(err.Error(), "x.json") {
				t.Fatalf("an error without its file: %v", err)
			}
		}
	})
}
