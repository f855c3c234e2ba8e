package export_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/export"
)

// An option that a format does not have is an error, and nothing is written.
func TestOptionsOfOtherFormats(t *testing.T) {
	t.Parallel()
	g := world(t)
	for _, c := range []struct {
		format  export.Format
		options export.Options
		fine    bool
	}{
		{export.DOT, export.Options{Shape: export.ShapeEdges}, true}, {export.DOT, export.Options{Shape: "round"}, false},
		{export.GEXF, export.Options{Shape: export.ShapeFacts}, true}, {export.GEXF, export.Options{Shape: export.ShapeFacts, Collapse: true}, false},
		{export.GEXF, export.Options{Shape: export.ShapeEdges, Collapse: true}, true},
		{export.CSV, export.Options{Shape: export.ShapeEdges}, false}, {export.CSV, export.Options{Collapse: true}, false},
		{export.CSV, export.Options{Excel: true}, true}, {export.GEXF, export.Options{Excel: true}, false},
		{export.GraphML, export.Options{YEd: true}, true}, {export.GEXF, export.Options{YEd: true}, false},
		{export.D3, export.Options{EdgesKey: "edges"}, true}, {export.D3, export.Options{EdgesKey: "links"}, true},
		{export.D3, export.Options{EdgesKey: "nodes"}, false}, {export.Graphology, export.Options{EdgesKey: "edges"}, false},
	} {
		var out bytes.Buffer
		err := export.Write(t.Context(), &out, c.format, export.Selection{Graph: g}, c.options)
		if (err == nil) != c.fine || !c.fine && (!errors.Is(err, export.ErrOption) || out.Len() > 0) {
			t.Errorf("%s with %+v: %v, %d bytes", c.format, c.options, err, out.Len())
		}
	}
}

// Notes say what a file lacks: facts without an edge, characters that XML cannot hold.
func TestNotes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		format  export.Format
		options export.Options
		want    []string
	}{
		{export.GEXF, export.Options{}, []string{"characters that XML cannot hold were replaced by U+FFFD"}},
		{export.GraphML, export.Options{Shape: export.ShapeFacts}, []string{"characters that XML cannot hold were replaced by U+FFFD"}},
		{export.D3, export.Options{}, nil},
	} {
		var notes []string
		c.options.Notes = &notes
		if err := export.Write(t.Context(), &bytes.Buffer{}, c.format, export.Selection{Graph: world(t)}, c.options); err != nil {
			t.Fatal(err)
		}
		if len(notes) != len(c.want) {
			t.Fatalf("%s: notes %q, want %q", c.format, notes, c.want)
		}
		for i, want := range c.want {
			if !strings.Contains(notes[i], want) {
				t.Errorf("%s: note %q, want %q", c.format, notes[i], want)
			}
		}
	}
	var notes []string
	if err := export.Write(t.Context(), &bytes.Buffer{}, export.GEXF, export.Selection{Graph: everything(t)}, export.Options{Notes: &notes}); err != nil {
		t.Fatal(err)
	}
	if len(notes) != 1 || !strings.Contains(notes[0], "facts that link no two entities have no edge") {
		t.Errorf("notes %q", notes)
	}
}
