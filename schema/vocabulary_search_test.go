package schema_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/entente-kg/entente/schema"
)

func TestSearch(t *testing.T) {
	v := schema.DefaultVocabulary()
	for _, tt := range []struct {
		words string
		first schema.Verb
		in    string // where the first match is
		text  string
	}{
		{"met", "met", "id", "met"},
		{"MET WITH", "met", "phrase", "met with"},
		{"holds_post", "holds-post", "id", "holds-post"},
		{"was visited by", "visited", "inverse", "was visited by"},
		{"pressure", "coerced", "phrase", "put pressure on"},
		{"persona non", "expelled", "phrase", "declared persona non grata"},
		{"balloon", "launched", "note", "a missile, a satellite or a balloon; for an institution or a group, use founded"},
		{"curfew", "restricted", "code", "cameo 1723 by 172: a curfew"},
		{"accompanied by", "accompanied", "inverse", "was accompanied by"},
		{"036", "met", "code", "cameo 036 (planned): intends to meet or negotiate"},
		{"0399", "mediated-between", "code", "cameo 0399 by 039 (planned)"},
		{"shook", "met", "phrase", "shook hands with"},
		{"handshake", "met", "note", "a talk or a handshake in person; if no source names the channel of a talk, use spoke-with"},
		{"shaking hands", "met", "phrase", "shook hands with"},
		{"sanctioning", "sanctioned", "id", "sanctioned"},
		{"accusations", "accused", "id", "accused"},
		{"Assault/Drone", "hit-from-the-air", "code", "plover ASSAULT/drone: uses drones"},
	} {
		found := schema.Search(v, tt.words)
		if len(found) == 0 || found[0].Predicate != tt.first ||
			!slices.ContainsFunc(found[0].Matches, func(m schema.Match) bool { return m.In == tt.in && m.Text == tt.text }) {
			t.Errorf("%q finds %+v", tt.words, found[:min(1, len(found))])
		}
	}
	for _, words := range []string{"", " - ", "qqqq", "40", "met zzz"} {
		if found := schema.Search(v, words); len(found) > 0 {
			t.Errorf("%q finds %+v", words, found[0])
		}
	}
}

// Every verb is found by its id, each of its phrases and the codes that lead to it.
func TestSearchFindsEveryVerb(t *testing.T) {
	v := schema.DefaultVocabulary()
	for _, verb := range v.Verbs() {
		d := lookup(t, v, verb)
		for _, text := range slices.Concat([]string{string(verb)}, d.Phrases, d.Inverse) {
			if !finds(v, text, verb) {
				t.Errorf("%q does not find %s", text, verb)
			}
		}
	}
	for _, system := range schema.CodeSystems(v) {
		for _, c := range v.Codes(system) {
			if schema.Search(v, c.Code)[0].Predicate != c.Verb || !finds(v, c.Meaning, c.Verb) {
				t.Errorf("%s or its meaning %q does not find %s", c.Code, c.Meaning, c.Verb)
			}
		}
	}
}

func finds(v *schema.Vocabulary, words string, verb schema.Verb) bool {
	return slices.ContainsFunc(schema.Search(v, words), func(f schema.Found) bool { return f.Predicate == verb })
}

func ExampleSearch() {
	for _, found := range schema.Search(schema.DefaultVocabulary(), "ultimatum") {
		fmt.Println(found.Predicate, "in", found.Matches[0].In, found.Matches[0].Text)
	}
	// Output:
	// gave-ultimatum-to in id gave-ultimatum-to
}
