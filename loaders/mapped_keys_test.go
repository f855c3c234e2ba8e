package loaders_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// The key under which a row, an item or a parent stands is a field, in all formats
// that have keys.
func TestKeysAreFields(t *testing.T) {
	const text = `
rows: "*"
entities:
  who: {kind: Person, name: "{name}"}
  board: {kind: Institution, name: "Board {#key}"}
facts: {verb: member-of, actor: who, recipient: board}
`
	want := []string{"person:ann member-of institution:board-audit, undated", "person:bo member-of institution:board-audit, undated", "person:bo member-of institution:board-rules, undated"}
	for name, data := range map[string]string{
		"b.json": `{"audit": [{"name": "Ann"}, {"name": "Bo"}], "none": [], "rules": {"name": "Bo"}}`,
		"b.yaml": "audit: [{name: Ann}, {name: Bo}]\nnone:\nrules:\n- name: Bo\n",
		"b.xml":  `<all><audit><name>Ann</name></audit><audit><name>Bo</name></audit><rules><name>Bo</name></rules></all>`,
	} {
		if got := factTexts(clean(t, loadMapped(t, name, data, text))); !slices.Equal(got, want) {
			t.Errorf("%s: %s", name, strings.Join(got, "\n"))
		}
	}
}

// A key may belong to a parent of the row, to an item of each, or to all children of a
// node, and be what a condition looks at.
func TestKeysOfParentsAndItems(t *testing.T) {
	const data = `{"boards": {"audit": {"chair": "Ann", "staff": ["Bo", "Cy"]}, "rules": {"chair": "Bo", "staff": ["Cy"]}}}`
	for _, c := range []struct{ text, want string }{
		{`{rows: boards/*/staff, facts: {verb: member-of, actor: "{.}", actor-kind: Person, recipient: "{../#key}", recipient-kind: Institution}}`,
			"bo member-of audit; cy member-of audit; cy member-of rules"},
		{`{rows: "boards/*", facts: {each: "*", verb: member-of, actor: "{.}", actor-kind: Person, recipient: "{../#key} {#key}", recipient-kind: Institution}}`,
			"ann member-of audit-chair; bo member-of audit-staff; bo member-of rules-chair; cy member-of audit-staff; cy member-of rules-staff"},
		{`{facts: {each: "boards/*", unless: {"#key": /^r/}, verb: member-of, actor: "{chair}", actor-kind: Person, recipient: "{#key|chair}", recipient-kind: Institution}}`,
			"ann member-of audit"},
		{`{facts: {verb: member-of, actor: "{boards/*/#key}", actor-kind: Group, recipient: Union, recipient-kind: Institution}}`,
			"audit and group:rules member-of union"},
	} {
		texts := factTexts(clean(t, loadMapped(t, "b.json", data, c.text)))
		got := strings.NewReplacer("person:", "", "institution:", "", ", undated", "").Replace(strings.Join(texts, "; "))
		if got = strings.TrimPrefix(got, "group:"); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func factTexts(r result) (all []string) {
	for _, f := range r.facts {
		all = append(all, f.String())
	}
	slices.Sort(all)
	return all
}

// What is no path says so where it stands in the mapping.
func TestWhatIsNoField(t *testing.T) {
	for field, want := range map[string]string{
		"{..}":        "{..} is the whole parent",
		"{../.}":      "{../.} is the whole parent",
		"{name()}":    `a path has no functions: "name()"`,
		"{../name()}": `a path has no functions: "name()" in "../name()"`,
		"{keys(@)}":   "a path has no functions",
		"{#keys}":     `unknown field: "#keys"; did you mean "#key"?`,
		"{../#row}":   `"#row" stands where the name of a field is expected`,
		"{#key/name}": `"#key" stands where the name of a field is expected`,
	} {
		_, err := mapping.Parse("m.yaml", []byte(fmt.Sprintf("entities:\n  kind: Person\n  name: %q\n", field)))
		if err == nil || !strings.HasPrefix(err.Error()+"; "+schema.Hint(err), "m.yaml:3:9: "+want) || schema.Hint(err) == "" {
			t.Errorf("%s: %v; %s", field, err, schema.Hint(err))
		}
	}
	for _, text := range []string{`{rows: "#key", entities: {kind: Person, name: x}}`, `{entities: {each: "*/#key", kind: Person, name: x}}`, "entities:\n  kind: Person\n  name: {#key}\n"} {
		if _, err := mapping.Parse("m.yaml", []byte(text)); err == nil || !strings.Contains(schema.Hint(err), `"{#key}"`) {
			t.Errorf("%s: %v; %s", text, err, schema.Hint(err))
		}
	}
	for name, data := range map[string]string{"t.csv": "text(en),tBody-mean()\nAnn,1\n", "t.json": `[{"text(en)": "Ann", "tBody-mean()": 1}]`} {
		r := clean(t, loadMapped(t, name, data, `entities: {kind: Person, name: "{text(en)} {tBody-mean()}"}`))
		if len(r.entities) != 1 || r.entities[0].Label != "Ann 1" {
			t.Errorf("%s: %v", name, r.entities)
		}
	}
	if r := loadMapped(t, "t.csv", "a\nx\n", `entities: {kind: Person, name: "{#key}"}`); r.fatal == nil || !strings.Contains(r.fatal.Error(), "the rows of a table have no key") {
		t.Errorf("a key of a table: %v", r.fatal)
	}
}

// A name under entities stands for the entity wherever the mapping says it, and only
// there.
func TestNamesOfEntitiesAreValues(t *testing.T) {
	const text = `
lookups: {posts: {P: prez}}
entities:
  who: {kind: Person, name: "{who}"}
  prez: {kind: Post, id: "post:president", name: President of the Republic}
  vice: {kind: Post, name: "Vice President of {land}"}
  top: {kind: Post, name: "Top {land}"}
facts:
  - {verb: holds-post, actor: who, recipient: {from: "{post}", lookup: posts, default: vice}, note: {from: "{post}", lookup: {P: prez, V: who, T: x, top: y}}}
  - {if: {post: T}, verb: holds-post, actor: who, recipient: {first: ["{none?}", top]}}
`
	r := loadMapped(t, "p.csv", "who,land,post,none\nAnn,Oz,P,\nBo,Oz,V,\nCy,Oz,T,\nTop,Oz,top,\n", text)
	got := factTexts(clean(t, r))
	want := []string{"person:ann holds-post post:president, undated", "person:bo holds-post post:vice-president-of-oz, undated",
		"person:cy holds-post post:top-oz, undated", "person:cy holds-post post:vice-president-of-oz, undated", "person:top holds-post post:vice-president-of-oz, undated"}
	if !slices.Equal(got, want) {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	for _, f := range r.facts {
		want := map[string]string{"person:ann": "prez", "person:bo": "who", "person:cy": "x", "person:top": "y"}
		if who, _, _ := strings.Cut(f.String(), " "); f.Evidence[0].Note != want[who] && f.Evidence[0].Note != "" {
			t.Errorf("the note of %s is %q", who, f.Evidence[0].Note)
		}
	}
	r = loadMapped(t, "p.csv", "who,to\nAnn,whom\n", `
entities: {who: {kind: Person, name: "{who}"}, whom: {kind: Person, name: Bo}}
facts: {verb: met, actor: who, recipient: "{to}"}`)
	if len(r.rows) != 1 || !strings.Contains(r.rows[0].Error(), `{to}: unknown name: "whom"`) {
		t.Errorf("a text of the file is the name of an entity: %v %v", r.facts, r.rows)
	}
}

// An error of one value hides no error of another value of the record, and none of its
// dates and names.
func TestAllErrorsOfAMappedRow(t *testing.T) {
	const text = `
entities:
  who: {kind: {from: "{kind}", lookup: {p: Person}}, name: "{who}", born: "{born}"}
facts:
  verb: {from: "{what}", lookup: {met: met}}
  actor: who
  recipient: "{whom}"
  status: {from: "{status}", lookup: {done: happened}}
  when: "{when}"
  evidence: {quote: {from: "{quote}", lookup: {x: y}}, confidence: "{sure}"}
`
	r := loadMapped(t, "p.csv", "kind,who,born,what,whom,status,when,quote,sure\nq,Ann,soon,mett,Bo,don,2023-13,z,7\n", text)
	var got []string
	for _, row := range r.rows {
		for _, p := range row.Problems() {
			got = append(got, fmt.Sprintf("%d %v", p.Pos.Col, p.Err))
		}
	}
	want := []string{`1 {kind}: not in the lookup: "q"`, `7 {born}: bad date "soon"`, `12 {what}: not in the lookup: "mett"`, `17 {whom}: unknown name: "Bo"`,
		`20 {status}: not in the lookup: "don"`, `24 {when}: bad date "2023-13"`, `32 {quote}: not in the lookup: "z"`, `34 {sure}: want a number`}
	if len(r.rows) != 2 || len(got) != len(want) {
		t.Fatalf("%d rows:\n%s", len(r.rows), strings.Join(got, "\n"))
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("got %s, want %s", got[i], want[i])
		}
	}
}

// Rows are numbered from 1 in the whole file, in every format, however it is divided. A
// table numbers its header, too.
func TestRowsAreNumbered(t *testing.T) {
	const rows = 60
	files := map[string]*strings.Builder{"n.csv": {}, "n.jsonl": {}, "n.json": {}, "n.yaml": {}, "n.xml": {}, "pairs.jsonl": {}}
	paths := map[string]string{"n.json": "rows: a/b", "n.xml": "rows: a/b[c]", "pairs.jsonl": "rows: b"}
	write := func(name, format string, args ...any) { fmt.Fprintf(files[name], format, args...) }
	write("n.csv", "c\n")
	write("n.json", "{\"a\": [\n")
	write("n.xml", "<all>\n")
	for i := range rows {
		write("n.csv", "Ann %d\n", i+2)
		write("n.jsonl", "{\"c\": \"Ann %d\"}\n", i+1)
		if i == 7 {
			write("n.jsonl", "{\"c\": \n\n")
		}
		write("n.yaml", "- c: Ann %d\n", i+1)
		if i%3 == 0 {
			write("n.json", "{\"x\": {\"b\": 1}, \"b\": [{\"c\": \"Ann %d\"},\n{\"c\": \"Ann %d\"}, {\"c\": \"Ann %d\"}]}%s\n", i+1, i+2, i+3, map[bool]string{true: ","}[i < rows-3])
			write("n.xml", "<a><b><c>Ann %d</c></b>\n<b/><b><c>Ann %d</c></b><b><c>Ann %d</c></b></a>\n", i+1, i+2, i+3)
			write("pairs.jsonl", "{\"b\": [{\"c\": \"Ann %d\"}, {\"c\": \"Ann %d\"}, {\"c\": \"Ann %d\"}]}\n", i+1, i+2, i+3)
		}
	}
	write("n.json", "]}\n")
	write("n.xml", "</all>\n")
	for name, data := range files {
		text := paths[name] + "\nentities: {kind: Person, id: \"person:p{#row}\", name: \"{c}\", description: \"Ann {#row}\"}\n"
		for _, size := range []int{1, 40, 300, 1 << 20} {
			in := openMapped(t, name, data.String(), text)
			in.SetBlockSize(size)
			r := collect(t, in)
			if r.fatal != nil || len(r.entities) != rows {
				t.Fatalf("%s in blocks of %d: %d entities, %v", name, size, len(r.entities), r.fatal)
			}
			for _, e := range r.entities {
				if e.Label != e.Description {
					t.Fatalf("%s in blocks of %d: row %s is numbered %s", name, size, e.Label, e.Description)
				}
			}
		}
	}
}

// A file of numbered rows is the same in blocks of any size.
func TestNumberedRowsInBlocks(t *testing.T) {
	asJSON, asXML := visits(40)
	text := strings.ReplaceAll(visitMapping, `"{n}"`, `"{#row} of {n}"`)
	for name, data := range map[string]string{"v.json": asJSON, "v.xml": asXML} {
		read := func(size int) result {
			var in *loaders.Input = openMapped(t, name, data, text)
			in.SetBlockSize(size)
			return withoutFile(clean(t, collect(t, in)))
		}
		want := read(1 << 20)
		if key := want.facts[119].Key; key != "120 of 39" {
			t.Errorf("%s: the last row is %s", name, key)
		}
		for _, size := range []int{1, 200, 1000} {
			if !reflect.DeepEqual(read(size), want) {
				t.Errorf("%s in blocks of %d bytes differs", name, size)
			}
		}
	}
}
