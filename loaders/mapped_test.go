package loaders_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

const visitMapping = `
rows: data/visit
entities:
  who: {kind: Person, name: "{who}"}
  land: {kind: Country, id: "country:{../year}-land", name: "{to}"}
facts: {verb: visited, actor: who, recipient: land, when: "{../year}-{month}", source-key: "{n}"}
`

// visits writes the same visits as JSON and as XML.
func visits(n int) (asJSON, asXML string) {
	var j, x strings.Builder
	j.WriteString("{\"before\": {\"a\": [1,\n2]}, \"data\": [\n")
	x.WriteString("<?xml version=\"1.0\"?>\n<!-- visits -->\n<all><before a='1'>x &amp; y</before>\n")
	for year := range 3 {
		fmt.Fprintf(&j, "{\"year\": \"%d\", \"other\": {\"x\": null}, \"visit\": [\n", 2020+year)
		fmt.Fprintf(&x, "<data>\n<year>%d</year>\n<other><x>1</x></other>\n", 2020+year)
		for i := range n {
			fmt.Fprintf(&j, "  {\"who\": \"Envoy \\\"%d, \", \"to\": \"Land %d\",\n \"month\": \"0%d\", \"n\": %d}%s\n", i%7, i%5, 1+i%9, i, map[bool]string{true: ",", false: ""}[i+1 < n])
			fmt.Fprintf(&x, "  <visit n='ignored'><who>Envoy\n  \"%d,</who> <to>Land %d</to>\n<month>0%d</month><n>%d</n></visit>\n", i%7, i%5, 1+i%9, i)
		}
		fmt.Fprintf(&j, "], \"after\": 1}%s\n", map[bool]string{true: ",", false: ""}[year < 2])
		x.WriteString("<after>1</after></data>\n")
	}
	j.WriteString("], \"end\": true}\n")
	x.WriteString("</all>\n")
	return j.String(), x.String()
}

// openMapped writes a file and opens it with a mapping.
func openMapped(t testing.TB, name, data, text string) *loaders.Input {
	t.Helper()
	m, err := mapping.Parse("mapping.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := loaders.Open(path, &loaders.Options{Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// A document read in blocks of any size has the same records, positions and counts.
func TestMappedDocumentsInBlocks(t *testing.T) {
	asJSON, asXML := visits(40)
	for name, data := range map[string]string{"v.json": asJSON, "v.xml": asXML} {
		whole := openMapped(t, name, data, visitMapping)
		want := clean(t, collect(t, whole))
		if len(want.facts) != 120 || len(want.entities) != 7+3 {
			t.Fatalf("%s: %d facts, %d entities", name, len(want.facts), len(want.entities))
		}
		if got := whole.Tally.Unmapped; got["/data/after"]+got["/all/data/after"] != 3 || whole.Tally.Rows != 120 {
			t.Errorf("%s: counted %+v", name, whole.Tally)
		}
		for _, size := range []int{1, 50, 200, 1000, 5000} {
			in := openMapped(t, name, data, visitMapping)
			in.SetBlockSize(size)
			got := clean(t, collect(t, in))
			if !reflect.DeepEqual(withoutFile(want), withoutFile(got)) {
				t.Errorf("%s in blocks of %d bytes differs", name, size)
			}
			if !reflect.DeepEqual(whole.Tally, in.Tally) {
				t.Errorf("%s in blocks of %d bytes counts %+v, not %+v", name, size, in.Tally, whole.Tally)
			}
		}
	}
}

// withoutFile removes the folder of the file from the positions of records.
func withoutFile(r result) result {
	for i := range r.entities {
		r.entities[i].Pos.File = ""
	}
	for i := range r.documents {
		r.documents[i].Pos.File = ""
	}
	for i := range r.facts {
		r.facts[i].Pos.File = ""
	}
	return r
}

// Errors name the place of the value and the field, and the rest of the rows loads.
func TestMappedErrors(t *testing.T) {
	asJSON, asXML := visits(3)
	verb := "facts: {verb: visited, "
	for name, data := range map[string]string{"v.json": asJSON, "v.xml": asXML} {
		data = strings.Replace(data, "02\", \"n\": 1", "13\", \"n\": 1", 1)
		data = strings.Replace(data, "02</month><n>1<", "13</month><n>1<", 1)
		r := loadMapped(t, name, data, strings.ReplaceAll(visitMapping, verb, verb+"note: \"{n}\", "))
		if r.fatal != nil || len(r.rows) != 1 || len(r.facts) != 8 {
			t.Fatalf("%s: %v, %d bad rows, %d facts", name, r.fatal, len(r.rows), len(r.facts))
		}
		row := r.rows[0]
		if !strings.Contains(row.Error(), "{../year}") && !strings.Contains(row.Error(), "{month}") || !strings.Contains(row.Text, "Land 1") || strings.Contains(row.Text, "Land 2") {
			t.Errorf("%s: %v\n%s", name, row, row.Text)
		}
	}
}

// What is not well-formed ends the reading, with its line.
func TestMappedDocumentsThatBreakOff(t *testing.T) {
	asJSON, asXML := visits(20)
	for _, c := range []struct{ name, data, want string }{
		{"v.json", asJSON[:len(asJSON)/2], "ends too early"},
		{"v.json", strings.Replace(asJSON, "\"month\"", "month", 1), "not JSON"},
		{"v.json", asJSON + "{}", "more after the value"},
		{"v.xml", asXML[:len(asXML)/2], "not XML"},
		{"v.xml", strings.Replace(asXML, "</visit>", "</visits>", 1), "not XML: </visits> closes nothing"},
		{"v.xml", asXML + "<more/>", "a second root"},
		{"v.xml", strings.Replace(asXML, "&amp;", "&evil;", 1), "invalid character entity"},
		{"v.xml", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "invalid character entity"},
	} {
		for _, size := range []int{1, 1 << 20} {
			in := openMapped(t, c.name, c.data, visitMapping)
			in.SetBlockSize(size)
			if r := collect(t, in); r.fatal == nil || !strings.Contains(r.fatal.Error(), c.want) {
				t.Errorf("%s: %v, want %s", c.name, r.fatal, c.want)
			}
		}
	}
}

// Rows that say different things of one id are joined, unless they contradict each
// other.
func TestMappedEntitiesAreJoined(t *testing.T) {
	const text = `entities: {kind: Person, id: "person:{id}", name: "{name}", born: "{born}"}`
	r := clean(t, loadMapped(t, "p.csv", "id,name,born\na,Ann,\na,Anne,1950\na,Ann,1950\nb,Bo,\n", text))
	want := schema.Entity{ID: "person:a", Kind: schema.Person, Label: "Ann", Aliases: []schema.Text{{Value: "Anne"}}, Born: "1950"}
	got := r.entities[0]
	got.Pos = schema.Position{}
	if len(r.entities) != 2 || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	r = loadMapped(t, "p.csv", "id,name,born\na,Ann,1949\na,Anne,1950\n", text)
	if len(r.rows) != 1 || !strings.Contains(r.rows[0].Error(), "declared twice") {
		t.Errorf("a contradiction is accepted: %v", r.rows)
	}
}

// The errors of a mapping name their line, and the nearest known word.
func TestErrorsInMappings(t *testing.T) {
	const data = "Who,Whom,When\nXie Feng,Ely Ratner,2023\n"
	for _, c := range []struct{ text, want string }{
		{"rowz: x\nfacts: {verb: met}", `mapping.yaml:1:1: unknown key of a mapping: "rowz"; did you mean "rows"?`},
		{"facts: {verb: met, actr: x}", `mapping.yaml:1:20: unknown key of a fact: "actr"; did you mean "actor"?`},
		{"facts:\n  verb: mett\n  actor: x", `mapping.yaml:2:9: unknown verb "mett"; did you mean "met"?`},
		{"facts: {verb: {from: '{Who}', lookup: {a: mett}}}", `mapping.yaml:1:43: unknown verb "mett"; did you mean "met"?`},
		{"facts: {verb: {from: '{Who}', lokup: {}}}", `mapping.yaml:1:31: unknown key of a value: "lokup"; did you mean "lookup"?`},
		{"facts: {verb: {from: '{Who}', lookup: tabel}}", `mapping.yaml:1:39: unknown lookup: "tabel"; known are `},
		{"facts: {verb: met, actor: '{Whoo}'}", `mapping.yaml:1:27: the table has no column "Whoo"; did you mean "Who" or "Whom"?`},
		{"facts: {verb: met, actor: '{Who'}", `mapping.yaml:1:27: a brace without its pair: "{Who"; write {{ or }} for a brace that is text`},
		{"facts:\n  verb: met\n  actor: {Who} and {Whom}", `mapping.yaml:3:10: not YAML: a text that begins with a brace: "actor: {Who} and {Whom}"; put the text in quotes, as in name: "{First} {Last}"`},
		{"entities: {kind: Persn, name: '{Who}'}", `mapping.yaml:1:18: unknown kind: "Persn"; did you mean "Person"?`},
		{"entities: {kind: Person, name: {first: '{Who}'}}", `mapping.yaml:1:40: want a list of values, not "{Who}"; `},
		{"entities: {kind: Person, name: '{#rows}'}", `mapping.yaml:1:32: unknown field: "#rows"; did you mean "#row"?`},
		{"entities: {kind: Person, name: '{a[}'}", `mapping.yaml:1:32: a bracket is not closed in the path "a["; `},
		{"rows: ../a\nentities: {kind: Person, name: '{a}'}", `mapping.yaml:1:7: the path of rows begins at the document, so it has no ".."; `},
		{"facts: {verb: met, status: hapened}", `mapping.yaml:1:28: unknown status: "hapened"; did you mean "happened"?`},
		{"facts: {verb: met, if: {Who: /(/}}", "mapping.yaml:1:30: error parsing regexp: missing closing ): `(`; "},
		{"facts: {verb: met, source: {titel: x}}", `mapping.yaml:1:29: unknown key of a source: "titel"; did you mean "title"?`},
		{"about: {title: x}", `mapping.yaml:1:1: a mapping that makes neither entities nor facts; add facts: or entities:`},
		{"facts: !!binary x", `mapping.yaml:1:8: tags are not supported: "!!binary"; `},
		{"facts: {verb: met, verb: met}", `mapping.yaml:1:20: duplicate key: "verb", first in line 1; `},
		{"", `mapping.yaml: is empty; `},
	} {
		m, err := mapping.Parse("mapping.yaml", []byte(c.text))
		if err == nil {
			r := loadMappedBy(t, "v.csv", data, m)
			err = r.fatal
			if err == nil && len(r.rows) > 0 {
				err = r.rows[0]
			}
		}
		if err == nil {
			t.Errorf("no error: %s", c.text)
			continue
		}
		if got := err.Error() + "; " + schema.Hint(err); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func loadMappedBy(t testing.TB, name, data string, m *mapping.Mapping) result {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := loaders.Open(path, &loaders.Options{Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	return collect(t, in)
}

// FuzzMappedFiles reads files of all formats by mappings: whatever both are, it ends
// with records, or with errors at positions.
func FuzzMappedFiles(f *testing.F) {
	asJSON, asXML := visits(2)
	for _, file := range []string{asJSON, asXML, "who,to,month\nXie Feng,China,07\n", "{\"who\": \"Ann\"}\n{\"who\": \"Bo\"}\n", "data:\n  visit: [{who: Ann}]\n"} {
		f.Add(visitMapping, file)
	}
	page, err := os.ReadFile("../cmd/entente/manual/mapping.md")
	if err != nil {
		f.Fatal(err)
	}
	data := ""
	for _, m := range fence.FindAllStringSubmatch(string(page), -1) {
		if m[1] == "yaml" {
			f.Add(m[2], data)
		} else {
			data = m[2]
		}
	}
	f.Fuzz(func(t *testing.T, text, file string) {
		if len(text)+len(file) > 1<<16 {
			return
		}
		m, err := mapping.Parse("mapping.yaml", []byte(text))
		if err != nil {
			at := (*mapping.Error)(nil)
			if !errors.As(err, &at) || at.Pos.File != "mapping.yaml" {
				t.Fatalf("an error without its file: %v", err)
			}
			return
		}
		name := map[byte]string{'{': "f.json", '[': "f.json", '<': "f.xml"}[(file + " ")[0]]
		if name == "" {
			name = "f.csv"
		}
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{1 << 20, 16} {
			in, err := loaders.Open(path, &loaders.Options{Mapping: m})
			if err != nil {
				return
			}
			in.SetBlockSize(size)
			for _, row := range collect(t, in).rows {
				if row.Pos.File != path || row.Pos.Line < 1 || row.Pos.Line > 2+strings.Count(file, "\n") || row.Err == nil {
					t.Fatalf("row error %+v", row)
				}
			}
		}
	})
}

// BenchmarkMapped reads the same visits by a mapping from JSON and from XML.
func BenchmarkMapped(b *testing.B) {
	asJSON, asXML := visits(3000)
	for name, data := range map[string]string{"visits.json": asJSON, "visits.xml": asXML} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if r := collect(b, openMapped(b, name, data, visitMapping)); len(r.facts) != 9000 {
					b.Fatalf("%d facts", len(r.facts))
				}
			}
		})
	}
}
