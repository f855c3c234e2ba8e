package graph_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

// What a dataset states of an entity is found beside many edges.
func TestUpdateOfAnEntityWithManyEdges(t *testing.T) {
	g := open(t, "")
	records := world()
	for i := range 300 {
		records = append(records, meeting(fmt.Sprintf("2%03d", i), paper.ID))
	}
	full := schema.Document{Entity: paper.Entity, Publisher: "P", Author: "A", Published: schema.When{Written: "2023-07", Words: "in July", FromBy: "2023", ToBy: "2024"},
		URL: "https://example.org", SHA256: strings.Repeat("a", 64), Language: "en"}
	full.Aliases, full.Born, full.Identifiers, full.Description, full.Country = []schema.Text{{Value: "Alias", Lang: "en"}}, "2020", []string{"Q1"}, "text", china.ID
	load(t, g, "one", append(slices.DeleteFunc(records, func(r schema.Record) bool { return reflect.DeepEqual(r, paper) }), full)...)
	load(t, g, "two", xie, us, paper, dealing("praised", xie.ID, us.ID, "2023", paper.ID))
	before := digest(t, g)
	update(t, g, "one", func(tx *graph.Tx) error {
		if e, err := tx.Entity(xie.ID); err != nil || !reflect.DeepEqual(e, xie) {
			t.Errorf("%+v, %v", e, err)
		}
		d, err := tx.Document(paper.ID)
		if err != nil || !reflect.DeepEqual(d, full) {
			t.Errorf("%+v, %v", d, err)
		}
		return tx.Put(d)
	})
	update(t, g, "two", func(tx *graph.Tx) error { return tx.Remove(xie.ID) })
	digest(t, g)
	update(t, g, "two", func(tx *graph.Tx) error { return tx.Add(xie) })
	if digest(t, g) != before {
		t.Error("another graph")
	}
}

// BenchmarkUpdate adds and removes one fact of a dataset of as many facts as its name
// says.
func BenchmarkUpdate(b *testing.B) {
	for _, facts := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(facts), func(b *testing.B) {
			g, err := graph.Open(b.Context(), "", nil)
			if err != nil {
				b.Fatal(err)
			}
			defer g.Close()
			if _, err := g.Load(b.Context(), "d", synth.Records(facts, 1), nil); err != nil {
				b.Fatal(err)
			}
			var some []schema.Fact
			for f, err := range g.Facts(b.Context(), graph.Filter{}) {
				if err != nil {
					b.Fatal(err)
				}
				f.ID, f.Topic = "", "what only this benchmark states"
				if some = append(some, normal(f)); len(some) == 100 {
					break
				}
			}
			for i := 0; b.Loop(); i++ {
				benchmarkedUpdate(b, g, some[i/2%len(some)], i%2 == 1)
			}
		})
	}
}

func benchmarkedUpdate(b *testing.B, g *graph.Graph, f schema.Fact, remove bool) {
	b.Helper()
	_, err := g.Update(context.Background(), "d", func(tx *graph.Tx) error {
		if remove {
			return tx.Remove(f.ID)
		}
		return tx.Add(f)
	})
	if err != nil {
		b.Fatal(err)
	}
}
