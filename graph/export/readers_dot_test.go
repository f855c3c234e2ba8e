package export_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

func dotReadings() []reading {
	damage := map[string]edit{
		"an edge dropped": replaced(`(?m)^.* -> .*\n`, ""),
		"a label changed": replaced(`秦刚`, "秦剛"),
		"ends swapped":    replaced(`("person:xie-feng") -> ("\S+")`, "$2 -> $1"),
		"an id renamed":   replaced(`"person:alone"`, `"person:alone2"`),
		"a denial hidden": replaced(`style=dotted, color=red`, "style=solid"),
		"a plan hidden":   replaced(`style=dashed`, "style=solid"),
		"a quote opened":  replaced(`shape=ellipse\];`, `shape="ellipse];`),
	}
	facts := map[string]edit{"ends swapped": replaced(`("fact:\S+") -> ("\S+")`, "$2 -> $1")}
	for name, e := range damage {
		if facts[name] == nil {
			facts[name] = e
		}
	}
	return []reading{
		{format: export.DOT, script: "dot.py", needs: "program dot", want: wantDOT, text: dotText, damage: facts},
		{format: export.DOT, options: export.Options{Collapse: true}, script: "dot.py", needs: "program dot", want: wantDOT, text: dotText, damage: damage},
	}
}

// dotText leaves out what Graphviz does not show: control and direction characters.
func dotText(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			return -1
		}
		return r
	}, s)
}

// wantDOT returns the nodes and edges of a drawing.
func wantDOT(t *testing.T, s export.Selection, o export.Options) any {
	t.Helper()
	shapes := map[string]string{"Person": "ellipse", "Post": "house", "Institution": "box", "Group": "octagon", "Country": "doubleoctagon",
		"Place": "cds", "Gathering": "hexagon", "Document": "note", "Thing": "component"}
	all := wantElements(t, s, o)
	words := render.New(s.Graph)
	facts := map[schema.ID]schema.Fact{}
	for _, f := range selected(t, s) {
		facts[f.ID] = f
	}
	var nodes, edges []map[string]any
	for _, n := range all.Nodes {
		id := schema.ID(n["id"].(string))
		drawn := map[string]any{"id": n["id"], "label": n["label"], "shape": shapes[kindOf(id)]}
		if f, isFact := facts[id]; isFact {
			drawn["label"], drawn["shape"] = words.EdgeTitle(f, f.Verb), "plaintext"
			setDOTStyle(drawn, f)
		}
		nodes = append(nodes, drawn)
	}
	drawn := map[[3]string]bool{}
	for _, e := range all.Edges {
		line := map[string]any{"source": e["source"], "target": e["target"], "label": e["label"]}
		f := facts[schema.ID(e["fact"].(string))]
		switch {
		case o.Collapse:
			line["label"] = words.EdgeTitle(f, schema.Verb(e["predicate"].(string)))
			setDOTStyle(line, f)
			if e["symmetric"] == true {
				line["dir"] = "both"
			}
			if e["predicate"] != e["verb"] {
				line["arrowhead"] = "empty"
			}
		case e["relation"] == "source" && e["stance"] != "asserts":
			line["label"] = schema.Stance(e["stance"].(string)).By()
		case e["relation"] == "at":
			asserting, _ := f.Sides()
			if len(asserting) > 0 && e["stance"] != "asserts" {
				continue // a denial does not place the fact
			}
			line["label"] = "at"
		}
		key := [3]string{line["source"].(string), line["target"].(string), line["label"].(string)}
		if !o.Collapse && drawn[key] {
			continue // several claims of one source are one line
		}
		drawn[key] = true
		edges = append(edges, line)
	}
	return map[string]any{"nodes": nodes, "edges": edges}
}

// setDOTStyle sets the style by which what is not established is told apart.
func setDOTStyle(drawn map[string]any, f schema.Fact) {
	switch standing := f.Standing(); {
	case standing == schema.StandingDisputed:
		drawn["color"] = "red"
	case standing == schema.StandingDenied:
		drawn["color"], drawn["style"] = "red", "dotted"
	case standing == schema.StandingDoubted || standing == schema.StandingHearsay:
		drawn["style"] = "dotted"
	case f.Status != schema.Happened:
		drawn["style"] = "dashed"
	}
}
