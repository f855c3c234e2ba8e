package export_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	peer "github.com/cayleygraph/quad/nquads"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// hostile is a name that ends every string that does not escape it.
const hostile = "a \"b\\N\\\" <c> {|} [x]; // --\n\x1b[31m\u202e谢\\"

func world(t *testing.T) *graph.Graph {
	t.Helper()
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	entity := func(id schema.ID, label string) schema.Entity {
		return schema.Entity{ID: id, Kind: schema.KindOf(id), Label: label}
	}
	fact := func(a schema.ID, verb schema.Verb, b schema.ID, status schema.Status, stance schema.Stance) schema.Fact {
		return schema.Fact{Verb: verb, Status: status, Topic: hostile, When: schema.When{Written: "2023-07-12"},
			Roles:    []schema.Participant{{Role: schema.RoleActor, ID: a}, {Role: schema.RoleRecipient, ID: b}},
			Evidence: []schema.Evidence{{Source: "doc:x", Quote: hostile, Stance: stance, At: []schema.ID{"place:p"}}}}
	}
	records := []schema.Record{
		entity("person:a", strings.ReplaceAll(hostile, "\n", " ")), entity("person:b", "B"), entity("country:c", "C"), entity("place:p", "P"),
		entity("person:alone", "Alone"), schema.Document{Entity: entity("doc:x", "X")},
		fact("person:a", "met", "person:b", schema.Happened, schema.Asserts),
		fact("country:c", "sanctioned", "person:a", schema.Happened, schema.Asserts),
		fact("person:b", "met", "country:c", schema.Refused, schema.Asserts),
		fact("person:b", "urged", "country:c", schema.Happened, schema.Denies),
	}
	_, err = g.Load(t.Context(), "d", func(yield func(schema.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func write(t *testing.T, g *graph.Graph, f export.Format, filter *graph.Filter, o export.Options) string {
	t.Helper()
	selection := export.Selection{Graph: g, Filter: filter}
	var first, second bytes.Buffer
	for _, w := range []*bytes.Buffer{&first, &second} {
		if err := export.Write(t.Context(), w, f, selection, o); err != nil {
			t.Fatal(err)
		}
	}
	if first.String() != second.String() {
		t.Error("two exports of one graph differ")
	}
	return first.String()
}

func count(t *testing.T, g *graph.Graph) int {
	t.Helper()
	s, err := g.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n, err := s.Count(t.Context(), store.Pattern{})
	if err != nil {
		t.Fatal(err)
	}
	notes, err := s.Count(t.Context(), store.Pattern{Label: graph.LoadsLabel})
	if err != nil || notes != 1 {
		t.Fatal(notes, err)
	}
	return int(n - notes)
}

func TestNQuadsHoldsEveryQuad(t *testing.T) {
	g := world(t)
	out := write(t, g, export.NQuads, nil, export.Options{})
	if got, want := strings.Count(out, "\n"), count(t, g); got != want {
		t.Errorf("%d lines, %d quads", got, want)
	}
	for line := range strings.Lines(out) {
		if _, err := peer.Parse(strings.TrimSpace(line)); err != nil {
			t.Errorf("Cayley's reader: %v: %s", err, line)
		}
	}
	if !strings.Contains(out, "<urn:entente:person:a> <urn:entente:dip:met> <urn:entente:person:b> <urn:entente:fact:") {
		t.Errorf("no edge in\n%s", out)
	}
}

func TestNQuadsOfAFilterIsSelfContained(t *testing.T) {
	g := world(t)
	out := write(t, g, export.NQuads, &graph.Filter{Conditions: graph.Conditions{Verbs: []schema.Verb{"sanctioned"}}}, export.Options{})
	for _, want := range []string{"dip:sanctioned>", "urn:entente:person:a> <http://www.w3.org/2000/01/rdf-schema#label>", "dip:quote>", "doc:x> <http://www.w3.org/2000/01/rdf-schema#label>"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
	for _, other := range []string{"dip:met>", "person:b>", "person:alone"} {
		if strings.Contains(out, other) {
			t.Errorf("%s is not of the fact\n%s", other, out)
		}
	}
	lines := map[string]bool{}
	for line := range strings.Lines(out) {
		if lines[line] {
			t.Errorf("written twice: %s", line)
		}
		lines[line] = true
	}
	if !strings.Contains(out, "dip:standing>") {
		t.Errorf("no standing in\n%s", out)
	}
	collapsed := write(t, g, export.NQuads, &graph.Filter{}, export.Options{Collapse: true})
	if strings.Contains(collapsed, "dip:quote>") || strings.Contains(collapsed, "dip:standing>") || strings.Count(collapsed, "<urn:entente:dip:met> ") != 2 || strings.Contains(collapsed, "dip:urged>") {
		t.Errorf("collapsed:\n%s", collapsed)
	}
}

// A collapsed edge of a disputed fact is told apart by the standing of its label.
func TestCollapsedEdgesOfDisputedFacts(t *testing.T) {
	g := everything(t)
	out := write(t, g, export.NQuads, nil, export.Options{Collapse: true})
	disputed := 0
	for f, err := range g.Facts(t.Context(), graph.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		iri := "<urn:entente:" + string(f.ID) + ">"
		standing := iri + " <urn:entente:dip:standing> <urn:entente:dip:disputed> " + iri + " .\n"
		want := f.Standing() == schema.StandingDisputed && strings.Contains(strings.ReplaceAll(out, standing, ""), " "+iri+" .\n")
		if want {
			disputed++
		}
		if got := strings.Contains(out, iri+" <urn:entente:dip:standing>"); got != want {
			t.Errorf("%s, %s: its standing is written: %v", f.ID, f.Standing(), got)
		}
	}
	if disputed == 0 {
		t.Error("no disputed fact has an edge")
	}
}

func TestDOT(t *testing.T) {
	g := world(t)
	nodes := write(t, g, export.DOT, nil, export.Options{})
	for _, want := range []string{`shape=plaintext, style=dashed`, `-> "person:b" [label="party"]`, `-> "doc:x" [label="source"]`, `"person:alone"`} {
		if !strings.Contains(nodes, want) {
			t.Errorf("no %s in\n%s", want, nodes)
		}
	}
	collapsed := write(t, g, export.DOT, &graph.Filter{}, export.Options{Collapse: true})
	if strings.Count(collapsed, " -> ") != 4 || strings.Count(collapsed, "dir=both") != 2 || strings.Contains(collapsed, "person:alone") {
		t.Errorf("collapsed:\n%s", collapsed)
	}
	if strings.ContainsAny(nodes+collapsed, "\x1b\u202e") {
		t.Error("control characters are written")
	}
}

func TestUnknownFormat(t *testing.T) {
	err := export.Write(t.Context(), &bytes.Buffer{}, "png", export.Selection{Graph: world(t)}, export.Options{})
	if !errors.Is(err, export.ErrFormat) {
		t.Errorf("error %v", err)
	}
}

type brokenPipe struct{}

var errBroken = errors.New("broken pipe")

func (brokenPipe) Write([]byte) (int, error) { return 0, errBroken }

func TestErrorsOfTheWriterAreKept(t *testing.T) {
	g := world(t)
	for _, f := range export.Formats() {
		if err := export.Write(t.Context(), brokenPipe{}, f, export.Selection{Graph: g}, export.Options{}); !errors.Is(err, errBroken) {
			t.Errorf("%s: %v", f, err)
		}
	}
}

// reader is a program that reads a format, from a Debian package.
func reader(t *testing.T, program, debian string) string {
	t.Helper()
	name, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("%s of Debian's %s is not installed", program, debian)
	}
	return name
}

func TestGraphvizReadsDOT(t *testing.T) {
	gc := reader(t, "gc", "graphviz")
	g := world(t)
	for _, collapse := range []bool{false, true} {
		out := write(t, g, export.DOT, nil, export.Options{Collapse: collapse})
		cmd := exec.CommandContext(t.Context(), gc, "-n", "-e")
		cmd.Stdin = strings.NewReader(out)
		cmd.Stderr = os.Stderr
		answer, err := cmd.Output()
		if err != nil {
			t.Fatalf("gc: %v\n%s", err, out)
		}
		var nodes, edges int
		if _, err := fmt.Sscan(string(answer), &nodes, &edges); err != nil {
			t.Fatalf("gc says %q", answer)
		}
		// Six entities, and four facts as nodes: each with two participants, a
		// place and a source. As edges, one each.
		want := [2]int{10, 16}
		if collapse {
			want = [2]int{6, 4}
		}
		if got := [2]int{nodes, edges}; got != want {
			t.Errorf("gc counts %v nodes and edges, want %v\n%s", got, want, out)
		}
	}
}

// Rapper counts the quads or triples of every syntax of RDF that it reads, and a lost
// full stop is an error.
func TestRapperReadsRDF(t *testing.T) {
	rapper := reader(t, "rapper", "raptor2-utils")
	g := world(t)
	count := func(syntax export.Format, text string) (int, error) {
		cmd := exec.CommandContext(t.Context(), rapper, "-i", string(syntax), "-c", "-", "urn:x:")
		cmd.Stdin = strings.NewReader(text)
		answer, err := cmd.CombinedOutput()
		counted := regexp.MustCompile(`returned (\d+) triple`).FindSubmatch(answer)
		if err != nil || counted == nil {
			return 0, fmt.Errorf("rapper: %w %s", err, answer)
		}
		return strconv.Atoi(string(counted[1]))
	}
	for _, collapse := range []bool{false, true} {
		quads := write(t, g, export.NQuads, nil, export.Options{Collapse: collapse})
		triples := map[string]bool{}
		for line := range strings.Lines(quads) {
			triples[line[:strings.LastIndexByte(line, '<')]] = true
		}
		for syntax, want := range map[export.Format]int{export.NQuads: strings.Count(quads, "\n"), export.TriG: strings.Count(quads, "\n"), export.Turtle: len(triples)} {
			text := write(t, g, syntax, nil, export.Options{Collapse: collapse})
			if n, err := count(syntax, text); n != want || err != nil {
				t.Errorf("%s, collapsed %v: rapper counts %d of %d: %v", syntax, collapse, n, want, err)
			}
			if n, err := count(syntax, strings.Replace(text, " .\n<", " \n<", 1)+" x"); err == nil {
				t.Errorf("%s: rapper reads %d triples of a damaged file", syntax, n)
			}
		}
	}
}
