package cite_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/cite"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// loaded is a temporary graph of the files, loaded in their order.
func loaded(t testing.TB, files ...string) *graph.Graph {
	t.Helper()
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	for _, file := range files {
		in, err := loaders.Open(file, nil)
		if err != nil {
			t.Fatal(err)
		}
		if report, err := g.LoadInput(t.Context(), in, nil); err != nil || report.Rejected > 0 {
			t.Fatalf("%s: %+v %v", file, report, err)
		}
	}
	return g
}

// bibliography cites all facts of a graph.
func bibliography(t testing.TB, g *graph.Graph, datasets ...string) *cite.Bibliography {
	t.Helper()
	c := cite.Collector{Datasets: datasets}
	for f, err := range g.Facts(t.Context(), graph.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		c.Add(f)
		c.Add(f) // counts once
	}
	snapshot, err := g.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { snapshot.Close() })
	b, err := c.Bibliography(t.Context(), g.Canonical(snapshot))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func written(t testing.TB, b *cite.Bibliography, f cite.Format, o cite.Options) string {
	t.Helper()
	var out bytes.Buffer
	if err := b.Write(t.Context(), &out, f, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const reports, briefings = "../export/testdata/everything/reports.yaml", "../export/testdata/everything/briefings.yaml"

// Equal graphs have equal references, in whatever order they were loaded.
func TestReferencesAreStable(t *testing.T) {
	one, other := bibliography(t, loaded(t, reports, briefings)), bibliography(t, loaded(t, briefings, reports))
	for _, f := range cite.Formats() {
		for _, o := range []cite.Options{{}, {Facts: true}} {
			if a, b := written(t, one, f, o), written(t, other, f, o); a != b || a == "" {
				t.Errorf("%s %+v differs", f, o)
			}
		}
	}
	if err := one.Write(t.Context(), &bytes.Buffer{}, "ris", cite.Options{}); !errors.Is(err, cite.ErrFormat) {
		t.Errorf("got %v", err)
	}
}

// Every piece of evidence of every fact is in the reference of its document, and only
// there.
func TestEveryFactIsCited(t *testing.T) {
	g := loaded(t, reports, briefings)
	for _, datasets := range [][]string{nil, {"briefings"}} {
		want := map[string]bool{}
		for f, err := range g.Facts(t.Context(), graph.Filter{}) {
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range f.Evidence {
				if datasets == nil || slices.Contains(datasets, e.Dataset) {
					want[fmt.Sprint(e.Source, e.Stance, f.ID)] = true
				}
			}
		}
		keys := map[string]bool{}
		for _, r := range bibliography(t, g, datasets...).References {
			if keys[r.Key] || !regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`).MatchString(r.Key) {
				t.Errorf("key %q", r.Key)
			}
			keys[r.Key] = true
			for _, stance := range schema.Stances() {
				for _, id := range r.Facts(stance) {
					if claim := fmt.Sprint(r.Document.ID, stance, id); !want[claim] {
						t.Errorf("%s is not there, or twice", claim)
					} else {
						delete(want, claim)
					}
				}
			}
		}
		if len(want) > 0 {
			t.Errorf("%v: not cited: %v", datasets, want)
		}
	}
}

// A document has one key whatever it is cited with, and ids that differ have keys that
// differ.
func TestKeys(t *testing.T) {
	ids := []schema.ID{"doc:a", "doc:a-b", "doc:a--b", "doc:A-b", "doc:a.b", "doc:中国", "doc:中国新闻", "doc:2023", "doc:-", "doc:" + schema.ID(strings.Repeat("a", 500)), "doc:" + schema.ID(strings.Repeat("a", 501))}
	seen := map[string]schema.ID{}
	for _, id := range ids {
		k := cite.KeyOf(id)
		if before, again := seen[k]; again || len(k) > 49 || k == "" {
			t.Errorf("%s and %s: key %q", before, id, k)
		}
		seen[k] = id
	}
	if cite.KeyOf("doc:envoy-at-pentagon") != "envoy-at-pentagon" {
		t.Error("a short id is no key")
	}
}

func TestLocatorsInOrder(t *testing.T) {
	list := []string{"page 10", "page 9", "p. 3", "page 9a", "page 09", "", "line 2, column 10", "line 2, column 9", "10", "9"}
	slices.SortFunc(list, cite.CompareNatural)
	want := []string{"", "9", "10", "line 2, column 9", "line 2, column 10", "p. 3", "page 09", "page 9", "page 9a", "page 10"}
	if !slices.Equal(list, want) {
		t.Errorf("got %q", list)
	}
}

// No text of a document can break a line of the plain references, or steer a terminal.
func TestHostileTexts(t *testing.T) {
	g := loaded(t)
	records := []schema.Record{
		schema.Entity{ID: "person:a", Kind: schema.Person, Label: "A"}, schema.Entity{ID: "person:b", Kind: schema.Person, Label: "B"}}
	for i, text := range hostile {
		id := schema.ID(fmt.Sprintf("doc:d%d", i))
		if len(text) > 1000 || strings.Contains(text, "\n") || !utf8.ValidString(text) || text == "" {
			text = fmt.Sprint("refused ", i)
		}
		records = append(records,
			schema.Document{Entity: schema.Entity{ID: id, Kind: schema.Doc, Label: text}, Author: hostile[i], Publisher: hostile[i]},
			schema.Fact{Verb: "met", Roles: []schema.Participant{{Role: "actor", ID: "person:a"}, {Role: "recipient", ID: "person:b"}},
				When: schema.When{Written: fmt.Sprint(1900 + i)}, Evidence: []schema.Evidence{{Source: id, Locator: "p. 1"}}})
	}
	records = append(records, schema.Fact{Verb: "called", Roles: []schema.Participant{{Role: "actor", ID: "person:a"}, {Role: "recipient", ID: "person:b"}}, Evidence: []schema.Evidence{{}}})
	in := func(yield func(schema.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
	if report, err := g.Load(t.Context(), "x", in, nil); err != nil || report.Rejected > 2 {
		t.Fatalf("%+v %v", report, err)
	}
	b := bibliography(t, g)
	for _, f := range cite.Formats() {
		text := written(t, b, f, cite.Options{Facts: true})
		if strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) }) {
			t.Errorf("%s has control characters", f)
		}
		if !strings.Contains(text, "he evidence names no document") {
			t.Errorf("%s lacks the evidence without a document", f)
		}
		if f == cite.CSL {
			var items []map[string]any
			if err := json.Unmarshal([]byte(text), &items); err != nil || len(items) != len(b.References) {
				t.Errorf("%v, %d items", err, len(items))
			}
			for i, r := range b.References {
				if want := string([]rune(r.Document.Publisher)); want != "" && items[i]["publisher"] != want {
					t.Errorf("publisher %q, want %q", items[i]["publisher"], want)
				}
			}
		}
	}
	var notes []string
	if err := b.Write(t.Context(), &bytes.Buffer{}, cite.BibTeX, cite.Options{Notes: &notes}); err != nil || len(notes) != 1 || !strings.Contains(notes[0], "left out control characters of ") {
		t.Errorf("%v, notes %q", err, notes)
	}
}
