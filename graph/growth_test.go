package graph_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph"
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

// An update of one fact does the same work, counted in allocations, whatever the size
// of its dataset and of the others.
func TestUpdateTakesTimeInProportionToTheChange(t *testing.T) {
	work := func(n int) uint64 {
		g, records := open(t, ""), world()
		for i := range n {
			records = append(records, meeting(fmt.Sprintf("%d-07", 1000+i), paper.ID))
		}
		load(t, g, "one", records...)
		load(t, g, "two", records...)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		praised := normal(dealing("praised", xie.ID, us.ID, "2023", paper.ID))
		for _, dataset := range []string{"two", "added"} {
			update(t, g, dataset, func(tx *graph.Tx) error { return tx.Add(praised) })
			update(t, g, dataset, func(tx *graph.Tx) error { return tx.Remove(praised.ID) })
		}
		update(t, g, "two", func(tx *graph.Tx) error { return tx.Remove(normal(meeting("1001-07", paper.ID)).ID) })
		runtime.ReadMemStats(&after)
		return after.Mallocs - before.Mallocs
	}
	if few, many := work(600), work(6000); many > 2*few {
		t.Errorf("%d allocations beside 600 facts, %d beside 6000", few, many)
	}
}

// One update of many records takes time in proportion to their number.
func TestLargeUpdatesTakeTimeInProportion(t *testing.T) {
	work := func(n, tries int) time.Duration {
		best := time.Hour
		for range tries {
			g, records := open(t, ""), world()
			for i := range n {
				records = append(records, meeting(fmt.Sprintf("%d-07", 1000+i), paper.ID))
			}
			began := time.Now()
			update(t, g, "added", func(tx *graph.Tx) error { return tx.Add(records...) })
			best = min(best, time.Since(began))
		}
		return best
	}
	if few, many := work(200, 3), work(4000, 2); many > 100*few {
		t.Errorf("200 facts take %v, 4000 take %v", few, many)
	}
}
