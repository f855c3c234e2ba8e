package export_test

import (
	"testing"

	"github.com/entente-kg/entente/graph/export"
)

// yEdReadings are the readers of what yEd shows of GraphML.
func yEdReadings() []reading {
	damage := map[string]edit{
		"an edge dropped":   replaced(`(?m)^<edge .*\n`, ""),
		"a label changed":   replaced(`<y:NodeLabel>秦刚`, "<y:NodeLabel>秦剛"),
		"a label lost":      replaced(`<y:EdgeLabel>[^<]*</y:EdgeLabel>`, ""),
		"a node as a point": replaced(`<y:Geometry height="30"`, `<y:Geometry height="0"`),
		"ends swapped":      replaced(`source="([^"]+)" target="([^"]+)"`, `source="$2" target="$1"`),
		"a denial hidden":   replaced(`type="dotted"`, `type="line"`),
		"another namespace": replaced(`http://www.yworks.com/xml/graphml`, `http://www.yworks.com/xml/graph`),
	}
	r := reading{format: export.GraphML, script: "graphml_yed.py", needs: "python xml", want: wantYEd, text: xmlText, damage: damage}
	edges, facts := r, r
	edges.options, facts.options = export.Options{YEd: true}, export.Options{YEd: true, Shape: export.ShapeFacts}
	return []reading{edges, facts}
}

// wantYEd returns the shapes, colours and lines of the elements.
func wantYEd(t *testing.T, s export.Selection, o export.Options) any {
	shapes := map[any]string{"Person": "ellipse", "Post": "trapezoid", "Institution": "rectangle", "Group": "octagon", "Country": "rectangle3d",
		"Place": "fatarrow", "Gathering": "hexagon", "Document": "parallelogram", "Thing": "diamond", "Fact": "roundrectangle"}
	lines := map[string]string{"solid": "line", "dashed": "dashed", "dotted": "dotted"}
	all := collapsedElements(t, s, o)
	var drawn elements
	for _, x := range all.Nodes {
		color, _ := wantLook(x)
		drawn.Nodes = append(drawn.Nodes, map[string]any{"id": x["id"], "label": x["label"], "border": color, "shape": shapes[x["entity_kind"]]})
	}
	for _, x := range all.Edges {
		color, line := wantLook(x)
		tail := "none"
		if x["symmetric"] == true {
			tail = "standard"
		}
		drawn.Edges = append(drawn.Edges, map[string]any{"id": x["id"], "source": x["source"], "target": x["target"], "label": x["label"],
			"color": color, "line": lines[line], "tail": tail, "head": "standard"})
	}
	return drawn
}
