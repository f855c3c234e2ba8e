package graph_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/schema"
)

// partsWorld is facts that may be part of each other, by key.
type partsWorld struct {
	*rand.Rand
	facts []schema.Fact
}

func newPartsWorld(r *rand.Rand) *partsWorld {
	w := &partsWorld{Rand: r}
	for i := range 12 {
		f := meeting(pick(r, []string{"", "", "2015-03", "2016/2017"}), "")
		f.Evidence, f.Key = nil, fmt.Sprint("fact ", i)
		if i > 0 && r.IntN(2) == 0 {
			f.Roles = append(f.Roles, schema.Participant{Role: schema.RoleDuring, ID: w.facts[r.IntN(i)].ID})
		}
		w.facts = append(w.facts, schema.DefaultVocabulary().Normalize(f))
	}
	return w
}

// telling is one dataset's statements of some facts.
func (w *partsWorld) telling(dataset string) []schema.Record {
	records := world()
	for _, f := range w.facts {
		if dataset != "a" && w.IntN(3) == 0 {
			continue
		}
		e := schema.Evidence{Dataset: dataset, Source: paper.ID, Stance: pick(w.Rand, append(schema.Stances(), schema.Asserts, schema.Asserts))}
		if f.When.Written == "" {
			e.When.Written = pick(w.Rand, []string{"", "", "", "2019-05-01", "2020/.."})
		}
		f.Evidence = []schema.Evidence{e}
		for w.IntN(2) == 0 {
			f.Links = append(f.Links, schema.Link{Type: pick(w.Rand, []schema.LinkType{schema.PartOf, schema.PartOf, schema.Because}), Fact: pick(w.Rand, w.facts).ID})
		}
		records = append(records, f)
	}
	return records
}

// plainWithin computes when each fact without a date may have happened: it spreads the
// days of dated facts to their parts until nothing changes.
func plainWithin(facts map[schema.ID]schema.Fact) map[schema.ID]*schema.Within {
	v := schema.DefaultVocabulary()
	above, disputed := map[schema.ID]*schema.Days{}, map[schema.ID]bool{}
	for changed := true; changed; {
		changed = false
		for id, f := range facts {
			days := above[id]
			for _, whole := range f.Wholes() {
				w := facts[whole]
				if !w.Asserted() {
					continue
				}
				more, doubt := above[whole], w.Disputed()
				if extent, dated, _ := v.AssertedExtent(w); dated {
					more = &extent
				} else {
					doubt = doubt || disputed[whole]
				}
				if doubt && !disputed[id] {
					disputed[id], changed = true, true
				}
				if more == nil {
					continue
				}
				if days == nil {
					days = more
				}
				joined := days.Join(*more)
				days = &joined
			}
			if !reflect.DeepEqual(days, above[id]) {
				above[id], changed = days, true
			}
		}
	}
	within := map[schema.ID]*schema.Within{}
	for id, f := range facts {
		f.Within = nil
		if _, dated, _ := v.Extent(f); !dated && above[id] != nil {
			within[id] = &schema.Within{Days: *above[id], Disputed: disputed[id]}
		}
	}
	return within
}

func TestPartsHaveTheDatesOfTheirWholes(t *testing.T) {
	derived := 0
	seeds := sizeOf(t, "ENTENTE_WORLDS", 4, 10)
	for seed := range uint64(seeds) {
		r := rand.New(rand.NewPCG(seed, 5))
		w, g := newPartsWorld(r), open(t, "")
		for step := range 8 {
			dataset := pick(r, []string{"a", "b", "c"})
			if step == 0 {
				dataset = "a" // it states all facts
			}
			var err error
			if step > 0 && r.IntN(4) == 0 {
				_, _ = g.Forget(t.Context(), dataset) // it may not be loaded
			} else {
				_, err = g.Load(t.Context(), dataset, sequence(w.telling(dataset)...), &graph.LoadOptions{MaxErrors: -1})
			}
			if err != nil {
				t.Fatal(err)
			}
			digest(t, g)
			facts := map[schema.ID]schema.Fact{}
			for _, f := range collect(t, g.Facts(t.Context(), graph.Filter{})) {
				facts[f.ID] = f
			}
			want := plainWithin(facts)
			for id, f := range facts {
				if !reflect.DeepEqual(f.Within, want[id]) {
					t.Fatalf("seed %d: %s lies within %+v, want %+v", seed, f.Key, f.Within, want[id])
				}
				if f.Within != nil {
					derived++
				}
			}
			wantWindow(t, g, facts)
		}
		wantRestored(t, g)
	}
	if derived < 5*seeds {
		t.Errorf("only %d dates were derived", derived)
	}
}

// wantWindow checks a window, and the facts in order of time.
func wantWindow(t *testing.T, g *graph.Graph, facts map[schema.ID]schema.Fact) {
	t.Helper()
	found := collect(t, g.Facts(t.Context(), graph.Filter{Conditions: graph.Conditions{Since: "2015", Until: "2016-06"}}))
	n := 0
	for _, f := range facts {
		days, dated, err := schema.DefaultVocabulary().Extent(f)
		if err != nil {
			t.Fatal(err)
		}
		if dated && days.From.String() <= "2016-06-30" && days.To.String() >= "2015-01-01" {
			n++
			if !slices.ContainsFunc(found, func(o schema.Fact) bool { return o.ID == f.ID }) {
				t.Errorf("%s, from %s, is not found in its window", f.Key, days)
			}
		}
	}
	if n != len(found) {
		t.Errorf("%d facts are found in a window, want %d", len(found), n)
	}
}

// wantRestored exports a graph and loads the export.
func wantRestored(t *testing.T, g *graph.Graph) {
	t.Helper()
	if sets, err := g.Datasets(t.Context()); err != nil || len(sets) == 0 {
		return
	}
	var text bytes.Buffer
	if err := export.Write(t.Context(), &text, export.NQuads, export.Selection{Graph: g}, export.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, f := range collect(t, g.Facts(t.Context(), graph.Filter{})) { // derived quads of the input are ignored
		for _, end := range []string{"from", "to"} {
			fmt.Fprintf(&text, "<urn:entente:%s> <urn:entente:dip:%s> \"1999-01-01\"^^<http://www.w3.org/2001/XMLSchema#date> <urn:entente:%[1]s> .\n", f.ID, end)
		}
	}
	back := open(t, "")
	if _, err := back.Load(t.Context(), "text", sequence(nquadsText(text.String())), nil); err != nil {
		t.Fatal(err)
	}
	if got, want := digest(t, back), digest(t, g); got != want {
		t.Errorf("restored: digest %s, want %s", got, want)
	}
}
