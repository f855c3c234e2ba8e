package schema_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/entente-kg/entente/schema"
)

func TestAnExtensionWidensVerbs(t *testing.T) {
	base := schema.DefaultVocabulary()
	v, err := base.Extend("own.yaml", []byte(`
verbs:
- {widens: signed, object: [Country, Document], phrases: [inked, Signed], passive: inked}
- {widens: met, subject: [Gathering], phrases: [huddled with]}
- {widens: died, phrases: [perished]}
`))
	if err != nil {
		t.Fatal(err)
	}
	signed, met, before := lookup(t, v, "signed"), lookup(t, v, "met"), lookup(t, base, "signed")
	if !slices.Equal(signed.Object, kinds(schema.Doc, schema.Country)) || !slices.Equal(signed.Phrases, append(slices.Clone(before.Phrases), "inked")) {
		t.Errorf("signed is %+v", signed)
	}
	if !slices.Contains(met.Subject, schema.Gathering) || !slices.Equal(met.Subject, met.Object) {
		t.Errorf("met is %+v", met)
	}
	resolves(t, v, "was inked by", "signed", true)
	resolves(t, v, "signed", "signed", false)
	resolves(t, v, "huddled with", "met", false)
	resolves(t, v, "perished", "died", false)
	if slices.Contains(before.Object, schema.Country) || len(schema.WidenedVerbs(base)) > 0 || base.Hash() == v.Hash() {
		t.Error("the extension shows in what it extends, or not at all")
	}
	if _, _, ok := base.Resolve("inked"); ok {
		t.Error("the extension's phrase is one of the base")
	}
	if got := schema.WidenedVerbs(v); !slices.Equal(got, []schema.Verb{"died", "met", "signed"}) {
		t.Errorf("widened: %v", got)
	}
	if fit, _ := v.Fit("signed", kinds(schema.Country), kinds(schema.Country)); fit != "signed" {
		t.Errorf("a widened verb gives way to %s", fit)
	}
}

// What several datasets add to a verb is joined, whatever their order.
func TestWideningsAreJoined(t *testing.T) {
	one, other := "verbs: [{widens: signed, object: Country, phrases: [inked]}]", "verbs: [{widens: signed, object: [Group, Country], phrases: [inked, initialled]}]"
	repeated := `verbs: [{id: signed, kind: interaction, phrases: [signed, concluded, acceded to], passive: signed, subject: actors,
		object: Document, needs-object: true, opens: [party-to], plover: SUPPORT, cameo: '057'}]`
	a := extendAll(t, one, other, repeated)
	b := extendAll(t, repeated, other, one, one)
	for _, v := range []*schema.Vocabulary{a, b} {
		if d := lookup(t, v, "signed"); len(d.Object) != 3 || !slices.Equal(d.Phrases[len(d.Phrases)-2:], []string{"inked", "initialled"}) {
			t.Errorf("signed is %+v", d)
		}
	}
}

func extendAll(t *testing.T, texts ...string) *schema.Vocabulary {
	t.Helper()
	v := schema.DefaultVocabulary()
	for i, text := range texts {
		var err error
		if v, err = v.Extend(fmt.Sprint(i, ".yaml"), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	return v
}

// A graph keeps the file of a widened verb only for facts that need it, so that a
// dataset is the same with and without the file.
func TestFactsNeedTheFileOfTheirKinds(t *testing.T) {
	file := "verbs: [{widens: signed, object: Country}, {widens: met, subject: Thing}]"
	v := extendAll(t, file)
	for _, tt := range []struct {
		verb     schema.Verb
		from, to schema.ID
		needs    bool
	}{
		{"signed", "country:us", "doc:treaty", false}, {"signed", "country:us", "country:cuba", true}, {"signed", "country:cuba", "doc:treaty", false},
		{"met", "person:a", "person:b", false}, {"met", "person:a", "thing:b", true}, {"met", "thing:a", "person:b", true},
		{"visited", "person:a", "country:cuba", false},
	} {
		f := v.Normalize(schema.Fact{Verb: tt.verb, Evidence: []schema.Evidence{{}}, Roles: []schema.Participant{
			{Role: schema.RoleActor, ID: tt.from}, {Role: schema.RoleRecipient, ID: tt.to}}})
		words := map[string]bool{}
		schema.AddWords(words, v, f)
		if got := v.ExtensionsWith(words); len(got) > 0 != tt.needs {
			t.Errorf("%s %s %s needs %v", tt.from, tt.verb, tt.to, got)
		}
		if err := schema.DefaultVocabulary().Check(f); (err != nil) != tt.needs {
			t.Errorf("%s %s %s without the file: %v", tt.from, tt.verb, tt.to, err)
		}
		if err := v.Check(f); err != nil {
			t.Error(err)
		}
	}
}

func TestMalformedWidenings(t *testing.T) {
	for _, tt := range []struct{ text, want, hint string }{
		{"{widens: mett}", `v.yaml:1:18: bad vocabulary: an entry widens an unknown verb "mett"`, `did you mean "met"?`},
		{"{widens: met, kind: relation}", `v.yaml:1:23: bad vocabulary: unknown key "kind"`, ""},
		{"{widens: met, object: Thing}", `v.yaml:1:31: bad vocabulary: symmetric verb "met" has no object and no inverse: widen its subject and its phrases`, ""},
		{"{widens: met, passive: met}", `v.yaml:1:32: bad vocabulary: symmetric verb "met" has no object and no inverse: widen its subject and its phrases`, ""},
		{"{widens: died, object: Person}", `v.yaml:1:32: bad vocabulary: verb "died" has no object`, ""},
		{"{widens: signed, phrases: [ok, sanctioned]}", `v.yaml:1:40: bad vocabulary: phrase "sanctioned" of verb "signed" belongs to verb "sanctioned"`, ""},
		{"{widens: met}, {widens: met}", `v.yaml:1:33: bad vocabulary: verb "met" has an entry in this file already`, ""},
	} {
		_, err := schema.DefaultVocabulary().Extend("v.yaml", []byte("verbs: ["+tt.text+"]"))
		if !errors.Is(err, schema.ErrVocabulary) || err.Error() != tt.want || schema.Hint(err) != tt.hint {
			t.Errorf("%s: %v, hint %q", tt.text, err, schema.Hint(err))
		}
	}
}

// A graph keeps files of verbs that were written when the module had fewer verbs.
func TestStoredFilesComeFirst(t *testing.T) {
	base := schema.DefaultVocabulary()
	file := `verbs:
- {id: slew, kind: interaction, phrases: [slew, killed, put to death], subject: Person, object: Person, needs-object: true}
- {id: died, kind: interaction, phrases: [died, perished], subject: [Person, Group], object: Place}
`
	if _, err := base.Extend("v.yaml", []byte(file)); !errors.Is(err, schema.ErrVocabulary) {
		t.Errorf("a new file may change the vocabulary: %v", err)
	}
	v, err := base.ExtendStored("v.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, next := range []string{"", "verbs: [{id: winked-at, kind: interaction, subject: Person}]"} {
		if next != "" {
			v = extendMore(t, v, next)
		}
		resolves(t, v, "killed", "slew", false)
		resolves(t, v, "put to death", "slew", false)
		resolves(t, v, "was killed by", "killed", true)
		resolves(t, v, "perished", "died", false)
		if d := lookup(t, v, "died"); !slices.Equal(d.Object, kinds(schema.Place)) {
			t.Errorf("died is %+v", d)
		}
	}
	words := map[string]bool{"died": true}
	if got := v.ExtensionsWith(words); len(got) != 1 {
		t.Errorf("facts of died keep %q", got)
	}
	resolves(t, base, "killed", "killed", false)
	if _, err := v.ExtendStored("other.yaml", []byte("verbs: [{id: died, kind: interaction, subject: Group}]")); !errors.Is(err, schema.ErrVocabulary) {
		t.Errorf("two stored files differ: %v", err)
	}
	if _, err := v.ExtendStored("other.yaml", []byte("verbs: [{id: slain, kind: interaction, phrases: [killed], subject: Group}]")); !errors.Is(err, schema.ErrVocabulary) {
		t.Errorf("two stored files share a phrase: %v", err)
	}
}

func extendMore(t *testing.T, v *schema.Vocabulary, text string) *schema.Vocabulary {
	t.Helper()
	more, err := v.Extend("more.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return more
}
