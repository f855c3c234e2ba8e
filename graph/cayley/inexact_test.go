package cayley_test

import (
	"fmt"
	"testing"

	cgraph "github.com/cayleygraph/cayley/graph"
	cpath "github.com/cayleygraph/cayley/query/path"
	"github.com/cayleygraph/quad"
	"github.com/entente-kg/entente/graph/store"
)

// TestCountsAreOfWhatIsThere compares the counted with the listed results of
// queries: Cayley counts without reading if a size is exact.
func TestCountsAreOfWhatIsThere(t *testing.T) {
	for seed := range uint64(10) {
		a := newAsker(seed)
		s := openStore(t, t.TempDir(), &store.Options{NoSync: true})
		add(t, s, a.graph()...)
		snapshot := snapshot(t, s)
		for n := range 60 {
			ask := func() *cpath.Path {
				p := cpath.StartPath(snapshot, a.nodes[:1+n%9]...).Both(a.predicates[n%4])
				return []*cpath.Path{p.Has(a.predicates[0], a.nodes[n%25]), p.And(cpath.StartPath(snapshot).Out(a.predicates[1])),
					p.Except(cpath.StartPath(snapshot, a.nodes[n%25])), cpath.StartPath(snapshot, a.nodes[n%25]).Has(a.predicates[2]),
					cpath.StartPath(snapshot, a.nodes[n%25]).In(a.predicates[2]), cpath.StartPath(snapshot, a.nodes[n%25]).In(a.predicates[1]).Has(a.predicates[3])}[n%6]
			}
			if diff := countDiffers(t, snapshot, ask); diff != "" {
				t.Errorf("seed %d, query %d: %s", seed, n, diff)
			}
		}
		s.Close()
	}
}

func countDiffers(t *testing.T, qs cgraph.QuadStore, ask func() *cpath.Path) string {
	counted, err := ask().Iterate(t.Context()).Count()
	if err != nil {
		t.Fatal(err)
	}
	listed := int64(0)
	err = ask().Iterate(t.Context()).EachValue(qs, func(quad.Value) error { listed++; return nil })
	if err != nil {
		t.Fatal(err)
	}
	if counted != listed {
		return fmt.Sprintf("counted %d, listed %d", counted, listed)
	}
	return ""
}
