package export_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/schema"
)

// reading is a row of the table of independent readers: a format, a program of others
// that reads it, and what that program must find in the file.
type reading struct {
	format  export.Format
	options export.Options

	// script is a file in .ci/readers: NAME.mjs for node, NAME.py for Python. It prints
	// what it reads of each file that it is called with, by each and present of lib.mjs
	// or lib.py: a map of lists, such as {"nodes": […], "edges": […]}.
	script string
	needs  string // what the script needs: "npm graphology", "python networkx", "program dot"

	// want returns what the script must print for a selection. It is computed from the
	// facts and entities of the graph, without the code of the exporter; [wantElements]
	// and [wantQuads] are such functions. The order of the objects of a list does not
	// matter.
	want func(t *testing.T, s export.Selection, o export.Options) any

	// text, if not nil, is what the format makes of a text that it cannot carry as it is,
	// such as one with control characters.
	text func(string) string

	// refuses, if not nil, is the error of a graph that the format cannot carry, such as
	// one with control characters.
	refuses error

	// damage lists edits of the exported file, by name. Each must change the file, and
	// make the reader find something else, or nothing.
	damage map[string]edit
}

// readings is the table of independent readers. A new format adds its rows here, from a
// function in readers_FORMAT_test.go.
func readings() []reading {
	return slices.Concat(
		dotReadings(),
		graphReadings(),
		yEdReadings(),
		nquadsReadings(),
		turtleReadings(),
		trigReadings(),
		jsonldReadings(),
		csvReadings(),
		tableReadings(),
		neo4jReadings(),
		ftmReadings(),
		timelineReadings(),
		mermaidReadings(),
		noteReadings(),
	)
}

// unread lists the formats that no independent program reads, each with the reason.
var unread = map[export.Format]string{}

func TestEveryFormatHasAReader(t *testing.T) {
	t.Parallel()
	read := map[export.Format]bool{}
	for _, r := range readings() {
		read[r.format] = true
		if len(r.damage) < 3 {
			t.Errorf("%s: %d kinds of damage, want at least 3: such as an edge dropped, an attribute changed, ends swapped", r.name(), len(r.damage))
		}
	}
	for _, f := range export.Formats() {
		if reason, exempt := unread[f]; read[f] == exempt || exempt && reason == "" {
			t.Errorf("%s: an independent reader %v, exempt %v %q", f, read[f], exempt, reason)
		}
	}
}

// TestReaders exports graphs, and reads each file with a program of others.
func TestReaders(t *testing.T) {
	t.Parallel()
	all := everything(t)
	contacts := &graph.Filter{Conditions: graph.Conditions{Verbs: all.Vocabulary().Group("contact")}}
	cases := []readingCase{
		{"everything", export.Selection{Graph: all}},
		{"contacts", export.Selection{Graph: all, Filter: contacts}},
		{"a network", closed(t, all)},
		{controlCharacters, export.Selection{Graph: noise(t, 0, controls())}},
	}
	seeds := uint64(1)
	if os.Getenv("ENTENTE_TESTS") == "full" {
		seeds = 5
	}
	for seed := range seeds {
		cases = append(cases, readingCase{fmt.Sprint("signs ", seed), export.Selection{Graph: noise(t, seed+1, signs())}})
	}
	names := map[string]bool{}
	for _, r := range readings() {
		if names[r.name()] {
			t.Errorf("two rows are named %s", r.name())
		}
		names[r.name()] = true
		t.Run(r.name(), func(t *testing.T) {
			t.Parallel()
			testReading(t, r, cases)
		})
	}
}

// closed selects five entities, one of them in no fact, and the facts that link two of
// them.
func closed(t *testing.T, g *graph.Graph) export.Selection {
	t.Helper()
	s := export.Selection{Graph: g, Closed: true, Entities: []schema.ID{"person:xie-feng", "person:ely-ratner", "person:秦刚", "country:china", "person:alone"}}
	for _, f := range selected(t, s) {
		if slices.ContainsFunc(g.Vocabulary().Pairs(f), func(e schema.Edge) bool {
			return slices.Contains(s.Entities, e.From) && slices.Contains(s.Entities, e.To)
		}) {
			s.Facts = append(s.Facts, f.ID)
		}
	}
	if len(s.Facts) < 5 {
		t.Fatalf("only the facts %v", s.Facts)
	}
	return s
}

// controlCharacters is the case that a format may refuse.
const controlCharacters = "control characters"

// readingCase is a selection that is exported; the first one is also damaged.
type readingCase struct {
	name      string
	selection export.Selection
}

// kindOf is the kind of an entity or "Fact".
func kindOf(id schema.ID) string { return string(schema.KindOf(id)) }
