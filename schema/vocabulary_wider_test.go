package schema_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/entente-kg/entente/schema"
)

// A row of every code loads whatever the kinds of its two sides are, and also if
// one of them is not known.
func TestEveryCodeFitsEveryKind(t *testing.T) {
	v := schema.DefaultVocabulary()
	kinds := append(schema.Kinds(), schema.KindFact, "")
	for system, codes := range systems() {
		for _, code := range codes {
			c := byCode(t, v, system, code)
			for _, subject := range kinds {
				for _, object := range kinds {
					if subject != "" || object != "" {
						checkFit(t, v, c, subject, object)
					}
				}
			}
		}
	}
}

// checkFit checks that the verb that fits a code is in the code's group, and that
// a fact of two participants of the kinds is well-formed.
func checkFit(t *testing.T, v *schema.Vocabulary, c schema.Coded, subject, object schema.Kind) {
	t.Helper()
	f := schema.Fact{Status: c.Status, Evidence: []schema.Evidence{{Method: schema.Import}}}
	for _, side := range []struct {
		role schema.Role
		kind schema.Kind
	}{{schema.RoleActor, subject}, {schema.RoleRecipient, object}} {
		if side.kind != "" {
			f.Roles = append(f.Roles, schema.Participant{Role: side.role, ID: schema.ID(side.kind.Prefix() + ":" + string(side.role))})
		}
	}
	verb, ok := v.Fit(c.Verb, side(subject), side(object))
	f.Verb = verb
	if err := v.Check(v.Normalize(f)); err != nil || !ok {
		t.Fatalf("%s %s of %q and %q is %q: %v", c.System, c.Code, subject, object, verb, err)
	}
	if lookup(t, v, verb).Group != lookup(t, v, c.Verb).Group {
		t.Errorf("%s %s of %q and %q: %s and %s are of different groups", c.System, c.Code, subject, object, c.Verb, verb)
	}
}

func side(k schema.Kind) []schema.Kind {
	if k == "" {
		return nil
	}
	return []schema.Kind{k}
}

func TestEveryVerbHasAWidestOne(t *testing.T) {
	v := schema.DefaultVocabulary()
	for _, verb := range v.Verbs() {
		d := lookup(t, v, verb)
		last := verb
		for wider, ok := v.Wider(verb); ok; wider, ok = v.Wider(wider) {
			if w := lookup(t, v, wider); w.Group != d.Group || w.Kind != d.Kind {
				t.Errorf("%s falls back on %s", verb, wider)
			}
			last = wider
		}
		for _, subject := range append(schema.Kinds(), schema.KindFact) {
			for _, object := range append(schema.Kinds(), schema.KindFact) {
				if got, ok := v.Fit(last, side(subject), side(object)); got != last || !ok {
					t.Errorf("%s, the widest verb for %s, does not accept %s and %s", last, verb, subject, object)
				}
			}
		}
	}
}

func TestFit(t *testing.T) {
	v := schema.DefaultVocabulary()
	for _, tt := range []struct {
		verb              schema.Verb
		subjects, objects []schema.Kind
		want              schema.Verb
	}{
		{"met", kinds(schema.Person), kinds(schema.Country), "met"},
		{"met", kinds(schema.Person, schema.Country), nil, "met"},
		{"met", kinds(schema.Person), nil, "had-contact-with"},
		{"met", kinds(schema.Person), kinds(schema.Country, schema.Place), "had-contact-with"},
		{"signed", kinds(schema.Country), kinds(schema.Doc), "signed"},
		{"signed", kinds(schema.Country), kinds(schema.Country), "signed-agreement-with"},
		{"signed", kinds(schema.Place), kinds(schema.Country), "acted-in-favour-of"},
		{"arrested", kinds(schema.Institution), kinds(schema.Person), "arrested"},
		{"arrested", kinds(schema.Institution), kinds(schema.Institution), "took-legal-action-against"},
		{"arrested", nil, kinds(schema.Person), "arrested"},
		{"assassinated", kinds(schema.Person), kinds(schema.Group), "killed"},
		{"assassinated", kinds(schema.Person), kinds(schema.Country), "attacked"},
		{"deported", kinds(schema.Person), kinds(schema.Person), "coerced"},
		{"holds-post", kinds(schema.Person), kinds(schema.Institution), "had-role-at"},
		{"claims", kinds(schema.Person), kinds(schema.Place), "at-odds-with"},
		{"holds-post", kinds(schema.Person), nil, ""},
		{"met", nil, nil, ""},
		{"mett", kinds(schema.Person), kinds(schema.Person), ""},
	} {
		if got, ok := v.Fit(tt.verb, tt.subjects, tt.objects); got != tt.want || ok != (tt.want != "") {
			t.Errorf("%s of %v and %v: %q, %v, want %q", tt.verb, tt.subjects, tt.objects, got, ok, tt.want)
		}
	}
}

func kinds(list ...schema.Kind) []schema.Kind { return list }

// A fact that a person writes keeps its verb.
func TestCheckFallsBackOnNothing(t *testing.T) {
	err := schema.DefaultVocabulary().Check(schema.Fact{
		Verb:     "signed",
		Roles:    []schema.Participant{{Role: schema.RoleActor, ID: "country:us"}, {Role: schema.RoleRecipient, ID: "country:cuba"}},
		Evidence: []schema.Evidence{{Method: schema.Curated}},
	})
	if want := `wrong kind "country:cuba": the recipient of "signed" is a Document`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func ExampleVocabulary_Fit() {
	v := schema.DefaultVocabulary()
	c, _ := v.ByCode(schema.CAMEO, "057") // signs a formal agreement
	document, _ := v.Fit(c.Verb, []schema.Kind{schema.Country}, []schema.Kind{schema.Doc})
	country, _ := v.Fit(c.Verb, []schema.Kind{schema.Country}, []schema.Kind{schema.Country})
	fmt.Println(document, country)
	// Output:
	// signed signed-agreement-with
}

func TestUsersHaveTheirOwnWidestVerbsAndCodes(t *testing.T) {
	v, err := schema.DefaultVocabulary().Extend("own.yaml", []byte(`
verbs:
- {id: winked-at, kind: interaction, group: contact, subject: Person, object: Person, needs-object: true}
- {id: danced, kind: interaction, group: play, subject: Person, needs-object: true, symmetric: true}
- {id: played, kind: interaction, group: play, subject: anything, object: anything}
widest: {play: played}
codes:
  cameo: {'0401': winked-at - a wink, '0402': '- a nod'}
  ours: {DANCE: danced, DANCE/waltz: danced (planned) - a waltz}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ system, code, want string }{
		{"cameo", "0401", "winked-at happened 0401"}, {"cameo", "0402", "spoke-with happened 040"},
		{"ours", "DANCE/waltz", "danced planned DANCE/waltz"}, {"ours", "DANCE/tango", "danced happened DANCE"},
	} {
		c := byCode(t, v, tt.system, tt.code)
		if got := fmt.Sprint(c.Verb, " ", c.Status, " ", c.From); got != tt.want {
			t.Errorf("%s %s: %s, want %s", tt.system, tt.code, got, tt.want)
		}
	}
	for verb, want := range map[schema.Verb]schema.Verb{"winked-at": "had-contact-with", "danced": "played"} {
		if got, _ := v.Fit(verb, kinds(schema.Place), kinds(schema.Place)); got != want {
			t.Errorf("%s falls back on %s, not %s", verb, got, want)
		}
	}
	if !slices.Equal(schema.CodeSystems(v), []string{"cameo", "ours", "plover"}) || len(schema.CodeSystems(schema.DefaultVocabulary())) != 2 {
		t.Errorf("systems %v", schema.CodeSystems(v))
	}
	if v.Hash() == schema.DefaultVocabulary().Hash() {
		t.Error("codes and widest verbs do not count for the hash")
	}
}
