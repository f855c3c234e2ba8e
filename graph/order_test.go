package graph_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/schema"
)

// bytesOf returns the graph as N-Quads, as the command writes it.
func bytesOf(t *testing.T, g *graph.Graph) string {
	t.Helper()
	var out bytes.Buffer
	if err := export.Write(t.Context(), &out, export.NQuads, export.Selection{Graph: g}, export.Options{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// called returns a person with a name.
func called(id schema.ID, label string, aliases ...string) schema.Entity {
	e := entity(id, label)
	for _, a := range aliases {
		e.Aliases = append(e.Aliases, schema.Text{Value: a})
	}
	return e
}

func fromName(e schema.Entity) schema.Entity {
	e.FromName = true
	return e
}

func dealing(verb schema.Verb, from, to schema.ID, when string, source schema.ID) schema.Fact {
	return schema.Fact{Verb: verb, When: schema.When{Written: when}, Evidence: []schema.Evidence{{Source: source}},
		Roles: []schema.Participant{{Role: schema.RoleActor, ID: from}, {Role: schema.RoleRecipient, ID: to}}}
}

// inputs are datasets that share entities under different names, share facts, borrow
// names from each other, and have ids made from names and RDF without facts. No
// dataset has all terms of the store's dictionary.
func inputs() map[string][]schema.Record {
	const ann, bob, cy = "person:ann", "person:bob", "person:cy"
	denied := dealing("met", ann, bob, "2023-07-12", paper.ID)
	denied.Evidence[0].Stance = schema.Denies
	return map[string][]schema.Record{
		"a": {called(ann, "Ann Lee", "Annie"), fromName(called(bob, "Bob Ray")), paper, china,
			dealing("met", ann, bob, "2023-07-12", paper.ID)},
		"b": {called(ann, "Anna Lee"), fromName(called(bob, "Bob Ray")), called(cy, "Cy Poe", "???"), wire,
			dealing("met", ann, bob, "2023-07-12", wire.ID), dealing("called", cy, bob, "2022", wire.ID),
			nquadsText("<http://example.org/x> <http://example.org/p> _:b .\n")},
		"c": {called(ann, "Ann Li"), called(bob, "Robert Ray"), called(cy, "???"), paper, denied,
			dealing("called", cy, bob, "2022", paper.ID), dealing("praised", ann, cy, "2021", paper.ID)},
		"d": {dealing("accused", cy, ann, "2020", paper.ID), dealing("met", ann, bob, "2023-07-12", wire.ID)},
	}
}

// reach loads the named datasets in a random order, with other changes between.
func reach(t *testing.T, g *graph.Graph, random *rand.Rand, want []string) {
	t.Helper()
	all := inputs()
	names := []string{"a", "b", "c", "d"}
	put := func(name string) error {
		_, err := g.Load(t.Context(), name, sequence(all[name]...), nil)
		if err != nil && !errors.Is(err, graph.ErrRejected) {
			t.Fatal(err)
		}
		return err
	}
	for range random.IntN(6) {
		if name := names[random.IntN(4)]; random.IntN(3) > 0 {
			_ = put(name) // d needs others before it
		} else if _, err := g.Forget(t.Context(), name); err != nil && !errors.Is(err, graph.ErrNotFound) {
			t.Fatal(err)
		}
	}
	missing, tries := slices.Clone(want), 0
	for len(missing) > 0 {
		i := random.IntN(len(missing))
		if err := put(missing[i]); err == nil {
			missing = slices.Delete(missing, i, i+1)
		} else if tries++; tries > 100 {
			t.Fatal(err)
		}
	}
	for _, name := range names {
		if !slices.Contains(want, name) {
			if _, err := g.Forget(t.Context(), name); err != nil && !errors.Is(err, graph.ErrNotFound) {
				t.Fatal(err)
			}
		}
	}
}

// Equal datasets are the same graph, whatever the order of changes: equal digests,
// equal exports, and the same again after an export is loaded.
func TestEqualGraphsHaveEqualBytes(t *testing.T) {
	for _, want := range [][]string{{"a", "b", "c", "d"}, {"a", "b", "c"}, {"b", "c"}, {"a", "b", "d"}, {"c"}, nil} {
		t.Run(fmt.Sprint(want), func(t *testing.T) {
			var digests, exports []string
			for seed := range sizeOf(t, "ENTENTE_WORLDS", 5, 12) {
				g := open(t, "")
				reach(t, g, rand.New(rand.NewPCG(uint64(seed), 1)), want)
				digests, exports = append(digests, digest(t, g)), append(exports, bytesOf(t, g))
			}
			h := open(t, "")
			load(t, h, "in", nquadsText(exports[0]))
			digests, exports = append(digests, digest(t, h)), append(exports, bytesOf(t, h))
			for i := range digests {
				if digests[i] != digests[0] || exports[i] != exports[0] {
					t.Errorf("%d is another graph: digest %t, export %t", i, digests[i] != digests[0], exports[i] != exports[0])
				}
			}
		})
	}
}

// An export of some facts also has one order.
func TestEqualPartsHaveEqualBytes(t *testing.T) {
	var all []string
	for seed := range 8 {
		g := open(t, "")
		reach(t, g, rand.New(rand.NewPCG(uint64(seed), 2)), []string{"a", "b", "c", "d"})
		var out bytes.Buffer
		s := export.Selection{Graph: g, Filter: &graph.Filter{About: []schema.ID{"person:cy"}}}
		if err := export.Write(t.Context(), &out, export.NQuads, s, export.Options{}); err != nil {
			t.Fatal(err)
		}
		if all = append(all, out.String()); all[seed] != all[0] || out.Len() == 0 {
			t.Errorf("%d has other bytes", seed)
		}
	}
}
