package export_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

// synthetic returns a finder of a synthetic graph, and all its facts.
func synthetic(t *testing.T, facts int, seed uint64) (*paths.Finder, []schema.Fact) {
	t.Helper()
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	if _, err := g.Load(t.Context(), "synth", synth.Records(facts, seed), nil); err != nil {
		t.Fatal(err)
	}
	return finderOf(t, g), factsOf(t, g, graph.Filter{})
}

func finderOf(t *testing.T, g *graph.Graph) *paths.Finder {
	t.Helper()
	f, err := paths.Open(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func factsOf(t *testing.T, g *graph.Graph, filter graph.Filter) (all []schema.Fact) {
	t.Helper()
	for f, err := range g.Facts(t.Context(), filter) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	return all
}

func idsOf(facts []schema.Fact) (ids []schema.ID) {
	for _, f := range facts {
		ids = append(ids, f.ID)
	}
	slices.Sort(ids)
	return ids
}

// network is the expected network around entities: it goes out from one entity after the
// other, over all facts, which the conditions select. With verbs, only edges by these
// verbs count, and no edges of roles of the same facts.
func network(facts []schema.Fact, c graph.Conditions, hops int, centres ...schema.ID) (members, among []schema.ID) {
	pairs := func(f schema.Fact) []schema.Edge {
		return slices.DeleteFunc(schema.DefaultVocabulary().Pairs(f), func(e schema.Edge) bool { return len(c.Verbs) > 0 && !slices.Contains(c.Verbs, e.Verb) })
	}
	in := map[schema.ID]bool{}
	for _, centre := range centres {
		reached, border := map[schema.ID]bool{centre: true}, map[schema.ID]bool{centre: true}
		for range hops {
			next := map[schema.ID]bool{}
			for _, f := range facts {
				for _, p := range pairs(f) {
					for _, ends := range [][2]schema.ID{{p.From, p.To}, {p.To, p.From}} {
						passes := ends[0] == centre || schema.KindOf(ends[0]) != schema.Group
						if border[ends[0]] && passes && !reached[ends[1]] {
							next[ends[1]] = true
						}
					}
				}
			}
			for id := range next {
				reached[id] = true
			}
			border = next
		}
		for id := range reached {
			in[id] = true
		}
	}
	for _, f := range facts {
		if slices.ContainsFunc(pairs(f), func(p schema.Edge) bool { return in[p.From] && in[p.To] }) {
			among = append(among, f.ID)
		}
	}
	for id := range in {
		members = append(members, id)
	}
	slices.Sort(members)
	slices.Sort(among)
	return members, among
}

// allAmong returns the facts that link two of the members.
func allAmong(facts []schema.Fact, members []schema.ID) (ids []schema.ID) {
	for _, f := range facts {
		if slices.ContainsFunc(schema.DefaultVocabulary().Pairs(f), func(p schema.Edge) bool { return slices.Contains(members, p.From) && slices.Contains(members, p.To) }) {
			ids = append(ids, f.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// linked returns the entities that facts link, by id.
func linked(facts []schema.Fact) (ids []schema.ID) {
	for _, f := range facts {
		for _, p := range schema.DefaultVocabulary().Pairs(f) {
			ids = append(ids, p.From)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// The network around random entities is what a search over all facts finds, under
// several conditions.
func TestAroundAgreesWithBruteForce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		finder, all := synthetic(t, 150, seed)
		r, ids := rand.New(rand.NewPCG(seed, 1)), linked(all)
		for _, c := range []graph.Conditions{graph.Happened(), {}, {Since: "2015", Undated: true}, {Verbs: []schema.Verb{"met", "visited", "wrote-to"}},
			{Statuses: []schema.Status{schema.Planned, schema.Happened}}} {
			facts := factsOf(t, finder.Graph(), graph.Filter{Conditions: c})
			for range 6 {
				centres := []schema.ID{ids[r.IntN(len(ids))], ids[r.IntN(len(ids))]}[:1+r.IntN(2)]
				hops := 1 + r.IntN(3)
				members, among := network(facts, c, hops, centres...)
				got, err := export.Selector{Finder: finder, Query: paths.Query{Conditions: &c, Hops: hops}}.Around(t.Context(), centres...)
				if err != nil {
					t.Fatal(err)
				}
				slices.Sort(got.Facts)
				if !slices.Equal(got.Entities, members) || !slices.Equal(got.Facts, among) {
					t.Fatalf("seed %d: %d hops around %v, %+v:\n got %v %v\nwant %v %v", seed, hops, centres, c, got.Entities, got.Facts, members, among)
				}
				checkClosed(t, got)
				every, err := export.Selector{Finder: finder, Query: paths.Query{Conditions: &c, Hops: hops}, AllFacts: true}.Around(t.Context(), centres...)
				slices.Sort(every.Facts)
				if want := allAmong(all, members); err != nil || !slices.Equal(every.Facts, want) || !slices.Equal(every.Entities, members) {
					t.Fatalf("all facts: %v, want %v, %v", every.Facts, want, err)
				}
			}
		}
	}
}

// checkClosed requires that a collapsed drawing has no other entities than the selection.
func checkClosed(t *testing.T, s export.Selection) {
	t.Helper()
	var out strings.Builder
	if err := export.Write(t.Context(), &out, export.DOT, s, export.Options{Collapse: true}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(out.String(), "shape="); got != len(s.Entities) {
		t.Fatalf("%d entities are drawn, %d are selected", got, len(s.Entities))
	}
	out.Reset()
	if err := export.Write(t.Context(), &out, export.DOT, s, export.Options{}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(out.String(), "shape=plaintext"); got != len(s.Facts) {
		t.Fatalf("%d facts are drawn, %d are selected", got, len(s.Facts))
	}
}

// Paths selects the facts of each hop, which a scan of all facts finds too.
func TestPathsAgreeWithBruteForce(t *testing.T) {
	t.Parallel()
	finder, all := synthetic(t, 300, 7)
	r, ids, hops := rand.New(rand.NewPCG(7, 1)), linked(all), 0
	c := graph.Happened()
	happened := factsOf(t, finder.Graph(), graph.Filter{Conditions: c})
	for range 30 {
		from, to := ids[r.IntN(len(ids))], ids[r.IntN(len(ids))]
		if from == to {
			continue
		}
		var found []paths.Path
		for p, err := range finder.Between(t.Context(), from, to, paths.Query{Conditions: &c, Hops: 4}) {
			if err != nil {
				t.Fatal(err)
			}
			if found = append(found, p); len(found) == 3 {
				break
			}
		}
		for _, every := range []bool{false, true} {
			facts := happened
			if every {
				facts = all
			}
			got, err := export.Selector{Finder: finder, AllFacts: every}.Paths(t.Context(), found)
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(got.Facts)
			if want := ofHops(facts, found); !slices.Equal(slices.Compact(got.Facts), want) {
				t.Fatalf("%v: got %v want %v", found, got.Facts, want)
			}
			hops += len(got.Entities)
		}
	}
	if hops < 50 {
		t.Errorf("only %d entities are on paths", hops)
	}
}

// ofHops returns the facts that link the ends of a hop.
func ofHops(facts []schema.Fact, found []paths.Path) (ids []schema.ID) {
	ends := map[[2]schema.ID]bool{}
	for _, p := range found {
		for _, h := range p.Hops {
			ends[[2]schema.ID{h.From, h.To}], ends[[2]schema.ID{h.To, h.From}] = true, true
		}
	}
	for _, f := range facts {
		if slices.ContainsFunc(schema.DefaultVocabulary().Pairs(f), func(p schema.Edge) bool { return ends[[2]schema.ID{p.From, p.To}] }) {
			ids = append(ids, f.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// Facts are selected by their ids, by their evidence and by their document.
func TestNamedSelects(t *testing.T) {
	g := world(t)
	finder := finderOf(t, g)
	all := factsOf(t, g, graph.Filter{})
	urged := factsOf(t, g, graph.Filter{Conditions: graph.Conditions{Verbs: []schema.Verb{"urged"}}})[0]
	s := export.Selector{Finder: finder}
	for name, test := range map[string]struct {
		named    []schema.ID
		filter   graph.Filter
		facts    []schema.ID
		entities []schema.ID
	}{
		"a fact that is denied": {[]schema.ID{urged.ID, urged.ID}, graph.Filter{}, []schema.ID{urged.ID}, nil},
		"its evidence":          {[]schema.ID{urged.Evidence[0].ID}, graph.Filter{}, []schema.ID{urged.ID}, nil},
		"a document":            {[]schema.ID{"doc:x"}, graph.Filter{}, idsOf(all), nil},
		"a document, and verbs": {[]schema.ID{"doc:x"}, graph.Filter{Conditions: graph.Conditions{Verbs: []schema.Verb{"urged"}}}, []schema.ID{urged.ID}, nil},
		"two entities":          {[]schema.ID{"person:b", "person:a"}, graph.Filter{}, idsOf(factsOf(t, g, graph.Filter{Conditions: graph.Conditions{Verbs: []schema.Verb{"met"}, Statuses: []schema.Status{schema.Happened}}})), []schema.ID{"person:a", "person:b"}},
		"one entity":            {[]schema.ID{"person:alone"}, graph.Filter{}, nil, []schema.ID{"person:alone"}},
		"no ids":                {nil, graph.Filter{}, nil, nil},
	} {
		got, err := s.Named(t.Context(), test.named, test.filter)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		slices.Sort(got.Facts)
		if !slices.Equal(got.Facts, test.facts) || !slices.Equal(got.Entities, test.entities) || got.Facts == nil || got.Closed == (len(test.facts) > 0 && test.entities == nil) {
			t.Errorf("%s: %v %v\nwant %v %v", name, got.Facts, got.Entities, test.facts, test.entities)
		}
	}
}

func TestNamedRefuses(t *testing.T) {
	s := export.Selector{Finder: finderOf(t, world(t))}
	for _, test := range []struct {
		id  schema.ID
		err error
	}{
		{"", graph.ErrQuery}, {"dip:met", graph.ErrQuery}, {"data:d", graph.ErrQuery},
		{"person:unknown", graph.ErrNotFound}, {"doc:unknown", graph.ErrNotFound},
		{"evidence:unknown", graph.ErrNotFound}, {"fact:7qk3aaaaaaaaaaaaaaaaaaaaaa", graph.ErrNotFound},
	} {
		_, err := s.Named(t.Context(), []schema.ID{"person:a", test.id}, graph.Filter{})
		if !errors.Is(err, test.err) || !strings.Contains(err.Error(), string(test.id)) {
			t.Errorf("%s: %v", test.id, err)
		}
	}
}
