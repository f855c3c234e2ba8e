package jsonschema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
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

// generator makes random records, right and wrong.
type generator struct {
	*rand.Rand
	vocabulary *schema.Vocabulary
	dates      []string
}

func pick[T any](g *generator, list ...T) T { return list[g.IntN(len(list))] }

// mapping returns some keys of a section with random values.
func (g *generator) mapping(s keys.Section, must ...string) map[string]any {
	m := make(map[string]any)
	all := keys.Of(g.vocabulary, s)
	for _, k := range all {
		if slices.Contains(must, k.Name) || g.IntN(len(all)) < 3 {
			m[k.Name] = g.value(k)
		}
	}
	if g.IntN(20) == 0 {
		m[pick(g, "_note", "x", "wen")] = "y"
	}
	return m
}

// value returns a value of a key, which is of another shape now and then.
func (g *generator) value(k keys.Key) any {
	if g.IntN(25) == 0 {
		return pick[any](g, nil, "", " ", 7, true, false, []any{}, []any{nil}, map[string]any{}, "x\ny", "a\u0007", "éa", "Ｘ", "0", -1)
	}
	switch k.Shape {
	case keys.Date, keys.Day:
		return pick(g, g.dates...)
	case keys.Truth:
		return pick[any](g, true, "yes", "FALSE", "", nil)
	case keys.Count:
		return pick[any](g, 0, 3, "4", "+5", "-0")
	case keys.Share:
		return pick[any](g, 1, 0.5, "0.25", "1e-1", "0x1p-2", 2)
	case keys.Language:
		return pick(g, "en", "zh-Hant", " fr ", "english language")
	case keys.Address:
		return pick(g, "https://a.example/b", "HTTP://A", "doi:10.1/x", "urn:a:b", "ftp://x", "a.example")
	case keys.Digest:
		return strings.Repeat(pick(g, "aB", "1F", "zz"), 32)
	case keys.Kind:
		return g.spelled(pick(g, "Person", "Country", "Document", "doc", "Post", "Persn"))
	case keys.Verb:
		return g.phrase()
	case keys.Status:
		return g.spelled(string(pick(g, schema.Statuses()...)))
	case keys.Stance:
		return g.spelled(string(pick(g, schema.Stances()...)))
	case keys.Method:
		return g.spelled(string(pick(g, schema.Methods()...)))
	case keys.Order:
		return g.spelled(pick(g, "dmy", "mdy", "ymd"))
	case keys.ID:
		return pick(g, "person:ann", "doc:a.b", "place:Ö", "elf:x", "person:a b", "", "post:x", "country:china")
	case keys.Sentence:
		return g.sentence()
	case keys.Reference:
		return g.name()
	case keys.References, keys.FactKeys, keys.Texts:
		return pick[any](g, g.name(), []any{g.name(), g.name()}, []any{g.name()})
	case keys.Aliases:
		return pick[any](g, "A", []any{"B", g.mapping(keys.Alias)}, g.mapping(keys.Alias))
	case keys.Copy:
		return pick[any](g, "https://web.archive.org/web/2023/x", g.mapping(keys.Archived))
	case keys.Citation:
		return pick[any](g, "times", 12, g.mapping(keys.Source, "title"))
	case keys.Claims:
		return pick[any](g, g.mapping(keys.Evidence), []any{g.mapping(keys.Evidence), g.mapping(keys.Evidence, "source")})
	case keys.Posts:
		return []any{pick[any](g, "Envoy", g.mapping(keys.Post, "post"))}
	case keys.Values:
		return g.mapping(keys.Defaults)
	case keys.About:
		return map[string]any{"title": "T", "x": 7}
	case keys.Facts:
		return g.list(func() any { return pick[any](g, g.sentence(), g.fact(), g.fact()) })
	case keys.Sources:
		return g.list(func() any { return pick[any](g, "Times", g.mapping(keys.Source, "title", "key")) })
	case keys.Entities:
		return g.list(func() any { return pick[any](g, g.name(), g.mapping(keys.Entity, "name")) })
	}
	return pick[any](g, "text", "Two words", 12, "times")
}

func (g *generator) list(item func() any) []any {
	var all []any
	for range 1 + g.IntN(3) {
		all = append(all, item())
	}
	return all
}

func (g *generator) fact() map[string]any {
	if g.IntN(2) == 0 {
		return g.mapping(keys.Fact, "fact")
	}
	return g.mapping(keys.Fact, "verb", "actor", "recipient")
}

// phrase returns a phrase of a verb, more often one between people.
func (g *generator) phrase() string {
	if g.IntN(3) > 0 {
		return g.spelled(pick(g, "met", "called", "spoke by phone with", "told", "relative-of", "was praised by"))
	}
	return g.spelled(pick(g, g.vocabulary.Phrases()...).Text)
}

func (g *generator) name() string {
	if g.IntN(4) > 0 {
		return pick(g, "Ann", "ann", "Bob Ray", "Cy", "<person:ann>")
	}
	return pick(g, "Ann", "ann", "Bob Ray", "China", "<person:ann>", "<key:k>", "<ann>", "<elf:x>", "<Ann", "the China", "Envoy", "Pentagon", "times", "<place:pentagon>")
}

func (g *generator) sentence() string {
	end := pick(g, "", ".", " ", "!", " .")
	return g.name() + pick(g, " ", "  ", "\t") + g.phrase() + pick(g, " "+g.name(), " "+g.name()+" and Cy", "", " each other") + end
}

// spelled returns a word in another spelling that means the same, or nearly.
func (g *generator) spelled(word string) string {
	switch g.IntN(9) {
	case 0:
		return strings.ToUpper(word)
	case 1:
		return " " + word + " "
	case 2:
		return strings.ReplaceAll(word, " ", "-")
	case 3:
		return strings.ReplaceAll(word, "-", " ")
	case 4:
		return strings.ReplaceAll(word, "e", "é")
	case 5:
		return strings.ReplaceAll(word, " ", "_")
	case 6:
		return strings.Replace(word, " ", "-", 1)
	}
	return word
}

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
	for range 1500 {
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
	if accepted < 150 || caught < refused/3 {
		t.Errorf("%d accepted, %d of %d caught", accepted, caught, refused)
	}
}

// declare adds the names of random records to a dataset.
func (g *generator) declare(dataset map[string]any) {
	for list, names := range map[string][]any{"people": {"Ann", "Bob Ray", "Cy"}, "countries": {"China"}, "posts": {"Envoy"}, "places": {"Pentagon"}, "sources": {map[string]any{"key": "times", "title": "Times"}}} {
		more, isList := dataset[list].([]any)
		if _, has := dataset[list]; isList || !has {
			dataset[list] = append(slices.Clip(more), names...)
		}
	}
}

// The same for whole files.
func TestSchemasAcceptRandomDatasets(t *testing.T) {
	t.Parallel()
	all := compileAll(t)
	g := &generator{rand.New(rand.NewPCG(3, 4)), schema.DefaultVocabulary(), dateTexts(t)}
	accepted := 0
	for range 800 {
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
	if t.Logf("%d accepted", accepted); accepted < 100 {
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
	for _, in := range each(t, "../..", "schema/written/testdata/*.tsv", whole) {
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
	for range 8000 {
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
		if t.Logf("%s: %d keys", of, count); count < 50 {
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
