package loaders_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// A fact is saved with all that it has.
func TestSavedFactsAreWhole(t *testing.T) {
	written, read := loaders.SavedFact()
	if !reflect.DeepEqual(written, read) {
		t.Errorf("written:\n%+v\nread:\n%+v", written, read)
	}
}

const talksMapping = `
entities:
  who: {kind: Person, name: "{who}", posts: ["{post}"]}
  whom: {kind: Person, name: "{whom}"}
facts:
  - {verb: met, actor: who, recipient: whom, when: "{day}", key: "{key}", because: "{why}", at: "{place}", status: "{status}", source-key: "{#row}",
     evidence: [{source: {title: "{paper}", url: "{url}"}, quote: "{quote}", confidence: "{sure}"}]}
  - {fact: "{said}", topic: "{topic}"}
`

// talks returns lines of which some have errors of parsing, of names, or of facts that go
// together with others.
func talks(n int) string {
	var out strings.Builder
	for i := range n {
		fmt.Fprintf(&out, `{"who": "Envoy %d", "whom": "Mrs \u00c9 %d", "post": "Envoy to %d", "day": "202%d-01-0%d", "key": "k%d"`, i%7, i%5, i%3, i%4, 1+i%9, i)
		fmt.Fprintf(&out, `, "paper": "Paper %d", "url": "https://example.org/%d", "quote": "they \"met\" %d"`, i%11, i%11, i%40)
		switch {
		case i%29 == 7:
			out.WriteString(`, "day": "yesterday"`)
		case i%31 == 9:
			out.WriteString(`, "sure": "seven"`)
		case i%37 == 11:
			out.WriteString(`, "why": "k999"`)
		case i%41 == 12:
			out.WriteString(`, "key": "k1"`)
		case i%43 == 13:
			out.WriteString(`, "status": "hoped"`)
		case i%3 == 1:
			fmt.Fprintf(&out, `, "why": "k%d"`, (i*7+3)%n)
		case i%23 == 5:
			out.WriteString(`, "said": "Envoy 1 met Mrs É 2", "topic": "trade"`)
		case i%47 == 5:
			out.WriteString(`, "said": "Envoy 1 mett Mrs É 2"`)
		}
		out.WriteString("}\n")
	}
	return out.String()
}

// Facts that are saved, in memory or in a file, are what is parsed again, with the same
// errors.
func TestSavedFactsAreParsedFacts(t *testing.T) {
	_, asXML := visits(40)
	for _, f := range []struct{ name, data, mapping string }{
		{"t.jsonl", talks(400), talksMapping},
		{"t.jsonl", talks(6), talksMapping},
		{"v.xml", asXML, visitMapping},
		{"v.csv", "who,to,n,day\nA,Land 1,1,2020\nB,Land 2,2,never\n" + strings.Repeat("C,Land 1,3,2021\n", 9), strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(visitMapping, "rows: data/visit\n", ""), "{../year}-{month}", "{day}"), "{../year}-", "")},
	} {
		for _, size := range []int{1, 1000, 5000, 1 << 20} {
			in := openMapped(t, f.name, f.data, f.mapping)
			in.SetBlockSize(size)
			inMemory := recordsOf(t, in)
			in.SetMaxSaved(0)
			inFile := recordsOf(t, in)
			t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "absent"))
			parsed := recordsOf(t, in)
			t.Setenv("TMPDIR", "")
			if len(parsed) < 6 {
				t.Fatalf("%s: %+v", f.name, parsed)
			}
			for i := range parsed {
				if !reflect.DeepEqual(parsed[i], inMemory[i]) || !reflect.DeepEqual(parsed[i], inFile[i]) {
					t.Fatalf("%s in blocks of %d bytes: parsed\n%+v\nsaved\n%+v\nin a file\n%+v", f.name, size, parsed[i], inMemory[i], inFile[i])
				}
			}
			if len(inMemory) != len(parsed) || len(inFile) != len(parsed) {
				t.Errorf("%s: %d pairs, in memory %d, in a file %d", f.name, len(parsed), len(inMemory), len(inFile))
			}
		}
	}
}

// recordsOf reads an input.
func recordsOf(t *testing.T, in *loaders.Input) (all []pair) {
	t.Helper()
	for r, err := range in.Records(t.Context()) {
		p := pair{record: r}
		if row := (*loaders.RowError)(nil); errors.As(err, &row) {
			p.text, p.at = row.Text, row.Pos
		}
		if err != nil {
			p.err, p.hint = err.Error(), schema.Hint(err)
		}
		all = append(all, p)
	}
	return all
}
