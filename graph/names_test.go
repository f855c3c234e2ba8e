package graph_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

func TestNamesMadeIntoIDs(t *testing.T) {
	named := func(country schema.ID, born string) schema.Entity {
		return schema.Entity{ID: "person:li-hui", Kind: schema.Person, Label: "Li Hui", Country: country, Born: born, FromName: true}
	}
	g := open(t, "")
	load(t, g, "one", china, us, named("country:china", "1953"))
	alone := digest(t, g)
	report := load(t, g, "two", china, us, named("", "1953-02"))
	if len(report.ByName) != 1 || report.ByName[0].ID != "person:li-hui" || report.ByName[0].Datasets[0] != "one" {
		t.Errorf("not told: %+v", report.ByName)
	}
	for _, other := range []schema.Entity{named("country:us", ""), named("", "1960")} {
		_, err := g.Load(t.Context(), "three", sequence(china, us, other), nil)
		if !errors.Is(err, graph.ErrConflict) {
			t.Errorf("%+v: %v", other, err)
		}
	}
	if _, err := g.Load(t.Context(), "two", sequence(china, named("", "")), &graph.LoadOptions{StrictNames: true}); !errors.Is(err, graph.ErrConflict) {
		t.Errorf("strict names: %v", err)
	}
	if _, err := g.Forget(t.Context(), "two"); err != nil {
		t.Fatal(err)
	}
	if digest(t, g) != alone {
		t.Error("the decision outlives the dataset")
	}
}

func TestNamesOfOtherDatasetsAreBorrowed(t *testing.T) {
	g := open(t, "")
	load(t, g, "people", world()...)
	load(t, g, "facts", meeting("2023", paper.ID))
	if _, err := g.Forget(t.Context(), "people"); err != nil {
		t.Fatal(err)
	}
	if e, err := g.Entity(t.Context(), xie.ID); err != nil || e.Label != "Xie Feng" {
		t.Errorf("%+v, %v", e, err)
	}
	digest(t, g)
}

func TestFind(t *testing.T) {
	g := open(t, "")
	load(t, g, "d", append(world(), entity("person:xie-fang", "Xie Fang"), entity("institution:pentagon", "Pentagon"))...)
	for _, test := range []struct {
		name  string
		exact bool
		want  []schema.ID
	}{
		{"谢锋", true, []schema.ID{xie.ID}},
		{"  XIE   fēng ", true, []schema.ID{xie.ID}},
		{"person:xie-feng", true, []schema.ID{xie.ID}},
		{"<person:xie-feng>", true, []schema.ID{xie.ID}},
		{"Pentagon", true, []schema.ID{"institution:pentagon", "place:pentagon"}},
		{"Xie Fenk", false, []schema.ID{xie.ID, "person:xie-fang"}},
		{"Ratner", false, []schema.ID{ratner.ID}},
		{"Ratnor", false, []schema.ID{ratner.ID}},
		{"xiefang", false, []schema.ID{"person:xie-fang", xie.ID}},
		{"Ely-Ratner", false, []schema.ID{ratner.ID}},
		{"Nobody At All", false, nil},
		{"", false, nil},
		{"person:nobody", false, nil},
	} {
		matches, err := g.Find(t.Context(), test.name)
		if err != nil {
			t.Fatal(err)
		}
		var got []schema.ID
		for _, m := range matches {
			got = append(got, m.ID)
			if m.Exact != test.exact || m.Label == "" || m.Kind == "" {
				t.Errorf("%q: %+v", test.name, m)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%q: %v, want %v", test.name, got, test.want)
		}
	}
	if _, err := g.Resolve(t.Context(), "Pentagon"); !errors.Is(err, graph.ErrAmbiguous) {
		t.Errorf("ambiguous: %v", err)
	}
	if _, err := g.Resolve(t.Context(), "Xie Fenk"); !errors.Is(err, graph.ErrNotFound) || schema.Hint(err) == "" {
		t.Errorf("misspelt: %v", err)
	}
}

// Equal datasets make equal graphs, whatever was loaded, corrected and removed before.
func TestDecisionsHaveNoHistory(t *testing.T) {
	named := func(label string) schema.Entity {
		return schema.Entity{ID: "person:li-hui", Kind: schema.Person, Label: label, FromName: true}
	}
	g := open(t, "")
	load(t, g, "two", named("Li Hui"))
	alone := digest(t, g)
	load(t, g, "one", named("Li Hui"))
	both := digest(t, g)
	load(t, g, "one", entity("person:other", "Li Hui"))
	load(t, g, "one", named("Li Hui"))
	if digest(t, g) != both {
		t.Error("a correction that is taken back leaves something")
	}
	if _, err := g.Forget(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	if digest(t, g) != alone {
		t.Error("a decision about a forgotten dataset is left")
	}
}

func TestDocumentsOfOneTitleAreTwo(t *testing.T) {
	briefing := func(publisher, date string) schema.Document {
		d := schema.Document{Entity: schema.Entity{Kind: schema.Doc, Label: "Press briefing", FromName: true},
			Publisher: publisher, Published: schema.When{Written: date}}
		d.ID = schema.MakeDocumentID(d)
		return d
	}
	a, b := briefing("State Department", "2023-07-12"), briefing("Foreign Ministry", "2023-07-14")
	if a.ID == b.ID {
		t.Fatalf("both are %s", a.ID)
	}
	b.ID = a.ID // as if someone gave them one id by name
	g := open(t, "")
	load(t, g, "one", a)
	if _, err := g.Load(t.Context(), "two", sequence(b), nil); !errors.Is(err, graph.ErrConflict) {
		t.Errorf("error %v", err)
	}
}

func TestWhatGivenIDsDisagreeAboutIsTold(t *testing.T) {
	g := open(t, "")
	load(t, g, "one", china, us, xie, ratner, paper, meeting("2023", paper.ID))
	other := entity(xie.ID, "Someone Else")
	other.Country = us.ID
	report := load(t, g, "two", us, other)
	want := graph.Difference{ID: xie.ID, What: "country", Here: "country:us", There: "country:china", Dataset: "one"}
	if len(report.Differences) != 1 || report.Differences[0] != want {
		t.Errorf("told %+v", report.Differences)
	}
	for _, id := range []schema.ID{china.ID, us.ID} {
		if got := collect(t, g.Facts(t.Context(), graph.Filter{About: []schema.ID{id}})); len(got) != 1 {
			t.Errorf("about %s, one of its two countries: %d facts", id, len(got))
		}
	}
}

func TestNamesakesAreTold(t *testing.T) {
	g := open(t, "")
	load(t, g, "one", us)
	made := schema.Entity{ID: "country:united-states", Kind: schema.Country, Label: "The United States", FromName: true}
	report := load(t, g, "two", made)
	want := graph.Namesake{ID: made.ID, Label: made.Label, Other: us.ID}
	if len(report.Namesakes) != 1 || report.Namesakes[0] != want {
		t.Errorf("told %+v", report.Namesakes)
	}
}

func TestBorrowedNamesFollowTheirLender(t *testing.T) {
	g := open(t, "")
	load(t, g, "people", world()...)
	load(t, g, "facts", meeting("2023", paper.ID))
	renamed := append([]schema.Record{entity(xie.ID, "Xie Feng the Elder")}, world()[1:]...)
	load(t, g, "people", renamed...)
	if matches, err := g.Find(t.Context(), "Xie Feng"); err != nil || len(matches) == 0 || matches[0].Exact {
		t.Errorf("the old name is found: %+v, %v", matches, err)
	}
	if _, err := g.Forget(t.Context(), "people"); err != nil {
		t.Fatal(err)
	}
	if e, err := g.Entity(t.Context(), xie.ID); err != nil || e.Label != "Xie Feng the Elder" || len(e.Aliases) > 0 {
		t.Errorf("%+v, %v", e, err)
	}
	load(t, g, "a-later-one", entity(xie.ID, "Xie"))
	if e, err := g.Entity(t.Context(), xie.ID); err != nil || e.Label != "Xie" || len(e.Aliases) > 0 {
		t.Errorf("what is borrowed counts beside what is declared: %+v, %v", e, err)
	}
	digest(t, g)
}

func TestFactsThatReferToNothingAreTold(t *testing.T) {
	g := open(t, "")
	cause := meeting("2023", paper.ID)
	load(t, g, "one", append(world(), cause)...)
	effect := meeting("2024", paper.ID)
	effect.Links = []schema.Link{{Type: schema.Because, Fact: schema.DefaultVocabulary().Normalize(cause).ID}}
	load(t, g, "two", append(world(), effect)...)
	report, err := g.Forget(t.Context(), "one")
	if err != nil || len(report.Dangling) != 1 || report.Dangling[0] != schema.DefaultVocabulary().Normalize(effect).ID {
		t.Errorf("told %v, %v", report.Dangling, err)
	}
	v, err := g.Verify(t.Context())
	if err != nil || len(v.Dangling) != 1 || len(v.Problems) > 0 {
		t.Errorf("%+v, %v", v, err)
	}
}

// Labels and Documents return what Label and Document do, also of entities that datasets
// call differently, that have hundreds of edges, or that nothing names.
func TestLabelsAndDocumentsTogether(t *testing.T) {
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	for seed, name := range []string{"b", "a"} {
		if _, err := g.Load(t.Context(), name, synth.Records(1500+seed, 1), nil); err != nil {
			t.Fatal(err)
		}
	}
	others := []schema.Record{
		schema.Entity{ID: "person:synth-1", Kind: schema.Person, Label: "Another Name"},
		schema.Document{Entity: schema.Entity{ID: "doc:synth-1", Kind: schema.Doc, Label: "Another Title"}, Publisher: "Another"},
		schema.Fact{Verb: "met", Roles: []schema.Participant{{Role: schema.RoleParty, ID: "person:synth-2"}, {Role: schema.RoleParty, ID: "person:synth-3"}},
			When: schema.When{Written: "2020"}, Evidence: []schema.Evidence{{Source: "doc:synth-2"}}}, // borrows names
	}
	if _, err := g.Load(t.Context(), "c", sequence(others...), nil); err != nil {
		t.Fatal(err)
	}
	ids := []schema.ID{"person:nobody", "doc:none", "country:synth-0", "fact:none"}
	for e, err := range g.Entities(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, e.ID)
	}
	s, err := g.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, g := range []*graph.Graph{g, g.Canonical(s)} {
		labels, err := graph.Labels(t.Context(), g, ids)
		if err != nil {
			t.Fatal(err)
		}
		documents, err := graph.Documents(t.Context(), g, ids)
		if err != nil {
			t.Fatal(err)
		}
		for i, id := range ids {
			if want, err := g.Label(t.Context(), id); err != nil || labels[i] != want {
				t.Errorf("%s is %q, want %q: %v", id, labels[i], want, err)
			}
			want, err := g.Document(t.Context(), id)
			if errors.Is(err, graph.ErrNotFound) {
				want, err = schema.Document{}, nil
			}
			if err != nil || !reflect.DeepEqual(documents[i], want) {
				t.Errorf("%s is\n%+v, want\n%+v: %v", id, documents[i], want, err)
			}
		}
	}
}

// Facts that are read together are those that Fact reads.
func TestFactsByID(t *testing.T) {
	g := open(t, "")
	if _, err := g.Load(t.Context(), "d", synth.Records(300, 1), nil); err != nil {
		t.Fatal(err)
	}
	ids := []schema.ID{"fact:unknown"}
	for f, err := range g.Facts(t.Context(), graph.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, f.ID)
	}
	facts, err := graph.FactsByID(t.Context(), g, ids)
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range ids {
		want, err := g.Fact(t.Context(), id)
		if errors.Is(err, graph.ErrNotFound) {
			want, err = schema.Fact{}, nil
		}
		if err != nil || !reflect.DeepEqual(facts[i], want) {
			t.Errorf("%s is\n%+v, want\n%+v: %v", id, facts[i], want, err)
		}
	}
}
