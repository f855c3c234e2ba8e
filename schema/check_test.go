package schema_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/entente-kg/entente/schema"
)

// visit returns a valid fact, which the tests below make invalid in one way each.
func visit() schema.Fact {
	return schema.Fact{
		Verb:   "visited",
		Roles:  roles("actor", "person:nancy-pelosi", "recipient", "country:taiwan", "as", "post:speaker"),
		When:   schema.When{Written: "2022-08"},
		Status: schema.Happened,
		Links:  []schema.Link{{Type: schema.LedTo, Fact: "fact:suspension"}},
		Evidence: []schema.Evidence{{
			Dataset: "news", Stance: schema.Asserts, Source: "doc:article", Quote: "visited Taiwan", Start: 5, End: 19,
			SaidBy: "person:reporter", Via: []schema.ID{"institution:agency"}, Method: schema.Curated, Confidence: 0.9,
			At: []schema.ID{"place:taipei"}, When: schema.When{Written: "2022-08-02"},
		}},
		Pos: schema.Position{File: "meetings.csv", Line: 4, Col: 9},
	}
}

func TestCheckAcceptsSoundFacts(t *testing.T) {
	v := schema.DefaultVocabulary()
	for name, f := range map[string]schema.Fact{
		"a visit":         visit(),
		"normalized":      v.Normalize(visit()),
		"as little as is": {Verb: "met", Roles: roles("actor", "person:a", "recipient", "person:b")},
		"parties":         {Verb: "met", Roles: roles("party", "person:a", "party", "person:b", "party", "group:c")},
		"delegations":     {Verb: "met", Roles: roles("actor", "person:a", "actor", "person:b", "recipient", "person:c")},
		"two actors":      {Verb: "met", Roles: roles("actor", "person:a", "actor", "person:b")},
		"no agent":        {Verb: "arrested", Roles: roles("recipient", "person:a")},
		"no object":       {Verb: "said", Roles: roles("actor", "person:a", "of", "fact:x"), Status: schema.Planned},
		"a refused meeting": {Verb: "met", Roles: roles("actor", "person:a", "recipient", "person:b"),
			Status: schema.Refused},
		"facts about facts": {Verb: "refers-to", Roles: roles("actor", "fact:a", "recipient", "fact:b")},
		"blame": {Verb: "blamed", Roles: roles("actor", "person:a", "recipient", "country:b", "of", "fact:sanctions",
			"over", "fact:suspension")},
		"sanction": {Verb: "sanctioned", Roles: roles("actor", "country:a", "recipient", "person:b",
			"authority", "doc:act", "program", "thing:list")},
		"a relation held then": {Verb: "holds-post", Roles: roles("actor", "person:a", "recipient", "post:b"),
			When: schema.When{Written: "2022-08", Attested: true}},
	} {
		if f.Evidence == nil {
			f.Evidence = []schema.Evidence{{}}
		}
		if err := v.Check(f); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// invalidVisits are ways to make the visit invalid, with their errors and hints.
var invalidVisits = []struct {
	name  string
	spoil func(*schema.Fact)
	is    error
	want  string
	hint  string
}{
	{"verb", func(f *schema.Fact) { f.Verb = "mett" }, schema.ErrUnknownVerb,
		`unknown verb "mett"`, `did you mean "met"?`},
	{"no verb", func(f *schema.Fact) { f.Verb = "" }, schema.ErrUnknownVerb, `unknown verb ""`, ""},
	{"status", func(f *schema.Fact) { f.Status = "hapened" }, schema.ErrStatus,
		`bad status "hapened"`, `did you mean "happened"?`},
	{"status of a relation", func(f *schema.Fact) { f.Verb, f.Status = "holds-post", schema.Refused }, schema.ErrStatus,
		`bad status "refused": "holds-post" is a relation, which holds or does not`, ""},
	{"role", func(f *schema.Fact) { f.Roles[2].Role = "hots" }, schema.ErrRole,
		`bad role "hots": the vocabulary has no such role`, `did you mean "host"?`},
	{"role of another verb", func(f *schema.Fact) { f.Roles[2].Role = "program" }, schema.ErrRole,
		`bad role "program": "visited" does not have this role`, ""},
	{"place", func(f *schema.Fact) { f.Roles[2].Role = "at" }, schema.ErrRole,
		`bad role "at": a place is part of the evidence`, ""},
	{"party to a visit", func(f *schema.Fact) { f.Roles = roles("party", "person:a", "party", "person:b") }, schema.ErrRole,
		`bad role "party": "visited" has an actor and a recipient, not parties`, ""},
	{"id", func(f *schema.Fact) { f.Roles[0].ID = "nancy" }, schema.ErrID,
		`bad id "nancy": write kind:name, such as person:xie-feng`, ""},
	{"object of no kind it can have", func(f *schema.Fact) { f.Roles[1].ID = "doc:act" }, schema.ErrKind,
		`wrong kind "doc:act": the recipient of "visited" is a Place, Country, Institution, Gathering, Person or Post`, ""},
	{"subject", func(f *schema.Fact) { f.Roles[0].ID = "thing:balloon" }, schema.ErrKind,
		`wrong kind "thing:balloon": the actor of "visited" is a Person, Post, Group, Institution or Country`, ""},
	{"role's kind", func(f *schema.Fact) { f.Roles[2].ID = "person:a" }, schema.ErrKind,
		`wrong kind "person:a": the as of "visited" is a Post`, ""},
	{"nobody", func(f *schema.Fact) { f.Roles = f.Roles[2:] }, schema.ErrParticipant,
		`bad participants: "visited" has no participants`, ""},
	{"no object", func(f *schema.Fact) { f.Roles = f.Roles[:1] }, schema.ErrParticipant,
		`bad participants: "visited" needs an object for "person:nancy-pelosi"`, ""},
	{"no subject", func(f *schema.Fact) { f.Verb, f.Roles = "member-of", roles("recipient", "group:g") }, schema.ErrParticipant,
		`bad participants: "member-of" needs a subject for "group:g"`, ""},
	{"object too many", func(f *schema.Fact) { f.Verb = "nods" }, schema.ErrRole,
		`bad role "recipient": "nods" has no object`, ""},
	{"met himself", func(f *schema.Fact) { f.Verb, f.Roles = "met", roles("actor", "person:a", "recipient", "person:a") },
		schema.ErrParticipant, `bad participants: "person:a" stands on both sides of "met"`, ""},
	{"met herself", func(f *schema.Fact) { f.Verb, f.Roles = "met", roles("party", "person:a", "party", "person:a") },
		schema.ErrParticipant, `bad participants: "person:a" stands on both sides of "met"`, ""},
	{"met alone", func(f *schema.Fact) { f.Verb, f.Roles = "met", roles("actor", "person:a") }, schema.ErrParticipant,
		`bad participants: "met" needs another participant besides "person:a"`, ""},
	{"mixed", func(f *schema.Fact) { f.Verb, f.Roles = "met", roles("party", "person:a", "actor", "person:b") },
		schema.ErrParticipant, `bad participants: "person:a" is a party beside actors or recipients`, ""},
	{"date", func(f *schema.Fact) { f.When.Written = "2023-13" }, schema.ErrDate,
		`bad date "2023-13": write 2023, 2023-07, 2023-07-12, 2023~ or two of them with a / between`, ""},
	{"attested event", func(f *schema.Fact) { f.When.Attested = true }, schema.ErrDate,
		`bad date "2022-08": "visited" happens once, only a relation is attested`, ""},
	{"link", func(f *schema.Fact) { f.Links[0].Type = "becuase" }, schema.ErrLink,
		`bad link "becuase"`, `did you mean "because"?`},
	{"link to a person", func(f *schema.Fact) { f.Links[0].Fact = "person:a" }, schema.ErrLink,
		`bad link "led-to": "person:a" is no fact`, ""},
	{"link to itself", func(f *schema.Fact) { f.ID = "fact:suspension" }, schema.ErrLink,
		`bad link "led-to": from a fact to itself`, ""},
	{"no evidence", func(f *schema.Fact) { f.Evidence = nil }, schema.ErrEvidence,
		`bad evidence: a fact needs at least one piece of evidence`, ""},
	{"stance", func(f *schema.Fact) { f.Evidence[0].Stance = "denied" }, schema.ErrEvidence,
		`bad evidence 1: unknown stance "denied"`, `did you mean "denies"?`},
	{"method", func(f *schema.Fact) { f.Evidence[0].Method = "guess" }, schema.ErrEvidence,
		`bad evidence 1: unknown method "guess"`, ""},
	{"confidence", func(f *schema.Fact) { f.Evidence[0].Confidence = 1.5 }, schema.ErrEvidence,
		`bad evidence 1: confidence 1.5 is not between 0 and 1`, ""},
	{"no number", func(f *schema.Fact) { f.Evidence[0].Confidence = math.NaN() }, schema.ErrEvidence,
		`bad evidence 1: confidence NaN is not between 0 and 1`, ""},
	{"offsets", func(f *schema.Fact) { f.Evidence[0].End = 5 }, schema.ErrEvidence,
		`bad evidence 1: offsets 5 to 5 span nothing`, ""},
	{"negative", func(f *schema.Fact) { f.Evidence[0].Start = -1 }, schema.ErrEvidence,
		`bad evidence 1: offsets -1 to 19 span nothing`, ""},
	{"quote of another length", func(f *schema.Fact) { f.Evidence[0].End = 20 }, schema.ErrEvidence,
		`bad evidence 1: offsets 5 to 20 span 15 bytes, the quote has 14`, ""},
	{"source", func(f *schema.Fact) { f.Evidence[0].Source = "person:a" }, schema.ErrKind,
		`bad evidence 1: wrong kind "person:a": a source is a Document`, ""},
	{"speaker", func(f *schema.Fact) { f.Evidence[0].SaidBy = "place:a" }, schema.ErrKind,
		`bad evidence 1: wrong kind "place:a": who said it is a Person, Post, Institution, Country, Group or Document`, ""},
	{"place of evidence", func(f *schema.Fact) { f.Evidence[0].At[0] = "person:a" }, schema.ErrKind,
		`bad evidence 1: wrong kind "person:a": where it was is a Place, Country or Institution`, ""},
	{"via", func(f *schema.Fact) { f.Evidence[0].Via[0] = "agency" }, schema.ErrID,
		`bad evidence 1: bad id "agency": write kind:name, such as person:xie-feng`, ""},
	{"topic", func(f *schema.Fact) { f.Topic = "Ta\xffwan" }, schema.ErrText, `bad text "Ta\xffwan": not UTF-8`, ""},
	{"words", func(f *schema.Fact) { f.When.Words = "\xff" }, schema.ErrText, `bad text "\xff": not UTF-8`, ""},
	{"note", func(f *schema.Fact) { f.Evidence[0].Note = "\xff" }, schema.ErrText, `bad evidence 1: bad text "\xff": not UTF-8`, ""},
	{"date of evidence", func(f *schema.Fact) { f.Evidence[0].When.Written = "May" }, schema.ErrDate,
		`bad evidence 1: bad date "May": write 2023, 2023-07, 2023-07-12, 2023~ or two of them with a / between`, ""},
}

func TestCheckSaysWhereAndWhat(t *testing.T) {
	for _, tt := range invalidVisits {
		t.Run(tt.name, func(t *testing.T) {
			f := visit()
			tt.spoil(&f)
			err := withNods(t).Check(f)
			if !errors.Is(err, tt.is) || err.Error() != "meetings.csv:4:9: "+tt.want {
				t.Errorf("\ngot  %v\nwant meetings.csv:4:9: %s", err, tt.want)
			}
			if hint := schema.Hint(err); hint != tt.hint {
				t.Errorf("hint %q, want %q", hint, tt.hint)
			}
		})
	}
}

// withNods returns the default vocabulary with a verb that has no object.
func withNods(t *testing.T) *schema.Vocabulary {
	t.Helper()
	v, err := schema.DefaultVocabulary().Extend("nods.yaml", []byte("verbs: [{id: nods, kind: interaction, subject: actors}]"))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestCheckWithoutPosition(t *testing.T) {
	f := visit()
	f.Pos, f.Verb = schema.Position{}, "mett"
	if err := schema.DefaultVocabulary().Check(f); err == nil || err.Error() != `unknown verb "mett"` {
		t.Errorf("got %v", err)
	}
}

// The smallest fact of every verb passes its checks and is unchanged by
// normalization.
func TestEveryVerbPassesItsChecks(t *testing.T) {
	v := schema.DefaultVocabulary()
	for _, verb := range v.Verbs() {
		d := lookup(t, v, verb)
		for _, subject := range d.Subject {
			f := schema.Fact{Verb: verb, Roles: roles("actor", subject.Prefix()+":a"), Evidence: []schema.Evidence{{}}}
			for _, object := range d.Object {
				f.Roles = append(f.Roles[:1:1], roles("recipient", object.Prefix()+":b")...)
				if err := v.Check(f); err != nil {
					t.Errorf("%v", err)
				}
				if err := v.Check(v.Normalize(f)); err != nil {
					t.Errorf("normalized: %v", err)
				}
			}
		}
	}
}

func ExampleVocabulary_Check() {
	err := schema.DefaultVocabulary().Check(schema.Fact{
		Verb:  "mett",
		Roles: []schema.Participant{{Role: schema.RoleActor, ID: "person:xie-feng"}, {Role: schema.RoleRecipient, ID: "person:ely-ratner"}},
		Pos:   schema.Position{File: "meetings.csv", Line: 4, Col: 9},
	})
	fmt.Println(err)
	fmt.Println("hint:", schema.Hint(err))
	// Output:
	// meetings.csv:4:9: unknown verb "mett"
	// hint: did you mean "met"?
}

func BenchmarkCheck(b *testing.B) {
	v, f := schema.DefaultVocabulary(), visit()
	for b.Loop() {
		if err := v.Check(f); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSuggest(b *testing.B) {
	v := schema.DefaultVocabulary()
	for b.Loop() {
		v.Suggest("requsted a meting with")
	}
}
