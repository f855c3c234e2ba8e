package loaders_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// locators returns the locators of all evidence, in order.
func locators(r result) []string {
	var all []string
	for _, f := range r.facts {
		for _, e := range f.Evidence {
			all = append(all, e.Locator)
		}
	}
	return all
}

func TestLocatorsOfTheFileItself(t *testing.T) {
	for name, c := range map[string]struct {
		content string
		want    []string
	}{
		"lines.yaml": {"people: [Ann, Bob]\nfacts:\n  - {fact: Ann met Bob, note: a}\n  - {fact: Ann met Bob, note: b}\n", []string{"line 3", "line 4"}},
		"flow.yaml": {"people: [Ann, Bob]\nfacts: [{fact: Ann met Bob, note: é}, {fact: Ann met Bob, note: b}]\n",
			[]string{"line 2, column 9", "line 2, column 39"}},
		"several.yaml": {"people: [Ann, Bob]\nfacts:\n  - fact: Ann met Bob\n    evidence:\n      - {note: a}\n      - {note: b}\n",
			[]string{"line 5", "line 6"}},
		"minified.json": {`{"people":["Ann","Bob"],"facts":[{"fact":"Ann met Bob","note":"a"},{"fact":"Ann met Bob","note":"b"}]}`,
			[]string{"line 1, column 34", "line 1, column 68"}},
		"said.yaml": {"people: [Ann, Bob]\nfacts: [{fact: Ann met Bob, locator: p. 3}]\n", []string{"p. 3"}},
		"rows.csv":  {"from,from_kind,to,to_kind,type,note\nAnn,person,Bob,person,met,a\nAnn,person,Bob,person,met,b\n", []string{"row 2", "row 3"}},
	} {
		t.Run(name, func(t *testing.T) {
			wantEqual(t, "locators", locators(mustRead(t, name, c.content)), c.want)
		})
	}
}

// One place in a document cannot make two different claims about a fact.
func TestClaimsThatDisagree(t *testing.T) {
	const two = "people: [Ann, Bob]\nplaces: [Rome, Oslo]\nsources: [{key: s, title: T}]\nfacts:\n"
	const rows = "from,from_kind,to,to_kind,type,place,place_kind,doc,quote,source_key\n"
	for _, c := range []struct{ name, content, want string }{
		{"f.yaml", two + "  - {fact: Ann met Bob, source: s, at: Rome}\n  - {fact: Bob met Ann, source: s, at: Oslo, note: n}\n",
			"f.yaml:6:5: evidence from doc:t given twice with a different at, note: first at f.yaml:5:5"},
		{"f.yaml", two + "  - {fact: Ann met Bob, source: s}\n  - {fact: Ann met Bob, source: s, stance: denies}\n",
			"f.yaml:6:5: evidence from doc:t given twice with a different stance: first at f.yaml:5:5"},
		{"f.yaml", two + "  - fact: Ann met Bob\n    when: 2023\n    evidence:\n      - {source: s}\n      - {source: s, when: 2023-05}\n",
			"f.yaml:9:9: evidence from doc:t given twice with a different when: first at f.yaml:8:9"},
		{"f.csv", rows + "Ann,person,Bob,person,met,Rome,place,T,,\nAnn,person,Bob,person,met,Oslo,place,T,,\nAnn,person,Bob,person,met,Rome,place,T,,\n",
			"f.csv:3:1: evidence from doc:t given twice with a different at: first at f.csv:2:1"},
	} {
		r := read(t, c.name, c.content)
		if len(r.rows) != 1 {
			t.Errorf("got %v, want %s", r.rows, c.want)
			continue
		}
		dir := strings.TrimSuffix(r.rows[0].Pos.File, c.name)
		if got := strings.ReplaceAll(r.rows[0].Error(), dir, ""); got != c.want || !errors.Is(r.rows[0], schema.ErrDuplicate) {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
		if hint := r.rows[0].Hint(); !strings.Contains(hint, "quote or locator") || !strings.Contains(hint, "source-key") {
			t.Errorf("hint %q", hint)
		}
	}
	mustRead(t, "f.csv", rows+"Ann,person,Bob,person,met,Rome,place,T,in Rome,\nAnn,person,Bob,person,met,Oslo,place,T,in Oslo,\n")
	mustRead(t, "f.csv", rows+"Ann,person,Bob,person,met,Rome,place,T,,1\nAnn,person,Bob,person,met,Oslo,place,T,,2\n")
	mustRead(t, "f.yaml", two+"  - {fact: Ann met Bob, source: s}\n  - {fact: Bob met Ann, source: s}\n")
}

// All yielded facts can be encoded, also those that are written several times.
func TestClaimsEncode(t *testing.T) {
	v := schema.DefaultVocabulary()
	files := map[string]string{
		"one-line.json":  `{"people":["A","B"],"facts":[{"fact":"A met B","note":"a"},{"fact":"B met A","note":"b"}]}`,
		"one-source.csv": "from,from_kind,to,to_kind,type,place,place_kind,doc\nA,person,B,person,met,X,place,T\nA,person,B,person,met,Y,place,T\n",
	}
	maps.Copy(files, fourFormats)
	for name, content := range files {
		facts := make(map[schema.ID]schema.Fact)
		for _, f := range read(t, name, content).facts {
			f = v.Normalize(f)
			if before, ok := facts[f.ID]; ok {
				f = v.Merge(before, f)
			}
			facts[f.ID] = f
		}
		for _, f := range facts {
			if _, err := v.Encode(f.Evidence[0].Dataset, f); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestDigestOfNames(t *testing.T) {
	ann := schema.Entity{ID: "person:ann", Kind: schema.Person, Label: "Ann", Aliases: []schema.Text{{Value: "A."}}}
	bob := schema.Entity{ID: "person:bob", Kind: schema.Person, Label: "Bob", Aliases: []schema.Text{{Value: "Ann"}}}
	of := func(entities ...schema.Entity) string {
		n := loaders.NewNames()
		for _, e := range entities {
			n.Add(e)
		}
		return n.Digest()
	}
	if of() != "" || (*loaders.Names)(nil).Digest() != "" {
		t.Error("nothing known has a digest")
	}
	if d := of(ann, bob); len(d) != 64 || d != of(bob, ann) || d != of(ann, ann, bob) {
		t.Errorf("the order matters: %s", d)
	}
	other := ann
	other.Aliases = []schema.Text{{Value: "B."}}
	moved := ann
	moved.ID = "person:ann-2"
	all := []string{of(ann), of(bob), of(ann, bob), of(other), of(moved), of(schema.Entity{ID: ann.ID, Label: "Ann"})}
	slices.Sort(all)
	if len(slices.Compact(all)) != 6 {
		t.Errorf("two sets of names have one digest: %v", all)
	}
}
