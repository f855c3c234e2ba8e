package loaders_test

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

func TestEntityInFull(t *testing.T) {
	r := mustRead(t, "f.yaml", `entities:
  - id: person:xf
    kind: person
    name: Xie  Feng
    aliases: [谢锋, {value: Xiè Fēng, lang: zh-Latn}]
    country: PRC
    born: 1964-04
    identifiers: [Q8042920]
    description: A diplomat.
countries: [{name: China, aliases: PRC}]
`)
	got := r.entity(t, "Xie Feng")
	got.Pos.File = "f.yaml"
	wantEqual(t, "entity", got, schema.Entity{
		ID: "person:xf", Kind: schema.Person, Label: "Xie Feng",
		Aliases: []schema.Text{{Value: "谢锋"}, {Value: "Xiè Fēng", Lang: "zh-Latn"}},
		Country: "country:china", Born: "1964-04", Identifiers: []string{"Q8042920"}, Description: "A diplomat.",
		Pos: schema.Position{File: "f.yaml", Line: 2, Col: 5},
	})
	if china := r.entity(t, "China"); !china.FromName || china.ID != "country:china" {
		t.Errorf("got %+v", china)
	}
}

func TestDocumentInFull(t *testing.T) {
	r := mustRead(t, "f.yaml", `sources:
  - {key: a, id: doc:x, title: T, publisher: P, author: A, published: 2023-07, url: 'http://u', language: en, sha256: ab, description: D, archived: {url: 'http://a', on: Jul 14 2023}, accessed: 2024}
`)
	got := r.documents[0]
	got.Pos = schema.Position{}
	wantEqual(t, "document", got, schema.Document{
		Entity:    schema.Entity{ID: "doc:x", Kind: schema.Doc, Label: "T", Description: "D"},
		Publisher: "P", Author: "A", Published: schema.When{Written: "2023-07"}, URL: "http://u", SHA256: "ab", Language: "en",
		Archived: schema.Archive{URL: "http://a", On: "2023-07-14"}, Accessed: "2024",
	})
}

const evidenceCast = `sources: [{key: a, title: Title A}, {title: Title B, id: doc:b}]
people: [Ann, Bob, Cid]
institutions: [Agency, Embassy]
places: [Here, There]
`

func TestEvidenceInFull(t *testing.T) {
	r := mustRead(t, "f.yaml", evidenceCast+`facts:
  - fact: Ann met Bob
    when: 2023
    words: last year
    anchor: 2024-01-01
    at: Here
    source-key: '42'
    evidence:
      - {source: a, stance: denies, quote: no, locator: p. 3, start: 5, end: 7, said-by: Cid, via: [Embassy, Agency],
         method: rules, confidence: 0.5, note: N, duration: 35 minutes, count: a dozen, when: 2023-05, at: [There]}
      - {source: title b}
      - {source: doc:b, quote: again}
`)
	when := schema.When{Written: "2023", Words: "last year", Anchor: "2024-01-01"}
	f := r.facts[0]
	if f.When != when || f.Key != "42" {
		t.Errorf("got %#v", f)
	}
	wantEqual(t, "evidence", f.Evidence, []schema.Evidence{
		{Dataset: "f", Stance: schema.Denies, Source: "doc:title-a", Quote: "no", Locator: "p. 3", Start: 5, End: 7,
			SaidBy: "person:cid", Via: []schema.ID{"institution:embassy", "institution:agency"}, Method: schema.Rules,
			Confidence: 0.5, Note: "N", When: schema.When{Written: "2023-05"}, At: []schema.ID{"place:there"},
			Duration: "35 minutes", Count: "a dozen"},
		{Dataset: "f", Source: "doc:b", At: []schema.ID{"place:here"}},
		{Dataset: "f", Source: "doc:b", Quote: "again", At: []schema.ID{"place:here"}},
	})
}

func TestDefaultsFillWhatIsUnsaid(t *testing.T) {
	r := mustRead(t, "f.yaml", evidenceCast+`facts:
  - Ann met Bob
  - {fact: Ann met Cid, source: doc:b, said-by: Bob, status: happened}
defaults: {source: a, said-by: Cid, status: planned, at: Here}
`)
	wantEqual(t, "first", r.facts[0].Evidence, []schema.Evidence{
		{Dataset: "f", Source: "doc:title-a", SaidBy: "person:cid", At: []schema.ID{"place:here"}}})
	wantEqual(t, "second", r.facts[1].Evidence, []schema.Evidence{
		{Dataset: "f", Source: "doc:b", SaidBy: "person:bob", At: []schema.ID{"place:here"}}})
	if r.facts[0].Status != schema.Planned || r.facts[1].Status != schema.Happened {
		t.Errorf("got %v, %v", r.facts[0].Status, r.facts[1].Status)
	}
}

func TestWithoutASourceTheFileIsCited(t *testing.T) {
	r := mustRead(t, "my facts.csv", "from,from_kind,to,to_kind,type\nAnn,person,Bob,person,met\n\"Ann\",person,\"Cid\",person,met\n")
	d := r.documents[0]
	if len(r.documents) != 1 || d.ID != "doc:my-facts-my-facts-csv" || d.Label != "my facts.csv" || len(d.SHA256) != 64 {
		t.Errorf("got %+v", r.documents)
	}
	wantEqual(t, "evidence", r.facts[1].Evidence, []schema.Evidence{
		{Dataset: "my-facts", Source: d.ID, Locator: "row 3", Method: schema.Import}})
}

func TestPostsAndRelationsUnderEntities(t *testing.T) {
	r := mustRead(t, "f.yaml", `people:
  - name: Ann
    citizen-of: Utopia
    posts:
      - Envoy
      - {post: <post:chief>, from-by: 2020, to-by: 2022, attested: true, note: known}
      - {post: Clerk, since: 2019, until: 2020-05, key: clerk}
posts:
  - {name: Envoy, at: Ministry}
  - {name: Chief}
  - {name: Clerk, post-at: [Ministry, Office]}
institutions: [{name: Ministry, part-of: Office}, Office]
countries: [Utopia]
`)
	wantLines(t, r,
		"citizen-of actor=person:ann recipient=country:utopia",
		"holds-post actor=person:ann recipient=post:envoy",
		"holds-post actor=person:ann recipient=post:chief when=from by 2020 to by 2022",
		"holds-post actor=person:ann recipient=post:clerk when=2019/2020-05",
		"post-at actor=post:envoy recipient=institution:ministry",
		"post-at actor=post:clerk recipient=institution:ministry",
		"post-at actor=post:clerk recipient=institution:office",
		"part-of actor=institution:ministry recipient=institution:office")
	if w := r.facts[2].When; !w.Attested || w.FromBy != "2020" || r.facts[2].Evidence[0].Note != "known" {
		t.Errorf("got %#v", r.facts[2])
	}
}

func TestFactsAboutFacts(t *testing.T) {
	v := schema.DefaultVocabulary()
	r := mustRead(t, "f.yaml", `people: [Ann, Bob, Cid]
countries: [Utopia]
facts:
  - {fact: Bob blamed Cid, over: [answer, request], because: [visit, <key:request>]}
  - {fact: Ann visited Utopia, key: visit, led-to: request}
  - {fact: Bob refused Ann, key: answer, of: request, answers: request, during: <key:visit>}
  - {fact: Ann asked Bob, key: request, same-as: <fact:aaaaaaaaaaaaaaaaaaaaaaaaaa>}
`)
	id := func(i int) schema.ID { return v.Normalize(r.facts[i]).ID }
	blamed, visit, answer, request := r.facts[0], id(1), id(2), id(3)
	wantEqual(t, "over", blamed.With("over"), []schema.ID{answer, request})
	wantEqual(t, "of", r.facts[2].With("of"), []schema.ID{request})
	wantEqual(t, "during", r.facts[2].With("during"), []schema.ID{visit})
	wantEqual(t, "because", blamed.Links, []schema.Link{{Type: schema.Because, Fact: visit}, {Type: schema.Because, Fact: request}})
	wantEqual(t, "led-to", r.facts[1].Links, []schema.Link{{Type: schema.LedTo, Fact: request}})
	wantEqual(t, "same-as", r.facts[3].Links, []schema.Link{{Type: schema.SameAs, Fact: "fact:aaaaaaaaaaaaaaaaaaaaaaaaaa"}})
}

func TestCauseToldFromBothEnds(t *testing.T) {
	const two = "people: [Ann, Bob]\nfacts:\n  - {fact: Ann called Bob, key: a, led-to: b}\n  - {fact: Bob called Ann, key: b, "
	mustRead(t, "f.yaml", two+"because: a, answers: a}\n")
	r := read(t, "f.yaml", two+"led-to: a}\n")
	if len(r.rows) != 2 { // the fact that closes the cycle, and the fact that refers to it
		t.Errorf("got %v", r.rows)
	}
}

func TestNamesOfFactsAndThings(t *testing.T) {
	r := read(t, "f.yaml", `people: [Ann, Bob]
gatherings: [summit]
facts:
  - {fact: Ann met Bob, key: summit}
  - {fact: Ann called Bob, during: summit}
`)
	if len(r.rows) != 1 || r.rows[0].Hint() != "write <key:summit> or <gathering:summit>" {
		t.Errorf("got %v", r.rows)
	}
}

func TestTablesOfEntitiesAndSources(t *testing.T) {
	r := clean(t, open(t, folder(t,
		"entities.tsv", "label\ttype\tAKA\tcountry\tpart of\nMinistry\tinstitution\tMin.|部\tUtopia\tState|Union\n"+
			"State\tinstitution\t\t\t\nUtopia\tcountry\t\t\t\nUnion\tinstitution\t\t\t\n",
		"sources.csv", "Key;Title;Publisher;Link\r\nrep;The Report;The Paper;http://x\r\n",
		"facts.csv", "sentence,source,status,said by\n部 reached an agreement with Utopia,rep,planned,Min.\n,,,\n",
	), nil))
	wantEqual(t, "aliases", r.entity(t, "Ministry").Aliases, []schema.Text{{Value: "Min."}, {Value: "部"}})
	if len(r.documents) != 2 || r.documents[0].URL != "http://x" || r.documents[1].Label != "entities.tsv" {
		t.Errorf("got %+v", r.documents)
	}
	e := r.facts[2].Evidence[0]
	if len(r.facts) != 3 || e.Source != "doc:the-report-the-paper" || e.SaidBy != "institution:ministry" || r.facts[2].Status != schema.Planned {
		t.Errorf("got %#v", r.facts)
	}
}

func TestSourcesDescribedInRows(t *testing.T) {
	r := read(t, "f.csv", "from,from_kind,to,to_kind,type,document,publisher,url\n"+
		"A,person,B,person,met,Report,Paper,http://r\nA,person,C,person,met,Report,,\n"+
		"B,person,C,person,met,,,http://only\nB,person,D,person,met,Report,Paper,http://other\nB,person,E,person,met,http://only,,\n")
	if len(r.rows) != 1 || r.rows[0].Pos.Line != 5 || len(r.facts) != 4 {
		t.Errorf("errors are %v", r.rows)
	}
	if len(r.documents) != 2 || r.documents[0].Publisher != "Paper" || r.documents[0].URL != "http://r" || r.documents[1].URL != "http://only" {
		t.Errorf("documents are %+v", r.documents)
	}
}

// Sources with one title are distinguished by publisher and date.
func TestSourcesOfOneTitle(t *testing.T) {
	r := mustRead(t, "f.yaml", `sources:
  - {title: Press briefing, publisher: Mofa, published: 2023-07-12}
  - {title: Press briefing, publisher: State, key: state}
  - {title: Report, publisher: Mofa}
people: [Ann, Bob]
facts:
  - {fact: Ann met Bob, source: {title: Press briefing, publisher: Mofa}}
  - {fact: Ann called Bob, source: {title: press briefing, publisher: Times}}
  - {fact: Ann told Bob, source: state}
  - {fact: Bob told Ann, source: report}
  - {fact: Bob called Ann, source: {title: The Report, url: 'http://r'}}
`)
	var cited, declared []schema.ID
	for _, f := range r.facts {
		cited = append(cited, f.Evidence[0].Source)
	}
	for _, d := range r.documents {
		declared = append(declared, d.ID)
	}
	wantEqual(t, "cited", cited, []schema.ID{"doc:press-briefing-mofa-2023-07-12", "doc:press-briefing-times", "doc:press-briefing-state",
		"doc:report-mofa", "doc:report-mofa"})
	wantEqual(t, "declared", declared, []schema.ID{"doc:press-briefing-mofa-2023-07-12", "doc:press-briefing-state", "doc:report-mofa",
		"doc:press-briefing-times"})
	if d := r.documents[min(2, len(r.documents)-1)]; d.URL != "http://r" {
		t.Errorf("got %+v", d)
	}
	two := read(t, "f.csv", "from,from_kind,to,to_kind,type,source,publisher\nA,person,B,person,met,T,P\nA,person,C,person,met,T,Q\nB,person,C,person,met,T,\nB,person,D,person,met,<doc:t-q>,\n")
	if len(two.rows) != 1 || two.rows[0].Err.Error() != `ambiguous name "T": doc:t-p (T) or doc:t-q (T)` || two.rows[0].Pos.Line != 4 || len(two.facts) != 3 {
		t.Errorf("got %v", two.rows)
	}
}

// A citation with details does not refer to a source of another input with the
// same title; a citation of the title alone does.
func TestSourcesOfAnotherInput(t *testing.T) {
	known := loaders.NewNames()
	opts := &loaders.Options{Known: known}
	open := func(name, publisher string) []schema.Document {
		table := "from,from_kind,to,to_kind,type,source,publisher\nA,person,B,person,met,Press briefing," + publisher + "\n"
		return clean(t, open(t, filepath.Join(folder(t, name, table), name), opts)).documents
	}
	open("one.csv", "Mofa")
	if d := open("two.csv", "State"); len(d) != 1 || d[0].ID != "doc:press-briefing-state" {
		t.Errorf("got %+v", d)
	}
	known = loaders.NewNames()
	opts.Known = known
	open("one.csv", "Mofa")
	if d := open("three.csv", ""); len(d) != 0 {
		t.Errorf("got %+v", d)
	}
}

func TestNamesRepeated(t *testing.T) {
	r := clean(t, open(t, folder(t, "a.yaml", "people: [Hans Müller, Hans Müller, Hans, PRC]\ncountries: [PRC]\n",
		"b.yaml", "people:\n  - {name: Hans Müller, born: 1950, aliases: [Hans Muller]}\n  - Hans Muller\n",
		"c.csv", "from,from_kind,to,to_kind,type\nHANS MULLER,person,Hans,person,met\n"), nil))
	if len(r.entities) != 4 || r.entity(t, "Hans Müller").Born != "1950" {
		t.Errorf("got %+v", r.entities)
	}
}

// A date column beside an end is the start; beside a start it is the end.
func TestDatesOfRows(t *testing.T) {
	for _, c := range []struct{ header, row, want string }{
		{"date,end", "2023,2024", "2023/2024"},
		{"start,date", "2023,2024", "2023/2024"},
		{"date,end", "2023,2023", "2023"},
		{"date,end", "2023,", "2023"},
		{"date,end", ",2024", "/2024"},
	} {
		r := mustRead(t, "f.csv", "from,from_kind,to,to_kind,type,"+c.header+"\nA,person,B,person,met,"+c.row+"\n")
		if got := r.facts[0].When.Written; got != c.want {
			t.Errorf("%s of %s: %s, want %s", c.header, c.row, got, c.want)
		}
	}
	for row, want := range map[string]string{
		"7/12/2023,,2024": `f.csv:2:23: bad date "7/12/2023": ambiguous: 2023-12-07 (dmy) or 2023-07-12 (mdy)`,
		"2023,,7/12/2023": `f.csv:2:29: bad date "7/12/2023": ambiguous: 2023-12-07 (dmy) or 2023-07-12 (mdy)`,
		"2023,2023,2024":  `f.csv:2:28: a date given twice: when "2023" and "2023"`,
		"2024,,2023":      `f.csv:2:23: bad date "2024/2023": ends before it begins`,
	} {
		r := read(t, "f.csv", "from,from_kind,to,to_kind,type,date,start,end\nA,person,B,person,met,"+row+"\n")
		if len(r.rows) != 1 || !strings.Contains(r.rows[0].Error(), want) {
			t.Errorf("%s: %v, want %s", row, r.rows, want)
		}
	}
}

func TestDatasetName(t *testing.T) {
	for path, want := range map[string]string{"f.yaml": "f", "a b.jsonl": "a-b", "2023.06.csv": "2023.06", "谢锋.yaml": "谢锋"} {
		l, err := loaders.ForFile(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		in, err := loaders.OpenWith(l, path, []byte("x"), nil)
		if err != nil || in.Dataset != want {
			t.Errorf("%s is dataset %q, want %q (%v)", path, in.Dataset, want, err)
		}
	}
}

func TestReadTwiceIsTheSame(t *testing.T) {
	for name, content := range fourFormats {
		path := filepath.Join(folder(t, name, content), name)
		first, second := open(t, path, nil), open(t, path, nil)
		if !reflect.DeepEqual(first.facts, second.facts) || !reflect.DeepEqual(first.entities, second.entities) ||
			!reflect.DeepEqual(first.documents, second.documents) || len(first.rows) != len(second.rows) {
			t.Errorf("%s reads in two ways", name)
		}
	}
}
