package schema_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/entente-kg/entente/schema"
)

// A fact as text, without a graph.
func ExampleFact_String() {
	fact := schema.Fact{
		Verb: "met",
		Roles: []schema.Participant{
			{Role: schema.RoleParty, ID: "person:xie-feng"}, {Role: schema.RoleParty, ID: "person:ely-ratner"},
			{Role: "host", ID: "institution:us-defense"},
		},
		When:     schema.When{Written: "2023-07-12"},
		Evidence: []schema.Evidence{{Source: "doc:washington-times", Quote: "held talks"}},
	}
	fmt.Println(fact)
	fact.Status = schema.Planned
	fact.Evidence = append(fact.Evidence, schema.Evidence{Source: "doc:wire", Stance: schema.Denies})
	fmt.Println(fact)
	// Output:
	// person:xie-feng met person:ely-ratner (host institution:us-defense), 2023-07-12
	// person:xie-feng met person:ely-ratner (host institution:us-defense) (planned, disputed), 2023-07-12
}

func TestFactString(t *testing.T) {
	sourced := []schema.Evidence{{Source: "doc:a"}}
	for want, f := range map[string]schema.Fact{
		"(no verb) (no evidence), undated": {},
		"person:a met person:b and person:c about talks on trade, undated": {Verb: "met", Topic: "talks\non\ttrade", Evidence: sourced,
			Roles: roles("actor", "person:a", "recipient", "person:b", "recipient", "person:c")},
		"person:a asked person:b, undated":                     {Verb: "asked", Evidence: sourced, Roles: roles("recipient", "person:b", "actor", "person:a")},
		"person:b met person:a, 2023":                          {ID: "fact:x", Verb: "met", When: schema.When{Written: "2023"}, Evidence: sourced, Roles: roles("recipient", "person:b", "actor", "person:a")},
		"person:a, person:b and person:c met each other, 2023": {Verb: "met", When: schema.When{Written: "2023"}, Evidence: sourced, Roles: roles("party", "person:a", "party", "person:b", "party", "person:c")},
		"person:a met, undated":                                {Verb: "met", Evidence: sourced, Roles: roles("party", "person:a")},
		"(actor unknown) elected person:a, undated":            {Verb: "elected", Evidence: sourced, Roles: roles("recipient", "person:a")},
		"person:a met (host person:c, person:b) (with person:d), undated": {Verb: "met", Evidence: sourced,
			Roles: roles("with", "person:d", "host", "person:c", "actor", "person:a", "host", "person:b")},
		"person:a knows (hearsay), last May": {Verb: "knows", When: schema.When{Words: "last May"}, Roles: roles("actor", "person:a"),
			Evidence: []schema.Evidence{{Stance: schema.Hearsay}}},
		"person:a met (planned, no evidence), during 1970-01-01/..": {Verb: "met", Status: schema.Planned, Roles: roles("actor", "person:a"),
			Within: &schema.Within{Days: schema.Days{From: 0, To: schema.MaxDay}}},
	} {
		if got := f.String(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// A text of random parts is one line without control characters.
func TestFactStringIsOneLine(t *testing.T) {
	odd := "a\r\n\x1b[2J\u202e\u2028\u0085\x00\xff b"
	f := schema.Fact{ID: schema.ID(odd), Verb: schema.Verb(odd), Roles: roles("", odd, odd, odd, "actor", odd), When: schema.When{Written: odd, FromBy: odd, ToBy: odd},
		Topic: odd, Status: schema.Status(odd), Evidence: []schema.Evidence{{Stance: schema.Stance(odd)}}}
	if at := strings.IndexFunc(f.String(), func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' }); at >= 0 {
		t.Errorf("%q at %d", f.String(), at)
	}
}
