package graph_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// chain returns facts, each part of the one before; the first is dated.
func chain(n int) []schema.Record {
	records := world()
	var before schema.ID
	for i := range n {
		f := meeting("", paper.ID)
		if f.Key = fmt.Sprint(i); i == 0 {
			f.When.Written = "2015"
		} else {
			f.Links = []schema.Link{{Type: schema.PartOf, Fact: before}}
		}
		f = schema.DefaultVocabulary().Normalize(f)
		before = f.ID
		records = append(records, f)
	}
	return records
}

// allocations counts the allocations of loading and verifying such a chain.
func allocations(t *testing.T, n int) uint64 {
	t.Helper()
	g, records := open(t, ""), chain(n)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	load(t, g, "a", records...)
	digest(t, g)
	runtime.ReadMemStats(&after)
	found := collect(t, g.Facts(t.Context(), graph.Filter{Conditions: graph.Conditions{Since: "2015", Until: "2015"}}))
	if len(found) != n {
		t.Errorf("%d of %d facts lie in the year of the first", len(found), n)
	}
	return after.Mallocs - before.Mallocs
}

// The cost of dates of parts is linear in the number of links, however long the chain.
func TestDatesOfAChainOfPartsGrowWithIt(t *testing.T) {
	short, long := allocations(t, 60), allocations(t, 600)
	if long > 15*short {
		t.Errorf("ten times the chain costs %.1f times the work", float64(long)/float64(short))
	}
}
