package export_test

import (
	"bytes"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/schema"
)

func mermaidReadings() []reading {
	damage := map[string]edit{
		"an edge dropped":  replaced(`(?m)^  n\d+ <?-\.?->.*\n`, ""),
		"a label changed":  replaced(`秦刚`, "秦剛"),
		"a plan hidden":    replaced(`-\.->`, "-->"),
		"ends swapped":     replaced(`(?m)^  (n\d+) (-->\|.*\|) (n\d+)$`, "  $3 $2 $1"),
		"a denial hidden":  replaced(`(linkStyle )(\d+),`, "$1"),
		"a kind changed":   replaced(`:::person`, ":::place"),
		"a quote opened":   replaced(`#quot;`, `"`),
		"markup is let in": replaced(`#60;b#62;`, "<b>"),
	}
	facts := map[string]edit{"a plan hidden": replaced(`  class n\d+ open\n`, "")}
	for name, e := range damage {
		if facts[name] == nil {
			facts[name] = e
		}
	}
	row := func(o export.Options, damage map[string]edit) reading {
		return reading{format: export.Mermaid, options: o, script: "mermaid.mjs", needs: "npm mermaid", want: wantFlowchart, text: shownText, damage: damage}
	}
	return []reading{row(export.Options{}, damage), row(export.Options{Shape: export.ShapeFacts}, facts)}
}

// shownText leaves out control and direction characters other than tabs and line breaks,
// all of which are line feeds.
func shownText(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n").Replace(s)
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			return -1
		}
		return r
	}, s)
}

// wantFlowchart returns the nodes and edges of a flowchart.
func wantFlowchart(t *testing.T, s export.Selection, o export.Options) any {
	t.Helper()
	o.Collapse = o.Shape != export.ShapeFacts
	all := wantElements(t, s, o)
	lines := func(x map[string]any, label string, keys ...string) string {
		for _, k := range keys {
			if text, _ := x[k].(string); text != "" {
				label += "\n" + text
			}
		}
		return label
	}
	isDenied := func(x map[string]any) bool {
		return x["standing"] == "disputed" || x["standing"] == "denied" || x["stance"] == "denies"
	}
	var nodes, edges []map[string]any
	labels := map[string]string{}
	for _, n := range all.Nodes {
		kind := strings.ToLower(n["entity_kind"].(string))
		classes, label := []string{kind}, n["label"].(string)
		if strings.TrimSpace(shownText(label)) == "" {
			label = n["id"].(string)
		}
		if kind == "fact" {
			label = lines(n, label, "date", "widened")
			if n["established"] != true {
				classes = append(classes, "open")
			}
			if isDenied(n) {
				classes = append(classes, "denied")
			}
		}
		labels[n["id"].(string)] = label
		nodes = append(nodes, map[string]any{"label": label, "classes": classes})
	}
	for _, e := range all.Edges {
		line := map[string]any{"source": labels[e["source"].(string)], "target": labels[e["target"].(string)], "label": e["label"],
			"stroke": "normal", "type": "arrow_point", "denied": isDenied(e)}
		if o.Collapse {
			label := e["label"].(string)
			if topic, _ := e["topic"].(string); topic != "" {
				label += " about " + topic
			}
			label = lines(e, label, "date", "widened")
			if e["pairs"] != 1 {
				label += "\npair " + strconv.Itoa(e["pair"].(int)) + " of " + strconv.Itoa(e["pairs"].(int))
			}
			line["label"] = label
		}
		if e["established"] == false || e["stance"] != nil && e["stance"] != "asserts" {
			line["stroke"] = "dotted"
		}
		if e["symmetric"] == true {
			line["type"] = "double_arrow_point"
		}
		edges = append(edges, line)
	}
	return map[string]any{"nodes": nodes, "edges": edges}
}

// A flowchart that Mermaid would not show is refused, and the error has both numbers.
func TestMermaidRefusesLargeGraphs(t *testing.T) {
	t.Parallel()
	var records []schema.Record
	person := func(i int) schema.ID { return schema.ID("person:" + strconv.Itoa(i)) }
	for i := range 502 {
		records = append(records, schema.Entity{ID: person(i), Kind: schema.Person, Label: "A"})
	}
	records = append(records, schema.Document{Entity: schema.Entity{ID: "doc:x", Kind: schema.Doc, Label: "X"}})
	for i := range 501 {
		records = append(records, schema.Fact{Verb: "met", Status: schema.Happened, Evidence: []schema.Evidence{{Source: "doc:x", Stance: schema.Asserts}},
			Roles: []schema.Participant{{Role: schema.RoleParty, ID: person(i)}, {Role: schema.RoleParty, ID: person(i + 1)}}})
	}
	var out bytes.Buffer
	g := loadRecords(t, records)
	err := export.Write(t.Context(), &out, export.Mermaid, export.Selection{Graph: g}, export.Options{})
	if !errors.Is(err, export.ErrTooLarge) || out.Len() > 0 || !regexp.MustCompile(`501 edges and \d{5} characters`).MatchString(err.Error()) {
		t.Errorf("%v, and %d bytes", err, out.Len())
	}
	var long []schema.Record
	for i := range 60 {
		long = append(long, schema.Entity{ID: person(i), Kind: schema.Person, Label: strings.Repeat("long ", 200)})
	}
	err = export.Write(t.Context(), &out, export.Mermaid, export.Selection{Graph: loadRecords(t, long)}, export.Options{})
	if !errors.Is(err, export.ErrTooLarge) || out.Len() > 0 {
		t.Errorf("%v, and %d bytes", err, out.Len())
	}
}
