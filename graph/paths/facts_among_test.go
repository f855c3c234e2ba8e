package paths_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// factsAmong is the expected result of [paths.View.FactsAmong].
func (o *oracle) factsAmong(ids []schema.ID, q paths.Query) (all []schema.ID) {
	for _, from := range ids {
		for _, s := range o.steps[from] {
			if slices.Contains(ids, s.to) && o.takes(q, s) {
				all = append(all, s.fact.ID)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestFactsAmongAgreesWithBruteForce(t *testing.T) {
	found := 0
	for seed := range worlds(t, 40) {
		r := rand.New(rand.NewPCG(seed, 15))
		ids, facts := world(r)
		v, o := viewOf(t, facts), newOracle(facts)
		for range 40 {
			q := randomQuery(r, ids)
			var of []schema.ID
			for range r.IntN(2 * len(ids)) {
				of = append(of, pick(r, ids...))
			}
			got, err := v.FactsAmong(t.Context(), append(of, "person:unknown"), q)
			if err != nil {
				t.Fatal(err)
			}
			want := o.factsAmong(of, q)
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d: among %v, %+v:\n got %v\nwant %v", seed, of, q, got, want)
			}
			found += len(got)
		}
	}
	if found < least(2000) {
		t.Errorf("only %d facts were found", found)
	}
}

func TestFactsAmongRefuses(t *testing.T) {
	v := viewOf(t, []schema.Fact{fact("person:a", "met", "person:b", "", "")})
	if _, err := v.FactsAmong(t.Context(), []schema.ID{"person:a"}, paths.Query{Direction: "up"}); !errors.Is(err, paths.ErrQuery) {
		t.Errorf("%v", err)
	}
}
