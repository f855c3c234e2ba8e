package keys_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/keys"
	"github.com/entente-kg/entente/schema"
)

// userVerbs is a vocabulary of a user, with a role and a relation that have no note.
const userVerbs = `
roles:
  - {id: interpreter, kinds: [Person], common: true}
verbs:
  - {id: twinned-with, kind: relation, subject: [Place], object: [Place], needs-object: true}
`

// The parser reads exactly the keys that have a description.
func TestEveryKeyIsDescribed(t *testing.T) {
	extended, err := schema.DefaultVocabulary().Extend("verbs.yaml", []byte(userVerbs))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []*schema.Vocabulary{schema.DefaultVocabulary(), extended} {
		read := loaders.Keys(v)
		for _, section := range keys.Sections() {
			var described []string
			for _, k := range keys.Of(v, section) {
				described = append(described, k.Name)
				if !strings.HasSuffix(k.Note, ".") || k.Shape == "" {
					t.Errorf("%s of %s: note %q, shape %q", k.Name, section, k.Note, k.Shape)
				}
			}
			slices.Sort(described)
			slices.Sort(read[string(section)])
			if !slices.Equal(described, read[string(section)]) {
				t.Errorf("%s: the parser reads\n%q, and described are\n%q", section, read[string(section)], described)
			}
			delete(read, string(section))
		}
		for section := range read {
			t.Errorf("section %q has no description", section)
		}
	}
}

func TestRolesOfUsersHaveNotes(t *testing.T) {
	v, err := schema.DefaultVocabulary().Extend("verbs.yaml", []byte(userVerbs))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		section    keys.Section
		name, note string
	}{
		{keys.Fact, "interpreter", "A role of the vocabulary. A name or a list of names."},
		{keys.Entity, "twinned-with", "What the entity twinned with: a name or a list of names. Each name makes an undated fact."},
	} {
		all := keys.Of(v, c.section)
		i := slices.IndexFunc(all, func(k keys.Key) bool { return k.Name == c.name })
		if i < 0 || all[i].Note != c.note {
			t.Errorf("%s: got %+v", c.name, all[max(i, 0)])
		}
	}
}
