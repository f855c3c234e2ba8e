package jsonschema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/jsonschema"
	"github.com/entente-kg/entente/loaders/keys"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/written"
)

// base declares the names of random records.
const base = `{"kind":"Person","name":"Ann"}
{"kind":"Person","name":"Bob Ray"}
{"kind":"Person","name":"Cy"}
{"kind":"Country","name":"China"}
{"kind":"Post","name":"Envoy"}
{"kind":"Place","name":"Pentagon"}
{"source":{"key":"times","title":"Times"}}
{"fact":"Ann met Cy","key":"k","when":"2001"}
`

// The schema accepts every random record that the parser accepts, beside records that
// declare the names.
func TestSchemasAcceptRandomRecords(t *testing.T) {
	t.Parallel()
	all := compileAll(t)
	g := &generator{rand.New(rand.NewPCG(1, 2)), schema.DefaultVocabulary(), dateTexts(t)}
	accepted, refused, caught := 0, 0, 0
	for range 900 {
		record := any(g.fact())
		switch g.IntN(8) {
		case 0:
			record = g.sentence()
		case 1:
			record = g.mapping(keys.Entity, "kind", "name")
		case 2:
			record = g.mapping(keys.Source, "title")
		case 3:
			record = map[string]any{"source": g.mapping(keys.Source, "title")}
		}
		line, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		value, err := validator.UnmarshalJSON(bytes.NewReader(line))
		if err != nil {
			t.Fatal(err)
		}
		problems, found := problemsOf(input{name: "f.jsonl", text: base + string(line) + "\n"}, nil), all.validate(jsonschema.Records, []any{value})
		switch {
		case len(problems) == 0 && found != nil:
			t.Fatalf("the parser accepts %s, and the schema does not: %v", line, found)
		case len(problems) == 0:
			accepted++
		default:
			refused++
			if found != nil {
				caught++
			}
		}
	}
	t.Logf("%d accepted; of %d refused, the schema catches %d", accepted, refused, caught)
	if accepted < 80 || caught < refused/3 {
		t.Errorf("%d accepted, %d of %d caught", accepted, caught, refused)
	}
}

// The same for whole files.
func TestSchemasAcceptRandomDatasets(t *testing.T) {
	t.Parallel()
	all := compileAll(t)
	g := &generator{rand.New(rand.NewPCG(3, 4)), schema.DefaultVocabulary(), dateTexts(t)}
	accepted := 0
	for range 500 {
		dataset := g.mapping(keys.Dataset)
		delete(dataset, "defaults") // wrong words in defaults that no fact uses are no errors
		g.declare(dataset)
		text, err := json.Marshal(dataset)
		if err != nil {
			t.Fatal(err)
		}
		value, err := validator.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		isWrong := len(problemsOf(input{name: "f.json", text: string(text)}, nil)) > 0
		if found := all.validate(jsonschema.Dataset, []any{value}); !isWrong && found != nil {
			t.Fatalf("the parser accepts %s, and the schema does not: %v", text, found)
		}
		if !isWrong {
			accepted++
		}
	}
	if t.Logf("%d accepted", accepted); accepted < 50 {
		t.Errorf("only %d datasets were accepted", accepted)
	}
}

// Worlds for trials, as they are written again from records, are valid.
func TestSchemasAcceptSynthesizedWorlds(t *testing.T) {
	t.Parallel()
	all := compileAll(t)
	var world bytes.Buffer
	if err := loaders.WriteJSONLines(&world, synth.Records(300, 7)); err != nil {
		t.Fatal(err)
	}
	values, ok := values("world.jsonl", world.String())
	if err := all.validate(jsonschema.Records, values); !ok || err != nil || len(values) < 300 {
		t.Errorf("%d records: %v", len(values), err)
	}
}

// dateTexts lists dates in all forms, right and wrong.
func dateTexts(t testing.TB) (all []string) {
	t.Helper()
	tables, err := each("schema/written/testdata/*.tsv", whole)
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range tables {
		for line := range strings.Lines(in.text) {
			text, _, _ := strings.Cut(strings.TrimRight(line, "\n"), "\t")
			all = append(all, text)
		}
	}
	if len(all) < 400 {
		t.Fatalf("only %d dates", len(all))
	}
	return all
}

// Every text that is a date matches the schema of dates: the tables of package written,
// all days and months in the form of ISO 8601, and random texts of its words.
func TestSchemasAcceptAllDates(t *testing.T) {
	t.Parallel()
	dates := compile(t, bytes.Replace(schemaText(t, jsonschema.Dataset, schema.DefaultVocabulary()), []byte(`"title"`), []byte(`"$ref": "#/definitions/date", "title"`), 1))
	texts := dateTexts(t)
	for n := range 10_000 {
		texts = append(texts, fmt.Sprintf("19%02d-%02d", n/100, n%100)) // all months, and intervals of years
	}
	for n := range 100 {
		texts = append(texts, fmt.Sprintf("%04d-02-29", 1890+n), fmt.Sprintf("2023-07-12T%02d:30", n), fmt.Sprintf("2024-%02d/2025-%02d", n, n), fmt.Sprintf("2000-%02d", n))
		for _, day := range []int{0, 1, 28, 29, 30, 31, 32, 99} {
			texts = append(texts, fmt.Sprintf("2023-%02d-%02d", n, day))
		}
	}
	g := &generator{Rand: rand.New(rand.NewPCG(5, 6))}
	words := append(written.Words(), "12", "3", "2015", "1994", "7", "99", "Q3", "1st", "12th", "/", "-", ".", ",", "~", "?", "(?)", "10:00", "T10:00Z", "..", "'15", "(CET)", "°")
	for range 4000 {
		var b strings.Builder
		for range 1 + g.IntN(5) {
			b.WriteString(g.spelled(pick(g, words...)) + pick(g, " ", " ", "", "-", "/"))
		}
		texts = append(texts, strings.TrimSpace(b.String()))
	}
	accepted, caught := 0, 0
	for _, text := range texts {
		isDate := false
		for _, order := range []written.Order{written.AnyOrder, written.DMY, written.MDY} {
			_, err := written.Parse(text, written.Options{Order: order})
			isDate = isDate || err == nil
		}
		err := dates.Validate(text)
		switch {
		case isDate && err != nil:
			t.Fatalf("%q is a date, and the schema refuses it: %v", text, err)
		case isDate:
			accepted++
		case err != nil:
			caught++
		}
	}
	t.Logf("%d of %d texts are dates; of the others the schema catches %d", accepted, len(texts), caught)
	if accepted < 3000 || caught < 5000 {
		t.Errorf("%d dates, %d caught", accepted, caught)
	}
}

// With draft 2020-12 in place of draft-07 the schemas mean the same, and neither has a
// keyword of one of the two alone.
func TestSchemasAreOfTwoDrafts(t *testing.T) {
	t.Parallel()
	old := compileAll(t)
	fresh := make(schemas)
	for _, of := range jsonschema.Files() {
		text := schemaText(t, of, schema.DefaultVocabulary())
		later := bytes.Replace(text, []byte("http://json-schema.org/draft-07/schema#"), []byte("https://json-schema.org/draft/2020-12/schema"), 1)
		if bytes.Equal(text, later) {
			t.Fatal("the draft is not draft-07")
		}
		fresh[of] = compile(t, later)
		if m := regexp.MustCompile(`"(additionalItems|dependencies|\$defs|prefixItems|unevaluated\w+|dependent\w+|format)":|"default": [^{]`).Find(text); m != nil {
			t.Errorf("%s has the keyword %s", of, m)
		}
	}
	compared := 0
	for _, in := range corpus(t) {
		values, ok := values(in.name, in.text)
		if !ok || len(values) == 0 {
			continue
		}
		for _, of := range jsonschema.Files() {
			compared++
			if a, b := old.validate(of, values), fresh.validate(of, values); (a == nil) != (b == nil) {
				t.Errorf("%s as %s: draft-07 says %v, 2020-12 says %v", in.place, of, a, b)
			}
		}
	}
	if compared < 1000 {
		t.Errorf("only %d files were compared", compared)
	}
}

// Every key of the language of mappings and of files of verbs is in its schema, and
// everything that an editor shows has a description.
func TestEveryKeyIsDescribed(t *testing.T) {
	t.Parallel()
	for _, of := range jsonschema.Files() {
		var root map[string]any
		if err := json.Unmarshal(schemaText(t, of, schema.DefaultVocabulary()), &root); err != nil {
			t.Fatal(err)
		}
		count := 0
		describe(t, string(of), root, &count)
		if t.Logf("%s: %d keys", of, count); count < 40 {
			t.Errorf("%s: only %d keys", of, count)
		}
	}
	text := string(schemaText(t, jsonschema.Mapping, schema.DefaultVocabulary()))
	for _, k := range mapping.Keys() {
		if note, _ := json.Marshal(k.Note); k.Note == "" || !strings.Contains(text, strings.Trim(string(note), `"`)) {
			t.Errorf("the key %s of a %s is not described", k.Name, k.In)
		}
	}
}

// describe checks the properties of schemas that list what a mapping may have.
func describe(t *testing.T, path string, n any, count *int) {
	switch n := n.(type) {
	case []any:
		for i, item := range n {
			describe(t, fmt.Sprintf("%s/%d", path, i), item, count)
		}
	case map[string]any:
		properties, _ := n["properties"].(map[string]any)
		_, isWhole := n["additionalProperties"]
		for name, value := range properties {
			property, _ := value.(map[string]any)
			if text, _ := property["description"].(string); isWhole && (text == "" || !strings.HasSuffix(text, ".")) {
				t.Errorf("%s: %s has the description %q", path, name, text)
			}
			if isWhole {
				*count++
			}
		}
		for key, value := range n {
			describe(t, path+"/"+key, value, count)
		}
	}
}
