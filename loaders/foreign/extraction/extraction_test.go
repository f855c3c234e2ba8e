package extraction_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/foreign/extraction"
	"github.com/entente-kg/entente/loaders/jsonschema"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/grounding"
)

// read returns the facts and the rejected rows of a file.
func read(t testing.TB, name string, opts *loaders.Options) (facts []schema.Fact, rows []*schema.RowError) {
	t.Helper()
	in, err := loaders.Open(name, opts)
	if err != nil {
		t.Fatal(err)
	}
	for r, err := range in.Records(t.Context()) {
		var row *schema.RowError
		switch f, isFact := r.(schema.Fact); {
		case errors.As(err, &row):
			rows = append(rows, row.Problems()...)
		case err != nil:
			t.Fatal(err)
		case isFact:
			facts = append(facts, f)
		}
	}
	return facts, rows
}

// wanted returns the rule by which each fact is refused, or "enters", in order.
func wanted(t testing.TB) (ids []string, want map[string]string) {
	t.Helper()
	text, err := os.ReadFile("testdata/sixty.want")
	if err != nil {
		t.Fatal(err)
	}
	want = make(map[string]string)
	for line := range strings.Lines(string(text)) {
		id, rule, _ := strings.Cut(strings.TrimSpace(line), " ")
		ids, want[id] = append(ids, id), rule
	}
	return ids, want
}

// Of 60 extractions over three texts exactly the honest ones enter, and each refusal names
// its rule, at the place of its fact.
func TestSixtyExtractions(t *testing.T) {
	ids, want := wanted(t)
	facts, rows := read(t, "testdata/sixty.json", nil)
	text, _ := os.ReadFile("testdata/sixty.json")
	begins := make(map[string]int) // the line of each fact
	for i, line := range strings.Split(string(text), "\n") {
		for _, id := range ids {
			if strings.Contains(line, `"id": "`+id+`"`) {
				begins[id] = i + 1
			}
		}
	}
	rules := make(map[string][]string)
	for _, row := range rows {
		last := ""
		for _, id := range ids {
			if begins[id] <= row.Pos.Line+1 {
				last = id
			}
		}
		rules[last] = append(rules[last], row.Err.Error())
	}
	honest := 0
	for _, id := range ids {
		if want[id] == "enters" {
			honest++
			if len(rules[id]) > 0 {
				t.Errorf("%s is refused: %q", id, rules[id])
			}
			continue
		}
		if !slices.ContainsFunc(rules[id], func(m string) bool { return strings.Contains(m, want[id]+": ") }) {
			t.Errorf("%s: %q, want %s", id, rules[id], want[id])
		}
	}
	if len(ids) != 60 || len(facts) != honest {
		t.Errorf("%d of %d facts entered, want %d", len(facts), len(ids), honest)
	}
	for _, f := range facts {
		e := f.Evidence[0]
		if e.Method != schema.Model || e.Review == nil || e.Review.State != schema.Pending || e.Review.Model != "reader-7" || e.Quote == "" {
			t.Errorf("evidence %+v", e)
		}
	}
}

// The quotes that enter are at their offsets, and one changed letter or digit of any of
// them makes its fact refused.
func TestAChangedQuoteDoesNotEnter(t *testing.T) {
	facts, _ := read(t, "testdata/sixty.json", nil)
	texts, err := grounding.OpenTexts("testdata")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*grounding.Text{}
	for _, name := range []string{"talks.txt", "bank.txt", "port.txt"} {
		text, problem := texts.Find(grounding.Document{Names: []string{name}})
		if problem != nil {
			t.Fatal(problem)
		}
		files[name] = text
	}
	for _, f := range facts {
		e, found := f.Evidence[0], false
		for _, text := range files {
			found = found || len(text.Find(e.Quote)) > 0 && (e.End == 0 || text.IsAt(e.Quote, grounding.Span{Start: e.Start, End: e.End}))
		}
		if !found {
			t.Errorf("%q is not at %d to %d", e.Quote, e.Start, e.End)
		}
		quote := []rune(e.Quote)
		for i := range quote {
			for _, other := range "q8Ž" {
				changed := slices.Clone(quote)
				if changed[i] == other || !isLetterOrDigit(quote[i]) {
					continue
				}
				changed[i] = other
				for _, text := range files {
					if len(text.Find(string(changed))) > 0 {
						t.Errorf("%q is found", string(changed))
					}
				}
			}
		}
	}
}

func isLetterOrDigit(r rune) bool {
	return r > 127 && r != '’' && r != '“' && r != '”' && r != '—' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
}

// published returns the schema that entente schema extraction prints.
func published(t testing.TB) *validator.Schema {
	t.Helper()
	var text bytes.Buffer
	if err := jsonschema.Write(&text, jsonschema.Extraction, schema.DefaultVocabulary(), "test"); err != nil {
		t.Fatal(err)
	}
	doc, err := validator.UnmarshalJSON(&text)
	if err != nil {
		t.Fatal(err)
	}
	c := validator.NewCompiler()
	if err := c.AddResource("extraction.json", doc); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("extraction.json")
}

// The published schema accepts the samples of extractions, and refuses others.
func TestSchema(t *testing.T) {
	s := published(t)
	samples := []string{"testdata/sixty.json", "../../../examples/formats/ferry.extraction.json"}
	for _, name := range samples {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		// Two facts of the first file are malformed on purpose: an empty quote.
		text = bytes.ReplaceAll(text, []byte(`"quote": ""`), []byte(`"quote": "?"`))
		value, err := validator.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, bad := range []string{`{}`, `{"document":{"title":"t"}}`, `{"document":{},"facts":[]}`, `{"document":{"title":"t"},"facts":[{"verb":"met","quote":"q"}]}`,
		`{"document":{"title":"t"},"facts":[{"verb":"met","quote":"q","roles":{"actor":"m"},"start":1}]}`, `{"document":{"title":"t","sha256":"x"},"facts":[]}`,
		`{"document":{"title":"t"},"facts":[{"verb":"frobbed","quote":"q","roles":{"actor":"m"}}]}`, `{"document":{"title":"t"},"facts":[],"mentions":[{"id":"m","text":"t","kind":"robot"}]}`} {
		var value any
		if err := json.Unmarshal([]byte(bad), &value); err != nil {
			t.Fatal(err)
		}
		if s.Validate(value) == nil {
			t.Errorf("%s is valid", bad)
		}
	}
}

// Only extractions are recognized.
func TestLooks(t *testing.T) {
	for text, want := range map[string]bool{
		`{"document": {"title": "t"}, "mentions": [], "facts": []}`:    true,
		`[{"extraction": 1, "document": {"title": "t"}, "facts": []}]`: true,
		`{"facts": [{"fact": "Ada met Bo"}]}`:                          false,
		`{"document": "a text", "mentions": 3}`:                        false,
		`document: {mentions: 1}`:                                      false,
	} {
		if got := extraction.Looks("a.json", []byte(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	if extraction.Looks("a.jsonl", []byte(`{"document": {}, "mentions": []}`)) {
		t.Error("a.jsonl is recognized")
	}
}

// A text that is missing or is another one refuses the whole extraction.
func TestTexts(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	fact := `"facts":[{"verb":"met","roles":{"actor":"a","recipient":"b"},"quote":"Ada Holm met Bo Lind"}]`
	rest := `"mentions":[{"id":"a","text":"Ada Holm","kind":"person"},{"id":"b","text":"Bo Lind","kind":"person"}],` + fact + `}`
	noHash := put("a.json", `{"model":"m","document":{"title":"t"},`+rest)
	hash := put("b.json", `{"model":"m","document":{"title":"t","sha256":"`+strings.Repeat("0", 64)+`"},`+rest)
	text := put("news.log", "Ada Holm met Bo Lind.")
	texts, err := grounding.OpenTexts(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		file  string
		texts *grounding.Texts
		facts int
		want  string
	}{
		{noHash, nil, 0, "text-missing"}, {noHash, texts, 1, ""}, {hash, texts, 0, "text-hash"}, {hash, nil, 0, "text-missing"},
	} {
		facts, rows := read(t, test.file, &loaders.Options{Texts: test.texts})
		if len(facts) != test.facts || test.want != "" && (len(rows) != 1 || !strings.Contains(rows[0].Err.Error(), test.want)) {
			t.Errorf("%s: %d facts, %v", filepath.Base(test.file), len(facts), rows)
		}
	}
}
