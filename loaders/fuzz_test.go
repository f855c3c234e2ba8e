package loaders_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

var vocabulary = schema.DefaultVocabulary()

// fuzz loads arbitrary bytes and checks what holds for every input: positions are
// inside the file, facts pass their checks and can be encoded, references lead to
// yielded records, and nothing follows a fatal error.
func fuzz(f *testing.F, name string, l loaders.Loader) {
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		lines := 2
		for _, br := range []string{"\n", "\r", "\u0085", "\u2028", "\u2029"} {
			lines += strings.Count(string(data), br)
		}
		vocabulary := vocabularyOf(t, name, data)
		ids := make(map[schema.ID]bool)
		var facts []schema.Fact
		var fatal error
		for record, err := range l.Load(t.Context(), name, strings.NewReader(string(data))) {
			if fatal != nil {
				t.Fatalf("a pair after %v", fatal)
			}
			var row *loaders.RowError
			switch {
			case errors.As(err, &row):
				if row.Pos.File != name || row.Pos.Line < 1 || row.Pos.Line > lines || row.Err == nil || row.Text == "" {
					t.Fatalf("row error %+v", row)
				}
				_ = row.Hint()
			case err != nil:
				fatal = err
			default:
				facts = take(vocabulary, record, ids, facts)
			}
		}
		told := make(map[schema.ID]schema.Fact)
		for _, fact := range facts {
			holds(t, vocabulary, fact, ids)
			fact = vocabulary.Normalize(fact)
			if before, ok := told[fact.ID]; ok {
				fact = vocabulary.Merge(before, fact)
			}
			told[fact.ID] = fact
			if _, err := vocabulary.Encode(fact.Evidence[0].Dataset, fact); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func take(vocabulary *schema.Vocabulary, record schema.Record, ids map[schema.ID]bool, facts []schema.Fact) []schema.Fact {
	switch r := record.(type) {
	case schema.Entity:
		ids[r.ID] = true
	case schema.Document:
		ids[r.ID] = true
	case schema.Fact:
		ids[vocabulary.Normalize(r).ID] = true
		return append(facts, r)
	}
	return facts
}

// vocabularyOf returns the vocabulary with the verbs that a text itself defines.
func vocabularyOf(t *testing.T, name string, data []byte) *schema.Vocabulary {
	isOwn := func(key string) bool { return bytes.Contains(data, []byte(key)) }
	if !slices.ContainsFunc(schema.VerbsKeys(), isOwn) {
		return vocabulary
	}
	in, err := loaders.OpenStream(bytes.NewReader(append(data, '\n')), strings.TrimPrefix(filepath.Ext(name), "."), &loaders.Options{Dataset: "d"})
	if err != nil {
		return vocabulary
	}
	return in.Source().Vocabulary
}

func holds(t *testing.T, vocabulary *schema.Vocabulary, fact schema.Fact, ids map[schema.ID]bool) {
	t.Helper()
	if err := vocabulary.Check(fact); err != nil {
		t.Fatal(err)
	}
	used := []schema.ID{}
	for _, p := range fact.Roles {
		used = append(used, p.ID)
	}
	for _, l := range fact.Links {
		used = append(used, l.Fact)
	}
	for _, e := range fact.Evidence {
		used = append(append(append(used, e.Source), e.Via...), e.At...)
		if e.SaidBy != "" {
			used = append(used, e.SaidBy)
		}
	}
	for _, id := range used {
		if !ids[id] && schema.KindOf(id) != schema.KindFact || strings.HasPrefix(string(id), "fact:unresolved") {
			t.Fatalf("%s is not among the records: %#v", id, fact)
		}
	}
}

// seeds adds files of the tests, and of the folder of real data if it exists.
func seeds(f *testing.F, extension string, more ...string) {
	for _, s := range more {
		f.Add([]byte(s))
	}
	for _, block := range manualExamples(f) {
		if block.language == extension {
			f.Add([]byte(block.text))
		}
	}
	real, err := filepath.Glob("../../shared/data/*/*" + extension)
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range real {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data[:min(len(data), 4096)])
	}
}

func FuzzYAML(f *testing.F) {
	seeds(f, "yaml", fourFormats["f.yaml"], cast+"  - Xie Feng met <person:ely-ratner>, and Li Shangfu.\n",
		"people: [A, B]\nfacts: [{fact: A met B, note: x}, {fact: A met B, note: y}, {fact: A met B, source: {title: T}}, {fact: B met A, at: A, source: {title: T}}]\n",
		"people: &a [*a]\n", "a: &a [*a, *a]\nb: !x\n", "institutions: [{name: A, part-of: B}, {name: B, part-of: A}]\n")
	fuzz(f, "f.yaml", loaders.YAML{})
}

func FuzzJSON(f *testing.F) {
	seeds(f, "json", fourFormats["f.json"], `[{"kind":"Person","name":"A"},"A met A"]`, `{"facts":[{"key":"a","fact":"x","during":"a"}]}`)
	fuzz(f, "f.json", loaders.JSON{})
}

func FuzzJSONLines(f *testing.F) {
	seeds(f, "jsonl", fourFormats["f.jsonl"], "{\"source\":{\"url\":\"http://x\"}}\n\n{")
	fuzz(f, "f.jsonl", loaders.JSONLines{})
}

func FuzzCSV(f *testing.F) {
	seeds(f, "csv", fourFormats["f.csv"], "kind;name;aliases\nperson;A;B|C\n", "title\turl\nA\thttp://x\n", "from,to,type\n\"a\"\"b\nc\",d,\"met")
	fuzz(f, "f.csv", loaders.CSV{})
}

// FuzzSentence varies the words between known names.
func FuzzSentence(f *testing.F) {
	for _, s := range []string{"Xie Feng met Ely Ratner", "Li Shangfu was sanctioned by the US.", "<key:k> visited, and <place:pentagon>",
		"Xie Feng, Ely Ratner and Nancy Pelosi refused to meet 谢锋", "Ratner mett Xie", "met", "Xie Feng issued a statement!"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, sentence string) {
		if len(sentence) > 1<<10 {
			return
		}
		quoted, err := json.Marshal(sentence)
		if err != nil {
			t.Skip()
		}
		for _, err := range (loaders.YAML{}).Load(t.Context(), "f.yaml", strings.NewReader(cast+"  - "+string(quoted)+"\n")) {
			var row *loaders.RowError
			if errors.As(err, &row) {
				_ = row.Hint()
			}
		}
	})
}

// FuzzCSVRows checks that tables are divided where encoding/csv begins the next
// row, also after a row with an error.
func FuzzCSVRows(f *testing.F) {
	seeds(f, "csv", fourFormats["f.csv"], "a,b\r\n\r\n\n\"x\n\"\"y\",\"z\"\nq\"r,s\n\"t\"u,v\n\"\",\r\n\"w\n", "\"a\"\r\n,\"\n\"\n")
	f.Fuzz(func(t *testing.T, data []byte) {
		r := csv.NewReader(strings.NewReader(string(data)))
		r.FieldsPerRecord = -1
		var want []int
		for {
			_, err := r.Read()
			if err == io.EOF {
				break
			}
			if end := int(r.InputOffset()); data[end-1] == '\n' { // the last row may have no end
				want = append(want, end)
			}
		}
		got := loaders.CSVRowEnds(data, ',')
		if len(want) > len(got) && want[len(want)-1] == len(data) {
			want = want[:len(want)-1] // a quote that is never closed
		}
		if !slices.Equal(got, want) {
			t.Fatalf("rows end at %v, not %v: %q", got, want, data)
		}
	})
}

// FuzzJSONScanner checks that the fast scanner reads what encoding/json reads, with
// the same positions.
func FuzzJSONScanner(f *testing.F) {
	seeds(f, "json", fourFormats["f.json"], "{\"a\\u0041\\ud83d\\ude00\\n\": [-0.5e+3, true, null, {}],\n \"b\": []}", `"\ud800"`, "[1,]", "{\"a\" 1}", "01", "\"\x01\"")
	f.Fuzz(func(t *testing.T, data []byte) {
		if !utf8.Valid(data) {
			return // refused before
		}
		if fast, slow, same := loaders.ScanJSON(string(data)); fast && !same || slow && !fast {
			t.Fatalf("the scanner reads it: %v, the parser: %v, and the same: %v: %q", fast, slow, same, data)
		}
	})
}
