package graph_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// The index behind a filter must not change the result: each filter is compared with a
// check of every fact.
func TestFilterAgreesWithLookingAtEveryFact(t *testing.T) {
	g := open(t, "")
	r := rand.New(rand.NewPCG(1, 2))
	records := world()
	people := []schema.ID{xie.ID, ratner.ID, us.ID, china.ID}
	for n := range 300 {
		f := schema.Fact{Verb: pick(r, []schema.Verb{"met", "urged", "sanctioned"}), Status: pick(r, schema.Statuses()),
			When: schema.When{Written: pick(r, []string{"", "2022", "2023-06-18", "../2023-07-12", "2023-08/.."})}, Topic: pick(r, []string{"", "the United States"}),
			Evidence: []schema.Evidence{{Source: pick(r, []schema.ID{paper.ID, wire.ID}), SaidBy: pick(r, []schema.ID{"", xie.ID}), Stance: pick(r, schema.Stances()), Locator: fmt.Sprint(n)}}}
		i := r.IntN(4)
		f.Roles = []schema.Participant{{Role: schema.RoleActor, ID: people[i]}, {Role: schema.RoleRecipient, ID: people[(i+1+r.IntN(3))%4]}}
		if schema.DefaultVocabulary().Check(f) == nil {
			records = append(records, f)
		}
	}
	load(t, g, "d", records...)
	all := collect(t, g.Facts(t.Context(), graph.Filter{}))
	if len(all) < 50 {
		t.Fatalf("only %d facts", len(all))
	}
	for range 200 {
		filter := graph.Filter{}
		if r.IntN(2) == 0 {
			filter.Conditions.Verbs = []schema.Verb{"met", "urged"}[:1+r.IntN(2)]
		}
		if r.IntN(2) == 0 {
			filter.Conditions.Statuses = []schema.Status{schema.Happened, schema.Refused}[:1+r.IntN(2)]
		}
		if r.IntN(3) == 0 {
			filter.Conditions.Standings = []schema.Standing{pick(r, schema.Standings()), pick(r, schema.Standings())}
		}
		if r.IntN(2) == 0 {
			filter.With = pick(r, append(people, paper.ID, wire.ID))
		}
		if r.IntN(3) == 0 {
			filter.Alongside = []schema.ID{pick(r, append(people, paper.ID, wire.ID)), pick(r, append(people, paper.ID, wire.ID))}
		}
		if r.IntN(2) == 0 {
			filter.Conditions.Since, filter.Conditions.Until, filter.Conditions.Undated = "2023-06", "2023-07", r.IntN(2) == 0
		}
		want := make(map[schema.ID]bool)
		for _, f := range all {
			if plainly(f, filter) {
				want[f.ID] = true
			}
		}
		got := make(map[schema.ID]bool)
		for _, f := range collect(t, g.Facts(t.Context(), filter)) {
			got[f.ID] = true
		}
		if !maps.Equal(got, want) {
			t.Fatalf("%+v: %d facts, want %d", filter, len(got), len(want))
		}
	}
}

func plainly(f schema.Fact, filter graph.Filter) bool {
	with := []schema.ID{f.Evidence[0].Source}
	for _, e := range f.Evidence {
		with = append(with, e.Source, e.SaidBy)
	}
	for _, r := range f.Roles {
		with = append(with, r.ID)
	}
	inWindow := map[string]bool{"": filter.Conditions.Undated, "2023-06-18": true, "../2023-07-12": true}[f.When.Written]
	standings := filter.Conditions.Standings
	if len(standings) == 0 {
		standings = schema.Standings()
		if len(filter.Conditions.Statuses) > 0 {
			standings = []schema.Standing{schema.StandingAsserted, schema.StandingDisputed}
		}
	}
	return slices.Contains(standings, f.Standing()) && (len(filter.Conditions.Verbs) == 0 || slices.Contains(filter.Conditions.Verbs, f.Verb)) &&
		(len(filter.Conditions.Statuses) == 0 || slices.Contains(filter.Conditions.Statuses, f.Status)) &&
		(filter.With == "" || slices.Contains(with, filter.With)) &&
		!slices.ContainsFunc(filter.Alongside, func(id schema.ID) bool { return !slices.Contains(with, id) }) &&
		(filter.Conditions.Since == "" || inWindow)
}

func TestAbout(t *testing.T) {
	g := open(t, "")
	topic := meeting("2021", paper.ID)
	topic.Topic = "United States arms"
	load(t, g, "d", append(world(), meeting("2023", paper.ID), topic)...)
	for id, want := range map[schema.ID]int{china.ID: 2, xie.ID: 2, us.ID: 1, hotel.ID: 0} {
		if got := collect(t, g.Facts(t.Context(), graph.Filter{About: []schema.ID{id}})); len(got) != want {
			t.Errorf("about %s: %d facts, want %d", id, len(got), want)
		}
	}
	both := graph.Filter{About: []schema.ID{xie.ID, us.ID}}
	if got := collect(t, g.Facts(t.Context(), both)); len(got) != 1 {
		t.Errorf("about two: %d facts", len(got))
	}
}

func TestUndatedFactsAreCountedOut(t *testing.T) {
	g := open(t, "")
	load(t, g, "d", append(world(), meeting("", paper.ID), meeting("2023-07-12", paper.ID), meeting("2020", paper.ID))...)
	left := 0
	filter := graph.Filter{OnUndated: func(schema.Fact) { left++ }, Conditions: graph.Conditions{Since: "2023"}}
	if got := collect(t, g.Facts(t.Context(), filter)); len(got) != 1 || left != 1 {
		t.Errorf("%d facts, %d left out", len(got), left)
	}
	for _, err := range g.Facts(t.Context(), graph.Filter{Conditions: graph.Conditions{Since: "July"}}) {
		if !errors.Is(err, schema.ErrDate) {
			t.Errorf("a bad date: %v", err)
		}
	}
}

func TestFactsComeByDate(t *testing.T) {
	g := open(t, "")
	load(t, g, "d", append(world(), meeting("", paper.ID), meeting("2023-07-12", paper.ID), meeting("2020", paper.ID), meeting("../2021", paper.ID))...)
	var got []string
	for _, f := range collect(t, g.Facts(t.Context(), graph.Filter{})) {
		got = append(got, f.When.String())
	}
	if want := []string{"../2021", "2020", "2023-07-12", "undated"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAcronymsInTopicsAreCapitals(t *testing.T) {
	g := open(t, "")
	us := us
	us.Aliases = []schema.Text{{Value: "US"}}
	trust, arms := meeting("2021", paper.ID), meeting("2022", paper.ID)
	trust.Topic, arms.Topic = "trust between us", "arms (US)"
	load(t, g, "d", append(world(), us, trust, arms)...)
	got := collect(t, g.Facts(t.Context(), graph.Filter{About: []schema.ID{us.ID}}))
	if len(got) != 1 || got[0].Topic != arms.Topic {
		t.Errorf("about US: %#v", got)
	}
}

// A dataset's own dates count if only that dataset is selected.
func TestDatesOfTheDatasetsAskedFor(t *testing.T) {
	g := open(t, "")
	load(t, g, "one", append(world(), meeting("2018/..", paper.ID))...)
	load(t, g, "two", append(world(), meeting("2018/2020", wire.ID))...)
	for dataset, want := range map[string]int{"one": 1, "two": 0} {
		if got := collect(t, g.Facts(t.Context(), graph.Filter{Conditions: graph.Conditions{Since: "2021", Datasets: []string{dataset}}})); len(got) != want {
			t.Errorf("%s: %d facts", dataset, len(got))
		}
	}
	if _, err := g.Load(t.Context(), "three", sequence(append(world(), meeting("2018", wire.ID))...), nil); err != nil {
		t.Fatal(err)
	}
	for _, err := range g.Facts(t.Context(), graph.Filter{Conditions: graph.Conditions{Since: "2023", Until: "2022"}}) {
		if !errors.Is(err, schema.ErrDate) {
			t.Errorf("a window that ends before it begins: %v", err)
		}
	}
}

func pick[T any](r *rand.Rand, choices []T) T { return choices[r.IntN(len(choices))] }
