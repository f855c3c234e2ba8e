package ftm_test

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
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/foreign"
	"github.com/entente-kg/entente/loaders/foreign/ftm"
	"github.com/entente-kg/entente/schema"
)

// shared is the folder of files that others have written.
const shared = "../../../../shared/data/ftm"

// sample is a file of our own.
const sample = "../../../examples/formats/suez.ftm.json"

func TestLooks(t *testing.T) {
	for text, want := range map[string]bool{
		`{"id": "a", "schema": "Person", "properties": {"name": ["A"]}}`:             true,
		`{"id": "a", "schema": "Person", "properties": {}}` + "\n{":                  true,
		`{"op": "DEL", "entity": {"id": "a"}}`:                                       true,
		`{"id": "a", "caption": "A", "schema": "Person", "properties": {"name": ["A`: true, // a line longer than the head
		`{"op": "MOD", "entity": {"id": "a", "properties": {"name": ["A`:             true,
		`{"id": "a", "caption": "A", "schema": "Per`:                                 false,
		`{"id": "a", "schema": "Person"}`:                                            false,
		`{"schema": "Person", "properties": {}}`:                                     false,
		`{"id": "Q42", "type": "item", "labels": {}, "claims": {}}`:                  false,
		`{"people": ["Ann"], "facts": []}`:                                           false,
		`{"verb": "met", "actor": "Ann", "recipient": "Bob", "id": "a"}`:             false,
		`[{"id": "a", "schema": "Person", "properties": {}}]`:                        false,
		``: false, `{`: false, `id,schema,properties`: false,
	} {
		if got := ftm.Looks("x.json", []byte(text)); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}

// No file of entente's own examples and tests is read as FollowTheMoney.
func TestLooksLeavesOwnFiles(t *testing.T) {
	n := 0
	for _, root := range []string{"../../../examples", "../../testdata", "../../../cmd/entente/testdata"} {
		err := fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.Contains(path, ".json") || strings.Contains(path, ".ftm.") {
				return err
			}
			data, err := os.ReadFile(filepath.Join(root, path))
			if n++; ftm.Looks(path, data[:min(len(data), foreign.HeadSize)]) {
				t.Errorf("%s is read as FollowTheMoney", path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n == 0 {
		t.Fatal("no file was tried")
	}
}

// world is what was read of a file.
type world struct {
	entities map[string]schema.Entity // by name
	facts    []schema.Fact
	sources  int
	rows     []*loaders.RowError
	left     int
}

// read reads a file by itself.
func read(t testing.TB, path string) (w world, err error) {
	t.Helper()
	w.entities = make(map[string]schema.Entity)
	in, err := loaders.Open(path, &loaders.Options{Dataset: "d", From: "ftm"})
	if err != nil {
		return w, err
	}
	for record, err := range in.Records(t.Context()) {
		row, isRow := err.(*loaders.RowError)
		switch r := record.(type) {
		case schema.Entity:
			w.entities[r.Label] = r
		case schema.Document:
			w.sources++
		case schema.Fact:
			w.facts = append(w.facts, r)
		}
		if isRow {
			w.rows = append(w.rows, row)
		} else if err != nil {
			return w, err
		}
	}
	w.left = in.Tally.LeftOut
	return w, nil
}

func readText(t testing.TB, text string) (world, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return read(t, path)
}

// sentences returns the facts of lines as sentences with their dates.
func sentences(t *testing.T, path string) (all []string) {
	t.Helper()
	g := load(t, path)
	for f, err := range g.Facts(t.Context(), graph.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		words := render.New(g)
		w, err := words.Fact(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.TrimSpace(w.Sentence+" "+render.Dates(f)))
	}
	slices.Sort(all)
	return all
}

func load(t *testing.T, path string) *graph.Graph {
	t.Helper()
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	in, err := loaders.Open(path, &loaders.Options{Dataset: "d"})
	if err != nil {
		t.Fatal(err)
	}
	if len(in.Recognized) != 1 && !strings.HasSuffix(path, ".nq") {
		t.Fatalf("%s is not recognized", path)
	}
	if _, err := g.LoadInput(t.Context(), in, nil); err != nil {
		t.Fatal(err)
	}
	return g
}

func nquads(t *testing.T, g *graph.Graph) string {
	t.Helper()
	var out bytes.Buffer
	if err := export.Write(t.Context(), &out, export.NQuads, export.Selection{Graph: g}, export.Options{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// lines reads entities of FollowTheMoney with nothing but encoding/json.
func lines(t *testing.T, path string) (all []line) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("%s is absent", path)
	}
	for text := range strings.Lines(string(data)) {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	return all
}

type line struct {
	ID, Schema string
	Properties map[string][]string
}

// The files of OpenSanctions have as many entities and facts as their lines say: jq counts
// the same, as in jq -s 'map(select(.schema=="Sanction"))|length'.
func TestRealFiles(t *testing.T) {
	links := []string{"Ownership", "Directorship", "Family", "Sanction"}
	for _, name := range []string{"zala.ftm.json", "t1/entities.ftm.json"} {
		path := filepath.Join(shared, name)
		want, things := 0, make(map[string]bool)
		for _, l := range lines(t, path) {
			switch {
			case slices.Contains(links, l.Schema):
				want++
			case l.Schema != "Passport":
				things[l.ID] = true
			}
			want += len(l.Properties["addressEntity"]) + len(l.Properties["parent"])
		}
		w, err := read(t, path)
		if err != nil || len(w.rows) > 0 {
			t.Fatal(err, w.rows)
		}
		own := 0
		for _, e := range w.entities {
			if slices.ContainsFunc(e.Identifiers, func(id string) bool { return strings.HasPrefix(id, "ftm:") && things[id[len("ftm:"):]] }) {
				own++
			}
		}
		if len(w.facts) != want || own != len(things) {
			t.Errorf("%s: %d facts and %d entities, want %d and %d", name, len(w.facts), own, want, len(things))
		}
	}
}

// An export as N-Quads restores the same graph.
func TestRoundTrip(t *testing.T) {
	paths := []string{sample, filepath.Join(shared, "zala.ftm.json"), filepath.Join(shared, "t1", "entities.ftm.json")}
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			t.Logf("%s is absent", path)
			continue
		}
		before := nquads(t, load(t, path))
		copied := filepath.Join(t.TempDir(), "copy.nq")
		if err := os.WriteFile(copied, []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		if after := nquads(t, load(t, copied)); after != before {
			t.Errorf("%s: another graph after its export", path)
		}
	}
}

// The exporter gives back the ids, the names, the identifiers and the dates of what was
// read.
func TestBack(t *testing.T) {
	var out bytes.Buffer
	if err := export.Write(t.Context(), &out, export.FTM, export.Selection{Graph: load(t, sample)}, export.Options{}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "back.json")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	back := make(map[string]line)
	for _, l := range lines(t, path) {
		back[l.ID] = l
	}
	for _, l := range lines(t, sample) {
		b, ok := back[l.ID]
		if l.Schema == "Payment" || l.Schema == "Document" {
			continue
		}
		if !ok {
			t.Errorf("%s did not come back", l.ID)
			continue
		}
		for _, property := range []string{"name", "alias", "wikidataId", "director", "organization", "startDate", "endDate", "full"} {
			if !slices.Equal(l.Properties[property], b.Properties[property]) && len(l.Properties[property]) > 0 {
				t.Errorf("%s: %s is %q, was %q", l.ID, property, b.Properties[property], l.Properties[property])
			}
		}
	}
}

func TestSample(t *testing.T) {
	want := []string{
		"Ferdinand de Lesseps is a director of Suez Canal Company about President 1858/1894-12-07",
		"Ferdinand de Lesseps is a parent of Charles de Lesseps undated",
		"HM Treasury owns Suez Canal Company 1875-11-25/",
		"HM Treasury paid khedive about 3976582 GBP 1875-12",
		"Suez Canal Company is based in 1 rue d'Astorg, Paris undated",
	}
	if got := sentences(t, sample); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	w, err := read(t, sample)
	if err != nil {
		t.Fatal(err)
	}
	lesseps := w.entities["Ferdinand de Lesseps"]
	if lesseps.ID != "person:lesseps" || lesseps.Born != "1805-11-19" || lesseps.Country != "country:france" || len(lesseps.Aliases) != 1 {
		t.Errorf("got %+v", lesseps)
	}
	if e := w.entities["Suez Canal Company"]; !slices.Equal(e.Identifiers, []string{"ftm:suez-company", "ftm:suez-old-1", "wikidata:Q1127394"}) {
		t.Errorf("got %+v", e)
	}
	if e := w.entities["khedive"]; e.ID != "institution:khedive" {
		t.Errorf("an entity that the file does not give: %+v", e)
	}
}

// Each link has its verb, its sides, its role and its dates, whatever the kinds.
func TestLinks(t *testing.T) {
	const things = `{"id":"a","schema":"Person","properties":{"name":["Ann"]}}
{"id":"b","schema":"Person","properties":{"name":["Bob"]}}
{"id":"o","schema":"Organization","properties":{"name":["Org"]}}
{"id":"c","schema":"Company","properties":{"name":["Co"]}}
{"id":"p","schema":"Position","properties":{"name":["Chair"],"organization":["o"]}}
{"id":"k","schema":"Contract","properties":{"name":["Deal"]}}
`
	link := func(schema, properties string) string {
		return fmt.Sprintf(`{"id":"x","schema":%q,"properties":{%s},"datasets":["d"]}`, schema, properties)
	}
	for _, c := range []struct{ line, want string }{
		{link("Membership", `"member":["a"],"organization":["o"],"role":["whip"],"startDate":["2001"]`), "Ann is a member of Org about whip 2001/"},
		{link("Employment", `"employee":["a"],"employer":["o"],"endDate":["2001-05"]`), "Ann works at Org /2001-05"},
		{link("Representation", `"agent":["c"],"client":["o"],"startDate":["2001"],"endDate":["2002"]`), "Co represents Org 2001/2002"},
		{link("Occupancy", `"holder":["a"],"post":["p"],"startDate":["2001"],"status":["ended"]`), "Ann is Chair 2001/"},
		{link("Family", `"person":["a"],"relative":["b"],"relationship":["wife"]`), "Ann is the spouse of Bob undated"},
		{link("Family", `"person":["a"],"relative":["b"],"relationship":["mother"]`), "Bob is a parent of Ann undated"},
		{link("Family", `"person":["a"],"relative":["b"],"relationship":["son"]`), "Ann is a parent of Bob undated"},
		{link("Family", `"person":["a"],"relative":["b"],"relationship":["cousin"]`), "Ann is a relative of Bob about cousin undated"},
		{link("Associate", `"person":["a"],"associate":["c"],"relationship":["owner"]`), "Ann is an associate of Co about owner undated"},
		{link("Succession", `"predecessor":["c"],"successor":["o"],"startDate":["2001"]`), "Co is the predecessor of Org 2001/"},
		{link("UnknownLink", `"subject":["a"],"object":["k"],"role":["witness"]`), "Ann is linked with Deal about witness undated"},
		{link("Debt", `"debtor":["a"],"creditor":["o"],"amount":["5"],"currency":["EUR"]`), "Ann is linked with Org about debt 5 EUR undated"},
		{link("ContractAward", `"supplier":["c"],"contract":["k"]`), "Co is involved in Deal about supplier undated"},
		{link("Payment", `"payer":["c"],"beneficiary":["a"],"amountUsd":["7"],"date":["2001-02-03"]`), "Co paid Ann about 7 USD 2001-02-03"},
		{link("Ownership", `"owner":["c"],"asset":["o"],"date":["2001"]`), "Co owns Org at least 2001"},
		{link("Ownership", `"owner":["a"],"asset":["b"]`), "Ann is linked with Bob undated"},
		{link("Directorship", `"director":["c"],"organization":["o"],"startDate":["2001","2001-05"]`), "Co is a director of Org 2001-05/"},
		{link("Sanction", `"entity":["a"],"authority":["Office of\nSanctions"]`), "Ann is under sanction by Office of Sanctions undated"},
		{link("Sanction", `"entity":["a"],"country":["us"],"startDate":["2001"]`), "Ann is under sanction by United States 2001/"},
		{link("Event", `"name":["Fair"],"involved":["a"],"date":["2001-02"]`), "Ann is involved in Fair 2001-02"},
	} {
		path := filepath.Join(t.TempDir(), "x.json")
		if err := os.WriteFile(path, []byte(things+c.line+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := sentences(t, path); !slices.Contains(got, c.want) || len(got) != 2 {
			t.Errorf("%s\n got %q\nwant %q", c.line, got, c.want)
		}
	}
}

// An authority of which lines have only the name is none of the organizations with that
// name, and other spellings of its name are no error.
func TestNamedAuthorities(t *testing.T) {
	const text = `{"id":"a","schema":"Person","properties":{"name":["Ann"]}}
{"id":"o","schema":"Organization","properties":{"name":["Office of Sanctions"]}}
{"id":"p","schema":"PublicBody","properties":{"name":["Office of Sanctions"]}}
{"id":"s","schema":"Sanction","properties":{"entity":["a"],"authority":["Office of Sanctions"]}}
{"id":"t","schema":"Sanction","properties":{"entity":["a"],"authority":["office of sanctions"],"startDate":["2001"]}}
`
	w, err := readText(t, text)
	if err != nil || len(w.rows) > 0 || len(w.facts) != 2 {
		t.Fatal(err, w.rows, w.facts)
	}
	for _, f := range w.facts {
		if !slices.ContainsFunc(f.Roles, func(p schema.Participant) bool { return p.ID == "institution:office-of-sanctions" }) {
			t.Errorf("%s has the participants %v", f.Key, f.Roles)
		}
	}
}

// What is said more of a fact is its note, and its evidence is what proves it.
func TestEvidence(t *testing.T) {
	w, err := readText(t, `{"id":"a","schema":"Person","properties":{"name":["Ann"]}}
{"id":"c","schema":"Company","properties":{"name":["Co"]}}
{"id":"doc1","schema":"Document","properties":{"fileName":["a.pdf"],"title":["Register"],"sourceUrl":["https://example.org/a.pdf"],"date":["2001-02"]}}
{"id":"x","schema":"Ownership","properties":{"owner":["a"],"asset":["c"],"percentage":["25"],"startDate":["2001","2003"],"proof":["doc1"],"sourceUrl":["https://example.org/x"],"publisher":["Registrar"]},"datasets":["d1","d2"]}
{"id":"y","schema":"Ownership","properties":{"owner":["a"],"asset":["c"]},"datasets":["d1","d2"]}
`)
	if err != nil || len(w.rows) > 0 || len(w.facts) != 2 {
		t.Fatal(err, w.rows, w.facts)
	}
	for _, f := range w.facts {
		if len(f.Evidence) != 2 {
			t.Fatalf("%s has the evidence %+v", f.Key, f.Evidence)
		}
		for _, e := range f.Evidence {
			want := "percentage: 25; startDate: 2001; startDate: 2003"
			if f.Key == "y" {
				want = ""
			}
			if e.Note != want || e.Locator != "entity "+f.Key || e.Source == "" {
				t.Errorf("%s: %+v", f.Key, e)
			}
		}
	}
	if w.sources != 4 {
		t.Errorf("%d sources, want the document, the address and two datasets", w.sources)
	}
}

// What contradicts itself, or would be a guess, is words and no value.
func TestNoGuesses(t *testing.T) {
	w, err := readText(t, `{"id":"a","schema":"Person","properties":{"name":["Ann"],"birthDate":["1950","1951-02"],"citizenship":["us","fr"],"position":["Chair"]}}
{"id":"b","schema":"Person","properties":{"name":["Bob"],"birthDate":["1950","1950-02"],"country":["suhh"],"nationality":["us-ca"]}}
`)
	if err != nil || len(w.rows) > 0 {
		t.Fatal(err, w.rows)
	}
	ann, bob := w.entities["Ann"], w.entities["Bob"]
	if ann.Born != "" || ann.Country != "" || ann.Description != "position: Chair\nbirthDate: 1950, 1951-02\ncitizenship: us, fr" {
		t.Errorf("got %+v", ann)
	}
	if bob.Born != "1950-02" || bob.Country != "country:united-states" {
		t.Errorf("got %+v", bob)
	}
}

// Each malformed line is an error with its place, and the others are read.
func TestMalformed(t *testing.T) {
	const good = `{"id":"a","schema":"Person","properties":{"name":["Ann"]}}` + "\n" + `{"id":"o","schema":"Organization","properties":{"name":["Org"]}}` + "\n"
	props := func(schema, properties string) string {
		return fmt.Sprintf(`{"id":"x","schema":%q,"properties":{%s}}`, schema, properties)
	}
	for _, c := range []struct{ line, want string }{
		{`{`, "3:2: not JSON: ends too early"},
		{`{"id":"x"`, "3:10: not JSON"},
		{`{"id":"x",}`, "3:11: not JSON"},
		{`{'id':'x'}`, "3:2: not JSON"},
		{`{"id":"x" "schema":"Person"}`, "3:11: not JSON"},
		{`{"id":"x","schema":"Person","properties":{"name":["A]}}`, "3:"},
		{`{"id":"x"} {"id":"y"}`, "3:12: not JSON: more after the value"},
		{`{"id":"x","properties":{"name":["\ud800"]}}`, "3:"},
		{`[]`, ""},
		{`"x"`, "3:1: an entity without an id"},
		{`1`, "3:1: an entity without an id"},
		{`{}`, "3:1: an entity without an id"},
		{`{"schema":"Person","properties":{"name":["A"]}}`, "3:1: an entity without an id"},
		{`{"id":"","schema":"Person","properties":{"name":["A"]}}`, "an entity without an id"},
		{`{"id":"x","properties":{"name":["A"]}}`, "3:1: an entity without a schema"},
		{`{"id":"x","schema":"Persn","properties":{"name":["A"]}}`, `3:20: {schema}: unknown schema "Persn"`},
		{`{"id":"x","schema":["Person","Company"],"properties":{"name":["A"]}}`, ""},
		{`{"id":"x","schema":"Person"}`, "3:1: an entity without a name"},
		{`{"id":"x","schema":"Person","properties":{}}`, "3:1: an entity without a name"},
		{`{"id":"x","schema":"Person","properties":{"name":[]}}`, "3:1: an entity without a name"},
		{`{"id":"x","schema":"Person","properties":{"name":["  "]}}`, "3:1: an entity without a name"},
		{`{"id":"x","schema":"Person","properties":[]}`, "3:1: an entity without a name"},
		{`{"id":"x y","schema":"Person","properties":{"name":["A"]}}`, "bad id"},
		{`{"id":"x\u0001","schema":"Person","properties":{"name":["A"]}}`, "3:"},
		{`{"id":"` + strings.Repeat("x", 600) + `","schema":"Person","properties":{"name":["A"]}}`, "3:1: bad id: 607 bytes"},
		{props("Person", `"name":["A\u0007"]`), "3:"},
		{props("Person", `"name":["A"],"birthDate":["soon"]`), "{properties/birthDate}: bad date"},
		{props("Person", `"name":["A"],"birthDate":["1950-13"]`), "{properties/birthDate}: bad date"},
		{props("Person", `"name":["A"],"birthDate":["1950-02-30"]`), "{properties/birthDate}: bad date"},
		{props("Company", `"name":["A"],"incorporationDate":["x"]`), "{properties/incorporationDate}: bad date"},
		{props("Ownership", ``), "Ownership without the property owner"},
		{props("Ownership", `"owner":["a"]`), "Ownership without the property asset"},
		{props("Ownership", `"asset":["o"]`), "Ownership without the property owner"},
		{props("Ownership", `"owner":["a"],"asset":["o"],"startDate":["later"]`), "{properties/startDate}: bad date"},
		{props("Ownership", `"owner":["a"],"asset":["o"],"startDate":["2002"],"endDate":["2001"]`), "3:"},
		{props("Ownership", `"owner":["a"],"asset":["o"],"date":["2001-99"]`), "{properties/date}: bad date"},
		{props("Ownership", `"owner":["a b"],"asset":["o"]`), "bad id"},
		{props("Ownership", `"owner":["a"],"asset":["o"],"proof":["nothing"]`), `"nothing"`},
		{props("Ownership", `"owner":["a"],"asset":["o"],"percentage":["\u0000"]`), "3:"},
		{props("Directorship", `"director":["a"]`), "Directorship without the property organization"},
		{props("Family", `"person":["a"]`), "Family without the property relative"},
		{props("Family", `"person":["a"],"relative":["a"],"relationship":["mother"]`), "3:"},
		{props("Sanction", ``), "a Sanction without the property entity"},
		{props("Sanction", `"entity":["a"]`), "a Sanction without an authority"},
		{props("Sanction", `"entity":["a"],"country":["zz"]`), "a Sanction without an authority"},
		{props("Payment", `"payer":["a"],"amount":["5"]`), "Payment without the property beneficiary"},
		{props("Payment", `"payer":["a"],"beneficiary":["o"],"date":["2001/"]`), ""},
		{`{"op":"ADD","entity":{"id":"x"}}`, "3:7: {op}: the whole file is refused: a delta among entities"},
		{`{"op":"DEL","entity":{"id":"x"}}`, "3:7: {op}: the whole file is refused: a delta among entities"},
	} {
		w, err := readText(t, good+c.line+"\n")
		got := fmt.Sprint(err)
		if err == nil && len(w.rows) > 0 {
			got = w.rows[0].Error()
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.line[:min(len(c.line), 90)], got, c.want)
		}
		if _, ok := w.entities["Ann"]; err == nil && !ok {
			t.Errorf("%s: Ann is not read", c.line[:min(len(c.line), 90)])
		}
	}
}

func FuzzFollowTheMoney(f *testing.F) {
	data, err := os.ReadFile(sample)
	if err != nil {
		f.Fatal(err)
	}
	for text := range strings.Lines(string(data)) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ftm.Looks("x.json", []byte(text))
		w, err := readText(t, text)
		for _, row := range w.rows {
			if row.Pos.Line < 1 || row.Err == nil {
				t.Fatalf("row error %+v", row)
			}
		}
		if err != nil && !strings.Contains(err.Error(), "x.json") {
			t.Fatalf("an error without its file: %v", err)
		}
	})
}
