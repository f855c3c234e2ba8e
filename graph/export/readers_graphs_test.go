package export_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/schema"
)

// graphReadings are the readers of the formats of programs that draw and measure
// networks: in the shape with facts as edges, which is their default, and in the other
// one with less damage, since that is read as slowly as the whole file.
func graphReadings() []reading {
	unseen := []string{"a kind of edge doubled", "a list made one text"} // by networkx
	all := []reading{
		{format: export.GEXF, script: "gexf.mjs", needs: "npm graphology-gexf", want: wantGEXF, text: xmlText, damage: gexfDamage},
		{format: export.GEXF12, script: "networks.py", needs: "python networkx", want: wantGEXFOfNetworkx, text: xmlText, damage: without(gexfDamage, unseen...)},
		{format: export.GraphML, script: "graphml.mjs", needs: "npm graphology-graphml", want: wantGraphML, text: xmlText, damage: graphMLDamage},
		{format: export.GraphML, script: "networks.py", needs: "python networkx", want: wantGraphML, text: xmlText, damage: without(graphMLDamage, "a key of the others")},
		{format: export.GraphML, script: "graphml_igraph.py", needs: "python igraph", want: wantGraphML, text: xmlText, damage: graphMLDamage},
		{format: export.Cytoscape, script: "cytoscape.mjs", needs: "npm cytoscape", want: wantCytoscape, damage: jsonDamage},
		{format: export.Graphology, script: "graphology.mjs", needs: "npm graphology", want: wantGraphology, damage: jsonDamage},
		{format: export.D3, script: "networks.py", needs: "python networkx", want: wantNodeLink, damage: jsonDamage},
		{format: export.D3, script: "d3_force.mjs", needs: "npm d3-force", want: wantNodeLink, damage: jsonDamage},
	}
	for _, r := range slices.Clone(all) {
		r.options.Shape = export.ShapeFacts
		r.damage = only(r.damage, "an edge dropped", "ends swapped", "a status changed")
		all = append(all, r)
	}
	gexf12, edges := all[0], all[7]
	gexf12.format, gexf12.damage = export.GEXF12, only(gexfDamage, "an edge dropped", "a start moved", "a kind of edge doubled")
	edges.options, edges.damage = export.Options{EdgesKey: "edges"}, only(jsonDamage, "an edge dropped", "ends swapped", "a status changed")
	return append(all, gexf12, edges)
}

// only returns the kinds of damage of the names.
func only(damage map[string]edit, names ...string) map[string]edit {
	some := map[string]edit{}
	for _, name := range names {
		some[name] = damage[name]
	}
	return some
}

var gexfDamage = map[string]edit{
	"an edge dropped":        replaced(`(?m)^<edge .*\n`, ""),
	"a node renamed":         replaced(`<node id="person:alone"`, `<node id="person:other"`),
	"ends swapped":           replaced(`source="([^"]+)" target="([^"]+)"`, `source="$2" target="$1"`),
	"a label changed":        replaced(`秦刚`, "秦剛"),
	"a start moved":          replaced(` start="2023-07-12"`, ` start="2023-07-13"`),
	"an open end closed":     replaced(` start="1960-09-01">`, ` start="1960-09-01" end="2000-01-01">`),
	"a status changed":       replaced(`value="planned"`, `value="happened"`),
	"a quote cut":            replaced(`举行会谈`, "举行"),
	"a truth value changed":  replaced(`value="false"`, `value="true"`),
	"an attribute renamed":   replaced(`title="standing"`, `title="stending"`),
	"a list made one text":   replaced(`type="liststring"`, `type="string"`),
	"a kind of edge doubled": replaced(` kind="([^"]*) 2"`, ` kind="$1"`),
	"a tag not closed":       replaced(`</node>`, ""),
}

var graphMLDamage = map[string]edit{
	"an edge dropped":       replaced(`(?m)^<edge .*\n`, ""),
	"a node renamed":        replaced(`<node id="person:alone"`, `<node id="person:other"`),
	"ends swapped":          replaced(`source="([^"]+)" target="([^"]+)"`, `source="$2" target="$1"`),
	"a label changed":       replaced(`秦刚`, "秦剛"),
	"a status changed":      replaced(`>planned<`, `>happened<`),
	"a quote cut":           replaced(`举行会谈`, "举行"),
	"a truth value changed": replaced(`>false<`, `>true<`),
	"an attribute renamed":  replaced(`attr.name="standing"`, `attr.name="stending"`),
	"a key of the others":   replaced(`for="edge"`, `for="node"`),
	"a number made a text":  replaced(`attr.type="int"`, `attr.type="string"`),
	"a tag not closed":      replaced(`</node>`, ""),
}

var jsonDamage = map[string]edit{
	"an edge dropped":       replaced(`(?m)^\{[^\n]*"source":.*,\n`, ""),
	"a node renamed":        replaced(`"person:alone"`, `"person:other"`),
	"ends swapped":          replaced(`"source":("[^"]+"),"target":("[^"]+")`, `"source":$2,"target":$1`),
	"a label changed":       replaced(`秦刚`, "秦剛"),
	"a status changed":      replaced(`"planned"`, `"happened"`),
	"a quote cut":           replaced(`举行会谈`, "举行"),
	"a truth value changed": replaced(`"established":false`, `"established":true`),
	"a truth value quoted":  replaced(`"established":false`, `"established":"false"`),
	"a bracket lost":        replaced(`\n\]`, "\n"),
}

// without returns the kinds of damage that a reader can notice.
func without(damage map[string]edit, unseen ...string) map[string]edit {
	rest := maps.Clone(damage)
	for _, name := range unseen {
		delete(rest, name)
	}
	return rest
}

// xmlText replaces what XML 1.0 cannot hold.
func xmlText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return 0xFFFD
		}
		return r
	}, s)
}

// collapsedElements returns the elements in the shape that the options ask for, which
// is edges if they do not say it.
func collapsedElements(t *testing.T, s export.Selection, o export.Options) elements {
	o.Collapse = o.Shape != export.ShapeFacts
	return wantElements(t, s, o)
}

// wantLook returns the colour and the line of an element.
func wantLook(x map[string]any) (color, line string) {
	status, standing, stance := x["status"], x["standing"], x["stance"]
	color, line = "#404040", "solid"
	if kind, ok := x["entity_kind"].(string); ok && kind != "Fact" {
		return map[string]string{"Person": "#0072b2", "Post": "#56b4e9", "Institution": "#009e73", "Group": "#8c6bb1", "Country": "#e69f00",
			"Place": "#f0e442", "Gathering": "#cc79a7", "Document": "#d9c7a3", "Thing": "#997755"}[kind], ""
	}
	if status != "happened" {
		color, line = "#b0b0b0", "dashed"
	}
	switch standing {
	case "disputed":
		color = "#d52b1e"
	case "denied":
		color, line = "#d52b1e", "dotted"
	case "doubted", "hearsay":
		color, line = "#b0b0b0", "dotted"
	}
	switch stance {
	case "denies":
		color, line = "#d52b1e", "dotted"
	case "doubts", "hearsay":
		color, line = "#b0b0b0", "dotted"
	}
	return color, line
}

// setKinds gives parallel edges of one label different kinds.
func setKinds(edges []map[string]any) {
	seen := map[string]int{}
	for _, x := range edges {
		key := fmt.Sprint(x["source"], "\n", x["target"], "\n", x["label"])
		seen[key]++
		x["kind"] = x["label"]
		if seen[key] > 1 {
			x["kind"] = fmt.Sprintf("%s %d", x["label"], seen[key])
		}
	}
}

// wantGEXF returns what graphology reads of GEXF, with starts and ends.
func wantGEXF(t *testing.T, s export.Selection, o export.Options) any {
	all := collapsedElements(t, s, o)
	spells := map[any]map[string]any{}
	for _, f := range selected(t, s) {
		spells[string(f.ID)] = wantSpell(t, s, f)
	}
	setKinds(all.Edges)
	for _, x := range all.Edges {
		color, line := wantLook(x)
		x["color"], x["shape"] = cssColor(color), line
		spell := spells[x["fact"]]
		x["start"], x["end"] = spell["start"], spell["end"]
		if x["first_day"] != nil || x["last_day"] != nil {
			x["timing"] = spell["timing"]
		}
		omit(x)
	}
	for _, x := range all.Nodes {
		color, _ := wantLook(x)
		x["color"], x["size"] = cssColor(color), 10
		if spell := spells[x["id"]]; spell != nil {
			x["size"], x["start"], x["end"], x["timing"] = 4, spell["start"], spell["end"], spell["timing"]
			omit(x)
		}
	}
	return all
}

// wantSpell returns the start and the end of a fact, and what its days mean.
func wantSpell(t *testing.T, s export.Selection, f schema.Fact) map[string]any {
	days, dated, err := s.Graph.Vocabulary().Extent(f)
	if err != nil {
		t.Fatal(err)
	}
	spell := map[string]any{}
	if dated && days.From != schema.MinDay {
		spell["start"] = days.From.String()
	}
	if dated && days.To != schema.MaxDay {
		spell["end"] = days.To.String()
	}
	switch {
	case len(spell) == 0:
	case s.Graph.Vocabulary().VerbKind(f.Verb) == schema.Relation:
		spell["timing"] = "a span within these days"
	case days.From == days.To:
		spell["timing"] = "on this day"
	default:
		spell["timing"] = "once within these days"
	}
	return spell
}

// wantGEXFOfNetworkx is without what networkx does not read: kinds, and the colours and
// lines of edges.
func wantGEXFOfNetworkx(t *testing.T, s export.Selection, o export.Options) any {
	all := wantGEXF(t, s, o).(elements)
	for _, x := range all.Edges {
		delete(x, "kind")
		delete(x, "color")
		delete(x, "shape")
	}
	return all
}

func wantGraphML(t *testing.T, s export.Selection, o export.Options) any {
	all := collapsedElements(t, s, o)
	for _, x := range all.Nodes {
		x["name"] = x["label"]
		x["color"], _ = wantLook(x)
	}
	for _, x := range all.Edges {
		x["interaction"], x["name"] = x["label"], x["label"]
		if x["sentence"] != nil {
			x["name"] = x["sentence"]
		}
		x["color"], _ = wantLook(x)
	}
	return all.each(flatten)
}

func wantCytoscape(t *testing.T, s export.Selection, o export.Options) any {
	all := collapsedElements(t, s, o)
	for _, x := range all.Nodes {
		x["name"] = x["label"]
		x["color"], _ = wantLook(x)
		x["drawn"] = x["color"]
	}
	for _, x := range all.Edges {
		color, line := wantLook(x)
		x["name"], x["interaction"], x["color"], x["line"] = x["label"], x["label"], color, line
		tail := "none"
		if x["symmetric"] == true {
			tail = "triangle"
		}
		x["drawn"] = color + " " + line + " " + tail + " triangle"
	}
	return all
}

func wantGraphology(t *testing.T, s export.Selection, o export.Options) any {
	all := collapsedElements(t, s, o)
	for _, x := range all.Nodes {
		x["color"], _ = wantLook(x)
		x["size"] = 10
		if x["entity_kind"] == "Fact" {
			x["size"] = 4
		}
	}
	for _, x := range all.Edges {
		x["color"], _ = wantLook(x)
		x["size"] = 1
	}
	return all
}

func wantNodeLink(t *testing.T, s export.Selection, o export.Options) any {
	all := collapsedElements(t, s, o)
	for _, x := range all.Nodes {
		x["color"], _ = wantLook(x)
	}
	for _, x := range all.Edges {
		x["color"], x["line"] = wantLook(x)
	}
	return all
}

// cssColor returns the colour as graphology reads it: "rgb(0,114,178)".
func cssColor(hex string) string {
	var r, g, b int
	if _, err := fmt.Sscanf(hex, "#%02x%02x%02x", &r, &g, &b); err != nil {
		return err.Error()
	}
	return fmt.Sprintf("rgb(%d,%d,%d)", r, g, b)
}

func omit(x map[string]any) {
	for k, v := range x {
		if v == nil {
			delete(x, k)
		}
	}
}
