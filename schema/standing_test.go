package schema_test

import (
	"testing"

	"github.com/entente-kg/entente/schema"
)

func TestStanding(t *testing.T) {
	for _, c := range []struct {
		status  schema.Status
		stances []schema.Stance
		want    schema.Standing
		mark    string
	}{
		{schema.Happened, []schema.Stance{schema.Asserts}, schema.StandingAsserted, ""},
		{schema.Happened, []schema.Stance{schema.Doubts, schema.Hearsay, schema.Asserts}, schema.StandingAsserted, ""},
		{schema.Happened, []schema.Stance{schema.Denies, schema.Asserts}, schema.StandingDisputed, "disputed"},
		{schema.Happened, []schema.Stance{schema.Hearsay, schema.Doubts, schema.Denies}, schema.StandingDenied, "denied"},
		{schema.Happened, []schema.Stance{schema.Hearsay, schema.Doubts}, schema.StandingDoubted, "doubted"},
		{schema.Refused, []schema.Stance{schema.Hearsay}, schema.StandingHearsay, "refused, hearsay"},
		{schema.Planned, []schema.Stance{schema.Asserts}, schema.StandingAsserted, "planned"},
	} {
		f := schema.Fact{Verb: "met", Status: c.status, Roles: roles("actor", "person:a", "recipient", "person:b")}
		for _, s := range c.stances {
			f.Evidence = append(f.Evidence, schema.Evidence{Stance: s, Quote: string(s)})
		}
		if got := f.Standing(); got != c.want || f.Mark() != c.mark {
			t.Errorf("%v: %s, marked %q, want %s, marked %q", c.stances, got, f.Mark(), c.want, c.mark)
		}
		asserting, others := f.Sides()
		for i, e := range append(asserting, others...) {
			if (e.Stance == schema.Asserts) != (i < len(asserting)) || len(asserting)+len(others) != len(f.Evidence) {
				t.Errorf("%v: sides %v and %v", c.stances, asserting, others)
			}
		}
	}
}

// The derived quads of a fact contain its standing, and decoding ignores them.
func TestDerivedQuadsAreNoClaims(t *testing.T) {
	v := schema.DefaultVocabulary()
	f := visit()
	f.Evidence[0].Dataset = "d"
	f = v.Normalize(f)
	quads, err := v.Encode("d", f)
	if err != nil {
		t.Fatal(err)
	}
	derived := v.Derived(f)
	last := derived[len(derived)-1]
	if last.Predicate != schema.StandingTerm || last.Object != schema.Term(schema.StandingAsserted) || last.Label != f.ID.Value() {
		t.Errorf("derived %v", derived)
	}
	back, err := v.DecodeFact(f.ID, append(quads, last))
	if err != nil || back.Standing() != schema.StandingAsserted || len(back.Evidence) != 1 {
		t.Errorf("%+v %v", back, err)
	}
	if got := v.Derived(schema.Fact{}); got != nil {
		t.Errorf("nothing stated, derived %v", got)
	}
}
