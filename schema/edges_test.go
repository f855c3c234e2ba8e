package schema_test

import (
	"fmt"
	"testing"

	"github.com/entente-kg/entente/schema"
)

func edges(f schema.Fact) []string {
	v := schema.DefaultVocabulary()
	if f.Evidence == nil {
		f.Evidence = []schema.Evidence{{Source: "doc:x"}}
	}
	var found []string
	for _, e := range v.Edges(v.Normalize(f)) {
		found = append(found, fmt.Sprintf("%s %s %s", e.From, e.Verb, e.To))
	}
	return found
}

func roles(pairs ...string) []schema.Participant {
	var ps []schema.Participant
	for i := 0; i < len(pairs); i += 2 {
		ps = append(ps, schema.Participant{Role: schema.Role(pairs[i]), ID: schema.ID(pairs[i+1])})
	}
	return ps
}

func TestEdges(t *testing.T) {
	a, b, c := "person:a", "person:b", "country:c"
	for _, test := range []struct {
		name string
		fact schema.Fact
		want []string
	}{
		{"one way", schema.Fact{Verb: "sanctioned", Roles: roles("actor", c, "recipient", a)}, []string{"country:c sanctioned person:a"}},
		{"both ways", schema.Fact{Verb: "met", Roles: roles("actor", b, "recipient", a)},
			[]string{"person:a met person:b", "person:b met person:a"}},
		{"delegates do not meet their own", schema.Fact{Verb: "met", Roles: roles("actor", a, "actor", b, "recipient", c)},
			[]string{"country:c met person:a", "person:a met country:c", "country:c met person:b", "person:b met country:c"}},
		{"nobody meets himself", schema.Fact{Verb: "met", Roles: roles("actor", a, "recipient", a)}, nil},
		{"what was refused", schema.Fact{Verb: "met", Status: schema.Refused, Roles: roles("party", a, "party", b)}, nil},
		{"what is only denied", schema.Fact{Verb: "met", Roles: roles("party", a, "party", b),
			Evidence: []schema.Evidence{{Source: "doc:x", Stance: schema.Denies}}}, nil},
		{"what is disputed", schema.Fact{Verb: "sanctioned", Roles: roles("actor", c, "recipient", a),
			Evidence: []schema.Evidence{{Source: "doc:x", Stance: schema.Denies}, {Source: "doc:y"}}}, []string{"country:c sanctioned person:a"}},
		{"a fact as participant", schema.Fact{Verb: "blamed", Roles: roles("actor", a, "recipient", "fact:x")}, nil},
	} {
		got := map[string]bool{}
		for _, e := range edges(test.fact) {
			got[e] = true
		}
		if len(got) != len(test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
		for _, want := range test.want {
			if !got[want] {
				t.Errorf("%s: %v, want %v", test.name, got, test.want)
			}
		}
	}
}

func TestManyPartiesAttendInstead(t *testing.T) {
	f := schema.Fact{Verb: "met", Roles: roles("during", "gathering:g")}
	for i := range schema.MaxParties {
		f.Roles = append(f.Roles, schema.Participant{Role: schema.RoleParty, ID: schema.ID(fmt.Sprint("person:", i))})
	}
	if got := edges(f); len(got) != schema.MaxParties*schema.MaxParties { // each party with all others and with the gathering
		t.Errorf("%d edges between %d parties", len(got), schema.MaxParties)
	}
	f.Roles = append(f.Roles, schema.Participant{Role: schema.RoleParty, ID: "person:one-more"})
	got := edges(f)
	if len(got) != schema.MaxParties+1 || got[0] != "person:0 attended gathering:g" {
		t.Errorf("%d edges: %v", len(got), got)
	}
}
