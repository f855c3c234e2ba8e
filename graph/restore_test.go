package graph_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/nquads"
)

// exported returns the whole graph as N-Quads.
func exported(t testing.TB, g *graph.Graph) string {
	t.Helper()
	s, err := g.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var out bytes.Buffer
	w := nquads.NewWriter(&out)
	for q, err := range s.Match(t.Context(), store.Pattern{}) {
		if err == nil {
			err = w.Write(q)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func nquadsText(text string) schema.NQuads {
	return schema.NQuads{Name: "in.nq", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

// talks returns a graph of two datasets. Both state one fact, the second denies
// another, and names are borrowed.
func talks(t *testing.T) *graph.Graph {
	g := open(t, "")
	load(t, g, "one", append(world(), meeting("2023-07-12", paper.ID, place.ID), meeting("2023-08", paper.ID))...)
	denial := meeting("2023-08", wire.ID)
	denial.Evidence[0].Stance = schema.Denies
	load(t, g, "two", meeting("2023-07-12/2023-07-13", wire.ID, hotel.ID), denial)
	return g
}

func TestRestore(t *testing.T) {
	g := talks(t)
	text := exported(t, g)
	h := open(t, "")
	report := load(t, h, "in", nquadsText(text))
	if digest(t, h) != digest(t, g) {
		t.Error("the restored graph is another")
	}
	if len(report.Restored) != 2 || report.Restored[0].Facts != 2 || report.Restored[1].Facts != 2 || report.Added != 0 {
		t.Errorf("report %+v", report)
	}
	again := load(t, h, "in", nquadsText(text))
	if !again.Restored[0].Unchanged || !again.Restored[1].Unchanged {
		t.Errorf("the same again: %+v", again)
	}
	if _, err := h.Forget(t.Context(), "two"); err != nil {
		t.Fatal(err)
	}
	load(t, h, "in", nquadsText(text))
	if digest(t, h) != digest(t, g) {
		t.Error("restoring brings a forgotten dataset back otherwise")
	}
}

// A line that is missing or changed is noticed or repaired: no other facts come out
// than went in. The test tries a seventh of the lines.
func TestRestoreNotices(t *testing.T) {
	g := talks(t)
	want := digest(t, g)
	lines := slices.Collect(strings.Lines(exported(t, g)))
	refused := 0
	for i := 1; i < len(lines); i += 7 {
		line := lines[i]
		for name, changed := range map[string]string{"without": "", "with another object": otherObject(line)} {
			if changed == line {
				continue
			}
			h := open(t, "")
			text := strings.Join(slices.Concat(lines[:i], []string{changed}, lines[i+1:]), "")
			_, err := h.Load(t.Context(), "in", sequence(nquadsText(text)), nil)
			switch {
			case errors.Is(err, graph.ErrRejected):
				refused++
			case err != nil:
				t.Errorf("%s: %v", name, err)
			case digest(t, h) != want && !harmless(line):
				t.Errorf("%s %s: not noticed", name, line)
			}
			if err := h.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if refused < len(lines)/7 {
		t.Errorf("%d of %d lines refused", refused, len(lines))
	}
}

var object = regexp.MustCompile(`^(<\S+> <\S+>) (<[^>]+|"[^"]+)(.*\n)$`)

func otherObject(line string) string { return object.ReplaceAllString(line, "$1 ${2}x$3") }

// harmless reports whether a line may change: it has a property of an entity other
// than its name.
func harmless(line string) bool { return strings.Contains(line, "dip:country") }

func TestRestoreKeepsWhatItMayKeep(t *testing.T) {
	g := talks(t)
	text := exported(t, g)
	bad := strings.Replace(text, `"held talks"`, `"held no talks"`, 1)
	h := open(t, "")
	var rejected []error
	_, err := h.Load(t.Context(), "in", sequence(nquadsText(bad)), &graph.LoadOptions{MaxErrors: -1, OnReject: func(err error) { rejected = append(rejected, err) }})
	if err != nil || len(rejected) == 0 || !errors.Is(rejected[0], schema.ErrDecode) {
		t.Fatal(err, rejected)
	}
	digest(t, h) // verifies
	facts := collect(t, h.Facts(t.Context(), graph.Filter{}))
	if n := len(facts); n != 2 {
		t.Errorf("%d facts", n)
	}
}

func TestForeignStatements(t *testing.T) {
	const text = `<http://example.org/a> <http://example.org/knows> _:b <http://example.org/g> .
_:b <http://example.org/name> "B"@en-thelongestsubtag _:h .
<http://example.org/a> <http://example.org/of> <urn:entente:person:xie-feng> .
`
	g := open(t, "")
	load(t, g, "d", world()...)
	alone := digest(t, g)
	report := load(t, g, "elsewhere", nquadsText(text))
	if report.Statements != 3 || report.Facts != 0 {
		t.Errorf("%+v", report)
	}
	both := digest(t, g)
	h := open(t, "")
	load(t, h, "all", nquadsText(exported(t, g)))
	if digest(t, h) != both {
		t.Error("statements do not come back as they were")
	}
	if e, err := g.Entity(t.Context(), xie.ID); err != nil || e.Label != "Xie Feng" {
		t.Errorf("%+v %v", e, err)
	}
	if _, err := g.Forget(t.Context(), "elsewhere"); err != nil {
		t.Fatal(err)
	}
	if digest(t, g) != alone {
		t.Error("statements outlive their dataset")
	}
}

// Statements from a program give the same result as an N-Quads text.
func TestStatements(t *testing.T) {
	g, h := open(t, ""), open(t, "")
	iri := func(s string) schema.Node { return schema.Node{Kind: schema.IRINode, Value: s} }
	load(t, g, "d", schema.Statement{Subject: iri("http://example.org/a"), Predicate: iri("http://example.org/p"),
		Object: schema.Node{Kind: schema.LiteralNode, Value: "x", Lang: "en"}, Graph: schema.Node{Kind: schema.BlankNode, Value: "g"}})
	load(t, h, "d", nquadsText(`<http://example.org/a> <http://example.org/p> "x"@en _:g .`))
	if digest(t, g) != digest(t, h) {
		t.Errorf("%s\nand\n%s", exported(t, g), exported(t, h))
	}
	for _, s := range []schema.Statement{
		{Subject: iri("fact:x"), Predicate: iri("http://example.org/p"), Object: iri("http://example.org/b")},
		{Subject: iri("http://example.org/a"), Predicate: iri("dip:met"), Object: iri("http://example.org/b")},
		{Subject: iri("no IRI"), Predicate: iri("http://example.org/p"), Object: iri("http://example.org/b")},
		{Subject: iri("http://example.org/a"), Predicate: iri("http://example.org/p"), Object: schema.Node{Kind: schema.BlankNode, Value: "a b"}},
		{Subject: iri("http://example.org/a"), Predicate: iri("http://example.org/p"), Object: schema.Node{Kind: schema.LiteralNode, Lang: "e n"}},
		{Subject: schema.Node{Kind: schema.LiteralNode, Value: "x"}, Predicate: iri("http://example.org/p"), Object: iri("http://example.org/b")},
	} {
		if _, err := g.Load(t.Context(), "e", sequence(s), nil); !errors.Is(err, schema.ErrStatement) {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

// A world of hundreds of facts is restored unchanged, also into a graph with another
// world.
func TestRestoreAWorld(t *testing.T) {
	g := open(t, "")
	if _, err := g.Load(t.Context(), "world", synth.Records(600, 7), nil); err != nil {
		t.Fatal(err)
	}
	load(t, g, "other", world()...)
	text := exported(t, g)
	h := open(t, "")
	load(t, h, "other", world()...)
	load(t, h, "in", nquadsText(text))
	if digest(t, h) != digest(t, g) {
		t.Error("the restored world is another")
	}
	v, err := h.Verify(t.Context())
	if err != nil || v.Facts == 0 {
		t.Error(v.Facts, err)
	}
	sets, err := h.Datasets(t.Context())
	if err != nil || fmt.Sprint(sets[1].Facts) != fmt.Sprint(v.Facts) {
		t.Error(sets, err)
	}
}
