package graph_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// said is the stances of one dataset's evidence, by fact.
type said map[int][]schema.Stance

// claimed returns a fact with a piece of evidence for each stance.
func claimed(n int, stances ...schema.Stance) schema.Fact {
	f := schema.Fact{Verb: "met", When: schema.When{Written: fmt.Sprintf("2023-01-%02d", n+1)},
		Roles: []schema.Participant{{Role: schema.RoleParty, ID: xie.ID}, {Role: schema.RoleParty, ID: ratner.ID}}}
	for i, stance := range stances {
		f.Evidence = append(f.Evidence, schema.Evidence{Source: paper.ID, Quote: fmt.Sprint(i), Stance: stance})
	}
	return f
}

// records returns some facts twice, so that loads merge them.
func (s said) records(twice bool) []schema.Record {
	all := []schema.Record{xie, ratner, china, paper}
	for _, n := range slices.Sorted(maps.Keys(s)) {
		f := claimed(n, s[n]...)
		if twice && len(f.Evidence) > 1 {
			f.Evidence = f.Evidence[:1]
			again := claimed(n, s[n]...)
			again.Evidence = again.Evidence[1:]
			all = append(all, again)
		}
		all = append(all, f)
	}
	return all
}

func randomSaid(r *rand.Rand) said {
	s := said{}
	for n := range 6 {
		for range r.IntN(3) {
			s[n] = append(s[n], schema.Stances()[r.IntN(4)])
		}
	}
	return s
}

// standings is a model: it computes the standings from the evidence of all datasets.
func standings(datasets map[string]said) map[schema.ID]schema.Standing {
	all := map[int]map[schema.Stance]bool{}
	for _, s := range datasets {
		for n, stances := range s {
			for _, stance := range stances {
				if all[n] == nil {
					all[n] = map[schema.Stance]bool{}
				}
				all[n][stance] = true
			}
		}
	}
	want := map[schema.ID]schema.Standing{}
	for n, has := range all {
		id := schema.DefaultVocabulary().Normalize(claimed(n)).ID
		switch {
		case has[schema.Asserts] && has[schema.Denies]:
			want[id] = schema.StandingDisputed
		case has[schema.Asserts]:
			want[id] = schema.StandingAsserted
		case has[schema.Denies]:
			want[id] = schema.StandingDenied
		case has[schema.Doubts]:
			want[id] = schema.StandingDoubted
		default:
			want[id] = schema.StandingHearsay
		}
	}
	return want
}

// storedStandings reads the stored standings, which must be one for each fact.
func storedStandings(t *testing.T, g *graph.Graph) map[schema.ID]schema.Standing {
	t.Helper()
	s, err := g.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	have := map[schema.ID]schema.Standing{}
	for q, err := range s.Match(t.Context(), store.Pattern{Predicate: schema.StandingTerm}) {
		if err != nil {
			t.Fatal(err)
		}
		id, _ := schema.FactOf(q.Subject)
		if _, again := have[id]; again || q.Label != id.Value() {
			t.Errorf("%v: twice, or not labelled with its fact", q)
		}
		have[id] = schema.Standing(q.Object.String()[len("<dip:") : len(q.Object.String())-1])
	}
	return have
}

// The stored standing always matches the evidence, whatever datasets are loaded,
// replaced and removed, and in whatever form.
func TestStandingsFollowTheDatasets(t *testing.T) {
	for seed := range uint64(sizeOf(t, "ENTENTE_WORLDS", 5, 12)) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 0))
			g := open(t, "")
			datasets := map[string]said{}
			for step := range 25 {
				what := changeOne(t, r, g, datasets)
				want, have := standings(datasets), storedStandings(t, g)
				if !maps.Equal(want, have) {
					t.Fatalf("step %d, %s: standings\n%v, want\n%v", step, what, have, want)
				}
				if v, err := g.Verify(t.Context()); err != nil || len(v.Problems) > 0 {
					t.Fatalf("step %d, %s: %v %v", step, what, v.Problems, err)
				}
			}
			if len(datasets) == 0 {
				return
			}
			text, standing := exported(t, g), regexp.MustCompile(`(dip:standing> <urn:entente:dip:)\w+`)
			for name, text := range map[string]string{
				"as it is": text, "all denied": standing.ReplaceAllString(text, "${1}denied"), "no standing": regexp.MustCompile(`.*dip:standing.*\n`).ReplaceAllString(text, ""),
			} {
				restored := open(t, "")
				load(t, restored, "restored", nquadsText(text))
				if want, have := standings(datasets), storedStandings(t, restored); !maps.Equal(want, have) {
					t.Errorf("restored, %s: %v, want %v", name, have, want)
				}
			}
		})
	}
}

// changeOne loads, replaces or removes a dataset.
func changeOne(t *testing.T, r *rand.Rand, g *graph.Graph, datasets map[string]said) string {
	t.Helper()
	name := []string{"a", "b", "c"}[r.IntN(3)]
	if _, there := datasets[name]; there && r.IntN(4) == 0 {
		if _, err := g.Forget(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		delete(datasets, name)
		return "forget " + name
	}
	datasets[name] = randomSaid(r)
	before := quadsIn(t, g)
	report := load(t, g, name, datasets[name].records(r.IntN(2) == 0)...)
	fresh, stale := 0, 0
	after := quadsIn(t, g)
	for q := range after {
		if !before[q] {
			fresh++
		}
	}
	for q := range before {
		if !after[q] {
			stale++
		}
	}
	if report.Added != fresh || report.Removed != stale {
		t.Errorf("load %s: %d quads added and %d removed, the report says %d and %d", name, fresh, stale, report.Added, report.Removed)
	}
	return "load " + name
}

func quadsIn(t *testing.T, g *graph.Graph) map[quad.Quad]bool {
	t.Helper()
	s, err := g.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	all := map[quad.Quad]bool{}
	for q, err := range s.Match(t.Context(), store.Pattern{}) {
		if err != nil {
			t.Fatal(err)
		}
		if q.Label != graph.LoadsLabel { // reports do not count notes
			all[q] = true
		}
	}
	return all
}

// With selected datasets, the standing depends only on their evidence.
func TestStandingByTheDatasetsAskedFor(t *testing.T) {
	g := open(t, "")
	load(t, g, "a", said{0: {schema.Asserts}, 1: {schema.Denies}}.records(false)...)
	load(t, g, "b", said{0: {schema.Denies}, 1: {schema.Doubts}}.records(false)...)
	for _, c := range []struct {
		filter graph.Filter
		want   int
	}{
		{graph.Filter{}, 2},
		{graph.Filter{Conditions: graph.Conditions{Statuses: schema.Statuses()}}, 1},
		{graph.Filter{Conditions: graph.Conditions{Statuses: schema.Statuses(), Standings: schema.Standings()}}, 2},
		{graph.Filter{Conditions: graph.Conditions{MinSources: 1}}, 1},
		{graph.Filter{Conditions: graph.Conditions{MinSources: 1, Standings: []schema.Standing{schema.StandingDenied}}}, 1},
		{graph.Filter{Conditions: graph.Conditions{Standings: []schema.Standing{schema.StandingDisputed}}}, 1},
		{graph.Filter{Conditions: graph.Conditions{Standings: []schema.Standing{schema.StandingDenied}}}, 1},
		{graph.Filter{Conditions: graph.Conditions{Datasets: []string{"a"}, Standings: []schema.Standing{schema.StandingAsserted}}}, 1},
		{graph.Filter{Conditions: graph.Conditions{Datasets: []string{"a"}, Standings: []schema.Standing{schema.StandingDisputed}}}, 0},
		{graph.Filter{Conditions: graph.Conditions{Datasets: []string{"b"}, Standings: []schema.Standing{schema.StandingDenied}}}, 1},
		{graph.Filter{Conditions: graph.Conditions{Datasets: []string{"b"}, Standings: []schema.Standing{schema.StandingDoubted}}}, 1},
		{graph.Filter{Conditions: graph.Conditions{Datasets: []string{"b"}, Statuses: []schema.Status{schema.Happened}}}, 0},
		{graph.Filter{Conditions: graph.Conditions{Datasets: []string{"b"}}}, 2},
		{graph.Filter{Conditions: graph.Conditions{Datasets: []string{"a", "b"}, Standings: []schema.Standing{schema.StandingDisputed, schema.StandingDenied}}}, 2},
	} {
		if got := len(collect(t, g.Facts(t.Context(), c.filter))); got != c.want {
			t.Errorf("%+v: %d facts, want %d", c.filter, got, c.want)
		}
	}
}

// Verify reports a standing that does not follow from the evidence.
func TestVerifyNoticesAWrongStanding(t *testing.T) {
	dir := t.TempDir()
	g := open(t, dir)
	load(t, g, "a", said{0: {schema.Denies}}.records(false)...)
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(filepath.Join(dir, graph.File), nil)
	if err != nil {
		t.Fatal(err)
	}
	id := schema.DefaultVocabulary().Normalize(claimed(0)).ID.Value()
	lie := quad.Quad{Subject: id, Predicate: schema.StandingTerm, Object: schema.Term(schema.StandingAsserted), Label: id}
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Add(lie)
		return err
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	v, err := open(t, dir).Verify(t.Context())
	if err != nil || len(v.Problems) != 1 || !strings.Contains(v.Problems[0], "standing") || v.Edges != 0 {
		t.Errorf("%v %v", v.Problems, err)
	}
}
