package draw_test

import (
	"context"
	"iter"
	"maps"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// renamed yields the same records with other names for the persons.
func renamed(all iter.Seq2[schema.Record, error]) iter.Seq2[schema.Record, error] {
	return func(yield func(schema.Record, error) bool) {
		for r, err := range all {
			if e, ok := r.(schema.Entity); ok && e.Kind == schema.Person {
				e.Label = "also " + e.Label
				r = e
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// The order in which datasets were loaded changes no drawing.
func TestOrderOfLoadsChangesNothing(t *testing.T) {
	t.Parallel()
	sets := map[string]iter.Seq2[schema.Record, error]{"a": records(10), "b": renamed(records(10))}
	var drawn []map[string]string
	for _, order := range [][]string{{"a", "b"}, {"b", "a"}} {
		ctx := context.Background()
		g, err := graph.Open(ctx, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer g.Close()
		for _, name := range order {
			if _, err := g.Load(ctx, name, sets[name], nil); err != nil {
				t.Fatal(err)
			}
		}
		f, err := paths.Open(ctx, g)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		all := map[string]string{}
		for name, d := range drawings(t, f, 10) {
			all[name] = svg(t, d)
		}
		drawn = append(drawn, all)
	}
	for _, name := range slices.Sorted(maps.Keys(drawn[0])) {
		if drawn[0][name] != drawn[1][name] {
			t.Errorf("%s depends on the order of loads", name)
		}
	}
}
