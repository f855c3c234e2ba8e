package schema_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/schema"
)

// randomFact returns any fact that two datasets may state differently: seed
// determines its identity, r the claims.
func randomFact(seed uint64, r *rand.Rand, dataset string) schema.Fact {
	id := rand.New(rand.NewPCG(seed, 1))
	v := schema.DefaultVocabulary()
	f := schema.Fact{
		Verb:   pick(id, v.Verbs()),
		Topic:  pick(id, []string{"", "Taiwan", "grain  deal"}),
		Status: pick(id, append(schema.Statuses(), "")),
		Key:    pick(id, []string{"", "1042"}),
	}
	for range 1 + id.IntN(4) {
		role := pick(id, []schema.Role{"actor", "recipient", "party", "host", "with", "of"})
		f.Roles = append(f.Roles, schema.Participant{Role: role, ID: randomID(id)})
	}
	r.Shuffle(len(f.Roles), func(i, j int) { f.Roles[i], f.Roles[j] = f.Roles[j], f.Roles[i] })
	start := pick(id, []string{"", "words", "2023", "2023-07-12", "2023-06~", ".."})
	f.When = randomWhen(start, r)
	for range r.IntN(3) {
		f.Links = append(f.Links, schema.Link{Type: pick(r, schema.LinkTypes()), Fact: schema.ID(fmt.Sprint("fact:", r.IntN(3)))})
	}
	for i := range 1 + r.IntN(3) {
		f.Evidence = append(f.Evidence, randomEvidence(start, i, r, dataset))
	}
	return f
}

func randomEvidence(start string, i int, r *rand.Rand, dataset string) schema.Evidence {
	e := schema.Evidence{
		Dataset: dataset, Source: schema.ID(fmt.Sprint("doc:", r.IntN(2))), Locator: fmt.Sprint("row ", i),
		Stance: pick(r, append(schema.Stances(), "")), Method: pick(r, append(schema.Methods(), "")),
		Quote: pick(r, []string{"", "a “rare” meeting\n"}), SaidBy: pick(r, []schema.ID{"", "person:a"}),
		Confidence: pick(r, []float64{0, 0.25, 1}), Note: pick(r, []string{"", "why"}),
		Duration: pick(r, []string{"", "35 minutes"}), Count: pick(r, []string{"", "over 12"}),
	}
	if r.IntN(2) == 0 {
		e.When = randomWhen(start, r)
	}
	if r.IntN(4) == 0 {
		e.Review = &schema.Review{State: pick(r, append(schema.ReviewStates(), "")), Model: "reader-7", By: pick(r, []string{"", "Ann"}), On: pick(r, []string{"", "2024-05-16"}), Note: pick(r, []string{"", "checked\ntwice"})}
	}
	if r.IntN(2) == 0 {
		e.Start, e.End = r.IntN(9), 9+r.IntN(9)
	}
	for range r.IntN(3) {
		e.Via = append(e.Via, randomID(r))
		e.At = append(e.At, pick(r, []schema.ID{"place:p", "place:q"}))
	}
	return e
}

func randomWhen(start string, r *rand.Rand) schema.When {
	switch start {
	case "":
		return pick(r, []schema.When{{}, {FromBy: "2021"}, {ToBy: "2024", Attested: true}})
	case "words":
		return pick(r, []schema.When{{Words: "last August", Anchor: "2023-07-13"}, {Words: "last August", Anchor: "2023-07-13", ToBy: "2023"}})
	case "..":
		return pick(r, []schema.When{{Written: "../2023"}, {Written: "../2024-02", FromBy: "2020"}})
	}
	return pick(r, []schema.When{{Written: start}, {Written: start + "/.."}, {Written: start + "/2024"}, {Written: start, Attested: true}})
}

func randomID(r *rand.Rand) schema.ID {
	return pick(r, []schema.ID{"person:a", "person:b", "person:c", "country:d", "fact:e"})
}

func pick[T any](r *rand.Rand, choices []T) T { return choices[r.IntN(len(choices))] }

func encode(t *testing.T, dataset string, r schema.Record) []quad.Quad {
	t.Helper()
	quads, err := schema.DefaultVocabulary().Encode(dataset, r)
	if err != nil {
		t.Fatalf("%+v: %v", r, err)
	}
	return quads
}

func shuffled(r *rand.Rand, quads []quad.Quad) []quad.Quad {
	r.Shuffle(len(quads), func(i, j int) { quads[i], quads[j] = quads[j], quads[i] })
	return quads
}

func TestFactsReturnFromQuads(t *testing.T) {
	v := schema.DefaultVocabulary()
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 2))
		f := v.Normalize(randomFact(seed, r, "one"))
		if again := v.Normalize(f); !reflect.DeepEqual(again, f) {
			t.Fatalf("normalizing twice:\n got %#v\nwant %#v", again, f)
		}
		got, err := v.DecodeFact(f.ID, shuffled(r, encode(t, "one", f)))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, f) {
			t.Fatalf("seed %d:\n got %#v\nwant %#v", seed, got, f)
		}
	}
}

func TestFactOfTwoDatasetsReturnsFromQuads(t *testing.T) {
	v := schema.DefaultVocabulary()
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 3))
		one, two := v.Normalize(randomFact(seed, r, "one")), v.Normalize(randomFact(seed, r, "two"))
		if one.ID != two.ID {
			t.Fatalf("one fact, two ids:\n%#v\n%#v", one, two)
		}
		want := v.Merge(one, two)
		if other := v.Merge(two, one); !reflect.DeepEqual(other, want) {
			t.Fatalf("the order of merging matters:\n%#v\n%#v", want, other)
		}
		quads := slices.Concat(encode(t, "one", one), encode(t, "two", two))
		got, err := v.DecodeFact(one.ID, shuffled(r, quads))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d:\n got %#v\nwant %#v", seed, got, want)
		}
	}
}

func TestIdentityLeavesOutClaims(t *testing.T) {
	v := schema.DefaultVocabulary()
	base := schema.Fact{Verb: "met", When: schema.When{Written: "2023-07-12"}, Roles: []schema.Participant{
		{Role: schema.RoleActor, ID: "person:a"}, {Role: schema.RoleRecipient, ID: "person:b"}}}
	id := v.Normalize(base).ID
	same := map[string]func(*schema.Fact){
		"told from the other side": func(f *schema.Fact) {
			f.Roles = []schema.Participant{{Role: schema.RoleActor, ID: "person:b"}, {Role: schema.RoleRecipient, ID: "person:a"}}
		},
		"with an end":   func(f *schema.Fact) { f.When.Written += "/2023-07-13" },
		"with a place":  func(f *schema.Fact) { f.Evidence = []schema.Evidence{{At: []schema.ID{"place:p"}}} },
		"with a source": func(f *schema.Fact) { f.Evidence = []schema.Evidence{{Source: "doc:x"}} },
	}
	for name, change := range same {
		if f := changed(base, change); v.Normalize(f).ID != id {
			t.Errorf("%s: another fact", name)
		}
	}
	other := map[string]func(*schema.Fact){
		"verb":   func(f *schema.Fact) { f.Verb = "called" },
		"status": func(f *schema.Fact) { f.Status = schema.Refused },
		"topic":  func(f *schema.Fact) { f.Topic = "Taiwan" },
		"key":    func(f *schema.Fact) { f.Key = "2" },
		"start":  func(f *schema.Fact) { f.When.Written = "2023-07" },
		"words":  func(f *schema.Fact) { f.When = schema.When{Words: "last July", Anchor: "2023-08-01"} },
		"anchor": func(f *schema.Fact) { f.When = schema.When{Words: "last July", Anchor: "2022-08-01"} },
		"host": func(f *schema.Fact) {
			f.Roles = append(f.Roles, schema.Participant{Role: "host", ID: "person:c"})
		},
	}
	seen := map[schema.ID]string{id: "none"}
	for name, change := range other {
		f := v.Normalize(changed(base, change))
		if same, ok := seen[f.ID]; ok {
			t.Errorf("another %s makes the same fact as another %s", name, same)
		}
		seen[f.ID] = name
	}
}

func changed(f schema.Fact, change func(*schema.Fact)) schema.Fact {
	f.Roles = slices.Clone(f.Roles)
	change(&f)
	return f
}

// The id of a fact must never change: other programs and datasets cite it.
func TestFactIDIsFrozen(t *testing.T) {
	f := schema.DefaultVocabulary().Normalize(schema.Fact{Verb: "met", When: schema.When{Written: "2023-07-12"},
		Roles: []schema.Participant{{Role: "party", ID: "person:ely-ratner"}, {Role: "party", ID: "person:xie-feng"}}})
	if want := schema.ID("fact:exsnwxqlhywxscqev7atgsqwve"); f.ID != want {
		t.Errorf("id is %q, was %q", f.ID, want)
	}
}

func TestDecodeFactRefuses(t *testing.T) {
	v := schema.DefaultVocabulary()
	f := v.Normalize(schema.Fact{Verb: "met", Roles: []schema.Participant{{Role: "party", ID: "person:a"}, {Role: "party", ID: "person:b"}}})
	label := schema.DatasetValue("one")
	good := encode(t, "one", f)
	for name, bad := range map[string]quad.Quad{
		"an unknown predicate":     {Subject: f.ID.Value(), Predicate: quad.IRI("dip:zzz"), Object: quad.String("x"), Label: label},
		"evidence of another fact": {Subject: quad.IRI("evidence:z"), Predicate: schema.QuoteTerm, Object: quad.String("x"), Label: label},
		"a label of no dataset":    {Subject: f.ID.Value(), Predicate: schema.TopicTerm, Object: quad.String("x"), Label: quad.IRI("fact:x")},
		"another identity":         {Subject: f.ID.Value(), Predicate: schema.TypeTerm, Object: schema.Term("called"), Label: schema.DatasetValue("two")},
	} {
		if _, err := v.DecodeFact(f.ID, append(slices.Clone(good), bad)); err == nil {
			t.Errorf("%s decodes", name)
		}
	}
	if _, err := v.DecodeFact(f.ID, nil); err == nil {
		t.Error("no quads decode")
	}
}

func TestEntitiesReturnFromQuads(t *testing.T) {
	d := schema.Document{
		Entity: schema.Entity{ID: "doc:x", Kind: schema.Doc, Label: "A Title", Country: "country:us", Born: "1964",
			Aliases:     []schema.Text{{Value: "另一个"}, {Value: "另一个", Lang: "zh"}, {Value: "Other"}},
			Identifiers: []string{"b:2", "a:1"}, Description: "d", FromName: true},
		Publisher: "P", Author: "A", URL: "https://example.org", SHA256: "00", Language: "en",
		Archived: schema.Archive{URL: "https://archive.org/x", On: "2023-08"}, Accessed: "2024~",
		Published: schema.When{Written: "2023-07-13"},
	}
	d.Entity = d.Normalize()
	if got := schema.DecodeDocument(d.ID, encode(t, "one", d)); !reflect.DeepEqual(got, d) {
		t.Errorf("document\n got %+v\nwant %+v", got, d)
	}
	if got := schema.DecodeEntity(d.ID, encode(t, "one", d.Entity)); !reflect.DeepEqual(got, d.Entity) {
		t.Errorf("entity\n got %+v\nwant %+v", got, d.Entity)
	}
	other := schema.Document{Entity: schema.Entity{ID: d.ID, Kind: schema.Doc, Label: "Another Title", Country: "country:us"},
		Published: schema.When{Written: "2023-07-14", Words: "Friday"}, Author: "Another"}
	both := schema.DecodeDocument(d.ID, slices.Concat(encode(t, "two", other), encode(t, "one", d)))
	if both.Published != d.Published || both.Author != d.Author || both.Label != d.Label || !slices.Contains(both.Aliases, schema.Text{Value: other.Label}) {
		t.Errorf("two datasets name it: %+v", both)
	}
}
