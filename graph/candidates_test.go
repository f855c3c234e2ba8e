package graph_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// claimsWorld is facts that several datasets claim: dated and undated ones, parts of
// others, about places and topics, asserted and not.
type claimsWorld struct {
	*rand.Rand
	facts  []schema.Fact
	stored []schema.ID // facts of the graph
}

var claimants = []schema.Record{
	xie, ratner, china, us, place, hotel, paper, wire,
	schema.Entity{ID: "institution:ministry", Kind: schema.Institution, Label: "The Ministry", Country: china.ID},
	entity("person:mediator", "A Mediator"),
}

func newClaimsWorld(r *rand.Rand, facts int) *claimsWorld {
	w := &claimsWorld{Rand: r}
	people := []schema.ID{xie.ID, ratner.ID, us.ID, china.ID, "institution:ministry", "person:mediator"}
	located := schema.Fact{Verb: "located-in", Roles: []schema.Participant{{Role: schema.RoleActor, ID: hotel.ID}, {Role: schema.RoleRecipient, ID: place.ID}}}
	w.facts = append(w.facts, schema.DefaultVocabulary().Normalize(located))
	located.Roles = []schema.Participant{{Role: schema.RoleActor, ID: place.ID}, {Role: schema.RoleRecipient, ID: china.ID}}
	w.facts = append(w.facts, schema.DefaultVocabulary().Normalize(located))
	for len(w.facts) < facts {
		f := schema.Fact{Verb: pick(r, []schema.Verb{"met", "urged", "sanctioned", "member-of"}), Status: pick(r, append(schema.Statuses(), schema.Happened, schema.Happened)),
			When:  schema.When{Written: pick(r, []string{"", "", "2022", "2023-06-18", "2023-06-18", "../2023-07-12", "2023-08/..", "2019/2024"})},
			Topic: pick(r, []string{"", "", "the United States", "trade"}), Key: fmt.Sprint(len(w.facts))}
		i := r.IntN(len(people))
		f.Roles = []schema.Participant{{Role: schema.RoleActor, ID: people[i]}, {Role: schema.RoleRecipient, ID: people[(i+1+r.IntN(len(people)-1))%len(people)]}}
		if r.IntN(6) == 0 {
			f.Roles = append(f.Roles, schema.Participant{Role: "mediator", ID: "person:mediator"})
		}
		if r.IntN(4) == 0 {
			f.Roles = append(f.Roles, schema.Participant{Role: schema.RoleDuring, ID: pick(r, w.facts).ID})
		}
		if f.Evidence = []schema.Evidence{{Dataset: "x", Source: paper.ID}}; schema.DefaultVocabulary().Check(f) == nil {
			f.Evidence = nil
			w.facts = append(w.facts, schema.DefaultVocabulary().Normalize(f))
		}
	}
	return w
}

// claims is what one dataset claims of some of the facts, or dataset b of all.
func (w *claimsWorld) claims(dataset string) []schema.Record {
	records := slices.Clone(claimants)
	for _, f := range w.facts {
		if dataset != "b" && w.IntN(3) == 0 {
			continue
		}
		for n := range 1 + w.IntN(2) {
			e := schema.Evidence{Dataset: dataset, Source: pick(w.Rand, []schema.ID{paper.ID, wire.ID}), Locator: fmt.Sprint(n), Stance: pick(w.Rand, append(schema.Stances(), schema.Asserts, schema.Asserts)),
				SaidBy: pick(w.Rand, []schema.ID{"", "", xie.ID, "institution:ministry"}), Confidence: pick(w.Rand, []float64{0, 0, 0.4, 0.8})}
			if e.SaidBy != "" && w.IntN(3) == 0 {
				e.Via = []schema.ID{ratner.ID}
			}
			if f.Verb == "met" && w.IntN(3) == 0 {
				e.At = []schema.ID{pick(w.Rand, []schema.ID{place.ID, hotel.ID})}
			}
			if f.When.Written == "" {
				e.When.Written = pick(w.Rand, []string{"", "", "2018-05-01", "2023-06-20", "2030/.."})
			}
			f.Evidence = append(f.Evidence, e)
		}
		if schema.DefaultVocabulary().Check(f) == nil {
			records = append(records, f)
		}
	}
	return records
}

// filter returns a filter of some random fields.
func (w *claimsWorld) filter() (f graph.Filter) {
	entities := []schema.ID{xie.ID, ratner.ID, us.ID, china.ID, place.ID, hotel.ID, paper.ID, wire.ID, "institution:ministry", "person:mediator", "person:nobody"}
	sometimes := func(set func()) {
		if w.IntN(6) == 0 {
			set()
		}
	}
	c := &f.Conditions
	sometimes(func() {
		c.Verbs = [][]schema.Verb{{"met"}, {"urged", "sanctioned"}, {"mediated-for"}, {"met", "mediated-for"}}[w.IntN(4)]
	})
	sometimes(func() { c.Roles = graph.MainRoles })
	sometimes(func() { c.Statuses = []schema.Status{schema.Happened, schema.Refused}[:1+w.IntN(2)] })
	sometimes(func() {
		c.Standings = []schema.Standing{pick(w.Rand, schema.Standings()), pick(w.Rand, schema.Standings())}
	})
	sometimes(func() { c.Disputed = pick(w.Rand, []graph.Disputed{graph.DisputedNot, graph.DisputedOnly}) })
	sometimes(func() { c.Datasets = [][]string{{"a"}, {"b"}, {"a", "c"}}[w.IntN(3)] })
	sometimes(func() { c.MinSources = 1 + w.IntN(3) })
	sometimes(func() { c.MinConfidence = 0.5 })
	if w.IntN(2) == 0 {
		c.Since, c.Until = pick(w.Rand, []string{"", "2018", "2023-06", "2023-06-18"}), pick(w.Rand, []string{"", "2023-06", "2024", "2030"})
		c.Contained = (c.Since != "" || c.Until != "") && w.IntN(4) == 0
	}
	sometimes(func() { c.AsOf = pick(w.Rand, []string{"2018-05", "2023-06-18", "2029"}) })
	c.Undated = w.IntN(3) == 0
	sometimes(func() { f.About, f.AboutOnly = []schema.ID{pick(w.Rand, entities)}, w.IntN(3) == 0 })
	sometimes(func() { f.About = append(f.About, pick(w.Rand, entities)) })
	sometimes(func() { f.With = pick(w.Rand, entities) })
	sometimes(func() { f.Alongside = []schema.ID{pick(w.Rand, entities)} })
	sometimes(func() {
		f.Facts = []schema.ID{}
		for range w.IntN(8) {
			f.Facts = append(f.Facts, pick(w.Rand, w.stored))
		}
	})
	return f
}

// list lists the facts and those that are left out, in the order in which they come.
func list(t *testing.T, g *graph.Graph, f graph.Filter) (all []graph.Listed) {
	t.Helper()
	var through []schema.ID
	f.OnUndated = func(fact schema.Fact) { all = append(all, graph.Listed{ID: fact.ID, Reason: "undated"}) }
	f.OnUnasserted = func(fact schema.Fact) { all = append(all, graph.Listed{ID: fact.ID, Reason: "unasserted"}) }
	f.OnThrough = func(_ schema.Fact, ids []schema.ID) { through = ids }
	for fact, err := range g.Facts(t.Context(), f) {
		if err != nil {
			t.Fatalf("%+v: %v", f, err)
		}
		all = append(all, graph.Listed{ID: fact.ID, Through: through})
		through = nil
	}
	return all
}

// A list is the same, with the same facts left out at the same places, as if each fact
// were read and all were sorted.
func TestListsAreAsIfAllFactsWereRead(t *testing.T) {
	for seed := range uint64(sizeOf(t, "ENTENTE_WORLDS", 2, 12)) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := newClaimsWorld(rand.New(rand.NewPCG(seed, 16)), 60)
			g := open(t, "")
			for _, dataset := range []string{"b", "a", "c"} {
				load(t, g, dataset, w.claims(dataset)...)
			}
			for _, f := range collect(t, g.Facts(t.Context(), graph.Filter{})) {
				w.stored = append(w.stored, f.ID)
			}
			reasons := map[string]int{}
			var filters []graph.Filter
			for range 60 {
				filters = append(filters, w.filter())
			}
			checkLists(t, g, reasons, filters...)
			if reasons[""] < 100 || reasons["undated"] == 0 || reasons["unasserted"] == 0 {
				t.Errorf("the worlds have too little of something: %v", reasons)
			}
		})
	}
}

// checkLists compares the lists of filters with those that are made without indexes, and
// counts the facts by the reasons for which they are left out.
func checkLists(t *testing.T, g *graph.Graph, reasons map[string]int, filters ...graph.Filter) {
	t.Helper()
	lists, err := graph.ListsByReadingAll(t.Context(), g, filters...)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range lists {
		if got := list(t, g, filters[i]); !slices.EqualFunc(got, want, sameListed) {
			t.Fatalf("%+v:\n%v, want\n%v", filters[i], got, want)
		}
		for _, l := range want {
			reasons[l.Reason]++
		}
		checkParts(t, g, filters[i], want)
	}
}

// checkParts compares the facts in parts, and how many are left out.
func checkParts(t *testing.T, g *graph.Graph, f graph.Filter, want []graph.Listed) {
	t.Helper()
	counts := graph.Omitted{}
	want = slices.DeleteFunc(slices.Clone(want), func(l graph.Listed) bool {
		switch l.Reason {
		case "undated":
			counts.Undated++
		case "unasserted":
			counts.Unasserted++
		}
		return l.Reason != ""
	})
	f.Omitted = &graph.Omitted{}
	var got []graph.Listed
	keep := func(part []graph.Selected) ([]graph.Selected, error) { return part, nil }
	for _, part := range collect(t, graph.MapFactsByDate(t.Context(), g, f, keep)) {
		for _, s := range part {
			got = append(got, graph.Listed{ID: s.ID, Through: s.Through})
		}
	}
	if !slices.EqualFunc(got, want, sameListed) || *f.Omitted != counts {
		t.Fatalf("%+v:\n%v, want\n%v; omitted %+v, want %+v", f, got, want, *f.Omitted, counts)
	}
}

func sameListed(a, b graph.Listed) bool {
	return a.ID == b.ID && a.Reason == b.Reason && slices.Equal(a.Through, b.Through)
}

// Each way to find the order of dates gives the same order, and each way to find what
// refers to an entity the same facts.
func TestWaysToReadIndexesAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 17))
	w := newClaimsWorld(r, 60)
	g := open(t, "")
	for _, dataset := range []string{"b", "a"} {
		load(t, g, dataset, w.claims(dataset)...)
	}
	var stored []schema.ID
	for _, f := range collect(t, g.Facts(t.Context(), graph.Filter{})) {
		stored = append(stored, f.ID)
	}
	for range 50 {
		var some []schema.ID
		for _, id := range stored { // in order
			if r.IntN(3) > 0 {
				some = append(some, id)
			}
		}
		shuffled := slices.Clone(some)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		lists, err := graph.OrdersByDate(t.Context(), g, shuffled)
		if err != nil {
			t.Fatal(err)
		}
		for way, got := range lists {
			if !slices.Equal(got, some) {
				t.Fatalf("way %d: %v, want %v", way, got, some)
			}
		}
		entities := []schema.ID{pick(r, []schema.ID{xie.ID, hotel.ID, paper.ID}), pick(r, []schema.ID{china.ID, "institution:ministry"})}
		one, other, err := graph.MentionsOf(t.Context(), g, entities)
		if err != nil || len(one) == 0 || !slices.Equal(one, other) {
			t.Fatalf("%v: %d and %d subjects, error %v", entities, len(one), len(other), err)
		}
	}
}

// Many facts of one day, and many without a date, come in the order of their ids.
func TestManyFactsOfOneDay(t *testing.T) {
	g := open(t, "")
	records := world()
	for i := range 3000 {
		f := meeting([]string{"", "2023-07-12"}[i%2], paper.ID)
		f.Key = fmt.Sprint(i)
		records = append(records, f)
	}
	load(t, g, "d", records...)
	since := func(date string) graph.Filter { return graph.Filter{Conditions: graph.Conditions{Since: date}} }
	checkLists(t, g, map[string]int{}, graph.Filter{}, since("2023"), since("2024"))
}
