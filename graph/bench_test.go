package graph_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// dealings makes n facts among n/10 people, as hand-curated ones are: each with
// a date, a source, a quote and a place.
func dealings(n int) []schema.Record {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	records := []schema.Record{schema.Document{Entity: entity("doc:x", "X")}, entity("place:p", "P")}
	people := max(2, n/10)
	for i := range people {
		records = append(records, entity(schema.ID(fmt.Sprint("person:", i)), fmt.Sprint("Person ", i)))
	}
	for i := range n {
		a := r.IntN(people)
		records = append(records, schema.Fact{
			Verb: pick(r, []schema.Verb{"met", "called"}), Key: fmt.Sprint(i),
			When: schema.When{Written: fmt.Sprintf("20%02d-%02d-%02d", r.IntN(24), 1+r.IntN(12), 1+r.IntN(28))},
			Roles: []schema.Participant{{Role: schema.RoleActor, ID: schema.ID(fmt.Sprint("person:", a))},
				{Role: schema.RoleRecipient, ID: schema.ID(fmt.Sprint("person:", (a+1+r.IntN(people-1))%people))}},
			Evidence: []schema.Evidence{{Source: "doc:x", Quote: fmt.Sprint("quote ", i), At: []schema.ID{"place:p"}}},
		})
	}
	return records
}

// BenchmarkLoad loads 10,000 facts into a new graph.
func BenchmarkLoad(b *testing.B) {
	records := dealings(10_000)
	b.ReportAllocs()
	for b.Loop() {
		g, err := graph.Open(b.Context(), "", nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := g.Load(b.Context(), "d", sequence(records...), nil); err != nil {
			b.Fatal(err)
		}
		if err := g.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*10_000/b.Elapsed().Seconds(), "facts/s")
}

// BenchmarkFacts reads all facts of a graph of 10,000.
func BenchmarkFacts(b *testing.B) {
	g, err := graph.Open(b.Context(), "", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer g.Close()
	if _, err := g.Load(b.Context(), "d", sequence(dealings(10_000)...), nil); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for _, err := range g.Facts(b.Context(), graph.Filter{}) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.N)*10_000/b.Elapsed().Seconds(), "facts/s")
}
