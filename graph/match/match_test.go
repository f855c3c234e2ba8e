package match_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/match"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// The pairs of a graph that may be one entity.
func ExamplePairs() {
	ctx := context.Background()
	g, err := graph.Open(ctx, "", nil) // a temporary graph
	if err != nil {
		fmt.Println(err)
		return
	}
	defer g.Close()
	in, err := loaders.Open("../../examples/us-china-2023", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := g.LoadInput(ctx, in, nil); err != nil {
		fmt.Println(err)
		return
	}
	found, err := match.Pairs(ctx, g, &match.Options{Of: []schema.ID{"person:xie-feng", "person:xi-jinping"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range found.Pairs {
		fmt.Println(p.A.Entity.Label, "and", p.B.Entity.Label, p.Score)
		for _, r := range p.Reasons[1:] {
			fmt.Println(r.Against, r.Text)
		}
	}
	// Output:
	// Xi Jinping and Xie Feng 0.08
	// false both of country:china
	// true born at different times: 1953 and 1964
	// true the dataset us-china-2023 lists both
}

// loadedText is a temporary graph of YAML texts, each of which is a dataset: a, b and so on.
func loadedText(t testing.TB, texts ...string) *graph.Graph {
	t.Helper()
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	dir := t.TempDir()
	for i, text := range texts {
		path := filepath.Join(dir, string(rune('a'+i))+".yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		in, err := loaders.Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if report, err := g.LoadInput(t.Context(), in, nil); err != nil || report.Rejected > 0 {
			t.Fatalf("%s: %+v %v", path, report, err)
		}
	}
	return g
}

// Each kind of evidence moves the score in its direction, and says so.
func TestReasons(t *testing.T) {
	const people = "people: [{name: Ann Lee, id: person:a-ann%s}, {name: Cyd Ray, id: person:a-cyd}]\n" +
		"posts: [{name: Envoy to Rome, id: post:rome, country: country:it}, {name: Envoy to Oslo, id: post:oslo, country: country:no}]\n" +
		"countries: [{name: Italy, id: country:it}, {name: Norway, id: country:no}]\n"
	one, two := fmt.Sprintf(people, "%s"), strings.ReplaceAll(fmt.Sprintf(people, "%s"), "person:a-ann", "person:b-ann")
	for _, c := range []struct {
		name, a, b, factsA, factsB string
		about                      match.Aspect
		against                    bool
		low, high                  float64
		text                       string
	}{
		{name: "the name alone", low: 0.95, high: 0.95, about: match.OfName, text: "the same name"},
		{name: "a day of birth", a: ", born: 1950-02-03", b: ", born: 1950-02-03", low: 0.98, high: 0.98, about: match.OfBirth, text: "both born 1950-02-03"},
		{name: "a year and a day", a: ", born: '1950'", b: ", born: 1950-02-03", low: 0.97, high: 0.97, about: match.OfBirth, text: "which may be the same"},
		{name: "other years", a: ", born: '1953'", b: ", born: '1967'", against: true, low: 0.24, high: 0.24, about: match.OfBirth, text: "born at different times: 1953 and 1967"},
		{name: "the next year", a: ", born: '1953'", b: ", born: '1954'", against: true, low: 0.62, high: 0.62, about: match.OfBirth, text: "a year or less apart"},
		{name: "day and month", a: ", born: 1953-02-03", b: ", born: 1953-03-02", against: true, low: 0.9, high: 0.9, about: match.OfBirth, text: "may be exchanged"},
		{name: "countries", a: ", country: country:it", b: ", country: country:no", against: true, low: 0.81, high: 0.81, about: match.OfCountry, text: "country:it and country:no"},
		{name: "an identifier", a: ", identifiers: ['lei:5']", b: ", identifiers: ['lei:5']", low: 0.97, high: 0.97, about: match.OfIdentifier, text: "both have the identifier lei:5"},
		{name: "an identifier and other births", a: ", identifiers: ['lei:5'], born: '1953'", b: ", identifiers: ['lei:5'], born: '1967'", against: true, low: 0.24, high: 0.24, about: match.OfBirth, text: "1953"},
		{name: "registers", a: ", identifiers: ['wikidata:Q1'], born: 1950-02-03", b: ", identifiers: ['wikidata:Q2'], born: 1950-02-03", against: true, low: 0.29, high: 0.3, about: match.OfIdentifier, text: "wikidata:Q1 and wikidata:Q2"},
		{name: "passports", a: ", identifiers: ['passport:1']", b: ", identifiers: ['passport:2']", against: true, low: 0.81, high: 0.81, about: match.OfIdentifier, text: "passport:1"},
		{name: "pages", a: ", identifiers: ['website:1']", b: ", identifiers: ['website:2']", low: 0.95, high: 0.95, about: match.OfName, text: "the same name"},
		{name: "one post", factsA: "  - {is: <ID> holds-post post:rome, when: 2001/2003}\n", factsB: "  - {is: <ID> holds-post post:rome, when: 2002/2003}\n", low: 0.98, high: 0.98, about: match.OfPost, text: "both held post:rome at times that fit"},
		{name: "posts of two countries", factsA: "  - {is: <ID> holds-post post:rome, when: 2001/2003}\n", factsB: "  - {is: <ID> holds-post post:oslo, when: 2001/2003}\n", against: true, low: 0.48, high: 0.48, about: match.OfPost, text: "at the same time, from 2001-12-31 to 2003-01-01"},
		{name: "dealings", factsA: "  - {is: <ID> met person:a-cyd, when: 2001-02-03}\n", factsB: "  - {is: <ID> met person:a-cyd, when: 2004-02-03}\n", low: 0.96, high: 0.96, about: match.OfDealings, text: "both dealt with person:a-cyd"},
		{name: "two in one fact", factsB: "  - {is: <ID> met person:a-ann, when: 2004-02-03}\n", against: true, low: 0.3, high: 0.3, about: match.OfDealings, text: "both take part in one fact"},
		{name: "before the birth", a: ", born: '1953'", factsB: "  - {is: <ID> met person:a-cyd, when: 1921-02-03}\n", against: true, low: 0.19, high: 0.19, about: match.OfLifetime, text: "acted in 1921-02-03, before"},
		{name: "too long a life", factsA: "  - {is: <ID> met person:a-cyd, when: 1800-02-03}\n", factsB: "  - {is: <ID> spoke-with person:a-cyd, when: 1901-02-03}\n", against: true, low: 0.28, high: 0.29, about: match.OfLifetime, text: "101 years apart"},
	} {
		t.Run(c.name, func(t *testing.T) {
			facts := func(text, id string) string {
				if text == "" {
					return ""
				}
				return "facts:\n" + statements(text, id)
			}
			if strings.Contains(c.factsB, "person:a-ann") {
				c.b += "}, {name: Ann Lee, id: person:a-ann" // declared by both
			}
			g := loadedText(t, fmt.Sprintf(one, c.a)+facts(c.factsA, "person:a-ann"), fmt.Sprintf(two, c.b)+facts(c.factsB, "person:b-ann"))
			found, err := match.Pairs(t.Context(), g, &match.Options{Of: []schema.ID{"person:a-ann", "person:b-ann"}})
			if err != nil || len(found.Pairs) != 1 {
				t.Fatalf("%+v %v", found, err)
			}
			p := found.Pairs[0]
			if p.Score < c.low || p.Score > c.high {
				t.Errorf("score %v, want %v to %v: %+v", p.Score, c.low, c.high, p.Reasons)
			}
			if !slices.ContainsFunc(p.Reasons, func(r match.Reason) bool {
				return r.Aspect == c.about && r.Against == c.against && strings.Contains(r.Text, c.text)
			}) {
				t.Errorf("no reason about %s, against %v, with %q: %+v", c.about, c.against, c.text, p.Reasons)
			}
		})
	}
}

// statements writes facts as YAML: "is: SUBJECT VERB OBJECT" becomes the keys of a fact.
func statements(text, id string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		_, rest, _ := strings.Cut(line, "is: ")
		words, after, _ := strings.Cut(rest, ", ")
		parts := strings.Fields(words)
		fmt.Fprintf(&out, "  - {actor: %s, verb: %s, recipient: %s, %s", strings.ReplaceAll(parts[0], "<ID>", id), parts[1], parts[2], after)
	}
	return out.String()
}

// Every pair of a small world that the benchmark proposes is found by the keys too, within
// one dataset and across two.
func TestKeysFindThePairs(t *testing.T) {
	var a, b strings.Builder
	a.WriteString("people:\n")
	b.WriteString("people:\n")
	want := map[[2]schema.ID]labelledPair{}
	for i, p := range readPairs(t) {
		if p.kind != schema.Person || match.Names(p.a, p.b, p.kind).Score < match.Threshold {
			continue
		}
		x, y := fmt.Sprintf("person:a-%d", i), fmt.Sprintf("person:b-%d", i)
		fmt.Fprintf(&a, "  - {id: %s, name: %q}\n", x, p.a)
		fmt.Fprintf(&b, "  - {id: %s, name: %q}\n", y, p.b)
		want[[2]schema.ID{schema.ID(x), schema.ID(y)}] = p
	}
	g := loadedText(t, a.String(), b.String())
	found, err := match.Pairs(t.Context(), g, &match.Options{Above: 0.6})
	if err != nil {
		t.Fatal(err)
	}
	n := len(want)
	for _, p := range found.Pairs {
		delete(want, [2]schema.ID{p.A.Entity.ID, p.B.Entity.ID})
	}
	for _, p := range want {
		t.Logf("not found: %s / %s", p.a, p.b)
	}
	if len(want)*100 > 2*n {
		t.Errorf("%d of %d pairs share no key", len(want), n)
	}
	t.Logf("%d entities, %d pairs compared, %d pairs found", found.Entities, found.Compared, len(found.Pairs))
	if all := found.Entities * (found.Entities - 1) / 2; found.Compared*20 > all {
		t.Errorf("%d of %d pairs are compared", found.Compared, all)
	}
}
