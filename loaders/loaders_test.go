package loaders_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// result is everything that an input yields, in order.
type result struct {
	entities  []schema.Entity
	documents []schema.Document
	facts     []schema.Fact
	rows      []*loaders.RowError
	fatal     error
}

func collect(t testing.TB, in *loaders.Input) result {
	t.Helper()
	var r result
	for record, err := range in.Records(t.Context()) {
		var row *loaders.RowError
		switch {
		case r.fatal != nil:
			t.Fatalf("a pair after the fatal error %v", r.fatal)
		case errors.As(err, &row):
			r.rows = append(r.rows, row)
			continue
		case err != nil:
			r.fatal = err
			continue
		}
		switch record := record.(type) {
		case schema.Entity:
			r.entities = append(r.entities, record)
		case schema.Document:
			r.documents = append(r.documents, record)
		case schema.Fact:
			r.facts = append(r.facts, record)
		}
		if _, isFact := record.(schema.Fact); !isFact && len(r.facts) > 0 {
			t.Fatalf("%T after the first fact", record)
		}
	}
	return r
}

// folder writes files into a new folder. The arguments alternate between name and
// content.
func folder(t testing.TB, files ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	for i := 0; i < len(files); i += 2 {
		name := filepath.Join(dir, files[i])
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func read(t testing.TB, name, content string) result {
	t.Helper()
	return open(t, filepath.Join(folder(t, name, content), name), nil)
}

func open(t testing.TB, path string, opts *loaders.Options) result {
	t.Helper()
	in, err := loaders.Open(path, opts)
	if err != nil {
		return result{fatal: err}
	}
	return collect(t, in)
}

// mustRead reads an input without errors.
func mustRead(t testing.TB, name, content string) result {
	t.Helper()
	return clean(t, read(t, name, content))
}

func clean(t testing.TB, r result) result {
	t.Helper()
	for _, row := range r.rows {
		t.Errorf("%v (%s)", row, row.Hint())
	}
	if r.fatal != nil {
		t.Fatal(r.fatal)
	}
	return r
}

func (r result) entity(t testing.TB, label string) schema.Entity {
	t.Helper()
	i := slices.IndexFunc(r.entities, func(e schema.Entity) bool { return e.Label == label })
	if i < 0 {
		t.Fatalf("no entity %q", label)
	}
	return r.entities[i]
}

// line formats a fact in one line: status, verb, roles, date, topic, links.
func line(f schema.Fact) string {
	words := []string{string(f.Verb)}
	for _, p := range f.Roles {
		words = append(words, string(p.Role)+"="+string(p.ID))
	}
	if !f.When.IsZero() {
		words = append(words, "when="+f.When.String())
	}
	if f.Status != "" {
		words = append(words, "status="+string(f.Status))
	}
	if f.Topic != "" {
		words = append(words, "topic="+f.Topic)
	}
	return strings.Join(words, " ")
}

func wantLines(t testing.TB, r result, want ...string) {
	t.Helper()
	clean(t, r)
	var got []string
	for _, f := range r.facts {
		got = append(got, line(f))
	}
	if !slices.Equal(got, want) {
		t.Errorf("facts are\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

const cast = `people:
  - name: Xie Feng
    aliases: [谢锋, {value: Xiè Fēng, lang: zh-Latn}]
  - Ely Ratner
  - Li Shangfu
  - Nancy Pelosi
institutions: [The Pentagon, Ministry of Trade and Industry, Bank of China]
places: [Pentagon, Taiwan Strait]
countries: [China, {name: United States, aliases: [US, U.S.]}, Taiwan]
gatherings: [Shangri-La Dialogue]
facts:
`

func TestSentences(t *testing.T) {
	for _, c := range []struct{ sentence, want string }{
		{"Xie Feng met Ely Ratner", "met actor=person:xie-feng recipient=person:ely-ratner"},
		{"Xie Feng met Ely Ratner.", "met actor=person:xie-feng recipient=person:ely-ratner"},
		{"XIE FENG  Met with  ely ratner", "met actor=person:xie-feng recipient=person:ely-ratner"},
		{"谢锋 met Ely Ratner", "met actor=person:xie-feng recipient=person:ely-ratner"},
		{"Xie Fēng met Ely Ratner", "met actor=person:xie-feng recipient=person:ely-ratner"},
		{"Li Shangfu sanctioned by US", "sanctioned actor=country:united-states recipient=person:li-shangfu"},
		{"Li Shangfu was sanctioned by the U.S.", "sanctioned actor=country:united-states recipient=person:li-shangfu"},
		{"Xie Feng visited the Pentagon", "visited actor=person:xie-feng recipient=place:pentagon"},
		{"Xie Feng visited <institution:the-pentagon>.", "visited actor=person:xie-feng recipient=institution:the-pentagon"},
		{"Li Shangfu met the Pentagon", "met actor=person:li-shangfu recipient=institution:the-pentagon"},
		{"Ely Ratner and Nancy Pelosi visited Taiwan", "visited actor=person:ely-ratner actor=person:nancy-pelosi recipient=country:taiwan"},
		{"Ely Ratner, Nancy Pelosi, and Li Shangfu attended the Shangri-La Dialogue",
			"attended actor=person:ely-ratner actor=person:nancy-pelosi actor=person:li-shangfu recipient=gathering:shangri-la-dialogue"},
		{"Xie Feng met Ministry of Trade and Industry and Bank of China",
			"met actor=person:xie-feng recipient=institution:ministry-of-trade-and-industry recipient=institution:bank-of-china"},
		{"Xie Feng refused to meet Ely Ratner", "refused-to-meet actor=person:xie-feng recipient=person:ely-ratner"},
		{"Xie Feng issued a statement", "said actor=person:xie-feng"},
		{"Xie Feng issued a statement.", "said actor=person:xie-feng"},
		{"Li Shangfu was sanctioned", "sanctioned recipient=person:li-shangfu"},
		{"Xie Feng and Li Shangfu were arrested.", "arrested recipient=person:xie-feng recipient=person:li-shangfu"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			wantLines(t, read(t, "f.yaml", cast+"  - "+c.sentence+"\n"), c.want)
		})
	}
}

func TestLongestPhraseWins(t *testing.T) {
	r := read(t, "f.yaml", `people: [Ann]
institutions: [Post Office, Office]
facts:
  - Ann is a member of Office
`)
	wantLines(t, r, "member-of actor=person:ann recipient=institution:office")
}

func TestAmbiguousSentence(t *testing.T) {
	r := read(t, "f.yaml", `people: [Ann, Ann met Bob, Bob met Cid, Cid]
facts:
  - Ann met Bob met Cid
`)
	const want = `f.yaml:3:5: ambiguous sentence: "Ann met Bob met Cid" reads as Ann [met] Bob met Cid or as Ann met Bob [met] Cid`
	if len(r.rows) != 1 || !strings.HasSuffix(r.rows[0].Error(), want) {
		t.Errorf("got %v, want %s", r.rows, want)
	}
}

// The same facts in four formats are equal after normalization.
var fourFormats = map[string]string{
	"f.yaml": `sources: [{title: The Report, publisher: The Paper}]
people: [Xie Feng, Ely Ratner]
countries: [{name: China}]
places: [Pentagon]
facts:
  - fact: Xie Feng met Ely Ratner
    when: 2023-07-12
    at: Pentagon
    source: The Report
    quote: held talks
    topic: military contacts
    for: China
  - fact: Xie Feng visited Pentagon
    since: 2023-07
    until: 2023-08
    status: planned
    source: The Report
`,
	"f.json": `{"sources": [{"title": "The Report", "publisher": "The Paper"}],
 "people": ["Xie Feng", "Ely Ratner"], "countries": ["China"], "places": ["Pentagon"],
 "facts": [
  {"verb": "met", "actor": "Xie Feng", "recipient": "Ely Ratner", "when": "2023-07-12", "at": "Pentagon",
   "source": "The Report", "quote": "held talks", "topic": "military contacts", "for": ["China"]},
  {"verb": "visited", "actor": "Xie Feng", "recipient": "Pentagon", "when": "2023-07/2023-08",
   "status": "planned", "source": "The Report"}]}
`,
	"f.jsonl": `{"source": {"title": "The Report", "publisher": "The Paper"}}
{"kind": "Person", "name": "Xie Feng"}
{"fact": "Xie Feng held talks with Ely Ratner", "when": "2023-07-12", "at": "Pentagon", "source": "The Report", "quote": "held talks", "topic": "military contacts", "for": "China"}
{"verb": "was visited by", "actor": "Pentagon", "recipient": "Xie Feng", "since": "2023-07", "until": "2023-08", "status": "planned", "source": "The Report"}

{"kind": "person", "name": "Ely Ratner"}
{"kind": "country", "name": "China"}
{"kind": "place", "name": "Pentagon"}
`,
	"f.csv": "\ufeffsubject,subject_kind,verb,object,object_kind,date,start,end,place,status,topic,for,source,publisher,quote\r\n" +
		"Xie Feng,Person,met,Ely Ratner,Person,2023-07-12,,,Pentagon,,military contacts,China,The Report,The Paper,\"held talks\"\r\n" +
		"Xie Feng,Person,visited,Pentagon,Place,,2023-07,2023-08,,planned,,,The Report,The Paper,\r\n",
}

func TestFourFormatsAgree(t *testing.T) {
	v := schema.DefaultVocabulary()
	known := loaders.NewNames()
	known.Add(schema.Entity{ID: "country:china", Kind: schema.Country, Label: "China"})
	var first []schema.Fact
	for _, name := range []string{"f.yaml", "f.json", "f.jsonl", "f.csv"} {
		dir := folder(t, name, fourFormats[name])
		r := clean(t, open(t, filepath.Join(dir, name), &loaders.Options{Known: known}))
		var facts []schema.Fact
		for _, f := range r.facts {
			f = v.Normalize(f)
			f.Pos = schema.Position{}
			facts = append(facts, f)
		}
		if first == nil {
			first = facts
		}
		wantEqual(t, name, facts, first)
		d := r.documents[0]
		if len(r.documents) != 1 || d.Label != "The Report" || d.Publisher != "The Paper" || d.ID != "doc:the-report-the-paper" {
			t.Errorf("%s: documents are %+v", name, r.documents)
		}
	}
}

func TestKnownGrowsAfterAFullPass(t *testing.T) {
	known := loaders.NewNames()
	opts := &loaders.Options{Known: known}
	dir := folder(t, "a.yaml", "people: [Xie Feng, {name: Ely Ratner, aliases: [Ratner]}]\n",
		"b.csv", "from,to,type\nXie Feng,Ratner,met\n")
	stopped, err := loaders.Open(filepath.Join(dir, "a.yaml"), opts)
	if err != nil {
		t.Fatal(err)
	}
	for range stopped.Records(t.Context()) {
		break
	}
	if r := open(t, filepath.Join(dir, "b.csv"), opts); len(r.rows) != 1 {
		t.Errorf("names of an input that was not read to its end are known: %v", r.facts)
	}
	clean(t, open(t, filepath.Join(dir, "a.yaml"), opts))
	wantLines(t, open(t, filepath.Join(dir, "b.csv"), opts), "met actor=person:xie-feng recipient=person:ely-ratner")
}

func TestCancelled(t *testing.T) {
	dir := folder(t, "a.jsonl", `{"kind": "Person", "name": "A"}`)
	in, err := loaders.Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	cancel(cause)
	var last error
	for _, err := range in.Records(ctx) {
		last = err
	}
	if !errors.Is(last, cause) {
		t.Errorf("got %v, want the cause", last)
	}
}

func TestLoaderReadsAStream(t *testing.T) {
	l, err := loaders.ForFile("-", []byte("subject,verb,object\n"))
	if err != nil {
		t.Fatal(err)
	}
	var all []schema.Record
	const table = "from,from_kind,to,to_kind,type\nA,person,B,person,met\n"
	for record, err := range l.Load(t.Context(), "stdin", strings.NewReader(table)) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, record)
	}
	if len(all) != 4 { // two people, the file, the fact
		t.Errorf("got %v", all)
	}
}
