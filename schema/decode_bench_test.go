package schema_test

import (
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/schema"
)

// BenchmarkDecodeFact decodes a fact with two pieces of evidence, of about as many quads
// as most facts have.
func BenchmarkDecodeFact(b *testing.B) {
	v := schema.DefaultVocabulary()
	when := schema.When{Written: "2023-07-12"}
	fact := v.Normalize(schema.Fact{
		Verb:  "met",
		Roles: []schema.Participant{{Role: schema.RoleParty, ID: "person:xie-feng"}, {Role: schema.RoleParty, ID: "person:ely-ratner"}},
		When:  when, Topic: "the summit", Key: "17",
		Evidence: []schema.Evidence{
			{Dataset: "d", Source: "doc:times", Quote: "held talks", Locator: "p. 1", SaidBy: "person:pentagon", Confidence: 0.9, When: when, At: []schema.ID{"place:washington"}},
			{Dataset: "d", Source: "doc:post", Quote: "met in Washington", Locator: "p. 2", When: when, At: []schema.ID{"place:washington"}},
		},
	})
	quads, err := v.Encode("d", fact)
	if err != nil {
		b.Fatal(err)
	}
	quads = append(quads, v.Derived(fact)...)
	quads = removeEdges(quads, fact.ID)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.DecodeFact(fact.ID, quads); err != nil {
			b.Fatal(err)
		}
	}
}

// removeEdges keeps the quads whose subject is a fact or a piece of its evidence.
func removeEdges(quads []quad.Quad, fact schema.ID) (kept []quad.Quad) {
	for _, q := range quads {
		if q.Label != fact.Value() || q.Subject == fact.Value() {
			kept = append(kept, q)
		}
	}
	return kept
}
