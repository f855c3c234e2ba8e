package graph_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// If no name is similar, entities that share a word are offered: a family name counts
// more than a given name, and a rare word more than a common one.
func TestFindByAWord(t *testing.T) {
	var people []schema.Record
	for _, name := range []string{"Joe Biden", "Hunter Biden", "Joseph Wu", "Maria van der Berg", "van der Waals", "王毅", "Ann Lee"} {
		people = append(people, schema.Entity{ID: schema.MakeID(schema.Person, name), Kind: schema.Person, Label: name})
	}
	g := open(t, t.TempDir())
	load(t, g, "people", people...)
	for name, want := range map[string][]string{
		"Joseph R. Biden":  {"Joe Biden", "Hunter Biden", "Joseph Wu"},
		"Professor Berg":   {"Maria van der Berg"},
		"J. R. B.":         nil,
		"Somebody Unknown": nil,
	} {
		found, err := g.Find(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range found {
			if m.Exact {
				t.Errorf("%q is an exact match for %q", m.Label, name)
			}
			got = append(got, m.Label)
		}
		if len(got) != len(want) {
			t.Errorf("%q is offered %q, want %q", name, got, want)
			continue
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%q is offered %q, want %q", name, got, want)
			}
		}
	}
}

// Names with a prefix are found in any case and without diacritics, and are returned
// as written.
func TestNamesWithPrefix(t *testing.T) {
	g := open(t, t.TempDir())
	load(t, g, "people",
		schema.Entity{ID: "person:jose", Kind: schema.Person, Label: "José", Aliases: []schema.Text{{Value: "Joe"}, {Value: "谢锋"}}},
		schema.Entity{ID: "person:joan", Kind: schema.Person, Label: "Joan"},
		schema.Entity{ID: "institution:hague", Kind: schema.Institution, Label: "The Hague Court"})
	for prefix, want := range map[string]string{"jo": "Joan,Joe,José", "JOS": "José", "谢": "谢锋", "hag": "The Hague Court", "the ha": "The Hague Court", "x": ""} {
		names, err := g.NamesWithPrefix(t.Context(), prefix, 10)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(names, ","); got != want {
			t.Errorf("%q: %s, want %s", prefix, got, want)
		}
	}
	if names, err := g.NamesWithPrefix(t.Context(), "", 2); err != nil || len(names) != 2 {
		t.Errorf("two of all: %q, %v", names, err)
	}
}

// BenchmarkFindIdentifier finds one of 50,000 people by an identifier: with its scheme,
// by the index, and without, by reading all identifiers.
func BenchmarkFindIdentifier(b *testing.B) {
	var people []schema.Record
	for i := range 50_000 {
		number := strconv.Itoa(i)
		people = append(people, schema.Entity{ID: schema.ID("person:p" + number), Kind: schema.Person, Label: "Person " + number, Identifiers: []string{"icpsr:" + number, "bioguide:A" + number}})
	}
	g, err := graph.Open(b.Context(), "", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer g.Close()
	if _, err := g.Load(b.Context(), "people", sequence(people...), nil); err != nil {
		b.Fatal(err)
	}
	for _, identifier := range []string{"bioguide:A777", "A777"} {
		b.Run(identifier, func(b *testing.B) {
			for b.Loop() {
				if found, err := g.Find(b.Context(), identifier); err != nil || len(found) != 1 || found[0].ID != "person:p777" {
					b.Fatal(found, err)
				}
			}
		})
	}
}
