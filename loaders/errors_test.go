package loaders_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// malformed is a malformed input with its only error, without the folder, and the
// beginning of its hint.
type malformed struct{ name, content, want, hint string }

func (w malformed) test(t *testing.T) {
	dir := folder(t, w.name, w.content)
	in, err := loaders.Open(filepath.Join(dir, w.name), nil)
	errs := []error{err}
	if err == nil {
		r := collect(t, in)
		errs = nil
		for _, row := range r.rows {
			errs = append(errs, row)
			if row.Text == "" {
				t.Errorf("no text of the row for %v", row)
			}
		}
		if r.fatal != nil {
			errs = append(errs, r.fatal)
		}
	}
	if len(errs) != 1 {
		t.Fatalf("want one error, got %v", errs)
	}
	got := strings.ReplaceAll(errs[0].Error(), dir+string(filepath.Separator), "")
	if got != w.want {
		t.Errorf("got  %s\nwant %s", got, w.want)
	}
	if all := loaders.Problems(errs[0]); len(all) != 1 || all[0].Kind == "" || all[0].Kind == schema.OtherProblem {
		t.Errorf("problems without a kind, or several: %+v", all[0])
	}
	if hint := schema.Hint(errs[0]); !strings.HasPrefix(hint, w.hint) || (w.hint == "") != (hint == "") {
		t.Errorf("hint %q, want %q", hint, w.hint)
	}
}

func yamlFact(fact, want, hint string) malformed {
	return malformed{"f.yaml", "people: [Xie Feng, Ely Ratner]\nplaces: [Pentagon]\nfacts:\n  - " + fact + "\n", want, hint}
}

func TestWrongFacts(t *testing.T) {
	for _, w := range []malformed{
		yamlFact("Xie Feng mett Ely Ratner", `f.yaml:4:14: unknown verb "mett"`, `did you mean "met"?`),
		yamlFact("Xie Fang met Ely Ratner", `f.yaml:4:5: unknown name: "Xie Fang"`, `did you mean "Xie Feng"? otherwise declare it: under people`),
		yamlFact("Xie Feng met Elly Ratner.", `f.yaml:4:18: unknown name: "Elly Ratner"`, `did you mean "Ely Ratner"?`),
		yamlFact("'Xie Feng met Elly Ratner'", `f.yaml:4:19: unknown name: "Elly Ratner"`, `did you mean`),
		yamlFact(`"Xie Feng met \u0045lly Ratner"`, `f.yaml:4:19: unknown name: "Elly Ratner"`, `did you mean`),
		yamlFact("Xie Feng, Ely Ratner and Bob visited Pentagon", `f.yaml:4:30: unknown name: "Bob"`, "declare it: under people"),
		yamlFact("Xie Feng met", `f.yaml:4:5: "met" says not whom or what: "Xie Feng met"`, ""),
		yamlFact("met Ely Ratner", `f.yaml:4:5: a sentence without a subject: "met Ely Ratner"`, ""),
		yamlFact("Hello there", `f.yaml:4:5: no verb of the vocabulary in "Hello there"`, "write a sentence such as"),
		yamlFact("Xie Feng met Pentagon", `f.yaml:4:18: wrong kind: want Person or Post or Institution or Country or Group, not Place: "Pentagon"`, ""),
		yamlFact("Xie Feng met Xie Feng", `f.yaml:4:5: bad participants: "person:xie-feng" stands on both sides of "met"`, ""),
		yamlFact("Xie Feng met <person:ely-ratnr>", `f.yaml:4:18: unknown id: "person:ely-ratnr"`, `did you mean "person:ely-ratner"?`),
		yamlFact("Xie Feng met <elf:x>", `f.yaml:4:18: bad id "elf:x": no kind has this prefix`, ""),
		yamlFact("{fact: Xie Feng met Ely Ratner, when: 2023-13}", `f.yaml:4:43: bad date "2023-13": write 2023, 2023-07, 2023-07-12, 2023~ or two of them with a / between`, "known forms are"),
		yamlFact("{fact: Xie Feng met Ely Ratner, when: 2023/2022}", `f.yaml:4:43: bad date "2023/2022": ends before it begins`, ""),
		yamlFact("{fact: Xie Feng met Ely Ratner, when: 2023, since: 2022}", `f.yaml:4:56: a date given twice: when "2023" and "2022"`, ""),
		yamlFact("{fact: Xie Feng met Ely Ratner, when: 7/12/2023}", `f.yaml:4:43: bad date "7/12/2023": ambiguous: 2023-12-07 (dmy) or 2023-07-12 (mdy)`, "--dates dmy or --dates mdy says"),
		yamlFact("{fact: Xie Feng met Ely Ratner, since: 7/12/2023, until: 2024}", `f.yaml:4:44: bad date "7/12/2023": ambiguous: 2023-12-07 (dmy) or 2023-07-12 (mdy)`, "--dates dmy or --dates mdy says"),
		yamlFact("{fact: Xie Feng met Ely Ratner, since: 2022, until: 7/12/2023}", `f.yaml:4:57: bad date "7/12/2023": ambiguous: 2023-12-07 (dmy) or 2023-07-12 (mdy)`, "--dates dmy or --dates mdy says"),
		yamlFact(`{fact: Xie Feng met Ely Ratner, quote: "a\x1bb"}`, `f.yaml:4:46: a control character, U+001B, in "a\x1bb"`, ""),
		yamlFact("{fact: Xie Feng met Ely Ratner, anchor: tuesday}", `f.yaml:4:45: bad date "tuesday": want YYYY-MM-DD`, ""),
		yamlFact("{fact: Xie Feng met Ely Ratner, wen: 2023}", `f.yaml:4:37: unknown key of a fact: "wen"`, `did you mean "when"?`),
		yamlFact("{fact: Xie Feng met Ely Ratner, when: 2020, when: 2021}", `f.yaml:4:49: duplicate key: "when", first in line 4`, ""),
		yamlFact("{fact: Xie Feng met Ely Ratner, when: [2020]}", `f.yaml:4:43: want text, not a list`, ""),
		yamlFact("{fact: Xie Feng met Ely Ratner, status: hapened}", `f.yaml:4:45: unknown status: "hapened"`, `did you mean "happened"?`),
		yamlFact("{fact: Xie Feng met Ely Ratner, stance: no}", `f.yaml:4:45: unknown stance: "no"`, "known are asserts"),
		yamlFact("{fact: Xie Feng met Ely Ratner, method: gues}", `f.yaml:4:45: unknown method: "gues"`, "known are curated"),
		yamlFact("{fact: Xie Feng met Ely Ratner, source: nope}", `f.yaml:4:45: unknown source: "nope"`, "declare it: under sources"),
		yamlFact("{fact: Xie Feng met Ely Ratner, confidence: 3}", `f.yaml:4:49: want a number above 0 and up to 1: "3"`, ""),
		yamlFact("{fact: Xie Feng met Ely Ratner, attested: maybe}", `f.yaml:4:47: want true or false: "maybe"`, ""),
		yamlFact("{fact: Xie Feng met Ely Ratner, said-by: Pentagon}", `f.yaml:4:46: wrong kind: want Person or Post or Institution or Country or Group or Document, not Place: "Pentagon"`, ""),
		yamlFact("{fact: Xie Feng met Ely Ratner, because: cut}", `f.yaml:4:46: no fact has the key "cut"`, "give the fact meant a line key: cut"),
		yamlFact("{fact: Xie Feng met Ely Ratner, key: k, during: k}", `f.yaml:4:5: facts that refer to each other: k, k`, ""),
		yamlFact("{fact: Xie Feng met Ely Ratner, key: k, part-of: k}", `f.yaml:4:5: facts that are part of each other: k, k`, ""),
		yamlFact("{fact: Xie Feng met Ely Ratner, note: a, evidence: [{note: b}]}", `f.yaml:4:37: a fact with a list of evidence and evidence beside it: "note"`, ""),
		yamlFact("{fact: Xie Feng met Ely Ratner, verb: met}", `f.yaml:4:43: a fact with both a sentence and a verb: "met"`, ""),
		yamlFact("{actor: Xie Feng}", `f.yaml:4:5: a fact without a sentence or a verb`, "write fact:"),
		yamlFact("{verb: mett, actor: Xie Feng}", `f.yaml:4:12: unknown verb "mett"`, `did you mean "met"?`),
		yamlFact("{verb: met, actor: Xie Feng}", `f.yaml:4:12: bad participants: "met" needs another participant besides "person:xie-feng"`, ""),
		yamlFact("{fact: Xie Feng met Ely Ratner, start: -1}", `f.yaml:4:44: want a whole number, 0 or more: "-1"`, ""),
		yamlFact("[Xie Feng]", `f.yaml:4:5: want text, not a list`, ""),
		yamlFact(strings.Repeat("a", 5000), `f.yaml:4:5: a sentence of 5000 bytes, more than 4096`, ""),
	} {
		t.Run(w.want, w.test)
	}
}

// The error and the hint for sentences that cannot be read.
func TestExplainedSentences(t *testing.T) {
	for _, w := range []malformed{
		yamlFact("Xie Feng mett Elly", `f.yaml:4:14: unknown verb "mett"`, `did you mean "met"?`),
		yamlFact("Xei Fong mett Ely Ratner", `f.yaml:4:14: unknown verb "mett"`, `did you mean "met"?`),
		yamlFact("Xie Feng requestd a meeting with Ely Ratner", `f.yaml:4:14: unknown verb "requestd a meeting with"`, `did you mean "requested a meeting with"`),
		yamlFact("Xie Feng requestd a meeting with Elly R.", `f.yaml:4:14: unknown verb "requestd a meeting with"`, `did you mean "requested a meeting with"`),
		yamlFact("Xie Feng had breakfast with Ely Ratner", `f.yaml:4:14: unknown verb "had breakfast with"`, `entente verbs WORD finds verbs`),
		yamlFact("Xie Feng met Ely Ratner on Wednesday", `f.yaml:4:18: unknown name: "Ely Ratner on Wednesday"`, `"Ely Ratner" is known: put "on Wednesday" under the fact`),
		yamlFact("Ambassador Xie Feng met Ely Ratner", `f.yaml:4:5: unknown name: "Ambassador Xie Feng"`, `"Xie Feng" is known: did you mean that?`),
		yamlFact(">-\n    Xie Feng\n    met Elly Ratner", `f.yaml:4:5: unknown name: "Elly Ratner"`, `did you mean "Ely Ratner"?`),
		yamlFact("Xie Feng and met Ely Ratner", `f.yaml:4:5: unknown name: "Xie Feng and"`, `"Xie Feng" is known`),
		yamlFact("visited", `f.yaml:4:5: a sentence without a subject: "visited"`, ""),
		yamlFact("Xie Feng was arrested yesterday", `f.yaml:4:27: want the end or "by" after "was arrested": "yesterday"`, "put the rest under the fact"),
		yamlFact("Xie Fang was arrested", `f.yaml:4:5: unknown name: "Xie Fang"`, `did you mean "Xie Feng"?`),
		yamlFact("Xie Feng was arrested by Bob", `f.yaml:4:30: unknown name: "Bob"`, "declare it"),
		yamlFact("Xie Feng was held", `f.yaml:4:14: "was held" says not by whom: "Xie Feng was held"`, ""),
		yamlFact("Xie Feng didn't meet Ely Ratner", `f.yaml:4:14: a verb with a negation: "didn't"`, "write the positive sentence, with stance: denies"),
		yamlFact("Xie Feng didn’t meet Ely Ratner", `f.yaml:4:14: a verb with a negation: "didn’t"`, "write the positive sentence"),
		yamlFact("Xie Feng did not meet Ely Ratner", `f.yaml:4:14: a verb with a negation: "did not"`, "write the positive sentence"),
		yamlFact("Xie Feng never met Ely Ratner", `f.yaml:4:14: a verb with a negation: "never"`, "write the positive sentence"),
		yamlFact("Xie Feng and Ely Ratner", `f.yaml:4:5: no verb in "Xie Feng and Ely Ratner"`, "write a sentence such as"),
		yamlFact("Xie Feng and Bob", `f.yaml:4:5: no verb in "Xie Feng and Bob"`, "write a sentence such as"),
		yamlFact("Xie Feng and Bob mett Ely Ratner", `f.yaml:4:22: unknown verb "mett"`, `did you mean "met"?`),
		yamlFact("17", `f.yaml:4:5: no verb of the vocabulary in "17"`, "write a sentence such as"),
		yamlFact("{verb: met, party: [Xie Feng, Ely Ratner], evidence: {sorce: x}}", `f.yaml:4:59: unknown key of evidence: "sorce"`, `did you mean "source"?`),
		yamlFact("{verb: met, party: [Xie Feng, Ely Ratner], attested: true, when: 2020}", `f.yaml:4:12: bad date "2020": "met" happens once, only a relation is attested`, ""),
		yamlFact("{fact: Xie Feng met Ely Ratner, key: x}\n  - {fact: Xie Feng called Ely Ratner, key: x}", `f.yaml:5:45: key "x" is given twice: first at f.yaml:4:42`, ""),
	} {
		t.Run(w.want, w.test)
	}
}

func TestWrongEntities(t *testing.T) {
	for _, w := range []malformed{
		{"f.yaml", "people: [{name: A, born: 1950}, {name: A, born: 1951}]", `f.yaml:1:33: "person:a" is declared twice with different content: first at f.yaml:1:10`, "give one of them another id"},
		{"f.yaml", "people: [{name: Li Hui, id: person:a}, {name: Li Hui, id: person:b}, Bo]\nfacts: [Li Hui met Bo]", `f.yaml:2:9: ambiguous name "Li Hui": person:a (Li Hui) or person:b (Li Hui)`, "write an id in place of the name: <person:a>"},
		{"f.yaml", "people: [{name: A, id: place:a}]", `f.yaml:1:10: the id of a Person begins with "person:": "place:a"`, ""},
		{"f.yaml", "people: [{name: A, id: a}]", `f.yaml:1:10: bad id: "a" has no kind before it`, "write person:a"},
		{"f.yaml", "people: [{name: A, id: xie feng}]", `f.yaml:1:10: bad id: "xie feng" has no kind before it`, "write person:xie-feng"},
		{"f.yaml", "people: [{name: A, id: 'person:xie feng'}]", `f.yaml:1:10: bad id "person:xie feng": ' ' cannot stand in an id`, "write person:xie-feng"},
		{"f.yaml", "people: [{name: A, id: --}]", `f.yaml:1:10: bad id: "--" has no kind before it`, ""},
		{"f.yaml", "people: [Hans Muller, Hans Müller]", `f.yaml:1:23: two names with the same id: "Hans Müller" and "Hans Muller", at f.yaml:1:10, are both "person:hans-muller": give one of them an id`, "if they are the same entity"},
		{"f.yaml", "people: [Hans Müller, {name: Hans Muller, born: 1950}]", `f.yaml:1:10: two names with the same id: "Hans Müller" and "Hans Muller", at f.yaml:1:23, are both "person:hans-muller": give one of them an id`, "if they are the same entity"},
		{"f.yaml", "people: [{name: Hans Müller}, {name: Hans Muller}]", `f.yaml:1:31: two names with the same id: "Hans Muller" and "Hans Müller", at f.yaml:1:10, are both "person:hans-muller": give one of them an id`, "if they are the same entity"},
		{"f.yaml", "people: [{name: Ann, id: person:bob}, Bob]", `f.yaml:1:39: two names with the same id: "Bob" and "Ann", at f.yaml:1:10, are both "person:bob": give one of them an id`, "if they are the same entity"},
		{"f.csv", "from,from_kind,type\nA-B,person,issued a statement\nA B,person,issued a statement\n", `f.csv:3:1: two names with the same id: "A B" and "A-B", at f.csv:2:1, are both "person:a-b": give one of them an id`, "if they are the same entity"},
		{"f.yaml", "people: [\"Xie\\nFeng\"]", `f.yaml:1:14: a name of several lines: "Xie\nFeng"`, ""},
		{"f.csv", "from,from_kind,type\n\"Xie\nFeng\",person,issued a statement\n", `f.csv:2:5: a name of several lines: "Xie\nFeng"`, ""},
		{"f.yaml", "people: ['--']", `f.yaml:1:10: a name without letters or digits needs an id: "--"`, ""},
		{"f.yaml", "people: [{born: 1950}]", `f.yaml:1:10: an entity without a name`, ""},
		{"f.yaml", "people: [{name: A, born: old}]", `f.yaml:1:26: bad date "old": write 2023, 2023-07, 2023-07-12, 2023~ or two of them with a / between`, "known forms are"},
		{"f.yaml", "people: [{name: A, country: Chin}]\ncountries: [China]", `f.yaml:1:29: unknown name: "Chin"`, `did you mean "China"?`},
		{"f.yaml", "people: [{name: A, contry: China}]\ncountries: [China]", `f.yaml:1:20: unknown key of an entity: "contry"`, `did you mean "country"?`},
		{"f.yaml", "entities: [{kind: Persn, name: A}]", `f.yaml:1:19: unknown kind: "Persn"`, `did you mean "Person"?`},
		{"f.yaml", "entities: [A]", `f.yaml:1:12: want a mapping: "A"`, ""},
		{"f.yaml", "people: [{name: A, posts: [B]}]", `f.yaml:1:28: unknown name: "B"`, `did you mean "A"? otherwise declare it: under posts`},
		{"f.yaml", "people: [{name: A, posts: [{post: , since: 2020}]}]", `f.yaml:1:28: a post held without its post`, ""},
		{"f.yaml", "institutions: [{name: A, part-of: B}, {name: B, part-of: C}, {name: C, part-of: A}]", `f.yaml:1:81: part-of goes in a circle: institution:a, institution:b, institution:c, institution:a`, ""},
		{"f.yaml", "places: [{name: A, located-in: A}]", `f.yaml:1:20: bad participants: "place:a" stands on both sides of "located-in"`, ""},
		{"f.yaml", "sources: [{title: A, url: x}, {title: A, url: y}]", `f.yaml:1:31: "doc:a" is declared twice with different content: first at f.yaml:1:11`, "give one of them another id"},
		{"f.yaml", "sources: [{key: a, title: A}, {key: a, title: B}]", `f.yaml:1:37: source key "a" is given twice: first at f.yaml:1:11`, ""},
		{"f.yaml", "sources: [{publisher: A}]", `f.yaml:1:11: a source without a title`, ""},
	} {
		t.Run(w.want, w.test)
	}
}

func TestWrongFiles(t *testing.T) {
	deep := strings.Repeat("[", 500) + strings.Repeat("]", 500)
	for _, w := range []malformed{
		{"f.yaml", "", "f.yaml: is empty", ""},
		{"f.json", " \n", "f.json: is empty", ""},
		{"f.yaml", "# nothing\n", "f.yaml: is empty", ""},
		{"f.csv", "\ufeff", "f.csv: is empty", ""},
		{"f.yaml", "people: [A]\nx\x00y", "f.yaml:2:2: is binary, not text: a NUL byte", ""},
		{"f.csv", "a,b\nß,\xff", "f.csv:2:3: not UTF-8: byte 0xff", "--encoding windows-1252"},
		{"f.csv", "\xff\xfea\x00\x3d\xd8", "f.csv:1:2: not UTF-16LE: half a character", ""},
		{"f.jsonl", "{}\n\"" + strings.Repeat("x", 11<<20) + `"`, "f.jsonl:2: a line of 11534338 bytes, more than 10485760", ""},
		{"f.bin", "\x7fELF\x00", "f.bin: unknown format: want .csv, .json, .jsonl, .jsonld, .ndjson, .nq, .nquads, .nt, .ntriples, .tab, .trig, .tsv, .ttl, .turtle, .xlsm, .xlsx, .yaml, .yml", ""},
		{"f.json", deep, "f.json:1:102: nested deeper than 100 levels", ""},
		{"f.yaml", "a: " + deep, "f.yaml:1:104: nested deeper than 100 levels", ""},
		{"f.yaml", "people: [a\nfacts: b", `f.yaml:1:9: not YAML: did not find expected ',' or ']': "people: [a"`, ""},
		{"f.yaml", "people:\n  - name: x\n   kind: b\n", `f.yaml:3:4: not YAML: did not find expected '-' indicator: "kind: b"`, ""},
		{"f.yaml", "people: [a]\n---\npeople: [b]\n", "f.yaml:2:1: a second YAML document: want one in each file", ""},
		{"f.yaml", "people: &a [*a]\n", `f.yaml:1:13: an alias inside of its own anchor: "*a"`, ""},
		{"f.yaml", "people: !!set {a}\n", `f.yaml:1:9: tags are not supported: "!!set"`, ""},
		{"f.yaml", "a: &a {b: c}\nd:\n  <<: *a\n", `f.yaml:3:3: merge keys are not supported: "<<"`, "use defaults:"},
		{"f.yaml", "[a]: b\n", "f.yaml:1:1: a key that is not text", ""},
		{"f.yaml", "- a\n", "f.yaml:1:1: want a mapping with about, codes, countries, dates, defaults, entities, facts, gatherings, groups, institutions, people, places, posts, roles, sets, sources, things, verbs, widest, not a list", ""},
		{"f.yaml", "peple: [a]\n", `f.yaml:1:1: unknown key of a dataset: "peple"`, `did you mean "people"?`},
		{"f.yaml", "people: a\n", `f.yaml:1:9: want a list: "a"`, ""},
		{"f.yaml", "people: [a]\npeople: [b]\n", `f.yaml:2:1: duplicate key: "people", first in line 1`, ""},
		{"f.json", "{\"people\":[\"a\"],\n \"people\":[\"b\"]}", `f.json:2:2: duplicate key: "people", first in line 1`, ""},
		{"f.json", `{"people":["a"]} x`, `f.json:1:18: not JSON: more after the value: "x"`, "a file of one value a line is JSON lines"},
		{"f.json", `{"people":["a"`, "f.json:1:15: not JSON: ends too early", ""},
		{"f.json", `{"people":["A\ud800B"]}`, `f.json:1:14: not JSON: half of a surrogate pair: "\\ud800"`, ""},
		{"f.json", `{"people":["A\\\ud83d\ud83d\ude00"]}`, `f.json:1:16: not JSON: half of a surrogate pair: "\\ud83d"`, ""},
		{"f.json", `{"peo\udc00ple":["A"]}`, `f.json:1:6: not JSON: half of a surrogate pair: "\\udc00"`, ""},
		{"f.jsonl", `{"kind":"Person","name":"A\ud800"}`, `f.jsonl:1:27: not JSON: half of a surrogate pair: "\\ud800"`, ""},
		{"f.json", `{"people":["A\u0000B"]}`, `f.json:1:14: a control character, U+0000, in "A\x00B"`, ""},
		{"f.json", `{"about":{"a\u0007":"b"}}`, `f.json:1:13: a control character, U+0007, in "a\a"`, ""},
		{"f.csv", "kind,name\nperson,A\x7fB\n", `f.csv:2:9: a control character, U+007F, in "A\x7fB"`, ""},
		{"f.json", `{"people":[é]}`, "f.json:1:12: not JSON: unexpected 'é'", ""},
		{"f.json", `[{"name":"C"}]`, `f.json:1:2: neither an entity, a source nor a fact: its keys are "name"`, "an entity has kind and name"},
		{"f.jsonl", "{\"kind\":\"Person\",\"name\":\"A\"}\n{\"kind\"\n", "f.jsonl:2:8: not JSON: ends too early", ""},
		{"f.jsonl", "{\"kind\":\"Person\",\"name\":true}\n", `f.jsonl:1:25: want text: "true"`, ""},
		{"f.csv", "a\"b,c\nd,e\n", `f.csv:1:2: not CSV: bare " in non-quoted-field: "a\"b,c"`, ""},
		{"f.csv", "from,to,type\nA,B,\"met\nC,D,met\n", `f.csv:2:5: a quote that is never closed: "A,B,\"met"`, ""},
		{"f.csv", "from,to,type,from_kind,to_kind\nA,B,met\n", `f.csv:2:5: a row of 3 fields, not 5 as in the header: "A,B,met"`, ""},
		{"f.csv", "from,to,type,from_kind,to_kind\nA,B,mett,person,person\n", `f.csv:2:5: unknown verb "mett"`, `did you mean "met"?`},
		{"f.csv", "from,to,type,wen\nA,B,met,\n", `f.csv:1:14: unknown column: "wen"`, `did you mean "when"`},
		{"f.csv", "from,to,type,subject\nA,B,met,\n", `f.csv:1:14: two columns with the same meaning: "from" and "subject"`, ""},
		{"f.csv", "from,to,,type\nA,B,x,met\n", `f.csv:1:9: column 3 has no name`, ""},
		{"f.csv", "source,target\nA,B\n", `f.csv:1:1: no column for the verb: "source,target"`, "name a column verb"},
	} {
		t.Run(w.want, w.test)
	}
}

func TestWhatRefersToARejectedOneIsRejected(t *testing.T) {
	r := read(t, "f.yaml", `people: [Ann, Bob, {name: Cid, country: Nowhere}]
things: [Cell]
facts:
  - {fact: Ann met Bob, key: a, when: 2020-99}
  - {fact: Ann met Cell, key: b}
  - {fact: Ann told Bob, during: a, key: c}
  - {fact: Ann called Bob, because: c}
  - Ann met Cid
  - {fact: Bob called Ann, key: d}
`)
	var got []string
	for _, row := range r.rows {
		got = append(got, row.Error()[strings.LastIndex(row.Error(), "f.yaml"):])
	}
	want := []string{
		`f.yaml:1:41: unknown name: "Nowhere"`,
		`f.yaml:4:39: bad date "2020-99": write 2023, 2023-07, 2023-07-12, 2023~ or two of them with a / between`,
		`f.yaml:5:20: wrong kind: want Person or Post or Institution or Country or Group, not Thing: "Cell"`,
		`f.yaml:6:5: refers to a fact that is rejected: "a"`, // causes first, then their consequences
		`f.yaml:7:5: refers to a fact that is rejected: "c"`,
		`f.yaml:8:13: refers to an entity that is rejected: "Cid"`,
	}
	wantEqual(t, "errors", got, want)
	if len(r.facts) != 1 || r.facts[0].Verb != "called" {
		t.Errorf("facts are %v", r.facts)
	}
	if r.rows[1].Text != "  - {fact: Ann met Bob, key: a, when: 2020-99}" {
		t.Errorf("text is %q", r.rows[1].Text)
	}
}

func TestAliasesAreBounded(t *testing.T) {
	var bomb bytes.Buffer
	bomb.WriteString("people: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 10; i++ {
		prev := string(rune('0' + i - 1))
		bomb.WriteString("l" + string(rune('0'+i)) + ": &a" + string(rune('0'+i)) + " [" + strings.Repeat("*a"+prev+", ", 9) + "*a" + prev + "]\n")
	}
	r := read(t, "f.yaml", bomb.String())
	if r.fatal == nil || !strings.Contains(r.fatal.Error(), "aliases repeat more than 100000 values") {
		t.Errorf("got %v", r.fatal)
	}
}

func TestFolders(t *testing.T) {
	dir := folder(t, "b.csv", "from,to,type\nXie Feng,Ely Ratner,met\n", "a/people.yaml", "people: [Xie Feng, Ely Ratner]\n",
		"README.md", "# x", ".hidden.yaml", "nonsense: [", ".git/x.yaml", "nonsense: [")
	in, err := loaders.Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if in.Dataset != "data" || len(in.Files) != 2 || len(in.SHA256) != 64 {
		t.Errorf("got %+v", in)
	}
	wantLines(t, collect(t, in), "met actor=person:xie-feng recipient=person:ely-ratner")
	for _, c := range []struct{ path, want string }{
		{folder(t, "x.md", ""), "no file here has a known extension"},
		{filepath.Join(dir, "nowhere.yaml"), "nowhere.yaml: no such file or directory"},
	} {
		if r := open(t, c.path, nil); r.fatal == nil || !strings.Contains(r.fatal.Error(), c.want) {
			t.Errorf("got %v, want %s", r.fatal, c.want)
		}
	}
}

func TestWhatIsNoFileIsRefused(t *testing.T) {
	dir := folder(t, "a.yaml", "people: [A]\n")
	pipe := filepath.Join(dir, "b.yaml")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{pipe, dir} {
		r := open(t, name, nil)
		if r.fatal == nil || !strings.HasSuffix(r.fatal.Error(), "b.yaml: is not a file but a pipe") || schema.Hint(r.fatal) == "" {
			t.Errorf("%s: got %v", name, r.fatal)
		}
	}
	if r := open(t, os.DevNull, nil); r.fatal == nil || !strings.HasSuffix(r.fatal.Error(), "is not a file") {
		t.Errorf("got %v", r.fatal)
	}
}

// The error of a cycle comes before the errors of facts that refer to it.
func TestCyclesComeBeforeTheirConsequences(t *testing.T) {
	r := read(t, "f.yaml", "people: [Ann, Bob]\nfacts:\n  - {fact: Ann called Bob, key: a, led-to: b}\n"+
		"  - {fact: Bob called Ann, key: b, led-to: a}\n  - {fact: Ann met Bob, because: a}\n")
	var got []string
	for _, row := range r.rows {
		got = append(got, row.Err.Error())
	}
	wantEqual(t, "errors", got, []string{"facts that cause each other: a, b, a",
		`refers to a fact that is rejected: "b"`, `refers to a fact that is rejected: "a"`})
}

// If two files define the same source key, each refers to its own source. A third
// file cannot use the key.
func TestSourceKeyInTwoFiles(t *testing.T) {
	r := open(t, folder(t, "a.yaml", "sources: [{key: s, title: A}]\npeople: [Ann, Bob]\nfacts: [{fact: Ann met Bob, source: s}]\n",
		"b.yaml", "sources: [{key: s, title: B}]\nfacts: [{fact: Ann called Bob, source: s}, {fact: Ann told Bob, source: B}]\n",
		"c.csv", "fact,source\nBob told Ann,s\n", "d.yaml", "facts: [{fact: Bob told Ann, source: s}]"), nil)
	var got []string
	for _, row := range r.rows {
		got = append(got, filepath.Base(row.Pos.File)+" "+row.Err.Error())
	}
	wantEqual(t, "errors", got, []string{
		`b.yaml source key "s" is given twice: first at ` + r.documents[0].Pos.String(),
		`c.csv refers to a source key that is rejected: "s"`, `d.yaml refers to a source key that is rejected: "s"`})
	var cited []schema.ID
	for _, f := range r.facts {
		cited = append(cited, f.Evidence[0].Source)
	}
	wantEqual(t, "sources", cited, []schema.ID{"doc:a", "doc:b", "doc:b"})
}

func TestLinksOutOfAFolderAreRefused(t *testing.T) {
	outside := folder(t, "secret.yaml", "people: [Secret]\n")
	dir := folder(t, "a.yaml", "people: [A]\n")
	if err := os.Symlink("a.yaml", filepath.Join(dir, "b.yaml")); err != nil {
		t.Skip(err)
	}
	if r := clean(t, open(t, dir, nil)); len(r.entities) != 1 {
		t.Errorf("got %v", r.entities)
	}
	if err := os.Symlink(filepath.Join(outside, "secret.yaml"), filepath.Join(dir, "c.yaml")); err != nil {
		t.Fatal(err)
	}
	if r := open(t, dir, nil); r.fatal == nil || !strings.Contains(r.fatal.Error(), "c.yaml: leads out of the folder") {
		t.Errorf("got %v", r.fatal)
	}
}
