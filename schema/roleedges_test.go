package schema_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/entente-kg/entente/schema"
)

// Roles link their players with the sides of the fact, by predicates of their
// own.
func TestRolesDeriveEdges(t *testing.T) {
	a, b, c, p, post, g := "person:a", "person:b", "country:c", "person:p", "post:s", "gathering:g"
	for _, test := range []struct {
		name string
		verb schema.Verb
		fact []schema.Participant
		want []string // besides the edges of the verb
	}{
		{"mediator of both sides", "agreed-with", roles("party", "country:us", "party", "country:cuba", "mediator", p, "mediator", "country:canada"),
			[]string{"person:p mediated-for country:cuba", "person:p mediated-for country:us",
				"country:canada mediated-for country:cuba", "country:canada mediated-for country:us"}},
		{"mediator who is a side", "agreed-with", roles("party", a, "party", b, "mediator", a), []string{"person:a mediated-for person:b"}},
		{"mediator, one way", "pledged-to", roles("actor", a, "recipient", b, "mediator", p), []string{"person:p mediated-for person:a", "person:p mediated-for person:b"}},
		{"host of both", "met", roles("actor", a, "recipient", b, "host", c), []string{"country:c was-host-to person:a", "country:c was-host-to person:b"}},
		{"host of who visits", "visited", roles("actor", a, "recipient", "country:d", "host", p), []string{"person:p was-host-to person:a"}},
		{"host of a telling", "told", roles("actor", a, "recipient", b, "host", c), []string{"country:c was-host-to person:a", "country:c was-host-to person:b"}},
		{"for, one way", "urged", roles("actor", a, "recipient", b, "for", c), []string{"person:a acted-for country:c"}},
		{"for, of one side or the other", "met", roles("party", a, "party", b, "for", c),
			[]string{"country:c was-involved-with person:a", "country:c was-involved-with person:b"}},
		{"companion", "visited", roles("actor", a, "recipient", c, "with", p), []string{"person:p accompanied person:a"}},
		{"companion of one side or the other", "met", roles("party", a, "party", b, "with", p),
			[]string{"person:p was-involved-with person:a", "person:p was-involved-with person:b"}},
		{"post acted in", "urged", roles("actor", a, "recipient", b, "as", post), []string{"person:a acted-as post:s"}},
		{"post acted in by one of several", "urged", roles("actor", a, "actor", p, "recipient", b, "as", post), nil},
		{"post acted in by the only person", "met", roles("party", a, "party", c, "as", post),
			[]string{"person:a acted-as post:s", "post:s was-involved-with country:c"}},
		{"post given", "appointed", roles("actor", a, "recipient", b, "as", post), []string{"person:b had-at-stake post:s"}},
		{"post proposed", "nominated", roles("actor", a, "recipient", b, "as", post), []string{"person:b had-at-stake post:s"}},
		{"post taken over", "succeeded", roles("actor", a, "recipient", b, "as", post), []string{"person:a had-at-stake post:s"}},
		{"gathering", "met", roles("party", a, "party", c, "during", g, "mediator", p),
			[]string{"country:c took-part-in gathering:g", "person:a took-part-in gathering:g", "person:p took-part-in gathering:g",
				"person:p mediated-for country:c", "person:p mediated-for person:a"}},
		{"who is spoken of need not be there", "criticised", roles("actor", a, "recipient", b, "during", g), []string{"person:a took-part-in gathering:g"}},
		{"part of a fact", "met", roles("party", a, "party", b, "during", "fact:x"), nil},
		{"what is no dealing", "sanctioned", roles("actor", c, "recipient", a, "authority", "doc:x", "program", "thing:x", "over", p), nil},
	} {
		f := schema.Fact{Verb: test.verb, Roles: test.fact}
		var got []string
		v := schema.DefaultVocabulary()
		f.Evidence = []schema.Evidence{{Source: "doc:x"}}
		for _, e := range v.Edges(v.Normalize(f)) {
			if _, own := v.Lookup(e.Verb); own != (e.Role == "") {
				t.Errorf("%s: role %q makes %s", test.name, e.Role, e.Verb)
			}
			if e.Role != "" {
				got = append(got, fmt.Sprintf("%s %s %s", e.From, e.Verb, e.To))
			}
		}
		slices.Sort(got)
		slices.Sort(test.want)
		if !slices.Equal(got, test.want) {
			t.Errorf("%s:\n got %q\nwant %q", test.name, got, test.want)
		}
	}
}

func TestNobodyHappenedNoRoleEdges(t *testing.T) {
	for _, f := range []schema.Fact{
		{Status: schema.Planned}, {Evidence: []schema.Evidence{{Source: "doc:x", Stance: schema.Denies}}},
	} {
		f.Verb, f.Roles = "met", roles("party", "person:a", "party", "person:b", "mediator", "person:p", "during", "gathering:g")
		if got := edges(f); len(got) != 0 {
			t.Errorf("%+v: %v", f, got)
		}
	}
}

// If there are too many parties to link in pairs, hosts and mediators are not
// linked with each party either: all of them took part in the gathering.
func TestManyPartiesHaveNoRoleEdgesEach(t *testing.T) {
	f := schema.Fact{Verb: "met", Roles: roles("during", "gathering:g", "host", "country:h", "mediator", "person:m")}
	for i := range schema.MaxParties + 1 {
		f.Roles = append(f.Roles, schema.Participant{Role: schema.RoleParty, ID: schema.ID(fmt.Sprint("person:", i))})
	}
	got := edges(f)
	if len(got) != schema.MaxParties+3 || !slices.Contains(got, "country:h took-part-in gathering:g") || !slices.Contains(got, "person:m took-part-in gathering:g") {
		t.Errorf("%d edges: %v", len(got), got)
	}
}

func TestTooManyRoleEdges(t *testing.T) {
	f := schema.Fact{Verb: "urged", Roles: roles("recipient", "person:x"), Evidence: []schema.Evidence{{Source: "doc:x"}}}
	for i := range 200 {
		f.Roles = append(f.Roles, roles("actor", fmt.Sprint("person:a", i), "mediator", fmt.Sprint("person:m", i))...)
	}
	if err := schema.DefaultVocabulary().Check(f); !errors.Is(err, schema.ErrParticipant) {
		t.Errorf("40,200 pairs: %v", err)
	}
}

func TestRoleEdgesAreFoundByWord(t *testing.T) {
	v := schema.DefaultVocabulary()
	for word, want := range map[string][]schema.Verb{
		"mediated-for":   {"mediated-for"},
		"Mediated-For":   {"mediated-for"},
		"mediated for":   {"mediated-between", "mediated-for"},
		"mediated_for":   {"mediated-between", "mediated-for"},
		"agreed-with":    {"agreed-with"},
		"took part in":   {"attended", "took-part-in"},
		"attended":       {"attended"},
		"was host to":    {"was-host-to"},
		"acted for":      {"acted-for"},
		"hosted":         {"hosted"},
		"nothing at all": nil,
	} {
		if got, _ := v.ResolvePredicates(word); !slices.Equal(got, want) {
			t.Errorf("%q is %v, not %v", word, got, want)
		}
	}
	if verb, _, ok := v.Resolve("mediated for"); !ok || verb != "mediated-between" {
		t.Errorf("sentences with %q are of %q", "mediated for", verb)
	}
	if got := v.Group("role"); !slices.Equal(got, v.RoleEdges()) || !slices.Contains(v.Groups(), "role") {
		t.Errorf("group role is %v", got)
	}
	for _, id := range v.RoleEdges() {
		e, ok := v.RoleEdge(id)
		if !ok || e.Phrase == "" || e.Inverse == "" || e.Group != "role" || len(e.Roles) == 0 || v.Phrase(id) != e.Phrase {
			t.Errorf("%s: %+v", id, e)
		}
	}
}

func TestUsersRolesDeriveEdges(t *testing.T) {
	const file = `roles:
  - {id: mediator, kinds: actors, common: true}
  - id: witness
    kinds: actors
    common: true
    edges:
      - {id: bore-witness-for, phrase: bore witness for, group: role, to: [actor, party]}
      - {id: bore-witness-for, to: [recipient], kinds: Person, verbs: one-way}
`
	v, err := schema.DefaultVocabulary().Extend("own.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	f := v.Normalize(schema.Fact{Verb: "urged", Roles: roles("actor", "person:a", "recipient", "person:b", "witness", "person:w"), Evidence: []schema.Evidence{{Source: "doc:x"}}})
	var got []string
	for _, e := range v.Edges(f)[1:] {
		got = append(got, fmt.Sprintf("%s %s %s", e.From, e.Verb, e.To))
	}
	if !slices.Equal(got, []string{"person:w bore-witness-for person:a", "person:w bore-witness-for person:b"}) {
		t.Errorf("%v", got)
	}
	if _, ok := schema.DefaultVocabulary().RoleEdge("bore-witness-for"); ok {
		t.Error("an extension shows in what it extends")
	}
	if v.Hash() == schema.DefaultVocabulary().Hash() {
		t.Error("the hash does not know of edges")
	}
	if _, err := v.Extend("again.yaml", []byte(file)); err != nil {
		t.Errorf("the same again: %v", err)
	}
}

func TestEdgesOfRolesAreChecked(t *testing.T) {
	for edge, want := range map[string]string{
		`{id: met, to: [actor]}`:                `v.yaml:5:16: bad vocabulary: "met" is the name of a verb and of an edge of role "x"`,
		`{id: host, to: [actor]}`:               `v.yaml:5:16: bad vocabulary: edge "host" of role "x" has the name of a role`,
		`{id: status, to: [actor]}`:             `v.yaml:5:16: bad vocabulary: edge "status" has the name of a predicate`,
		`{id: led-to, to: [actor]}`:             `v.yaml:5:16: bad vocabulary: edge "led-to" has the name of a predicate`,
		`{id: Xed, to: [actor]}`:                `v.yaml:5:16: bad vocabulary: an edge needs an id of lower-case letters, digits and hyphens, not "Xed"`,
		`{id: xed}`:                             `v.yaml:5:11: bad vocabulary: edge "xed" needs roles that it is from, or roles that it is to, and not both`,
		`{id: xed, to: [actor], from: [party]}`: `v.yaml:5:11: bad vocabulary: edge "xed" needs roles that it is from, or roles that it is to, and not both`,
		`{id: xed, to: []}`:                     `v.yaml:5:25: bad vocabulary: edge "xed" links the role with no other`,
		`{id: xed, to: [actr]}`:                 `v.yaml:5:16: bad vocabulary: edge "xed" names an unknown role "actr"`,
		`{id: xed, to: [actor], verbs: both}`:   `v.yaml:5:41: bad vocabulary: edge "xed" is for verbs that are one-way or symmetric, not "both"`,
		`{id: mediated-for, to: [actor], phrase: carried messages for}`: `v.yaml:5:51: bad vocabulary: edge "mediated-for" is defined already, and its phrase differs`,
		`{id: xed, to: [actor], colour: red}`:                           `v.yaml:5:34: bad vocabulary: unknown key "colour"`,
	} {
		_, err := schema.DefaultVocabulary().Extend("v.yaml", []byte("roles:\n  - id: x\n    kinds: actors\n    edges:\n        - "+edge+"\n"))
		if err == nil || err.Error() != want || !errors.Is(err, schema.ErrVocabulary) {
			t.Errorf("%s\n got %v\nwant %s", edge, err, want)
		}
	}
}
