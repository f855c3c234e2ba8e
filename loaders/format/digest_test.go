package format_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/format"
	"gopkg.in/yaml.v3"
)

// digestOf loads a text as a dataset, and returns the digest of the graph. It reports
// whether no row was rejected.
func digestOf(t *testing.T, text string) (digest string, ok bool) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "d.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := loaders.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	g, err := graph.Open(t.Context(), filepath.Join(dir, "g"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	report, err := g.LoadInput(t.Context(), in, &graph.LoadOptions{MaxErrors: -1, OnReject: func(err error) {
		if testing.Verbose() {
			t.Log(err)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	v, err := g.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v.Digest, report.Rejected == 0
}

// people are names of the facts of random datasets.
var people = []string{"Xie Feng", "Ely Ratner", "Qin Gang", "Antony Blinken", "Wang Yi"}

// loadableText returns a text that a fact may have.
func (w *writer) loadableText() string {
	for {
		if s := w.text(); s != "true" && !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
			return s
		}
	}
}

// knownFact returns a fact that can be loaded, often one that another record states in
// other words.
func (w *writer) knownFact() []field {
	i := w.IntN(3)
	a, b := people[i], people[(i+1+w.IntN(2))%5]
	if w.IntN(2) == 0 {
		a, b = b, a
	}
	var all []field
	switch w.IntN(4) {
	case 0:
		all = []field{{"verb", "met"}, {"actor", a}, {"recipient", b}}
	case 1:
		all = []field{{"verb", "agreed-with"}, {"party", []any{people[(w.IntN(2)+2)%5], people[4], people[w.IntN(2)]}}}
	default:
		all = []field{{"fact", a + " met " + b}}
	}
	when := [][]field{{{"when", "2023-07-12"}}, {{"when", "12 July 2023"}}, {{"since", "2023-07"}, {"until", "2023-08"}}, {{"when", "2023-07/2023-09"}},
		{{"when", "../2021"}}, {{"when", "../2022"}}, nil, {{"when", "c. 1994"}}, {{"when", "2023"}}}
	all = append(all, when[w.IntN(len(when))]...)
	if w.IntN(2) == 0 {
		all = append(all, field{"locator", fmt.Sprint("page ", w.records)}, field{"note", w.loadableText()}, field{"quote", w.loadableText()})
	}
	if w.IntN(8) == 0 {
		all = append(all, field{"topic", []string{"trade", "arms"}[w.IntN(2)]}, field{"status", "planned"})
	}
	if w.IntN(3) == 0 {
		all = append(all, field{"mediator", []any{people[3], people[4]}}, field{"via", []any{people[2], people[0]}})
	}
	if w.IntN(3) == 0 {
		all = append(all, field{"source", []field{{"title", "Talks"}, {"publisher", "Reuters"}, {"published", "July 2023"}}})
	}
	w.records++
	w.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// knownDataset writes a dataset that can be loaded. In half of them facts without a source
// cite lines of the file.
func (w *writer) knownDataset() string {
	w.fields([]field{{"sources", []any{[]field{{"title", "Envoy"}, {"key", "t"}}, []field{{"key", "a"}, {"title", "Talks"}, {"publisher", "Reuters"}}}}}, 0, false)
	var persons, facts []any
	for _, name := range people {
		persons = append(persons, []field{{"name", name}, {"aliases", []any{name + " I", []field{{"value", name + " II"}, {"lang", "zh"}}}},
			{"country", "China"}, {"posts", []any{"Envoy", []field{{"when", "2020/.."}, {"post", "Envoy"}, {"quote", w.loadableText()}}}}})
		if w.IntN(2) == 0 {
			persons = append(persons, name)
		}
	}
	w.Shuffle(len(persons), func(i, j int) { persons[i], persons[j] = persons[j], persons[i] })
	for range 3 + w.IntN(30) {
		facts = append(facts, w.knownFact())
	}
	sections := []field{{"people", persons}, {"facts", facts}, {"countries", []any{"China"}}, {"posts", []any{[]field{{"name", "Envoy"}}}}, {"defaults", [][]field{{{"source", "t"}, {"method", "curated"}}, {{"note", "none"}}}[w.IntN(2)]}}
	w.Shuffle(len(sections), func(i, j int) { sections[i], sections[j] = sections[j], sections[i] })
	w.fields(sections, 0, false)
	return w.out.String()
}

// Formatting changes no digest.
func TestFormattingChangesNoDigest(t *testing.T) {
	runs, loaded := 60, 0
	for seed := range runs {
		w := &writer{Rand: rand.New(rand.NewPCG(uint64(seed), 5))}
		w.bare = seed%2 == 0 // comments keep records in their places
		text := w.knownDataset()
		if yaml.Unmarshal([]byte(text), new(yaml.Node)) != nil {
			continue
		}
		before, ok := digestOf(t, text)
		if !ok {
			continue
		}
		loaded++
		out, err := format.YAML("d.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if after, ok := digestOf(t, string(out)); !ok || after != before {
			t.Fatalf("seed %d: digest %s after formatting, %s before:\n%s\n%s", seed, after, before, text, out)
		}
	}
	if loaded < runs/3 {
		t.Errorf("only %d of %d datasets have no rejected row", loaded, runs)
	}
	t.Logf("%d of %d datasets compared", loaded, runs)
}
