package graph_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/entente-kg/entente/schema"
)

// chains returns n records, each of which leads to the next.
var chains = map[string]func(n int) []schema.Record{
	"institutions that are part of each other": func(n int) []schema.Record {
		records := []schema.Record{paper, entity("institution:i0", "I0")}
		for i := 1; i < n; i++ {
			records = append(records, entity(schema.ID(fmt.Sprint("institution:i", i)), fmt.Sprint("I", i)), schema.Fact{
				Verb: "part-of",
				Roles: []schema.Participant{
					{Role: schema.RoleActor, ID: schema.ID(fmt.Sprint("institution:i", i-1))},
					{Role: schema.RoleRecipient, ID: schema.ID(fmt.Sprint("institution:i", i))},
				},
				Evidence: []schema.Evidence{{Source: paper.ID}},
			})
		}
		return records
	},
	"facts that are part of each other": func(n int) []schema.Record {
		records := world()
		for i := range n {
			f := meeting("", paper.ID)
			f.Key = fmt.Sprint("fact ", i)
			if i == 0 {
				f.When.Written = "2015-03"
			} else {
				f.Roles = append(f.Roles, schema.Participant{Role: schema.RoleDuring, ID: records[len(records)-1].(schema.Fact).ID})
			}
			records = append(records, schema.DefaultVocabulary().Normalize(f))
		}
		return records
	},
}

// TestChainsTakeTimeInProportion allows ten times the input at most fifteen times the
// work, counted in allocated bytes.
func TestChainsTakeTimeInProportion(t *testing.T) {
	for name, chain := range chains {
		work := func(n int) uint64 {
			g, records := open(t, ""), chain(n)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			load(t, g, "chain", records...)
			runtime.ReadMemStats(&after)
			return after.Mallocs - before.Mallocs
		}
		if few, many := work(100), work(1000); many > 15*few {
			t.Errorf("%s: %d allocations for 100, %d for 1000, %d times as many", name, few, many, many/few)
		}
	}
}
