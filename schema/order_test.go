package schema_test

import (
	"slices"
	"testing"

	"github.com/entente-kg/entente/schema"
)

func sides(verb schema.Verb, actors, recipients []schema.ID) schema.Fact {
	f := schema.Fact{Verb: verb}
	for _, id := range actors {
		f.Roles = append(f.Roles, schema.Participant{Role: schema.RoleActor, ID: id})
	}
	for _, id := range recipients {
		f.Roles = append(f.Roles, schema.Participant{Role: schema.RoleRecipient, ID: id})
	}
	return f
}

// A fact of a symmetric verb is the same from both sides, keeps the original
// order of its sides, and links only across them.
func TestSidesOfSymmetricVerbs(t *testing.T) {
	v := schema.DefaultVocabulary()
	one, two := []schema.ID{"person:d", "person:a"}, []schema.ID{"person:c", "person:b"}
	for _, verb := range v.Verbs() {
		d, _ := v.Lookup(verb)
		if !d.Symmetric {
			continue
		}
		told := []schema.Fact{sides(verb, one, two), sides(verb, two, one)}
		for i, f := range told {
			f.Evidence = []schema.Evidence{{Dataset: "d", Source: "doc:a"}}
			told[i] = v.Normalize(f)
		}
		if told[0].ID != told[1].ID {
			t.Errorf("%s: one fact, two ids", verb)
		}
		for i, want := range [][]schema.ID{slices.Concat(one, two), slices.Concat(two, one)} {
			back, err := v.DecodeFact(told[i].ID, encode(t, "d", told[i]))
			if err != nil {
				t.Fatal(err)
			}
			var got []schema.ID
			for _, p := range back.Roles {
				got = append(got, p.ID)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: told as %v, kept as %v", verb, want, got)
			}
			for _, e := range v.Edges(back) {
				if slices.Contains(one, e.From) == slices.Contains(one, e.To) {
					t.Errorf("%s links %s and %s, who are on one side", verb, e.From, e.To)
				}
			}
			if n := len(v.Edges(back)); n != 8 {
				t.Errorf("%s: %d edges, want 8", verb, n)
			}
		}
	}
}

// The first of two datasets by name determines the order of participants. The
// order of ids needs no quad.
func TestOrderOfTwoDatasets(t *testing.T) {
	v := schema.DefaultVocabulary()
	tell := func(dataset string, a, b schema.ID) schema.Fact {
		f := sides("met", []schema.ID{a}, []schema.ID{b})
		f.Evidence = []schema.Evidence{{Dataset: dataset, Source: "doc:a"}}
		return v.Normalize(f)
	}
	for _, c := range []struct {
		one, two schema.Fact
		want     schema.ID
	}{
		{tell("one", "person:a", "person:b"), tell("two", "person:b", "person:a"), "person:a"},
		{tell("one", "person:b", "person:a"), tell("two", "person:a", "person:b"), "person:b"},
		{tell("one", "person:a", "person:b"), tell("one", "person:b", "person:a"), "person:b"},
	} {
		for _, merged := range []schema.Fact{v.Merge(c.one, c.two), v.Merge(c.two, c.one)} {
			if got := merged.With(schema.RoleParty)[0]; got != c.want {
				t.Errorf("%s comes first, want %s", got, c.want)
			}
		}
	}
	byID := encode(t, "one", tell("one", "person:a", "person:b"))
	if n := len(encode(t, "one", tell("one", "person:b", "person:a"))) - len(byID); n != 1 {
		t.Errorf("an order of its own has %d quads, want 1", n)
	}
}
