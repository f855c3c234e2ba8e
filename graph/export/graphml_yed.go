package export

import (
	"strconv"

	"github.com/entente-kg/entente/schema"
)

// yEdKeys declare the data in which yEd keeps how nodes and edges look.
const yEdKeys = `<key id="ny" for="node" yfiles.type="nodegraphics"/>` + "\n" + `<key id="ey" for="edge" yfiles.type="edgegraphics"/>` + "\n"

// yEdShapes are yEd's shapes of the kinds of entities.
var yEdShapes = map[schema.Kind]string{
	schema.Person: "ellipse", schema.Post: "trapezoid", schema.Institution: "rectangle", schema.Group: "octagon",
	schema.Country: "rectangle3d", schema.Place: "fatarrow", schema.Gathering: "hexagon", schema.Doc: "parallelogram", schema.Thing: "diamond",
}

// addYEdNode adds a shape of the size of its label, without a place: yEd's layouts give
// places.
func (x *graphMLWriter) addYEdNode(n *node, color string) {
	shape, fill := yEdShapes[schema.Kind(n.values[x.kind].text)], "#ffffff"
	if x.isFact(n) {
		shape = "roundrectangle"
	}
	x.add(`<data key="ny"><y:ShapeNode><y:Geometry height="30" width="` + strconv.Itoa(yEdWidth(n.label)) + `"/>`)
	x.add(`<y:Fill color="` + fill + `" transparent="false"/><y:BorderStyle color="` + color + `" type="line" width="2.0"/>`)
	x.add(`<y:NodeLabel>`)
	x.xml(n.label)
	x.add(`</y:NodeLabel><y:Shape type="` + shape + `"/></y:ShapeNode></data>`)
}

// yEdWidth returns the width of a node for its label, in pixels: Chinese, Japanese and
// Korean characters are about twice as wide as others. A long label is wider than its
// node.
func yEdWidth(label string) int {
	const widest = 300
	pixels := 24
	for _, r := range label {
		if pixels >= widest {
			return widest
		}
		pixels += 7
		if r >= 0x1100 {
			pixels += 6
		}
	}
	return pixels
}

// addYEdEdge adds a line with a head, or with two if the edge goes both ways.
func (x *graphMLWriter) addYEdEdge(e *edge, l look) {
	types := map[string]string{"solid": "line", "dashed": "dashed", "dotted": "dotted"}
	tail := "none"
	if x.symmetric >= 0 && e.values[x.symmetric].text == "true" {
		tail = "standard"
	}
	x.add(`<data key="ey"><y:PolyLineEdge><y:LineStyle color="` + l.color.hex() + `" type="` + types[l.line] + `" width="1.0"/>`)
	x.add(`<y:Arrows source="` + tail + `" target="standard"/><y:EdgeLabel>`)
	x.xml(e.label)
	x.add(`</y:EdgeLabel></y:PolyLineEdge></data>`)
}
